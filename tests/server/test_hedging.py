"""A NOT EXISTS that the engine would take minutes for is answered, and costs others nothing."""

import random
import time

import pytest

from kg.store import plain

E = "http://example.org/"
THINGS = 40_000
TRAP = f"""SELECT (COUNT(*) AS ?n) {{ ?s <{E}age> ?a
FILTER NOT EXISTS {{ ?o <{E}knows> ?s . ?o <{E}type> <{E}T1> }} }}"""
OTHER = TRAP.replace("FILTER NOT EXISTS", "MINUS")


@pytest.fixture(scope="module")
def slow(tmp_path_factory, serving):
    """A server on 120,000 triples whose readers have 4 seconds."""
    root = tmp_path_factory.mktemp("slow")
    chance = random.Random(1)
    with (root / "things.ttl").open("w") as out:
        for number in range(THINGS):
            thing = f"<{E}s{number}>"
            out.write(f"{thing} <{E}type> <{E}T{number % 5}> .\n{thing} <{E}age> {number % 90} .\n")
            out.write(f"{thing} <{E}knows> <{E}s{chance.randrange(THINGS)}> .\n")
    plain.publish(root / "root", [root / "things.ttl"])
    with serving(
        root / "root", FOEDUS_PLAIN="true", FOEDUS_DEADLINE="4", FOEDUS_READERS="3", FOEDUS_PATIENCE="10"
    ) as server:
        yield server


def test_the_answer_is_that_of_minus_and_in_time(slow):
    began = time.monotonic()
    found = slow.get(TRAP, "text/csv")
    assert found.status_code == 200, found.text
    assert time.monotonic() - began < 3.5
    assert found.text == slow.get(OTHER, "text/csv").text
    again = slow.get(TRAP, "text/csv")
    assert "cache;desc=hit" in again.headers["server-timing"]
    assert again.content == found.content


def test_what_is_not_the_same_is_not_asked_otherwise(slow):
    within = TRAP.replace("T1> }", "T1> FILTER(?a >= 0) }")
    assert slow.get(within, "text/csv").status_code == 504


def test_a_query_that_is_wrong_is_told_so_at_once(slow):
    began = time.monotonic()
    assert slow.get("SELECT ?s { ?s ?p ?o FILTER NOT EXISTS { ?s ?p } }").status_code == 400
    assert time.monotonic() - began < 1


@pytest.mark.parametrize("filling", ["!" + " " * 200_000, "! (" * 60_000, "NOT " * 50_000, "!" * 200_000])
def test_looking_for_a_negation_takes_no_time(slow, filling):
    """A long text is looked at before it is asked, in the process of the web: that must hold up nobody."""
    began = time.monotonic()
    assert slow.client.post("/sparql", data={"query": f"SELECT ?s {{ ?s ?p ?o }} #{filling}"}).status_code in (200, 503)
    wrong = slow.client.post("/sparql", data={"query": f"SELECT ?s {{ ?s ?p ?o FILTER({filling}) }}"})
    assert wrong.status_code == 400
    assert time.monotonic() - began < 4
