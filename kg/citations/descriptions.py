"""What is known about a graph: the attestations of a claim, the rule of an inference, the version of a dataset."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from pyoxigraph import DefaultGraph, Literal, NamedNode, Store

from kg.citations.graphs import Graphs
from kg.terms import DCTERMS, FOE, OWL, PROV, RDFS, SKOS, Names

_REMEMBERED = 50_000
_DATASET = (
    ("title", DCTERMS["title"]),
    ("version", OWL["versionInfo"]),
    ("licence", DCTERMS["license"]),
    ("source", DCTERMS["source"]),
)
_SOURCE = (("title", DCTERMS["title"]), ("address", FOE["address"]), ("published", FOE["publishedEarliest"]))


class Descriptions:
    """Reads descriptions from the merge, which holds the provenance graph too, and remembers them."""

    def __init__(self, merge: Store, graphs: Graphs, names: Names) -> None:
        self._merge = merge
        self._graphs = graphs
        self._names = names
        self._known: dict[str, dict[str, Any]] = {}
        self._texts: dict[str, tuple[str, tuple[str, ...]]] = {}
        self._rests: dict[str, frozenset[str]] = {}
        self._attested: dict[str, str | None] = {}
        self._labels: dict[str, str] = {}
        self._sources: dict[str, dict[str, Any]] = {}

    def closure(self, graphs: Iterable[str]) -> dict[str, dict[str, Any]]:
        """Describe graphs and, for inferences, the graphs that they rest on, and so on."""
        found: dict[str, dict[str, Any]] = {}
        pending = list(graphs)
        while pending:
            graph = pending.pop()
            if graph not in found:
                found[graph] = self.of(graph)
                pending += found[graph].get("from", ())
        return {graph: found[graph] for graph in sorted(found)}

    def text(self, graph: str) -> tuple[str, tuple[str, ...]]:
        """A graph's description as the begin of a JSON object, and the graphs that it rests on."""
        known = self._texts.get(graph)
        if known is None:
            told = dict(self.of(graph))
            rests = tuple(told.pop("from", ()))
            text = json.dumps({"iri": graph, **told}, ensure_ascii=False, separators=(",", ":"))[:-1]
            known = self._texts[graph] = text, rests
        return known

    def claims(self, graph: str) -> frozenset[str]:
        """The claims that a graph is or rests on; inferences rest on claims, never in a circle."""
        known = self._rests.get(graph)
        if known is None:
            told = self.of(graph)
            own = {graph} if told["kind"] == "claim" else set()
            known = self._rests[graph] = frozenset(own.union(*map(self.claims, told.get("from", ()))))
        return known

    def of(self, graph: str) -> dict[str, Any]:
        """Describe one graph; `from` are the graphs that an inference rests on."""
        known = self._known.get(graph)
        if known is None:
            if len(self._known) >= _REMEMBERED:
                self._forget()
            known = self._known[graph] = self._describe(graph)
        return known

    def _forget(self) -> None:
        self._known.clear()
        self._texts.clear()
        self._rests.clear()
        self._attested.clear()
        self._labels.clear()
        self._sources.clear()

    def _describe(self, graph: str) -> dict[str, Any]:
        kind = self._graphs.kind(graph)
        node = NamedNode(graph)
        told: dict[str, Any] = {"kind": kind}
        if kind == "claim":
            told |= self._values(node, (("recorded", FOE["recorded"]), ("retracted", FOE["retracted"])))
            attestations = sorted(self._objects(node, PROV["qualifiedPrimarySource"]))
            told["attestations"] = [self._attestation(each) for each in attestations]
        elif kind == "inference":
            for rule in self._objects(node, FOE["rule"]):
                told["rule"] = {"iri": rule, "label": self.label(rule)}
            told["from"] = sorted(self._objects(node, PROV["wasDerivedFrom"]))
            if self._objects(node, FOE["supportsCut"]):
                told["cut"] = True
        elif kind == "provenance":
            told["title"] = "What this graph says about its own claims, sources and inferences"
        else:
            told |= self._values(node, _DATASET)
        return told

    def _attestation(self, attestation: str) -> dict[str, Any]:
        """One source for a claim: who says it, where, when, how certain."""
        told: dict[str, Any] = {"iri": attestation}
        for quad in self._merge.quads_for_pattern(NamedNode(attestation), None, None, DefaultGraph()):
            name = _ATTESTATION.get(quad.predicate.value)
            if name is None:
                continue
            value = quad.object.value if isinstance(quad.object, NamedNode | Literal) else str(quad.object)
            if name == "source":
                told["source"] = self._source(value)
            elif isinstance(quad.object, NamedNode):
                told[name] = {"iri": value, "label": self.label(value)}
            else:
                told[name] = value
        return {name: told[name] for name in ("iri", *_ATTESTATION.values()) if name in told}

    def _source(self, source: str) -> dict[str, Any]:
        known = self._sources.get(source)
        if known is None:
            known = {"iri": source, **self._values(NamedNode(source), _SOURCE)}
            for publisher in sorted(self._objects(NamedNode(source), DCTERMS["publisher"])):
                known["publisher"] = {"iri": publisher, "label": self.label(publisher)}
            self._sources[source] = known
        return known

    def subject(self, node: object) -> str | None:
        """The claim that a node of the provenance graph is, or attests; None for others."""
        if not isinstance(node, NamedNode):
            return None
        if node.value.startswith(f"{self._names.base}id/claim/") and "#" not in node.value:
            return node.value
        if not node.value.startswith(f"{self._names.base}id/attestation/"):
            return None
        if node.value not in self._attested:
            self._attested[node.value] = next(iter(self._objects(node, FOE["attests"])), None)
        return self._attested[node.value]

    def label(self, iri: str) -> str:
        """What something is called: its label in English, or the end of its IRI."""
        known = self._labels.get(iri)
        if known is None:
            found = [
                quad.object
                for predicate in (RDFS["label"], SKOS["prefLabel"], DCTERMS["title"])
                for quad in self._merge.quads_for_pattern(NamedNode(iri), predicate, None, DefaultGraph())
                if isinstance(quad.object, Literal)
            ]
            best = next((each for each in found if each.language == "en"), found[0] if found else None)
            known = best.value if best is not None else iri.rstrip("/").rpartition("/")[2].rpartition("#")[2]
            self._labels[iri] = known
        return known

    def _objects(self, subject: NamedNode, predicate: NamedNode) -> list[str]:
        return [
            quad.object.value if isinstance(quad.object, NamedNode | Literal) else str(quad.object)
            for quad in self._merge.quads_for_pattern(subject, predicate, None, DefaultGraph())
        ]

    def _values(self, subject: NamedNode, names: Iterable[tuple[str, NamedNode]]) -> dict[str, str]:
        return {name: found[0] for name, predicate in names if (found := sorted(self._objects(subject, predicate)))}


_ATTESTATION = {
    FOE["source"].value: "source",
    FOE["locator"].value: "locator",
    FOE["speaker"].value: "speaker",
    FOE["onBehalfOf"].value: "onBehalfOf",
    FOE["assertion"].value: "assertion",
    FOE["certainty"].value: "certainty",
    FOE["nuance"].value: "nuance",
    FOE["reportedEarliest"].value: "reported",
    FOE["reportedLatest"].value: "reportedUntil",
    FOE["reportedText"].value: "reportedText",
    FOE["retracted"].value: "retracted",
}
"""Of each property of an attestation, its name in citations, in their order."""
