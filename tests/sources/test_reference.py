"""Codes and names from packages: what must be there, what must not, and what happens when something is missing."""

from datetime import date

import pytest
from pyoxigraph import Literal, NamedNode

from kg import rdf
from kg.errors import BadFacts, BuildFailed
from kg.facts.core import Identifier
from kg.facts.reader import read_tables
from kg.facts.values import Code, Ref
from kg.sources import iso, packages, reference_quads
from kg.sources.cldr import LANGUAGES
from kg.sources.readings import Readings
from kg.terms import DCTERMS, FOE, SKOS, XSD, Names

NAMES = Names()
ISO, CLDR = NAMES.dataset("iso-3166"), NAMES.dataset("cldr-names")


@pytest.fixture(scope="module")
def facts(found):
    return read_tables(found.data, rdf.concept_codes(found.turtle("concepts"), NAMES))


@pytest.fixture(scope="module")
def quads(facts):
    return list(reference_quads(facts.identifiers, NAMES))


def codes(quads, ref):
    """The codes by scheme that identify a thing."""
    nodes = {quad.subject for quad in quads if quad.predicate == FOE["identifies"] and quad.object == NAMES.thing(ref)}
    schemes, texts = (
        {quad.subject: quad.object for quad in quads if quad.predicate == FOE[name]} for name in ("codeScheme", "code")
    )
    return {schemes[node].value.rpartition("/")[2]: texts[node].value for node in nodes}


def names_of(quads, ref):
    found = [quad.object for quad in quads if quad.subject == NAMES.thing(ref) and quad.predicate == SKOS["prefLabel"]]
    assert len({name.language for name in found}) == len(found), f"{ref} has two names in one language"
    return {name.language: name.value for name in found}


def about(quads, node, predicate):
    return {quad.object for quad in quads if quad.subject == node and quad.predicate == predicate}


def reading(scheme, code, ref="polity/ukraine", retracted=None):
    return Identifier(
        code_scheme=Code(scheme),
        code=code,
        identifies=Ref(ref),
        recorded=date(2026, 11, 24),
        retracted=retracted,
    )


def test_ukraine_has_its_codes(quads):
    assert codes(quads, "polity/ukraine") == {
        "iso-3166-1-alpha-2": "UA",
        "iso-3166-1-alpha-3": "UKR",
        "iso-3166-1-numeric": "804",
        "factbook-country": "up",
        "natural-earth-unit": "UKR",
    }


def test_an_identifier_says_who_gives_it_and_under_what_name(quads):
    taiwan = NAMES.thing("identifier/iso-3166-1-alpha-2_tw")
    assert about(quads, taiwan, FOE["givenBy"]) == {
        NAMES.thing("organisation/international-organization-for-standardization")
    }
    assert about(quads, taiwan, FOE["listedName"]) == {Literal("Taiwan, Province of China")}
    assert about(quads, taiwan, FOE["identifies"]) == {NAMES.thing("polity/taiwan")}


def test_every_entry_of_the_list_is_there_once(quads):
    schemes = [
        quad.object.value.rpartition("/")[2]
        for quad in quads
        if quad.predicate == FOE["codeScheme"] and quad.graph_name == ISO
    ]
    assert [schemes.count(f"iso-3166-1-{part}") for part in ("alpha-2", "alpha-3", "numeric")] == [249] * 3
    assert schemes.count("iso-3166-3") == 31


def test_kosovo_is_in_the_register_and_not_in_iso(facts, quads):
    assert "polity/kosovo" in {thing.id for thing in facts.things}
    assert codes(quads, "polity/kosovo") == {
        "factbook-country": "kv",
        "natural-earth-unit": "KOS",
        "unicode-region": "XK",
    }
    assert not [quad for quad in quads if quad.graph_name == ISO and quad.object == NAMES.thing("polity/kosovo")]


def test_dependencies_are_territories_and_not_polities(quads):
    for code, ref in (("gu", "guam"), ("re", "reunion"), ("sj", "svalbard-and-jan-mayen"), ("eh", "western-sahara")):
        node = NAMES.thing(f"identifier/iso-3166-1-alpha-2_{code}")
        assert about(quads, node, FOE["identifies"]) == {NAMES.thing(f"territory/{ref}")}


def test_former_codes_say_until_when(quads):
    union = NAMES.thing("identifier/iso-3166-3_suhh")
    assert about(quads, union, FOE["identifies"]) == {NAMES.thing("polity/soviet-union")}
    assert about(quads, union, FOE["endLatest"]) == {Literal("1992-08-30", datatype=XSD["date"])}
    assert about(quads, union, FOE["endText"]) == set()
    sikkim = NAMES.thing("identifier/iso-3166-3_skin")
    assert about(quads, sikkim, FOE["endEarliest"]) == {Literal("1975-01-01", datatype=XSD["date"])}
    assert about(quads, sikkim, FOE["endText"]) == {Literal("1975")}


def test_names_in_many_languages(quads):
    ukraine = names_of(quads, "polity/ukraine")
    assert len(ukraine) == len(LANGUAGES) >= 12
    assert {
        "uk": "Україна",
        "ru": "Украина",
        "ar": "أوكرانيا",
        "zh": "乌克兰",
        "fr": "Ukraine",
        "es": "Ucrania",
    }.items() <= (ukraine.items())
    assert names_of(quads, "polity/kosovo")["pl"] == "Kosowo"
    assert names_of(quads, "territory/falkland-islands")["es"] == "Islas Malvinas"


def test_no_name_is_invented(quads):
    assert names_of(quads, "polity/transnistria") == {}
    labels = [quad for quad in quads if quad.predicate == SKOS["prefLabel"]]
    assert len(labels) > 5000
    assert {quad.graph_name for quad in labels} == {CLDR}
    assert [quad for quad in labels if len(quad.object.value) == 2 and quad.object.value.isascii()] == []


def test_everything_that_has_a_code_is_in_the_register(facts, quads):
    things = {NAMES.thing(thing.id) for thing in facts.things}
    identified = {quad.object for quad in quads if quad.predicate == FOE["identifies"]}
    assert len(identified) > 250
    assert identified <= things


@pytest.mark.parametrize(
    ("graph", "package", "licence"), [(ISO, "pycountry", "LGPL-2.1-only"), (CLDR, "babel", "Unicode-3.0")]
)
def test_a_dataset_records_its_package_version_and_licence(graph, package, licence, quads):
    said = [quad for quad in quads if quad.subject == graph]
    assert {quad.graph_name for quad in said} == {NAMES.provenance}
    assert about(quads, graph, FOE["packageName"]) == {Literal(package)}
    (version,) = about(quads, graph, FOE["packageVersion"])
    assert version.value.startswith(packages.version(package))
    assert ("CLDR " in version.value) == (package == "babel")
    assert about(quads, graph, DCTERMS["license"]) == {NamedNode(f"https://spdx.org/licenses/{licence}")}


def test_a_code_without_a_reading_stops_the_build(facts):
    rows = [row for row in facts.identifiers if row.code not in ("FR", "DDDE")]
    with pytest.raises(BuildFailed, match=r"nothing says what iso-3166-1-alpha-2 FR of the package pycountry is"):
        list(reference_quads(rows, NAMES))


def test_a_retracted_reading_is_none(facts):
    rows = [
        reading(row.code_scheme, row.code, row.identifies, date(2026, 11, 25)) if row.code == "DDDE" else row
        for row in facts.identifiers
    ]
    with pytest.raises(BuildFailed, match=r"iso-3166-3 DDDE"):
        list(reference_quads(rows, NAMES))


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (reading("iso-3166-1-alpha-2", "QQ"), r"pycountry has no iso-3166-1-alpha-2 QQ; correct the code"),
        (reading("unicode-region", "X0"), r"babel has no unicode-region X0; correct the code"),
    ],
)
def test_a_reading_of_an_unknown_code_stops_the_build(row, message, facts):
    with pytest.raises(BuildFailed, match=message):
        list(reference_quads([*facts.identifiers, row], NAMES))


def test_lists_of_which_no_code_is_read_are_not_taken():
    assert list(reference_quads([], NAMES)) == []


def test_a_missing_package_is_named():
    with pytest.raises(BuildFailed, match="the package no-such-package is not installed"):
        packages.version("no-such-package")
    with pytest.raises(BuildFailed, match="the package no_such_package is not installed"):
        packages.load("no_such_package")


def test_mistakes_in_the_readings_are_named_where_they_stand(tmp_path, found):
    for table, text in {
        "things": "id,type,name,recorded\npolity/ukraine,Polity,Ukraine,2026-11-24\n",
        "identifiers": "code_scheme,code,identifies,recorded\n"
        "iso-3166,UA,polity/ukraine,2026-11-24\n"
        "iso-3166-1-alpha-2,UA,polity/ukrain,2026-11-24\n"
        "iso-3166-1-alpha-2,UA,polity/ukraine,2026-11-24\n",
    }.items():
        (tmp_path / table).mkdir()
        (tmp_path / table / "part.csv").write_text(text)
    with pytest.raises(BadFacts) as raised:
        read_tables(tmp_path, rdf.concept_codes(found.turtle("concepts"), NAMES))
    assert [(fault.line, fault.column) for fault in raised.value.faults] == [(2, 1), (3, 23), (4, 20)]
    scheme, dangling, twice = map(str, raised.value.faults)
    assert "'iso-3166' is not in the scheme identifier-scheme" in scheme
    assert "polity/ukrain is not defined; did you mean polity/ukraine?" in dangling
    assert "iso-3166-1-alpha-2 UA is defined already in identifiers/part.csv" in twice


def test_who_is_in_the_list_of_iso_is_a_claim_of_the_list(facts):
    claims, attestations = iso.listings(Readings.of(facts.identifiers))
    assert len(claims) == len(attestations) == len({row.claim for row in claims}) == 249
    listed = {row.listed_unit: row for row in claims}
    assert "polity/taiwan" in listed
    assert "territory/guam" in listed
    assert "polity/kosovo" not in listed
    assert listed["polity/taiwan"].listing_status == "country-or-territory"
    assert {row.source for row in attestations} == {"source/iso-3166-1"}
    assert [row.locator for row in attestations if row.claim == "claim/iso-3166-1-taiwan"] == ["TW"]
    assert iso.listings(Readings.of(())) == ([], [])
    with pytest.raises(BuildFailed, match="nothing says what iso-3166-1-alpha-2 TW of the package pycountry is"):
        iso.listings(Readings.of(row for row in facts.identifiers if row.code != "TW"))
