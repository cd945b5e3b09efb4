"""The flags that make a view, and the view that they make."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlencode

from kg.settings import Settings
from kg.store.answers import Request, looks_up
from kg.store.generation import EVIDENCE, Generation
from kg.views.shelf import Shelf
from kg.views.view import PARAMETERS, Calendar, View, read


def add_to(parser: argparse.ArgumentParser) -> None:
    """Add one flag for each parameter of a view; see docs/views.md."""
    flags = parser.add_argument_group("views", "the graph as of a day, from a viewpoint, by its evidence")
    for name, meaning in PARAMETERS.items():
        if name == "possible":
            flags.add_argument("--possible", action="store_const", const=["true"], help=meaning.partition(": ")[2])
        else:
            flags.add_argument(f"--{name}", metavar="VALUE", action="append", help=meaning)


def view_of(chosen: argparse.Namespace) -> View:
    """The view that the flags describe; raises ViewRefused."""
    return read({name: getattr(chosen, name.replace("-", "_")) or () for name in PARAMETERS})


def address(chosen: argparse.Namespace, endpoint: str) -> str:
    """The address of an endpoint with the view in it."""
    parameters = view_of(chosen).parameters()
    return f"{endpoint}{'&' if '?' in endpoint else '?'}{urlencode(parameters)}" if parameters else endpoint


def maker(chosen: argparse.Namespace, settings: Settings) -> Callable[[Generation, Request], Path] | None:
    """What finds or makes the view for a query, and says on standard error what it has; None for the plain graph."""
    view = view_of(chosen)
    if not view:
        return None

    def make(generation: Generation, request: Request) -> Path:
        normal = Calendar.read(generation.path).normal(view)
        shelf = Shelf(settings)
        shelved = shelf.make(generation, normal, request.store)
        if shelved.alone and looks_up(request):
            shelved = shelf.make(generation, normal, EVIDENCE)
        if sys.stderr.isatty():
            counts = ", ".join(f"{count:,} {name}" for name, count in shelved.counts.items())
            sys.stderr.write(f"{view}: {counts}\n")
        return shelved.path

    return make
