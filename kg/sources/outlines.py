"""Outlines of units of land: simplified together, so that neighbours keep one border, and written as WKT."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import shapely

# A ten-thousandth of a degree, about 11 m: the grid that all corners lie on.
GRID = 1e-4
DECIMALS = 4
# Corners go while the triangle that each spans has less than half this squared, in degrees: some 2 km beside a line.
TOLERANCE = 0.03
# Units smaller than this, in square degrees (about 1,000 km2), keep all their corners.
SMALL = 0.1
# An island goes when it is smaller than this, in square degrees (about 30 km2), and a smaller share of its unit,
# and some larger part of the unit is nearer than this, in degrees.
LEAST_ISLAND, LEAST_SHARE, FAR = 0.0025, 0.001, 0.5


def outlines(shapes: Mapping[str, Any]) -> dict[str, str]:
    """Return the outline of each unit as WKT in CRS84: valid multipolygons, shells counter-clockwise.

    `shapes` are the units by code, each a mapping as in GeoJSON, in degrees, longitude first; units that
    are neighbours share the corners of their border. A unit that is small keeps all its corners, and
    what it needs is cut out of its neighbours, so that none lies in another.
    """
    whole = shapely.set_precision([shapely.geometry.shape(shape) for shape in shapes.values()], GRID)
    drawn = shapely.coverage_simplify([_without_specks(unit) for unit in whole], TOLERANCE)
    small = shapely.area(whole) < SMALL
    drawn[small] = whole[small]
    neighbours = shapely.STRtree(drawn)
    for number in np.flatnonzero(small):
        for other in neighbours.query(drawn[number], predicate="intersects"):
            if other != number and not small[other]:
                drawn[other] = shapely.difference(drawn[other], drawn[number], grid_size=GRID)
    return {code: _text(unit) for code, unit in zip(shapes, drawn, strict=True)}


def _without_specks(unit: Any) -> Any:
    parts = shapely.get_parts(unit)
    areas = shapely.area(parts)
    large = (areas >= LEAST_ISLAND) | (areas >= LEAST_SHARE * areas.sum())
    land = shapely.multipolygons(parts[large])
    shapely.prepare(land)
    return shapely.multipolygons(parts[large | ~shapely.dwithin(land, parts, FAR)])


def _text(unit: Any) -> str:
    polygons = [part for part in shapely.get_parts(unit) if part.geom_type == "Polygon"]
    turned = shapely.normalize(shapely.multipolygons(polygons))
    return str(shapely.to_wkt(shapely.orient_polygons(turned), rounding_precision=DECIMALS))
