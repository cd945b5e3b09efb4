"""Quality queries: each says in SPARQL what must not be, and returns a row wherever it is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from pyoxigraph import QuerySolutions, RdfFormat, Store

from kg.queries import Query


@dataclass(frozen=True)
class Finding:
    """One row of one quality query. `row` holds variables and terms in the order of the projection."""

    query: str
    summary: str
    severity: str
    row: tuple[tuple[str, str], ...]

    def __str__(self) -> str:
        """The rule that was broken, then where."""
        return f"{self.query}: {self.summary} Not so: {', '.join(f'{name} {term}' for name, term in self.row)}"


@dataclass(frozen=True)
class Findings:
    """What all quality queries found, in the order of the queries and of their rows."""

    found: tuple[Finding, ...]
    asked: int

    @property
    def conforms(self) -> bool:
        """True when no finding is a violation; warnings are reported only."""
        return not self.violations

    @property
    def violations(self) -> tuple[Finding, ...]:
        """The findings that stop a build."""
        return tuple(finding for finding in self.found if finding.severity == "violation")

    @property
    def warnings(self) -> tuple[Finding, ...]:
        """The findings that a build reports and publishes with."""
        return tuple(finding for finding in self.found if finding.severity == "warning")

    def text(self, limit: int | None = None) -> str:
        """One line a finding, violations first, at most `limit`; the last line counts."""
        ordered = (*self.violations, *self.warnings)
        lines = [f"{finding.severity}: {finding}" for finding in ordered[:limit]]
        if limit is not None and len(ordered) > limit:
            lines.append(f"… and {len(ordered) - limit} more")
        told = f"{len(self.violations)} violations, {len(self.warnings)} warnings" if ordered else "nothing found"
        return "\n".join([*lines, f"{self.asked} quality queries: {told}"]) + "\n"


def merged(lines: bytes) -> Store:
    """Return a store in memory with the triples of N-Triples lines as its default graph."""
    store = Store()
    store.bulk_load(lines, format=RdfFormat.N_TRIPLES)
    return store


def ask(queries: Iterable[Query], store: Store) -> Findings:
    """Ask every query of the store's default graph, without a deadline: the queries are our own."""
    asked = tuple(queries)
    return Findings(tuple(finding for query in asked for finding in _rows(query, store)), len(asked))


def _rows(query: Query, store: Store) -> Iterable[Finding]:
    solutions = store.query(query.body)
    if not isinstance(solutions, QuerySolutions):
        raise TypeError(f"{query.slug} is not a SELECT query")
    names = [variable.value for variable in solutions.variables]
    for solution in solutions:
        row = tuple((name, str(solution[name])) for name in names if solution[name] is not None)
        yield Finding(query.slug, query.summary, query.severity, row)
