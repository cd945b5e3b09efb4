"""SPARQL 1.2 as far as the engine has it: triple terms, annotations, directions of text, over HTTP in every format.

Sources: https://www.w3.org/TR/sparql12-query/, https://www.w3.org/TR/sparql12-results-json/,
https://www.w3.org/TR/rdf12-turtle/
"""

import httpx
import pyoxigraph
import pytest
from pyoxigraph import BaseDirection, Literal, NamedNode, QueryResultsFormat, RdfFormat, Triple, parse_query_results

from kg import keys
from kg.store import plain
from tests.server.conftest import serving

E = "http://example.org/"
P = f"PREFIX : <{E}> PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> "
DATA = """PREFIX : <http://example.org/>
:ukraine :joins :nato {| :reportedBy :reuters ; :on 2025 |} .
:poland :joins :nato ~ :statement {| :reportedBy :afp |} .
:analyst :denies <<( :ukraine :joins :eu )>> .
:title :says "السلام"@ar--rtl, "peace"@en .
"""
NATO = Triple(NamedNode(f"{E}ukraine"), NamedNode(f"{E}joins"), NamedNode(f"{E}nato"))
EU = Triple(NATO.subject, NATO.predicate, NamedNode(f"{E}eu"))


@pytest.fixture(scope="module")
def live(tmp_path_factory):
    """A client of a plain server to which that data was sent as Turtle 1.2."""
    root = tmp_path_factory.mktemp("sparql12")
    plain.publish(root, [])
    key = keys.add(root, "alice", "contribute", "2026-11-26")
    with serving(root, FOEDUS_PLAIN="true", FOEDUS_WRITABLE="true", FOEDUS_PATIENCE="30") as server:
        headers = {"Authorization": f"Bearer {key}"}
        with httpx.Client(base_url=server.address, headers=headers, timeout=60) as client:
            stored = client.put("/store?default", content=DATA.encode(), headers={"Content-Type": "text/turtle"})
            assert stored.status_code == 204, stored.text
            yield client


def rows(live, query, media_type="application/sparql-results+json", form=QueryResultsFormat.JSON):
    response = live.post("/sparql", data={"query": P + query}, headers={"Accept": media_type})
    assert response.status_code == 200, response.text
    return [tuple(row) for row in parse_query_results(response.content, form)]


@pytest.mark.parametrize(
    ("media_type", "form"),
    [
        ("application/sparql-results+json", QueryResultsFormat.JSON),
        ("application/sparql-results+xml", QueryResultsFormat.XML),
        ("text/tab-separated-values", QueryResultsFormat.TSV),
    ],
)
def test_triple_terms_in_every_format(live, media_type, form):
    found = rows(live, "SELECT ?t { :analyst :denies ?t }", media_type, form)
    assert found == [(EU,)]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("SELECT ?by { :ukraine :joins :nato {| :reportedBy ?by |} }", {"reuters"}),
        ("SELECT ?r { :poland :joins :nato ~ ?r }", {"statement"}),
        ("SELECT ?by { << ?who :joins :nato >> :reportedBy ?by }", {"reuters", "afp"}),
        ("SELECT ?o { ?who :denies <<( :ukraine :joins ?o )>> }", {"eu"}),
        ("SELECT ?s { :analyst :denies ?t BIND(SUBJECT(?t) AS ?s) }", {"ukraine"}),
        (
            "SELECT ?o { ?r rdf:reifies ?t FILTER(isTRIPLE(?t) && SUBJECT(?t) = :poland) BIND(OBJECT(?t) AS ?o) }",
            {"nato"},
        ),
        ("SELECT ?t { VALUES ?t { <<( :a :b :c )>> } }", {str(Triple(*(NamedNode(E + n) for n in "abc")))}),
        ("SELECT (LANGDIR(?l) AS ?d) { :title :says ?l FILTER(hasLANGDIR(?l)) }", {"rtl"}),
        ("SELECT ?l { :title :says ?l FILTER(hasLANG(?l) && !hasLANGDIR(?l)) }", {"peace"}),
    ],
)
def test_queries(live, query, expected):
    found = {getattr(value, "value", str(value)).removeprefix(E) for row in rows(live, query) for value in row}
    assert found == expected


def test_a_version_may_be_announced(live):
    response = live.post("/sparql", data={"query": f'VERSION "1.2" {P} ASK {{ ?s ?p <<( ?a ?b ?c )>> }}'})
    assert response.json()["boolean"] is True


def test_directions_survive(live):
    (found,) = rows(live, "SELECT ?l { :title :says ?l FILTER(hasLANGDIR(?l)) }")
    assert found == (Literal("السلام", language="ar", direction=BaseDirection.RTL),)


def test_annotations_are_constructed_and_read(live):
    query = f"{P} CONSTRUCT {{ ?s ?p ?o {{| :seen true |}} }} WHERE {{ ?s ?p ?o {{| :reportedBy :reuters |}} }}"
    response = live.post("/sparql", data={"query": query}, headers={"Accept": "text/turtle"})
    triples = [quad.triple for quad in pyoxigraph.parse(response.content, RdfFormat.TURTLE)]
    assert len(triples) == 3
    assert NATO in triples
    assert [each.object for each in triples if each.predicate.value.endswith("#reifies")] == [NATO]


def test_updates_with_annotations(live):
    text = f"{P} INSERT DATA {{ :finland :joins :nato {{| :on 2023 |}} }}"
    done = live.post("/sparql", content=text, headers={"Content-Type": "application/sparql-update"})
    assert done.status_code == 204, done.text
    assert len(rows(live, "SELECT ?y { << :finland :joins :nato >> :on ?y }")) == 1
