"""A real server in a process of its own, on a small generation."""

import contextlib
import os
import re
import select
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from pyoxigraph import Literal, NamedNode, Quad

from kg.store import publication

EXAMPLE = "http://example.org/"
BASE = "https://w3id.org/foedus/"
START = """
import os
from kg.settings import Settings
from server.run import run
run(Settings.from_environment(os.environ), lambda line: print(line, flush=True))
"""


@dataclass
class Served:
    """A running server: its address, its process, a client for it."""

    address: str
    process: subprocess.Popen[str]
    client: httpx.Client

    def get(self, query: str, accept: str | None = None, **more):
        """Ask by GET."""
        headers = {"Accept": accept} if accept else {}
        return self.client.get("/sparql", params={"query": query}, headers=headers, **more)

    def readers(self) -> list[int]:
        """The process ids of its readers."""
        children = Path(f"/proc/{self.process.pid}/task").glob("*/children")
        return [int(pid) for path in children for pid in path.read_text().split()]


def node(name: object) -> NamedNode:
    return NamedNode(f"{EXAMPLE}{name}")


def publish(root: Path, name: str, more: list[Quad] | None = None) -> Path:
    """Publish 400 triples, each in two graphs, and whatever more."""
    quads = [
        Quad(node(f"thing{number % 50}"), node(f"property{number % 7}"), Literal(f"value {number}"), node(graph))
        for number in range(400)
        for graph in (f"claim/{number}", f"claim/again-{number}")
    ]
    quads += more or []
    return publication.write(root, name, quads, {quad.triple for quad in quads}, {})


@contextlib.contextmanager
def serving(root: Path, **environment: str):
    """Serve a root until the block ends; then end the server as Ctrl+C does, and expect that it ends cleanly."""
    process = subprocess.Popen(
        [sys.executable, "-W", "error", "-c", START],
        env={
            "PATH": os.environ["PATH"],
            "FOEDUS_DATA_DIRECTORY": str(root),
            "FOEDUS_PORT": "0",
            "FOEDUS_READERS": "2",
            "FOEDUS_DEADLINE": "1",
            "FOEDUS_PATIENCE": "2",
            "FOEDUS_ANSWER_SIZE": "4",
            **environment,
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        ready, _, _ = select.select([process.stdout], [], [], 30)
        line = process.stdout.readline() if ready else ""
        found = re.search(r"http://\S+:\d+", line)
        if not found:
            process.kill()
            raise RuntimeError(f"the server did not start: {line}{process.communicate()[1]}")
        with httpx.Client(base_url=found[0], timeout=30) as client:
            yield Served(found[0], process, client)
    finally:
        process.send_signal(signal.SIGINT)
        try:
            _, errors = process.communicate(timeout=15)
        finally:
            process.kill()
            process.wait()
    assert process.returncode == 0, errors
    assert errors == ""


@pytest.fixture(scope="session")
def served(tmp_path_factory):
    """One server for all tests that leave it as it was."""
    root = tmp_path_factory.mktemp("served")
    special = node("claim/special")
    publish(
        root,
        "first",
        [
            Quad(node("script"), node("label"), Literal('<script>alert("x")</script>&amp;'), special),
            Quad(node("script"), node("label"), Literal("Ukraine", language="uk"), special),
            Quad(NamedNode(f"{BASE}id/polity/ukraine"), node("age"), Literal(34), special),
        ],
    )
    with serving(root) as server:
        yield server


@pytest.fixture(name="publish", scope="session")
def publish_fixture():
    """Publishing, for tests that make their own generations."""
    return publish


@pytest.fixture(name="serving", scope="session")
def serving_fixture():
    """Serving, for tests that need a server of their own."""
    return serving


@pytest.fixture(scope="session")
def viewed(viewed_root):
    """A server on that root."""
    with serving(viewed_root, FOEDUS_DEADLINE="20", FOEDUS_PATIENCE="60") as served:
        yield served
