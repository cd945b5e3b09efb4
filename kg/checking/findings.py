"""What a check found: which rule, how bad, where in which file, about which node, and what to do."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from enum import IntEnum


class Severity(IntEnum):
    """How bad a finding is; errors make the command fail unless `--fail-on` says otherwise."""

    INFO = 1
    WARNING = 2
    ERROR = 3

    @property
    def word(self) -> str:
        """The name in lower case, as configuration and outputs have it."""
        return self.name.lower()


@dataclass(frozen=True, order=True)
class Place:
    """A range in a file. Lines and columns count from 1; the end column is the one behind the last character."""

    file: str
    line: int = 1
    column: int = 1
    end_line: int = 1
    end_column: int = 1

    def __str__(self) -> str:
        """As compilers print it, so that editors can jump there."""
        return f"{self.file}:{self.line}:{self.column}"


@dataclass(frozen=True)
class Related:
    """Another place that belongs to a finding, such as the shape that a node fails."""

    place: Place
    message: str


@dataclass(frozen=True)
class Finding:
    """One thing that a check found.

    `focus`, `path`, `value` and `shape` are terms as text, and name blank nodes by the way that leads
    to them, so that two runs call one finding by one name. `details` explain it, line by line.
    """

    id: str
    severity: Severity
    message: str
    remedy: str = ""
    place: Place | None = None
    focus: str = ""
    path: str = ""
    value: str = ""
    shape: str = ""
    related: tuple[Related, ...] = ()
    details: tuple[str, ...] = ()

    @property
    def fingerprint(self) -> str:
        """The name of the finding in a baseline: it does not change when lines move."""
        about = (self.focus, self.path, self.value, self.shape)
        file = self.place.file if self.place and not self.focus else ""
        parts = (self.id, file, *about, "" if any(about) else self.message)
        return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:20]

    @property
    def order(self) -> tuple[str, int, int, str, str]:
        """By place, then by rule."""
        place = self.place or Place("")
        return place.file, place.line, place.column, self.id, self.message
