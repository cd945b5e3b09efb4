"""The survey counts what the tables say: on small tables by hand, on the real graph against the stores."""

import json

import pytest
from pyoxigraph import Store

from kg import rdf, sources
from kg.facts.reader import read_tables
from kg.pipeline.survey import PERIODS, UNDATED, Row, survey
from kg.terms import Names

PREFIXES = (
    "PREFIX foe: <https://w3id.org/foedus/ontology#> PREFIX certainty: <https://w3id.org/foedus/concept/certainty/>"
)


@pytest.fixture(scope="module")
def of_small(found, small):
    return survey(read_tables(small, rdf.concept_codes(found.turtle("concepts"), Names())), sources.PACKAGED)


def test_small_tables_are_counted_by_hand(of_small):
    assert of_small.totals == (
        Row("all claims", claims=4, verified=4, single_sourced=3, attestations=5),
        Row("written in the tables", claims=4, verified=4, single_sourced=3, attestations=5),
    )
    assert {row.name: row.claims for row in of_small.classes} == {"Membership": 2, "SovereigntyClaim": 2}
    assert {row.name: row.claims for row in of_small.periods} == {"1945-1990": 2, "1991-2013": 1, "2014-2021": 1}
    assert of_small.attestations == {"1": 3, "2": 1}
    assert of_small.missing["intervals without end or confirmation"] == 4
    assert of_small.missing["claims that nobody looked up"] == 0


def test_the_text_shows_shares_and_the_json_the_numbers(of_small):
    assert "all claims" in of_small.as_text()
    assert "75%" in of_small.as_text()
    told = json.loads(of_small.as_json())
    assert told["totals"][0]["single_sourced"] == 3
    assert told["missing"] == dict(of_small.missing)


@pytest.fixture(scope="module")
def of_real(built):
    """The survey that the build of the real graph left."""
    return json.loads((built.path / "survey.json").read_text(encoding="utf-8"))


def number(built, text):
    (row,) = Store.read_only(str(built.path / "merge")).query(f"{PREFIXES} SELECT {text}")
    return int(row[0].value)


def test_the_store_counts_the_same(built, of_real):
    everything, tables = of_real["totals"]
    assert everything["claims"] == built.report.counts["claims"] - built.report.counts["claims retracted"]
    assert everything["attestations"] == number(built, "(COUNT(DISTINCT ?a) AS ?n) WHERE { ?a foe:attests ?c }")
    looked_up = "(COUNT(DISTINCT ?c) AS ?n) WHERE { ?a foe:attests ?c ; foe:certainty certainty:verified }"
    assert everything["verified"] == number(built, looked_up)
    undated = "(COUNT(*) AS ?n) WHERE { ?s a foe:Source MINUS { ?s foe:publishedEarliest ?d } }"
    assert of_real["missing"]["sources without a date"] == number(built, undated)
    assert 3000 < tables["claims"] < everything["claims"]


def test_every_claim_is_in_one_class_and_one_period(of_real):
    claims = of_real["totals"][0]["claims"]
    assert sum(row["claims"] for row in of_real["classes"]) == claims
    assert sum(row["claims"] for row in of_real["periods"]) == claims
    assert {row["name"] for row in of_real["periods"]} == {*PERIODS.values(), UNDATED}
    assert sum(of_real["attestations"].values()) == claims


def test_the_text_stands_beside_it(built):
    assert "Known to be missing" in (built.path / "survey.txt").read_text(encoding="utf-8")
