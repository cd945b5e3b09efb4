"""Land on the maps: cut at the edges, across the antimeridian, and without what is too small to see."""

import re

import httpx
import pytest

from server.pages.land import path_within, read_rings

SIZE = (100.0, 100.0)
SQUARE = (
    "<http://www.opengis.net/def/crs/OGC/1.3/CRS84> "
    "MULTIPOLYGON (((-5 0, 5 0, 5 10, -5 10, -5 0)), ((170 0, 180 0, 180 10, 170 0)))"
)


def corners(path: str) -> set[tuple[float, float]]:
    return {(float(x), float(y)) for x, y in re.findall(r"[ML](-?[\d.]+) (-?[\d.]+)", path)}


def test_what_leaves_the_picture_is_cut_at_its_edge():
    path = path_within(read_rings([SQUARE]), west=0, north=10, across=10, size=SIZE)
    assert corners(path) == {(0, 0), (50, 0), (50, 100), (0, 100)}


def test_a_window_around_it_has_the_corner_of_the_picture():
    path = path_within(read_rings([SQUARE]), west=-4, north=9, across=2, size=SIZE)
    assert corners(path) == {(0, 0), (100, 0), (100, 100), (0, 100)}


@pytest.mark.parametrize("west", [175, -185])
def test_the_antimeridian_is_no_edge(west):
    path = path_within(read_rings([SQUARE]), west=west, north=10, across=10, size=SIZE)
    assert max(x for x, _ in corners(path)) == 50
    assert path.count("M") == 1


def test_far_away_and_very_small_land_is_left_out():
    rings = read_rings([SQUARE, "POLYGON ((50 0, 50.001 0, 50.001 0.001, 50 0))"])
    assert len(rings) == 3
    assert path_within(rings, west=45, north=10, across=10, size=SIZE) == ""
    assert path_within(rings, west=-100, north=-50, across=10, size=SIZE) == ""


def test_the_page_of_a_place_shows_land(served):
    page = httpx.get(f"{served}/doc/territory/crimea", headers={"Accept": "text/html"}).text
    (path,) = re.findall(r'<path class="land" d="([^"]+)"', page)
    assert 1000 < len(path) < 40_000
    assert "Land is drawn without borders" in page
