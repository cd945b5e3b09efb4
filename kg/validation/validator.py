"""Whether a data graph keeps shapes: a fast engine finds what fails, pySHACL says what is wrong there."""

from __future__ import annotations

import warnings
from collections.abc import Collection, Iterable, Iterator
from typing import Literal as Choice

from pyoxigraph import RdfFormat
from rdflib import OWL, RDF, RDFS, SH, BNode, Graph, Literal, URIRef
from rdflib.term import Node

from kg.errors import UnreadableInput
from kg.terms import BASE, FOE, XSD
from kg.validation.backing import as_graph
from kg.validation.compiled import compile_shapes
from kg.validation.engine import Engine, Failing, Judgement
from kg.validation.index import Index
from kg.validation.paths import read_path
from kg.validation.reading import triples, union
from kg.validation.report import Report, Result, written
from kg.validation.retargeting import TARGETS, named, renamed, retargeted

EngineName = Choice["fast", "reference"]
PREFIXES = {"foe": str(FOE), "shape": f"{BASE}shapes#", "sh": str(SH), "xsd": str(XSD)}
_ON_INFERRED = URIRef(f"{FOE}onInferred")
_TRUE = Literal("true", datatype=URIRef(f"{XSD}boolean"), normalize=False)


def validate(
    data: Graph | Index | bytes,
    shapes: Graph,
    ontology: Graph,
    *,
    inferred: bool = False,
    engine: EngineName = "fast",
    confirmed: int | None = None,
) -> Report:
    """Judge `data` (a graph, an index, or N-Quads whose graphs count as one) by `shapes`.

    `ontology` gives the subclasses and the concepts; nothing is inferred but that an instance of a
    subclass is an instance of its superclass, because a reasoner would give a wrongly typed node
    the type that hides the fault. Shapes with `foe:onInferred true` are left out, unless
    `inferred` is set: then only they count, and `data` is the merge after inference.

    The engine `fast` finds the nodes that fail, and pySHACL reports on them, or on the first `confirmed` of
    them, and the fast engine's own word stands for the others. `reference` is pySHACL alone. An index that is
    given is added to.

    Raises UnreadableInput when the data do not parse or the shapes are no shapes.
    """
    index = data if isinstance(data, Index) else Index(_triples(data))
    index.add(ontology)
    wanted = _hoisted(_selected(shapes, inferred=inferred))
    if engine == "reference":
        return _report(_ask(index, wanted), ())
    compiled = compile_shapes(wanted)
    judgement = Engine(compiled, index).judge()
    asked, left = retargeted(wanted, judgement, confirmed)
    if asked is None:
        return _report(_empty(), (), judgement)
    names = named(asked, judgement.failing)
    try:
        return _report(renamed(_ask(index, asked), names), left, judgement)
    except UnreadableInput as error:
        if judgement.beyond:
            raise
        every = [each for failing in judgement.failing.values() for wrong in failing.values() for each in wrong]
        return _report(_empty(), every, judgement, f"pySHACL gives up, and the fast engine's word stands: {error}")


def _triples(data: Graph | bytes) -> Iterable[tuple[Node, Node, Node]]:
    return triples(data, RdfFormat.N_QUADS, name="data") if isinstance(data, bytes) else data


def _ask(data: Index, shapes: Graph) -> Graph:
    """The report of pySHACL. It is strict about severities, so that a warning inside `sh:or` counts there."""
    import pyshacl  # it takes a second to load, which who has nothing wrong need not wait for

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            _, found, text = pyshacl.validate(as_graph(data), shacl_graph=shapes, inplace=True)
    except Exception as error:  # pySHACL and the SPARQL engine under it raise whatever comes up
        message = getattr(error, "message", None) or str(error) or type(error).__name__
        raise UnreadableInput(f"the shapes cannot be used: {message}; correct them") from error
    if not isinstance(found, Graph):
        raise UnreadableInput(f"the shapes cannot be applied: {text}; correct them")
    return found


def _empty() -> Graph:
    graph = Graph()
    report = BNode()
    graph.add((report, RDF.type, SH.ValidationReport))
    graph.add((report, SH.conforms, _TRUE))
    return graph


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
        targets = [(predicate, target) for predicate in TARGETS for target in shapes.objects(shape, predicate)]
        referred = (None, None, shape) in shapes
        is_class = (shape, RDF.type, RDFS.Class) in shapes or (shape, RDF.type, OWL.Class) in shapes
        # What `sh:closed` and `sh:qualifiedValueShapesDisjoint` mean depends on what stands beside them.
        tied = any((shape, predicate, None) in shapes for predicate in (SH.path, SH.closed)) or any(
            (nested, SH.qualifiedValueShapesDisjoint, None) in shapes for nested in shapes.objects(shape, SH.property)
        )
        if not targets or referred or is_class or tied or (shape, SH.deactivated, _TRUE) in shapes:
            continue
        for nested in set(shapes.objects(shape, SH.property)):
            if len(set(shapes.subjects(SH.property, nested))) == 1:
                shapes.remove((shape, SH.property, nested))
                for predicate, target in targets:
                    shapes.add((nested, predicate, target))
    return shapes


def _report(found: Graph, left: Collection[Failing], judgement: Judgement | None = None, trouble: str = "") -> Report:
    nodes = {node: _result(found, node) for node in found.objects(None, SH.result)}
    order = sorted(nodes, key=lambda node: nodes[node].order)
    results = [nodes[node] for node in order] + [_own(each) for each in left]
    results.sort(key=lambda result: result.order)
    graph = _relabelled(found, order)
    if judgement is None:
        return Report(tuple(results), graph)
    return Report(
        tuple(results),
        graph,
        seconds=judgement.seconds,
        focused=judgement.focused,
        beyond=judgement.beyond,
        disagreements=(*([trouble] if trouble else ()), *_disagreements(judgement, nodes.values(), set(left))),
    )


def _disagreements(judgement: Judgement, results: Iterable[Result], left: set[Failing]) -> Iterator[str]:
    """Where the two engines differ about the nodes that both have judged."""
    fast = {
        (each.focus, each.shape.node, each.component)
        for failing in judgement.failing.values()
        for wrong in failing.values()
        for each in wrong
        if each.certain and each not in left
    }
    unsure = {
        focus
        for failing in judgement.failing.values()
        for focus, wrong in failing.items()
        if not all(each.certain for each in wrong)
    }
    slow = {(result.focus, result.shape, result.component) for result in results}
    for focus, shape, component in sorted(fast - slow, key=str):
        yield f"{written(focus)} fails {component} of {shape.n3()} by the fast engine, and not by pySHACL"
    if not judgement.beyond:
        for focus, shape, component in sorted(slow - fast, key=str):
            if focus not in unsure:
                yield f"{written(focus)} fails {component} of {shape.n3()} by pySHACL, and not by the fast engine"


def _own(failing: Failing) -> Result:
    """The fast engine's word on a node that pySHACL is not asked about."""
    shape = failing.shape
    name = failing.component.removesuffix("ConstraintComponent")
    parameter = f"sh:{name[0].lower()}{name[1:]}"
    path = _short(failing.predicate) if failing.predicate is not None else shape.path.text if shape.path else None
    return Result(
        focus=failing.focus,
        path=path,
        value=failing.value,
        message="; ".join(map(str, shape.messages)) or f"The value does not keep {parameter}.",
        severity=_local(shape.severity),
        shape=shape.node,
        component=failing.component,
    )


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
        message=str(report.value(node, SH.resultMessage) or "The value does not keep the shape."),
        severity=_local(value(SH.resultSeverity)),
        shape=value(SH.sourceShape),
        component=_local(value(SH.sourceConstraintComponent)),
    )


def _path(report: Graph, path: Node) -> str:
    """Write a SHACL path as a SPARQL path. Source: https://www.w3.org/TR/shacl/#property-paths"""
    return read_path(report, path, _short).text


def _short(iri: URIRef) -> str:
    for prefix, namespace in PREFIXES.items():
        if iri.startswith(namespace):
            return f"{prefix}:{iri.removeprefix(namespace)}"
    return iri.n3()


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
