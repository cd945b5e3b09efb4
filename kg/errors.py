"""Every error that Foedus raises on purpose: each names what is wrong, where, and what to do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


class FoedusError(Exception):
    """A problem that a person can act on; its text is shown as it is, without a traceback."""


class UsageError(FoedusError):
    """A command or a request asks for something that does not exist or cannot be combined."""


class UnreadableInput(FoedusError):
    """A file or a text cannot be parsed; the message names file, line and column where they are known."""


class BuildFailed(FoedusError):
    """A step of the build found the input wrong; the generation that was serving before still serves."""


@dataclass(frozen=True, order=True)
class Fault:
    """One mistake in one cell of a fact table.

    `file` is relative to the data folder, `line` counts from 1 as an editor does, `column` is the
    position of the cell's first character in that line, also from 1.
    """

    file: str
    line: int
    column: int
    message: str
    remedy: str

    def __str__(self) -> str:
        """The place first, as compilers print it, so that editors can jump there."""
        return f"{self.file}:{self.line}:{self.column}: {self.message}; {self.remedy}"


class BadFacts(BuildFailed):
    """The fact tables have mistakes; all of them are listed, in the order of the files."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(sorted(set(faults)))
        count = len(self.faults)
        lines = "\n".join(map(str, self.faults))
        super().__init__(f"{count} mistake{'s' if count != 1 else ''} in the fact tables:\n{lines}")
