"""Looking graphs up in the evidence, and the evidence of a view that has no store of its own for it.

A view has its merge as a store; which graphs state a triple of it is looked up in the evidence of the generation,
where only what the view has may count. The merge says what that is: it has each triple of the graphs of the view and
describes each claim and each inference that the view has. `withheld` are the few quads that this would let through in
error.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, Store

from kg.terms import FOE

Graph: TypeAlias = NamedNode | BlankNode | DefaultGraph
_DEFAULT = DefaultGraph()
_REMEMBERED = 200_000


class EvidenceOfView:
    """The graphs of a view, read off those of its generation; the default graph is its merge."""

    def __init__(
        self, merge: Store, evidence: Store, base: str, withheld: frozenset[Quad], there: dict[str, bool]
    ) -> None:
        """`there` remembers, from one use to the next, which graphs the view has."""
        self._merge, self._evidence, self._withheld, self._there = merge, evidence, withheld, there
        self._described = {f"{base}id/claim/": FOE["recorded"], f"{base}id/inference/": FOE["rule"]}

    def quads_for_pattern(
        self,
        subject: NamedNode | BlankNode | None,
        predicate: NamedNode | None,
        value: NamedNode | BlankNode | Literal | None,
        graph: Graph | None = None,
        /,
    ) -> Iterator[Quad]:
        """The quads of a pattern, first those of the default graph; see pyoxigraph.Store."""
        if graph is None or graph == _DEFAULT:
            yield from self._merge.quads_for_pattern(subject, predicate, value, _DEFAULT)
        if graph != _DEFAULT:
            for quad in self._evidence.quads_for_pattern(subject, predicate, value, graph):
                if quad.graph_name != _DEFAULT and self._has(quad):
                    yield quad

    def __contains__(self, quad: Quad, /) -> bool:
        if quad.graph_name == _DEFAULT:
            return quad in self._merge
        return quad in self._evidence and self._has(quad)

    def _has(self, quad: Quad) -> bool:
        """Whether a quad of the evidence is in the view."""
        return (
            self._graph(quad.graph_name)
            and Quad(quad.subject, quad.predicate, quad.object) in self._merge
            and quad not in self._withheld
        )

    def _graph(self, graph: Graph) -> bool:
        name = graph.value if isinstance(graph, NamedNode) else ""
        there = self._there.get(name)
        if there is None:
            if len(self._there) >= _REMEMBERED:
                self._there.clear()
            there = self._there[name] = self._look(name)
        return there

    def _look(self, name: str) -> bool:
        """Claims and inferences are there where they are described; datasets and vocabularies always are."""
        for start, predicate in self._described.items():
            if name.startswith(start):
                found = self._merge.quads_for_pattern(NamedNode(name), predicate, None, _DEFAULT)
                return next(iter(found), None) is not None
        return True


Lookup: TypeAlias = Store | EvidenceOfView
"""Where quads are looked up by pattern, one after the other."""
