"""W3C's protocol and service description tests, by their names: requests as their descriptions say, over HTTP."""

import pyoxigraph
import pytest
from pyoxigraph import NamedNode, RdfFormat

from . import suites
from .exceptions import EXCEPTIONS

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
DIRECT = {"Content-Type": "application/sparql-query"}
ONE, TWO = (f"{suites.WEB}dawg-data-r2/graph/data-g{number}.ttl" for number in (1, 2))
ASK, SELECT = "ASK { }", "SELECT (1 AS ?x) { }"
COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
NAMED = "SELECT (COUNT(DISTINCT ?g) AS ?n) { GRAPH ?g { ?s ?p ?o } }"
RESULTS = {
    "application/sparql-results+json",
    "application/sparql-results+xml",
    "text/csv",
    "text/tab-separated-values",
}
GRAPHS = {"application/rdf+xml", "text/turtle", "application/n-triples"}
LATER = "update"
"""Tests of updates are in test_update_protocol; their names in the manifest have this in them."""


def count(response):
    assert response.status_code == 200, response.text
    return int(response.json()["results"]["bindings"][0]["n"]["value"])


def media_type(live, query):
    response = live.get("/sparql", params={"query": query})
    assert response.status_code == 200
    return response.headers["content-type"].partition(";")[0]


def refused(response, *statuses):
    assert response.status_code in (statuses or (400,)), response.text


def query_post_form(live):
    assert live.post("/sparql", data={"query": ASK}).json()["boolean"] is True


def query_get(live):
    assert live.get("/sparql", params={"query": ASK}).json()["boolean"] is True


def query_post_direct(live):
    assert live.post("/sparql", content=ASK, headers=DIRECT).json()["boolean"] is True


def query_dataset_default_graphs_get(live):
    both = count(live.get("/sparql", params={"query": COUNT, "default-graph-uri": [ONE, TWO]}))
    one, two = (count(live.get("/sparql", params={"query": COUNT, "default-graph-uri": each})) for each in (ONE, TWO))
    assert 0 < one < both <= one + two


def query_dataset_default_graphs_post(live):
    assert count(live.post("/sparql", data={"query": COUNT, "default-graph-uri": [ONE, TWO]})) > 0


def query_dataset_named_graphs_get(live):
    assert count(live.get("/sparql", params={"query": NAMED, "named-graph-uri": [ONE, TWO]})) == 2


def query_dataset_named_graphs_post(live):
    assert count(live.post("/sparql", data={"query": NAMED, "named-graph-uri": [ONE, TWO]})) == 2


def query_dataset_full(live):
    graphs = {"default-graph-uri": ONE, "named-graph-uri": TWO}
    assert count(live.get("/sparql", params={"query": NAMED, **graphs})) == 1
    assert count(live.get("/sparql", params={"query": COUNT, **graphs})) > 0


def query_multiple_dataset(live):
    query = COUNT.replace("{", f"FROM <{ONE}> {{", 1)
    only_two = count(live.get("/sparql", params={"query": COUNT, "default-graph-uri": TWO}))
    only_one = count(live.get("/sparql", params={"query": query}))
    assert only_one != only_two
    assert count(live.get("/sparql", params={"query": query, "default-graph-uri": TWO})) == only_two


def query_content_type_select(live):
    assert media_type(live, SELECT) in RESULTS


def query_content_type_ask(live):
    assert media_type(live, ASK) in RESULTS


def query_content_type_describe(live):
    assert media_type(live, "DESCRIBE <http://example.org/>") in GRAPHS


def query_content_type_construct(live):
    assert media_type(live, "CONSTRUCT { <x:s> <x:p> 1 } WHERE { }") in GRAPHS


def bad_query_method(live):
    refused(live.put("/sparql", params={"query": ASK}), 405)


def bad_multiple_queries(live):
    refused(live.get("/sparql", params={"query": [ASK, SELECT]}))


def bad_query_wrong_media_type(live):
    refused(live.post("/sparql", content=ASK, headers={"Content-Type": "text/plain"}), 415)


def bad_query_missing_form_type(live):
    refused(live.post("/sparql", content=b"query=ASK%20%7B%7D", headers={"Content-Type": ""}), 415)


def bad_query_missing_direct_type(live):
    refused(live.post("/sparql", content=ASK.encode(), headers={"Content-Type": ""}), 415)


def bad_query_non_utf8(live):
    refused(live.post("/sparql", content="ASK { ?s ?p 'é' }".encode("utf-16"), headers=DIRECT))


def bad_query_syntax(live):
    refused(live.get("/sparql", params={"query": "ASK {"}))


TESTS = {name: test for name, test in globals().items() if name.startswith(("query_", "bad_"))}


def names(folder, suite):
    return [case.name.partition("#")[2] for case in suites.cases(folder, f"sparql11/{suite}")]


@pytest.mark.parametrize("name", TESTS)
def test_protocol(live, name):
    TESTS[name](live)


def test_every_protocol_test_about_queries_is_here(folder):
    listed = names(folder, "protocol")
    assert len(listed) == 34
    assert {name for name in listed if LATER not in name} == set(TESTS)


def test_service_description(live, folder):
    assert set(names(folder, "service-description")) == {"returns-rdf", "has-endpoint-triple", "conforms-to-schema"}
    response = live.get("/sparql")
    assert response.headers["content-type"].startswith("text/turtle")
    triples = {quad.triple for quad in pyoxigraph.parse(response.content, format=RdfFormat.TURTLE)}
    sd = "http://www.w3.org/ns/sparql-service-description#"
    endpoints = [each for each in triples if each.predicate == NamedNode(f"{sd}endpoint")]
    assert [each.object for each in endpoints] == [NamedNode(f"{live.base_url}/sparql".replace("//sparql", "/sparql"))]
    types = {each.object.value for each in triples if each.predicate.value.endswith("#type")}
    assert {f"{sd}Service", f"{sd}Dataset", f"{sd}Graph"} <= types
    objects = {each.predicate.value.removeprefix(sd): each.object for each in triples}
    for link in ("endpoint", "supportedLanguage", "resultFormat", "defaultDataset", "defaultGraph"):
        assert isinstance(objects[link], NamedNode | pyoxigraph.BlankNode)


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_graph_store_reads(live, method):
    found = live.request(method, "/store", params={"graph": ONE}, headers={"Accept": "text/turtle; charset=utf-8"})
    assert (found.status_code, found.headers["content-type"].partition(";")[0]) == (200, "text/turtle")
    assert live.request(method, "/store", params={"default": ""}).status_code == 200
    assert live.request(method, "/store", params={"graph": f"{suites.WEB}none"}).status_code == 404
    assert live.request(method, "/store/person/2.ttl").status_code == 404


def test_the_page_lists_every_exception():
    page = (suites.CHECKOUT / "docs" / "conformance.md").read_text(encoding="utf-8")
    rows = [line.strip("| ").split(" | ") for line in page.splitlines() if line.startswith("| `")]
    assert {name.strip("`"): reason for name, reason in rows} == EXCEPTIONS
