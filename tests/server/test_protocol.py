"""The SPARQL 1.1 Protocol, request by request, against a running server."""

import gzip
import json
import re
from urllib.parse import quote_from_bytes, urlencode

import brotli
import pyoxigraph
import pytest
from pyoxigraph import RdfFormat

from kg.store.formats import GRAPHS, RESULTS

FRESH = "public, max-age=0, s-maxage=5, must-revalidate"
ROWS = "SELECT ?o { <http://example.org/thing1> <http://example.org/property1> ?o } ORDER BY ?o"
TRIPLES = "CONSTRUCT WHERE { <http://example.org/thing1> ?p ?o }"
FORM = "application/x-www-form-urlencoded"


def problem(response, status, name):
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    assert response.headers["access-control-allow-origin"] == "*"
    said = response.json()
    assert said["status"] == status
    assert said["type"] == f"https://w3id.org/foedus/problem/{name}"
    assert said["title"]
    assert said["detail"]
    return said


@pytest.mark.parametrize(
    ("accept", "content_type", "begins"),
    [
        (None, "application/sparql-results+json", '{"head":{"vars":["o"]}'),
        ("*/*", "application/sparql-results+json", '{"head"'),
        ("application/json", "application/sparql-results+json", '{"head"'),
        ("application/sparql-results+xml", "application/sparql-results+xml", "<?xml"),
        ("text/csv", "text/csv; charset=utf-8; header=present", "o\r\nvalue 1\r\n"),
        ("text/tab-separated-values", "text/tab-separated-values; charset=utf-8; header=present", '?o\n"value 1"\n'),
        ("text/csv;q=0.2, application/xml;q=0.7, image/png", "application/sparql-results+xml", "<?xml"),
        ("text/turtle, text/*;q=0.5", "text/csv; charset=utf-8; header=present", "o\r\n"),
    ],
)
def test_rows_in_the_format_that_is_wanted_most(served, accept, content_type, begins):
    response = served.get(ROWS, accept)
    assert response.status_code == 200
    assert response.headers["content-type"] == content_type
    assert "accept" in response.headers["vary"].lower()
    assert response.text.startswith(begins)


@pytest.mark.parametrize(
    ("accept", "content_type", "format"),
    [
        (None, "text/turtle; charset=utf-8", RdfFormat.TURTLE),
        ("application/n-triples", "application/n-triples", RdfFormat.N_TRIPLES),
        ("application/ld+json", "application/ld+json", RdfFormat.JSON_LD),
        ("application/rdf+xml", "application/rdf+xml", RdfFormat.RDF_XML),
        ("application/trig", "application/trig; charset=utf-8", RdfFormat.TRIG),
        ("application/n-quads", "application/n-quads", RdfFormat.N_QUADS),
    ],
)
def test_triples_in_every_format_are_the_same(served, accept, content_type, format):  # noqa: A002
    response = served.get(TRIPLES, accept)
    assert response.headers["content-type"] == content_type
    triples = {quad.triple for quad in pyoxigraph.parse(response.content, format=format)}
    assert len(triples) == 8
    assert {str(triple.object) for triple in triples} >= {'"value 1"', '"value 351"'}


@pytest.mark.parametrize("query", [ROWS, "ASK { ?s ?p ?o }", TRIPLES])
def test_formats_that_are_not_there_are_406_with_those_that_are(served, query):
    said = problem(served.get(query, "image/png"), 406, "format")
    assert len(said["available"]) == (7 if query == TRIPLES else 5)
    assert said["available"][-1] == "text/html"
    problem(served.client.get("/sparql", params={"query": query, "format": "png"}), 406, "format")


def test_ask_in_every_format(served):
    answers = {
        "application/sparql-results+json": '{"head":{},"boolean":true}',
        "application/sparql-results+xml": "<boolean>true</boolean>",
        "text/csv": "true",
        "text/tab-separated-values": "true",
    }
    for accept, part in answers.items():
        assert part in served.get("ASK { ?s ?p ?o }", accept).text


def test_get_form_and_direct_post_answer_the_same(served):
    expected = served.get(ROWS).content
    for method in ("POST", "QUERY"):
        for content, content_type in (
            (ROWS.encode(), "application/sparql-query"),
            (ROWS.encode(), "application/sparql-query; charset=UTF-8"),
            (ROWS.encode("utf-16"), 'application/sparql-query; charset="utf-16"'),
            (urlencode({"query": ROWS}).encode(), FORM),
        ):
            headers = {"Content-Type": content_type}
            response = served.client.request(method, "/sparql", content=content, headers=headers)
            assert response.content == expected


@pytest.mark.parametrize(("charset", "encoding"), [("", "utf-8"), ("utf-8", "utf-8"), ("ISO-8859-1", "latin-1")])
def test_the_charset_of_a_body_is_honoured(served, charset, encoding):
    query = "SELECT (STRLEN('Zürich') AS ?n) { }".encode(encoding)
    content_type = "application/sparql-query" + (f"; charset={charset}" if charset else "")
    response = served.client.post("/sparql", content=query, headers={"Content-Type": content_type})
    assert count(response) == 6
    form = b"query=" + quote_from_bytes(query).encode()
    content_type = FORM + (f"; charset={charset}" if charset else "")
    assert count(served.client.post("/sparql", content=form, headers={"Content-Type": content_type})) == 6


def test_a_long_answer_is_compressed_where_the_client_takes_it(served):
    query = "SELECT * { ?s ?p ?o } ORDER BY ?s ?p ?o"
    plain = served.get(query, "text/csv", extensions={})
    sizes = {}
    for accepted in ("identity", "gzip", "br", "gzip;q=0.5, br;q=0.4", "br;q=0, identity;q=0.1"):
        headers = {"Accept": "text/csv", "Accept-Encoding": accepted}
        with served.client.stream("GET", "/sparql", params={"query": query}, headers=headers) as response:
            raw = b"".join(response.iter_raw())
        coding = response.headers.get("content-encoding")
        sizes[accepted] = (coding, len(raw))
        assert "accept-encoding" in response.headers["vary"]
        content = {None: bytes, "gzip": gzip.decompress, "br": brotli.decompress}[coding](raw)
        assert content == plain.content
    assert [coding for coding, _ in sizes.values()] == [None, "gzip", "br", "gzip", None]
    assert sizes["gzip"][1] < sizes["identity"][1] / 4 > sizes["br"][1]
    short = served.client.get("/sparql", params={"query": "ASK { }"}, headers={"Accept-Encoding": "gzip"})
    assert "content-encoding" not in short.headers
    head = served.client.head("/sparql", params={"query": query}, headers={"Accept-Encoding": "gzip"})
    assert (head.headers["content-encoding"], head.content) == ("gzip", b"")


def test_every_response_says_which_request_it_answers(served):
    for address in ("/sparql", "/health", "/nowhere", "/sparql?query=ASK%7B"):
        given = served.client.get(address, headers={"X-Request-Id": "trace/7:a-b.c"})
        assert given.headers["x-request-id"] == "trace/7:a-b.c"
        made = {served.client.get(address).headers["x-request-id"] for _ in range(2)}
        assert len(made) == 2
        bad = served.client.get(address, headers={"X-Request-Id": 'x" y'})
        assert re.fullmatch("[0-9a-f]{32}", bad.headers["x-request-id"])
        assert given.headers["access-control-allow-origin"] == "*"


def test_the_timing_is_in_milliseconds(served):
    timing = served.get("SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f }").headers["server-timing"]
    found = {name: float(number) for name, number in re.findall(r"(\w+);dur=([\d.]+)", timing)}
    assert set(found) == {"wait", "query", "total"}
    again = served.get("SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f }")
    assert "query;dur=0.0" in again.headers["server-timing"]
    assert "cache;desc=hit" in again.headers["server-timing"]
    assert 1 < found["query"] <= found["total"] < 1000
    assert found["wait"] + found["query"] == pytest.approx(found["total"], abs=0.2)


@pytest.mark.parametrize(
    ("accept", "format"),
    [
        (None, RdfFormat.TURTLE),
        ("application/rdf+xml", RdfFormat.RDF_XML),
        ("application/ld+json", RdfFormat.JSON_LD),
        ("application/n-triples", RdfFormat.N_TRIPLES),
        ("application/trig", RdfFormat.TRIG),
    ],
)
def test_without_a_query_the_endpoint_describes_itself(served, accept, format):  # noqa: A002
    response = served.client.get("/sparql", headers={"Accept": accept} if accept else {})
    assert response.status_code == 200
    assert response.headers["content-type"].startswith(accept or "text/turtle")
    triples = {quad.triple for quad in pyoxigraph.parse(response.content, format=format)}
    service = pyoxigraph.NamedNode(f"{served.address}/sparql")
    sd = "http://www.w3.org/ns/sparql-service-description#"
    about = {(each.predicate.value.removeprefix(sd), each.object) for each in triples if each.subject == service}
    assert ("endpoint", service) in about
    assert ("supportedLanguage", pyoxigraph.NamedNode(f"{sd}SPARQL11Query")) in about
    assert len([name for name, _ in about if name == "resultFormat"]) == len((*RESULTS, *GRAPHS))
    assert any(each.object == pyoxigraph.Literal(403) for each in triples)


def test_the_description_for_people(served):
    response = served.client.get("/sparql", headers={"Accept": "text/html"})
    assert response.headers["content-type"] == "text/html; charset=utf-8"
    assert f"<code>{served.address}/sparql</code>" in response.text
    assert served.client.get("/sparql", headers={"Accept": "image/png"}).status_code == 406
    assert served.client.head("/sparql", headers={"Accept": "text/html"}).status_code == 200


def test_head_says_what_get_would(served):
    get, head = served.get(ROWS), served.client.head("/sparql", params={"query": ROWS})
    assert head.status_code == 200
    assert head.content == b""
    for name in ("content-type", "content-length", "etag", "vary", "foedus-store"):
        assert head.headers[name] == get.headers[name]
    assert served.client.head("/sparql", params={"query": "ASK {"}).status_code == 400


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH"])
def test_other_methods_are_405_with_allow(served, method):
    response = served.client.request(method, "/sparql")
    problem(response, 405, "method")
    assert response.headers["allow"] == "GET, HEAD, POST, QUERY, OPTIONS"


def test_scripts_of_any_site_may_read(served):
    preflight = served.client.options(
        "/sparql", headers={"Origin": "https://yasgui.org", "Access-Control-Request-Method": "POST"}
    )
    assert preflight.status_code == 204
    assert preflight.headers["access-control-allow-origin"] == "*"
    assert "POST" in preflight.headers["access-control-allow-methods"]
    assert "Content-Type" in preflight.headers["access-control-allow-headers"]
    response = served.get(ROWS)
    assert response.headers["access-control-allow-origin"] == "*"
    assert "access-control-allow-credentials" not in response.headers


@pytest.mark.parametrize(
    ("address", "part"),
    [
        ("?query=ASK%7B%7D&query=ASK%7B%7D", "2 times"),
        ("?query=ASK%7B%7D%2", "'%2'"),
        ("?query=ASK%7B%7D%zz", "'%zz'"),
        ("?query=ASK%7B%7D%FF", "UTF-8"),
        ("?update=CLEAR+ALL", "updates are not taken"),
        ("?query=ASK%7B%7D&using-graph-uri=x%3Ay", "belongs to an update"),
        ("?query=ASK%7B%7D&update=CLEAR+ALL", "updates are not taken"),
        ("?query=ASK%7B%7D&default-graph-uri=relative", "absolute IRI"),
        ("?query=ASK%7B%7D&named-graph-uri=http%3A%2F%2Fe%2F%3E%7B", "absolute IRI"),
    ],
)
def test_requests_that_make_no_sense_are_400(served, address, part):
    said = problem(served.client.get(f"/sparql{address}"), 400, "request")
    assert part in said["detail"]


def test_forms_and_bodies_that_make_no_sense(served):
    def post(content, content_type, address="/sparql"):
        return served.client.post(address, content=content, headers={"Content-Type": content_type})

    problem(post(b"query=ASK%7B%7D&query=ASK%7B%7D", FORM), 400, "request")
    problem(post(b"query=%FF", FORM), 400, "request")
    problem(post(b"update=CLEAR+ALL", FORM), 400, "request")
    problem(post(b"nothing=here", FORM), 400, "request")
    problem(post(b"ASK { ?s ?p '\xff' }", "application/sparql-query"), 400, "request")
    problem(post(b"ASK { }", "application/sparql-query", "/sparql?query=ASK%7B%7D"), 400, "request")
    problem(post(b"CLEAR ALL", "application/sparql-query"), 400, "update")
    for content_type in ("text/plain", "application/json", "application/sparql-update", ""):
        response = post(b"ASK { }", content_type)
        problem(response, 415, "content")
        assert "application/sparql-query" in response.headers["accept-post"]
    problem(post(b"ASK { }", "application/sparql-query; charset=klingon"), 415, "content")
    both = b"query=ASK%7B%7D&default-graph-uri=x%3Aa"
    problem(post(both, FORM, "/sparql?default-graph-uri=x%3Aa"), 400, "request")
    problem(post(b"ASK { } #" + b"x" * 2_000_000, "application/sparql-query"), 413, "body-size")
    problem(post(b"ASK { } #" + b"x" * 300_000, "application/sparql-query"), 413, "query-size")


def test_a_long_body_without_a_length_is_413(served):
    def pieces():
        for _ in range(100):
            yield b"#" * 20_000

    response = served.client.post("/sparql", content=pieces(), headers={"Content-Type": "application/sparql-query"})
    problem(response, 413, "body-size")


@pytest.mark.parametrize(
    ("query", "line", "column"),
    [
        ("SELECT * {\n  ?s ?p \n}", 3, 1),
        ("SELECT * {\n ?s ex:p ?o }", 2, 5),
        ("ASK { ?s ?p 'open }", 1, 13),
        ("SELECT ?x {\n VALUES ?x { 1 2 ?z } }", 2, 18),
        ("", 1, 1),
    ],
)
def test_a_malformed_query_has_line_and_column(served, query, line, column):
    said = problem(served.get(query), 400, "syntax")
    assert (said["line"], said["column"]) == (line, column)


def test_updates_and_other_servers_are_refused(served):
    assert "only answers queries" in problem(served.get("INSERT DATA { <a:b> <a:c> 1 }"), 400, "update")["detail"]
    said = problem(served.get("ASK { SERVICE <http://example.org/sparql> { ?s ?p ?o } }"), 403, "federation")
    assert (said["line"], said["column"]) == (1, 7)
    assert "http://no/f" in problem(served.get("SELECT (<http://no/f>(1) AS ?x) { }"), 400, "evaluation")["detail"]


def count(response) -> int:
    return int(response.json()["results"]["bindings"][0]["n"]["value"])


def test_graphs_in_the_address_override_those_in_the_query(served):
    one, again = "http://example.org/claim/1", "http://example.org/claim/again-1"
    plain = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
    named = "SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }"

    def ask(query, **graphs):
        parameters = {"query": query, **{name.replace("_", "-"): value for name, value in graphs.items()}}
        by_get = served.client.get("/sparql", params=parameters)
        by_form = served.client.post("/sparql", data=parameters)
        without = {name: value for name, value in parameters.items() if name != "query"}
        direct = served.client.post(
            "/sparql", params=without, content=query, headers={"Content-Type": "application/sparql-query"}
        )
        assert by_get.content == by_form.content == direct.content
        assert by_get.headers["foedus-store"] == "evidence"
        return count(by_get)

    assert ask(plain, default_graph_uri=[one, again]) == 1
    assert ask(plain, default_graph_uri=one) == 1
    assert ask(plain, named_graph_uri=one) == 0
    assert ask(named, named_graph_uri=[one, again]) == 2
    assert ask(named, default_graph_uri=one) == 0
    assert (
        ask("SELECT (COUNT(*) AS ?n) FROM <http://example.org/claim/7> { ?s ?p ?o }", default_graph_uri="x:none") == 0
    )


def test_the_merge_answers_what_looks_at_no_graph(served):
    response = served.get("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }")
    assert (count(response), response.headers["foedus-store"]) == (403, "merge")
    response = served.get("SELECT (COUNT(*) AS ?n) { ?s ?p ?o FILTER NOT EXISTS { GRAPH ?none { ?s ?no ?no } } }")
    assert (count(response), response.headers["foedus-store"]) == (403, "evidence")


def test_an_answer_that_is_known_already_is_304(served):
    first = served.get(ROWS)
    known = {"If-None-Match": first.headers["etag"]}
    again = served.client.get("/sparql", params={"query": ROWS}, headers=known)
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == first.headers["etag"]
    assert again.headers["cache-control"] == first.headers["cache-control"] == FRESH
    for tags in ("*", f'"other", {first.headers["etag"]}', first.headers["etag"].removeprefix("W/")):
        known_too = {"If-None-Match": tags}
        assert served.client.get("/sparql", params={"query": ROWS}, headers=known_too).status_code == 304
    other = served.client.get("/sparql", params={"query": ROWS}, headers={**known, "Accept": "text/csv"})
    assert other.status_code == 200
    now = served.get("SELECT (NOW() AS ?now) { }")
    assert "etag" not in now.headers
    assert now.headers["cache-control"] == "no-store"


def test_a_browser_that_asks_for_html_gets_the_page(served):
    html = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
    response = served.get(ROWS, html)
    assert response.status_code == 303
    assert response.headers["location"].startswith("/?query=SELECT")
    assert served.get(ROWS, html, follow_redirects=True).text.count("value 351") == 1
    assert "<h1>SPARQL endpoint</h1>" in served.client.get("/sparql", headers={"Accept": html}).text


def test_health_says_what_is_served(served):
    response = served.client.get("/health")
    assert response.status_code == 200
    health = response.json()
    assert (health["live"], health["ready"], health["generation"]) == (True, True, "first")
    assert health["counts"] == {"graphs": 801, "quads": 803, "merged triples": 403}
    assert health["readers"] == {"wanted": 2, "living": 2}


def test_nothing_at_an_address_is_a_problem_too(served):
    response = served.client.get("/nowhere")
    assert response.status_code == 404
    assert response.headers["content-type"] == "application/problem+json"
    assert json.loads(response.content)["type"].endswith("/problem/not-found")
    assert served.client.post("/health").status_code == 405


def test_a_query_that_is_longer_than_a_pipe_is_answered(served):
    values = " ".join(f"<http://example.org/thing{number}>" for number in range(4000))
    query = f"SELECT (COUNT(*) AS ?n) {{ VALUES ?s {{ {values} }} ?s ?p ?o }}"
    assert len(query) > 100_000
    for _ in range(5):
        response = served.client.post("/sparql", data={"query": query}, headers={"Accept": "text/csv"})
        assert (response.status_code, response.text) == (200, "n\r\n400\r\n")
