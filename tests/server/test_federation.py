"""SERVICE, where an address is allowed: the clause is asked of it, and its solutions are joined."""

import httpx
import pytest
from pyoxigraph import BaseDirection, Literal, NamedNode, Store, Triple

from kg.algebra.federation import group_of
from tests.remote.stores import free_port, running

E = "http://example.org/"
DATA = f"""
<{E}thing1> <{E}size> 1 ; <{E}name> "one, \\"quoted\\"\\n\\u0001"@en, "ein \\\\"@de ; <{E}part> [ <{E}size> 2 ] .
<{E}thing2> <{E}size> 2.50 ; <{E}odd> "<tag> {{ }} \\t" .
"""


@pytest.fixture(scope="module")
def federated(tmp_path_factory, publish, serving):
    """A server that may ask another store, and one where nobody is; `there` and `nowhere` are their addresses."""
    root = tmp_path_factory.mktemp("federated")
    publish(root, "first")
    with running("oxigraph", tmp_path_factory.mktemp("oxigraph")) as store:
        there, nowhere = store.settings["FOEDUS_STORE"], f"http://127.0.0.1:{free_port()}/sparql"
        put = httpx.put(
            there.replace("/query", "/store?default"), content=DATA, headers={"Content-Type": "text/turtle"}
        )
        put.raise_for_status()
        with serving(root, FOEDUS_SERVICES=f"{there} {nowhere}", FOEDUS_DEADLINE="5") as server:
            server.there, server.nowhere = there, nowhere
            yield server


def rows(response):
    assert response.status_code == 200, response.text
    return response.text.split("\r\n")[1:-1]


def test_solutions_are_joined(federated):
    text = f"""PREFIX e: <{E}>
    SELECT ?value ?size {{ SERVICE <{federated.there}> {{ ?thing e:size ?size }} ?thing e:property1 ?value }}
    ORDER BY ?size"""
    found = rows(federated.get(text, "text/csv"))
    things = f"VALUES ?thing {{ <{E}thing1> <{E}thing2> }} ?thing <{E}property1> ?v"
    expected = rows(federated.get(f"SELECT ?v {{ {things} }}", "text/csv"))
    assert sorted(row.partition(",")[0] for row in found) == sorted(expected)
    response = federated.get(text, "text/csv")
    assert response.headers["cache-control"] == "no-store"
    assert "etag" not in response.headers


@pytest.mark.parametrize("place", ["{}", "OPTIONAL {{ {} }}", "{{ {} }} UNION {{ {} }}", "FILTER EXISTS {{ {} }}"])
def test_it_may_stand_anywhere(federated, place):
    """The rows are those of a query with the same solutions in VALUES."""
    clause = f"SERVICE <{federated.there}> {{ ?thing <{E}size> ?size }}"
    values = f"VALUES (?thing ?size) {{ (<{E}thing1> 1) (<{E}thing2> 2.50) }}"
    whole = f"SELECT * {{ VALUES ?thing {{ <{E}thing1> <{E}thing3> }} PLACE }}"
    found = [
        sorted(rows(federated.get(whole.replace("PLACE", place.format(each, each)), "text/csv")))
        for each in (clause, values)
    ]
    if place == "{}":  # the blank node with a size is not among the things
        assert found[0] == [f"1,{E}thing1"] or found[0] == [f"{E}thing1,1"]
    assert found[0] == found[1]


def test_every_kind_of_term_survives(federated):
    text = f"SELECT ?o {{ SERVICE <{federated.there}> {{ ?s ?p ?o FILTER(!isBlank(?o)) }} }}"
    here = federated.get(text, "text/tab-separated-values").text
    there = federated.client.get(
        federated.there,
        params={"query": "SELECT ?o { ?s ?p ?o FILTER(!isBlank(?o)) }"},
        headers={"Accept": "text/tab-separated-values"},
    ).text
    assert sorted(here.splitlines()) == sorted(there.splitlines())
    assert len(here.splitlines()) == 7


def test_blank_nodes_become_iris(federated):
    text = f"SELECT ?b {{ SERVICE <{federated.there}> {{ ?s <{E}part> ?b . ?b <{E}size> 2 }} }}"
    (name,) = rows(federated.get(text, "text/csv"))
    assert name.startswith("https://w3id.org/foedus/.well-known/genid/")


def test_a_pattern_without_variables_is_true_or_not(federated):
    for size, truth in ((1, True), (7, False)):
        text = f"ASK {{ SERVICE <{federated.there}> {{ <{E}thing1> <{E}size> {size} }} }}"
        assert federated.get(text, "application/json").json()["boolean"] is truth


def test_a_clause_within_another_is_asked_from_here(federated):
    inner = f"SERVICE <{federated.there}> {{ ?thing <{E}size> ?size }}"
    silent = f"SERVICE SILENT <{federated.nowhere}> {{ ?thing ?p ?none }}"
    outer = f"SERVICE <{federated.there}> {{ ?thing <{E}name> ?name . {inner} OPTIONAL {{ {silent} }} }}"
    found = federated.get(f"SELECT ?name ?size {{ {outer} }}", "application/sparql-results+json").json()
    assert sorted((row["name"]["xml:lang"], row["size"]["value"]) for row in found["results"]["bindings"]) == [
        ("de", "1"),
        ("en", "1"),
    ]


def test_silent_is_silent(federated):
    group = f"<{federated.nowhere}> {{ ?thing <{E}size> ?size }}"
    failed = federated.get(f"SELECT * {{ SERVICE {group} }}")
    assert failed.status_code == 502
    assert federated.nowhere in failed.json()["detail"]
    text = f"SELECT ?v ?size {{ <{E}thing1> <{E}property1> ?v SERVICE SILENT {group} }}"
    assert rows(federated.get(text, "text/csv")) == ["value 1,", "value 351,"]


@pytest.mark.parametrize(
    ("clause", "said"),
    [
        ("SERVICE <http://example.org/other> { ?s ?p ?o }", "is not asked from here"),
        ("SERVICE ?there { ?s ?p ?o }", "followed by the IRI"),
        ("SERVICE SILENT ?there { ?s ?p ?o }", "followed by the IRI"),
        ("SERVICE <THERE> { SERVICE <http://example.org/other> { ?s ?p ?o } }", "is not asked from here"),
        ("SERVICE <THERE> { ?s ?p ?o . FILTER(trueSERVICE<http://169.254.169.254/>{ ?s ?p ?o }) }", "space around"),
        ("FILTER(?x = trueSERVICE<http://169.254.169.254/>{ ?s ?p ?o })", "space around"),
        ("{ SERVICE <THERE>", "followed by"),
        ("SERVICE <THERE/../latest/meta-data> { ?s ?p ?o }", "is not asked from here"),
        ("SERVICE <\\u0068ttp://169.254.169.254/> { ?s ?p ?o }", "is not asked from here"),
    ],
)
def test_nobody_else_is_asked(federated, clause, said):
    refused = federated.get(f"SELECT * {{ {clause.replace('THERE', federated.there)} }}")
    assert refused.status_code == 403, refused.text
    assert said in refused.json()["detail"]


def test_a_prefixed_name_means_the_same(federated):
    before, _, after = federated.there.rpartition("/")
    text = f"PREFIX there: <{before}/> ASK {{ SERVICE there:{after} {{ ?s <{E}size> 1 }} }}"
    assert federated.get(text, "application/json").json()["boolean"] is True


def test_mistakes_are_told_where_they_are(federated):
    wrong = federated.get(f"SELECT * {{ SERVICE <{federated.there}> {{ ?s ?p ?o }}\n}} LIMIT many")
    assert (wrong.status_code, wrong.json()["line"], wrong.json()["column"]) == (400, 2, 9)
    within = federated.get(f"SELECT * {{ SERVICE <{federated.there}> {{ ?s ?p }} }}")
    assert within.status_code == 400
    assert federated.there in within.json()["detail"]


def test_answers_with_service_are_not_cited_nor_frozen(federated):
    text = f"SELECT * {{ SERVICE <{federated.there}> {{ ?s ?p ?o }} }}"
    assert federated.client.get("/sparql", params={"query": text, "citations": "true"}).status_code == 422
    assert federated.client.post("/frozen", data={"query": text}).status_code == 403
    page = federated.client.get("/", params={"query": text}, headers={"Accept": "text/html"})
    assert page.status_code == 200
    assert "thing2" in page.text


def test_triple_terms_and_directions_survive():
    triple = {name: {"type": "uri", "value": f"{E}{name}"} for name in ("subject", "predicate", "object")}
    text = {"type": "literal", "value": "x", "xml:lang": "ar", "its:dir": "rtl"}
    answer = {
        "head": {"vars": ["t", "l"]},
        "results": {"bindings": [{"t": {"type": "triple", "value": triple}, "l": text}]},
    }
    (row,) = Store().query(f"SELECT ?t ?l {group_of(answer, E)}")
    assert row["t"] == Triple(*(NamedNode(f"{E}{name}") for name in ("subject", "predicate", "object")))
    assert row["l"] == Literal("x", language="ar", direction=BaseDirection.RTL)


def test_a_prologue_that_closes_its_iri_is_refused(federated):
    prologue = "PREFIX a: <http://e/\\u003E\\u0020SELECT>"
    refused = federated.get(f"{prologue} SELECT * {{ SERVICE <{federated.there}> {{ ?s ?p ?o }} }}")
    assert refused.status_code == 403
    assert "prologue" in refused.json()["detail"]
