"""One live server with every graph of the suites, each a named graph; tests name theirs by the protocol."""

import contextlib
import os
import re
import subprocess
import sys
from pathlib import Path

import httpx
import pyoxigraph
import pytest
from pyoxigraph import NamedNode, Quad, RdfFormat

from tests.remote.stores import running

from . import suites
from .results import FORMATS
from .test_query import SUITES

ALL = os.environ.get("FOEDUS_SUITES") == "all"


@pytest.fixture(scope="session")
def folder() -> Path:
    """Where the suites are."""
    return suites.fetch()


@pytest.fixture(scope="session")
def data(folder, tmp_path_factory) -> Path:
    """Every data file of the query suites, each a named graph."""
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
    return data


@pytest.fixture(scope="session", params=["here", "elsewhere"] if ALL else ["here"])
def live(request, data, tmp_path_factory):
    """A client of a server that holds that data; of all suites also one in front of another store that holds it."""
    with contextlib.ExitStack() as stack:
        environment = {**os.environ, "FOEDUS_READERS": "2", "FOEDUS_DEADLINE": "10"}
        command = [sys.executable, "-m", "kg.cli", "serve", "--port", "0"]
        if request.param == "elsewhere":
            store = stack.enter_context(running("oxigraph", tmp_path_factory.mktemp("oxigraph")))
            environment |= store.environment
            with data.open("rb") as quads, httpx.Client() as client:
                address = store.settings["FOEDUS_STORE"].replace("/query", "/store")
                headers = {"Content-Type": "application/n-quads"}
                client.post(address, content=quads.read(), headers=headers, timeout=60).raise_for_status()
        else:
            command += ["--plain", str(data)]
        process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=environment)
        stack.callback(process.communicate, timeout=30)
        stack.callback(process.terminate)
        announced = process.stderr.readline()
        address = re.search(r"http://\S+:\d+", announced)
        assert address, announced
        yield stack.enter_context(httpx.Client(base_url=address[0], timeout=60))
