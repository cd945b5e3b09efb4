"""A query can never hurt the service: deadlines, bombs, deaths, floods, new generations, against a running server."""

import asyncio
import itertools
import os
import signal
import socket
import time
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import quote

import httpx
import pytest

from kg.store import plain

pytestmark = pytest.mark.alone

POINT = "ASK { <http://example.org/thing1> <http://example.org/property1> 'value 1' }"
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"


ASKED = itertools.count()
"""Makes every query another one, so that none is known already."""


def point(served) -> float:
    began = time.monotonic()
    response = served.get(f"{POINT} # {next(ASKED)}")
    assert response.json()["boolean"] is True
    return time.monotonic() - began


def test_the_deadline_holds_on_a_cartesian_product(served):
    began = time.monotonic()
    response = served.get(ENDLESS)
    seconds = time.monotonic() - began
    assert response.status_code == 504
    assert response.json()["type"].endswith("/problem/deadline")
    assert 1.0 <= seconds < 2.0
    assert point(served) < 0.5


@pytest.mark.parametrize(
    "bomb",
    [
        "ASK { FILTER(" + "(" * 5000 + "1" + ")" * 5000 + ") }",
        "ASK " + "{" * 3000 + "}" * 3000,
        "ASK { ?s ?p " + "[ ?p " * 500 + "1" + "]" * 500 + "}",
        "ASK { " + "{ } UNION " * 5000 + "{ } }",
        "ASK { FILTER(" + "1+" * 30_000 + "1) }",
        "ASK { ?a " + "<p:p>/" * 1000 + "<p:p> ?b }",
        "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }",
        "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } ORDER BY ?c ?f ?i",
        "ASK { ?s ?p ?o FILTER(REGEX(STR(?o), '" + "(a*)*" * 50 + "b')) }",
        "SELECT (GROUP_CONCAT(CONCAT(?c, ?f)) AS ?x) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }",
    ],
)
def test_bombs_end_and_the_next_query_works(served, bomb):
    began = time.monotonic()
    response = served.client.post("/sparql", data={"query": bomb})
    assert time.monotonic() - began < 2.5
    assert response.status_code in (200, 400, 503, 504)
    if response.status_code != 200:
        assert response.headers["content-type"] == "application/problem+json"
    assert point(served) < 1


def test_an_answer_that_is_too_large_is_never_cut_off(served):
    response = served.get("SELECT * { ?a ?b ?c . ?d ?e ?f }")
    assert response.status_code == 503
    assert response.json()["type"].endswith("/problem/answer-size")


def test_an_answer_with_too_many_rows_is_never_cut_off(tmp_path, serving):
    plain.publish(tmp_path, [])
    with serving(tmp_path, FOEDUS_PLAIN="true", FOEDUS_ANSWER_ROWS="3") as server:
        for accept in ("application/json", "text/csv", "application/sparql-results+xml"):
            assert server.get("SELECT * { VALUES ?a { 1 2 3 } }", accept).status_code == 200
            response = server.get("SELECT * { VALUES ?a { 1 2 3 4 } }", accept)
            assert response.status_code == 503
        problem = server.get("SELECT * { VALUES ?a { 1 2 3 4 } }", "application/json").json()
        assert problem["type"].endswith("/problem/answer-size")
        assert "more than 3 rows (FOEDUS_ANSWER_ROWS)" in problem["detail"]
        construct = "CONSTRUCT { <http://e/s> <http://e/p> ?a } { VALUES ?a { %s } }"
        assert server.get(construct % "1 2 3", "text/turtle").status_code == 200
        assert server.get(construct % "1 2 3 4", "text/turtle").status_code == 503


def test_a_killed_reader_is_replaced(served):
    before = served.readers()
    assert len(before) == 2
    for pid in before:
        os.kill(pid, signal.SIGKILL)
    time.sleep(0.05)
    assert point(served) < 1
    with ThreadPoolExecutor(1) as threads:
        work = threads.submit(served.get, ENDLESS)
        time.sleep(0.3)
        for pid in served.readers():
            os.kill(pid, signal.SIGKILL)
        response = work.result()
    assert response.status_code == 503
    assert response.json()["type"].endswith("/problem/reader")
    assert point(served) < 1
    assert not set(before) & set(served.readers())


def test_fifty_heavy_queries_do_not_break_later_ones(served):
    async def flood():
        limits = httpx.Limits(max_connections=60)
        async with httpx.AsyncClient(base_url=served.address, timeout=30, limits=limits) as client:
            began = time.monotonic()
            requests = [client.get("/sparql", params={"query": ENDLESS}) for _ in range(50)]
            responses = await asyncio.gather(*requests)
            return time.monotonic() - began, responses

    seconds, responses = asyncio.run(flood())
    assert {response.status_code for response in responses} <= {503, 504}
    assert all(response.json()["detail"] for response in responses)
    assert all("retry-after" in each.headers for each in responses if each.json()["type"].endswith("/busy"))
    assert seconds < 1 + 2 + 1.5
    assert point(served) < 1, "it waits for the deadline of another query"
    assert served.client.get("/health").json()["waiting"] == 0


def test_many_small_queries_at_once(served):
    async def many():
        async with httpx.AsyncClient(base_url=served.address, timeout=30) as client:
            requests = [client.get("/sparql", params={"query": f"ASK {{ BIND({n} AS ?x) }}"}) for n in range(40)]
            return await asyncio.gather(*requests)

    assert [response.status_code for response in asyncio.run(many())] == [200] * 40


def test_a_client_that_hangs_up_frees_its_reader(tmp_path, publish, serving):
    publish(tmp_path, "first")
    with serving(tmp_path, FOEDUS_READERS="1", FOEDUS_DEADLINE="60") as server:
        (before,) = server.readers()
        host, port = server.address.removeprefix("http://").split(":")
        with socket.create_connection((host, int(port))) as connection:
            request = f"GET /sparql?query={quote(ENDLESS)} HTTP/1.1\r\nHost: {host}\r\n\r\n"
            connection.sendall(request.encode())
            time.sleep(0.3)
        assert point(server) < 1
        assert server.readers() != [before]


def test_a_body_that_does_not_arrive_is_408(served):
    host, port = served.address.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=10) as connection:
        connection.sendall(
            f"POST /sparql HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/sparql-query\r\n"
            "Content-Length: 100\r\n\r\nASK {".encode()
        )
        assert connection.recv(100).startswith(b"HTTP/1.1 408 ")


def test_a_new_generation_is_served_while_queries_run(tmp_path, publish, serving):
    publish(tmp_path, "old")
    with serving(tmp_path) as server, ThreadPoolExecutor(3) as threads:
        seen = [[], [], []]

        def look_on(which):
            end = time.monotonic() + 10
            while time.monotonic() < end:
                response = server.get(POINT)
                assert response.status_code == 200
                seen[which].append(response.headers["foedus-generation"])
                if seen[which][-1] == "new":
                    return

        looking = [threads.submit(look_on, which) for which in range(3)]
        time.sleep(0.3)
        tag = server.get(POINT).headers["etag"]
        publish(tmp_path, "new")
        for each in looking:
            each.result()
        assert all(names == sorted(names, key=("old", "new").index) for names in seen)
        assert all(names[0] == "old" and names[-1] == "new" for names in seen)
        fresh = server.client.get("/sparql", params={"query": POINT}, headers={"If-None-Match": tag})
        assert fresh.status_code == 200
        assert server.client.get("/health").json()["generation"] == "new"


def test_a_generation_that_disappears_is_503_and_comes_back(tmp_path, publish, serving):
    publish(tmp_path, "first")
    with serving(tmp_path) as server:
        (tmp_path / "current").rename(tmp_path / "away")
        response = server.get(POINT)
        assert response.status_code == 503
        assert "foedus build" in response.json()["detail"]
        assert server.client.get("/health").status_code == 503
        assert server.client.get("/").status_code == 200
        (tmp_path / "away").rename(tmp_path / "current")
        assert point(server) < 1
