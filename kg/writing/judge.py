"""SHACL over what a write touches: the nodes that it changes, with what the shapes look at around them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from pyoxigraph import NamedNode, Quad, RdfFormat, Store, Triple, serialize
from rdflib import RDF, SH, BNode, Graph, Literal, URIRef
from rdflib.term import Node

from kg import validation
from kg.assets import Assets
from kg.pipeline.checks import data_ontology, data_shapes
from kg.validation import Report, Result
from kg.validation.validator import PREFIXES


class Judge:
    """The shapes, read once.

    A shape judges a node by its properties, by the properties of their values, and by what leads to the
    node through the few properties that shapes follow backwards. So a node whose surroundings did not
    change cannot become wrong, and the surroundings are all that a validation needs.
    """

    def __init__(self, assets: Assets) -> None:
        self._shapes = validation.union(validation.read(path) for path in data_shapes(assets))
        self._ontology = validation.union(validation.read(path) for path in data_ontology(assets))
        self._backwards = [NamedNode(str(path)) for path in self._shapes.objects(None, SH.inversePath)]

    def judge(self, book: Store, changed: Iterable[Triple], *, inferred: bool = False) -> list[Result]:
        """What is wrong, or worth a warning, at the nodes of the changed triples in what `book` says in all."""
        nodes = {term for triple in changed for term in (triple.subject, triple.object) if isinstance(term, NamedNode)}
        around = {Triple(*quad.triple) for quad in self._around(book, nodes)}
        content = serialize(around, format=RdfFormat.N_TRIPLES) or b""
        report: Report = validation.validate(content, self._shapes, self._ontology, inferred=inferred)
        focus = {URIRef(node.value) for node in nodes}
        return [result for result in report.results if result.focus in focus]

    def _around(self, book: Store, nodes: set[NamedNode]) -> Iterator[Quad]:
        beside: set[NamedNode] = set()
        for node in nodes:
            for quad in book.quads_for_pattern(node, None, None, None):
                yield quad
                if isinstance(quad.object, NamedNode):
                    beside.add(quad.object)
            for predicate in self._backwards:
                for quad in book.quads_for_pattern(None, predicate, node, None):
                    yield quad
                    if isinstance(quad.subject, NamedNode):
                        beside.add(quad.subject)
        for node in beside - nodes:
            yield from book.quads_for_pattern(node, None, None, None)


@dataclass(frozen=True)
class Findings:
    """Results for one write, for machines."""

    results: list[dict[str, Any]]
    report: str


def findings(results: Iterable[Result], base: str, report_format: str = "nt") -> Findings:
    """Results as objects of JSON and as a SHACL validation report.

    Source: https://www.w3.org/TR/shacl/#validation-report
    """
    kept = list(results)
    graph, report = Graph(), URIRef(f"{base}problem/validation#report")
    graph.add((report, RDF.type, SH.ValidationReport))
    graph.add((report, SH.conforms, Literal(all(result.severity != "Violation" for result in kept))))
    for number, result in enumerate(kept, start=1):
        node = BNode(f"result{number:06}")
        graph.add((report, SH.result, node))
        for predicate, value in _described(result, graph):
            graph.add((node, predicate, value))
    for prefix, namespace in PREFIXES.items():
        graph.bind(prefix, namespace)
    text: str = graph.serialize(format=report_format)
    return Findings([_as_json(result) for result in kept], text)


def _described(result: Result, graph: Graph) -> Iterator[tuple[URIRef, Node]]:
    yield RDF.type, SH.ValidationResult
    yield SH.focusNode, result.focus
    yield SH.resultMessage, Literal(result.message)
    yield SH.resultSeverity, SH[result.severity]
    yield SH.sourceShape, result.shape
    yield SH.sourceConstraintComponent, SH[result.component]
    if result.value is not None:
        yield SH.value, result.value
    if result.path is not None:
        plain = _iri(result.path.removeprefix("^"))
        if plain is not None and result.path.startswith("^"):
            path = BNode()
            graph.add((path, SH.inversePath, plain))
            yield SH.resultPath, path
        elif plain is not None:
            yield SH.resultPath, plain


def _iri(path: str) -> URIRef | None:
    """The property that a path is, when it is one: `foe:member` or `<…>`."""
    if re.fullmatch(r"<[^<>]*>", path):
        return URIRef(path[1:-1])
    prefix, _, local = path.partition(":")
    known = prefix in PREFIXES and re.fullmatch(r"\w+", local)
    return URIRef(f"{PREFIXES[prefix]}{local}") if known else None


def _as_json(result: Result) -> dict[str, Any]:
    return {
        "focus": str(result.focus),
        "path": result.path,
        "value": None if result.value is None else str(result.value),
        "message": result.message,
        "severity": result.severity,
        "shape": str(result.shape),
    }
