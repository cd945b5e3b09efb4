"""LOAD, where a document is allowed: it is fetched by a process of its own, and its triples are inserted."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from kg import keys
from kg.store import plain
from tests.server.conftest import serving

E = "http://example.org/"
DOCUMENTS = {
    "/data/a.ttl": (200, {"Content-Type": "text/turtle"}, f'<{E}a> <{E}p> "one", [ <{E}p> "two" ] ; <{E}q> <b> .'),
    "/data/b.rdf": (
        200,
        {"Content-Type": "application/xml"},
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:e="http://example.org/">'
        '<rdf:Description rdf:about="http://example.org/r"><e:p>three</e:p></rdf:Description></rdf:RDF>',
    ),
    "/data/graphs.trig": (200, {"Content-Type": "application/trig"}, f"<{E}g> {{ <{E}a> <{E}p> 1 }}"),
    "/data/wrong.ttl": (200, {"Content-Type": "text/turtle"}, f"<{E}a> <{E}p>"),
    "/data/page": (200, {"Content-Type": "text/html"}, "<p>no data"),
    "/data/moved": (301, {"Location": "/secret.ttl"}, ""),
    "/data/short.ttl": (200, {"Content-Type": "text/turtle", "Content-Length": "500"}, f"<{E}a> <{E}p> 1 ."),
    "/secret.ttl": (200, {"Content-Type": "text/turtle"}, f'<{E}a> <{E}secret> "secret" .'),
}
ASKED: list[str] = []


class Documents(BaseHTTPRequestHandler):
    """Serves the documents; remembers what was asked for."""

    def do_GET(self):
        """Answer one request."""
        ASKED.append(self.path)
        status, headers, text = DOCUMENTS.get(self.path, (404, {}, ""))
        self.send_response(status)
        for each in {"Content-Length": str(len(text)), **headers}.items():
            self.send_header(*each)
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, *_):
        """Nothing is logged."""


@pytest.fixture(scope="module")
def web():
    """The address of the documents."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Documents)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def loading(web, tmp_path_factory):
    """A server that may fetch what is below /data/."""
    root = tmp_path_factory.mktemp("loading")
    plain.publish(root, [])
    key = keys.add(root, "alice", "contribute", "2026-11-26")
    limits = {"FOEDUS_LOADS": f"{web}/data/", "FOEDUS_PATIENCE": "30", "FOEDUS_DEADLINE": "5"}
    with serving(root, FOEDUS_PLAIN="true", FOEDUS_WRITABLE="true", **limits) as server:
        server.client.headers["Authorization"] = f"Bearer {key}"
        server.web = web
        yield server


def update(server, text):
    return server.client.post("/sparql", content=text, headers={"Content-Type": "application/sparql-update"})


def count(server, pattern):
    return int(server.get(f"SELECT (COUNT(*) AS ?n) {{ {pattern} }}", "text/csv").text.splitlines()[1])


def test_a_document_is_inserted(loading):
    at = loading.web
    done = update(
        loading,
        f"PREFIX data: <{at}/data/> LOAD data:a.ttl INTO GRAPH <{E}one> ; LOAD SILENT <{at}/data/missing> ;\n"
        f"LOAD <{at}/data/b.rdf> ; INSERT {{ <{E}copied> <{E}from> ?o }} WHERE {{ GRAPH <{E}one> {{ ?s <{E}q> ?o }} }}",
    )
    assert done.status_code == 204, done.text
    assert count(loading, f"GRAPH <{E}one> {{ ?s ?p ?o }}") == 4
    assert count(loading, f'<{E}r> <{E}p> "three"') == 1
    assert count(loading, f"<{E}copied> <{E}from> <{at}/data/b>") == 1  # relative to where it was found


@pytest.mark.parametrize(
    ("name", "status", "said"),
    [
        ("missing", 502, "answers 404"),
        ("moved", 502, "a redirect to /secret.ttl"),
        ("page", 400, "text/html"),
        ("graphs.trig", 400, "named graphs"),
        ("wrong.ttl", 400, "does not parse"),
        ("short.ttl", 503, "missing"),
    ],
)
def test_what_cannot_be_loaded_changes_nothing(loading, name, status, said):
    before = count(loading, "?s ?p ?o")
    text = f"INSERT DATA {{ <{E}n> <{E}{name}> 1 }} ; LOAD <{loading.web}/data/{name}>"
    response = update(loading, text)
    assert response.status_code == status, response.text
    assert said in response.json()["detail"]
    assert count(loading, "?s ?p ?o") == before


@pytest.mark.parametrize(
    "wanted",
    [
        "LOAD <WEB/secret.ttl>",
        "LOAD <WEB/data/../secret.ttl>",
        "LOAD <WEB/data/%2e%2e/secret.ttl>",
        "LOAD <WEB/data/..%2fsecret.ttl>",
        "BASE <WEB/data/> LOAD <../secret.ttl>",
        "LOAD SILENT <WEB/secret.ttl>",
        "LOAD <file:///etc/hostname>",
        "LOAD <http://169.254.169.254/latest/>",
        "LOAD <WEB@127.0.0.1/data/>",
        "INSERT DATA { } ; LOAD <WEB/secret.ttl> INTO GRAPH <http://example.org/g>",
        "INSERT DATA { } ;LOAD<WEB/secret.ttl>",
        "XLOAD <WEB/data/a.ttl>",
    ],
)
def test_nothing_else_is_fetched(loading, wanted):
    ASKED.clear()
    response = update(loading, wanted.replace("WEB", loading.web))
    assert response.status_code in (400, 403), response.text
    assert ASKED == []


def test_what_is_no_load_is_told_with_its_place(loading):
    for text in ("LOAD ?x", "LOAD", "LOAD x:a", f"LOAD <{loading.web}/data/a.ttl> INTO GRAPH ?g"):
        response = update(loading, f"CLEAR ALL ;\n{text}")
        assert response.status_code == 400
        assert response.json()["line"] == 2
