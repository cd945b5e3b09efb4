"""W3C's SPARQL Update tests and Graph Store writes, against a live server that may be written to."""

import contextlib
import os

import httpx
import pyoxigraph
import pytest
from pyoxigraph import DefaultGraph, NamedNode, RdfFormat
from rdflib.compare import isomorphic

from kg import keys
from kg.store import plain
from tests.remote.conftest import in_front
from tests.remote.stores import running
from tests.server.conftest import serving

from . import suites
from .exceptions import EXCEPTIONS
from .results import FORMATS, graph_of, stored

NAMES = "add basic-update clear copy delete delete-data delete-insert delete-where drop move update-silent"
NAMES += " syntax-update-1 syntax-update-2"
ALL = [f"sparql11/{name}" for name in NAMES.split()]
SUITES = ALL if os.environ.get("FOEDUS_SUITES") == "all" else ["sparql11/delete-insert", "sparql11/syntax-update-2"]
"""Every test of an update publishes generations, which takes its time: all of them run by `make conformance`."""
UPDATE = {"Content-Type": "application/sparql-update"}
TURTLE = {"Content-Type": "text/turtle"}


@pytest.fixture(scope="module", params=["here", "elsewhere"])
def writable(request, tmp_path_factory):
    """A client of a server on an empty dataset, with a key; and of one in front of another store that is empty."""
    root = tmp_path_factory.mktemp("writable")
    key = keys.add(root, "suites", "contribute", "2026-11-25")
    limits = {"FOEDUS_PATIENCE": "60", "FOEDUS_DEADLINE": "30", "FOEDUS_CLIENT_SECONDS": "0"}
    with contextlib.ExitStack() as stack:
        if request.param == "elsewhere":
            store = stack.enter_context(running("oxigraph", tmp_path_factory.mktemp("oxigraph")))
            server = stack.enter_context(in_front(root, store, FOEDUS_WRITABLE="true", **limits))
        else:
            plain.publish(root, [])
            server = stack.enter_context(serving(root, FOEDUS_PLAIN="true", FOEDUS_WRITABLE="true", **limits))
        headers = {"Authorization": f"Bearer {key}"}
        yield stack.enter_context(httpx.Client(base_url=server.address, headers=headers, timeout=90))


@pytest.mark.parametrize("suite", SUITES)
def test_suite(writable, folder, suite):
    cases = suites.cases(folder, suite)
    assert cases
    wrong = {case.name: problem for case in cases if (problem := check(writable, folder, case)) is not None}
    expected = {name for name in EXCEPTIONS if name.startswith(f"{suite}#")}
    unexpected = {name: problem for name, problem in wrong.items() if name not in expected}
    assert not unexpected, "\n".join(f"{name}: {problem[:200]}" for name, problem in unexpected.items())
    assert expected <= set(wrong), "listed as an exception, but it passes now"


def check(client, folder, case):
    """What is wrong with the effect of an update, or None."""
    text = suites.path(folder, case.request).read_text(encoding="utf-8")
    if "Syntax" in case.kind:
        response = client.post("/sparql", content=text.encode(), headers=UPDATE)
        # What the parser took may be refused for another reason: a graph that is not there, LOAD.
        refused = response.status_code >= 400
        syntax = refused and response.json()["type"].endswith("/syntax")
        fine = not syntax if "Positive" in case.kind else refused
        return None if fine else f"{response.status_code} {response.text[:300]}"
    load = f"DROP ALL ; INSERT DATA {{ {''.join(_data(folder, case.data, case.graphs))} }}"
    begun = client.post("/sparql", content=load.encode(), headers=UPDATE)
    assert begun.status_code == 204, begun.text
    response = client.post("/sparql", content=f"BASE <{case.request}>\n{text}".encode(), headers=UPDATE)
    if response.status_code != 204:
        return f"{response.status_code} {response.text[:300]}"
    found = client.get("/store", headers={"Accept": "application/n-quads"})
    assert found.status_code == 200
    graphs = {}
    for quad in pyoxigraph.parse(found.content, format=RdfFormat.N_QUADS):
        graphs.setdefault(quad.graph_name, []).append(quad.triple)
    wanted = {NamedNode(name): _stored(folder, file) for name, file in case.expected_graphs}
    wanted[DefaultGraph()] = _stored(folder, case.result) if case.result else graph_of(b"")
    for name in {*graphs, *wanted}:
        is_there = graph_of(pyoxigraph.serialize(graphs.get(name, []), format=RdfFormat.N_TRIPLES))
        if not isomorphic(is_there, wanted.get(name, graph_of(b""))):
            return f"{name}: {is_there.serialize(format='nt')}"
    return None


def _data(folder, defaults, graphs):
    for file in defaults:
        yield _text(folder, file)
    for name, file in graphs:
        yield f"GRAPH <{name}> {{ {_text(folder, file)} }} "


def _text(folder, file):
    path = suites.path(folder, file)
    quads = pyoxigraph.parse(path=path, format=FORMATS[path.suffix], base_iri=file, rename_blank_nodes=True)
    return pyoxigraph.serialize((quad.triple for quad in quads), format=RdfFormat.N_TRIPLES).decode()


def _stored(folder, file):
    path = suites.path(folder, file)
    return stored(path.read_bytes(), path.suffix, file)


PERSON = (
    "@prefix foaf: <http://xmlns.com/foaf/0.1/> . <http://e/1> a foaf:Person ; foaf:businessCard [ foaf:name '%s' ] ."
)


def test_graph_store_writes(writable):
    """The exchanges of W3C's draft test suite, one after the other, as it has them."""

    def content(address):
        response = writable.get(address, headers={"Accept": "text/turtle; charset=utf-8"})
        assert response.status_code == 200, response.text
        return [quad.triple for quad in pyoxigraph.parse(response.content, format=RdfFormat.TURTLE)]

    writable.post("/sparql", content="DROP ALL", headers=UPDATE)
    one, two = "/store/person/1.ttl", "/store/person/2.ttl"
    assert writable.put(one, content=PERSON % "John", headers=TURTLE).status_code == 201
    assert len(content(one)) == 3
    assert writable.put(one, content=PERSON % "Jane", headers=TURTLE).status_code in (200, 204)
    assert "Jane" in str(content(one))
    assert "John" not in str(content(one))
    assert writable.put("/store?default", content=PERSON % "Alice", headers=TURTLE).status_code in (200, 201, 204)
    assert "Alice" in str(content("/store?default"))
    rdf_xml = {"Content-Type": "application/rdf+xml"}
    assert writable.put(one, content=PERSON % "Jane", headers=rdf_xml).status_code == 400
    assert writable.put(two, content="", headers=TURTLE).status_code in (200, 201, 204)
    assert content(two) == []
    assert writable.delete(two).status_code in (200, 204)
    assert writable.get(two).status_code == 404
    assert writable.delete(two).status_code == 404
    assert writable.post(one, content="<http://e/1> <http://e/name> 'Doe' .", headers=TURTLE).status_code in (200, 204)
    assert len(content(one)) == 4
    made = writable.post("/store", content=PERSON % "Alice", headers=TURTLE)
    assert made.status_code == 201
    new = made.headers["location"]
    assert len(content(new)) == 3
    assert writable.post(new, content="", headers=TURTLE).status_code in (200, 204)
    assert len(content(new)) == 3
    assert writable.head(one).status_code == 200
    assert writable.head(two).status_code == 404
