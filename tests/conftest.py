"""The real graph, built once for all tests that ask it something."""

import fcntl
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from kg import assets, pipeline
from kg.checking.selftest import fetch

# Files whose tests take minutes; they begin first, so that no process waits for them at the end.
LONG = ("tests/test_pipeline.py", "tests/ontology/test_consistency.py")


def pytest_collection_modifyitems(items):
    """Put the long files first; the order is otherwise that of the folders."""
    items.sort(key=lambda item: not item.nodeid.startswith(LONG))


@pytest.fixture(scope="session")
def found():
    """The ontology, queries and fact tables of the checkout."""
    return assets.find()


@pytest.fixture(scope="session")
def built(found, pytestconfig) -> pipeline.Built:
    """A generation of the real graph; its root is two folders up from its path.

    It stays in pytest's cache and is built again when anything that a build reads has changed: tables,
    ontology, rules, code, packages. Tests only read it.
    """
    root = pytestconfig.cache.mkdir("foedus")
    with (root / "tests.lock").open("w") as lock:  # one of several processes builds, the others wait
        fcntl.flock(lock, fcntl.LOCK_EX)
        return pipeline.build(found, root, only_if_changed=True)


@pytest.fixture(scope="session")
def root(built) -> Path:
    """The folder that generations are under."""
    return built.path.parent.parent


@pytest.fixture(scope="session")
def small() -> Path:
    """Fact tables with three claims and one that disagrees, enough for a build of a few seconds."""
    return Path(__file__).parent / "tables" / "small"


@pytest.fixture
def foedus(tmp_path):
    """Run the command in a folder of its own; returns code, output and errors as text."""

    def run(*arguments: object, given: str | None = None, **environment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "kg.cli", *map(str, arguments)],
            cwd=tmp_path,
            env={**os.environ, "COLUMNS": "100", **environment},
            input=given,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )

    return run


@pytest.fixture(scope="session")
def served(root):
    """The address of a real server on the real graph, in a process of its own."""
    command = [sys.executable, "-m", "kg.cli", "serve", "--port", "0", "--from", str(root)]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as server:
        assert server.stderr is not None
        announced = server.stderr.readline()
        found = re.search(r"http://127\.0\.0\.1:\d+", announced)
        assert found, announced
        yield found[0]
        server.terminate()


@pytest.fixture(scope="session")
def suite(tmp_path_factory) -> Path:
    """The W3C's tests for SHACL, fetched once and held to their hash."""
    return fetch(tmp_path_factory.mktemp("pyshacl"))


VIEWPOINTS = """\
id,name,accepts,viewpoint_of,accepted_publisher,recorded
viewpoint/beta,Beta,published-claims,,Beta,2026-11-24
viewpoint/germany,Germany,own-claims,polity/germany,,2026-11-24
viewpoint/russia,Russia,own-claims,polity/russia,,2026-11-24
viewpoint/ukraine,Ukraine,own-claims,polity/ukraine,,2026-11-24
"""


@pytest.fixture(scope="session")
def viewed_root(small, tmp_path_factory):
    """A root with the small tables and four viewpoints built."""
    folder = tmp_path_factory.mktemp("tables") / "small"
    shutil.copytree(small, folder)
    (folder / "viewpoints").mkdir()
    (folder / "viewpoints" / "walk.csv").write_text(VIEWPOINTS, encoding="utf-8")
    root = tmp_path_factory.mktemp("views")
    pipeline.build(assets.find().with_data(folder), root)
    return root


@pytest.fixture
def unviewed_root(viewed_root, tmp_path) -> Path:
    """The same root, and no views made."""
    shutil.copytree(viewed_root, tmp_path / "root", symlinks=True, ignore=shutil.ignore_patterns("views"))
    return tmp_path / "root"
