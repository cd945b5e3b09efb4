"""The text of one file, its lines, and the places of offsets in it."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property

from kg.checking.findings import Place


@dataclass(frozen=True)
class Source:
    """A file as it is named in findings, and its text."""

    name: str
    text: str

    @cached_property
    def starts(self) -> list[int]:
        """The offset at which each line begins."""
        found, position = [0], self.text.find("\n")
        while position >= 0:
            found.append(position + 1)
            position = self.text.find("\n", position + 1)
        return found

    def place(self, start: int, end: int | None = None) -> Place:
        """The place of a range of offsets."""
        line, column = self._at(start)
        end_line, end_column = self._at(start + 1 if end is None else end)
        return Place(self.name, line, column, end_line, end_column)

    def line(self, number: int) -> str:
        """The text of a line, from 1, without its end."""
        starts = self.starts
        if not 1 <= number <= len(starts):
            return ""
        end = starts[number] if number < len(starts) else len(self.text)
        return self.text[starts[number - 1] : end].rstrip("\r\n")

    def token_at(self, line: int, column: int) -> Place:
        """The range of the word that begins at a line and column."""
        text = self.line(line)
        end = column
        while end <= len(text) and not text[end - 1].isspace():
            end += 1
        return Place(self.name, line, column, line, max(end, column + 1))

    def _at(self, offset: int) -> tuple[int, int]:
        index = bisect_right(self.starts, offset) - 1
        return index + 1, offset - self.starts[index] + 1
