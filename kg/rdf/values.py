"""A cell's value as RDF terms: its property is its column's name, its datatype its Python type."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from pyoxigraph import Literal, NamedNode

from kg.facts.columns import Column
from kg.facts.values import Code, Duration, Edtf, Ref, Url
from kg.terms import FOE, XSD, Names, lower_camel

Pair = tuple[NamedNode, NamedNode | Literal]


def day(value: date) -> Literal:
    """One day as xsd:date."""
    return Literal(value.isoformat(), datatype=XSD["date"])


def dated(name: str, value: Edtf) -> Iterator[Pair]:
    """The earliest and latest possible day, and the source's own form where it is not exact."""
    yield FOE[f"{name}Earliest"], day(value.earliest)
    yield FOE[f"{name}Latest"], day(value.latest)
    if not value.exact:
        yield FOE[f"{name}Text"], Literal(value.text)


def pairs(column: Column, value: object, names: Names) -> Iterator[Pair]:
    """The predicate and object of each value of one cell; none when the cell is empty.

    `on` is an interval of one day, `as_of` the last day on which the source confirms the claim.
    """
    for single in value if isinstance(value, tuple) else () if value is None else (value,):
        if column.name == "as_of" and isinstance(single, Edtf):
            yield FOE["asOf"], day(single.latest)
        elif column.name == "on" and isinstance(single, Edtf):
            yield from dated("begin", single)
            yield from dated("end", single)
        elif isinstance(single, Edtf):
            yield from dated(lower_camel(column.name), single)
        else:
            yield FOE[lower_camel(column.name)], _term(column, single, names)


def _term(column: Column, value: object, names: Names) -> NamedNode | Literal:
    if isinstance(value, Ref):
        return names.thing(value)
    if isinstance(value, Code) and column.scheme is not None:
        return names.concept(column.scheme, value)
    if isinstance(value, bool):
        return Literal(value)
    if isinstance(value, Decimal):
        return Literal(_plain(value), datatype=XSD["decimal"])
    if isinstance(value, date):
        return day(value)
    if isinstance(value, Duration):
        return Literal(str(value), datatype=XSD["duration"])
    if isinstance(value, Url):
        return Literal(str(value), datatype=XSD["anyURI"])
    return Literal(str(value))


def _plain(value: Decimal) -> str:
    """The canonical form that the store would write, so that dump and store agree."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
