"""Rows become quads in the graphs that say why they are there."""

from datetime import date
from decimal import Decimal

import pytest
from pyoxigraph import BlankNode, Literal, NamedNode, Quad

from kg.facts.core import Thing
from kg.facts.evidence import Attestation, Source
from kg.facts.instruments import Quantity, Validity
from kg.facts.membership import Membership
from kg.facts.sites import PlaceDescription
from kg.facts.tables import Facts
from kg.facts.values import Code, Duration, Ref, Url, read_edtf
from kg.rdf import current, fact_quads, merge, vocabulary_quads
from kg.rdf.quads import claim_quads
from kg.terms import DCTERMS, FOE, GEO, PROV, RDF, RDFS, SKOS, XSD, Names

NAMES = Names()
DAY = date(2026, 11, 24)
BASE = "https://w3id.org/foedus/"


def membership(**changes):
    row = {
        "claim": "germany-in-nato",
        "recorded": DAY,
        "organisation": Ref("organisation/nato"),
        "member": Ref("polity/germany"),
        "role": Code("full-member"),
        "begin": read_edtf("1955-05-06"),
        "as_of": read_edtf("2026-02"),
    }
    return Membership(**{**row, **changes})


def day(text):
    return Literal(text, datatype=XSD["date"])


def test_a_claim_is_its_own_graph_and_says_nothing_elsewhere():
    graph = NamedNode(f"{BASE}id/claim/germany-in-nato")
    node = NamedNode(f"{graph.value}#statement")
    matter = NamedNode(f"{BASE}id/membership/nato_germany")
    assert set(claim_quads(membership(), NAMES)) == {
        Quad(node, RDF["type"], FOE["Membership"], graph),
        Quad(node, FOE["concerns"], matter, graph),
        Quad(matter, RDF["type"], FOE["Matter"], graph),
        Quad(node, FOE["organisation"], NamedNode(f"{BASE}id/organisation/nato"), graph),
        Quad(node, FOE["member"], NamedNode(f"{BASE}id/polity/germany"), graph),
        Quad(node, FOE["role"], NamedNode(f"{BASE}concept/membership-role/full-member"), graph),
        Quad(node, FOE["beginEarliest"], day("1955-05-06"), graph),
        Quad(node, FOE["beginLatest"], day("1955-05-06"), graph),
        Quad(node, FOE["asOf"], day("2026-02-28"), graph),
        Quad(node, FOE["endOpen"], Literal(True), graph),
    }


def test_an_imprecise_date_keeps_both_ends_and_the_text():
    quads = set(claim_quads(membership(end=read_edtf("1966-07")), NAMES))
    values = {quad.predicate: quad.object for quad in quads}
    assert values[FOE["endEarliest"]] == day("1966-07-01")
    assert values[FOE["endLatest"]] == day("1966-07-31")
    assert values[FOE["endText"]] == Literal("1966-07")
    assert FOE["beginText"] not in values


def test_that_no_end_is_known_is_said_so_that_rules_can_read_it():
    assert FOE["endOpen"] in {quad.predicate for quad in claim_quads(membership(), NAMES)}
    assert FOE["endOpen"] not in {quad.predicate for quad in claim_quads(membership(end=read_edtf("1966")), NAMES)}


def test_a_strand_is_another_matter():
    matters = {
        quad.object
        for row in (membership(), membership(strand="integrated-command"))
        for quad in claim_quads(row, NAMES)
        if quad.predicate == FOE["concerns"]
    }
    assert len(matters) == 2


@pytest.mark.parametrize(
    ("row", "predicate", "term"),
    [
        (
            Validity(claim="v", recorded=DAY, validity_of=Ref("instrument/x"), duration=Duration("P15Y")),
            FOE["duration"],
            Literal("P15Y", datatype=XSD["duration"]),
        ),
        (
            Validity(claim="v", recorded=DAY, validity_of=Ref("instrument/x"), extensible=True),
            FOE["extensible"],
            Literal(True),
        ),
        (
            Quantity(
                claim="q",
                recorded=DAY,
                quantity_of=Ref("undertaking/x"),
                measure=Code("military-aid"),
                minimum=Decimal("2.50"),
                qualifier=Code("at-least"),
                unit=Code("eur"),
            ),
            FOE["minimum"],
            Literal("2.5", datatype=XSD["decimal"]),
        ),
    ],
)
def test_values_have_their_datatypes(row, predicate, term):
    assert term in {quad.object for quad in claim_quads(row, NAMES) if quad.predicate == predicate}


def test_a_place_is_described_itself_and_its_point_is_longitude_first():
    row = PlaceDescription(
        claim="npp-point",
        recorded=DAY,
        place=Ref("site/npp"),
        place_type=Code("nuclear-power-plant"),
        latitude=Decimal("47.51222"),
        longitude=Decimal("34.58583"),
    )
    quads = set(claim_quads(row, NAMES))
    site = NamedNode(f"{BASE}id/site/npp")
    graph = NamedNode(f"{BASE}id/claim/npp-point")
    geometry = NamedNode(f"{graph.value}#geometry")
    assert Quad(site, FOE["placeType"], NamedNode(f"{BASE}concept/place-type/nuclear-power-plant"), graph) in quads
    assert Quad(site, GEO["hasGeometry"], geometry, graph) in quads
    wkt = Literal("POINT(34.58583 47.51222)", datatype=GEO["wktLiteral"])
    assert Quad(geometry, GEO["asWKT"], wkt, graph) in quads
    assert not [quad for quad in quads if quad.predicate == FOE["concerns"]]


def facts(*claims, attestations=()):
    return Facts(
        things=(Thing(id=Ref("polity/germany"), type="Polity", name="Germany", wikidata="Q183", recorded=DAY),),
        sources=(
            Source(
                id=Ref("source/list"),
                title="A list",
                publisher="A & B",
                published=read_edtf("2023"),
                address=Url("https://example.org/list"),
                mirror=False,
                source_type=Code("news"),
                recorded=DAY,
            ),
        ),
        attestations=attestations,
        claims=claims,
    )


def attestation(**changes):
    row = {
        "id": "germany-in-nato-list",
        "claim": Ref("claim/germany-in-nato"),
        "source": Ref("source/list"),
        "certainty": Code("verified"),
        "assertion": Code("stated"),
        "recorded": DAY,
    }
    return Attestation(**{**row, **changes})


def test_provenance_leads_from_the_claim_to_source_and_publisher():
    quads = set(fact_quads(facts(membership(), attestations=(attestation(),)), NAMES))
    graph = NAMES.provenance
    claim, source = NAMES.claim("germany-in-nato"), NAMES.thing("source/list")
    node, publisher = NAMES.thing("attestation/germany-in-nato-list"), NAMES.thing("publisher/a-b")
    for quad in (
        Quad(claim, RDF["type"], FOE["Claim"], graph),
        Quad(claim, FOE["states"], NamedNode(f"{claim.value}#statement"), graph),
        Quad(claim, PROV["hadPrimarySource"], source, graph),
        Quad(claim, PROV["qualifiedPrimarySource"], node, graph),
        Quad(claim, PROV["wasAttributedTo"], publisher, graph),
        Quad(node, FOE["attests"], claim, graph),
        Quad(node, PROV["entity"], source, graph),
        Quad(node, FOE["reportedEarliest"], day("2023-01-01"), graph),
        Quad(source, DCTERMS["title"], Literal("A list"), graph),
        Quad(source, FOE["address"], Literal("https://example.org/list", datatype=XSD["anyURI"]), graph),
        Quad(publisher, RDFS["label"], Literal("A & B"), graph),
    ):
        assert quad in quads


def test_the_speaker_is_who_it_is_attributed_to():
    said = attestation(speaker=Ref("person/x"), on_behalf_of=Ref("polity/germany"))
    quads = set(fact_quads(facts(membership(), attestations=(said,)), NAMES))
    claim = NAMES.claim("germany-in-nato")
    assert Quad(claim, PROV["wasAttributedTo"], NAMES.thing("person/x"), NAMES.provenance) in quads


def test_the_register_names_things_and_nothing_else():
    quads = [quad for quad in fact_quads(facts(), NAMES) if quad.graph_name == NAMES.register]
    assert {(quad.predicate, quad.object) for quad in quads} == {
        (RDF["type"], FOE["Polity"]),
        (RDFS["label"], Literal("Germany", language="en")),
        (SKOS["exactMatch"], NamedNode("http://www.wikidata.org/entity/Q183")),
    }


def test_a_retracted_claim_stays_as_evidence_and_leaves_the_merge():
    kept, gone = membership(), membership(claim="wrong", retracted=date(2026, 11, 25), role=Code("observer"))
    quads = list(fact_quads(facts(kept, gone), NAMES))
    assert any(quad.graph_name == NAMES.claim("wrong") for quad in quads)
    merged = merge(current(quads, NAMES))
    assert not any("observer" in str(triple.object) for triple in merged)
    assert any(triple.predicate == PROV["invalidatedAtTime"] for triple in merged)


def test_what_many_claims_state_counts_once():
    one, other = membership(), membership(claim="germany-in-nato-again")
    quads = [quad for quad in fact_quads(facts(one, other), NAMES) if "/id/claim/" in str(quad.graph_name)]
    matter = [quad for quad in quads if quad.object == FOE["Matter"]]
    assert len(matter) == 2
    assert len([triple for triple in merge(quads) if triple.object == FOE["Matter"]]) == 1


def test_lists_in_the_ontology_have_names_and_the_same_ones_every_time(found):
    files = {folder: found.turtle(folder) for folder in ("vocabulary", "concepts")}
    first, second = (set(vocabulary_quads(files, NAMES)) for _ in range(2))
    assert first == second
    assert not [quad for quad in first if isinstance(quad.subject, BlankNode) or isinstance(quad.object, BlankNode)]
    assert [quad for quad in first if "/.well-known/genid/" in str(quad.subject)]
