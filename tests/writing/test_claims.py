"""Claims over HTTP: taken with their provenance, judged first, visible after, kept by the next build."""

import gzip
import json
from datetime import UTC, datetime

import pytest

from kg import keys, pipeline
from kg.store import journal
from tests.writing.conftest import TRIG, Client, writing
from tests.writing.documents import BASE, PREFIXES, membership, polity

PROVENANCE = f"{BASE}id/graph/provenance"


def held(slug: str) -> str:
    """Whether the merge has what a claim states."""
    return f"ASK {{ <{BASE}id/claim/{slug}#statement> a <{BASE}ontology#Membership> }}"


def test_a_claim_is_accepted_durable_and_visible(client):
    assert not client.ask(held("estonia-nato"))
    response = client.post(membership("estonia-nato", "polity:estonia", more=polity("estonia", "Estonia")))
    assert response.status_code == 201, response.text
    told = response.json()
    assert (told["status"], told["durable"], told["visible"]) == ("accepted", True, True)
    assert told["claims"] == [f"{BASE}id/claim/estonia-nato"]
    assert client.ask(held("estonia-nato"))
    inferred = f"ASK {{ <{BASE}id/claim/estonia-nato#statement> a <{BASE}ontology#Statement> }}"
    assert client.ask(inferred), "what follows is there, too"
    receipt = client.http.get(response.headers["location"]).json()
    assert receipt == {
        "record": told["record"],
        "durable": True,
        "visible": True,
        "generation": told["generation"],
    }
    again = client.post(membership("estonia-nato", "polity:estonia", more=polity("estonia", "Estonia")))
    assert (again.status_code, again.json()["status"]) == (200, "unchanged")


def test_a_dry_run_judges_and_changes_nothing(client):
    response = client.post(membership("dry"), **{"dry-run": "true"})
    assert (response.status_code, response.json()["status"], response.json()["durable"]) == (200, "valid", False)
    assert not client.ask(held("dry"))
    refused = client.post(membership("dry", begin="2004-03-29", end="1999-01-01"), **{"dry-run": "true"})
    assert refused.status_code == 422
    wrong = client.post(membership("dry"), **{"dry-run": "perhaps"})
    assert wrong.status_code == 400


def test_json_ld_is_taken_as_well(client):
    document = {
        "@context": {
            "foe": f"{BASE}ontology#",
            "id": f"{BASE}id/",
            "day": {"@id": "foe:beginEarliest", "@type": "http://www.w3.org/2001/XMLSchema#date"},
            "until": {"@id": "foe:beginLatest", "@type": "http://www.w3.org/2001/XMLSchema#date"},
        },
        "@graph": [
            {
                "@id": "id:claim/russia-observer",
                "@graph": [
                    {
                        "@id": "id:claim/russia-observer#statement",
                        "@type": "foe:Membership",
                        "foe:member": {"@id": "id:polity/russia"},
                        "foe:organisation": {"@id": "id:organisation/nato"},
                        "foe:role": {"@id": f"{BASE}concept/membership-role/observer"},
                        "day": "1991-12-20",
                        "until": "1991-12-20",
                    }
                ],
            },
            {
                "@id": PROVENANCE,
                "@graph": [
                    {
                        "@id": "id:attestation/russia-observer-b",
                        "@type": "foe:Attestation",
                        "foe:attests": {"@id": "id:claim/russia-observer"},
                        "foe:source": {"@id": "id:source/list-b"},
                        "foe:certainty": {"@id": f"{BASE}concept/certainty/verified"},
                        "foe:assertion": {"@id": f"{BASE}concept/assertion/stated"},
                    }
                ],
            },
        ],
    }
    headers = {"Content-Type": "application/ld+json", "Authorization": f"Bearer {client.key}"}
    response = client.http.post("/claims", content=json.dumps(document), headers=headers, timeout=60)
    assert response.status_code == 201, response.text
    assert client.ask(held("russia-observer"))


def test_what_a_claim_states_may_be_a_blank_node(client):
    text = membership("blank").replace(f"<{BASE}id/claim/blank#statement>", "_:what")
    stated = f"GRAPH <{PROVENANCE}> {{ claim:blank a foe:Claim ; foe:states _:what }}"
    response = client.post(text + stated, **{"dry-run": "true"})
    assert (response.status_code, response.json()["status"]) == (200, "valid")


@pytest.mark.parametrize(
    ("text", "about", "said"),
    [
        (membership("bad", role="nonsense"), "claim/bad", "membership-role"),
        (membership("bad", begin="2004-13-45"), "claim/bad", "not a day of the calendar"),
        (membership("bad", begin="2004-03-29", end="1999-01-01"), "claim/bad", "on no reading"),
        (membership("bad", "polity:atlantis"), "claim/bad", "polity/atlantis is not defined"),
        (membership("bad", attested=False), "claim/bad", "no source"),
        (membership("bad", replaces="nowhere"), "claim/bad", "claim/nowhere"),
        (membership("bad", more="GRAPH claim:bad { polity:ukraine rdfs:label 'x' }"), "polity/ukraine", "no claim"),
        (f"{PREFIXES} polity:ukraine rdfs:label 'x' .", "polity/ukraine", "in no graph"),
        (f"{PREFIXES} GRAPH <http://example.org/g> {{ polity:ukraine a foe:Polity }}", "example.org/g", "no claim"),
        (membership("bad", more="GRAPH claim:bad { _:b a foe:Membership }"), "", "blank node"),
    ],
)
def test_what_cannot_be_a_claim_is_422_and_says_what_to_do(client, text, about, said):
    response = client.post(text)
    assert response.status_code == 422, response.text
    assert response.headers["content-type"] == "application/problem+json"
    reasons = response.json()["reasons"]
    assert any(about in each["about"] and said in each["message"] for each in reasons), reasons
    assert all(each["remedy"] for each in reasons)
    assert not client.ask(held("bad"))


def test_violations_of_shapes_come_as_a_shacl_report_where_that_is_asked_for(client):
    text = membership("shapes").replace('foe:beginEarliest "2004-03-29"', 'foe:beginEarliest "2005-03-29"')
    problem = client.post(text)
    assert problem.status_code == 422
    results = problem.json()["results"]
    assert results
    assert {each["severity"] for each in results} == {"Violation"}
    assert all(each["focus"].endswith("claim/shapes#statement") for each in results), results
    turtle = client.post(text, accept="text/turtle")
    assert (turtle.status_code, turtle.headers["content-type"].partition(";")[0]) == (422, "text/turtle")
    assert "sh:ValidationReport" in turtle.text
    assert "foe:beginEarliest" in turtle.text
    linked = client.post(text, accept="application/ld+json")
    assert linked.headers["content-type"] == "application/ld+json"
    assert "ValidationReport" in linked.text


def test_a_claim_of_that_name_with_other_content_is_a_conflict(client):
    assert client.post(membership("taken")).status_code == 201
    response = client.post(membership("taken", begin="2005-01-01"))
    assert response.status_code == 409
    assert "wasRevisionOf" in response.json()["reasons"][0]["remedy"]


def test_a_replacement_retracts_what_it_replaces_and_keeps_the_evidence(client):
    made = client.post(membership("first"))
    assert made.status_code == 201, made.text
    assert client.post(membership("second", "polity:first", begin="2004-04-01", replaces="first")).status_code == 201
    assert client.ask(held("second"))
    assert not client.ask(held("first"))
    kept = f"ASK {{ GRAPH <{BASE}id/claim/first> {{ ?s a <{BASE}ontology#Membership> }} }}"
    assert client.ask(kept)
    late = client.post(membership("third", "polity:first", begin="2004-04-02", replaces="first"))
    assert late.status_code == 409
    assert "retracted" in late.json()["detail"]


def test_a_retraction_is_a_write_and_is_made_once(client):
    assert client.post(membership("short-lived")).status_code == 201
    response = client.retract("short-lived")
    assert (response.status_code, response.json()["claims"]) == (201, [f"{BASE}id/claim/short-lived"])
    assert not client.ask(held("short-lived"))
    assert client.ask(f"ASK {{ <{BASE}id/claim/short-lived> <{BASE}ontology#retracted> ?day }}")
    assert client.retract("short-lived").status_code == 409
    assert client.retract("never-there").status_code == 422


def test_who_prefers_not_to_wait_gets_a_receipt_at_once(client):
    response = client.post(membership("in-a-hurry"), prefer="respond-async")
    assert (response.status_code, response.json()["durable"]) == (202, True)
    assert response.headers["preference-applied"] == "respond-async"
    assert client.post(membership("after-that")).status_code == 201
    assert client.http.get(response.headers["location"]).json()["visible"]
    assert client.http.get("/receipts/9999").status_code == 404


@pytest.mark.parametrize(
    ("content", "media_type", "status", "problem"),
    [
        (b"<a> <b>", "application/trig", 400, "document"),
        (b'{"@context": "https://schema.org/", "@id": "x"}', "application/ld+json", 400, "document"),
        (b"<a> <b> <c> .", "text/turtle", 415, "content"),
        (b"x", "", 415, "content"),
        (b"@prefix : <" + b"x" * 3_000_000, "application/trig", 413, "body-size"),
    ],
)
def test_documents_that_cannot_be_taken(client, content, media_type, status, problem, small):
    headers = {"Content-Type": media_type, "Authorization": f"Bearer {client.key}"}
    if status == 413:
        headers["Content-Length"] = str(len(content))
        content = content * 8
        del headers["Content-Length"]
    response = client.http.post("/claims", content=content, headers=headers)
    assert response.status_code == status, response.text
    assert response.json()["type"].endswith(f"/problem/{problem}")
    if problem == "document":
        assert {"line", "column"} <= response.json().keys()


def test_a_document_that_brings_the_parser_down_is_refused_and_the_next_is_read(client):
    bomb = b'{"@id":' * 20_000
    headers = {"Content-Type": "application/ld+json", "Authorization": f"Bearer {client.key}"}
    response = client.http.post("/claims", content=bomb, headers=headers)
    assert response.status_code in (400, 503)
    assert client.post(membership("after-the-bomb"), **{"dry-run": "true"}).status_code == 200


def test_the_next_build_is_the_graph_that_was_written(root, small, small_assets):
    key = keys.add(root, "alice", "contribute", "2026-11-25")
    with writing(root, small) as server:
        client = Client(server, key)
        assert client.post(membership("one", "polity:estonia", more=polity("estonia", "Estonia"))).status_code == 201
        assert (
            client.post(membership("two", "polity:germany", "1955-05-10", replaces="germany-nato-6-may")).status_code
            == 201
        )
        assert client.retract("crimea-russia").status_code == 201
        again = (
            f"GRAPH <{PROVENANCE}> {{ attestation:one-b a foe:Attestation ; foe:attests claim:one ; "
            "foe:source source:list-b ; foe:certainty certainty:verified ; foe:assertion assertion:stated }"
        )
        assert client.post(PREFIXES + again).status_code == 201
        away = f'GRAPH <{PROVENANCE}> {{ attestation:one-a foe:retracted "{_today()}"^^xsd:date }}'
        assert client.post(PREFIXES + away).status_code == 201
    served = (root / "current").resolve()
    rebuilt = pipeline.build(small_assets, root).path
    assert rebuilt != served
    written, built = (gzip.decompress((path / "dump.nq.gz").read_bytes()) for path in (served, rebuilt))
    assert written == built
    assert (served / "derivations.txt").read_bytes() == (rebuilt / "derivations.txt").read_bytes()
    assert [entry.record["by"] for entry in journal.read(root)] == ["alice"] * 5
    assert b"claim/one>" in written


def _today() -> str:
    return datetime.now(UTC).date().isoformat()


def test_only_trig_says_in_which_graph(client):
    assert TRIG["Content-Type"] == "application/trig"
    response = client.http.put("/claims", headers={"Authorization": f"Bearer {client.key}"})
    assert (response.status_code, response.headers["allow"]) == (405, "POST")


def test_updates_and_graphs_are_claims_that_come_another_way(client):
    headers = {"Authorization": f"Bearer {client.key}", "Content-Type": "application/sparql-update"}

    def update(text: str):
        return client.http.post("/sparql", content=text.encode(), headers=headers, timeout=60)

    prologue, _, body = membership("updated").partition("GRAPH")
    inserted = update(prologue.replace("@prefix", "PREFIX").replace("> .\n", ">\n") + f"INSERT DATA {{ GRAPH{body} }}")
    assert inserted.status_code == 201, inserted.text
    assert client.ask(held("updated"))
    for text in ("DELETE WHERE { ?s ?p ?o }", "CLEAR ALL", "INSERT { ?s a ?o } WHERE { ?s a ?o }"):
        refused = update(text)
        assert refused.status_code == 422
        assert "/claims" in refused.json()["reasons"][0]["remedy"]
    loose = update("INSERT DATA { <http://example.org/s> <http://example.org/p> 1 }")
    assert loose.status_code == 422
    assert "in no graph" in loose.json()["reasons"][0]["message"]
    turtle = {"Authorization": f"Bearer {client.key}", "Content-Type": "text/turtle"}
    put = client.http.put("/store?default", content="<a:a> <b:b> <c:c> .", headers=turtle)
    assert put.status_code == 422
    second = (
        f"{PREFIXES} attestation:updated-c a foe:Attestation ; foe:attests claim:updated ; foe:source source:list-c ; "
        "foe:certainty certainty:verified ; foe:assertion assertion:stated ."
    )
    posted = client.http.post("/store", params={"graph": PROVENANCE}, content=second, headers=turtle, timeout=60)
    assert posted.status_code == 201, posted.text
    graph = {"graph": f"{BASE}id/claim/updated"}
    gone = client.http.delete("/store", params=graph, headers=turtle, timeout=60)
    assert gone.status_code == 201
    assert not client.ask(held("updated"))
