"""Our profile check and OWLAPI's say the same; contradictions come with the axioms that make them.

What OWLAPI says of each case is recorded in `owlapi.csv`, so that these tests need no Java. Where OWLAPI itself is
there (Debian's libowlapi-java, which `.ci/run` installs) it is asked, and the record must be what it says.
"""

import csv
import importlib.util
import os
import subprocess
from pathlib import Path

import pytest
from pyoxigraph import RdfFormat

from kg.checking.configuration import Configuration
from kg.checking.owl.justification import Axiom, minimal
from kg.checking.owl.profile import profiles
from kg.checking.project import read_project
from kg.checking.runner import run
from kg.validation import Index
from kg.validation.reading import triples

HERE = Path(__file__).parent
# OWLAPI drops the second declaration of such a property while it reads the file; OWL 2 DL forbids both to stand.
REPAIRED = {"two-kinds-of-property"}
spec = importlib.util.spec_from_file_location("owl_cases", HERE / "cases.py")
cases = importlib.util.module_from_spec(spec)
spec.loader.exec_module(cases)


def ours(text: str) -> frozenset[str]:
    return profiles(Index(triples((cases.PREFIXES + text).encode(), RdfFormat.TURTLE)))


@pytest.fixture(scope="session")
def recorded() -> dict[str, frozenset[str]]:
    """The profiles of every case, as OWLAPI 5.1.20 told them."""
    with (HERE / "owlapi.csv").open(encoding="utf-8", newline="") as file:
        return {row["case"]: frozenset(row["profiles"].split()) for row in csv.DictReader(file)}


def asked(folder: Path) -> dict[str, frozenset[str]]:
    """The profiles of every case by OWLAPI, in one process."""
    for name, text in cases.CASES.items():
        (folder / f"{name}.ttl").write_text(cases.PREFIXES + text, encoding="utf-8")
    files = sorted(folder.glob("*.ttl"))
    command = ["java", "-cp", "/usr/share/java/*", HERE / "Profiles.java", *files]
    done = subprocess.run(list(map(str, command)), capture_output=True, text=True, timeout=300, check=True)
    rows = [line.split("\t") for line in done.stdout.splitlines() if "\t" in line]
    return {Path(file).stem: frozenset(kept.split()) for file, kept in rows}


def test_profiles_are_those_of_owlapi(recorded):
    assert len(cases.CASES) >= 50
    assert set(recorded) == set(cases.CASES)
    different = {name for name, text in cases.CASES.items() if ours(text) != recorded[name]}
    assert different == REPAIRED
    assert {len(kept) for kept in recorded.values()} == {0, 1, 2}


def test_the_record_is_what_owlapi_says(recorded, tmp_path):
    """Without OWLAPI the record is taken at its word, unless `FOEDUS_OWLAPI` says that it must be asked."""
    here = any(Path("/usr/share/java").glob("owlapi-api*.jar"))
    assert here or "FOEDUS_OWLAPI" not in os.environ, "apt-get install libowlapi-java default-jdk-headless"
    assert (asked(tmp_path) if here else recorded) == recorded


def test_a_contradiction_comes_with_its_axioms_in_two_files(tmp_path):
    prefixes = cases.PREFIXES.partition("\n\n")[0] + "\n"
    first = ":A a owl:Class ;\n    owl:disjointWith :B .\n:B a owl:Class .\n"
    first += ":p a owl:ObjectProperty ;\n    rdfs:range :B .\n"
    (tmp_path / "a.ttl").write_text(prefixes + first, encoding="utf-8")
    second = ":x a :A .\n:y :p :x .\n:z a :B .\n:B rdfs:label 'b' .\n"
    (tmp_path / "b.ttl").write_text(prefixes + second, encoding="utf-8")
    outcome = run(read_project(Configuration(root=tmp_path), [tmp_path]), only=("OWL02",))
    (finding,) = outcome.findings
    places = {(Path(each.place.file).name, each.place.line) for each in finding.related}
    assert places == {("a.ttl", 8), ("a.ttl", 11), ("b.ttl", 7), ("b.ttl", 8)}


def test_a_minimal_set_is_found_in_few_steps():
    whole = [Axiom((number, number, number), ()) for number in range(200)]  # type: ignore[arg-type]
    wanted, asked = {whole[3], whole[77], whole[150]}, []

    def contradicts(sets):
        asked.append(len(sets))
        return next((number for number, each in enumerate(sets) if wanted <= set(each)), None)

    assert set(minimal(whole, contradicts)) == wanted
    assert len(asked) < 60
