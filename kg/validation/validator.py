"""The one place that calls pySHACL: a graph, the shapes it must keep, and the ontology that names its classes."""

from __future__ import annotations

import pyshacl
from pyoxigraph import RdfFormat
from pyshacl.errors import ReportableRuntimeError
from rdflib import OWL, RDF, RDFS, SH, BNode, Graph, Literal, URIRef
from rdflib.term import Node

from kg.errors import UnreadableInput
from kg.terms import BASE, FOE, XSD
from kg.validation.reading import parse, union
from kg.validation.report import Report, Result

PREFIXES = {"foe": str(FOE), "shape": f"{BASE}shapes#", "sh": str(SH), "xsd": str(XSD)}
_ON_INFERRED = URIRef(f"{FOE}onInferred")
_TRUE = Literal("true", datatype=URIRef(f"{XSD}boolean"), normalize=False)
_TARGETS = (SH.targetClass, SH.targetNode, SH.targetObjectsOf, SH.targetSubjectsOf)
_PATHS = {
    SH.inversePath: "^{}",
    SH.zeroOrMorePath: "{}*",
    SH.oneOrMorePath: "{}+",
    SH.zeroOrOnePath: "{}?",
}


def validate(data: Graph | bytes, shapes: Graph, ontology: Graph, *, inferred: bool = False) -> Report:
    """Judge `data` (a graph, or N-Quads whose graphs count as one) by `shapes`.

    `ontology` gives the subclasses and the concepts; nothing is inferred but that an instance of a
    subclass is an instance of its superclass, because a reasoner would give a wrongly typed node
    the type that hides the fault. Shapes with `foe:onInferred true` are left out, unless
    `inferred` is set: then only they count, and `data` is the merge after inference.

    Raises UnreadableInput when the data do not parse or the shapes are no shapes.
    """
    graph = parse(data, RdfFormat.N_QUADS, name="data") if isinstance(data, bytes) else union((data,))
    for triple in ontology:
        graph.add(triple)
    try:
        _, found, text = pyshacl.validate(
            graph,
            shacl_graph=_hoisted(_selected(shapes, inferred=inferred)),
            inplace=True,
            allow_infos=True,
            allow_warnings=True,
        )
    except ReportableRuntimeError as error:
        raise UnreadableInput(f"the shapes cannot be used: {error.message}; correct them") from error
    if not isinstance(found, Graph):
        raise UnreadableInput(f"the shapes cannot be applied: {text}; correct them")
    results = {node: _result(found, node) for node in found.objects(None, SH.result)}
    order = sorted(results, key=lambda node: results[node].order)
    return Report(tuple(results[node] for node in order), _relabelled(found, order))


def _selected(shapes: Graph, *, inferred: bool) -> Graph:
    """A copy of the shapes in which those for the other run are switched off."""
    copy = union((shapes,))
    for shape in set(copy.subjects(RDF.type, SH.NodeShape)):
        if ((shape, _ON_INFERRED, _TRUE) in copy) != inferred:
            copy.set((shape, SH.deactivated, _TRUE))
    return copy


def _hoisted(shapes: Graph) -> Graph:
    """Give property shapes the targets of their node shape, which says the same and runs several times as fast.

    pySHACL applies a targeted shape to all its nodes at once, but a nested one to each node anew.
    A node shape that others refer to, that is a class too, or that is switched off, keeps its property shapes.
    """
    for shape in set(shapes.subjects(SH.property)):
        targets = [(predicate, target) for predicate in _TARGETS for target in shapes.objects(shape, predicate)]
        referred = (None, None, shape) in shapes
        is_class = (shape, RDF.type, RDFS.Class) in shapes or (shape, RDF.type, OWL.Class) in shapes
        if not targets or referred or is_class or (shape, SH.deactivated, _TRUE) in shapes:
            continue
        for nested in set(shapes.objects(shape, SH.property)):
            if len(set(shapes.subjects(SH.property, nested))) == 1:
                shapes.remove((shape, SH.property, nested))
                for predicate, target in targets:
                    shapes.add((nested, predicate, target))
    return shapes


def _result(report: Graph, node: Node) -> Result:
    def value(predicate: URIRef) -> Node:
        found = report.value(node, predicate)
        assert found is not None, f"the report leaves out {predicate}"
        return found

    path = report.value(node, SH.resultPath)
    return Result(
        focus=value(SH.focusNode),
        path=None if path is None else _path(report, path),
        value=report.value(node, SH.value),
        message=str(value(SH.resultMessage)),
        severity=_local(value(SH.resultSeverity)),
        shape=value(SH.sourceShape),
        component=_local(value(SH.sourceConstraintComponent)),
    )


def _path(report: Graph, path: Node) -> str:
    """Write a SHACL path as a SPARQL path. Source: https://www.w3.org/TR/shacl/#property-paths"""
    if isinstance(path, URIRef):
        for prefix, namespace in PREFIXES.items():
            if path.startswith(namespace):
                return f"{prefix}:{path.removeprefix(namespace)}"
        return path.n3()
    for predicate, form in _PATHS.items():
        inner = report.value(path, predicate)
        if inner is not None:
            return form.format(_path(report, inner))
    choice = report.value(path, SH.alternativePath)
    steps = report.items(path if choice is None else choice)
    return ("/" if choice is None else "|").join(_path(report, step) for step in steps)


def _local(term: Node) -> str:
    return str(term).rpartition("#")[2]


def _relabelled(report: Graph, order: list[Node]) -> Graph:
    """The report with its results numbered in order, so that two runs write the same file."""
    names = {node: BNode(f"result{number:06}") for number, node in enumerate(order, start=1)}
    graph = Graph()
    for prefix, namespace in PREFIXES.items():
        graph.bind(prefix, namespace)
    for subject, predicate, value in report:
        graph.add((names.get(subject, subject), predicate, names.get(value, value)))
    return graph
