"""Each row of the research has its claims: the tables beside this test say which, or why there are none.

A table has one line for each verified or remembered row of one research sheet; rows that the sheet itself
calls uncertain were left out. The key is the row's id there, or what identifies it. Research that is found
wrong is corrected in `kg/data/`; the line here stays, with the claims that say it now.
"""

import csv
from pathlib import Path

import pytest

from kg import rdf
from kg.facts.evidence import SourceComparison
from kg.facts.reader import read_tables
from kg.terms import Names

TABLES = Path(__file__).parent
ROWS = {
    "claims": 201,
    "commitments": 193,
    "contested-sites": 84,
    "events": 65,
    "instruments": 178,
    "memberships": 461,
    "organisations": 50,
    "seed-claims": 43,
    "sources": 534,
}
REASONS = {"cited by no row", "cited only for rows that are uncertain"}
MOST_WITHOUT = 25


def lines(sheet: str) -> list[dict[str, str]]:
    with (TABLES / f"{sheet}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def facts(found):
    return read_tables(found.data, rdf.concept_codes(found.turtle("concepts"), Names()))


@pytest.fixture(scope="module")
def standing(facts):
    """Claims that stand, by their ids."""
    return {row.claim: row for row in facts.claims if row.retracted is None}


def test_every_sheet_has_its_table():
    assert {path.stem for path in TABLES.glob("*.csv")} == set(ROWS)


@pytest.mark.parametrize("sheet", ROWS)
def test_no_row_is_missing_and_none_is_there_twice(sheet):
    keys = [line["row"] for line in lines(sheet)]
    assert len(keys) == len(set(keys)) == ROWS[sheet]
    assert all(keys)


@pytest.mark.parametrize("sheet", sorted(set(ROWS) - {"sources"}))
def test_every_row_has_claims_that_stand(sheet, standing):
    for line in lines(sheet):
        claims = line["claims"].split("; ")
        assert not set(claims) - set(standing), line["row"]
        assert not line["reason"], line["row"]


def test_every_source_is_there_and_of_use(facts):
    """It attests a claim, or is the original of a copy that does, or was compared with one."""
    known = {str(source.id): source for source in facts.sources}
    attesting = {str(attestation.source) for attestation in facts.attestations}
    originals = {str(source.reprint_of) for source in facts.sources}
    comparisons = [row for row in facts.claims if isinstance(row, SourceComparison)]
    compared = {str(source) for row in comparisons for source in row.against or ()}
    without = [line for line in lines("sources") if not line["sources"]]
    assert len(without) <= MOST_WITHOUT
    assert {line["reason"] for line in without} == REASONS
    for line in lines("sources"):
        for source in filter(None, line["sources"].split("; ")):
            assert source in known, line["row"]
            assert source in attesting | originals | compared, source


def test_offers_demands_positions_and_refusals_are_never_provisions(standing):
    """What a party only holds, asks or refuses has no row that could bind anybody."""
    voices = [line for line in lines("commitments") if line["row"].startswith(("C_POS_", "C_RUS_", "C_UKR_"))]
    assert len(voices) > 10
    for line in voices:
        kinds = {standing[claim].CLASS for claim in line["claims"].split("; ")}
        assert "StanceStatement" in kinds, line["row"]
        assert kinds <= {"StanceStatement", "GroupComposition"}, line["row"]
    offers = next(line for line in lines("commitments") if line["row"] == "C_US15")["claims"].split("; ")
    said = {standing[claim].row_kind for claim in offers if standing[claim].CLASS == "UndertakingStatement"}
    assert said == {"offer"}
