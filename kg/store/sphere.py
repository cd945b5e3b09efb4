"""Distances and areas on the unit sphere, between any two geometries in degrees."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import shapely

# Edges are straight in degrees; cut to this length, an arc of a great circle is at most 30 m of the Earth beside them.
_LONGEST_EDGE = 0.5
_BLOCK = 64
Array = np.ndarray[Any, np.dtype[np.float64]]


@dataclass(frozen=True)
class Outline:
    """The edges of a geometry as arcs on the unit sphere.

    A point is an edge from itself to itself. `begins` and `ends` have one row of x, y, z for each edge.
    """

    begins: Array
    ends: Array

    @classmethod
    def of(cls, geometry: Any) -> Outline:
        """Take a geometry in degrees, longitude first; raise ValueError when it is empty."""
        begins, ends = [], []
        for line in _lines(shapely.segmentize(geometry, _LONGEST_EDGE)):
            corners = _on_sphere(shapely.get_coordinates(line))
            begins.append(corners[:-1] if len(corners) > 1 else corners)
            ends.append(corners[1:] if len(corners) > 1 else corners)
        if not begins:
            raise ValueError("an empty geometry is at no distance from anything")
        return cls(np.concatenate(begins), np.concatenate(ends))

    @cached_property
    def planes(self) -> tuple[Array, Array, Array]:
        """For each edge three vectors: across its plane, and along it at either end; across is zero for a point."""
        across = np.cross(self.begins, self.ends)
        lengths = np.linalg.norm(across, axis=1, keepdims=True)
        across = np.divide(across, lengths, out=np.zeros_like(across), where=lengths > 1e-12)
        return across, np.cross(across, self.begins), np.cross(self.ends, across)

    @cached_property
    def blocks(self) -> tuple[Outline, ...]:
        """The edges in parts of _BLOCK."""
        starts = range(0, len(self.begins), _BLOCK)
        return tuple(Outline(self.begins[at : at + _BLOCK], self.ends[at : at + _BLOCK]) for at in starts)

    @cached_property
    def balls(self) -> tuple[Array, Array]:
        """The middle and the radius of a ball around each block."""
        middles, radii = [], []
        for block in self.blocks:
            corners = np.concatenate((block.begins, block.ends))
            middles.append((corners.min(axis=0) + corners.max(axis=0)) / 2)
            radii.append(np.linalg.norm(corners - middles[-1], axis=1).max())
        return np.array(middles), np.array(radii)

    def angle_to(self, points: Array) -> float:
        """The smallest angle between a point and an edge: to the arc where the point lies beside it, else to an end."""
        best = min(_chord(points, self.begins), _chord(points, self.ends))
        across, after, before = self.planes
        beside = (points @ after.T > 0) & (points @ before.T > 0)
        if not beside.any():
            return _angle(best)
        return min(_angle(best), math.asin(min(1.0, float(np.abs(points @ across.T)[beside].min()))))


def distance(one: Outline, other: Outline) -> float:
    """The shortest way between two outlines that do not cross, in radians.

    Blocks are compared in the order of how near they can be, until none can be nearer than what was found.
    """
    if len(one.begins) == 1:
        return other.angle_to(one.begins)
    if len(other.begins) == 1:
        return one.angle_to(other.begins)
    (middles, radii), (other_middles, other_radii) = one.balls, other.balls
    apart = np.linalg.norm(middles[:, None] - other_middles[None], axis=2)
    least = np.maximum(apart - radii[:, None] - other_radii[None], 0.0).ravel()
    nearest = min(_chord(block.begins, other.begins[::_BLOCK]) for block in one.blocks)
    candidates = np.flatnonzero(least <= nearest)
    best = _angle(nearest)
    for pair in candidates[np.argsort(least[candidates], kind="stable")]:
        if _angle(least[pair]) >= best:
            break
        here, there = one.blocks[pair // len(other_radii)], other.blocks[pair % len(other_radii)]
        best = min(best, there.angle_to(np.concatenate((here.begins, here.ends))))
        best = min(best, here.angle_to(np.concatenate((there.begins, there.ends))))
    return best


def area(geometry: Any) -> float:
    """The area of the polygons of a geometry, in steradians; holes are taken off.

    Source: Chamberlain and Duquette, Some Algorithms for Polygons on a Sphere, JPL Publication 07-03.
    """
    total = 0.0
    for polygon in shapely.get_parts(shapely.segmentize(geometry, _LONGEST_EDGE)):
        if polygon.geom_type == "Polygon":
            total += abs(_ring_area(polygon.exterior)) - sum(abs(_ring_area(ring)) for ring in polygon.interiors)
    return total


def _ring_area(ring: Any) -> float:
    longitudes, latitudes = np.radians(shapely.get_coordinates(ring)).T
    sines = np.sin(latitudes)
    return float(np.sum(np.diff(longitudes) * (2 + sines[:-1] + sines[1:])) / 2)


def _lines(geometry: Any) -> list[Any]:
    lines = []
    for part in shapely.get_parts(geometry):
        if part.geom_type == "Polygon":
            lines.extend(shapely.get_rings(part))
        elif part.geom_type in ("MultiPolygon", "MultiLineString", "MultiPoint", "GeometryCollection"):
            lines.extend(_lines(part))
        elif not part.is_empty:
            lines.append(part)
    return lines


def _on_sphere(degrees: Array) -> Array:
    longitudes, latitudes = np.radians(degrees).T
    flat = np.cos(latitudes)
    return np.stack((flat * np.cos(longitudes), flat * np.sin(longitudes), np.sin(latitudes)), axis=1)


def _chord(points: Array, others: Array) -> float:
    """The shortest chord between two sets of points; its square is 2 - 2 cos."""
    nearest = (points @ others.T).argmax()
    row, column = divmod(int(nearest), len(others))
    return float(np.linalg.norm(points[row] - others[column]))


def _angle(chord: float) -> float:
    return 2 * math.asin(min(1.0, float(chord) / 2))
