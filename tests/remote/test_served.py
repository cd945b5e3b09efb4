"""A store elsewhere answers through this server as a dataset held here does: the same rows in every format."""

import json
import socket

import pytest
from pyoxigraph import BlankNode, QueryResultsFormat, RdfFormat, parse, parse_query_results
from rdflib import Graph, URIRef
from rdflib.compare import isomorphic
from rdflib.plugins.stores.sparqlstore import SPARQLStore
from SPARQLWrapper import JSON, SPARQLWrapper

from kg.store import plain
from tests.server.conftest import serving

E = "http://example.org/"
DATA = "\n".join(
    f'<{E}thing{number % 20}> <{E}property{number % 7}> "value {number}" ; <{E}size> {number} .'
    for number in range(200)
)
SPECIAL = f"""
<{E}a> <{E}name> "Україна"@uk, "multi\\nline, \\"quoted\\" <tag>", "nodeID://no" ;
    <{E}day> "2026-11-26"^^<http://www.w3.org/2001/XMLSchema#date> ;
    <{E}part> [ <{E}name> "first" ; <{E}part> [ <{E}name> "second" ] ] .
"""
QUERIES = [
    f"SELECT ?s ?o {{ GRAPH <{E}g> {{ ?s <{E}property1> ?o }} }}",
    f"SELECT ?p (COUNT(*) AS ?n) (SUM(?o) AS ?sum) {{ GRAPH <{E}g> {{ ?s ?p ?o . ?s <{E}size> ?o }} }} GROUP BY ?p",
    f"SELECT DISTINCT ?s {{ GRAPH <{E}g> {{ ?s <{E}size> ?o FILTER(?o > 190) }} }} ORDER BY DESC(?s) LIMIT 3",
    f"SELECT ?name ?day {{ GRAPH <{E}h> {{ <{E}a> <{E}name> ?name OPTIONAL {{ <{E}a> <{E}day> ?day }} }} }}",
    f"PREFIX e: <{E}> SELECT ?n {{ GRAPH e:h {{ e:a e:part/e:part/e:name ?n }} }}",
    f"SELECT ?o {{ ?s ?p ?o FILTER(?s = <{E}thing3>) VALUES ?p {{ <{E}size> }} }}",
    f"SELECT ?g {{ GRAPH ?g {{ <{E}thing3> <{E}size> ?o }} }} GROUP BY ?g",
    f"SELECT ?s ?o FROM <{E}g> FROM <{E}h> {{ ?s <{E}name> ?o }}",
    f"SELECT ?x {{ GRAPH <{E}nothing> {{ ?x ?p ?o }} }}",
]
ROW_FORMATS = {
    "application/sparql-results+json": QueryResultsFormat.JSON,
    "application/sparql-results+xml": QueryResultsFormat.XML,
    "text/tab-separated-values": QueryResultsFormat.TSV,
}


def fill(client, *, union):
    """Two graphs and, where the default graph is not the union of them, their triples in it, too."""
    for name, text in (("g", DATA), ("h", SPECIAL)):
        put = client.put(f"/store?graph={E}{name}", content=text, headers={"Content-Type": "text/turtle"})
        assert put.status_code == 201, put.text
    if not union:
        both = DATA + SPECIAL
        put = client.put("/store?default", content=both, headers={"Content-Type": "text/turtle"})
        assert put.status_code == 204, put.text


@pytest.fixture(scope="module")
def filled(front):
    fill(front.client, union="FOEDUS_STORE_UNION" in front.store.settings)
    return front


@pytest.fixture(scope="module")
def here(tmp_path_factory):
    """A server on the same dataset, held here."""
    folder = tmp_path_factory.mktemp("here")
    (folder / "both.trig").write_text(f"{DATA}{SPECIAL}\nGRAPH <{E}g> {{ {DATA} }}\nGRAPH <{E}h> {{ {SPECIAL} }}")
    plain.publish(folder / "root", [folder / "both.trig"])
    with serving(folder / "root", FOEDUS_PLAIN="true", FOEDUS_PATIENCE="30", FOEDUS_DEADLINE="20") as server:
        yield server


def rows(response, form=QueryResultsFormat.JSON):
    assert response.status_code == 200, response.text
    found = parse_query_results(response.content, form)
    names = [variable.value for variable in found.variables]
    return sorted(sorted(f"{name}={_shown(row[name])}" for name in names if row[name] is not None) for row in found)


def _shown(term):
    return "a blank node" if isinstance(term, BlankNode) else str(term)


@pytest.mark.parametrize("number", range(len(QUERIES)))
def test_the_rows_are_those_of_a_dataset_held_here(filled, here, number):
    text = QUERIES[number]
    expected = rows(here.get(text, "application/sparql-results+json"))
    assert (expected == []) == ("nothing" in text)
    for media_type, form in ROW_FORMATS.items():
        assert rows(filled.get(text, media_type), form) == expected
    table = filled.get(text, "text/csv")
    assert table.status_code == 200
    assert table.headers["content-type"] == "text/csv; charset=utf-8; header=present"


def test_a_boolean(filled):
    for text, truth in ((f"ASK {{ <{E}thing1> ?p ?o }}", True), (f"ASK {{ <{E}nobody> ?p ?o }}", False)):
        assert filled.get(text, "application/sparql-results+json").json()["boolean"] is truth
        assert f"<boolean>{str(truth).lower()}</boolean>" in filled.get(text, "application/sparql-results+xml").text


def graph(response, form="turtle"):
    assert response.status_code == 200, response.text
    return Graph().parse(data=response.text, format=form)


def test_graphs_in_every_format(filled, here):
    text = f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH <{E}h> {{ ?s ?p ?o }} }}"
    expected = graph(here.get(text, "text/turtle"))
    assert len(expected) == 8
    for media_type, form in (
        ("text/turtle", "turtle"),
        ("application/n-triples", "nt"),
        ("application/rdf+xml", "xml"),
    ):
        assert isomorphic(graph(filled.get(text, media_type), form), expected)


def test_a_description_is_bounded_and_follows_blank_nodes(filled, here):
    found = graph(filled.get(f"DESCRIBE <{E}a>", "text/turtle"))
    assert isomorphic(found, graph(here.get(f"DESCRIBE <{E}a>", "text/turtle")))
    assert len(found) == 8


def test_whole_graphs_and_the_whole_dataset(filled, here):
    for name in ("g", "h"):
        address = f"/store?graph={E}{name}"
        found = graph(filled.client.get(address, headers={"Accept": "text/turtle"}))
        assert isomorphic(found, graph(here.client.get(address, headers={"Accept": "text/turtle"})))
    missing = filled.client.get(f"/store?graph={E}nothing")
    assert missing.status_code == 404
    dump = filled.client.get("/store", headers={"Accept": "application/n-quads"})
    assert dump.status_code == 200
    named = [quad for quad in parse(dump.content, RdfFormat.N_QUADS) if f"<{E}" in str(quad.graph_name)]
    assert len(named) == 2 * len(DATA.splitlines()) + 8
    assert "etag" not in dump.headers


def test_the_dataset_of_the_protocol(filled):
    asked = {"query": "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", "default-graph-uri": f"{E}h"}
    found = filled.client.post("/sparql", data=asked, headers={"Accept": "text/csv"})
    assert found.text.splitlines()[1] == "8"
    asked = {"query": "SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } }", "named-graph-uri": f"{E}h"}
    found = filled.client.post("/sparql", data=asked, headers={"Accept": "text/csv"})
    assert found.text.splitlines()[1:] == [f"{E}h"]


def test_clients_of_sparql_read_it(filled):
    wrapper = SPARQLWrapper(f"{filled.address}/sparql", returnFormat=JSON)
    wrapper.setQuery(QUERIES[0])
    assert len(wrapper.query().convert()["results"]["bindings"]) == 29
    read = Graph(SPARQLStore(f"{filled.address}/sparql"))
    assert (URIRef(f"{E}thing1"), None, None) in read


def test_nothing_is_kept_for_later(filled):
    """Others may write to the store: no answer is given twice, and no client is told that nothing has changed."""
    text = f"ASK {{ GRAPH <{E}g> {{ <{E}thing1> ?p ?o }} }}"
    first, second = filled.get(text), filled.get(text)
    for response in (first, second):
        assert response.headers["cache-control"] == "no-store"
        assert "etag" not in response.headers
        assert "cache" not in response.headers["server-timing"]


def test_what_is_no_query_is_told_with_line_and_column(filled):
    wrong = filled.get("SELECT ?s {\n ?s ?p ?o ?q }")
    assert wrong.status_code == 400
    problem = wrong.json()
    assert problem["type"].endswith("/syntax")
    assert problem["line"] == 2


def test_limits_are_those_of_this_server(filled):
    assert filled.get("SELECT * { SERVICE <http://example.org/> { ?s ?p ?o } }").status_code == 403
    assert filled.get("SELECT * { " + "{" * 200 + "}" * 200 + " }").status_code == 400
    asked = {"query": f"SELECT * {{ <{E}a> ?p ?o }}", "citations": "true"}
    cited = filled.client.get("/sparql", params=asked)
    assert cited.status_code == 422
    assert filled.client.get("/sparql", params={"query": "ASK {}", "valid-at": "2025-01-01"}).status_code == 400


def test_its_pages_and_health(filled):
    page = filled.client.get("/", params={"query": QUERIES[0]}, headers={"Accept": "text/html"})
    assert page.status_code == 200
    assert "thing1" in page.text
    health = filled.client.get("/health").json()
    assert health["store"] == filled.store.settings["FOEDUS_STORE"]
    assert health["ready"] is True
    assert health["sandbox"].startswith("in part")
    described = filled.client.get("/sparql", headers={"Accept": "text/turtle"})
    assert "sd:Service" in described.text
    secrets = json.dumps([health, dict(described.headers), described.text])
    assert not [secret for secret in filled.store.secrets.values() if len(secret) > 5 and secret in secrets]


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * { \\u0053ERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }",
        "SELECT * { ?s <http://e/\\u003E ?o . SERVICE <http://127.0.0.1:1/> { ?a ?b ?c } . ?x <http://e/p> ?y }",
        "SELECT * { ?s ?p '\\u0027 . SERVICE <http://127.0.0.1:1/> { ?a ?b ?c }' }",
        "SELECT * { ?s ?p '\\U00000027' }",
    ],
)
def test_escapes_hide_nothing_from_the_gate(filled, text):
    """A store may read escapes before it looks for words."""
    assert filled.get(text).status_code in (400, 403)


def test_the_name_of_a_graph_is_no_query(filled):
    """An address that closes the IRI which it becomes never reaches the store as a query."""
    host, port = filled.address.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=30) as raw:
        path = "/store/x>{?s?p?o}SERVICE<http://127.0.0.1:1/>{?a?b?c}GRAPH<http://e/y"
        raw.sendall(f"GET {path} HTTP/1.1\r\nHost: {host}:{port}\r\nConnection: close\r\n\r\n".encode())
        answer = b""
        while part := raw.recv(65536):
            answer += part
    assert answer.split()[1] in (b"400", b"404")
    assert b"127.0.0.1:1" not in answer or b"IRI" in answer
