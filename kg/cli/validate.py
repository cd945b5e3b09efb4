"""`foedus validate`: SHACL over the built graph, or over any RDF file."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kg import assets
from kg.checking.findings import Severity
from kg.errors import UnreadableInput
from kg.pipeline import checks
from kg.settings import Settings

if TYPE_CHECKING:
    from kg.checking.project import Project

    Commands = argparse._SubParsersAction[Any]

HELP = """\
Validates with SHACL as `foedus check --only SHA` does. With FILE: that RDF (Turtle, TriG, N-Triples,
N-Quads, RDF/XML, JSON-LD), against the shapes of foedus or those you name: each violation with its line
and a caret. Without FILE: the generation that was built last, each violation with its node and the line
of the shape; and then the quality queries of foedus, each of which must return no row (`queries/quality/`).
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
    passes = _generation(chosen, settings.data_directory, shapes, ontology)
    findings = checks.inspect_generation(settings.data_directory, found)
    # The report is one document of Turtle; what the queries found goes beside it.
    (sys.stderr if chosen.format == "turtle" else sys.stdout).write(findings.text(limit=chosen.most))
    return 0 if passes and findings.conforms else 1


def _generation(chosen: argparse.Namespace, root: Path, shapes: Sequence[Path], ontology: Sequence[Path]) -> bool:
    """What `foedus check --only SHA` says of the generation that was built last; whether it has no error.

    Nobody wrote the dump, so the findings name nodes, and of files only those of the shapes.
    """
    from kg.checking.configuration import Configuration
    from kg.checking.outputs import render
    from kg.checking.project import read_project
    from kg.checking.runner import run as run_checks

    project = read_project(Configuration(), ontology, ontology, shapes)
    _readable(project)
    report, project.data = checks.validate_generation(root, project.shapes, ontology)
    outcome = run_checks(project, only=("SHA01", "SHA05", "SHA07"), report=report)
    told = f"Checked the generation that was built last: {project.data.size:,} triples, {len(shapes)} files of shapes."
    outcome = replace(outcome, told=told)
    sys.stdout.write(render("shacl" if chosen.format == "turtle" else "text", outcome, chosen.most))
    return not outcome.fails(Severity.ERROR)


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
    _readable(project)
    # What is given is judged, whatever it looks like.
    for file in project.files[: len(chosen.files)]:
        if file.path in chosen.files:
            file.purpose, file.also = "data", ""
    outcome = run_checks(project, only=("SHA",) if chosen.shapes else ("SHA01", "SHA05", "SHA07"))
    sys.stdout.write(render("shacl" if chosen.format == "turtle" else "text", outcome, chosen.most))
    return 1 if outcome.fails(Severity.ERROR) else 0


def _readable(project: Project) -> None:
    """Raise UnreadableInput for the first file that cannot be read."""
    for file in project.files:
        if file.problem:
            raise UnreadableInput(f"{file.problem[1]}: {file.problem[0]}; correct the text there")
