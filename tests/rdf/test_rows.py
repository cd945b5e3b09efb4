"""Quads are read back as the rows that they were made from; what no row can hold is told."""

from pathlib import Path

import pytest
from pyoxigraph import BlankNode, RdfFormat, parse

from kg import rdf
from kg.facts.amendments import reference
from kg.facts.cells import cells
from kg.facts.reader import read_added, read_tables
from kg.facts.tables import Facts
from kg.rdf.rows import rows
from kg.terms import Names

NAMES = Names()
DAY = "2026-11-24"


@pytest.fixture(scope="module")
def facts(found):
    return read_tables(found.data, rdf.concept_codes(found.turtle("concepts"), NAMES))


def read(text: str):
    prefixes = (Path(__file__).parents[2] / "ontology" / "prefixes.ttl").read_text(encoding="utf-8")
    quads = list(parse(prefixes + text, RdfFormat.TRIG))
    assert not any(isinstance(term, BlankNode) for quad in quads for term in quad)
    return rows(quads, NAMES, DAY)


def test_every_row_of_the_tables_comes_back_as_the_same_quads(facts, found):
    before = set(rdf.fact_quads(facts, NAMES))
    found_rows = rows(before, NAMES, DAY)
    assert found_rows.misfits == []
    faults: list = []
    placed = read_added(found_rows.added, rdf.concept_codes(found.turtle("concepts"), NAMES), faults, set())
    assert faults == []
    back = Facts.from_rows(tuple(item.row for item in placed))
    assert set(rdf.fact_quads(back, NAMES)) == before
    assert {reference(row) for row in back.all()} == {reference(row) for row in facts.all()} - {
        reference(row) for row in facts.identifiers
    }


def test_cells_are_what_stands_in_the_tables(facts):
    first = facts.claims[0]
    (again,) = read_added(
        rows(rdf.fact_quads(Facts(claims=(first,)), NAMES), NAMES, DAY).added, _codes(first), [], set()
    )
    assert cells(again.row) == cells(first)


def _codes(row):
    return {column.scheme: {getattr(row, column.name)} for column in row.columns() if column.scheme}


def test_a_graph_that_is_no_claim_says_what_to_do():
    found = read("<http://example.org/g> { <http://example.org/s> <http://example.org/p> 1 }")
    assert found.added == []
    assert "graph of a claim" in found.misfits[0].remedy


def test_a_statement_of_no_class_names_the_classes():
    found = read(
        "@prefix foe: <https://w3id.org/foedus/ontology#> . "
        "<https://w3id.org/foedus/id/claim/x> { <https://w3id.org/foedus/id/claim/x#statement> a foe:Nonsense }"
    )
    assert "Nonsense" in found.misfits[0].message
    assert "Membership" in found.misfits[0].remedy


def test_a_retraction_is_a_day_for_a_claim():
    found = read(
        "<https://w3id.org/foedus/id/graph/provenance> { <https://w3id.org/foedus/id/claim/x> "
        '<https://w3id.org/foedus/ontology#retracted> "2026-11-25"^^<http://www.w3.org/2001/XMLSchema#date> }'
    )
    assert found.retracted == {"claim/x": "2026-11-25"}
    assert found.misfits == []
