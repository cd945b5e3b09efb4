"""Writes to a store elsewhere: behind the keys and the gate of this server."""

from concurrent.futures import ThreadPoolExecutor

from rdflib import Graph, Literal, URIRef
from rdflib.plugins.stores.sparqlstore import SPARQLUpdateStore

E = "http://example.org/"
UPDATE = {"Content-Type": "application/sparql-update"}
TURTLE = {"Content-Type": "text/turtle"}


def update(server, text, **more):
    return server.client.post("/sparql", content=text, headers={**UPDATE, **more})


def count(server, graph):
    text = f"SELECT (COUNT(*) AS ?n) {{ GRAPH <{E}{graph}> {{ ?s ?p ?o }} }}"
    return int(server.get(text, "text/csv").text.splitlines()[1])


def test_an_update_is_seen_when_it_is_answered(front):
    done = update(front, f'INSERT DATA {{ GRAPH <{E}u> {{ <{E}a> <{E}p> 1, "x"@en, <rel> }} }}')
    assert done.status_code == 204, done.text
    assert count(front, "u") == 3
    assert update(front, f"DELETE WHERE {{ GRAPH <{E}u> {{ <{E}a> <{E}p> 1 }} }}").status_code == 204
    assert count(front, "u") == 2
    form = {"update": f"DROP SILENT GRAPH <{E}u>"}
    assert front.client.post("/sparql", data=form).status_code == 204
    assert count(front, "u") == 0


def test_a_key_is_needed_and_the_gate_stands(front):
    assert update(front, "DROP ALL", Authorization="").status_code == 401
    assert update(front, "LOAD <http://example.org/data>").status_code == 403
    assert update(front, "INSERT { } WHERE { SERVICE <http://example.org/> { ?s ?p ?o } }").status_code == 403
    wrong = update(front, f"INSERT DATA {{\n GRAPH <{E}u> {{ <{E}a> }} }}")
    assert wrong.status_code == 400
    assert wrong.json()["type"].endswith("/syntax")
    assert wrong.json()["line"] == 2


def test_a_graph_is_put_added_to_and_deleted(front):
    at = f"/store?graph={E}w"
    assert front.client.put(at, content=f"<{E}a> <{E}p> 1, 2, [ <{E}q> 3 ] .", headers=TURTLE).status_code == 201
    assert count(front, "w") == 4
    assert front.client.put(at, content=f"<{E}a> <{E}p> 5 .", headers=TURTLE).status_code == 204
    assert count(front, "w") == 1
    assert front.client.post(at, content=f"<{E}a> <{E}p> 6, [ <{E}q> 7 ] .", headers=TURTLE).status_code == 204
    assert count(front, "w") == 4
    assert front.client.delete(at).status_code == 204
    assert front.client.get(at).status_code == 404
    assert front.client.delete(at).status_code == 404


def test_a_graph_without_a_name_gets_one(front):
    made = front.client.post("/store", content=f"<{E}a> <{E}p> 1 .", headers=TURTLE)
    assert made.status_code == 201
    assert front.client.get(made.headers["location"], headers={"Accept": "text/turtle"}).status_code == 200


def test_a_default_graph_that_is_a_union_is_not_written(front):
    put = front.client.put("/store?default", content=f"<{E}d> <{E}p> 1 .", headers=TURTLE)
    if "FOEDUS_STORE_UNION" in front.store.settings:
        assert put.status_code == 400
        assert "name a graph" in put.json()["detail"]
    else:
        assert put.status_code == 204
        assert front.client.delete("/store?default").status_code == 204


def test_a_whole_dataset_is_added(front):
    quads = f'<{E}a> <{E}p> "one" <{E}q1> .\n<{E}a> <{E}p> _:b <{E}q2> .\n_:b <{E}p> "two" <{E}q2> .\n'
    added = front.client.post("/store", content=quads, headers={"Content-Type": "application/n-quads"})
    assert added.status_code == 204, added.text
    assert [count(front, name) for name in ("q1", "q2")] == [1, 2]


def test_graphs_of_the_protocol(front):
    front.client.put(f"/store?graph={E}from", content=f"<{E}a> <{E}p> 1 .", headers=TURTLE)
    text = f"INSERT {{ GRAPH <{E}to> {{ ?s ?p ?o }} }} WHERE {{ ?s ?p ?o }}"
    done = front.client.post("/sparql", data={"update": text, "using-graph-uri": f"{E}from"})
    assert done.status_code == 204, done.text
    assert count(front, "to") == 1


def test_rdflib_writes(front):
    address = f"{front.address}/sparql"
    store = SPARQLUpdateStore(address, address, auth=("alice", front.key))
    graph = Graph(store, identifier=URIRef(f"{E}rdflib"))
    graph.add((URIRef(f"{E}a"), URIRef(f"{E}p"), Literal("from rdflib")))
    assert count(front, "rdflib") == 1
    graph.remove((None, None, None))
    assert count(front, "rdflib") == 0


def test_eight_write_at_once(front):
    def add(number):
        return update(front, f"INSERT DATA {{ GRAPH <{E}many> {{ <{E}n{number}> <{E}p> {number} }} }}").status_code

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(add, range(80))) == {204}
    assert count(front, "many") == 80
