"""A frozen answer stays, is cited by its digest, survives restarts, and says by which claims the answer has changed."""

import gzip
import json

import pytest
from pyoxigraph import Literal, NamedNode, Quad

from kg.citations import freezing
from kg.store import publication

BASE = "https://w3id.org/foedus/"
FOE = f"{BASE}ontology#"
XSD_DATE = NamedNode("http://www.w3.org/2001/XMLSchema#date")
PROVENANCE = NamedNode(f"{BASE}id/graph/provenance")
QUERY = f"SELECT ?who {{ <{BASE}id/territory/x> <{FOE}claimedBy> ?who }} ORDER BY ?who"


def publish(root, name, claims, retracted=()):
    """Claims by who claims; those that are retracted stay in the evidence."""
    quads, merge = [], set()
    for who in claims:
        graph = NamedNode(f"{BASE}id/claim/x-claimed-by-{who}")
        stated = Quad(
            NamedNode(f"{BASE}id/territory/x"), NamedNode(f"{FOE}claimedBy"), NamedNode(f"{BASE}id/polity/{who}"), graph
        )
        told = [Quad(graph, NamedNode(f"{FOE}recorded"), Literal("2026-01-01", datatype=XSD_DATE), PROVENANCE)]
        if who in retracted:
            told += [Quad(graph, NamedNode(f"{FOE}retracted"), Literal("2026-02-01", datatype=XSD_DATE), PROVENANCE)]
        else:
            merge.add(stated.triple)
        merge |= {each.triple for each in told}
        quads += [stated, *told]
    publication.write(root, name, quads, merge, {})


@pytest.fixture
def root(tmp_path):
    publish(tmp_path, "one", ["estonia", "latvia"])
    return tmp_path


def test_an_answer_is_frozen_once_cited_and_checked(root, serving):
    with serving(root) as server:
        made = server.client.post("/frozen", data={"query": QUERY})
        assert made.status_code == 201
        record = made.json()
        assert record["digest"] == freezing.digest({k: v for k, v in record.items() if k not in ("citeAs", "links")})
        assert [each["claims"] for each in record["results"]] == [
            [f"{BASE}id/claim/x-claimed-by-estonia"],
            [f"{BASE}id/claim/x-claimed-by-latvia"],
        ]
        assert made.headers["Location"].endswith(f"/frozen/{record['digest']}")
        again = server.client.post("/frozen", content=QUERY, headers={"Content-Type": "application/sparql-query"})
        assert again.status_code == 200
        assert again.json() == record
        path = f"/frozen/{record['digest']}"
        assert server.client.get(path).json() == record
        entry = server.client.get(path, params={"format": "bibtex"})
        assert entry.text.startswith(f"@misc{{foedus-{record['digest'][:12]},")
        assert record["citeAs"] in entry.text
        (item,) = server.client.get(path, headers={"Accept": "application/vnd.citationstyles.csl+json"}).json()
        assert item["URL"] == record["citeAs"] == f"{BASE}frozen/{record['digest']}"
        same = server.client.get(f"{path}/check").json()
        assert (same["same"], same["sameData"], same["claims"]) == (True, True, [])
        page = server.client.get(path, headers={"Accept": "text/html"}).text
        assert "x-claimed-by-latvia" in page
        assert "The same" in server.client.get(f"{path}/check", headers={"Accept": "text/html"}).text


def test_it_survives_a_restart_and_tells_what_changed(root, serving):
    with serving(root) as server:
        path = server.client.post("/frozen", data={"query": QUERY}).headers["Location"].partition("/frozen/")[2]
    publish(root, "two", ["estonia", "latvia", "finland"], retracted=["latvia"])
    with serving(root) as server:
        told = server.client.get(f"/frozen/{path}/check").json()
        assert not told["same"]
        assert not told["sameData"]
        assert (told["frozenGeneration"], told["generation"]) == ("one", "two")
        assert [each["row"]["who"]["value"] for each in told["removed"]] == [f"{BASE}id/polity/latvia"]
        assert [each["row"]["who"]["value"] for each in told["added"]] == [f"{BASE}id/polity/finland"]
        states = {each["iri"].rpartition("/")[2]: each["state"] for each in told["claims"]}
        assert states == {"x-claimed-by-latvia": "retracted", "x-claimed-by-finland": "stands"}
        page = server.client.get(f"/frozen/{path}/check", headers={"Accept": "text/html"}).text
        assert "Changed" in page
        assert "retracted 2026-02-01" in page


def test_questions_are_frozen_with_their_parameters(root, serving):
    with serving(root) as server:
        made = server.client.post("/frozen", params={"question": "crimea", "place": "territory/kosovo"}).json()
        assert made["question"] == "crimea"
        assert made["parameters"] == {"place": ["territory/kosovo"]}
        assert "kosovo" in made["query"]
        assert "#+" not in made["query"]
        browser = server.client.post("/frozen", data={"query": QUERY}, headers={"Accept": "text/html"})
        assert browser.status_code == 303


def test_what_cannot_be_frozen_is_refused(root, serving):
    with serving(root, FOEDUS_FROZEN_SPACE="0") as server:
        full = server.client.post("/frozen", data={"query": QUERY})
        assert full.status_code == 507
        assert server.client.post("/frozen", data={"query": "SELECT (NOW() AS ?n) {}"}).status_code == 422
        assert server.client.post("/frozen", data={"query": "SELECT"}).status_code == 400
        assert server.client.post("/frozen", params={"question": "none"}).status_code == 404
        for name in ("0" * 64, "../current", "x"):
            assert server.client.get(f"/frozen/{name}").status_code == 404
        assert server.client.delete("/frozen").status_code == 405


def test_a_changed_file_is_not_believed(root, serving):
    with serving(root) as server:
        digest = server.client.post("/frozen", data={"query": QUERY}).json()["digest"]
        file = root / "frozen" / f"{digest}.json.gz"
        record = json.loads(gzip.decompress(file.read_bytes()))
        record["results"].pop()
        file.write_bytes(gzip.compress(json.dumps(record).encode()))
        assert server.client.get(f"/frozen/{digest}").status_code == 500
