"""Documents made to hurt a parser: each is refused or taken within the deadline, and the server goes on as before."""

import gzip
import time

import pytest

from kg import keys
from kg.store import plain
from tests.server.conftest import serving
from tests.server.test_updates import ask, update

ENTITIES = "".join(
    f'<!ENTITY {name} "{f"&{before};" * 10}">' for before, name in zip("abcdefghi", "bcdefghij", strict=True)
)
ROOT = '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:e="http://e/">'
RDF_XML, JSON_LD, TURTLE, TRIG = "application/rdf+xml", "application/ld+json", "text/turtle", "application/trig"
DEEP = 30_000
BOMBS = {
    "a billion laughs": (
        RDF_XML,
        f'<!DOCTYPE r [<!ENTITY a "ha">{ENTITIES}]>{ROOT}<rdf:Description><e:p>&j;</e:p></rdf:Description></rdf:RDF>',
    ),
    "a quadratic entity": (
        RDF_XML,
        f'<!DOCTYPE r [<!ENTITY a "{"x" * 100_000}">]>{ROOT}<rdf:Description><e:p>{"&a;" * 20_000}</e:p>'
        "</rdf:Description></rdf:RDF>",
    ),
    "a file as an entity": (
        RDF_XML,
        f'<!DOCTYPE r [<!ENTITY a SYSTEM "file:///etc/hostname">]>{ROOT}<rdf:Description rdf:about="http://e/leak">'
        "<e:p>&a;</e:p></rdf:Description></rdf:RDF>",
    ),
    "an external document type": (
        RDF_XML,
        f'<!DOCTYPE r SYSTEM "http://127.0.0.1:9/x.dtd">{ROOT}<rdf:Description/></rdf:RDF>',
    ),
    "deep XML": (RDF_XML, f"{ROOT}{'<e:A><e:p>' * DEEP}{'</e:p></e:A>' * DEEP}</rdf:RDF>"),
    "deep JSON lists": (JSON_LD, '{"http://e/p":' + "[" * DEEP + "]" * DEEP + "}"),
    "deep JSON objects": (JSON_LD, '{"http://e/p":' * DEEP + "1" + "}" * DEEP),
    "a context on another machine": (
        JSON_LD,
        '{"@context": "http://127.0.0.1:9/context", "@id": "http://e/x", "p": 1}',
    ),
    "a context in a file": (JSON_LD, '{"@context": "file:///etc/hostname", "@id": "http://e/x", "p": 1}'),
    "contexts that name each other": (
        JSON_LD,
        '{"@context": {"a": {"@id": "b:x"}, "b": {"@id": "a:y"}}, "@id": "http://e/x", "a": 1}',
    ),
    "deep Turtle nodes": (TURTLE, "<http://e/a> <http://e/p> " + "[ <http://e/p> " * DEEP + "1" + "]" * DEEP + " ."),
    "deep Turtle lists": (TURTLE, "<http://e/a> <http://e/p> " + "(" * DEEP + ")" * DEEP + " ."),
    "deep TriG": (TRIG, "{ " * DEEP + "}" * DEEP),
    "a literal without an end": (TURTLE, '<http://e/a> <http://e/p> """' + "x" * 2_000_000),
    "an IRI of a megabyte": (TURTLE, f"<http://e/{'a' * 1_000_000}> <http://e/p> 1 ."),
    "a prefix of prefixes": (TURTLE, "".join(f"@prefix p{n}: <http://e/{n}/> . " for n in range(50_000))),
    "nulls and halves of characters": (TURTLE, b'<http://e/a> <http://e/p> "\x00\xff\xfe" .'.decode("latin-1")),
}


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """A writable server on a plain dataset with a deadline of five seconds."""
    root = tmp_path_factory.mktemp("bombed")
    plain.publish(root, [])
    key = keys.add(root, "alice", "contribute", "2026-11-25")
    with serving(root, FOEDUS_PLAIN="true", FOEDUS_WRITABLE="true", FOEDUS_DEADLINE="5") as found:
        found.client.headers["Authorization"] = f"Bearer {key}"
        found.client.timeout = 60
        yield found


def unharmed(server) -> None:
    assert ask(server, "ASK {}")
    assert not ask(server, "ASK { <http://e/leak> ?p ?o }")


def write(server, media_type: str, content: bytes):
    return server.client.put(
        "/store", params={"graph": "http://e/g"}, content=content, headers={"Content-Type": media_type}
    )


@pytest.mark.parametrize("name", BOMBS)
def test_a_document_that_is_a_bomb_harms_nobody(server, name):
    media_type, text = BOMBS[name]
    started = time.monotonic()
    response = write(server, media_type, text.encode())
    assert time.monotonic() - started < 12
    assert response.status_code in (201, 204, 400, 413, 422, 503, 504), response.text[:500]
    if response.status_code >= 400:
        assert response.headers["content-type"] == "application/problem+json"
        assert len(response.content) < 20_000
    unharmed(server)


@pytest.mark.parametrize("name", ["a billion laughs", "a quadratic entity", "a file as an entity"])
def test_entities_are_refused_or_left_alone(server, name):
    media_type, text = BOMBS[name]
    write(server, media_type, text.encode())
    answer = server.get("SELECT ?o { GRAPH <http://e/g> { ?s ?p ?o } }", "text/csv")
    assert len(answer.content) < 1_000_000


def test_updates_with_bombs_harm_nobody(server):
    deep = "[ <http://e/p> " * DEEP + "1" + "]" * DEEP
    for text in (
        f"INSERT DATA {{ <http://e/a> <http://e/p> {deep} }}",
        f"INSERT DATA {{ <http://e/a> <http://e/p> {'(' * DEEP}{')' * DEEP} }}",
        "INSERT { ?a ?b ?c } WHERE " + "{" * DEEP + "}" * DEEP,
        f"DELETE WHERE {{ ?a {'^' * DEEP}<http://e/p> ?b }}",
    ):
        response = update(server, text)
        assert response.status_code in (400, 413, 422, 503, 504), response.text[:300]
        unharmed(server)


def test_a_compressed_body_is_not_unpacked(server):
    """What would unpack a thousandfold is turned away with what may be sent."""
    content = gzip.compress(b"<http://e/a> <http://e/p> <http://e/b> .\n" * 500_000)
    headers = {"Content-Type": "application/n-triples", "Content-Encoding": "gzip"}
    written = server.client.put("/store", params={"graph": "http://e/g"}, content=content, headers=headers)
    headers["Content-Type"] = "application/sparql-query"
    asked = server.client.post("/sparql", content=gzip.compress(b"ASK {}"), headers=headers)
    for response in (written, asked):
        assert response.status_code == 415, response.text
        assert "gzip" in response.json()["detail"]
        assert response.headers["accept-encoding"] == "identity"
    unharmed(server)
