"""SPARQL Update and Graph Store writes on a plain dataset, by real clients, against a running server."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from rdflib import Graph, Literal, URIRef
from rdflib.plugins.stores.sparqlstore import SPARQLUpdateStore
from SPARQLWrapper import BASIC, JSON, POST, SPARQLWrapper

from kg import keys
from kg.store import plain
from tests.server.conftest import serving

G = "http://example.org/g"


@pytest.fixture(scope="module")
def writable(tmp_path_factory):
    """A server on an empty dataset, with a client that shows a key."""
    root = tmp_path_factory.mktemp("plain")
    plain.publish(root, [])
    key = keys.add(root, "alice", "contribute", "2026-11-25")
    with serving(root, FOEDUS_PLAIN="true", FOEDUS_WRITABLE="true", FOEDUS_PATIENCE="30") as server:
        server.key = key
        server.client.headers["Authorization"] = f"Bearer {key}"
        server.client.timeout = 60
        yield server


def update(server, text: str, **more):
    return server.client.post(
        "/sparql",
        content=text,
        headers={"Content-Type": "application/sparql-update", **more.pop("headers", {})},
        **more,
    )


def ask(server, query: str) -> bool:
    return server.get(query, "application/json").json()["boolean"]


def test_an_update_is_visible_when_it_is_answered(writable):
    assert update(writable, "INSERT DATA { <http://e/a> <http://e/p> 1 }").status_code == 204
    assert ask(writable, "ASK { <http://e/a> <http://e/p> 1 }")
    form = {"update": "DELETE WHERE { <http://e/a> ?p ?o }"}
    assert writable.client.post("/sparql", data=form).status_code == 204
    assert not ask(writable, "ASK { <http://e/a> ?p ?o }")
    query = writable.client.post("/sparql", data={"query": "ASK {}"}, headers={"Accept": "application/json"})
    assert query.json()["boolean"] is True


def test_a_mistake_is_told_with_its_place(writable):
    wrong = update(writable, "INSERT DATA {\n <http://e/a> <http://e/p> }")
    assert wrong.status_code == 400
    problem = wrong.json()
    assert (problem["type"].rpartition("/")[2], problem["line"], problem["column"]) == ("syntax", 2, 28)
    assert problem["detail"].startswith("'}' cannot stand here")


def test_an_update_needs_a_key_and_a_post(writable):
    text = {"Content-Type": "application/sparql-update", "Authorization": ""}
    assert writable.client.post("/sparql", content="CLEAR ALL", headers=text).status_code == 401
    assert writable.client.get("/sparql", params={"update": "CLEAR ALL"}).status_code == 400
    assert (
        writable.client.post("/sparql", params={"update": "CLEAR ALL"}, data={"update": "CLEAR ALL"}).status_code == 400
    )
    both = writable.client.post("/sparql", data={"update": "CLEAR ALL", "query": "ASK {}"})
    assert both.status_code == 400


def test_the_graphs_of_the_protocol_count_in_every_operation(writable):
    a, b = "http://e/graph-a", "http://e/graph-b"
    for number, graph in ((1, a), (2, b)):
        update(writable, f"INSERT DATA {{ GRAPH <{graph}> {{ <http://e/{number}> <http://e/p> {number} }} }}")
    copy = "INSERT { GRAPH <http://e/copy> { ?s ?p ?o } } WHERE { ?s ?p ?o }"
    assert update(writable, copy, params={"using-graph-uri": a}).status_code == 204
    assert ask(writable, "ASK { GRAPH <http://e/copy> { <http://e/1> ?p ?o } }")
    assert not ask(writable, "ASK { GRAPH <http://e/copy> { <http://e/2> ?p ?o } }")
    from_named = "INSERT { GRAPH <http://e/copy-2> { ?s ?p ?o } } WHERE { GRAPH ?g { ?s ?p ?o } }"
    form = {"update": from_named, "using-named-graph-uri": b}
    assert writable.client.post("/sparql", data=form).status_code == 204
    assert ask(writable, "ASK { GRAPH <http://e/copy-2> { <http://e/2> ?p ?o } }")
    assert not ask(writable, "ASK { GRAPH <http://e/copy-2> { <http://e/1> ?p ?o } }")
    clash = f"DELETE {{ ?s ?p ?o }} USING <{a}> WHERE {{ ?s ?p ?o }}"
    assert update(writable, clash, params={"using-graph-uri": a}).status_code == 400


@pytest.mark.parametrize(
    ("text", "status", "kind"),
    [
        ("INSERT DATA { <http://e/a> <http://e/p> }", 400, "syntax"),
        ("LOAD <http://127.0.0.1:1/x>", 403, "federation"),
        ("load silent <file:///etc/passwd>", 403, "federation"),
        ("INSERT { ?s ?p ?o } WHERE { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }", 403, "federation"),
        ("INSERT DATA " + "{" * 3000, 400, "complexity"),
        ("SELECT * { ?s ?p ?o }", 400, "syntax"),
    ],
)
def test_updates_that_are_refused_change_nothing(writable, text, status, kind):
    response = update(writable, f"{text}")
    assert response.status_code == status, response.text
    assert response.json()["type"].rpartition("/")[2] == kind


def test_several_operations_are_one_transaction(writable):
    text = (
        "INSERT DATA { <http://e/torn> <http://e/p> 1 } ; CREATE GRAPH <http://e/twice> ; CREATE GRAPH <http://e/twice>"
    )
    assert update(writable, text).status_code == 400
    assert not ask(writable, "ASK { <http://e/torn> ?p ?o }")


def test_graphs_are_put_posted_and_deleted(writable):
    store, turtle = writable.client, {"Content-Type": "text/turtle"}
    assert store.delete("/store", params={"graph": G}).status_code == 404
    assert store.put("/store", params={"graph": G}, content="<a> <b> <c> .", headers=turtle).status_code == 201
    assert ask(writable, f"ASK {{ GRAPH <{G}> {{ <http://example.org/a> <http://example.org/b> ?c }} }}")
    assert store.post("/store", params={"graph": G}, content="<d> <e> _:f .", headers=turtle).status_code == 204
    body = store.get("/store", params={"graph": G}, headers={"Accept": "application/n-triples"}).text
    assert len(body.splitlines()) == 2
    assert store.put("/store", params={"graph": G}, content="", headers=turtle).status_code == 204
    assert store.get("/store", params={"graph": G}, headers={"Accept": "application/n-triples"}).text == ""
    assert store.delete("/store", params={"graph": G}).status_code == 204
    assert store.get("/store", params={"graph": G}).status_code == 404
    assert store.put("/store?default", content="<http://e/x> <http://e/y> 1 .", headers=turtle).status_code == 204
    assert ask(writable, "ASK { <http://e/x> <http://e/y> 1 }")
    direct = f"{writable.address}/store/person/1.ttl"
    assert store.put(direct, content="<#me> <http://e/n> 1 .", headers=turtle).status_code == 201
    assert ask(writable, f"ASK {{ GRAPH <{direct}> {{ <{direct}#me> ?p ?o }} }}")
    made = store.post("/store", content="<http://e/m> <http://e/n> 1 .", headers=turtle)
    assert made.status_code == 201
    assert store.head(made.headers["location"]).status_code == 200
    whole = '<http://e/q> <http://e/n> "1" <http://e/whole> .'
    assert store.post("/store", content=whole, headers={"Content-Type": "application/n-quads"}).status_code == 204
    assert ask(writable, "ASK { GRAPH <http://e/whole> { ?s ?p ?o } }")


def test_graph_requests_that_cannot_be_done(writable):
    store = writable.client
    assert (
        store.put("/store", params={"graph": G}, content="x", headers={"Content-Type": "image/png"}).status_code == 415
    )
    wrong = store.put("/store", params={"graph": G}, content="<a> <b>", headers={"Content-Type": "text/turtle"})
    assert (wrong.status_code, wrong.json()["line"]) == (400, 1)
    patch = store.patch("/store", params={"graph": G}, content="x", headers={"Content-Type": "text/turtle"})
    assert patch.status_code == 405
    assert "PUT" in patch.headers["allow"]
    named = '<http://e/q> <http://e/n> "1" <http://e/other> .'
    two = store.put("/store", params={"graph": G}, content=named, headers={"Content-Type": "application/n-quads"})
    assert two.status_code == 400
    doctype = '<?xml version="1.0"?><!DOCTYPE r [<!ENTITY x "y">]><r/>'
    xml = store.put("/store", params={"graph": G}, content=doctype, headers={"Content-Type": "application/rdf+xml"})
    assert xml.status_code == 400
    assert "document type" in xml.json()["detail"]


def test_sparqlwrapper_and_rdflib_write(writable):
    wrapper = SPARQLWrapper(f"{writable.address}/sparql")
    wrapper.setHTTPAuth(BASIC)
    wrapper.setCredentials("anybody", writable.key)
    wrapper.setMethod(POST)
    wrapper.setQuery("INSERT DATA { <http://e/wrapper> <http://e/p> 'w' }")
    wrapper.query()
    wrapper.setQuery("SELECT ?o { <http://e/wrapper> ?p ?o }")
    wrapper.setReturnFormat(JSON)
    assert wrapper.queryAndConvert()["results"]["bindings"][0]["o"]["value"] == "w"
    store = SPARQLUpdateStore(
        f"{writable.address}/sparql", f"{writable.address}/sparql", auth=("anybody", writable.key), context_aware=False
    )
    graph = Graph(store)
    graph.add((URIRef("http://e/rdflib"), URIRef("http://e/p"), Literal("r")))
    assert (URIRef("http://e/rdflib"), URIRef("http://e/p"), Literal("r")) in graph


def test_4000_increments_by_8_clients_end_at_4000(writable):
    update(writable, "INSERT DATA { <http://e/counter> <http://e/is> 0 }")
    one_more = (
        "DELETE { <http://e/counter> <http://e/is> ?n } INSERT { <http://e/counter> <http://e/is> ?m } "
        "WHERE { <http://e/counter> <http://e/is> ?n BIND(?n + 1 AS ?m) }"
    )

    def count(_: int) -> set[int]:
        return {update(writable, one_more, headers={"Prefer": "respond-async"}).status_code for _ in range(500)}

    with ThreadPoolExecutor(8) as clients:
        assert set.union(*clients.map(count, range(8))) == {202}
    assert update(writable, "INSERT DATA { <http://e/after> <http://e/p> 1 }").status_code == 204
    answer = writable.get("SELECT ?n { <http://e/counter> <http://e/is> ?n }", "text/csv").text
    assert answer.split() == ["n", "4000"]


def test_an_update_without_end_is_ended_and_the_next_is_done(tmp_path):
    plain.publish(tmp_path, [])
    key = keys.add(tmp_path, "alice", "contribute", "2026-11-25")
    environment = {"FOEDUS_PLAIN": "true", "FOEDUS_WRITABLE": "true", "FOEDUS_WRITE_DEADLINE": "1"}
    with serving(tmp_path, **environment) as server:
        server.client.headers["Authorization"] = f"Bearer {key}"
        many = " ".join(f"<http://e/{number}> <http://e/p> {number} ." for number in range(300))
        assert update(server, f"INSERT DATA {{ {many} }}").status_code == 204
        endless = "INSERT { <http://e/bomb> <http://e/p> 1 } WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
        ended = update(server, endless)
        assert (ended.status_code, ended.json()["type"].rpartition("/")[2]) == (504, "deadline")
        assert update(server, "INSERT DATA { <http://e/next> <http://e/p> 1 }").status_code == 204
        assert ask(
            server, "ASK { <http://e/next> ?p ?o . <http://e/7> ?q ?r FILTER NOT EXISTS { <http://e/bomb> ?s ?t } }"
        )
