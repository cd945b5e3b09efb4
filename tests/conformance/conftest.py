"""One live server with every graph of the suites, each a named graph; tests name theirs by the protocol."""

import os
import re
import subprocess
import sys
from pathlib import Path

import httpx
import pyoxigraph
import pytest
from pyoxigraph import NamedNode, Quad, RdfFormat

from . import suites
from .results import FORMATS
from .test_query import SUITES


@pytest.fixture(scope="session")
def folder() -> Path:
    """Where the suites are."""
    return suites.fetch()


@pytest.fixture(scope="session")
def live(folder, tmp_path_factory):
    """A client of a server that holds every data file of the query suites."""
    data = tmp_path_factory.mktemp("suites") / "all.nq"
    files = set()
    for suite in SUITES:
        for case in suites.cases(folder, suite):
            files |= {*case.data, *(file for _, file in case.graphs)}
        files |= {f"{suites.WEB}{suite}/{each.name}" for each in (folder / suite).glob("*.ttl")}
    with data.open("wb") as out:
        for address in sorted(files):
            path = suites.path(folder, address)
            if path.suffix in FORMATS and path.name != "manifest.ttl":
                try:
                    quads = list(
                        pyoxigraph.parse(
                            path=path, format=FORMATS[path.suffix], base_iri=address, rename_blank_nodes=True
                        )
                    )
                except SyntaxError:
                    continue  # a result in a form that only tests of results have
                named = (Quad(*quad.triple, NamedNode(address)) for quad in quads)
                pyoxigraph.serialize(named, out, RdfFormat.N_QUADS)
    command = [sys.executable, "-m", "kg.cli", "serve", "--plain", "--port", "0", str(data)]
    process = subprocess.Popen(
        command, stderr=subprocess.PIPE, text=True, env={**os.environ, "FOEDUS_READERS": "2", "FOEDUS_DEADLINE": "10"}
    )
    try:
        announced = process.stderr.readline()
        address = re.search(r"http://\S+:\d+", announced)
        assert address, announced
        with httpx.Client(base_url=address[0], timeout=60) as client:
            yield client
    finally:
        process.terminate()
        process.communicate(timeout=30)
