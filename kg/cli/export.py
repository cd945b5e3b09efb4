"""`foedus export`: what was written through the endpoint, as rows of the fact tables."""

from __future__ import annotations

import argparse
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kg import assets, pipeline
from kg.pipeline.export import export, lines
from kg.settings import Settings

if TYPE_CHECKING:
    Commands = argparse._SubParsersAction[Any]

HELP = """\
Writes the claims, sources and things that came through the endpoint as rows of the fact tables: new rows
into journal.csv of each table, days of retraction into the rows that they retract. The journal stays as it
is; a row that stands in both, the same, counts once.

Examples
  foedus export --into review      only the files that change, to look at
  foedus export --into kg/data     into the tables themselves, in a checkout
"""


def add_to(commands: Commands) -> None:
    """Add the command to the parser."""
    parser = commands.add_parser(
        "export",
        help="turn what was written through the endpoint into rows of the tables",
        description=HELP,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--into", metavar="FOLDER", type=Path, required=True, help="where the files go")
    parser.add_argument("--facts", metavar="FOLDER", type=Path, help="the fact tables (default: those of foedus)")
    parser.add_argument("--from", dest="root", metavar="FOLDER", type=Path, help="default: .foedus")
    parser.set_defaults(run=run)


def run(chosen: argparse.Namespace) -> int:
    """Export and say what was written."""
    settings = Settings.from_environment(os.environ)
    found = assets.find()
    if chosen.facts:
        found = found.with_data(chosen.facts)
    written = pipeline.amended(chosen.root or settings.data_directory)
    print("\n".join(lines(export(found, written.amendments, chosen.into, settings.base))))
    return 0
