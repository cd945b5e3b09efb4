"""A real server on a small graph built from tables, with a name that attacks, a retraction and a place."""

import os
import re
import shutil
import subprocess
import sys
from contextlib import contextmanager
from importlib.metadata import version

import httpx
import pytest

from kg import pipeline
from kg.store import dumping, generation

HOSTILE = '<script>alert("x")</script>&amp;{{7*7}}'
MORE = {
    "things/more.csv": (
        "id,type,name,recorded,retracted,wikidata\n"
        f'polity/hostile,Polity,"{HOSTILE.replace(chr(34), chr(34) * 2)}",2026-11-24,,\n'
        "polity/atlantis,Polity,Atlantis,2026-11-24,2026-11-25,\n"
        "polity/japan,Polity,Japan,2026-11-24,,Q17\n"
    ),
    "memberships/more.csv": (
        "claim,recorded,retracted,organisation,member,role,begin\n"
        "hostile-nato,2026-11-24,2026-11-25,organisation/nato,polity/hostile,full-member,1990\n"
    ),
    "places/more.csv": "claim,recorded,place,latitude,longitude\ncrimea-point,2026-11-24,territory/crimea,45.3,34.56\n",
    "attestations/more.csv": (
        "id,claim,source,speaker,certainty,assertion,recorded\n"
        "hostile-nato-a,claim/hostile-nato,source/list-c,,verified,stated,2026-11-24\n"
        "crimea-point-a,claim/crimea-point,source/list-c,,verified,stated,2026-11-24\n"
    ),
}


@pytest.fixture(scope="session")
def little(found, small, tmp_path_factory):
    """The folder of generations of the small graph."""
    tables = tmp_path_factory.mktemp("tables") / "data"
    shutil.copytree(small, tables)
    for name, content in MORE.items():
        path = tables / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(content, encoding="utf-8")
    return pipeline.build(found.with_data(tables), tmp_path_factory.mktemp("little")).path.parent.parent


@contextmanager
def serving(folder):
    """A client of a server on the generations in a folder."""
    command = [sys.executable, "-W", "error", "-m", "kg.cli", "serve", "--port", "0", "--from", str(folder)]
    environment = {**os.environ, "FOEDUS_READERS": "2", "FOEDUS_PATIENCE": "60", "FOEDUS_DEADLINE": "60"}
    with subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True) as server:
        assert server.stderr is not None
        announced = server.stderr.readline()
        address = re.search(r"http://127\.0\.0\.1:\d+", announced)
        assert address, announced
        with httpx.Client(base_url=address[0], timeout=60) as client:
            yield client
        server.terminate()


@pytest.fixture(scope="session")
def site(little):
    """A client of a server on the small graph."""
    with serving(little) as client:
        yield client


@pytest.fixture(scope="session")
def dumped(little, tmp_path_factory):
    """A client of a server on the small graph with all its dumps."""
    folder = tmp_path_factory.mktemp("dumped") / "copy"
    shutil.copytree(little, folder, symlinks=True)
    dumping.write(folder, generation.current(folder), version("foedus"), lambda _: None)
    with serving(folder) as client:
        yield client
