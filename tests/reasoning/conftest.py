"""The rules, and the ontology that they reason with, read once."""

from __future__ import annotations

import pytest
from pyoxigraph import Quad

from kg.assets import find
from kg.rdf import vocabulary_quads
from kg.reasoning import Rule, canonical, read_rules
from kg.terms import Names
from tests.reasoning.claims import Follows


@pytest.fixture(scope="session")
def rules() -> tuple[Rule, ...]:
    return read_rules(find().queries_in("rules"), Names())


@pytest.fixture(scope="session")
def owl_rules() -> tuple[Rule, ...]:
    return read_rules((path for path in find().queries_in("rules") if path.parent.name == "owl-rl"), Names())


@pytest.fixture(scope="session")
def vocabulary() -> list[Quad]:
    files = {folder: find().turtle(folder) for folder in ("vocabulary", "concepts")}
    return canonical(vocabulary_quads(files, Names()))


@pytest.fixture(scope="session")
def follow(rules, vocabulary):
    """Reason over some rows, with the ontology and all rules."""
    return lambda *rows: Follows(rules, vocabulary, rows)
