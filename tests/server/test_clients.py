"""The clients that people use: SPARQLWrapper, rdflib's store, the command line's own, plain sockets."""

import json
import socket
import time

import pytest
import rdflib
from pyoxigraph import RdfFormat, parse
from rdflib.plugins.stores.sparqlstore import SPARQLStore
from SPARQLWrapper import CSV, GET, JSON, JSONLD, POST, POSTDIRECTLY, TURTLE, XML, SPARQLWrapper

from kg.store.remote.asking import query_endpoint

pytestmark = pytest.mark.alone

ROWS = "SELECT ?o { <http://example.org/thing1> <http://example.org/property1> ?o } ORDER BY ?o"
TRIPLES = "CONSTRUCT WHERE { <http://example.org/thing1> ?p ?o }"
THING = rdflib.URIRef("http://example.org/thing1")
PROPERTY = rdflib.URIRef("http://example.org/property1")
VALUES = ["value 1", "value 351"]


def ask(served, query, wanted, method=GET, directly=False, raw=False):
    wrapper = SPARQLWrapper(f"{served.address}/sparql", returnFormat=wanted)
    wrapper.setMethod(method)
    if directly:
        wrapper.setRequestMethod(POSTDIRECTLY)
    wrapper.setQuery(query)
    result = wrapper.query()
    with result.response:
        return result.response.read() if raw else result.convert()


def test_sparqlwrapper_by_every_way_and_in_every_format(served):
    for method, directly in ((GET, False), (POST, False), (POST, True)):
        rows = ask(served, ROWS, JSON, method, directly)["results"]["bindings"]
        assert [row["o"]["value"] for row in rows] == VALUES
    assert ask(served, ROWS, CSV) == b"o\r\nvalue 1\r\nvalue 351\r\n"
    assert "value 351" in ask(served, ROWS, XML).toxml()
    assert ask(served, "ASK { ?s ?p ?o }", JSON)["boolean"] is True
    assert b"value 351" in ask(served, TRIPLES, TURTLE)
    for wanted, format_there in ((XML, RdfFormat.RDF_XML), (JSONLD, RdfFormat.JSON_LD)):
        triples = {quad.triple for quad in parse(ask(served, TRIPLES, wanted, raw=True), format=format_there)}
        assert len(triples) == 8
        assert {triple.object.value for triple in triples} >= set(VALUES)


def test_rdflibs_store_reads_rows_triples_and_graphs(served):
    store = SPARQLStore(f"{served.address}/sparql")
    graph = rdflib.Graph(store)
    assert sorted(str(row.o) for row in graph.query(ROWS)) == VALUES
    assert sorted(str(value) for value in graph.objects(THING, PROPERTY)) == VALUES
    assert (THING, PROPERTY, rdflib.Literal("value 1")) in graph
    assert graph.query("ASK { ?s ?p ?o }").askAnswer is True
    assert len(graph.query(TRIPLES).graph) == 8
    claim = rdflib.Graph(SPARQLStore(f"{served.address}/sparql"), identifier="http://example.org/claim/1")
    assert len(list(claim.triples((None, None, None)))) == 1


def test_the_command_lines_own_client(served):
    answer = query_endpoint(f"{served.address}/sparql", ROWS)
    assert (answer.media_type, answer.body) == ("text/csv", b"o\r\nvalue 1\r\nvalue 351\r\n")
    answer = query_endpoint(f"{served.address}/sparql", ROWS, accept="application/sparql-results+json")
    assert len(json.loads(answer.body)["results"]["bindings"]) == 2
    assert query_endpoint(f"{served.address}/sparql", TRIPLES).media_type == "text/turtle"


def test_a_connection_is_kept_for_the_next_query_which_does_not_wait(served):
    host, port = served.address.removeprefix("http://").split(":")
    request = f"GET /sparql?query=ASK%7B%7D HTTP/1.1\r\nHost: {host}\r\n\r\n".encode()
    with socket.create_connection((host, int(port)), timeout=5) as connection:
        began = time.monotonic()
        for _ in range(50):
            connection.sendall(request)
            received = b""
            while not received.endswith(b'"boolean":true}'):
                part = connection.recv(65536)
                assert part
                received += part
            assert received.startswith(b"HTTP/1.1 200 ")
        assert (time.monotonic() - began) / 50 < 0.03
