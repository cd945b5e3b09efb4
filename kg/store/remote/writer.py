"""The writer of a store on another machine: updates and whole graphs, one after the other, past the same gate.

    python -m kg.store.remote.writer <root> <base> <nesting> <seconds a write may take>

A write is durable and visible when the store says that it has taken it. One that it says nothing about in time may or
may not have been taken: nobody but the store can tell, and that is what is said.
"""

from __future__ import annotations

import dataclasses
import os
import signal
import sys
import traceback
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from pyoxigraph import DefaultGraph, RdfFormat, Triple, parse, serialize

from kg.algebra import QueryRefused, look_update
from kg.algebra.tokens import QueryUnreadable
from kg.errors import FoedusError, UsageError
from kg.settings import Settings
from kg.store import generation, sandbox
from kg.store.inbox import Asked, Inbox
from kg.store.misreading import misread
from kg.store.remote.address import Remote
from kg.store.remote.connection import Connection, based
from kg.store.remote.credentials import credentials
from kg.store.remote.graphs import has_graph
from kg.store.tasks import TaskFailed


def main() -> None:
    """Write until standard input ends."""
    root, base, nesting, seconds = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]), float(sys.argv[4])
    inbox = Inbox()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    sandbox.forbid(connections=False)
    settings = dataclasses.replace(Settings(), base=base, nesting=nesting)
    try:
        current = generation.current(root)
        remote = Remote.of_generation(current)
        if remote is None:
            raise UsageError(f"{root} holds a dataset of its own; name another folder")
        work = _Work(Connection(remote, credentials(os.environ)), settings, seconds)
    except FoedusError as error:
        inbox.tell({"failed": type(error).__name__, "message": str(error)})
        return
    inbox.tell({"ready": True, "cut": 0, "behind": False})
    inbox.tell({"loaded": True})
    inbox.listen()
    while (group := inbox.group()) is not None:
        for asked in group:
            inbox.tell({"number": asked.number, "stage": "begun"})
            told = work.one(asked)
            inbox.tell({"number": asked.number, "stage": "durable", "final": "failed" in told, **told})
            if "failed" not in told:
                shown = {"stage": "visible", "final": True, "generation": current.name}
                inbox.tell({"number": asked.number, **shown})


class _Work:
    """What is done with one request."""

    def __init__(self, connection: Connection, settings: Settings, seconds: float) -> None:
        self._connection, self._settings, self._seconds = connection, settings, seconds

    def one(self, asked: Asked) -> dict[str, Any]:
        """Do it, and say whether a graph is `new` or was `there`, or why it `failed`."""
        try:
            return self._done(asked.wanted, asked.body)
        except (QueryRefused, QueryUnreadable) as error:
            kind = type(error).__name__
            return {"failed": kind, "message": error.message, "line": error.line, "column": error.column}
        except TaskFailed as error:
            return {"failed": error.kind, "message": error.message}
        except (OSError, ValueError) as error:
            return {"failed": "evaluation", "message": str(error)}

    def _done(self, wanted: dict[str, Any], body: bytes) -> dict[str, Any]:
        if wanted["kind"] == "update":
            update = look_update(body.decode(), self._settings, wanted["using"], wanted["using_named"])
            try:
                self._update(based(update.text, self._settings.base))
            except TaskFailed as error:
                told = misread(body.decode(), self._settings.base) if error.kind == "evaluation" else None
                if told is None:
                    raise
                return told
            return {"new": False, "there": True}
        graph = wanted["graph"]
        if graph is None:
            self._all(wanted["kind"], body)
            return {"new": False, "there": True}
        if not graph and self._connection.remote.union:
            raise TaskFailed("evaluation", "the default graph of this store is the union of its graphs; name a graph")
        there = not graph or has_graph(self._connection, graph, self._seconds)
        if wanted["kind"] == "delete" and not there:
            return {"new": False, "there": False}
        if self._connection.remote.graphs:
            self._connection.graph(wanted["kind"].upper(), graph, body, self._seconds)
        else:
            self._update(_text(wanted["kind"], graph, body))
        return {"new": not there and wanted["kind"] != "delete", "there": True}

    def _all(self, kind: str, body: bytes) -> None:
        """Add to the whole dataset, put another in its place, or delete it."""
        graphs: dict[str, list[Triple]] = {}
        for quad in parse(body, RdfFormat.N_QUADS):
            name = "" if quad.graph_name == DefaultGraph() else str(quad.graph_name)[1:-1]
            graphs.setdefault(name, []).append(quad.triple)
        inserted = _inserted(
            (name, serialize(triples, format=RdfFormat.N_TRIPLES) or b"") for name, triples in graphs.items()
        )
        self._update(" ; ".join(filter(None, ["" if kind == "post" else "DROP ALL", inserted])))

    def _update(self, text: str) -> None:
        if text:
            self._connection.update(text, self._seconds)


def _text(kind: str, graph: str, lines: bytes) -> str:
    """An update that puts, posts or deletes a graph (N-Triples)."""
    name = f"GRAPH <{graph}>" if graph else "DEFAULT"
    drop = f"DROP SILENT {name}" if graph else "CLEAR DEFAULT"
    begin = {"put": [drop, f"CREATE SILENT {name}"] if graph else [drop], "delete": [drop], "post": []}[kind]
    if kind == "post" and graph and not lines.strip():
        begin = [f"CREATE SILENT {name}"]
    return " ; ".join(filter(None, [*begin, _inserted([(graph, lines)])]))


def _inserted(graphs: Iterable[tuple[str, bytes]]) -> str:
    """An insertion of graphs (N-Triples), by name; blank nodes of one request are the same in all of them.

    INSERT with WHERE makes the same blank nodes as INSERT DATA, and there are stores that take them only there.
    """
    parts = []
    for graph, lines in graphs:
        text = lines.decode().strip()
        if text:
            parts.append(f"GRAPH <{graph}> {{ {text} }}" if graph else text)
    return f"INSERT {{ {' '.join(parts)} }} WHERE {{ }}" if parts else ""


if __name__ == "__main__":
    try:
        main()
    except Exception:
        traceback.print_exc()
        sys.exit(1)
