"""What the components of SHACL Core that judge values by themselves ask: kinds, counts, ranges, texts, lists.

Comparisons and datatypes are judged as pySHACL judges them, so that both engines call the same nodes wrong.
Source: https://www.w3.org/TR/shacl/#core-components
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from rdflib import RDF, RDFS, SH, XSD, BNode, Literal, URIRef
from rdflib.term import Node

from kg.errors import UnreadableInput
from kg.validation.comparing import compare
from kg.validation.compiled import Shape, Shapes
from kg.validation.index import Index
from kg.validation.parameters import listed, number, only

# What is wrong: the value, or None where the values as a whole are, and the path where it is not the shape's own.
Failure = tuple[Node | None, URIRef | None]
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


class Values:
    """Makes constraints out of the parameters that concern values alone."""

    def __init__(self, shapes: Shapes, data: Index) -> None:
        self._shapes = shapes
        self._data = data

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
        wanted = only(shape, "sh:datatype", values)
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
        kinds = _KINDS.get(only(shape, "sh:nodeKind", values), ())
        yield self._each(lambda value: isinstance(value, kinds))

    def _min_count(self, shape: Shape, values: tuple[Node, ...]) -> Iterator[Constraint]:
        least = number(shape, "sh:minCount", values)
        yield lambda _focus, found: iter(((None, None),) if len(found) < least else ())

    def _max_count(self, shape: Shape, values: tuple[Node, ...]) -> Iterator[Constraint]:
        most = number(shape, "sh:maxCount", values)
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
        least = number(shape, "sh:minLength", values)
        yield self._each(lambda value: least == 0 or (not isinstance(value, BNode) and len(_text(value)) >= least))

    def _max_length(self, shape: Shape, values: tuple[Node, ...]) -> Iterator[Constraint]:
        most = number(shape, "sh:maxLength", values)
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
        if str(only(shape, "sh:uniqueLang", values)) in ("true", "1"):
            yield _twice

    def _has_value(self, _shape: Shape, wanted: tuple[Node, ...]) -> Iterator[Constraint]:
        for each in wanted:

            def judge(_focus: Node, values: Collection[Node], each: Node = each) -> Iterator[Failure]:
                if each not in values:
                    yield None, None

            yield judge

    def _in(self, shape: Shape, values: tuple[Node, ...]) -> Iterator[Constraint]:
        allowed = frozenset(self._members(shape, "sh:in", values))
        yield self._each(lambda value: value in allowed)

    def _members(self, shape: Shape, name: str, values: tuple[Node, ...]) -> Iterator[Node]:
        return listed(shape, name, self._shapes.graph, only(shape, name, values))


VALUE_MAKERS: dict[str, Callable[[Values, Shape, tuple[Node, ...]], Iterator[Constraint]]] = {
    "class": Values._class,
    "datatype": Values._datatype,
    "hasValue": Values._has_value,
    "in": Values._in,
    "languageIn": Values._language_in,
    "maxCount": Values._max_count,
    "maxExclusive": Values._max_exclusive,
    "maxInclusive": Values._max_inclusive,
    "maxLength": Values._max_length,
    "minCount": Values._min_count,
    "minExclusive": Values._min_exclusive,
    "minInclusive": Values._min_inclusive,
    "minLength": Values._min_length,
    "nodeKind": Values._node_kind,
    "pattern": Values._pattern,
    "uniqueLang": Values._unique_lang,
}


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
