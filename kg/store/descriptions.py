"""What DESCRIBE answers: a bounded description of each thing, what is claimed about it, and the names of the rest."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, QuerySolutions, Store, Triple

Node = NamedNode | BlankNode
Graph = NamedNode | BlankNode | DefaultGraph
_LABEL = NamedNode("http://www.w3.org/2000/01/rdf-schema#label")
_NAME = NamedNode("http://www.w3.org/2004/02/skos/core#prefLabel")


def resources(solutions: QuerySolutions) -> list[Node]:
    """The IRIs and blank nodes of an answer, each once, in order."""
    terms = (term for solution in solutions for term in solution)
    return list(dict.fromkeys(term for term in terms if isinstance(term, NamedNode | BlankNode)))


def describe(store: Store, graph: Graph, described: Iterable[Node], claims: str) -> Iterator[Triple]:
    """Yield the triples of a description, each once.

    For every resource: the triples that it is the subject of, those of the blank nodes that they lead
    to, and so on (its concise bounded description); every node scoped to a claim (its IRI begins with
    `claims`) that mentions it, described in the same way; and the labels of all IRIs that occur.
    Source: https://www.w3.org/submissions/CBD/ (of which it is a superset).
    """
    seen: set[Triple] = set()
    for triple in _bounded(store, graph, [*described, *_mentions(store, graph, described, claims)]):
        if triple not in seen:
            seen.add(triple)
            yield triple
    terms = {term for triple in seen for term in (triple.subject, triple.predicate, triple.object)}
    for term in sorted((each for each in terms if isinstance(each, NamedNode)), key=str):
        for triple in _labels(store, graph, term):
            if triple not in seen:
                seen.add(triple)
                yield triple


def _mentions(store: Store, graph: Graph, described: Iterable[Node], claims: str) -> list[Node]:
    nodes = {
        quad.subject: None
        for resource in described
        for quad in store.quads_for_pattern(None, None, resource, graph)
        if isinstance(quad.subject, NamedNode) and quad.subject.value.startswith(claims)
    }
    return sorted(nodes, key=str)


def _bounded(store: Store, graph: Graph, nodes: list[Node]) -> Iterator[Triple]:
    waiting, known = list(reversed(nodes)), set(nodes)
    while waiting:
        node = waiting.pop()
        for quad in store.quads_for_pattern(node, None, None, graph):
            yield quad.triple
            if isinstance(quad.object, BlankNode) and quad.object not in known:
                known.add(quad.object)
                waiting.append(quad.object)


def _labels(store: Store, graph: Graph, term: NamedNode) -> list[Triple]:
    labels = [quad.triple for quad in store.quads_for_pattern(term, _LABEL, None, graph)]
    names = labels or [quad.triple for quad in store.quads_for_pattern(term, _NAME, None, graph)]
    english = [each for each in names if isinstance(each.object, Literal) and each.object.language in (None, "en")]
    return english or names
