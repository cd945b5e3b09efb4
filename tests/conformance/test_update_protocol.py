"""W3C's protocol tests about updates, by their names: requests as their descriptions say, with a key, over HTTP."""

import pytest

from .test_protocol import LATER, names
from .test_update import UPDATE, writable  # noqa: F401 - a fixture

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
DATA = "http://kasei.us/2009/09/sparql/data/data{}.rdf"
ONE, TWO, THREE = (DATA.format(number) for number in (1, 2, 3))
DOCUMENT = "PREFIX foaf: <http://xmlns.com/foaf/0.1/> "
START = DOCUMENT + (
    f"DROP ALL ; INSERT DATA {{ GRAPH <{ONE}> {{ <{ONE}> a foaf:Document }} "
    f"GRAPH <{TWO}> {{ <{TWO}> a foaf:Document }} GRAPH <{THREE}> {{ <{THREE}> a foaf:Document }} }}"
)
TYPES = "{ GRAPH <http://example.org/protocol-update-dataset-test/> { ?s a foaf:Document } }"
INSERT = DOCUMENT + "INSERT { GRAPH <http://example.org/protocol-update-dataset-test/> { ?s a ?type } } WHERE "


def send(client, text, **more):
    return client.post("/sparql", content=text.encode(), headers=UPDATE, **more)


def done(response):
    assert response.status_code in (200, 204), response.text


def refused(response):
    assert 400 <= response.status_code < 500, response.text
    assert response.headers["content-type"] == "application/problem+json"


def documents(client):
    """The documents that the update under test has noted."""
    query = f"{DOCUMENT}SELECT ?s {TYPES} ORDER BY ?s"
    response = client.post("/sparql", data={"query": query}, headers={"Accept": "text/csv"})
    assert response.status_code == 200, response.text
    return response.text.splitlines()[1:]


def ask(client, query):
    return client.post("/sparql", data={"query": query}, headers={"Accept": "application/json"}).json()["boolean"]


def update_dataset_default_graph(client):
    done(send(client, START))
    done(send(client, INSERT + "{ ?s a ?type }", params={"using-graph-uri": ONE}))
    assert documents(client) == [ONE]


def update_dataset_default_graphs(client):
    done(send(client, START))
    done(send(client, INSERT + "{ ?s a ?type }", params={"using-graph-uri": [ONE, TWO]}))
    assert documents(client) == [ONE, TWO]


def update_dataset_named_graphs(client):
    done(send(client, START))
    text = INSERT + "{ GRAPH ?g { ?s a ?type } }"
    done(send(client, text, params={"using-named-graph-uri": [ONE, TWO]}))
    assert documents(client) == [ONE, TWO]


def update_dataset_full(client):
    done(send(client, START))
    text = INSERT + "{ { GRAPH ?g { ?s a ?type } } UNION { ?s a ?type } }"
    done(send(client, text, params={"using-graph-uri": ONE, "using-named-graph-uri": TWO}))
    assert documents(client) == [ONE, TWO]


def update_post_form(client):
    done(client.post("/sparql", data={"update": "CLEAR ALL"}))


def update_post_direct(client):
    done(send(client, "CLEAR ALL"))


def update_base_uri(client):
    data = "GRAPH <http://example.org/b> { <http://example.org/s> <http://example.org/p> <test> }"
    done(send(client, f"CLEAR ALL ; INSERT DATA {{ {data} }}"))
    query = "SELECT ?o { GRAPH <http://example.org/b> { <http://example.org/s> <http://example.org/p> ?o } }"
    response = client.post("/sparql", data={"query": query}, headers={"Accept": "text/csv"})
    (value,) = response.text.splitlines()[1:]
    assert value.endswith("/test")
    assert value.startswith("http")


def bad_update_get(client):
    refused(client.get("/sparql", params={"update": "CLEAR ALL"}))


def bad_multiple_updates(client):
    done(send(client, START))
    body = "update=CLEAR%20ALL&update=CLEAR%20DEFAULT"
    refused(client.post("/sparql", content=body, headers=FORM))
    assert ask(client, f"ASK {{ GRAPH <{ONE}> {{ ?s ?p ?o }} }}")


def bad_update_wrong_media_type(client):
    refused(client.post("/sparql", content="CLEAR NAMED", headers={"Content-Type": "text/plain"}))


def bad_update_missing_form_type(client):
    refused(client.post("/sparql", content="update=CLEAR%20NAMED"))


def bad_update_non_utf8(client):
    refused(client.post("/sparql", content="update=CLEAR%20NAMED%20%FE%FF".encode("latin-1"), headers=FORM))
    refused(client.post("/sparql", content="CLEAR NAMED # é".encode("utf-16"), headers=UPDATE))


def bad_update_syntax(client):
    refused(client.post("/sparql", data={"update": "CLEAR XYZ"}))


def bad_update_dataset_conflict(client):
    done(send(client, START))
    text = f"{DOCUMENT}INSERT {{ <http://e/s> a ?t }} USING <{ONE}> WHERE {{ ?s a ?t }}"
    refused(client.post("/sparql", data={"update": text, "using-named-graph-uri": TWO}))
    assert not ask(client, "ASK { <http://e/s> a ?t }")


TESTS = {name: test for name, test in globals().items() if name.startswith(("update_", "bad_"))}


@pytest.mark.parametrize("name", TESTS)
def test_protocol(writable, name):  # noqa: F811
    TESTS[name](writable)


def test_every_protocol_test_about_updates_is_here(folder):
    assert {name for name in names(folder, "protocol") if LATER in name} == set(TESTS)
