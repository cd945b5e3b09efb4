"""`foedus validate`: SHACL over the built graph, or over any RDF file."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kg import assets
from kg.checking.findings import Severity
from kg.errors import UnreadableInput
from kg.pipeline import checks
from kg.settings import Settings

if TYPE_CHECKING:
    Commands = argparse._SubParsersAction[Any]

HELP = """\
Validates with SHACL. Without FILE: the generation that was built last, against the shapes of foedus,
and then by the quality queries of foedus, each of which must return no row (`queries/quality/`).
With FILE: that RDF (Turtle, TriG, N-Triples, N-Quads, RDF/XML, JSON-LD), against the shapes of foedus
or those you name, as `foedus check --only SHA` does: each violation with its line and a caret.
Subclasses are followed; nothing else is inferred, since inference hides faults.

Examples
  foedus validate
  foedus validate my-claims.ttl
  foedus validate data.ttl --shapes shapes.ttl --ontology ontology.ttl
  foedus validate data.ttl --format turtle > report.ttl

Exit codes
  0 conforms   1 violations   2 wrong usage   3 input that cannot be read
"""


def add_to(commands: Commands) -> None:
    """Add the command to the parser."""
    parser = commands.add_parser(
        "validate",
        help="check RDF against SHACL shapes",
        description=HELP,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("files", metavar="FILE", nargs="*", type=Path, help="RDF to validate; several count as one")
    parser.add_argument("--shapes", metavar="FILE", nargs="+", type=Path, help="shapes (default: those of foedus)")
    parser.add_argument(
        "--ontology", metavar="FILE", nargs="+", type=Path, help="class hierarchy (default: the ontology of foedus)"
    )
    parser.add_argument("--format", choices=("text", "turtle"), default="text", help="how to print the report")
    parser.add_argument("--most", metavar="N", type=int, default=100, help="how many nodes to show (default: 100)")
    parser.set_defaults(run=run)


def run(chosen: argparse.Namespace) -> int:
    """Validate and print the report; return 1 when there is a violation."""
    found = assets.find()
    shapes = chosen.shapes or checks.data_shapes(found)
    ontology = chosen.ontology or checks.data_ontology(found)
    if chosen.files:
        return _files(chosen, shapes, ontology)
    settings = Settings.from_environment(os.environ)
    report = checks.validate_generation(settings.data_directory, shapes, ontology)
    sys.stdout.write(report.turtle if chosen.format == "turtle" else report.text(limit=chosen.most))
    findings = checks.inspect_generation(settings.data_directory, found)
    # The report is one document of Turtle; what the queries found goes beside it.
    (sys.stderr if chosen.format == "turtle" else sys.stdout).write(findings.text(limit=chosen.most))
    return 0 if report.conforms and findings.conforms else 1


def _files(chosen: argparse.Namespace, shapes: Sequence[Path], ontology: Sequence[Path]) -> int:
    """What `foedus check --only SHA` says of the files; of the shapes of foedus only what fails them."""
    from kg.checking.configuration import Configuration
    from kg.checking.outputs import render
    from kg.checking.project import read_project
    from kg.checking.runner import run as run_checks

    for path in chosen.files:
        if not path.exists():
            raise UnreadableInput(f"{path} does not exist; name a file that can be read")
    project = read_project(Configuration(), chosen.files, ontology, shapes)
    for file in project.files:
        if file.problem:
            raise UnreadableInput(f"{file.problem[1]}: {file.problem[0]}; correct the text there")
    # What is given is judged, whatever it looks like.
    for file in project.files[: len(chosen.files)]:
        if file.path in chosen.files:
            file.purpose, file.also = "data", ""
    outcome = run_checks(project, only=("SHA",) if chosen.shapes else ("SHA01", "SHA05", "SHA07"))
    sys.stdout.write(render("shacl" if chosen.format == "turtle" else "text", outcome, chosen.most))
    return 1 if outcome.fails(Severity.ERROR) else 0
