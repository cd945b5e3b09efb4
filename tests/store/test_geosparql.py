"""Functions of GeoSPARQL in a real reader: known distances, the engine and shapely as oracles, errors, limits."""

import json
import math
import random
import re
from pathlib import Path

import pytest
import shapely
from pyoxigraph import Literal, NamedNode, Quad, Store

from kg.algebra import look
from kg.settings import Settings
from kg.store import answers, geosparql, sphere
from kg.store.formats import CSV, JSON
from kg.store.generation import Generation
from kg.store.process import Reader
from kg.terms import GEO

PREFIXES = (
    f"PREFIX geof: <{geosparql.NAMESPACE}> PREFIX geo: <{GEO}> "
    "PREFIX uom: <http://www.opengis.net/def/uom/OGC/1.0/> PREFIX unit: <http://qudt.org/vocab/unit/> "
)
SQUARE = '"POLYGON ((0 0, 2 0, 2 2, 0 2, 0 0))"^^geo:wktLiteral'
DEGREE = 111_195.08  # metres of a great circle: 2 pi R / 360


def wkt(text):
    return f'"{text}"^^geo:wktLiteral'


@pytest.fixture(scope="module")
def reader(built):
    reader = Reader(Generation(built.path), Settings())
    yield reader
    reader.close()


@pytest.fixture(scope="module")
def ask(reader):
    """Ask a real reader and return the rows as dictionaries of plain values."""

    def run(query):
        settings = Settings()
        text = PREFIXES + query
        found = reader.ask(answers.request(text, look(text, settings), JSON, settings))
        rows = json.loads(found.body)["results"]["bindings"]
        return [{name: term["value"] for name, term in row.items()} for row in rows]

    return run


@pytest.fixture(scope="module")
def value(ask):
    def run(expression):
        (row,) = ask(f"SELECT ({expression} AS ?value) {{}}")
        return row.get("value")

    return run


@pytest.mark.parametrize(
    ("one", "other", "metres"),
    [
        pytest.param(wkt("POINT(0 0)"), wkt("POINT(1 0)"), DEGREE, id="a degree of the equator"),
        pytest.param(wkt("POINT(179 0)"), wkt("POINT(-179 0)"), 2 * DEGREE, id="over the antimeridian"),
        pytest.param(wkt("POINT(0 89)"), wkt("POINT(180 89)"), 2 * DEGREE, id="over the pole"),
        pytest.param(wkt("POINT(3 1)"), SQUARE, DEGREE * math.cos(math.radians(1)), id="to an edge"),
        pytest.param(wkt("POINT(1 1)"), SQUARE, 0, id="inside"),
        pytest.param(wkt("POINT(2 1)"), SQUARE, 0, id="on the edge"),
        pytest.param(SQUARE, wkt("POLYGON ((3 -1, 4 -1, 4 1, 3 1, 3 -1))"), DEGREE, id="between polygons"),
        pytest.param(SQUARE, wkt("POLYGON ((1 1, 4 1, 4 3, 1 3, 1 1))"), 0, id="polygons that overlap"),
        pytest.param(wkt("LINESTRING (0 1, 5 1)"), wkt("POINT(7 0)"), None, id="to the end of a line"),
        pytest.param(
            wkt("POLYGON ((-120 49, -95 49, -95 60, -120 49))"), wkt("POINT(-107 48)"), DEGREE, id="a parallel"
        ),
        pytest.param(wkt("POINT(0 0)"), wkt("MULTIPOINT ((9 0), (0 2))"), 2 * DEGREE, id="to the nearer point"),
    ],
)
def test_distances_that_are_known(one, other, metres, value):
    if metres is None:
        metres = float(value(f"geof:distance({wkt('POINT(5 1)')}, {other}, uom:metre)"))
    for first, second in ((one, other), (other, one)):
        assert float(value(f"geof:distance({first}, {second}, uom:metre)")) == pytest.approx(metres, rel=1e-3, abs=0.01)
    assert float(value(f"geof:metricDistance({one}, {other})")) == pytest.approx(metres, rel=1e-3, abs=0.01)


def test_between_points_it_is_what_the_engine_says():
    store, drawn = Store(), random.Random(7)
    for _ in range(50):
        one, other = (f"POINT({drawn.uniform(-180, 180)} {drawn.uniform(-90, 90)})" for _ in range(2))
        query = f"{PREFIXES} SELECT (geof:distance({wkt(one)}, {wkt(other)}, uom:metre) AS ?metres) {{}}"
        ((engine,),) = store.query(query)
        ((ours,),) = store.query(query, custom_functions=geosparql.Functions().table)
        assert float(ours.value) == pytest.approx(float(engine.value), rel=1e-9)


def test_between_outlines_it_is_the_shortest_of_all_ways():
    """Against every corner and many points of every edge: what a coarse and slow search finds is never shorter."""
    drawn = random.Random(3)
    for _ in range(25):
        shapes = []
        for _ in range(2):
            middle = shapely.Point(drawn.uniform(-170, 170), drawn.uniform(-75, 75))
            corners = shapely.MultiPoint(
                [(middle.x + drawn.gauss(0, 3), middle.y + drawn.gauss(0, 3)) for _ in range(90)]
            )
            shapes.append(shapely.concave_hull(corners, 0.1))
        if shapes[0].intersects(shapes[1]):
            continue
        outlines = [sphere.Outline.of(shape) for shape in shapes]
        found = sphere.distance(*outlines)
        dense = [sphere.Outline.of(shapely.segmentize(shape, 0.02)).begins for shape in shapes]
        nearest = 2 * math.asin(math.sqrt(max(0.0, 2 - 2 * float((dense[0] @ dense[1].T).max()))) / 2)
        assert found <= nearest + 1e-6
        assert found == pytest.approx(nearest, rel=2e-3, abs=2e-4)


@pytest.mark.parametrize(
    ("unit", "expected"),
    [
        ("uom:metre", DEGREE),
        ("uom:kilometre", DEGREE / 1000),
        ("uom:degree", 1),
        ("uom:radian", math.radians(1)),
        ("unit:M", DEGREE),
        ("unit:KiloM", DEGREE / 1000),
        ("unit:MI", DEGREE / 1609.344),
        ("unit:MI_N", DEGREE / 1852),
    ],
)
def test_units(unit, expected, value):
    found = value(f"geof:distance({wkt('POINT(0 0)')}, {wkt('POINT(1 0)')}, {unit})")
    assert float(found) == pytest.approx(expected, rel=1e-6)


@pytest.mark.parametrize(
    "expression",
    [
        f"geof:distance({SQUARE}, {wkt('POINT(x)')}, uom:metre)",
        f"geof:distance({SQUARE}, 'POINT(1 1)', uom:metre)",
        f"geof:distance({SQUARE}, {wkt('POINT EMPTY')}, uom:metre)",
        f"geof:distance({SQUARE}, {SQUARE}, unit:SEC)",
        f"geof:distance({SQUARE}, {SQUARE}, 'metre')",
        f"geof:sfWithin({wkt('<http://www.opengis.net/def/crs/EPSG/0/4326> POINT(1 1)')}, {SQUARE})",
        f"geof:sfWithin(<https://example.org/>, {SQUARE})",
        f"geof:sfWithin({wkt('POLYGON ((0 0, 2 2, 2 0, 0 2, 0 0))')}, {SQUARE})",
        f"geof:metricArea({wkt('POINT(')})",
        f"geof:metricArea({wkt('POINT(nan nan)')})",
    ],
)
def test_what_is_no_geometry_or_unit_leaves_the_variable_unbound(expression, value):
    assert value(expression) is None
    assert value(f"COALESCE({expression}, 'nothing')") == "nothing"


def test_the_system_and_geojson_are_read(value):
    stated = wkt("<http://www.opengis.net/def/crs/OGC/1.3/CRS84> POINT(1 1)")
    assert value(f"geof:sfWithin({stated}, {SQUARE})") == "true"
    json_point = '"""{"type": "Point", "coordinates": [1, 1]}"""^^geo:geoJSONLiteral'
    assert value(f"geof:sfWithin({json_point}, {SQUARE})") == "true"


@pytest.mark.parametrize("name", ["sfContains", "sfDisjoint", "sfIntersects", "sfWithin"])
def test_relations_are_those_of_the_engine(name, built):
    """On all outlines of the graph and points all over the world, and on the edges."""
    store = Store.read_only(str(built.path / "merge"))
    small = Store()
    outline = f"SELECT ?text WHERE {{ ?g <{GEO['asWKT'].value}> ?text . FILTER (STRSTARTS(STR(?text), 'MULTI')) }}"
    texts = sorted((row[0].value for row in store.query(outline)), key=len)[:120]
    drawn = random.Random(11)
    points = [f"POINT ({drawn.uniform(-180, 180):.3f} {drawn.uniform(-60, 70):.3f})" for _ in range(40)]
    points += [f"POINT ({' '.join(text[text.index('(((') + 3 :].split(',')[0].split())})" for text in texts[:30]]
    points += [shapely.from_wkt(text).representative_point().wkt for text in texts[:60]]
    for number, text in enumerate([*texts, *points]):
        literal = Literal(text, datatype=GEO["wktLiteral"])
        small.add(Quad(NamedNode(f"urn:{number}"), GEO["asWKT"] if number < len(texts) else GEO["at"], literal))
    one, other = ("?text", "?at") if name == "sfContains" else ("?at", "?text")
    query = f"{PREFIXES} SELECT ?a ?b {{ ?a geo:asWKT ?text . ?b geo:at ?at . FILTER (geof:{name}({one}, {other})) }}"
    engine = {tuple(map(str, row)) for row in small.query(query)}
    ours = {tuple(map(str, row)) for row in small.query(query, custom_functions=geosparql.Functions().table)}
    assert len(engine) > 50
    assert ours == engine


@pytest.mark.parametrize(
    ("code", "square_kilometres"),
    # The sizes that these states give; the outlines are rough, and Ukraine's is drawn with Crimea.
    [("ukr", 603_550), ("deu", 357_600), ("che", 41_290), ("rus", 17_098_000), ("fji", 18_270), ("aus", 7_688_000)],
)
def test_areas(code, square_kilometres, ask):
    (row,) = ask(
        "SELECT ?area WHERE { ?geometry geo:asWKT ?text . "
        f'FILTER (STRENDS(STR(?geometry), "natural-earth_{code}")) BIND (geof:metricArea(?text) AS ?area) }}'
    )
    assert float(row["area"]) / 1e6 == pytest.approx(square_kilometres, rel=0.03)


def test_places_of_the_graph_lie_where_they_are(ask):
    """Every place with a point against every outline, within a deadline: 40,000 pairs."""
    rows = ask(
        "SELECT ?place ?unit WHERE { ?place geo:hasGeometry/geo:asWKT ?point . ?unit geo:hasGeometry/geo:asWKT ?text . "
        'FILTER (STRSTARTS(STR(?point), "POINT") && geof:sfWithin(?point, ?text)) } ORDER BY ?place ?unit'
    )
    found = {(row["place"].rpartition("/id/")[2], row["unit"].rpartition("/id/")[2]) for row in rows}
    assert ("site/zaporizhzhia-npp", "polity/ukraine") in found
    assert ("site/kakhovka-dam", "polity/ukraine") in found
    assert ("site/baikonur", "polity/kazakhstan") in found
    assert ("site/baikonur", "polity/russia") not in found


def test_the_query_of_the_documentation(reader):
    page = (Path(__file__).parents[2] / "docs" / "endpoint.md").read_text(encoding="utf-8")
    (query,) = re.findall(r"(?s)```sparql\n(.*?geof:distance.*?)```", page)
    found = reader.ask(answers.request(query, look(query, Settings()), CSV, Settings()))
    names = [row.split(",") for row in found.body.decode().split()]
    assert names[:3] == [["name", "kilometres"], ["Ukraine", "0"], ["Russia", "256"]]
    assert len(names) == 6


def test_lack_of_memory_is_said_and_not_answered_with_less(monkeypatch):
    def exhausted(*_):
        raise MemoryError

    monkeypatch.setattr(geosparql, "_geometry", exhausted)
    functions = geosparql.Functions()
    query = f"{PREFIXES} SELECT (geof:sfWithin({SQUARE}, {SQUARE}) AS ?value) {{}}"
    ((found,),) = Store().query(query, custom_functions=functions.table)
    assert found is None
    assert functions.exhausted
