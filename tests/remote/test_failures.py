"""A store that fails, lies, hangs, cuts its answers or leads elsewhere: nothing of that becomes an answer."""

import contextlib
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from kg import keys
from kg.errors import UsageError
from kg.settings import Settings
from kg.store.remote.address import Remote
from kg.store.remote.credentials import credentials

from .conftest import in_front
from .stores import NAMES, Elsewhere, free_port, running

JSON = "application/sparql-results+json"
XML = "application/sparql-results+xml"
ROWS = b'{"head": {"vars": ["s"]}, "results": {"bindings": [{"s": {"type": "literal", "value": "1"}}]}}'
ANSWERS = {
    "fine": (200, {"Content-Type": JSON}, ROWS),
    "half": (200, {"Content-Type": JSON}, ROWS[:-20]),
    "short": (200, {"Content-Type": JSON, "Content-Length": str(len(ROWS) + 50)}, ROWS),
    "half-triples": (200, {"Content-Type": "application/n-triples", "Content-Length": "200"}, b"<a:a> <a:b> <a:c> .\n"),
    "limited": (200, {"Content-Type": JSON, "X-SPARQL-MaxRows": "1"}, ROWS),
    "page": (200, {"Content-Type": "text/html"}, b"<p>Welcome"),
    "entities": (
        200,
        {"Content-Type": XML},
        b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><sparql xmlns="http://www.w3.org/2005/sparql-results#">'
        b'<head><variable name="s"/></head><results><result><binding name="s"><literal>&e;</literal></binding></result>'
        b"</results></sparql>",
    ),
    "redirect": (302, {"Location": "http://127.0.0.1:1/elsewhere"}, b""),
    "unknown": (401, {"WWW-Authenticate": 'Basic realm="store"'}, b"who?"),
    "busy": (503, {"Content-Type": "text/plain"}, b"later"),
    "broken": (500, {"Content-Type": "text/plain"}, b"stack trace"),
    "refused": (400, {"Content-Type": "text/plain"}, b"no such function"),
}


class Store(BaseHTTPRequestHandler):
    """Answers what the last part of its path says; remembers who asked."""

    seen: list[str | None] = []  # noqa: RUF012 - one list for all requests is the purpose

    def do_POST(self):
        """Answer a query, or an update."""
        self.rfile.read(int(self.headers["Content-Length"]))
        name = self.path.partition("?")[0].rpartition("/")[2]
        self.seen.append(self.headers.get("Authorization"))
        if name == "silent":
            time.sleep(3)
            return
        status, headers, body = ANSWERS[name]
        self.send_response(status)
        for each in {"Content-Length": str(len(body)), **headers}.items():
            self.send_header(*each)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        """Nothing is logged."""


@pytest.fixture(scope="module")
def fake():
    """The address of the store that fails."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Store)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@contextlib.contextmanager
def before(fake, name, tmp_path, **more):
    store = Elsewhere("fake", {"FOEDUS_STORE": f"{fake}/{name}"})
    with in_front(tmp_path, store, FOEDUS_READERS="1", **{"FOEDUS_DEADLINE": "5", **more}) as server:
        yield server


@pytest.mark.parametrize(
    ("name", "status", "kind", "said"),
    [
        ("half", 502, "store-failed", "does not parse"),
        ("short", 503, "answer-cut", "50 bytes are missing"),
        ("limited", 503, "answer-cut", "X-SPARQL-MaxRows: 1"),
        ("page", 502, "store-failed", "text/html"),
        ("entities", 502, "store-failed", "does not parse"),
        ("redirect", 502, "store-failed", "a redirect to http://127.0.0.1:1/elsewhere"),
        ("unknown", 502, "store-failed", "FOEDUS_STORE_USER"),
        ("busy", 503, "store-busy", "later"),
        ("broken", 502, "store-failed", "stack trace"),
        ("refused", 400, "evaluation", "no such function"),
    ],
)
def test_what_goes_wrong_there_is_told_here(fake, tmp_path, name, status, kind, said):
    with before(fake, name, tmp_path) as server:
        response = server.get("SELECT ?s { ?s ?p ?o }", "text/csv")
        assert response.status_code == status, response.text
        assert response.json()["type"].endswith(f"/{kind}")
        assert said in response.json()["detail"]
        assert response.headers.get("retry-after") == ("5" if kind == "store-busy" else None)
        assert server.get("SELECT ?s { ?s ?p ?o }", "text/csv").status_code == status  # the reader lives on


def test_triples_that_end_early_are_no_answer(fake, tmp_path):
    with before(fake, "half-triples", tmp_path) as server:
        response = server.get("CONSTRUCT WHERE { ?s ?p ?o }", "text/turtle")
        assert response.status_code == 503
        assert response.json()["type"].endswith("/answer-cut")


def test_the_deadline_holds(fake, tmp_path):
    with before(fake, "silent", tmp_path, FOEDUS_DEADLINE="1") as server:
        began = time.monotonic()
        assert server.get("SELECT ?s { ?s ?p ?o }").status_code == 504
        assert time.monotonic() - began < 2.5


def test_nobody_there(tmp_path):
    with before(f"http://127.0.0.1:{free_port()}", "fine", tmp_path) as server:
        response = server.get("ASK { }")
        assert response.status_code == 502
        assert "cannot be reached" in response.json()["detail"]


def test_a_password_goes_to_who_asks_for_it_and_a_token_to_the_store_only(fake, tmp_path):
    Store.seen.clear()
    known = {"FOEDUS_STORE_USER": "alice", "FOEDUS_STORE_PASSWORD": "secret"}
    with before(fake, "fine", tmp_path / "1", **known) as server:
        assert server.get("SELECT ?s { ?s ?p ?o }", "text/csv").text == "s\r\n1\r\n"
    assert Store.seen == [None]
    with before(fake, "unknown", tmp_path / "2", **known) as server:
        server.get("ASK { }")
    assert Store.seen[1] is None
    assert Store.seen[2] == "Basic YWxpY2U6c2VjcmV0"
    with before(fake, "fine", tmp_path / "3", FOEDUS_STORE_TOKEN="token") as server:
        server.get("ASK { }")
    assert Store.seen[-1] == "Bearer token"


def test_a_write_that_comes_to_nothing(fake, tmp_path):
    key = keys.add(tmp_path, "alice", "contribute", "2026-11-26")
    store = Elsewhere("fake", {"FOEDUS_STORE": f"{fake}/fine", "FOEDUS_STORE_UPDATE": f"{fake}/silent"})
    with in_front(tmp_path, store, FOEDUS_WRITABLE="true", FOEDUS_WRITE_DEADLINE="1") as server:
        headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/sparql-update"}
        response = server.client.post("/sparql", content="CLEAR ALL", headers=headers)
        assert response.status_code == 504
        assert response.json()["type"].endswith("/write-time")


@pytest.mark.parametrize(
    "address", ["ftp://example.org/", "example.org", "http://", "http://alice:secret@example.org/", "http://e.org/#a"]
)
def test_an_address_that_is_none(address):
    with pytest.raises(UsageError, match="FOEDUS_STORE"):
        Remote.of_settings(Settings(store=address))


def test_credentials_that_do_not_fit_together():
    with pytest.raises(UsageError, match="belong together"):
        credentials({"FOEDUS_STORE_USER": "alice"})
    with pytest.raises(UsageError, match="two ways"):
        credentials({"FOEDUS_STORE_USER": "a", "FOEDUS_STORE_PASSWORD": "b", "FOEDUS_STORE_TOKEN": "c"})


BOMB = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . FILTER(STR(?c) < STR(?f) && STR(?i) > STR(?a)) }"


def test_a_bomb_is_ended_and_others_are_answered(tmp_path):
    with running("oxigraph", tmp_path) as store:
        key = keys.add(tmp_path, "alice", "contribute", "2026-11-26")
        limits = {"FOEDUS_READERS": "2", "FOEDUS_DEADLINE": "2", "FOEDUS_ANSWER_ROWS": "500", "FOEDUS_WRITABLE": "true"}
        with in_front(tmp_path, store, **limits) as server:
            data = "".join(f'<http://e/{number}> <http://e/p> "{number}" .\n' for number in range(2000))
            headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/n-triples"}
            assert server.client.put("/store?default", content=data, headers=headers).status_code == 204
            with ThreadPoolExecutor(1) as pool:
                bomb = pool.submit(server.get, BOMB)
                for _ in range(10):
                    assert server.get("ASK { <http://e/1> ?p ?o }", JSON).json()["boolean"] is True
                assert bomb.result().status_code == 504
            assert server.get("SELECT * { ?s ?p ?o }").status_code == 503
            assert server.get("SELECT * { ?s ?p ?o } LIMIT 500", "text/csv").text.count("\r\n") == 501


@pytest.mark.skipif("virtuoso" not in NAMES, reason="Virtuoso is not installed here; CI installs it")
def test_virtuosos_limit_of_rows_is_no_answer(tmp_path):
    with running("virtuoso", tmp_path, most=100) as store, in_front(tmp_path / "front", store) as server:
        fewer = server.get("SELECT * { ?s ?p ?o } LIMIT 99", "text/csv")
        assert fewer.text.count("\r\n") == 100
        assert server.get("SELECT * { ?s ?p ?o }").status_code == 503
