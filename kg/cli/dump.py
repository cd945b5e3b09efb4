"""`foedus dump`: the files that a mirror takes."""

from __future__ import annotations

import argparse
import os
import sys
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kg.settings import Settings
from kg.store import dumping, generation

if TYPE_CHECKING:
    Commands = argparse._SubParsersAction[Any]

HELP = """\
Writes the dumps of the generation that was built last: all graphs as N-Quads, TriG and JSON-LD, the merge
as Turtle, the claims as RDF 1.2 reifiers and as nanopublications, each dataset by itself as N-Quads, TriG,
JSON-LD and Turtle, and what was added and removed since each generation that was dumped before. All are
compressed, with their SHA-256 in SHA256SUMS. A running server offers them at /dumps.

Examples
  foedus dump
  foedus dump --from /srv/foedus
"""


def add_to(commands: Commands) -> None:
    """Add the command to the parser."""
    parser = commands.add_parser(
        "dump",
        help="write the graph to files for mirrors",
        description=HELP,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--from", dest="data_directory", metavar="FOLDER", type=Path, help="default: .foedus")
    parser.set_defaults(run=run)


def run(chosen: argparse.Namespace) -> int:
    """Write the dumps and say where they are."""
    root = chosen.data_directory or Settings.from_environment(os.environ).data_directory
    current = generation.current(root)
    written = dumping.write(root, current, version("foedus"), lambda name: print(name, file=sys.stderr, flush=True))
    print(written)
    return 0
