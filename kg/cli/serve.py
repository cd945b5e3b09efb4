"""`foedus serve`: the endpoint and the page."""

from __future__ import annotations

import argparse
import dataclasses
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kg.settings import Settings

if TYPE_CHECKING:
    Commands = argparse._SubParsersAction[Any]

HELP = """\
Serves the generation that was built last: a SPARQL 1.1 endpoint at /sparql and a page to try it at /.
When a build finishes while it runs, it goes over to the new generation by itself.

Examples
  foedus serve
  foedus serve --port 8080 --deadline 30
  FOEDUS_READERS=4 foedus serve        every setting has an environment variable; see docs/settings.md
"""


def add_to(commands: Commands) -> None:
    """Add the command to the parser."""
    parser = commands.add_parser(
        "serve",
        help="serve the graph at http://127.0.0.1:8000",
        description=HELP,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--host", help="address to listen at (default: 127.0.0.1)")
    parser.add_argument("--port", type=int, help="port to listen at (default: 8000)")
    parser.add_argument("--deadline", type=float, metavar="SECONDS", help="how long a query may take (default: 10)")
    parser.add_argument("--from", dest="data_directory", metavar="FOLDER", type=Path, help="default: .foedus")
    parser.set_defaults(run=run)


def run(chosen: argparse.Namespace) -> int:
    """Serve until interrupted."""
    from server.run import run as run_server

    given = {
        name: value
        for name in ("host", "port", "deadline", "data_directory")
        if (value := getattr(chosen, name)) is not None
    }
    settings = dataclasses.replace(Settings.from_environment(os.environ), **given)
    run_server(settings, lambda line: print(line, file=sys.stderr, flush=True))
    return 0
