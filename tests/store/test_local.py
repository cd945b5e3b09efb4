"""One query for the command line: the same gate, the same formats, no server."""

import dataclasses
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from kg.algebra import FederationRefused, QueryUnreadable
from kg.errors import UnreadableInput, UsageError
from kg.settings import Settings
from kg.store.answers import DeadlinePassed
from kg.store.generation import NothingBuilt
from kg.store.local import query_generation
from kg.store.remote.asking import EndpointFailed, query_endpoint

ROWS = "SELECT ?o { <http://example.org/thing1> <http://example.org/property1> ?o } ORDER BY ?o"
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"


def test_rows_come_as_csv_and_triples_as_turtle(settings):
    assert query_generation(settings, ROWS).body == b"o\r\nvalue 1\r\nvalue 351\r\n"
    answer = query_generation(settings, "DESCRIBE <http://example.org/thing1>")
    assert answer.media_type == "text/turtle"
    assert b"value 351" in answer.body


def test_the_first_fitting_format_is_taken(settings):
    accept = "application/sparql-results+json, text/turtle;q=0.5"
    assert query_generation(settings, ROWS, accept=accept).media_type == "application/sparql-results+json"
    assert query_generation(settings, "DESCRIBE <http://e/>", accept=accept).media_type == "text/turtle"
    with pytest.raises(UsageError, match="text/csv"):
        query_generation(settings, ROWS, accept="text/turtle")


def test_what_is_wrong_is_said(settings, tmp_path):
    with pytest.raises(QueryUnreadable, match="1:13"):
        query_generation(settings, "ASK { ?s ?p }")
    assert issubclass(QueryUnreadable, UnreadableInput)
    with pytest.raises(FederationRefused):
        query_generation(settings, "ASK { SERVICE <http://e/> { } }")
    with pytest.raises(NothingBuilt):
        query_generation(Settings(data_directory=tmp_path), "ASK { }")
    with pytest.raises(DeadlinePassed):
        query_generation(settings, ENDLESS, deadline=0.2)
    assert dataclasses.replace(settings).deadline == 1.0


class Refusing(BaseHTTPRequestHandler):
    """An endpoint that refuses in the ways that there are."""

    def do_POST(self):
        """Refuse with the status that the path names."""
        self.rfile.read(int(self.headers["Content-Length"]))
        status = int(self.path.strip("/"))
        body = b'{"title": "No", "detail": "because of this"}'
        self.send_response(status)
        self.send_header("Content-Type", "application/problem+json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments):
        """Keep quiet."""


@pytest.mark.parametrize("status", [400, 404, 500, 503])
def test_an_endpoint_that_refuses_is_quoted(status):
    with HTTPServer(("127.0.0.1", 0), Refusing) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            with pytest.raises(EndpointFailed, match="because of this"):
                query_endpoint(f"http://127.0.0.1:{server.server_port}/{status}", "ASK { }")
        finally:
            server.shutdown()
            thread.join()


def test_an_address_that_is_no_endpoint_is_said_to_be():
    with pytest.raises(UsageError, match="http://"):
        query_endpoint("ftp://example.org", "ASK { }")
    with pytest.raises(EndpointFailed, match="cannot be reached"):
        query_endpoint("http://127.0.0.1:9/sparql", "ASK { }")
