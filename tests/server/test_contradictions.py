"""Contradictions as a resource: which claims cannot both hold, why, who says which, and since when; in any view."""

import pytest
from rdflib import RDF, Graph, Namespace, URIRef
from rdflib.compare import isomorphic

FOE = Namespace("https://w3id.org/foedus/ontology#")

CRIMEA = "https://w3id.org/foedus/id/territory/crimea"
GERMANY = "https://w3id.org/foedus/id/membership/nato_germany"


def found(viewed, **parameters) -> list[dict]:
    answer = viewed.client.get("/contradictions", params={"format": "json", **parameters})
    assert answer.status_code == 200, answer.text
    return answer.json()["contradictions"]


def test_all_contradictions_with_rule_sources_and_since_when(viewed):
    pairs = {pair["subject"]["iri"]: pair for pair in found(viewed)}
    assert pairs.keys() == {CRIMEA, GERMANY}
    dates, place = pairs[GERMANY], pairs[CRIMEA]
    assert dates["rule"]["iri"].endswith("rule/contradiction-membership-begin")
    assert dates["property"] == "begin earliest"
    assert place["property"] is None
    assert place["rule"]["says"].startswith("A place is contested by two claimants")
    assert place["held together from"] == "2014-03-18"
    assert [claim["iri"].rpartition("/")[2] for claim in dates["claims"]] == [
        "germany-nato-6-may",
        "germany-nato-9-may",
    ]
    assert [claim["known"] for claim in dates["claims"]] == ["2011-11-30", "2024-05-01"]
    assert dates["since"] == "2024-05-01"
    assert [(each["day"], each["publisher"]) for each in dates["history"]] == [
        ("2011-11-30", "Beta"),
        ("2023-12-31", "Alpha"),
        ("2024-05-01", "Gamma"),
    ]
    says = {each["property"]: each["value"] for each in place["claims"][0]["says"]}
    assert says["claimant"].endswith("polity/russia")
    assert place["claims"][0]["attestations"][0]["speaker"] == "Russia"


def test_about_a_thing_a_matter_or_a_claim(viewed):
    for about, expected in (
        ("territory/crimea", [CRIMEA]),
        ("polity/ukraine", [CRIMEA]),
        ("claim/germany-nato-6-may", [GERMANY]),
        (GERMANY, [GERMANY]),
        ("organisation/nato", [GERMANY]),
        ("polity/france", []),
    ):
        assert [pair["subject"]["iri"] for pair in found(viewed, about=about)] == expected, about
    wrong = viewed.client.get("/contradictions", params={"about": "a b", "format": "json"})
    assert wrong.status_code == 400


def test_a_view_has_its_own_contradictions(viewed):
    assert [pair["subject"]["iri"] for pair in found(viewed, pov="ukraine")] == [GERMANY]
    assert [pair["subject"]["iri"] for pair in found(viewed, **{"known-at": "2024-01-01"})] == [CRIMEA]
    assert found(viewed, **{"valid-at": "2013-01-01", "about": "territory/crimea"}) == []
    answer = viewed.client.get("/contradictions", params={"format": "json", "pov": "ukraine"})
    assert answer.headers["foedus-view"] == "pov=ukraine"
    assert answer.json()["view"] == {"pov": "ukraine"}
    again = viewed.client.get(
        "/contradictions",
        params={"format": "json", "pov": "ukraine"},
        headers={"If-None-Match": answer.headers["etag"]},
    )
    assert again.status_code == 304


def test_the_page_shows_both_sides(viewed):
    page = viewed.client.get("/contradictions", params={"about": "territory/crimea"}, headers={"Accept": "text/html"})
    assert page.status_code == 200
    assert page.text.count('<section class="pair"') == 1
    assert 'href="/id/claim/crimea-claimed' not in page.text
    assert 'href="/id/claim/crimea-russia"' in page.text
    assert "claimant: Ukraine" in page.text
    assert "both hold from 2014-03-18" in page.text
    empty = viewed.client.get(
        "/contradictions", params={"pov": "russia", "about": CRIMEA}, headers={"Accept": "text/html"}
    )
    assert "0 pairs, seen as of <code>pov=russia</code>" in empty.text


def graph(viewed, media_type: str, **parameters) -> Graph:
    answer = viewed.client.get("/contradictions", params=parameters, headers={"Accept": media_type})
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"].startswith(media_type)
    return Graph().parse(data=answer.text, format=media_type)


def test_as_rdf_with_the_statements_and_the_days_of_the_reports(viewed):
    whole = graph(viewed, "text/turtle")
    (contradiction,) = whole.subjects(RDF.type, FOE.Contradiction)
    assert set(whole.objects(contradiction, FOE.aboutMatter)) == {URIRef(GERMANY)}
    statements = set(whole.objects(contradiction, FOE.contradicting))
    claims = {claim for statement in statements for claim in whole.subjects(FOE.states, statement)}
    assert {str(claim).rpartition("/")[2] for claim in claims} == {"germany-nato-6-may", "germany-nato-9-may"}
    days = sorted(
        str(day)
        for claim in claims
        for attestation in whole.subjects(FOE.attests, claim)
        for day in whole.objects(attestation, FOE.reportedLatest)
    )
    assert days == ["2011-11-30", "2023-12-31", "2024-05-01"]
    assert all((statement, FOE.beginEarliest, None) in whole for statement in statements)
    assert len(set(whole.objects(URIRef(CRIMEA), FOE.contestedBy))) == 2


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated")  # rdflib warns of itself, reading JSON-LD
@pytest.mark.parametrize("media_type", ["application/ld+json", "application/n-triples", "application/rdf+xml"])
def test_every_format_of_rdf_says_the_same(viewed, media_type):
    assert isomorphic(graph(viewed, media_type, about=GERMANY), graph(viewed, "text/turtle", about=GERMANY))


def test_rdf_is_of_the_view_and_of_the_thing(viewed):
    assert (URIRef(CRIMEA), FOE.contestedBy, None) not in graph(viewed, "text/turtle", pov="ukraine")
    assert (URIRef(CRIMEA), FOE.contestedBy, None) not in graph(viewed, "text/turtle", about=GERMANY)
    assert len(graph(viewed, "text/turtle", about="polity/france")) == 0
