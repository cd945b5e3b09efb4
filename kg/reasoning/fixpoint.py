"""Everything that the rules conclude from a set of triples, found round by round."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, QuerySolutions, Store, Triple, Variable

from kg.reasoning.derivations import Derivations, Row
from kg.reasoning.patterns import Branch, Pattern
from kg.reasoning.rules import Rule

# New triples are put into a query this many at a time; the query's text stays below a few megabytes.
CHUNK = 20_000
Term = object
Positions = tuple[int, int, int]


def derive(asserted: Iterable[Triple], rules: Sequence[Rule]) -> Derivations:
    """Return the table of all steps that the rules allow from the triples, and from what follows from them.

    The first round evaluates every branch of every rule as it stands. Each later round evaluates it once
    for each of its patterns that a triple of the last round matches, with those triples for the pattern:
    a step found in no earlier round has a premise that is new.
    """
    table = _Table(asserted)
    matchers = [
        _Matcher(number, rule, branch) for number, rule in enumerate(rules) for branch in rule.branches
    ]
    for matcher in matchers:
        matcher.match(table, matcher.query())
    while fresh := table.take_fresh():
        by_predicate: dict[object, list[Triple]] = {}
        for triple in fresh:
            by_predicate.setdefault(triple.predicate, []).append(triple)
        for matcher in matchers:
            for position, pattern in enumerate(matcher.branch.patterns):
                rows = _matches(pattern, by_predicate)
                while chunk := list(islice(rows, CHUNK)):
                    matcher.match(table, matcher.query(position, chunk))
    return Derivations.of(table.triples, [rule.slug for rule in rules], table.rows)


class _Table:
    """The store that the rules are run on, the steps found so far, and the triples found in this round."""

    def __init__(self, asserted: Iterable[Triple]) -> None:
        self.triples: list[Triple] = []
        self.numbers: dict[Triple, int] = {}
        self.rows: set[Row] = set()
        self.store = Store()
        self.there = set(asserted)
        self.fresh: list[Triple] = []
        self.store.bulk_extend(_quads(self.there))

    def number(self, triple: Triple) -> int:
        number = self.numbers.get(triple)
        if number is None:
            number = self.numbers[triple] = len(self.triples)
            self.triples.append(triple)
        return number

    def conclude(self, rule: int, conclusion: Triple, premises: Iterable[int]) -> None:
        number = self.number(conclusion)
        if number in premises:
            return
        self.rows.add((number, rule, *premises))
        if conclusion not in self.there:
            self.there.add(conclusion)
            self.fresh.append(conclusion)

    def take_fresh(self) -> list[Triple]:
        fresh, self.fresh = self.fresh, []
        self.store.extend(_quads(fresh))
        return fresh


class _Matcher:
    """One branch of a rule, as queries, and what their solutions mean."""

    def __init__(self, number: int, rule: Rule, branch: Branch) -> None:
        self.number = number
        self.rule = rule
        self.branch = branch
        patterns = (*branch.patterns, *rule.template)
        self.variables = sorted({name for pattern in patterns for name in pattern.variables})
        constants = [slot for pattern in patterns for slot in pattern.slots if not isinstance(slot, Variable)]
        self.constants = tuple(dict.fromkeys(constants))
        self.premises = [self._positions(pattern) for pattern in branch.patterns]
        self.conclusions = [self._positions(pattern) for pattern in rule.template]

    def _positions(self, pattern: Pattern) -> Positions:
        subject, predicate, object_ = (
            len(self.constants) + self.variables.index(slot.value)
            if isinstance(slot, Variable)
            else self.constants.index(slot)
            for slot in pattern.slots
        )
        return subject, predicate, object_

    def query(self, position: int | None = None, rows: Sequence[tuple[object, ...]] = ()) -> str:
        """The branch as a SELECT; where a position is given, the pattern there matches the rows only."""
        body = []
        for index, pattern in enumerate(self.branch.patterns):
            if index == position:
                head = " ".join(f"?{name}" for name in pattern.variables)
                body.insert(0, f"VALUES ({head}) {{ {' '.join(_row(row) for row in rows)} }}")
            else:
                body.append(str(pattern))
        body.extend(self.branch.steps)
        head = " ".join(f"?{name}" for name in self.variables)
        return f"BASE <{self.rule.base}> SELECT {head} WHERE {{ {' '.join(body)} }}"

    def match(self, table: _Table, query: str) -> None:
        solutions = table.store.query(query)
        assert isinstance(solutions, QuerySolutions)  # a SELECT gives nothing else
        for solution in solutions:
            terms = (*self.constants, *solution)
            premises = tuple(
                sorted({table.number(Triple(terms[s], terms[p], terms[o])) for s, p, o in self.premises})
            )
            for s, p, o in self.conclusions:
                conclusion = _triple(terms[s], terms[p], terms[o])
                if conclusion is not None:
                    table.conclude(self.number, conclusion, premises)


def _triple(subject: object, predicate: object, object_: object) -> Triple | None:
    """The triple, or none where SPARQL's CONSTRUCT leaves it out: an unbound or misplaced term."""
    if isinstance(subject, NamedNode) and isinstance(predicate, NamedNode) and isinstance(object_, NamedNode | Literal):
        return Triple(subject, predicate, object_)
    return None


def _matches(pattern: Pattern, by_predicate: dict[object, list[Triple]]) -> Iterator[tuple[object, ...]]:
    """Yield what the variables of a pattern are in each triple that it matches."""
    predicate = pattern.predicate
    if isinstance(predicate, Variable):
        candidates: Iterable[Triple] = (triple for triples in by_predicate.values() for triple in triples)
    else:
        candidates = by_predicate.get(predicate, ())
    for triple in candidates:
        bound: dict[str, object] = {}
        for slot, term in zip(pattern.slots, (triple.subject, triple.predicate, triple.object), strict=True):
            if (bound.setdefault(slot.value, term) if isinstance(slot, Variable) else slot) != term:
                break
        else:
            yield tuple(bound.values())


def _row(terms: Iterable[object]) -> str:
    return f"({' '.join(map(str, terms))})"


def _quads(triples: Iterable[Triple]) -> Iterator[Quad]:
    return (Quad(triple.subject, triple.predicate, triple.object, DefaultGraph()) for triple in triples)
