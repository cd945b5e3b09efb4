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


OTHERS = """
@prefix ex: <https://example.org/ns#> .
@prefix far: <https://example.org/far#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .

<https://example.org/ns> a owl:Ontology ; rdfs:comment "a <b>bold</i> word"^^rdf:HTML .
ex:A a owl:Class ; rdfs:subClassOf ex:A .
ex:p a owl:DatatypeProperty ; rdfs:range xsd:anySimpleType ; far:one 1 ; far:two 2 ; far:three 3 .
far:one a owl:AnnotationProperty .
sh:Later a rdfs:Class .
ex:s a sh:Later .
ex:AShape a sh:NodeShape ; sh:targetClass ex:A ; sh:property [ sh:path ex:p ; sh:maxCount 1 ] .
"""


def test_what_only_looks_wrong_in_other_peoples_ontologies_is_let_go(tmp_path):
    """A class below itself, HTML of any text, a term of a draft that is described, a few terms of others declared."""
    (tmp_path / "o.ttl").write_text(OTHERS, encoding="utf-8")
    outcome = run(read_project(Configuration(root=tmp_path), [tmp_path]), skip=("OWL",))
    assert [each for each in outcome.findings if each.severity.word == "error"] == []
    (tmp_path / "o.ttl").write_text(OTHERS.replace("sh:Later a rdfs:Class .", "ex:A ex:none 1 ."), encoding="utf-8")
    outcome = run(read_project(Configuration(root=tmp_path), [tmp_path]), skip=("OWL",))
    assert {each.id for each in outcome.findings if each.severity.word == "error"} == {"SHA03", "TRM01"}
