"""What a generation says about one name: read off the indexes, a step at a time, in a reader.

SPARQL could say it, but the engine joins where a walk is needed: 0.8 s for a place with ten claims, the
walk takes 2 ms.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad

from kg.store.lookup import Lookup
from kg.terms import DCTERMS, FOE, PROV, RDF, RDFS, SKOS

LINKS = 400
"""How many links from things that are no statements a description has; what is more is counted only."""
GRAPH = 20_000
"""How many quads of a graph are in its own description; larger graphs are for the dump."""
_XSD_STRING = "http://www.w3.org/2001/XMLSchema#string"
_NAMES = (RDFS["label"], SKOS["prefLabel"], DCTERMS["title"])
_UNTOLD = frozenset({FOE["states"], FOE["attests"], PROV["hadPrimarySource"], PROV["entity"]})


class About:
    """The quads about one name: `direct`, `statements` about it, `links` to it, `evidence` for all these, `names`."""

    def __init__(self, store: Lookup, base: str, iri: str) -> None:
        """Walk from the name; an empty one means that nothing was ever said about it."""
        self._store = store
        self._base = base
        self.node = NamedNode(iri)
        self.links_in_all = 0
        self.direct = [quad for quad in self._quads(self.node) if quad.graph_name != self.node]
        self.content, self.cut = self._content()
        self.statements: dict[Quad, None] = {}
        self.links: list[Quad] = []
        self._look_back()
        if self.content:
            self.direct += self._described()
        self.evidence = dict.fromkeys(self._evidence())
        told = [*self.direct, *self.content, *self.statements, *self.links, *self.evidence]
        self.names = dict.fromkeys(self._named(told))

    @property
    def empty(self) -> bool:
        """Whether the name occurs nowhere."""
        return not (self.direct or self.content or self.statements or self.links)

    def plain(self) -> Iterable[Quad]:
        """What is said, without who says so, and the names of what is mentioned."""
        return self._with_names([*self.direct, *self._whole(), *self.statements, *self.links])

    def claims(self) -> Iterable[Quad]:
        """What is said, and who says so, where and when; and the names of what is mentioned."""
        return self._with_names([*self.direct, *self._whole(), *self.statements, *self.links, *self.evidence])

    def _with_names(self, quads: list[Quad]) -> Iterable[Quad]:
        """Quads, each once, with names of things; terms of the ontology are looked up there."""
        names = (each for each in self._named(quads) if FOE not in str(each.subject))
        return dict.fromkeys([*quads, *names])

    def _whole(self) -> list[Quad]:
        """The graph of that name, unless it is too large: an excerpt would be taken for the whole."""
        return [] if self.cut else self.content

    def as_json(self) -> dict[str, Any]:
        """For the pages: `parts` of rows (graph, subject, predicate, object), and what was left out."""
        parts = {
            "direct": self.direct,
            "content": self.content,
            "statements": self.statements,
            "links": self.links,
            "evidence": self.evidence,
            "names": self.names,
        }
        return {
            "iri": self.node.value,
            "cut": self.cut,
            "links": self.links_in_all,
            "parts": {name: [_row(quad) for quad in quads] for name, quads in parts.items()},
        }

    def _quads(self, subject: NamedNode) -> Iterator[Quad]:
        for quad in self._store.quads_for_pattern(subject, None, None):
            if quad.graph_name != DefaultGraph():
                yield quad

    def _content(self) -> tuple[list[Quad], bool]:
        """The quads of the graph of that name, and whether there are more."""
        found: list[Quad] = []
        for quad in self._store.quads_for_pattern(None, None, None, self.node):
            if len(found) == GRAPH:
                return found[:100], True
            found.append(quad)
        return found, False

    def _described(self) -> list[Quad]:
        """What a graph is: without this, a graph that nobody describes would have an empty document."""
        provenance = NamedNode(f"{self._base}id/graph/provenance")
        return [
            Quad(
                self.node, RDF["type"], NamedNode("http://www.w3.org/ns/sparql-service-description#Graph"), provenance
            ),
        ]

    def _look_back(self) -> None:
        """Follow the links to the name: a statement is taken whole, of other things only the link."""
        stated: dict[NamedNode, bool] = {}
        for quad in self._store.quads_for_pattern(None, None, self.node):
            if quad.graph_name == DefaultGraph() or not isinstance(quad.subject, NamedNode):
                continue
            subject = quad.subject
            if subject not in stated:
                stated[subject] = "#statement" in subject.value and quad.graph_name != self.node
                if stated[subject]:
                    self.statements.update(dict.fromkeys(self._stated(subject)))
            if not stated[subject] and quad.predicate not in _UNTOLD:
                self.links_in_all += 1
                if len(self.links) < LINKS:
                    self.links.append(quad)

    def _stated(self, statement: NamedNode) -> Iterator[Quad]:
        """A statement as its claim has it; what follows from it is told where somebody asks about it."""
        graph = NamedNode(statement.value.partition("#")[0])
        yield from self._store.quads_for_pattern(statement, None, None, graph)

    def _evidence(self) -> Iterator[Quad]:
        """The provenance of each graph in which something is said, down to the sources."""
        told = [*self.direct, *self.content, *self.statements]
        graphs = dict.fromkeys(quad.graph_name for quad in told)
        if self.node.value.startswith((f"{self._base}id/claim/", f"{self._base}id/inference/")):
            graphs[self.node] = None
        sources: dict[NamedNode, None] = {}
        for graph in graphs:
            if not isinstance(graph, NamedNode) or not graph.value.startswith(f"{self._base}id/"):
                continue
            yield from self._quads(graph)
            for link in self._store.quads_for_pattern(None, FOE["attests"], graph):
                if link.graph_name != DefaultGraph() and isinstance(link.subject, NamedNode):
                    for quad in self._quads(link.subject):
                        yield quad
                        if quad.predicate == FOE["source"] and isinstance(quad.object, NamedNode):
                            sources[quad.object] = None
        for quad in self.direct:
            if quad.predicate == FOE["source"] and isinstance(quad.object, NamedNode):
                sources[quad.object] = None
        for source in sources:
            yield from self._quads(source)

    def _named(self, quads: Iterable[Quad]) -> Iterator[Quad]:
        """What everything that is mentioned is called."""
        mentioned: dict[NamedNode, None] = {}
        for quad in quads:
            for term in (quad.subject, quad.predicate, quad.object, quad.graph_name):
                if isinstance(term, NamedNode) and term.value.startswith(self._base):
                    mentioned[term] = None
        for node in mentioned:
            if node != self.node:
                for name in _NAMES:
                    for quad in self._store.quads_for_pattern(node, name, None):
                        if quad.graph_name != DefaultGraph():
                            yield quad


def _row(quad: Quad) -> list[Any]:
    graph = quad.graph_name.value if isinstance(quad.graph_name, NamedNode) else ""
    return [graph, _term(quad.subject), quad.predicate.value, _term(quad.object)]


def _term(term: object) -> Any:
    """An IRI as text, a literal as a list of value, language and datatype."""
    if isinstance(term, NamedNode):
        return term.value
    if isinstance(term, Literal):
        datatype = term.datatype.value
        plain = term.language or datatype == _XSD_STRING
        return [term.value, term.language, None if plain else datatype]
    return f"_:{term.value}" if isinstance(term, BlankNode) else str(term)
