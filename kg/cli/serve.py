"""`foedus serve`: the endpoint and the page."""

from __future__ import annotations

import argparse
import contextlib
import dataclasses
import os
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kg.errors import UsageError
from kg.settings import FILE, Settings, flag

if TYPE_CHECKING:
    Commands = argparse._SubParsersAction[Any]

HELP = """\
Serves the generation that was built last: a SPARQL 1.1 endpoint at /sparql and a page to try it at /.
When a build finishes while it runs, it goes over to the new generation by itself.

With --plain it serves any RDF dataset as it is: Turtle, N-Triples, TriG, N-Quads, RDF/XML, JSON-LD, N3. The
default graph is that of the files or, with --union, the union of all graphs as a set.

With --store it serves the dataset of a SPARQL 1.1 store elsewhere, with the limits, formats and keys of this server
before it; name its other addresses with --store-update and --store-graphs. Its password stands in FOEDUS_STORE_USER and
FOEDUS_STORE_PASSWORD, or FOEDUS_STORE_TOKEN.

With --writable holders of a key may write: claims at /claims, or, with --plain, SPARQL Update at /sparql and whole
graphs at /store. No build can run in that folder meanwhile.

Examples
  foedus serve
  foedus key add me && foedus serve --writable
  foedus serve --plain people.ttl places.trig
  foedus serve --plain dump.nq --union --from my-data    loaded into my-data, and kept there
  foedus key --from my-data add me && foedus serve --plain --writable --from my-data
  foedus serve --store http://127.0.0.1:7878/query --store-update http://127.0.0.1:7878/update
  foedus serve --port 8080 --deadline 30
  FOEDUS_READERS=4 foedus serve        every setting has an environment variable; see docs/settings.md
"""

_OWN = ("plain", "host", "port", "deadline", "writable", "data_directory")
"""The settings whose flags stand by themselves."""


def add_to(commands: Commands) -> None:
    """Add the command to the parser."""
    parser = commands.add_parser(
        "serve",
        help="serve the graph at http://127.0.0.1:8000",
        description=HELP,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("files", metavar="FILE", nargs="*", type=Path, help="with --plain: RDF files to load")
    parser.add_argument("--plain", action="store_true", help="serve any RDF dataset as it is")
    parser.add_argument("--union", action="store_true", help="with --plain: the default graph is the union of all")
    parser.add_argument("--host", help="address to listen at (default: 127.0.0.1)")
    parser.add_argument("--port", type=int, help="port to listen at (default: 8000)")
    parser.add_argument("--deadline", type=float, metavar="SECONDS", help="how long a query may take (default: 10)")
    parser.add_argument("--writable", action="store_true", default=None, help="take writes from holders of keys")
    parser.add_argument("--from", dest="data_directory", metavar="FOLDER", type=Path, help="default: .foedus")
    parser.add_argument("--settings", metavar="FILE", help="settings in TOML (default: what FOEDUS_SETTINGS names)")
    others = parser.add_argument_group("every other setting, see docs/settings.md")
    for each in dataclasses.fields(Settings):
        if each.name not in _OWN:
            others.add_argument(flag(each.name), metavar="VALUE", help=each.metadata["help"])
    parser.set_defaults(run=run)


def run(chosen: argparse.Namespace) -> int:
    """Serve until interrupted."""
    from server.run import run as run_server

    given = {
        name: value
        for name in ("host", "port", "deadline", "data_directory", "writable")
        if (value := getattr(chosen, name)) is not None
    }
    environment = {**os.environ, **({FILE: chosen.settings} if chosen.settings else {})}
    others = {name: value for name, value in vars(chosen).items() if name not in _OWN}
    settings = dataclasses.replace(Settings.from_environment(environment).with_flags(others), **given)
    with contextlib.ExitStack() as stack:
        if settings.store:
            settings = _remote(settings, chosen, stack)
        elif chosen.plain or settings.plain:
            settings = _plain(settings, chosen, stack)
        elif chosen.files or chosen.union:
            raise UsageError("files and --union are for --plain; the graph of foedus is built by `foedus build`")
        run_server(settings, lambda line: print(line, file=sys.stderr, flush=True))
    return 0


def _plain(settings: Settings, chosen: argparse.Namespace, stack: contextlib.ExitStack) -> Settings:
    """Load the files, if any; without a folder to keep them in, into one that goes with the server."""
    from kg.store import generation, plain

    kept = chosen.data_directory or (settings.data_directory if settings.plain else None)
    if kept is None and settings.writable:
        raise UsageError("--writable needs a folder that keeps the dataset and the keys; name it with --from")
    root = kept or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="foedus-")))
    with contextlib.suppress(generation.NothingBuilt):
        there = generation.current(root)
        if there.is_remote:
            raise UsageError(f"{root} stands for a store elsewhere; give --store, or name another folder with --from")
        if not plain.is_plain(there):
            raise UsageError(f"{root} holds a graph that `foedus build` made; name another folder with --from")
        if not chosen.files:
            return dataclasses.replace(settings, plain=True, data_directory=root)
    plain.publish(root, chosen.files, union=chosen.union)
    return dataclasses.replace(settings, plain=True, data_directory=root)


def _remote(settings: Settings, chosen: argparse.Namespace, stack: contextlib.ExitStack) -> Settings:
    """Let a folder stand for the store elsewhere; without one to keep, one that goes with the server."""
    from kg.store import generation
    from kg.store.remote import address
    from kg.store.remote.credentials import credentials

    if chosen.files or chosen.union:
        raise UsageError(
            "FILE and --union are for a dataset held here; --store-union tells of the store's default graph"
        )
    credentials(os.environ)
    remote = address.Remote.of_settings(settings)
    kept = chosen.data_directory or (settings.data_directory if settings.plain else None)
    if kept is None and settings.writable:
        raise UsageError("--writable needs a folder that keeps the keys; name it with --from")
    root = kept or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="foedus-")))
    with contextlib.suppress(generation.NothingBuilt):
        if not generation.current(root).is_remote:
            raise UsageError(f"{root} holds a dataset of its own; name another folder with --from")
    address.publish(root, remote)
    return dataclasses.replace(settings, plain=True, data_directory=root)
