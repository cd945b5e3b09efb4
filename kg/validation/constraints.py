"""What each constraint component of SHACL Core asks of a focus node and its value nodes.

Comparisons and datatypes are judged as pySHACL judges them, so that both engines call the same nodes wrong.
Source: https://www.w3.org/TR/shacl/#core-components
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from rdflib import RDF, RDFS, SH, XSD, BNode, Graph, Literal, URIRef
from rdflib.term import Node

from kg.errors import UnreadableInput
from kg.validation.compiled import Shape, Shapes
from kg.validation.index import Index

# What is wrong: the value, or None where the values as a whole are, and the path where it is not the shape's own.
Failure = tuple[Node | None, URIRef | None]
Conforms = Callable[[Node, Node], bool]
Constraint = Callable[[Node, Collection[Node]], Iterator[Failure]]
Test = Callable[[Node], bool]
_KINDS: dict[Node, tuple[type, ...]] = {
    SH.IRI: (URIRef,),
    SH.BlankNode: (BNode,),
    SH.Literal: (Literal,),
    SH.BlankNodeOrIRI: (BNode, URIRef),
    SH.BlankNodeOrLiteral: (BNode, Literal),
    SH.IRIOrLiteral: (URIRef, Literal),
}
_NATIVE: dict[Node, type | tuple[type, ...]] = {
    XSD.string: (str, bytes),
    RDF.langString: (str, bytes),
    XSD.integer: int,
    XSD.float: float,
    XSD.decimal: Decimal,
    XSD.boolean: bool,
    XSD.date: date,
    XSD.time: time,
    XSD.dateTime: datetime,
}
_ORDERED = (int, Decimal, date, str)


class Components:
    """Makes constraints out of parameters; one instance serves one validation."""

    def __init__(self, shapes: Shapes, data: Index, conforms: Conforms) -> None:
        self._shapes = shapes
        self._data = data
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

    def _each(self, test: Test) -> Constraint:
        def judge(_focus: Node, values: Collection[Node]) -> Iterator[Failure]:
            for value in values:
                if not test(value):
                    yield value, None

        return judge

    def _class(self, _shape: Shape, classes: tuple[Node, ...]) -> Iterator[Constraint]:
        for wanted in classes:

            def test(value: Node, wanted: Node = wanted) -> bool:
                below = self._data.subclasses(wanted)
                return not isinstance(value, Literal) and any(
                    each in below for each in self._data.objects(value, RDF.type)
                )

            yield self._each(test)

    def _datatype(self, shape: Shape, values: tuple[Node, ...]) -> Iterator[Constraint]:
        wanted = _only(shape, "sh:datatype", values)
        native = _NATIVE.get(wanted)

        def test(value: Node) -> bool:
            if not isinstance(value, Literal):
                return False
            if value.datatype == wanted:
                fits = not value.ill_typed
            elif wanted in (RDFS.Literal, RDFS.Datatype):
                return wanted == RDFS.Literal or value.datatype is not None
            else:
                plain = value.datatype is None
                fits = plain and wanted == (RDF.langString if value.language else XSD.string)
            return fits and (native is None or isinstance(value.value, native))

        yield self._each(test)

    def _node_kind(self, shape: Shape, values: tuple[Node, ...]) -> Iterator[Constraint]:
        kinds = _KINDS.get(_only(shape, "sh:nodeKind", values), ())
        yield self._each(lambda value: isinstance(value, kinds))

    def _min_count(self, shape: Shape, values: tuple[Node, ...]) -> Iterator[Constraint]:
        least = _number(shape, "sh:minCount", values)
        yield lambda _focus, found: iter(((None, None),) if len(found) < least else ())

    def _max_count(self, shape: Shape, values: tuple[Node, ...]) -> Iterator[Constraint]:
        most = _number(shape, "sh:maxCount", values)
        yield lambda _focus, found: iter(((None, None),) if len(found) > most else ())

    def _bound(self, good: Callable[[int], bool]) -> Callable[..., Iterator[Constraint]]:
        def make(_self: Any, _shape: Shape, bounds: tuple[Node, ...]) -> Iterator[Constraint]:
            for bound in bounds:

                def test(value: Node, bound: Node = bound) -> bool:
                    order = compare(value, bound)
                    return order is not None and good(order)

                yield self._each(test)

        return make

    def _min_exclusive(self, shape: Shape, values: tuple[Node, ...]) -> Iterator[Constraint]:
        yield from self._bound(lambda order: order > 0)(self, shape, values)

    def _min_inclusive(self, shape: Shape, values: tuple[Node, ...]) -> Iterator[Constraint]:
        yield from self._bound(lambda order: order >= 0)(self, shape, values)

    def _max_exclusive(self, shape: Shape, values: tuple[Node, ...]) -> Iterator[Constraint]:
        yield from self._bound(lambda order: order < 0)(self, shape, values)

    def _max_inclusive(self, shape: Shape, values: tuple[Node, ...]) -> Iterator[Constraint]:
        yield from self._bound(lambda order: order <= 0)(self, shape, values)

    def _min_length(self, shape: Shape, values: tuple[Node, ...]) -> Iterator[Constraint]:
        least = _number(shape, "sh:minLength", values)
        yield self._each(lambda value: least == 0 or (not isinstance(value, BNode) and len(_text(value)) >= least))

    def _max_length(self, shape: Shape, values: tuple[Node, ...]) -> Iterator[Constraint]:
        most = _number(shape, "sh:maxLength", values)
        yield self._each(lambda value: not isinstance(value, BNode) and len(_text(value)) <= most)

    def _pattern(self, shape: Shape, values: tuple[Node, ...]) -> Iterator[Constraint]:
        flags = "".join(str(each).lower() for each in self._shapes.graph.objects(shape.node, SH.flags))
        options = (re.IGNORECASE if "i" in flags else 0) | (re.MULTILINE if "m" in flags else 0)
        for value in values:
            try:
                search = re.compile(str(value), options).search
            except re.error as error:
                raise UnreadableInput(
                    f"the shape {shape.node.n3()} has a sh:pattern that is no regular expression: {error}; correct it"
                ) from error

            def test(value: Node, search: Callable[[str], object] = search) -> bool:
                return not isinstance(value, BNode) and search(_text(value)) is not None

            yield self._each(test)

    def _language_in(self, shape: Shape, values: tuple[Node, ...]) -> Iterator[Constraint]:
        wanted = {str(each).lower() for each in self._members(shape, "sh:languageIn", values)}

        def test(value: Node) -> bool:
            if not isinstance(value, Literal) or not value.language:
                return False
            tag = str(value.language).lower()
            return "*" in wanted or tag in wanted or tag.split("-")[0] in wanted

        yield self._each(test)

    def _unique_lang(self, shape: Shape, values: tuple[Node, ...]) -> Iterator[Constraint]:
        if str(_only(shape, "sh:uniqueLang", values)) in ("true", "1"):
            yield _twice

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
                        if not _in_order(value, other, good):
                            yield value, None

            yield judge

    def _has_value(self, _shape: Shape, wanted: tuple[Node, ...]) -> Iterator[Constraint]:
        for each in wanted:

            def judge(_focus: Node, values: Collection[Node], each: Node = each) -> Iterator[Failure]:
                if each not in values:
                    yield None, None

            yield judge

    def _in(self, shape: Shape, values: tuple[Node, ...]) -> Iterator[Constraint]:
        allowed = frozenset(self._members(shape, "sh:in", values))
        yield self._each(lambda value: value in allowed)

    def _closed(self, shape: Shape, values: tuple[Node, ...]) -> Iterator[Constraint]:
        if str(_only(shape, "sh:closed", values)) not in ("true", "1"):
            return
        graph = self._shapes.graph
        allowed: set[Node | None] = {
            inner.path.predicate
            for each in shape.parameters.get(SH.property, ())
            if (inner := self._shapes.by_node.get(each)) and inner.path
        }
        for head in graph.objects(shape.node, SH.ignoredProperties):
            allowed.update(_list(shape, "sh:ignoredProperties", graph, head))

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
            yield self._each(lambda value, each=each: self._conforms(each, value))  # type: ignore[misc]

    def _not(self, _shape: Shape, shapes: tuple[Node, ...]) -> Iterator[Constraint]:
        for each in shapes:
            yield self._each(lambda value, each=each: not self._conforms(each, value))  # type: ignore[misc]

    def _and(self, shape: Shape, heads: tuple[Node, ...]) -> Iterator[Constraint]:
        yield from self._counted("sh:and", shape, heads, lambda kept, of: kept == of)

    def _or(self, shape: Shape, heads: tuple[Node, ...]) -> Iterator[Constraint]:
        for head in heads:
            members = tuple(_list(shape, "sh:or", self._shapes.graph, head))

            def test(value: Node, members: tuple[Node, ...] = members) -> bool:
                return any(self._conforms(each, value) for each in members)

            yield self._each(test)

    def _xone(self, shape: Shape, heads: tuple[Node, ...]) -> Iterator[Constraint]:
        yield from self._counted("sh:xone", shape, heads, lambda kept, _of: kept == 1)

    def _counted(
        self, name: str, shape: Shape, heads: tuple[Node, ...], good: Callable[[int, int], bool]
    ) -> Iterator[Constraint]:
        for head in heads:
            members = tuple(_list(shape, name, self._shapes.graph, head))

            def test(value: Node, members: tuple[Node, ...] = members) -> bool:
                return good(sum(self._conforms(each, value) for each in members), len(members))

            yield self._each(test)

    def _qualified(self, shape: Shape) -> Iterator[tuple[str, Constraint]]:
        graph = self._shapes.graph
        bounds = {
            name: _number(shape, f"sh:{name}", found)
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

    def _members(self, shape: Shape, name: str, values: tuple[Node, ...]) -> Iterator[Node]:
        return _list(shape, name, self._shapes.graph, _only(shape, name, values))


_MAKERS: dict[str, Callable[[Components, Shape, tuple[Node, ...]], Iterator[Constraint]]] = {
    "and": Components._and,
    "class": Components._class,
    "closed": Components._closed,
    "datatype": Components._datatype,
    "disjoint": Components._disjoint,
    "equals": Components._equals,
    "hasValue": Components._has_value,
    "in": Components._in,
    "languageIn": Components._language_in,
    "lessThan": Components._less_than,
    "lessThanOrEquals": Components._less_than_or_equals,
    "maxCount": Components._max_count,
    "maxExclusive": Components._max_exclusive,
    "maxInclusive": Components._max_inclusive,
    "maxLength": Components._max_length,
    "minCount": Components._min_count,
    "minExclusive": Components._min_exclusive,
    "minInclusive": Components._min_inclusive,
    "minLength": Components._min_length,
    "node": Components._node,
    "nodeKind": Components._node_kind,
    "not": Components._not,
    "or": Components._or,
    "pattern": Components._pattern,
    "uniqueLang": Components._unique_lang,
    "xone": Components._xone,
}


def compare(one: Node, other: Node) -> int | None:
    """-1, 0 or 1 as `one` is less than, equal to or more than `other`; None when they cannot be compared."""
    if not isinstance(one, Literal) or not isinstance(other, Literal):
        return None
    first: Any = one.value
    second: Any = other.value
    if type(first) is type(second) and type(first) in _ORDERED and one.datatype == other.datatype:
        if type(first) is str and one.language != other.language:
            return None
        return int(first > second) - int(first < second)
    if isinstance(first, str) != isinstance(second, str):
        return None
    try:
        if one.eq(other):
            return 0
        if isinstance(first, (datetime, time)):
            return 0 if first == second else 1 if first > second else -1
        return 1 if one > other else -1
    except (TypeError, NotImplementedError):
        return None


def _in_order(one: Node, other: Node, good: Callable[[Any, Any], bool]) -> bool:
    """Whether two nodes are in order as pySHACL has it: IRIs and strings by text, literals as rdflib does."""
    first: Any = one.value if isinstance(one, Literal) else one
    second: Any = other.value if isinstance(other, Literal) else other
    if isinstance(one, BNode) or isinstance(other, BNode) or isinstance(first, str) != isinstance(second, str):
        return False
    if isinstance(first, str):
        return good(str(first), str(second))
    try:
        return good(first, second) if type(first) is type(second) and type(first) in _ORDERED else good(one, other)
    except TypeError:
        return False


def _twice(_focus: Node, values: Collection[Node]) -> Iterator[Failure]:
    seen: dict[str, int] = {}
    for value in values:
        if isinstance(value, Literal) and value.language:
            tag = str(value.language).lower()
            seen[tag] = seen.get(tag, 0) + 1
    for count in seen.values():
        if count > 1:
            yield None, None


def _text(value: Node) -> str:
    if isinstance(value, Literal) and value.value is not None and value.datatype in (None, XSD.string, RDF.langString):
        return str(value.value)
    return str(value)


def _only(shape: Shape, name: str, values: tuple[Node, ...]) -> Node:
    if len(values) != 1:
        raise UnreadableInput(f"the shape {shape.node.n3()} has {len(values)} values of {name}; keep one")
    return values[0]


def _number(shape: Shape, name: str, values: tuple[Node, ...]) -> int:
    value = _only(shape, name, values)
    if not isinstance(value, Literal) or not isinstance(value.value, int):
        raise UnreadableInput(f"the shape {shape.node.n3()} has {name} {value.n3()}; write a whole number")
    return value.value


def _list(shape: Shape, name: str, graph: Graph, head: Node) -> Iterator[Node]:
    try:
        yield from graph.items(head)
    except ValueError as error:
        raise UnreadableInput(f"the shape {shape.node.n3()} has an endless list in {name}; correct it") from error
