"""Which graphs state a triple, and what kind of graph each is."""

from __future__ import annotations

import json
from itertools import islice
from typing import TypeAlias

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode

from kg.store.lookup import Lookup
from kg.terms import FOE, Names

Triple: TypeAlias = tuple[NamedNode | BlankNode, NamedNode, NamedNode | BlankNode | Literal]
MOST = 64
"""How many graphs of one triple are named."""
_REMEMBERED = 200_000
_XSD_STRING = "http://www.w3.org/2001/XMLSchema#string"


class Graphs:
    """Looks triples up in the evidence; retracted claims do not count, as they do not in the merge."""

    def __init__(self, evidence: Lookup, names: Names) -> None:
        self._evidence = evidence
        self._names = names
        self._known: dict[Triple, tuple[tuple[str, ...], bool]] = {}
        self._texts: dict[Triple, str] = {}
        self._claims = f"{names.base}id/claim/"
        self._retracted = {
            quad.subject.value
            for quad in evidence.quads_for_pattern(None, FOE["retracted"], None, names.provenance)
            if isinstance(quad.subject, NamedNode) and quad.subject.value.startswith(self._claims)
        }

    def stating(self, triple: Triple, among: tuple[NamedNode, ...] | None = None) -> tuple[tuple[str, ...], bool]:
        """The graphs that state a triple, in the order of their IRIs, and whether there are more than MOST.

        With `among`, only these graphs are asked, retracted or not.
        """
        if among is not None:
            found = [graph.value for graph in among if self._in(triple, graph)]
            return tuple(sorted(found[:MOST])), len(found) > MOST
        known = self._known.get(triple)
        if known is None:
            known = self._look_up(triple)
            if len(self._known) >= _REMEMBERED:
                self._known.clear()
            self._known[triple] = known
        return known

    def text(self, triple: Triple) -> str:
        """A triple as the begin of a JSON object."""
        known = self._texts.get(triple)
        if known is None:
            if len(self._texts) >= _REMEMBERED:
                self._texts.clear()
            ends = {"subject": as_json(triple[0]), "predicate": triple[1].value, "object": as_json(triple[2])}
            known = self._texts[triple] = json.dumps(ends, ensure_ascii=False, separators=(",", ":"))[:-1]
        return known

    def kind(self, graph: str) -> str:
        """What a graph is: `claim`, `inference`, `dataset`, `vocabulary`, `provenance`, or just `graph`."""
        path = graph.removeprefix(self._names.base)
        for start, kind in _KINDS:
            if path != graph and path.startswith(start):
                return kind
        return "graph"

    def _in(self, triple: Triple, graph: NamedNode) -> bool:
        return next(iter(self._evidence.quads_for_pattern(*triple, graph)), None) is not None

    def _look_up(self, triple: Triple) -> tuple[tuple[str, ...], bool]:
        stated = (
            quad.graph_name.value
            for quad in self._evidence.quads_for_pattern(*triple, None)
            if not isinstance(quad.graph_name, DefaultGraph)
        )
        found = list(islice((graph for graph in stated if graph not in self._retracted), MOST + 1))
        return tuple(sorted(found[:MOST])), len(found) > MOST


_KINDS = (
    ("id/claim/", "claim"),
    ("id/inference/", "inference"),
    ("id/dataset/", "dataset"),
    ("id/graph/provenance", "provenance"),
    ("ontology/", "vocabulary"),
    ("concept/", "vocabulary"),
)


def as_json(term: NamedNode | BlankNode | Literal) -> dict[str, str]:
    """A term as SPARQL's JSON results write it.

    Source: https://www.w3.org/TR/sparql11-results-json/#select-encode-terms
    """
    if isinstance(term, NamedNode):
        return {"type": "uri", "value": term.value}
    if isinstance(term, BlankNode):
        return {"type": "bnode", "value": term.value}
    if term.language:
        return {"type": "literal", "value": term.value, "xml:lang": term.language}
    if term.datatype.value != _XSD_STRING:
        return {"type": "literal", "value": term.value, "datatype": term.datatype.value}
    return {"type": "literal", "value": term.value}
