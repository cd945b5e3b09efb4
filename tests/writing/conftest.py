"""A small graph that tests may write to, and a server that takes writes to it."""

import shutil
from pathlib import Path

import httpx
import pytest

from kg import keys, pipeline
from tests.server.conftest import serving
from tests.writing.documents import membership

TRIG = {"Content-Type": "application/trig"}


@pytest.fixture(scope="session")
def pristine(found, small, tmp_path_factory) -> Path:
    """A root with the small graph, never written to."""
    root = tmp_path_factory.mktemp("pristine")
    pipeline.build(found.with_data(small), root)
    return root


@pytest.fixture
def root(pristine, tmp_path) -> Path:
    """A copy of it, for one test."""
    return Path(shutil.copytree(pristine, tmp_path / "root", symlinks=True))


@pytest.fixture
def small_assets(found, small):
    return found.with_data(small)


class Client:
    """Somebody with a key."""

    def __init__(self, server, key: str) -> None:
        self.server, self.key = server, key
        self.http: httpx.Client = server.client

    def post(self, text: str, accept: str | None = None, prefer: str | None = None, **parameters):
        """Send claims."""
        headers = {**TRIG, "Authorization": f"Bearer {self.key}"}
        headers |= {"Accept": accept} if accept else {}
        headers |= {"Prefer": prefer} if prefer else {}
        return self.http.post("/claims", content=text.encode(), headers=headers, params=parameters, timeout=120)

    def retract(self, slug: str):
        """Retract a claim by name."""
        return self.http.delete(f"/claims/{slug}", headers={"Authorization": f"Bearer {self.key}"}, timeout=120)

    def ask(self, query: str) -> bool:
        """Ask a yes or no."""
        response = self.http.post("/sparql", data={"query": query}, headers={"Accept": "application/json"})
        assert response.status_code == 200, response.text
        return response.json()["boolean"]


def writing(root: Path, small: Path, **environment: str):
    """Serve a root with writes."""
    given = {"FOEDUS_WRITABLE": "true", "FOEDUS_FACTS": str(small), "FOEDUS_DEADLINE": "10", "FOEDUS_PATIENCE": "30"}
    return serving(root, **{**given, **environment})


@pytest.fixture(name="writing")
def writing_fixture():
    return writing


@pytest.fixture(scope="module")
def client(pristine, small, tmp_path_factory):
    """A contributor at a server for a whole module of tests."""
    root = Path(shutil.copytree(pristine, tmp_path_factory.mktemp("module") / "root", symlinks=True))
    key = keys.add(root, "alice", "contribute", "2026-11-25")
    with writing(root, small) as server:
        yield Client(server, key)


@pytest.fixture
def document():
    return membership
