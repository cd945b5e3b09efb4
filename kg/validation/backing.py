"""An index as the store of an rdflib graph, so that pySHACL looks at the very triples of the fast engine."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from typing import Any

from rdflib import Graph, URIRef
from rdflib.store import Store
from rdflib.term import Node

from kg.validation.index import Index


class IndexStore(Store):
    """Reads and adds, and removes nothing. It says that it knows graphs, because pySHACL wants that."""

    context_aware = True
    formula_aware = False
    transaction_aware = False
    graph_aware = True

    def __init__(self, index: Index) -> None:
        super().__init__()
        self.index = index
        self.graphs: tuple[Graph, ...] = ()
        self._prefixes: dict[str, URIRef] = {}

    def add(self, triple: Any, context: Any = None, quoted: bool = False) -> None:  # noqa: ARG002
        """Add one triple."""
        self.index.add((triple,))

    def triples(self, triple_pattern: Any, context: Any = None) -> Iterator[Any]:  # noqa: ARG002
        """Yield what matches; all triples stand in the one graph."""
        for triple in self.index.match(triple_pattern):
            yield triple, iter(self.graphs)

    def contexts(self, triple: Any = None) -> Generator[Graph, None, None]:  # noqa: ARG002
        """The one graph."""
        yield from self.graphs

    def add_graph(self, graph: Graph) -> None:
        """Remember nothing."""

    def __len__(self, context: Any = None) -> int:
        return self.index.size

    def bind(self, prefix: str, namespace: URIRef, override: bool = True) -> None:
        """Give a namespace a prefix."""
        if override or prefix not in self._prefixes:
            self._prefixes[prefix] = namespace

    def namespace(self, prefix: str) -> URIRef | None:
        """The namespace of a prefix."""
        return self._prefixes.get(prefix)

    def prefix(self, namespace: URIRef) -> str | None:
        """A prefix of a namespace."""
        return next((prefix for prefix, known in self._prefixes.items() if known == namespace), None)

    def namespaces(self) -> Iterator[tuple[str, URIRef]]:
        """All prefixes with their namespaces."""
        yield from list(self._prefixes.items())


def as_graph(index: Index) -> Graph:
    """A graph of rdflib over the index, without a copy."""
    store = IndexStore(index)
    graph = Graph(store=store, bind_namespaces="none")
    store.graphs = (graph,)
    return graph


def as_index(graph: Graph) -> Index:
    """The triples of a graph: those of the index under it, else a new one."""
    if isinstance(graph.store, IndexStore):
        return graph.store.index
    triples: Iterator[tuple[Node, Node, Node]] = iter(graph)
    return Index(triples)
