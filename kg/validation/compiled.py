"""Shapes as the fast engine reads them: targets, path, severity, messages, and the parameters of their constraints."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from rdflib import OWL, RDF, RDFS, SH, Graph, Literal, URIRef
from rdflib.term import Node

from kg.errors import UnreadableInput
from kg.validation.index import Index
from kg.validation.paths import NoPath, Path, read_path

SHAPE_TYPES = (SH.NodeShape, SH.PropertyShape)
TARGETS = (SH.targetNode, SH.targetClass, SH.targetObjectsOf, SH.targetSubjectsOf)
_LISTED = (SH["and"], SH["or"], SH.xone)
_NAMED = (SH.node, SH["not"], SH.property, SH.qualifiedValueShape)
# Parameters of constraint components, beside those that `kg.validation.constraints` tells apart.
PARAMETERS = frozenset(
    SH[name]
    for name in (
        *("and", "class", "closed", "datatype", "disjoint", "equals", "hasValue", "in", "languageIn", "lessThan"),
        *("lessThanOrEquals", "maxCount", "maxExclusive", "maxInclusive", "maxLength", "minCount", "minExclusive"),
        *("minInclusive", "minLength", "node", "nodeKind", "not", "or", "pattern", "property", "qualifiedValueShape"),
        *("sparql", "uniqueLang", "xone"),
    )
)


@dataclass(frozen=True, eq=False)
class Shape:
    """One shape.

    `parameters` has every value of every constraint parameter; `beyond` says why the fast engine
    cannot judge it, and is empty when it can.
    """

    node: Node
    path: Path | None
    deactivated: bool
    severity: URIRef
    messages: tuple[Literal, ...]
    targets: Mapping[URIRef, tuple[Node, ...]]
    parameters: Mapping[URIRef, tuple[Node, ...]]
    beyond: str = ""

    @property
    def targeted(self) -> bool:
        """Whether it has targets of its own."""
        return any(self.targets.values())

    def focus_nodes(self, data: Index) -> dict[Node, None]:
        """The nodes that its targets select. Source: https://www.w3.org/TR/shacl/#targets"""
        found: dict[Node, None] = dict.fromkeys(self.targets[SH.targetNode])
        for each in self.targets[SH.targetClass]:
            found.update(data.instances(each))
        for each in self.targets[SH.targetSubjectsOf]:
            found.update(dict.fromkeys(data.having(each)))
        for each in self.targets[SH.targetObjectsOf]:
            found.update(dict.fromkeys(data.values(each)))
        return found


@dataclass(frozen=True, eq=False)
class Shapes:
    """All shapes of a shapes graph, by node."""

    graph: Graph
    by_node: Mapping[Node, Shape] = field(repr=False)

    @cached_property
    def targeted(self) -> tuple[Shape, ...]:
        """The shapes that have targets and are not switched off."""
        return tuple(shape for shape in self.by_node.values() if shape.targeted and not shape.deactivated)

    def referred(self, shape: Shape) -> Iterator[Node]:
        """The shapes that a shape's constraints name."""
        for parameter in _NAMED:
            yield from shape.parameters.get(parameter, ())
        for parameter in _LISTED:
            for head in shape.parameters.get(parameter, ()):
                yield from self.graph.items(head)


def compile_shapes(graph: Graph) -> Shapes:
    """Read all shapes of a graph. Raises UnreadableInput when a shape is not well-formed.

    Source: https://www.w3.org/TR/shacl/#shapes
    """
    components = _custom_parameters(graph)
    found = {node: _shape(graph, node, components) for node in sorted(_shape_nodes(graph), key=str)}
    return Shapes(graph, found)


def _shape_nodes(graph: Graph) -> set[Node]:
    found: set[Node] = set()
    for kind in SHAPE_TYPES:
        found.update(graph.subjects(RDF.type, kind))
    for target in TARGETS:
        found.update(graph.subjects(target))
    for parameter in PARAMETERS:
        found.update(subject for subject in graph.subjects(parameter) if parameter != SH.node)
    for parameter in _NAMED:
        found.update(graph.objects(None, parameter))
    for parameter in _LISTED:
        for head in graph.objects(None, parameter):
            found.update(graph.items(head))
    return {node for node in found if not isinstance(node, Literal)}


def _shape(graph: Graph, node: Node, components: Mapping[Node, str]) -> Shape:
    paths = list(graph.objects(node, SH.path))
    if len(paths) > 1:
        raise UnreadableInput(f"the shape {node.n3()} has {len(paths)} values of sh:path; keep one")
    try:
        path = read_path(graph, paths[0]) if paths else None
    except NoPath as error:
        raise UnreadableInput(f"the shape {node.n3()} has no usable sh:path: {error}; correct it") from error
    targets = {target: tuple(sorted(graph.objects(node, target), key=str)) for target in TARGETS}
    if {RDFS.Class, OWL.Class} & set(graph.objects(node, RDF.type)):
        targets[SH.targetClass] = (*targets[SH.targetClass], node)
    parameters: dict[URIRef, tuple[Node, ...]] = {}
    beyond = ""
    for predicate, value in sorted(graph.predicate_objects(node), key=str):
        if isinstance(predicate, URIRef) and predicate in PARAMETERS:
            parameters[predicate] = (*parameters.get(predicate, ()), value)
        elif predicate in components:
            beyond = f"it uses the constraint component {components[predicate]}"
    severity = graph.value(node, SH.severity)
    return Shape(
        node=node,
        path=path,
        deactivated=any(str(value) in ("true", "1") for value in graph.objects(node, SH.deactivated)),
        severity=severity if isinstance(severity, URIRef) else URIRef(SH.Violation),
        messages=tuple(each for each in sorted(graph.objects(node, SH.message), key=str) if isinstance(each, Literal)),
        targets=targets,
        parameters=parameters,
        beyond=beyond,
    )


def _custom_parameters(graph: Graph) -> dict[Node, str]:
    """The parameters that constraint components of the shapes graph declare."""
    found: dict[Node, str] = {}
    for component, parameter in graph.subject_objects(SH.parameter):
        if not str(component).startswith(str(SH)):
            for path in graph.objects(parameter, SH.path):
                found[path] = component.n3()
    return found
