"""What each constraint component of SHACL Core asks of a focus node and its value nodes.

Those that judge values alone are in `kg.validation.values`; here are pairs of properties, closed shapes, and shapes
within shapes. Source: https://www.w3.org/TR/shacl/#core-components
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from functools import partial
from typing import Any

from rdflib import RDF, RDFS, SH, URIRef
from rdflib.term import Node

from kg.validation.comparing import in_order
from kg.validation.compiled import Shape, Shapes
from kg.validation.index import Index
from kg.validation.parameters import listed, number, only
from kg.validation.values import VALUE_MAKERS, Constraint, Failure, Values

Conforms = Callable[[Node, Node], bool]


class Components(Values):
    """Makes constraints out of parameters; one instance serves one validation."""

    def __init__(self, shapes: Shapes, data: Index, conforms: Conforms) -> None:
        super().__init__(shapes, data)
        self._conforms = conforms

    def of(self, shape: Shape) -> list[tuple[str, Constraint]]:
        """The constraints of a shape, each with the local name of its component.

        `sh:property` and `sh:sparql` are not among them: the engine follows these itself.
        """
        made: list[tuple[str, Constraint]] = []
        for parameter, values in shape.parameters.items():
            name = parameter.removeprefix(str(SH))
            make = _MAKERS.get(name)
            if make is not None:
                component = f"{name[0].upper()}{name[1:]}ConstraintComponent"
                made.extend((component, constraint) for constraint in make(self, shape, values))
        if SH.qualifiedValueShape in shape.parameters:
            made.extend(self._qualified(shape))
        return made

    def _equals(self, _shape: Shape, properties: tuple[Node, ...]) -> Iterator[Constraint]:
        for each in properties:

            def judge(focus: Node, values: Collection[Node], each: Node = each) -> Iterator[Failure]:
                other = self._data.objects(focus, each)
                for value in values:
                    if value not in other:
                        yield value, None
                for value in other:
                    if value not in values:
                        yield value, None

            yield judge

    def _disjoint(self, _shape: Shape, properties: tuple[Node, ...]) -> Iterator[Constraint]:
        for each in properties:

            def judge(focus: Node, values: Collection[Node], each: Node = each) -> Iterator[Failure]:
                other = self._data.objects(focus, each)
                for value in values:
                    if value in other:
                        yield value, None

            yield judge

    def _less_than(self, _shape: Shape, properties: tuple[Node, ...]) -> Iterator[Constraint]:
        yield from self._ordered(properties, lambda one, other: bool(one < other))

    def _less_than_or_equals(self, _shape: Shape, properties: tuple[Node, ...]) -> Iterator[Constraint]:
        yield from self._ordered(properties, lambda one, other: bool(one <= other))

    def _ordered(self, properties: tuple[Node, ...], good: Callable[[Any, Any], bool]) -> Iterator[Constraint]:
        for each in properties:

            def judge(focus: Node, values: Collection[Node], each: Node = each) -> Iterator[Failure]:
                for value in values:
                    for other in self._data.objects(focus, each):
                        if not in_order(value, other, good):
                            yield value, None

            yield judge

    def _closed(self, shape: Shape, values: tuple[Node, ...]) -> Iterator[Constraint]:
        if str(only(shape, "sh:closed", values)) not in ("true", "1"):
            return
        graph = self._shapes.graph
        allowed: set[Node | None] = {
            inner.path.predicate
            for each in shape.parameters.get(SH.property, ())
            if (inner := self._shapes.by_node.get(each)) and inner.path
        }
        for head in graph.objects(shape.node, SH.ignoredProperties):
            allowed.update(listed(shape, "sh:ignoredProperties", graph, head))

        def judge(_focus: Node, found: Collection[Node]) -> Iterator[Failure]:
            for node in found:
                for predicate in self._data.predicates_of(node):
                    if predicate not in allowed:
                        for value in self._data.objects(node, predicate):
                            if (predicate, value) != (RDF.type, RDFS.Resource):
                                yield value, URIRef(str(predicate))

        yield judge

    def _node(self, _shape: Shape, shapes: tuple[Node, ...]) -> Iterator[Constraint]:
        for each in shapes:
            yield self._each(partial(self._conforms, each))

    def _not(self, _shape: Shape, shapes: tuple[Node, ...]) -> Iterator[Constraint]:
        for each in shapes:
            yield self._each(partial(self._violates, each))

    def _violates(self, shape: Node, value: Node) -> bool:
        return not self._conforms(shape, value)

    def _and(self, shape: Shape, heads: tuple[Node, ...]) -> Iterator[Constraint]:
        yield from self._counted("sh:and", shape, heads, lambda kept, of: kept == of)

    def _or(self, shape: Shape, heads: tuple[Node, ...]) -> Iterator[Constraint]:
        for head in heads:
            members = tuple(listed(shape, "sh:or", self._shapes.graph, head))

            def test(value: Node, members: tuple[Node, ...] = members) -> bool:
                return any(self._conforms(each, value) for each in members)

            yield self._each(test)

    def _xone(self, shape: Shape, heads: tuple[Node, ...]) -> Iterator[Constraint]:
        yield from self._counted("sh:xone", shape, heads, lambda kept, _of: kept == 1)

    def _counted(
        self, name: str, shape: Shape, heads: tuple[Node, ...], good: Callable[[int, int], bool]
    ) -> Iterator[Constraint]:
        for head in heads:
            members = tuple(listed(shape, name, self._shapes.graph, head))

            def test(value: Node, members: tuple[Node, ...] = members) -> bool:
                return good(sum(self._conforms(each, value) for each in members), len(members))

            yield self._each(test)

    def _qualified(self, shape: Shape) -> Iterator[tuple[str, Constraint]]:
        graph = self._shapes.graph
        bounds = {
            name: number(shape, f"sh:{name}", found)
            for name in ("qualifiedMinCount", "qualifiedMaxCount")
            if (found := tuple(graph.objects(shape.node, SH[name])))
        }
        apart = any(str(each) in ("true", "1") for each in graph.objects(shape.node, SH.qualifiedValueShapesDisjoint))
        for wanted in shape.parameters[SH.qualifiedValueShape]:
            siblings = {
                other
                for parent in graph.subjects(SH.property, shape.node)
                for inner in graph.objects(parent, SH.property)
                for other in graph.objects(inner, SH.qualifiedValueShape)
                if apart and other != wanted
            }
            for name, bound in bounds.items():

                def judge(
                    _focus: Node,
                    values: Collection[Node],
                    wanted: Node = wanted,
                    siblings: set[Node] = siblings,
                    name: str = name,
                    bound: int = bound,
                ) -> Iterator[Failure]:
                    count = sum(
                        self._conforms(wanted, value) and not any(self._conforms(each, value) for each in siblings)
                        for value in values
                    )
                    if count < bound if name == "qualifiedMinCount" else count > bound:
                        yield None, None

                yield f"Q{name[1:]}ConstraintComponent", judge


_MAKERS: dict[str, Callable[[Components, Shape, tuple[Node, ...]], Iterator[Constraint]]] = {
    **VALUE_MAKERS,
    "and": Components._and,
    "closed": Components._closed,
    "disjoint": Components._disjoint,
    "equals": Components._equals,
    "lessThan": Components._less_than,
    "lessThanOrEquals": Components._less_than_or_equals,
    "node": Components._node,
    "not": Components._not,
    "or": Components._or,
    "xone": Components._xone,
}
