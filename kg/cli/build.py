"""`foedus build`: from the fact tables to a generation that can be served."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kg import assets, pipeline
from kg.settings import Settings

if TYPE_CHECKING:
    Commands = argparse._SubParsersAction[Any]

HELP = """\
Reads the fact tables, turns every row into a claim with its sources, validates what is asserted with
SHACL, infers what follows, and writes a generation: the stores that `foedus serve` reads, a dump in
N-Quads, and a report. Either all of it succeeds, or the previous generation goes on serving.

Examples
  foedus build                      build, whatever was there before
  foedus build --if-changed         do nothing when neither facts nor code have changed
  foedus build --facts my-tables    build from another folder of tables
  foedus build --json               print the report as JSON
"""


def add_to(commands: Commands) -> None:
    """Add the command to the parser."""
    parser = commands.add_parser(
        "build",
        help="build the graph from the fact tables",
        description=HELP,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--facts", metavar="FOLDER", type=Path, help="the fact tables (default: those of foedus)")
    parser.add_argument("--into", metavar="FOLDER", type=Path, help="where generations go (default: .foedus)")
    parser.add_argument("--if-changed", action="store_true", help="build only when an input has changed")
    parser.add_argument("--json", action="store_true", help="print the report as JSON")
    parser.set_defaults(run=run)


def run(chosen: argparse.Namespace) -> int:
    """Build and print the report."""
    settings = Settings.from_environment(os.environ)
    root = chosen.into or settings.data_directory
    found = assets.find()
    if chosen.facts:
        found = found.with_data(chosen.facts)

    def tell(step: str) -> None:
        if sys.stderr.isatty():
            sys.stderr.write(f"{step} …\n")

    built = pipeline.build(found, root, base=settings.base, tell=tell, only_if_changed=chosen.if_changed)
    print(built.report.as_json() if chosen.json else built.report.as_text(), end="")
    return 0
