"""A derivation table that is kept up to date while claims come and go, with the work of what changed only."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from pyoxigraph import Store, Triple

from kg.reasoning.derivations import Derivations
from kg.reasoning.fixpoint import Matcher, Table, matchers_of, saturate
from kg.reasoning.rules import Rule


class Growing:
    """Derives as kg.reasoning.fixpoint.derive does, and remembers: the next time, only the difference is worked on.

    Triples that are new go through the later rounds of the fixpoint, as if found in the last one. Triples
    that are gone take with them the steps that have lost a premise: what is left is what a first run
    finds, since a step depends on nothing but its premises.
    """

    def __init__(self) -> None:
        self.found: frozenset[Triple] = frozenset()
        """What the last run concluded that had not been there before; everything, the first time."""
        self._asserted: set[Triple] = set()
        self._rules: Sequence[Rule] = ()
        self._table: Table | None = None
        self._matchers: list[Matcher] = []

    @property
    def store(self) -> Store:
        """All triples, given and concluded."""
        assert self._table is not None, "nothing has been derived yet"
        return self._table.store

    def derive(self, asserted: Iterable[Triple], rules: Sequence[Rule]) -> Derivations:
        """Return the table of all steps that the rules allow from the triples; equal to what `derive` returns."""
        wanted = set(asserted)
        if self._table is None or list(rules) != list(self._rules):
            self._begin(wanted, rules)
        else:
            gone, new = self._asserted - wanted, wanted - self._asserted
            self._asserted = wanted
            if gone:
                self._take_away()
            before = set(self._table.there)
            if new:
                self._table.assert_more(new)
                saturate(self._table, self._matchers)
            self.found = frozenset(self._table.there - before - new)
        assert self._table is not None
        return Derivations.of(self._table.triples, [rule.slug for rule in rules], self._table.rows)

    def _begin(self, wanted: set[Triple], rules: Sequence[Rule]) -> None:
        self._asserted, self._rules = wanted, rules
        self._table = Table(wanted)
        self._matchers = matchers_of(rules)
        for matcher in self._matchers:
            matcher.match(self._table, matcher.query())
        saturate(self._table, self._matchers)
        self.found = frozenset(self._table.there - wanted)

    def _take_away(self) -> None:
        table = self._table
        assert table is not None
        slugs = [rule.slug for rule in self._rules]
        standing = Derivations.of(table.triples, slugs, table.rows).closure(self._asserted & table.there)
        table.keep(standing)
