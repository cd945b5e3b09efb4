"""The fast engine: which node fails which shape, by SHACL Core over an index; SPARQL constraints in batches.

It says where pySHACL has to look. What it cannot judge it names, so that pySHACL judges that alone.
"""

from __future__ import annotations

import time
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field

from rdflib import SH, URIRef
from rdflib.term import Node

from kg.errors import UnreadableInput
from kg.validation.compiled import Shape, Shapes
from kg.validation.constraints import Components
from kg.validation.index import Index
from kg.validation.selects import SelectConstraint, read_selects
from kg.validation.values import Constraint

_DEPTH = 200
_UNKNOWN = object()


@dataclass(frozen=True)
class Failing:
    """One thing that is wrong at a node: the shape and the component that say so, the value, the path of `sh:closed`.

    Where it is not `certain`, the engine could not look, and pySHACL has to.
    """

    focus: Node
    shape: Shape
    component: str
    value: Node | None
    predicate: URIRef | None
    certain: bool = True


@dataclass
class Judgement:
    """What the engine found.

    `failing` has, by targeted shape, the focus nodes that fail it and how; `beyond` the shapes that it
    leaves to pySHACL, each with the reason; `seconds` the time and `focused` the focus nodes of a shape.
    """

    failing: dict[Node, dict[Node, list[Failing]]] = field(default_factory=dict)
    beyond: dict[Node, str] = field(default_factory=dict)
    seconds: dict[Node, float] = field(default_factory=dict)
    focused: dict[Node, int] = field(default_factory=dict)


class Beyond(Exception):
    """A shape that this engine cannot judge, though it looked as if it could."""


class Engine:
    """Judges one data graph by one set of shapes."""

    def __init__(self, shapes: Shapes, data: Index) -> None:
        self._shapes = shapes
        self._data = data
        self._components = Components(shapes, data, self._conforms)
        self._constraints: dict[Node, list[tuple[str, Constraint]]] = {}
        self._selects: dict[Node, list[SelectConstraint]] = {}
        self._asking: dict[Node, bool] = {}
        self._kept: dict[tuple[Node, Node], bool | None] = {}

    def judge(self, only: Collection[Node] | None = None) -> Judgement:
        """Judge every targeted shape, or those named in `only`."""
        judgement = Judgement()
        for shape in self._shapes.targeted:
            if only is not None and shape.node not in only:
                continue
            started = time.perf_counter()
            reason = self._beyond(shape, set())
            if reason:
                judgement.beyond[shape.node] = reason
                continue
            focus_nodes = shape.focus_nodes(self._data)
            judgement.focused[shape.node] = len(focus_nodes)
            try:
                failing = self._failing(shape, focus_nodes)
            except Beyond as error:
                judgement.beyond[shape.node] = str(error)
                continue
            if failing:
                judgement.failing[shape.node] = failing
            judgement.seconds[shape.node] = time.perf_counter() - started
        return judgement

    def why(self, node: Node, value: Node) -> list[Failing]:
        """What is wrong at a value by one shape, targeted or not. Raises UnreadableInput for a shape that is none."""
        shape = self._shapes.by_node.get(node)
        if shape is None:
            raise UnreadableInput(f"there is no shape {node.n3()}; write it, or correct the name")
        try:
            return list(self._wrong(shape, value))
        except Beyond:
            return []

    def _failing(self, shape: Shape, focus_nodes: dict[Node, None]) -> dict[Node, list[Failing]]:
        found: dict[Node, list[Failing]] = {}
        for focus in focus_nodes:
            wrong = list(self._wrong(shape, focus))
            if wrong:
                found[focus] = wrong
        if self._asks(shape):
            for origin, failing in self._by_query(shape, {focus: {focus} for focus in focus_nodes}):
                found.setdefault(origin, []).append(failing)
        return found

    def _wrong(self, shape: Shape, focus: Node) -> Iterator[Failing]:
        """What is wrong at a node by a shape and the property shapes in it, but for SPARQL constraints."""
        if shape.deactivated:
            return
        values: Collection[Node] = (focus,) if shape.path is None else shape.path.follow(self._data, focus)
        for component, constraint in self._constraints_of(shape):
            for value, predicate in constraint(focus, values):
                yield Failing(focus, shape, component, value, predicate)
        for node in shape.parameters.get(SH.property, ()):
            inner = self._shape(shape, node)
            for value in values:
                yield from self._wrong(inner, value)

    def _by_query(self, shape: Shape, origins: Mapping[Node, set[Node]]) -> Iterator[tuple[Node, Failing]]:
        """What SPARQL constraints find, with the focus node of the targeted shape that led there."""
        if shape.deactivated:
            return
        for select in self._selects_of(shape):
            for focus, value, certain in select.failing(self._data, origins):
                failing = Failing(focus, shape, "SPARQLConstraintComponent", value, None, certain)
                for origin in origins[focus]:
                    yield origin, failing
        for node in shape.parameters.get(SH.property, ()):
            inner = self._shape(shape, node)
            if self._asks(inner):
                further: dict[Node, set[Node]] = {}
                for focus, whence in origins.items():
                    for value in (focus,) if shape.path is None else shape.path.follow(self._data, focus):
                        further.setdefault(value, set()).update(whence)
                yield from self._by_query(inner, further)

    def _asks(self, shape: Shape) -> bool:
        """Whether a shape, or a property shape in it, has SPARQL constraints."""
        known = self._asking.get(shape.node)
        if known is None:
            self._asking[shape.node] = False
            known = self._asking[shape.node] = bool(self._selects_of(shape)) or any(
                self._asks(self._shape(shape, node)) for node in shape.parameters.get(SH.property, ())
            )
        return known

    def _conforms(self, node: Node, value: Node) -> bool:
        key = (node, value)
        known = self._kept.get(key, _UNKNOWN)
        if isinstance(known, bool):
            return known
        if known is None:
            raise Beyond("it refers to itself about one node")
        shape = self._shapes.by_node.get(node)
        if shape is None:
            raise UnreadableInput(f"the shape {node.n3()} is named and does not exist; write it, or correct the name")
        if self._asks(shape):
            raise Beyond(f"it names {node.n3()}, which has a SPARQL constraint")
        self._kept[key] = None
        try:
            kept = next(self._wrong(shape, value), None) is None
        except BaseException:
            del self._kept[key]
            raise
        self._kept[key] = kept
        return kept

    def _constraints_of(self, shape: Shape) -> list[tuple[str, Constraint]]:
        found = self._constraints.get(shape.node)
        if found is None:
            found = self._constraints[shape.node] = self._components.of(shape)
        return found

    def _selects_of(self, shape: Shape) -> list[SelectConstraint]:
        if SH.sparql not in shape.parameters or shape.deactivated:
            return []
        found = self._selects.get(shape.node)
        if found is None:
            found = self._selects[shape.node] = read_selects(self._shapes.graph, shape)
        return found

    def _shape(self, shape: Shape, node: Node) -> Shape:
        inner = self._shapes.by_node.get(node)
        if inner is None or inner.path is None:
            raise UnreadableInput(
                f"the shape {shape.node.n3()} has sh:property {node.n3()}, which has no sh:path; give it one"
            )
        return inner

    def _beyond(self, shape: Shape, seen: set[Node]) -> str:
        """Why a shape, or one that it refers to, is not for this engine."""
        if shape.node in seen or len(seen) > _DEPTH:
            return ""
        seen.add(shape.node)
        if shape.beyond:
            return shape.beyond
        for select in self._selects_of(shape):
            if select.beyond:
                return select.beyond
        for node in self._shapes.referred(shape):
            inner = self._shapes.by_node.get(node)
            reason = self._beyond(inner, seen) if inner else ""
            if reason:
                return reason
        return ""
