"""Land on the small maps: the outlines in the graph, filled as one and without the borders between them."""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

_RING = re.compile(r"\(([-0-9.eE ,]+)\)")
# In units of the picture: finer steps cannot be seen, and make the page three times as large.
_STEP = 1.5
Point = tuple[float, float]


@dataclass(frozen=True)
class Ring:
    """A closed line: longitudes and latitudes in degrees, and the box around them (west, south, east, north)."""

    longitudes: array[float]
    latitudes: array[float]
    box: tuple[float, float, float, float]


def read_rings(outlines: Iterable[str]) -> list[Ring]:
    """The rings of polygons and multipolygons in WKT, holes among them.

    >>> ring, = read_rings(["<http://www.opengis.net/def/crs/OGC/1.3/CRS84> POLYGON ((0 0, 2 0, 2 1, 0 0))"])
    >>> ring.box
    (0.0, 0.0, 2.0, 1.0)
    """
    rings = []
    for outline in outlines:
        for text in _RING.findall(outline):
            points = [pair.split() for pair in text.split(",")]
            longitudes = array("f", (float(point[0]) for point in points))
            latitudes = array("f", (float(point[1]) for point in points))
            box = (min(longitudes), min(latitudes), max(longitudes), max(latitudes))
            rings.append(Ring(longitudes, latitudes, box))
    return rings


def path_within(rings: Iterable[Ring], west: float, north: float, across: float, size: Point) -> str:
    """The path of an SVG with the land in a window `across` degrees wide, on a picture of `size`.

    The scale is that of plate carrée: as many units a degree in both directions. A window may lie across
    the antimeridian. Outlines that touch or overlap become one area: fill it by the rule nonzero.
    """
    scale = size[0] / across
    south, east = north - size[1] / scale, west + across
    parts = []
    for ring in rings:
        for turn in (-360.0, 0.0, 360.0):
            if ring.box[0] + turn > east or ring.box[2] + turn < west or ring.box[1] > north or ring.box[3] < south:
                continue
            points = [
                ((longitude + turn - west) * scale, (north - latitude) * scale)
                for longitude, latitude in zip(ring.longitudes, ring.latitudes, strict=True)
            ]
            parts.append(_written(_clipped(points, size)))
    return "".join(parts)


def _written(points: Sequence[Point]) -> str:
    """A ring as a path in steps of no less than `_STEP`; what is smaller than that is left out."""
    kept: list[Point] = []
    for x, y in points:
        if not kept or abs(x - kept[-1][0]) + abs(y - kept[-1][1]) >= _STEP:
            kept.append((round(x, 1), round(y, 1)))
    if len(kept) < 3:
        return ""
    return "M" + "L".join(f"{x:g} {y:g}" for x, y in kept) + "Z"


def _clipped(points: list[Point], size: Point) -> list[Point]:
    """A ring cut at the edges of the picture, edge by edge (the algorithm of Sutherland and Hodgman)."""
    for axis, limit, above in ((0, 0.0, True), (0, size[0], False), (1, 0.0, True), (1, size[1], False)):
        kept: list[Point] = []
        for index, point in enumerate(points):
            before = points[index - 1]
            inside, was = ((each[axis] >= limit) == above for each in (point, before))
            if inside != was and point[axis] != before[axis]:
                share = (limit - before[axis]) / (point[axis] - before[axis])
                other = before[1 - axis] + share * (point[1 - axis] - before[1 - axis])
                kept.append((limit, other) if axis == 0 else (other, limit))
            if inside:
                kept.append(point)
        points = kept
    return points
