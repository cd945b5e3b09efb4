"""The dump of a view holds what the view answers with, and nothing else; in every format the same."""

import gzip

import pyoxigraph
import pytest
from pyoxigraph import RdfFormat

FORMS = {"nq": RdfFormat.N_QUADS, "trig": RdfFormat.TRIG, "jsonld": RdfFormat.JSON_LD, "ttl": RdfFormat.TURTLE}
VIEWS = ({"known-at": "2024-01-01"}, {"pov": "ukraine"}, {"valid-at": "2013-01-01", "certainty": "verified"})


def dump(viewed, ending: str, **view):
    response = viewed.client.get(f"/dumps/view.{ending}.gz", params=view)
    assert response.status_code == 200, response.text
    assert response.headers["content-type"] == "application/gzip"
    return response, list(pyoxigraph.parse(gzip.decompress(response.content), FORMS[ending]))


def column(viewed, query: str, **view) -> list[str]:
    response = viewed.client.get("/sparql", params={"query": query, **view}, headers={"Accept": "text/csv"})
    assert response.status_code == 200, response.text
    return response.text.splitlines()[1:]


@pytest.mark.parametrize("view", VIEWS, ids=lambda view: next(iter(view)))
def test_it_holds_what_the_view_answers_with(viewed, view):
    _, quads = dump(viewed, "nq", **view)
    graphs = {each.graph_name.value for each in quads}
    assert graphs == set(column(viewed, "SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } }", **view))
    assert any("/id/claim/" in graph for graph in graphs)
    assert any("/id/inference/" in graph for graph in graphs)
    (count,) = column(viewed, "SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }", **view)
    assert len(quads) == int(count)
    merged = dump(viewed, "ttl", **view)[1]
    (count,) = column(viewed, "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", **view)
    assert len(merged) == int(count)


def test_the_formats_say_the_same(viewed):
    quads = set(dump(viewed, "nq", pov="ukraine")[1])
    for ending in ("trig", "jsonld"):
        assert set(dump(viewed, ending, pov="ukraine")[1]) == quads
    assert {each.triple for each in dump(viewed, "ttl", pov="ukraine")[1]} <= {each.triple for each in quads}


def test_nothing_that_was_known_later_leaks_in(viewed):
    early = {each.graph_name.value for each in dump(viewed, "nq", **{"known-at": "2024-01-01"})[1]}
    late = {each.graph_name.value for each in dump(viewed, "nq", **{"known-at": "2026-01-01"})[1]}
    assert any(graph.endswith("/claim/germany-nato-6-may") for graph in late)
    assert {graph for graph in early if "/id/claim/" in graph} < {graph for graph in late if "/id/claim/" in graph}


def test_headers_tell_the_view_and_a_second_request_costs_nothing(viewed):
    response, _ = dump(viewed, "nq", pov="ukraine")
    assert response.headers["foedus-view"] == "pov=ukraine"
    assert "excluded=" in response.headers["foedus-view-claims"]
    assert response.headers["content-disposition"].endswith('.nq.gz"')
    assert dump(viewed, "nq", pov="ukraine")[0].content == response.content
    again = viewed.client.get(
        "/dumps/view.nq.gz", params={"pov": "ukraine"}, headers={"If-None-Match": response.headers["etag"]}
    )
    assert again.status_code == 304


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/dumps/view.nq.gz", 400),
        ("/dumps/view.nq.gz?pov=nobody", 400),
        ("/dumps/view.nq.gz?valid-at=soon", 400),
        ("/dumps/view.exe.gz?pov=ukraine", 404),
    ],
)
def test_what_cannot_be_given_says_what_can(viewed, path, status):
    response = viewed.client.get(path)
    assert response.status_code == status
    assert response.json()["detail"]
