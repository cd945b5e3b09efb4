"""`foedus diff`: what changed between two versions of an RDF project, and what follows from it."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    Commands = argparse._SubParsersAction[Any]

HELP = """\
Compares what two versions say, not how they are written: order, prefixes and names of blank nodes do
not count. OLD and NEW are files, folders, generations, or REVISION:PATH of this git repository.
Changes are shown by resource. For ontologies it says which terms are gone and new, what no longer and
what newly follows, and which version step that asks for.

Examples
  foedus diff old.ttl new.ttl
  foedus diff HEAD~1:ontology/vocabulary ontology/vocabulary
  foedus diff v0.1.0:ontology ontology --gate --format markdown

Exit codes
  0 compared   1 with --gate: the version grew too little   2 wrong usage   3 input that cannot be read
"""


def add_to(commands: Commands) -> None:
    """Add the command to the parser."""
    parser = commands.add_parser(
        "diff",
        help="compare two versions of RDF",
        description=HELP,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("old", metavar="OLD", help="a file, a folder, or REVISION:PATH")
    parser.add_argument("new", metavar="NEW", help="the same, newer")
    parser.add_argument("--format", choices=("text", "markdown", "json"), default="text", help="default: text")
    parser.add_argument("--gate", action="store_true", help="fail when the version grew less than the change asks for")
    parser.set_defaults(run=run)


def run(chosen: argparse.Namespace) -> int:
    """Compare, and print what changed."""
    from kg.checking.context import KNOWN
    from kg.checking.diff import difference
    from kg.checking.diff.sides import read_side
    from kg.terms import BASE, FOE

    prefixes = {"foe": str(FOE), "concept": f"{BASE}concept/", "id": f"{BASE}id/", **KNOWN}
    found = difference.compare(read_side(chosen.old), read_side(chosen.new), prefixes)
    render = {"text": difference.as_text, "markdown": difference.as_markdown, "json": difference.as_json}
    sys.stdout.write(render[chosen.format](found))
    return 1 if chosen.gate and found.impact is not None and not found.impact.enough else 0
