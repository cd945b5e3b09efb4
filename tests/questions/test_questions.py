"""Every question gives the rows that were checked by hand against the sources."""

import re
from pathlib import Path

import pytest

from kg import assets
from kg.queries import read_query
from kg.settings import Settings
from kg.store.local import query_generation

QUESTIONS = assets.find().queries_in("questions")
EXPECTED = Path(__file__).parent / "expected"


def test_there_are_enough_questions_and_each_has_its_rows():
    assert len(QUESTIONS) >= 60
    assert {path.stem for path in QUESTIONS} == {path.stem for path in EXPECTED.glob("*.csv")}


@pytest.mark.parametrize("path", QUESTIONS, ids=lambda path: path.stem)
def test_the_rows_are_the_expected_ones(path, root):
    answer = query_generation(Settings(data_directory=root), path.read_text(encoding="utf-8"))
    rows = answer.body.decode().replace("\r\n", "\n")
    assert rows.count("\n") > 1, "a question without rows asks nothing"
    assert rows == (EXPECTED / f"{path.stem}.csv").read_text(encoding="utf-8")


@pytest.mark.parametrize("path", QUESTIONS, ids=lambda path: path.stem)
def test_the_header_tells_a_reader_what_to_expect(path):
    question = read_query(path)
    assert question.summary.endswith("?")
    assert len(question.description) > 40
    assert question.tags
    assert "ORDER BY" in question.body
    assert "\t" not in question.text
    keywords = re.findall(
        r"(?i)(?<![-:?\w])(select|where|optional|filter|union|bind|values|graph|minus|exists)\b", question.body
    )
    assert all(keyword.isupper() for keyword in keywords)


@pytest.mark.parametrize("path", QUESTIONS, ids=lambda path: path.stem)
def test_merge_and_evidence_agree(path, root):
    """Asked of all graphs with the merge as default graph, a question has the answer it has on the merge."""
    text = path.read_text(encoding="utf-8")
    settings = Settings(data_directory=root)
    plain = query_generation(settings, text)
    if plain.store == "evidence":
        return
    marker = "\nFILTER NOT EXISTS { GRAPH <https://example.org/no-such-graph> { ?noSubject ?noPredicate ?noObject } }\n"
    at = text.index("{", text.index("WHERE")) + 1
    again = query_generation(settings, text[:at] + marker + text[at:])
    assert again.store == "evidence"
    assert again.body == plain.body
