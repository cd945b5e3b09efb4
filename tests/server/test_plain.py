"""Any RDF dataset behind the same endpoint, and its graphs by the Graph Store Protocol."""

import os
import re
import signal
import subprocess
import sys

import httpx
import pytest
from pyoxigraph import RdfFormat, parse

from kg.errors import UnreadableInput, UsageError
from kg.store import generation, plain, publication

TURTLE = "@prefix e: <http://example.org/> . e:a e:knows e:b . [] e:knows e:a .\n"
TRIG = """@prefix e: <http://example.org/> .
e:g1 { e:a e:knows e:b . e:b e:knows e:c }
e:g2 { e:b e:knows e:c . e:c e:knows "d" }
"""
COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    folder = tmp_path_factory.mktemp("files")
    (folder / "people.ttl").write_text(TURTLE, encoding="utf-8")
    (folder / "graphs.trig").write_text(TRIG, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def start(files):
    """Start `foedus serve --plain` with these arguments; each ends with the module."""
    started = []

    def run(*arguments):
        command = [sys.executable, "-m", "kg.cli", "serve", "--plain", "--port", "0", *map(str, arguments)]
        environment = {**os.environ, "FOEDUS_READERS": "1"}
        process = subprocess.Popen(command, cwd=files, stderr=subprocess.PIPE, text=True, env=environment)
        address = re.search(r"http://\S+:\d+", process.stderr.readline())[0]
        client = httpx.Client(base_url=address, timeout=30)
        started.append((process, client))
        return client

    yield run
    for process, client in started:
        client.close()
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=15)
        assert process.returncode == 0, errors


@pytest.fixture(scope="module")
def client(start):
    return start("people.ttl", "graphs.trig")


def count(client, query=COUNT, **parameters):
    response = client.get("/sparql", params={"query": query, **parameters})
    assert response.status_code == 200, response.text
    return int(response.json()["results"]["bindings"][0]["n"]["value"])


def test_the_default_graph_is_that_of_the_files(client):
    assert count(client) == 2
    assert count(client, "SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }") == 4
    assert "foedus build" not in client.get("/").text
    assert "us-offer-to-ukraine" not in client.get("/questions", headers={"Accept": "application/json"}).text


def test_with_union_it_is_all_of_them_as_a_set(start):
    client = start("people.ttl", "graphs.trig", "--union")
    assert count(client) == 4
    assert count(client, "SELECT (COUNT(*) AS ?n) { ?s ?p ?o FILTER NOT EXISTS { GRAPH ?none { ?none ?p ?s } } }") == 4
    assert count(client, "SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }") == 4


def test_nothing_at_all_is_a_dataset_too(start):
    assert count(start()) == 0


def test_a_folder_keeps_what_was_loaded(tmp_path, files):
    first = plain.publish(tmp_path, [files / "people.ttl"])
    assert generation.current(tmp_path).path == first
    assert generation.current(tmp_path).manifest()["counts"] == {"graphs": 0, "quads": 2, "merged triples": 2}
    again = plain.publish(tmp_path, [files / "people.ttl", files / "graphs.trig"], union=True)
    assert generation.current(tmp_path).path == again != first
    assert generation.current(tmp_path).manifest()["counts"] == {"graphs": 2, "quads": 8, "merged triples": 4}


@pytest.mark.parametrize(
    ("name", "content", "error", "says"),
    [
        ("bad.ttl", "<a:b> <a:c> d .", UnreadableInput, "bad.ttl:1:13: .*d is not a valid RDF object"),
        ("data.txt", "", UsageError, "no format of RDF; use .ttl"),
        ("absent.nt", None, UnreadableInput, "absent.nt: cannot be read"),
    ],
)
def test_a_file_that_cannot_be_loaded_changes_nothing(tmp_path, name, content, error, says):
    if content is not None:
        (tmp_path / name).write_text(content, encoding="utf-8")
    with pytest.raises(error, match=says):
        plain.publish(tmp_path / "root", [tmp_path / name])
    with pytest.raises(generation.NothingBuilt):
        generation.current(tmp_path / "root")


def test_the_graph_of_a_build_is_not_written_over(tmp_path, files, foedus):
    publication.write(tmp_path, "built", [], [], {})
    done = foedus("serve", "--plain", files / "people.ttl", "--from", tmp_path)
    assert done.returncode == 2
    assert "name another folder" in done.stderr
    done = foedus("serve", files / "people.ttl")
    assert done.returncode == 2
    assert "--plain" in done.stderr


def triples(response, format):  # noqa: A002
    assert response.status_code == 200, response.text
    return {(str(quad.triple), quad.graph_name) for quad in parse(response.content, format=format)}


@pytest.mark.parametrize(
    ("accept", "format"),
    [
        ("text/turtle", RdfFormat.TURTLE),
        ("application/n-triples", RdfFormat.N_TRIPLES),
        ("application/rdf+xml", RdfFormat.RDF_XML),
        ("application/ld+json", RdfFormat.JSON_LD),
        ("application/trig", RdfFormat.TRIG),
    ],
)
def test_a_graph_is_read_by_its_name_in_every_format(client, accept, format):  # noqa: A002
    response = client.get("/store", params={"graph": "http://example.org/g1"}, headers={"Accept": accept})
    assert response.headers["content-type"].startswith(accept)
    assert len(triples(response, format)) == 2
    head = client.head("/store", params={"graph": "http://example.org/g1"}, headers={"Accept": accept})
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["etag"] == response.headers["etag"]
    known = {"Accept": accept, "If-None-Match": response.headers["etag"]}
    assert client.get("/store", params={"graph": "http://example.org/g1"}, headers=known).status_code == 304


def test_the_default_graph_and_the_whole_dataset(client):
    assert len(triples(client.get("/store?default"), RdfFormat.TURTLE)) == 2
    assert len(triples(client.get("/store"), RdfFormat.TRIG)) == 6
    assert len(triples(client.get("/store", params={"format": "nquads"}), RdfFormat.N_QUADS)) == 6
    assert client.get("/store", headers={"Accept": "text/turtle"}).status_code == 406


@pytest.mark.parametrize(
    ("address", "status", "part"),
    [
        ("/store?graph=http%3A%2F%2Fexample.org%2Fnone", 404, "http://example.org/none"),
        ("/store?graph=http%253A%252F%252Fexample.org", 400, "absolute IRI"),
        ("/store?graph=g1", 400, "absolute IRI"),
        ("/store?graph=x%3Aa&graph=x%3Ab", 400, "2 times"),
        ("/store?graph=x%3Aa&default", 400, "two graphs"),
        ("/store/here?default", 400, "two graphs"),
        ("/store/no/such%20graph", 404, "/store/no/such%20graph>"),
    ],
)
def test_what_is_no_graph_is_said_to_be(client, address, status, part):
    response = client.get(address)
    assert response.status_code == status
    assert part in response.json()["detail"]


def test_an_address_below_the_store_is_a_graph_itself(start, files):
    graph = "http://data.example/store/people/1%C3%A9.ttl"
    (files / "direct.nq").write_text(f'<x:s> <x:p> "o" <{graph}> .\n', encoding="utf-8")
    client = start("direct.nq")
    found = client.get("/store/people/1%C3%A9.ttl", headers={"Host": "data.example"})
    assert len(triples(found, RdfFormat.TURTLE)) == 1
    assert client.get("/store/people/1%C3%A9.ttl").status_code == 404
