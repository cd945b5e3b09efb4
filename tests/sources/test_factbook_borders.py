"""The borders that the World Factbook lists: every entry is a claim of that source, and the unread is named."""

import re
from decimal import Decimal

import pytest

from kg import rdf
from kg.errors import BuildFailed
from kg.facts.reader import read_tables
from kg.sources.factbook import compared
from kg.sources.factbook_borders import FIELD, borders, entries
from kg.sources.readings import Readings
from kg.terms import Names


@pytest.fixture(scope="module")
def listed(found):
    """The claims by their id, and the attestations by their claim."""
    identifiers = read_tables(found.data, rdf.concept_codes(found.turtle("concepts"), Names())).identifiers
    claims, attestations = borders(Readings.of(identifiers))
    return {row.claim: row for row in claims}, {row.claim.slug: row for row in attestations}


def test_every_length_of_the_pages_is_a_claim(listed):
    claims, attestations = listed
    lengths = [
        length
        for text in compared(FIELD).values()
        for length in re.findall(r"[\d,.]+(?= km)", re.sub(r"\([^()]*\d[^()]*\)", "", text))
    ]
    assert len(claims) == len(attestations) == len(lengths) == 670
    assert sum(row.kilometres for row in claims.values()) == sum(Decimal(each.replace(",", "")) for each in lengths)


@pytest.mark.parametrize(
    ("claim", "stretch", "kilometres", "words"),
    [
        ("ukraine-russia", None, 1944, "up: Russia 1,944 km"),
        ("lithuania-russia-kaliningrad", "Kaliningrad", 261, "lh: Russia (Kaliningrad) 261 km"),
        ("morocco-spain-ceuta", "Ceuta", 8, "mo: Spain (Ceuta) 8 km"),
        ("morocco-spain-melilla", "Melilla", Decimal("10.5"), "mo: Spain (Melilla) 10.5 km"),
        ("china-russia-northwest", "northwest", 46, "ch: Russia (northwest) 46 km"),
        ("israel-west-bank", None, 330, None),
        ("cuba-guantanamo-bay-naval-base", None, Decimal("28.5"), "cu: US Naval Base at Guantanamo Bay 28.5 km"),
        ("canada-united-states", None, 8891, "ca: US 8,891 km (includes 2,475 km with Alaska)"),
        ("sint-maarten-saint-martin", None, None, None),
    ],
)
def test_an_entry_is_read_as_it_stands(claim, stretch, kilometres, words, listed):
    claims, attestations = listed
    row = claims[f"factbook-border-{claim}"]
    assert row.stretch == stretch
    assert kilometres is None or row.kilometres == kilometres
    assert words is None or attestations[row.claim].locator == words


def test_both_directions_are_about_one_matter(listed):
    claims, _ = listed
    there, back = claims["factbook-border-germany-poland"], claims["factbook-border-poland-germany"]
    assert there.matter == back.matter == "germany_poland"
    assert (there.kilometres, back.kilometres) == (447, 467)


def test_what_has_another_form_stops_the_build():
    with pytest.raises(BuildFailed, match="another form"):
        list(entries("Oman about 609 kilometres"))


def test_a_neighbour_that_nobody_knows_stops_the_build(monkeypatch, listed):
    codes = Readings({"factbook-country": {"up": "polity/ukraine"}})
    with pytest.raises(BuildFailed, match="nothing says what that is"):
        borders(codes)
