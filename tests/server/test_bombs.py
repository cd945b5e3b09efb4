"""Queries made to hurt: bombs, and attempts to reach other servers, against a running server with a short deadline."""

import itertools
import socket
import threading
import time

import httpx
import pytest
from pyoxigraph import NamedNode, Quad

from kg.algebra import look
from kg.settings import Settings
from kg.store import answers, generation, publication
from kg.store.answers import QueryUnanswerable, StoreUnreadable
from kg.store.formats import JSON
from kg.store.process import Reader

pytestmark = pytest.mark.alone

POINT = "ASK { <http://example.org/thing1> <http://example.org/property1> 'value 1' }"
CROSS = "?a ?b ?c . ?d ?e ?f . ?g ?h ?i"
BOMBS = {
    "cartesian product": f"SELECT (COUNT(*) AS ?n) {{ {CROSS} . ?j ?k ?l }}",
    "cartesian product, shown": f"SELECT * {{ {CROSS} }}",
    "cartesian product, sorted": f"SELECT * {{ {CROSS} }} ORDER BY ?c ?f ?i",
    "cartesian product, distinct": f"SELECT DISTINCT ?a ?d ?g {{ {CROSS} . ?j ?k ?l }}",
    "cartesian product, grouped": f"SELECT ?a ?d ?g (COUNT(*) AS ?n) {{ {CROSS} }} GROUP BY ?a ?d ?g",
    "cartesian product, constructed": f"CONSTRUCT {{ ?a ?e ?i }} {{ {CROSS} }}",
    "long concatenation": f"SELECT (GROUP_CONCAT(CONCAT(STR(?c), STR(?f))) AS ?x) {{ {CROSS} }}",
    "doubling strings": "SELECT (STRLEN(?e) AS ?n) { "
    + "BIND('0123456789abcdef' AS ?z) "
    + " ".join(
        f"BIND(CONCAT({x}, {x}, {x}, {x}, {x}, {x}, {x}, {x}) AS {y})"
        for x, y in zip(
            ("?z", "?a0", "?a1", "?a2", "?a3", "?a4", "?a5", "?a6", "?a7"),
            ("?a0", "?a1", "?a2", "?a3", "?a4", "?a5", "?a6", "?a7", "?e"),
            strict=True,
        )
    )
    + " }",
    "nested optionals": "SELECT (COUNT(*) AS ?n) { ?a ?b ?c "
    + "".join(f"OPTIONAL {{ ?x{n} ?y{n} ?z{n} " for n in range(6))
    + "}" * 6
    + " }",
    "nested not exists": "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f FILTER NOT EXISTS "
    "{ ?g ?h ?i . ?j ?k ?l FILTER(?g = ?a && ?j = ?d && ?i = 'none') } }",
    "path of anything": "SELECT (COUNT(*) AS ?n) { ?a (!<x:a>|^(!<x:a>))* ?b . "
    "?c (!<x:a>|^(!<x:a>))* ?d . ?e ?f ?g . ?h ?i ?j }",
    "path in path": "SELECT (COUNT(*) AS ?n) { ?a ((!<x:a>)*)* ?b . ?c ((!<x:b>)+)+ ?d . ?x ?y ?z . ?x2 ?y2 ?z2 }",
    "regular expression": "ASK { ?s ?p ?o FILTER(REGEX(STR(?o), '" + "(a*)*" * 50 + "b')) }",
    "huge repetition": "ASK { ?s ?p ?o FILTER(REGEX(STR(?o), '" + "(" * 6 + "a{9}" + "){99}" * 6 + "')) }",
    "values product": "SELECT (COUNT(*) AS ?n) { "
    + " ".join(f"VALUES ?v{n} {{ {' '.join(map(str, range(40)))} }}" for n in range(7))
    + " }",
    "sub-queries": "SELECT (COUNT(*) AS ?n) { "
    + " ".join(f"{{ SELECT ?a{n} ?b{n} {{ ?a{n} ?b{n} ?c{n} . ?d{n} ?e{n} ?f{n} }} }}" for n in range(3))
    + " }",
    "parentheses": "ASK { FILTER(" + "(" * 5000 + "1" + ")" * 5000 + ") }",
    "braces": "ASK " + "{" * 3000 + "}" * 3000,
    "blank nodes": "ASK { ?s ?p " + "[ ?p " * 500 + "1" + "]" * 500 + "}",
    "collections": "ASK { ?s ?p " + "(" * 2000 + ")" * 2000 + " }",
    "unions": "ASK { " + "{ } UNION " * 5000 + "{ } }",
    "sums": "ASK { FILTER(" + "1+" * 30_000 + "1) }",
    "not not": "ASK { FILTER(" + "!" * 30_000 + "true) }",
    "path steps": "ASK { ?a " + "<p:p>/" * 1000 + "<p:p> ?b }",
    "triple terms": "ASK { ?s ?p " + "<<( <x:a> <x:b> " * 400 + "1" + ")>>" * 400 + " }",
    "comment": "ASK { } #" + "x" * 200_000,
    "open string": "ASK { ?s ?p '" + "x" * 200_000,
    "prefixes": "".join(f"PREFIX p{n}: <http://e/{n}> " for n in range(8000)) + "ASK { }",
}


@pytest.fixture(scope="module")
def hasty(tmp_path_factory, publish, serving):
    """A server whose queries have half a second."""
    root = tmp_path_factory.mktemp("hasty")
    publish(root, "first")
    with serving(root, FOEDUS_DEADLINE="0.5") as server:
        server.root = root
        yield server


ASKED = itertools.count()
"""Makes every query another one, so that none is known already."""


def point(served) -> float:
    began = time.monotonic()
    assert served.get(f"{POINT} # {next(ASKED)}").json()["boolean"] is True
    return time.monotonic() - began


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_ends_and_the_next_query_works(hasty, name):
    began = time.monotonic()
    response = hasty.client.post("/sparql", data={"query": BOMBS[name]})
    assert time.monotonic() - began < 3
    assert response.status_code in (200, 400, 413, 503, 504)
    if response.status_code == 200:
        assert response.json()["head"] is not None, "a whole document, not a part"
    else:
        assert response.headers["content-type"] == "application/problem+json"
        assert response.json()["detail"]
    assert point(hasty) < 1.5


def test_there_are_enough_bombs_and_most_are_ended_by_the_clock(hasty):
    assert len(BOMBS) >= 18
    statuses = [hasty.client.post("/sparql", data={"query": text}).status_code for text in list(BOMBS.values())[:3]]
    assert set(statuses) <= {503, 504}


HOSTS = [
    "http://127.0.0.1:{port}/",
    "http://localhost:{port}/",
    "http://[::1]:{port}/",
    "http://[::ffff:127.0.0.1]:{port}/",
    "http://2130706433:{port}/",
    "http://0x7f000001:{port}/",
    "http://0177.0.0.1:{port}/",
    "http://127.1:{port}/",
    "http://0:{port}/",
    "http://user:secret@127.0.0.1:{port}/",
    "https://127.0.0.1:{port}/",
    "http://169.254.169.254/latest/meta-data/",
    "file:///etc/passwd",
    "ftp://127.0.0.1:{port}/",
    "gopher://127.0.0.1:{port}/_GET",
]
SHAPES = [
    "ASK { SERVICE <%s> { ?s ?p ?o } }",
    "ASK { SERVICE SILENT <%s> { ?s ?p ?o } }",
    "ASK { service <%s> { ?s ?p ?o } }",
    "ASK { SeRvIcE<%s>{ ?s ?p ?o } }",
    "ASK { { SELECT * { OPTIONAL { SERVICE <%s> { ?s ?p ?o } } } } }",
    "ASK { BIND(<%s> AS ?e) SERVICE ?e { ?s ?p ?o } }",
    "ASK { VALUES ?e { <%s> } SERVICE ?e { ?s ?p ?o } }",
    "ASK { FILTER EXISTS { SERVICE <%s> { ?s ?p ?o } } }",
    "ASK { FILTER NOT EXISTS { SERVICE <%s> { ?s ?p ?o } } }",
    "ASK { #\n SERVICE # <x:y>\n <%s> { ?s ?p ?o } }",
    "ASK { ?s ?p 'SERVICE' . SERVICE <%s> { ?s ?p ?o } }",
    "ASK { ?s ?p true SERVICE <%s> { ?s ?p ?o } }",
    "ASK { ?s ?p 1SERVICE <%s> { ?s ?p ?o } }",
    "PREFIX e: <%s> ASK { SERVICE e: { ?s ?p ?o } }",
    "BASE <%s> ASK { SERVICE <> { ?s ?p ?o } }",
    "SELECT * FROM <%s> { ?s ?p ?o }",
    "SELECT * FROM NAMED <%s> { GRAPH ?g { ?s ?p ?o } }",
    "CONSTRUCT { ?s ?p ?o } { SERVICE <%s> { ?s ?p ?o } }",
    "DESCRIBE <%s>",
    "ASK { GRAPH <%s> { ?s ?p ?o } }",
    "LOAD <%s>",
    "LOAD SILENT <%s> INTO GRAPH <x:g>",
    "INSERT { ?s ?p ?o } WHERE { SERVICE <%s> { ?s ?p ?o } }",
    "ASK { FILTER(<%s>(1)) }",
]
ATTEMPTS = [*((SHAPES[0], host) for host in HOSTS), *((shape, HOSTS[0]) for shape in SHAPES[1:]), (SHAPES[1], HOSTS[1])]
ATTEMPTS += [("default-graph-uri", host) for host in HOSTS[:3]]


@pytest.fixture(scope="module")
def trap():
    """A listener on this machine, and how many have connected to it."""
    listening = socket.create_server(("127.0.0.1", 0))
    caught = []

    def listen():
        while True:
            try:
                connection, _ = listening.accept()
            except OSError:
                return
            caught.append(1)
            connection.close()

    thread = threading.Thread(target=listen, daemon=True)
    thread.start()
    yield listening.getsockname()[1], caught
    listening.shutdown(socket.SHUT_RDWR)
    listening.close()
    thread.join(5)


@pytest.mark.parametrize(("shape", "host"), ATTEMPTS)
def test_no_other_server_is_reached(hasty, trap, shape, host):
    port, caught = trap
    target = host.format(port=port)
    if shape == "default-graph-uri":
        form = {"query": "ASK { ?s ?p ?o }", "default-graph-uri": target}
    else:
        form = {"query": shape % target}
    response = hasty.client.post("/sparql", data=form)
    if "SERVICE" in form["query"].upper() and not form["query"].startswith("INSERT"):
        assert (response.status_code, response.json()["type"].rpartition("/")[2]) == (403, "federation")
        assert response.json()["line"] >= 1
    else:
        assert response.status_code in (200, 400, 401, 403)
    assert not caught


def test_there_are_enough_attempts():
    assert len(ATTEMPTS) >= 40


def test_the_kernel_refuses_what_the_analysis_would_let_through(hasty, trap):
    port, caught = trap
    assert hasty.client.get("/health").json()["sandbox"].startswith("on")
    settings = Settings(data_directory=hasty.root)
    outline = look("ASK { ?s ?p ?o }", settings)
    reader = Reader(generation.current(hasty.root), settings)
    try:
        assert reader.confined
        for target in (f"http://127.0.0.1:{port}/", f"http://localhost:{port}/sparql"):
            text = f"ASK {{ SERVICE <{target}> {{ ?s ?p ?o }} }}"
            with pytest.raises((QueryUnanswerable, StoreUnreadable), match=r"denied|refused|error"):
                reader.ask(answers.request(text, outline, JSON, settings))
    finally:
        reader.close()
    assert not caught


def test_bombs_of_one_client_do_not_starve_another(hasty):
    """One client keeps all that it may have busy; another's point queries are answered meanwhile."""
    over = threading.Event()
    statuses = []

    def throw():
        with httpx.Client(base_url=hasty.address, transport=httpx.HTTPTransport(local_address="127.0.0.7")) as client:
            while not over.is_set():
                response = client.get("/sparql", params={"query": BOMBS["cartesian product"]}, timeout=30)
                statuses.append(response.status_code)

    throwing = [threading.Thread(target=throw) for _ in range(12)]
    for each in throwing:
        each.start()
    try:
        time.sleep(0.5)
        times = sorted(point(hasty) for _ in range(40))
    finally:
        over.set()
        for each in throwing:
            each.join(30)
    assert times[len(times) // 2] < 0.25
    assert times[-1] < 2
    assert set(statuses) <= {429, 503, 504}
    assert len(statuses) >= 3


def test_one_client_may_use_only_so_much_time(tmp_path, publish, serving):
    publish(tmp_path, "first")
    limits = {"FOEDUS_CLIENT_SECONDS": "1", "FOEDUS_DEADLINE": "0.5", "FOEDUS_CLIENT_QUERIES": "3"}
    with serving(tmp_path, **limits) as server:
        found = [server.get(BOMBS["cartesian product"]) for _ in range(4)]
        assert [each.status_code for each in found][:2] == [504, 504]
        assert found[-1].status_code == 429
        assert found[-1].json()["type"].endswith("/problem/too-many")
        assert 1 <= int(found[-1].headers["retry-after"]) <= 60
        with httpx.Client(base_url=server.address, transport=httpx.HTTPTransport(local_address="127.0.0.8")) as other:
            assert other.get("/sparql", params={"query": POINT}).status_code == 200


def test_a_reader_that_is_not_confined_is_said_to_be(tmp_path):
    publication.write(tmp_path, "one", [Quad(*[NamedNode("x:y")] * 4)], [], {})
    reader = Reader(generation.current(tmp_path), Settings(data_directory=tmp_path))
    try:
        assert isinstance(reader.confined, bool)
    finally:
        reader.close()
