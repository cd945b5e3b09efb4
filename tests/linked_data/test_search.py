"""Search finds names in any script and claims by their words; text from outside is never syntax."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some
from pyoxigraph import Literal, NamedNode

from kg.store import search
from kg.store.functions import matches
from kg.terms import BASE


@pytest.fixture(scope="module")
def index(little):
    return (little / "current" / search.INDEX).resolve()


def names(index, text, **more):
    return [hit.iri.removeprefix(BASE) for hit in search.find(index, text, **more)]


def test_things_come_before_claims(index):
    hits = search.find(index, "crimea")
    assert hits[0].iri == f"{BASE}id/territory/crimea"
    assert hits[0].kind == "Territory"
    claims = [hit for hit in hits if hit.claim]
    assert {hit.iri.removeprefix(f"{BASE}id/claim/") for hit in claims} >= {"crimea-russia", "crimea-ukraine"}
    assert [hit.claim for hit in hits] == sorted(hit.claim for hit in hits)


def test_claims_are_found_by_all_that_they_say(index):
    assert "id/claim/crimea-russia" in names(index, "sovereignty russia 2014-03-18")
    assert "id/claim/germany-nato-6-may" in names(index, "germ north atl full 1955-05-06")
    assert names(index, "russia atlantis") == []


def test_case_and_accents_do_not_matter(index):
    assert names(index, "GÉRMANY")[0] == "id/polity/germany"


def test_what_is_retracted_is_not_found(index):
    assert "id/polity/hostile" in names(index, "alert")
    assert "id/claim/hostile-nato" not in names(index, "alert")


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=some.text(alphabet="ab\"*():^-+' NEARORDT{}\0é日", max_size=40))
def test_no_text_is_syntax(index, text):
    for loose in (True, False):
        search.find(index, text, loose=loose)


def test_a_generation_without_index_says_so(tmp_path):
    with pytest.raises(search.SearchUnavailable, match="foedus build"):
        search.find(tmp_path / "none", "x")


def test_a_search_ends_at_its_deadline(index):
    with pytest.raises(search.SearchUnavailable, match="ended after"):
        search.find(index, "a c s o u", loose=True, deadline=-1)


def test_programs_get_json_and_people_a_page(site):
    document = site.get("/search", params={"q": "crimea"}).json()
    assert document["total"] == len(document["results"]) == sum(document["kinds"].values())
    assert document["results"][0]["id"] == f"{BASE}id/territory/crimea"
    assert document["next"] is None
    chosen = site.get("/search", params={"q": "crimea", "kind": "SovereigntyClaim"}).json()
    assert {each["type"] for each in chosen["results"]} == {"SovereigntyClaim"}
    many = site.get("/search", params={"q": "s"}).json()
    assert len(many["results"]) == 30
    second = site.get(many["next"]).json()
    assert second["results"][0]["id"] not in {each["id"] for each in many["results"]}
    page = site.get("/search", params={"q": "alert"}, headers={"Accept": "text/html"})
    assert "<script>" not in page.text
    assert 'href="/id/polity/hostile"' in page.text
    assert 'value="&#34;&gt;' in site.get("/search", params={"q": '">'}, headers={"Accept": "text/html"}).text
    assert site.get("/search?q=x&page=99999999999").status_code == 200


def test_tables_can_be_reconciled(site):
    manifest = site.get("/reconcile").json()
    assert manifest["versions"] == ["0.2"]
    assert manifest["identifierSpace"] == f"{BASE}id/"
    batch = {
        "right": {"query": "Germany", "type": "Polity"},
        "misspelt": {"query": "Ukrane", "limit": 1},
        "other": {"query": "Germany", "type": "Organisation"},
        "nothing": {"query": ""},
    }
    for response in (
        site.post("/reconcile", data={"queries": json.dumps(batch)}),
        site.get("/reconcile", params={"queries": json.dumps(batch)}),
    ):
        found = {key: each["result"] for key, each in response.json().items()}
        assert found["right"][0]["id"] == "polity/germany"
        assert found["right"][0]["match"] is True
        assert [(each["id"], each["match"]) for each in found["misspelt"]] == [("polity/ukraine", False)]
        assert found["other"] == found["nothing"] == []
    assert site.get(manifest["view"]["url"].replace("{{id}}", "polity/germany")).status_code == 303
    preview = manifest["preview"]["url"].replace("{{id}}", "polity/germany")
    assert "<strong>Germany</strong>" in site.get(preview).text
    assert "<script>" not in site.get("/reconcile/preview?id=polity/hostile").text
    assert site.get("/reconcile/preview?id=polity/none").status_code == 404
    entities = site.get("/reconcile/suggest/entity?prefix=germ").json()["result"]
    assert [each["id"] for each in entities] == ["polity/germany"]
    assert [each["id"] for each in site.get("/reconcile/suggest/type?prefix=treaty").json()["result"]] == ["Instrument"]
    for wrong in ("[", "[]", '{"a": 1}'):
        assert site.post("/reconcile", data={"queries": wrong}).status_code == 400


def test_search_inside_a_query():
    def said(text, sought):
        found = matches(Literal(text), Literal(sought))
        return found is not None and found.value == "true"

    assert said("Côte d’Ivoire", "cote IV")
    assert said("北大西洋条約機構", "北大西洋")
    assert not said("Germany", "many")
    assert matches(NamedNode("http://example.org/"), Literal("x")) is None
    assert matches(Literal("x")) is None


def test_search_inside_a_query_over_http(site):
    query = """
    PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
    SELECT ?thing { ?thing rdfs:label ?name FILTER (<https://w3id.org/foedus/function/matches>(?name, "ukr")) }
    """
    rows = site.get("/sparql", params={"query": query}, headers={"Accept": "text/csv"}).text.split()
    assert f"{BASE}id/polity/ukraine" in rows
