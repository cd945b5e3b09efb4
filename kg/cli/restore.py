"""`foedus restore`: a backup becomes the current state."""

from __future__ import annotations

import argparse
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kg.settings import Settings

if TYPE_CHECKING:
    Commands = argparse._SubParsersAction[Any]

HELP = """\
Makes a backup the current state, after every file of it has been compared with its digest. A server that only
reads goes over to it by itself; one that writes must be ended first. The journal that was there is kept beside
the restored one.

Example
  foedus restore backups/today
"""


def add_to(commands: Commands) -> None:
    """Add the command to the parser."""
    parser = commands.add_parser(
        "restore",
        help="make a backup the current state",
        description=HELP,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("folder", metavar="FOLDER", type=Path, help="what `foedus backup` wrote")
    parser.add_argument("--into", dest="root", metavar="FOLDER", type=Path, help="default: .foedus")
    parser.set_defaults(run=run)


def run(chosen: argparse.Namespace) -> int:
    """Restore and say what."""
    from kg.store.backup import restore

    root = chosen.root or Settings.from_environment(os.environ).data_directory
    made = restore(chosen.folder, root)
    print(f"Generation {made.generation} and {made.records} records of the journal are current in {made.path}")
    return 0
