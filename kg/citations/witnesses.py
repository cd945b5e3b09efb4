"""The solutions behind the rows of an answer, each with the triples it matched.

Bounds keep an answer readable and its cost in proportion; whatever a bound leaves out is marked as cut.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TypeAlias, cast

from pyoxigraph import BlankNode, Literal, NamedNode, QuerySolutions, RdfFormat, parse

from kg.algebra import QueryUncitable
from kg.algebra.syntax import Link, is_variable
from kg.citations.plans import Absence, Part, Plan, Slot

Term: TypeAlias = NamedNode | BlankNode | Literal
Key: TypeAlias = tuple[Term | None, ...]
Match: TypeAlias = tuple[Slot, Term, Term | None, Term, Term | None]
"""What a slot matched: subject, predicate (None for a path), object, graph (None for the merge)."""

ALTERNATIVES = 100
"""How many solutions are kept of a row that rests on any one of them."""
TOGETHER = 250
"""How many solutions are kept of a row that rests on all of them."""
SOLUTIONS = 5_000
"""How many solutions are kept of a whole answer."""
ASKED = 1_000
"""For how many rows at once an inner pattern is asked; those beyond are cut."""


@dataclass(frozen=True)
class Solution:
    """One way to the row: statements and absences by number, inner parts by number and key."""

    statements: tuple[int, ...]
    parts: tuple[tuple[int, Key], ...]
    absences: tuple[int, ...]


@dataclass
class Found:
    """The solutions of one row; `together` where it rests on all of them."""

    together: bool
    solutions: dict[Solution, None] = field(default_factory=dict)
    cut: bool = False


class Witnesses:
    """Collects the solutions of one answer; what they have in common is kept once and numbered.

    `ask` runs a query on the store that the answer came from.
    """

    def __init__(self, ask: Callable[[str], QuerySolutions]) -> None:
        self._ask = ask
        self._kept = 0
        self._numbers: dict[int, int] = {}
        self._constants: dict[str, Term] = {}
        self.matches: dict[Match, int] = {}
        self.absences: dict[tuple[str, str, tuple[tuple[str, Term], ...]], int] = {}
        self.parts: list[Part] = []
        self.inner: dict[tuple[int, Key], Found] = {}

    def rows(self, plan: Plan, keys: Iterable[Key] | None, *, restricted: bool = False) -> dict[Key, Found]:
        """The solutions by key; `keys` are the rows wanted, all where None.

        `restricted`: the engine is asked for these only, because it would look for many others.
        """
        wanted = None if keys is None else {key: Found(plan.together) for key in keys}
        found: dict[Key, Found] = {} if wanted is None else wanted
        values: dict[str, list[Key]] = {}
        if wanted and restricted and plan.given:
            positions = [plan.keys.index(name) for name in plan.given]
            for key in wanted:
                values.setdefault(_row(key, positions), []).append(key)
            if len(values) > ASKED and plan.number is None:
                values = {}
            for unasked in list(values)[ASKED:]:
                for key in values.pop(unasked):
                    found[key].cut = True
        parts = [self._number(part) for part in plan.parts]
        seen: dict[int, dict[Key, None]] = {number: {} for number in parts}
        numbered = list(values.values()) if plan.number and plan.given else None
        self._collect(plan, plan.query(tuple(values)), found, wanted is not None, numbered, parts, seen)
        for number, part in zip(parts, plan.parts, strict=True):
            missing = [key for key in seen[number] if (number, key) not in self.inner]
            for key, inner in self.rows(part.plan, missing, restricted=True).items() if missing else ():
                self.inner[number, key] = inner
        return found

    def _collect(
        self,
        plan: Plan,
        query: str,
        found: dict[Key, Found],
        closed: bool,
        numbered: list[list[Key]] | None,
        parts: list[int],
        seen: dict[int, dict[Key, None]],
    ) -> None:
        solutions = self._ask(query)
        most = TOGETHER if plan.together else ALTERNATIVES
        position = {f"?{name.value}": index for index, name in enumerate(solutions.variables)}
        keys = [position[name] for name in plan.keys]
        slots = [self._reader(slot, position) for slot in plan.slots]
        inner = [
            (number, [position[name] for name in part.keys], [position[name] for name in part.when])
            for number, part in zip(parts, plan.parts, strict=True)
        ]
        absences = [
            (absence, [(name, position[name]) for name in absence.variables], [position[n] for n in absence.when])
            for absence in plan.absences
        ]
        open_rows = len(found) if closed else -1
        for solution in solutions:
            if numbered is None:
                key = tuple([solution[index] for index in keys])
            else:
                (key,) = numbered[int(cast(Literal, solution[0]).value)]
            here = found.get(key)
            if here is None:
                if closed:
                    continue
                here = found[key] = Found(plan.together)
            if here.cut and len(here.solutions) >= most:
                continue
            row: tuple[Term | None, ...] = tuple(solution)
            made = Solution(
                tuple(dict.fromkeys(number for read in slots if (number := read(row)) is not None)),
                tuple(
                    (number, tuple(row[index] for index in names))
                    for number, names, when in inner
                    if all(row[index] is not None for index in when)
                ),
                tuple(
                    self._absent(absence, names, row)
                    for absence, names, when in absences
                    if all(row[index] is not None for index in when)
                ),
            )
            if made in here.solutions:
                continue
            if len(here.solutions) >= most:
                here.cut = True
                open_rows -= 1
                if not open_rows:
                    break
                continue
            if self._kept >= SOLUTIONS:
                for each in found.values():
                    each.cut = True
                break
            self._kept += 1
            here.solutions[made] = None
            for number, part_key in made.parts:
                seen[number][part_key] = None

    def _number(self, part: Part) -> int:
        number = self._numbers.get(id(part))
        if number is None:
            number = self._numbers[id(part)] = len(self.parts)
            self.parts.append(part)
        return number

    def _reader(self, slot: Slot, position: dict[str, int]) -> Callable[[tuple[Term | None, ...]], int | None]:
        """A function from a solution to the number of what the slot matched in it, or None."""
        get = [self._getter(each, position) for each in (slot.subject, slot.object)]
        verb = slot.verb.iri if isinstance(slot.verb, Link) else slot.verb if isinstance(slot.verb, str) else None
        get_verb = None if verb is None else self._getter(verb, position)
        get_graph = None if slot.graph is None else self._getter(slot.graph, position)
        when = [position[name] for name in slot.when]
        subject, value = get
        matches = self.matches

        def read(row: tuple[Term | None, ...]) -> int | None:
            for index in when:
                if row[index] is None:
                    return None
            one, other = subject(row), value(row)
            if one is None or other is None:
                raise QueryUncitable("a solution does not tell what one of its patterns matched")
            match = (
                slot if get_verb is None else _ANY,
                one,
                get_verb(row) if get_verb else None,
                other,
                get_graph(row) if get_graph else None,
            )
            return matches.setdefault(match, len(matches))

        return read

    def _getter(self, text: str, position: dict[str, int]) -> Callable[[tuple[Term | None, ...]], Term | None]:
        if is_variable(text):
            index = position[text]
            return lambda row: row[index]
        constant = self._constants.get(text)
        if constant is None:
            constant = self._constants[text] = term(text)
        return lambda _: constant

    def _absent(self, absence: Absence, names: list[tuple[str, int]], row: tuple[Term | None, ...]) -> int:
        bound = tuple((name, value) for name, index in names if (value := row[index]) is not None)
        return self.absent(absence, bound)

    @staticmethod
    def direct(triple: tuple[Term, NamedNode, Term]) -> Match:
        """What stands for a triple that was not matched by a pattern, but asked for itself."""
        return (_ANY, *triple, None)

    def absent(self, absence: Absence, bound: tuple[tuple[str, Term], ...]) -> int:
        """The number of something that was looked for and not found."""
        return self.absences.setdefault((absence.kind, absence.pattern, bound), len(self.absences))


_ANY = Slot("", "", "", None, ())
"""Stands for whichever pattern matched a triple: the triple says all."""


def term(text: str) -> Term:
    """A term from its text in SPARQL: `<iri>`, or a literal.

    Its text in Turtle is the same: https://www.w3.org/TR/turtle/#sec-diff-sparql
    """
    if text.startswith("<"):
        return NamedNode(text[1:-1])
    (quad,) = parse(f"<urn:s> <urn:p> {text} .", format=RdfFormat.TURTLE)
    return cast(Term, quad.object)


def _row(key: Key, positions: list[int]) -> str:
    """A row of VALUES; a blank node cannot stand there, and any value fits in its place."""
    row = (key[index] for index in positions)
    return " ".join(str(each) if isinstance(each, NamedNode | Literal) else "UNDEF" for each in row)
