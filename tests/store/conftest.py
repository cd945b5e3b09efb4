"""A generation that is small, yet large enough for a query that never ends."""

from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad, Triple

from kg.settings import Settings
from kg.store import publication

EXAMPLE = "http://example.org/"


def node(name: object) -> NamedNode:
    return NamedNode(f"{EXAMPLE}{name}")


def claims(count: int = 400) -> list[Quad]:
    """Every statement in two graphs, as when two sources make one claim each."""
    return [
        Quad(node(f"thing{number % 50}"), node(f"property{number % 7}"), Literal(f"value {number}"), node(graph))
        for number in range(count)
        for graph in (f"claim/{number}", f"claim/again-{number}")
    ]


def merged(quads: list[Quad]) -> set[Triple]:
    return {quad.triple for quad in quads}


@pytest.fixture
def quads() -> list[Quad]:
    return claims()


@pytest.fixture(scope="session")
def published(tmp_path_factory) -> Path:
    """A root with one generation in it, for tests that only read."""
    root = tmp_path_factory.mktemp("published")
    quads = claims()
    publication.write(root, "first", quads, merged(quads), {"report.txt": b"a report\n"})
    return root


@pytest.fixture
def settings(published) -> Settings:
    return Settings(data_directory=published, deadline=1.0, patience=3.0, readers=2, answer_size=4, cache_size=0)
