"""What follows from what: the derivation table, and the least fixpoint over it for any set of triples."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass
from functools import cached_property

from pyoxigraph import RdfFormat, Triple, parse

from kg.errors import UnreadableInput

HEADING = "foedus derivations 1"


@dataclass(frozen=True)
class Derivation:
    """One step: by this rule, the conclusion follows from these premises together."""

    conclusion: Triple
    rule: str
    premises: tuple[Triple, ...]


Row = tuple[int, ...]  # conclusion, rule, premise, premise …: positions in `triples` and `rules`


@dataclass(frozen=True)
class Derivations:
    """All steps that the rules allow on one graph, numbered.

    `triples` (sorted by their N-Triples text) and `rules` (sorted) are what the numbers in `rows`
    (sorted) mean, so equal tables are equal byte for byte, in whatever order they were found.
    """

    triples: tuple[Triple, ...]
    rules: tuple[str, ...]
    rows: tuple[Row, ...]

    @classmethod
    def of(cls, triples: Sequence[Triple], rules: Sequence[str], rows: Iterable[Row]) -> Derivations:
        """Number anew, in the order of the texts, what was numbered as it was found."""
        found = tuple(rows)
        used = {number for row in found for number in (row[0], *row[2:])}
        order = sorted(used, key=lambda number: str(triples[number]))
        place = {old: new for new, old in enumerate(order)}
        slugs = sorted({rules[row[1]] for row in found})
        slug_place = {slug: new for new, slug in enumerate(slugs)}
        renumbered = sorted(
            (place[row[0]], slug_place[rules[row[1]]], *sorted(place[number] for number in row[2:])) for row in found
        )
        return cls(tuple(triples[old] for old in order), tuple(slugs), tuple(renumbered))

    def __len__(self) -> int:
        return len(self.rows)

    def __iter__(self) -> Iterator[Derivation]:
        return map(self.step, self.rows)

    def step(self, row: Row) -> Derivation:
        """The step that a row stands for."""
        premises = tuple(self.triples[number] for number in row[2:])
        return Derivation(self.triples[row[0]], self.rules[row[1]], premises)

    def steps_to(self, conclusion: Triple) -> tuple[Derivation, ...]:
        """The steps that end in a triple; none when nothing concludes it."""
        number = self._numbers.get(conclusion)
        return () if number is None else tuple(map(self.step, self._rows_of.get(number, ())))

    def conclusions(self) -> frozenset[Triple]:
        """The triples that some step concludes."""
        return frozenset(self.triples[number] for number in self._rows_of)

    def closure(self, asserted: Iterable[Triple]) -> set[Triple]:
        """Return the triples given and all that follows from them: the least fixpoint of the steps.

        A step counts once all its premises do, so circles of steps hold nothing up. Linear in the
        size of the table.
        """
        known = set(asserted)
        waiting, uses = array("i", self._premise_counts), self._uses
        reached = bytearray(len(self.triples))
        worklist = [number for triple in known if (number := self._numbers.get(triple)) is not None]
        for number in worklist:
            reached[number] = 1
        while worklist:
            for position in uses[worklist.pop()]:
                waiting[position] -= 1
                conclusion = self.rows[position][0]
                if not waiting[position] and not reached[conclusion]:
                    reached[conclusion] = 1
                    worklist.append(conclusion)
        known.update(triple for triple, there in zip(self.triples, reached, strict=True) if there)
        return known

    def among(self, triples: Set[Triple]) -> Derivations:
        """Return the steps whose premises are all among the triples."""
        there = [triple in triples for triple in self.triples]
        rows = [row for row in self.rows if all(there[number] for number in row[2:])]
        return self if len(rows) == len(self.rows) else Derivations.of(self.triples, self.rules, rows)

    @cached_property
    def _numbers(self) -> dict[Triple, int]:
        return {triple: number for number, triple in enumerate(self.triples)}

    @cached_property
    def _rows_of(self) -> dict[int, list[Row]]:
        rows: dict[int, list[Row]] = {}
        for row in self.rows:
            rows.setdefault(row[0], []).append(row)
        return rows

    @cached_property
    def _premise_counts(self) -> array[int]:
        return array("i", (len(row) - 2 for row in self.rows))

    @cached_property
    def _uses(self) -> list[list[int]]:
        uses: list[list[int]] = [[] for _ in self.triples]
        for position, row in enumerate(self.rows):
            for number in row[2:]:
                uses[number].append(position)
        return uses

    def dumps(self) -> str:
        """Write the table as text.

        A heading; the count of triples and the triples, one N-Triples line each; the count of rules and
        their slugs, one a line; the count of steps and the steps, one a line: the numbers of conclusion,
        rule and premises, counted from 0 in the lists above.
        """
        lines = [
            HEADING,
            str(len(self.triples)),
            *(f"{triple} ." for triple in self.triples),
            str(len(self.rules)),
            *self.rules,
            str(len(self.rows)),
            *(" ".join(map(str, row)) for row in self.rows),
        ]
        return "\n".join(lines) + "\n"

    @classmethod
    def loads(cls, text: str) -> Derivations:
        """Read a table that `dumps` wrote; raise UnreadableInput when the text is something else."""
        lines = iter(text.split("\n"))
        if next(lines) != HEADING:
            raise UnreadableInput(f"line 1: this is not a table of derivations, which begins {HEADING!r}; build again")
        try:
            statements = "\n".join(next(lines) for _ in range(int(next(lines))))
            triples = tuple(quad.triple for quad in parse(statements, format=RdfFormat.N_TRIPLES))
            rules = tuple(next(lines) for _ in range(int(next(lines))))
            rows = tuple(tuple(map(int, next(lines).split())) for _ in range(int(next(lines))))
        except (ValueError, StopIteration, RuntimeError, SyntaxError) as error:
            raise UnreadableInput(f"the table of derivations is damaged: {error}; build again") from error
        return cls(triples, rules, rows)
