"""The functions of GeoSPARQL that the engine lacks, or evaluates anew for each row: distances, areas, relations.

Source: OGC GeoSPARQL 1.1, clauses 8 and 9, http://www.opengis.net/doc/IS/geosparql/1.1. The other functions are the
engine's own.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from functools import cache, cached_property, lru_cache
from importlib.util import find_spec
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

if TYPE_CHECKING:
    from kg.store.sphere import Outline

Term = NamedNode | BlankNode | Literal | Triple
Function = Callable[..., Term | None]

NAMESPACE = "http://www.opengis.net/def/function/geosparql/"
_GEO = "http://www.opengis.net/ont/geosparql#"
_WITH_SYSTEM = re.compile(r"\s*<([^<>]*)>\s*(.*)", re.DOTALL)
_CRS84 = ("http://www.opengis.net/def/crs/OGC/1.3/CRS84", "https://www.opengis.net/def/crs/OGC/1.3/CRS84")
# The mean radius of the Earth in metres (IUGG, R1), which the engine takes between points.
RADIUS = 6_371_008.8
# How many of each unit a metre is.
UNITS = MappingProxyType(
    {
        "http://www.opengis.net/def/uom/OGC/1.0/metre": 1.0,
        "http://www.opengis.net/def/uom/OGC/1.0/kilometre": 1e-3,
        "http://www.opengis.net/def/uom/OGC/1.0/degree": math.degrees(1 / RADIUS),
        "http://www.opengis.net/def/uom/OGC/1.0/radian": 1 / RADIUS,
        "http://qudt.org/vocab/unit/M": 1.0,
        "http://qudt.org/vocab/unit/KiloM": 1e-3,
        "http://qudt.org/vocab/unit/MI": 1 / 1609.344,
        "http://qudt.org/vocab/unit/MI_N": 1 / 1852,
    }
)
# Geometries, with what was prepared of them, that a reader remembers.
_REMEMBERED = 1024


class Functions:
    """The functions as the engine takes them: by IRI; `exhausted` says that memory was not enough for one of them.

    As in the engine's own functions, an argument that is no geometry in CRS84 is an error of the
    expression. The engine takes any exception for that, so a lack of memory has to be remembered.
    """

    def __init__(self) -> None:
        self.exhausted = False
        own: dict[str, Function] = {
            "distance": _distance,
            "metricArea": _metric_area,
            "metricDistance": _metric_distance,
            "sfContains": lambda one, other: _related("contains", one, other),
            "sfDisjoint": lambda one, other: _related("disjoint", one, other),
            "sfIntersects": lambda one, other: _related("intersects", one, other),
            "sfWithin": lambda one, other: _related("contains", other, one),
        }
        if find_spec("shapely") is None:  # an installation for checking files only: the engine does what it can
            own = {}
        self.table = {NamedNode(NAMESPACE + name): self._watched(function) for name, function in own.items()}

    def _watched(self, function: Function) -> Function:
        def call(*arguments: Term) -> Term | None:
            try:
                return function(*arguments)
            except (ImportError, MemoryError):
                self.exhausted = True
                raise

        return call


@cache
def functions() -> Functions:
    """The functions of this process, which answers one query at a time."""
    return Functions()


class _Geometry:
    """A geometry that was read, prepared for being asked the same thing often."""

    def __init__(self, shape: Any) -> None:
        import shapely

        self.shape = shape
        self.is_point = shape.geom_type == "Point"
        shapely.prepare(shape)

    @cached_property
    def outline(self) -> Outline:
        from kg.store.sphere import Outline

        return Outline.of(self.shape)


def _related(relation: str, one: Term, other: Term) -> Literal | None:
    prepared, asked = _geometry(one), _geometry(other)
    if prepared is None or asked is None:
        return None
    return Literal(bool(getattr(prepared.shape, relation)(asked.shape)))


def _distance(one: Term, other: Term, unit: Term) -> Literal | None:
    factor = UNITS.get(unit.value) if isinstance(unit, NamedNode) else None
    metres = _metres(one, other)
    return None if factor is None or metres is None else Literal(metres * factor)


def _metric_distance(one: Term, other: Term) -> Literal | None:
    metres = _metres(one, other)
    return None if metres is None else Literal(metres)


def _metric_area(one: Term) -> Literal | None:
    from kg.store import sphere

    geometry = _geometry(one)
    return None if geometry is None else Literal(sphere.area(geometry.shape) * RADIUS**2)


def _metres(one: Term, other: Term) -> float | None:
    from kg.store import sphere

    first, second = _geometry(one), _geometry(other)
    if first is None or second is None or first.shape.is_empty or second.shape.is_empty:
        return None
    if not (first.is_point and second.is_point) and first.shape.intersects(second.shape):
        return 0.0
    return sphere.distance(first.outline, second.outline) * RADIUS


def _geometry(term: Term) -> _Geometry | None:
    if not isinstance(term, Literal):
        return None
    return _read(term.value, term.datatype.value)


@lru_cache(maxsize=_REMEMBERED)
def _read(text: str, datatype: str) -> _Geometry | None:
    """Read a wktLiteral or a geoJSONLiteral in CRS84; None when it is none."""
    import shapely

    try:
        if datatype == f"{_GEO}wktLiteral":
            if stated := _WITH_SYSTEM.fullmatch(text):
                system, text = stated.groups()
                if system not in _CRS84:
                    return None
            shape = shapely.from_wkt(text)
        elif datatype == f"{_GEO}geoJSONLiteral":
            shape = shapely.from_geojson(text)
        else:
            return None
        if shape is None or not bool(shapely.is_valid(shape)):
            return None
        return _Geometry(shapely.force_2d(shape))
    except shapely.errors.ShapelyError:
        return None
