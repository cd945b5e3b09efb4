"""`foedus backup`: everything that cannot be made again, in one folder."""

from __future__ import annotations

import argparse
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kg.settings import Settings

if TYPE_CHECKING:
    Commands = argparse._SubParsersAction[Any]

HELP = """\
Copies the current generation, the journal and the hashes of the keys into a new folder, with the digest of
every file. A server may serve and write meanwhile; what is acknowledged before the backup begins is in it.

Examples
  foedus backup backups/today
  foedus restore backups/today
"""


def add_to(commands: Commands) -> None:
    """Add the command to the parser."""
    parser = commands.add_parser(
        "backup",
        help="copy the graph, the journal and the keys into a folder",
        description=HELP,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("folder", metavar="FOLDER", type=Path, help="a folder that is not there yet")
    parser.add_argument("--from", dest="root", metavar="FOLDER", type=Path, help="default: .foedus")
    parser.set_defaults(run=run)


def run(chosen: argparse.Namespace) -> int:
    """Back up and say what."""
    from kg.store.backup import backup

    root = chosen.root or Settings.from_environment(os.environ).data_directory
    made = backup(root, chosen.folder, datetime.now(UTC).isoformat(timespec="seconds"))
    print(f"Generation {made.generation} and {made.records} records of the journal: {made.size:,} bytes in {made.path}")
    return 0
