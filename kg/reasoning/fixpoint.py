"""Everything that the rules conclude from a set of triples, found round by round."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice

from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, QuerySolutions, Store, Triple, Variable

from kg.reasoning.derivations import Derivations, Row
from kg.reasoning.patterns import Branch, Pattern
from kg.reasoning.rules import Rule

# New triples are put into a query this many at a time; the query's text stays below a few megabytes.
CHUNK = 20_000
Positions = tuple[int, int, int]


def derive(asserted: Iterable[Triple], rules: Sequence[Rule]) -> Derivations:
    """Return the table of all steps that the rules allow from the triples, and from what follows from them.

    The first round evaluates every branch of every rule as it stands. Each later round evaluates it once
    for each of its patterns that a triple of the last round matches, with those triples for the pattern:
    a step found in no earlier round has a premise that is new.
    """
    table = Table(asserted)
    matchers = matchers_of(rules)
    for matcher in matchers:
        matcher.match(table, matcher.query())
    saturate(table, matchers)
    return Derivations.of(table.triples, [rule.slug for rule in rules], table.rows)


def matchers_of(rules: Sequence[Rule]) -> list[Matcher]:
    """One matcher for each branch of each rule; a rule's number is its place."""
    return [Matcher(number, rule, branch) for number, rule in enumerate(rules) for branch in rule.branches]


def saturate(table: Table, matchers: Sequence[Matcher]) -> None:
    """Run the later rounds: from what is fresh in the table, until nothing new is found."""
    while fresh := table.take_fresh():
        by_predicate: dict[object, list[Triple]] = {}
        for triple in fresh:
            by_predicate.setdefault(triple.predicate, []).append(triple)
        for matcher in matchers:
            for position, pattern in enumerate(matcher.branch.patterns):
                rows = _matches(pattern, matcher.candidates(table, position, by_predicate))
                while chunk := list(islice(rows, CHUNK)):
                    matcher.match(table, matcher.query(position, chunk))


class Table:
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
        """The number of a triple, given when it is first met."""
        number = self.numbers.get(triple)
        if number is None:
            number = self.numbers[triple] = len(self.triples)
            self.triples.append(triple)
        return number

    def conclude(self, rule: int, conclusion: Triple, premises: Iterable[int]) -> None:
        """Note a step; a conclusion that was not there is fresh."""
        number = self.number(conclusion)
        if number in premises:
            return
        self.rows.add((number, rule, *premises))
        if conclusion not in self.there:
            self.there.add(conclusion)
            self.fresh.append(conclusion)

    def select(self, query: str) -> QuerySolutions:
        """Run a SELECT over what is there."""
        solutions = self.store.query(query)
        assert isinstance(solutions, QuerySolutions)  # a SELECT gives nothing else
        return solutions

    def matches(self, pattern: Pattern) -> bool:
        """Whether a pattern matches anything, its variables taken as different from each other."""
        subject, predicate, object_ = (None if isinstance(slot, Variable) else slot for slot in pattern.slots)
        if isinstance(subject, Literal) or isinstance(predicate, Literal):
            return False
        return next(self.store.quads_for_pattern(subject, predicate, object_), None) is not None

    def assert_more(self, triples: Iterable[Triple]) -> None:
        """Add triples as if they had been found in the last round."""
        for triple in triples:
            if triple not in self.there:
                self.there.add(triple)
                self.fresh.append(triple)

    def keep(self, standing: set[Triple]) -> None:
        """Keep these triples only, and the steps whose premises are all among them."""
        gone = self.there - standing
        lost = {number for triple in gone if (number := self.numbers.get(triple)) is not None}
        self.rows = {row for row in self.rows if lost.isdisjoint(row[2:])}
        self.there = standing
        for quad in _quads(gone):
            self.store.remove(quad)

    def take_fresh(self) -> list[Triple]:
        """Return what was found in this round, and begin the next."""
        fresh, self.fresh = self.fresh, []
        self.store.extend(_quads(fresh))
        return fresh


class Matcher:
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
        body: list[str] = []
        for index, pattern in enumerate(self.branch.patterns):
            if index == position:
                head = " ".join(f"?{name}" for name in pattern.variables)
                body.insert(0, f"VALUES ({head}) {{ {' '.join(_row(row) for row in rows)} }}")
            else:
                body.append(str(pattern))
        body.extend(self.branch.steps)
        head = " ".join(f"?{name}" for name in self.variables)
        return f"BASE <{self.rule.base}> SELECT {head} WHERE {{ {' '.join(body)} }}"

    def candidates(self, table: Table, position: int, by_predicate: Mapping[object, list[Triple]]) -> Iterator[Triple]:
        """Yield the new triples that the pattern there could match, given what the other patterns match at all.

        Most rules of OWL speak of any property that the ontology declares to be something; only triples
        with such a property are worth asking about.
        """
        others = [pattern for index, pattern in enumerate(self.branch.patterns) if index != position]
        if not all(map(table.matches, others)):
            return
        predicate = self.branch.patterns[position].predicate
        if not isinstance(predicate, Variable):
            yield from by_predicate.get(predicate, ())
            return
        about = [str(other) for other in others if predicate.value in other.variables]
        guard = f"SELECT DISTINCT {predicate} WHERE {{ {' '.join(about)} }}"
        allowed = {solution[0] for solution in table.select(guard)} if about else by_predicate.keys()
        for name in by_predicate.keys() & allowed:
            yield from by_predicate[name]

    def match(self, table: Table, query: str) -> None:
        """Note the steps that a query's solutions are."""
        for solution in table.select(query):
            terms = (*self.constants, *solution)
            premises = tuple(sorted({table.number(Triple(terms[s], terms[p], terms[o])) for s, p, o in self.premises}))
            for s, p, o in self.conclusions:
                conclusion = _triple(terms[s], terms[p], terms[o])
                if conclusion is not None:
                    table.conclude(self.number, conclusion, premises)


def _triple(subject: object, predicate: object, object_: object) -> Triple | None:
    """The triple, or none where CONSTRUCT leaves it out, a term being unbound or misplaced, and for blank nodes."""
    if isinstance(subject, NamedNode) and isinstance(predicate, NamedNode) and isinstance(object_, NamedNode | Literal):
        return Triple(subject, predicate, object_)
    return None


def _matches(pattern: Pattern, candidates: Iterable[Triple]) -> Iterator[tuple[object, ...]]:
    """Yield what the variables of a pattern are in each triple that it matches."""
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
