"""`foedus key`: who may write."""

from __future__ import annotations

import argparse
import os
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kg import keys
from kg.settings import Settings

if TYPE_CHECKING:
    Commands = argparse._SubParsersAction[Any]

HELP = """\
A key is shown once, when it is made; only its hash is kept. Clients send it as `Authorization: Bearer KEY`, or
as the password of Basic with any user name. Changes count at once, for a server that runs, too.

Roles
  read          ask, where the server is private (FOEDUS_PRIVATE)
  contribute    add claims, retract them, update a plain dataset
  admin         read the journal, too

Examples
  foedus key add alice --role contribute
  foedus key list
  foedus key revoke alice
"""


def add_to(commands: Commands) -> None:
    """Add the command to the parser."""
    parser = commands.add_parser(
        "key",
        help="make, list and revoke the keys of those who may write",
        description=HELP,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--from", dest="root", metavar="FOLDER", type=Path, help="default: .foedus")
    actions = parser.add_subparsers(metavar="ACTION", required=True)
    adding = actions.add_parser("add", help="make a key and show it, once")
    adding.add_argument("name", help="whose it is; the journal says so")
    adding.add_argument("--role", choices=keys.ROLES, default="contribute", help="default: contribute")
    adding.set_defaults(act=_add)
    actions.add_parser("list", help="names, roles and days").set_defaults(act=_list)
    revoking = actions.add_parser("revoke", help="make a key worthless")
    revoking.add_argument("name")
    revoking.set_defaults(act=_revoke)
    parser.set_defaults(run=run)


def run(chosen: argparse.Namespace) -> int:
    """Do what is asked."""
    chosen.act(chosen, chosen.root or Settings.from_environment(os.environ).data_directory)
    return 0


def _add(chosen: argparse.Namespace, root: Path) -> None:
    key = keys.add(root, chosen.name, chosen.role, datetime.now(UTC).date().isoformat())
    sys.stderr.write(f"The key of {chosen.name} ({chosen.role}); it is not shown again:\n")
    print(key)


def _list(_: argparse.Namespace, root: Path) -> None:
    for key in keys.Keys(root).all():
        print(f"{key.name}  {key.role}  {key.added}  foedus_{key.id}_…")


def _revoke(chosen: argparse.Namespace, root: Path) -> None:
    keys.revoke(root, chosen.name)
    print(f"The key of {chosen.name} is worthless now.")
