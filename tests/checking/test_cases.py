"""Each check finds its minimal failing project, at a place in a file, and nothing in the passing one beside it."""

from pathlib import Path

import pytest

from kg.checking.catalogue import checks
from kg.checking.configuration import Configuration, read_configuration
from kg.checking.project import read_project
from kg.checking.runner import run

CASES = Path(__file__).parent / "cases"
# The baseline has its own tests; without a place are findings about no single file.
ELSEWHERE = {"BAS01"}
PLACELESS = {"SHA05", "OWL04"}


def found(folder: Path, name: str) -> list:
    configuration = Configuration(root=folder)
    if (folder / "foedus.toml").exists():
        configuration = read_configuration(folder)
    return [each for each in run(read_project(configuration, [folder])).findings if each.id == name]


def test_every_check_has_a_case_and_every_case_a_check():
    assert len(checks()) >= 45
    assert {path.name for path in CASES.iterdir()} == set(checks()) - ELSEWHERE


@pytest.mark.parametrize("name", sorted(set(checks()) - ELSEWHERE))
def test_a_check_bites_and_lets_go(name, monkeypatch):
    monkeypatch.chdir(CASES / name)
    failing = found(Path("fails"), name)
    assert failing, "nothing was found"
    for each in failing:
        assert each.severity == checks()[name].severity
        assert each.message
        if name not in PLACELESS:
            assert each.place
            assert Path(each.place.file).exists()
            assert each.place.end_line > each.place.line or each.place.end_column > each.place.column
    assert found(Path("passes"), name) == []


def test_passing_cases_have_no_error(monkeypatch):
    monkeypatch.chdir(CASES)
    count = 0
    for folder in sorted(Path().glob("*/passes")):
        outcome = run(read_project(Configuration(root=folder), [folder]), skip=("OWL",))
        errors = [each for each in outcome.findings if each.severity.word == "error"]
        assert errors == [], folder
        count += 1
    assert count >= 45
