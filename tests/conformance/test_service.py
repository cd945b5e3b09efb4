"""W3C's federated-query tests: one server asks itself, each endpoint of a test being one graph of it."""

import os
import re
import subprocess
import sys
from urllib.parse import quote

import httpx
import pyoxigraph
import pytest
from pyoxigraph import NamedNode, Quad, RdfFormat
from rdflib import Graph, Namespace

from tests.remote.stores import free_port

from . import suites
from .results import from_xml, same

SUITE = "sparql11/service"
QT = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-query#")
INVALID = "http://invalid.endpoint.org/sparql"
UNBOUND = "service5"
"""Asks whomever a variable names, which the allow-list does not know before the query runs: refused."""


def endpoints(folder):
    """The data of each endpoint of each test: by query, then by address."""
    base = f"{suites.WEB}{SUITE}/manifest.ttl"
    manifest = Graph().parse(folder / SUITE / "manifest.ttl", format="turtle", publicID=base)
    found: dict[str, dict[str, str]] = {}
    for action, query in manifest.subject_objects(QT.query):
        for service in manifest.objects(action, QT.serviceData):
            address, data = (str(manifest.value(service, each)) for each in (QT.endpoint, QT.data))
            found.setdefault(str(query), {})[address] = data
    return found


@pytest.fixture(scope="module")
def federated(folder, tmp_path_factory):
    """A client of a server that may ask itself, with the address of each graph as an endpoint."""
    data = tmp_path_factory.mktemp("service") / "all.nq"
    port, nowhere = free_port(), f"http://127.0.0.1:{free_port()}/sparql"
    own = {}
    with data.open("wb") as out:
        for path in sorted((folder / SUITE).glob("data*.ttl")):
            address = f"{suites.WEB}{SUITE}/{path.name}"
            quads = pyoxigraph.parse(path=path, format=RdfFormat.TURTLE, base_iri=address, rename_blank_nodes=True)
            pyoxigraph.serialize((Quad(*quad.triple, NamedNode(address)) for quad in quads), out, RdfFormat.N_QUADS)
            own[address] = f"http://127.0.0.1:{port}/sparql?default-graph-uri={quote(address, safe='')}"
    environment = {**os.environ, "FOEDUS_SERVICES": " ".join([*own.values(), nowhere]), "FOEDUS_READERS": "2"}
    command = [sys.executable, "-m", "kg.cli", "serve", "--plain", "--port", str(port), str(data)]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=environment)
    try:
        assert re.search(rf"http://\S+:{port}", process.stderr.readline())
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=60) as client:
            client.own, client.nowhere = own, nowhere
            yield client
    finally:
        process.terminate()
        process.communicate(timeout=30)


def test_suite(federated, folder):
    found = endpoints(folder)
    cases = suites.cases(folder, SUITE)
    assert len(cases) == 7
    for case in cases:
        text = suites.path(folder, case.request).read_text(encoding="utf-8")
        for address, data in found.get(case.request, {}).items():
            text = text.replace(f"<{address}>", f"<{federated.own[data]}>")
        text = text.replace(f"<{INVALID}>", f"<{federated.nowhere}>")
        form = {"query": f"BASE <{case.request}>\n{text}", "default-graph-uri": list(case.data)}
        response = federated.post("/sparql", data=form, headers={"Accept": "application/sparql-results+xml"})
        if case.name.endswith(f"#{UNBOUND}"):
            assert response.status_code == 403
            continue
        assert response.status_code == 200, f"{case.name}: {response.text}"
        stored = suites.path(folder, case.result).read_bytes()
        # One file of the suite writes what is not bound as a binding of nothing, which the format does not have.
        expected = from_xml(re.sub(rb'<binding name="\w+"></binding>', b"", stored))
        assert same(from_xml(response.content), expected), f"{case.name}: {response.text}"
