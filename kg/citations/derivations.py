"""The table of derivations of a generation, as a file in which single steps are looked up.

The table (kg.reasoning.derivations) is sorted, so a step is found by halving; nothing is held in memory but where its
lines begin.
"""

from __future__ import annotations

import mmap
from array import array
from bisect import bisect_left
from collections.abc import Iterator
from pathlib import Path

FILE = "derivations.txt"


class Table:
    """The steps of a table, by what they conclude; `triples` are N-Triples without the full stop."""

    def __init__(self, path: Path) -> None:
        """Open the table; raise OSError where there is none."""
        with path.open("rb") as file:
            self._text = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        starts = array("Q", [0])
        position = self._text.find(b"\n")
        while position >= 0:
            starts.append(position + 1)
            position = self._text.find(b"\n", position + 1)
        self._starts = starts
        self._triples = int(self._line(1))
        rules = self._triples + 3
        count = int(self._line(rules - 1))
        self._rules = [self._line(rules + number) for number in range(count)]
        self._rows = rules + count + 1
        self._count = int(self._line(self._rows - 1))

    def triple(self, number: int) -> str:
        """The triple of a number."""
        return self._line(2 + number).removesuffix(" .")

    def steps(self, triple: str) -> Iterator[tuple[str, list[str]]]:
        """Yield the steps that conclude a triple: the rule, and the premises."""
        number = bisect_left(range(self._triples), triple, key=self.triple)
        if number == self._triples or self.triple(number) != triple:
            return
        row = bisect_left(range(self._count), number, key=lambda each: self.row(each)[0])
        while row < self._count:
            conclusion, rule, *premises = self.row(row)
            if conclusion != number:
                return
            yield self._rules[rule], [self.triple(each) for each in premises]
            row += 1

    def row(self, number: int) -> list[int]:
        """The numbers of a step: its conclusion, its rule, its premises."""
        return [int(each) for each in self._line(self._rows + number).split()]

    def _line(self, number: int) -> str:
        return self._text[self._starts[number] : self._starts[number + 1] - 1].decode()
