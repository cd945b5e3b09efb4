"""Two versions compared: what is said counts, not how it is written; and the version step that a change asks for."""

import json
import subprocess

import pytest

PREFIXES = """\
@prefix ex: <https://example.org/ns#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
"""
OLD = (
    PREFIXES
    + """
<https://example.org/ns> a owl:Ontology ; owl:versionInfo "1.2.0" .
ex:A a owl:Class ; rdfs:label "a"@en .
ex:B a owl:Class ; rdfs:subClassOf ex:A, [ a owl:Restriction ; owl:onProperty ex:p ; owl:someValuesFrom ex:A ] .
ex:C a owl:Class ; rdfs:subClassOf ex:B .
ex:p a owl:ObjectProperty ; rdfs:domain ex:C .
"""
)


@pytest.fixture
def compared(foedus, tmp_path):
    def run(new: str, *arguments: str, old: str = OLD) -> subprocess.CompletedProcess[str]:
        (tmp_path / "old.ttl").write_text(old, encoding="utf-8")
        (tmp_path / "new.ttl").write_text(new, encoding="utf-8")
        done = foedus("diff", "old.ttl", "new.ttl", *arguments)
        assert "Traceback" not in done.stderr, done.stderr
        return done

    return run


def test_order_and_names_of_blank_nodes_do_not_count(compared):
    head, *lines = OLD.removeprefix(PREFIXES).strip().splitlines()
    new = PREFIXES + "\n".join([*reversed(lines), head])
    new = new.replace(
        "[ a owl:Restriction ; owl:onProperty ex:p ; owl:someValuesFrom ex:A ]",
        "_:z . _:z owl:someValuesFrom ex:A ; owl:onProperty ex:p ; a owl:Restriction",
    )
    told = json.loads(compared(new, "--format", "json").stdout)
    assert (told["removed"], told["added"]) == (0, 0)
    assert told["impact"]["step"] == "none"


@pytest.mark.parametrize(
    ("change", "step"),
    [
        (('"a"@en', '"an a"@en'), "patch"),
        (("ex:C a owl:Class", "ex:D a owl:Class . ex:C a owl:Class"), "minor"),
        (("rdfs:subClassOf ex:B .", "rdfs:subClassOf ex:B . ex:A rdfs:subClassOf ex:Top ."), "minor"),
        (("rdfs:subClassOf ex:B .", "rdfs:subClassOf ex:A ."), "major"),
        (("ex:p a owl:ObjectProperty ; rdfs:domain ex:C .", ""), "major"),
    ],
)
def test_the_step_that_a_change_asks_for(change, step, compared):
    new = OLD.replace(*change)
    assert new != OLD
    told = json.loads(compared(new, "--format", "json").stdout)["impact"]
    assert (told["step"], told["stepMade"]) == (step, "none")
    assert compared(new, "--gate").returncode == 1
    version = {"patch": "1.2.1", "minor": "1.3.0", "major": "2.0.0"}[step]
    assert compared(new.replace("1.2.0", version), "--gate").returncode == 0


def test_what_follows_is_said(compared):
    done = compared(OLD.replace("rdfs:subClassOf ex:A, [", "rdfs:subClassOf ["))
    assert "no longer follows: <https://example.org/ns#C>" in done.stdout
    assert "version step: major is needed, none was made (1.2.0 → 1.2.0)" in done.stdout


def test_changes_stand_under_their_resource(compared):
    done = compared(OLD.replace('"a"@en', '"b"@en').replace("someValuesFrom ex:A", "someValuesFrom ex:C"))
    assert '<https://example.org/ns#A>\n  - rdfs:label "a"@en\n  + rdfs:label "b"@en\n' in done.stdout
    assert "[] owl:someValuesFrom <https://example.org/ns#C>" in done.stdout
    assert "```diff\n- rdfs:label" in compared(OLD.replace('"a"@en', '"b"@en'), "--format", "markdown").stdout


def test_a_git_revision_is_a_side(foedus, tmp_path):
    def git(*arguments: str) -> None:
        named = ["-c", "user.name=a", "-c", "user.email=a@example.org", *arguments]
        subprocess.run(["git", "-C", tmp_path, *named], check=True, capture_output=True)

    (tmp_path / "onto").mkdir()
    (tmp_path / "onto" / "a.ttl").write_text(OLD, encoding="utf-8")
    git("init", "--quiet")
    git("add", ".")
    git("commit", "--quiet", "--message", "first")
    (tmp_path / "onto" / "a.ttl").write_text(OLD.replace('"a"@en', '"b"@en'), encoding="utf-8")
    done = foedus("diff", "HEAD:onto", "onto")
    assert "1 statements gone, 1 new, about 1 resources" in done.stdout, done.stderr
    assert foedus("diff", "HEAD:none", "onto").returncode == 2
    assert foedus("diff", "none", "onto").returncode == 2
