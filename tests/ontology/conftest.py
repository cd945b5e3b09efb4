"""The ontology's files, read once for all tests about them."""

from pathlib import Path

import pytest
from rdflib import Graph

from kg.validation import read, union

ONTOLOGY = Path(__file__).parents[2] / "ontology"


def folder(name: str) -> list[Path]:
    return sorted((ONTOLOGY / name).glob("*.ttl"))


@pytest.fixture(scope="session")
def vocabulary() -> Graph:
    """The six modules together."""
    return union(map(read, folder("vocabulary")))


@pytest.fixture(scope="session")
def ontology(vocabulary) -> Graph:
    """The vocabulary and the concept schemes."""
    return union((vocabulary, *map(read, folder("concepts"))))


@pytest.fixture(scope="session")
def shapes() -> Graph:
    """The shapes that data must keep."""
    return union(read(path) for path in folder("shapes") if path.stem != "house-style")


@pytest.fixture(scope="session")
def house_style() -> Graph:
    """The shapes that the ontology itself must keep."""
    return read(ONTOLOGY / "shapes" / "house-style.ttl")
