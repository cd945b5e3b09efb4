"""The live store of a plain dataset: the only one that changes. What it holds becomes a generation for the readers.

<root>/live/    the store; its write-ahead log is synced before a generation shows what is in it
"""

from __future__ import annotations

import gc
import json
import os
import shutil
from collections.abc import Iterable
from pathlib import Path

from pyoxigraph import NamedNode, Quad, RdfFormat, Store, parse, serialize

from kg.errors import UsageError
from kg.store.generation import EVIDENCE, MERGE, PLAIN, current
from kg.store.plain import is_plain
from kg.store.publication import Publisher
from kg.store.syncing import sync_directory, sync_file

LIVE = "live"
_WRITTEN = "written"


class Live:
    """The live store; one process has it, and holds the root meanwhile."""

    def __init__(self, publisher: Publisher) -> None:
        """Open the store, made from the current generation unless that was made from it; raise UsageError."""
        self._publisher = publisher
        self._path = publisher.root / LIVE
        generation = current(publisher.root)
        if not is_plain(generation):
            raise UsageError(f"{publisher.root} holds a graph that `foedus build` made; its claims go to /claims")
        told = json.loads(generation.document(PLAIN))
        if told.get("union"):
            raise UsageError("a dataset with --union cannot be written: its default graph is made from the others")
        if not told.get(_WRITTEN) or not self._path.is_dir():
            self._copy(generation.evidence)
        self.generation = generation.name
        number = generation.name.removeprefix(f"{_WRITTEN}-")
        self._next = int(number) + 1 if number.isdecimal() else 1
        self._store: Store | None = None
        self.open()
        self.publish()  # a loss of power may have torn the generation, never what was synced

    def open(self) -> Store:
        """The store, opened again when a full disk had closed it."""
        if self._store is None:
            self._store = Store(str(self._path))
        return self._store

    def give_up(self) -> None:
        """Close the store after an error of the disk: the engine takes no writes any more until it is opened anew."""
        self._store = None
        gc.collect()

    def update(self, text: str, base: str) -> None:
        """Run an update, all of it or nothing; raises what the engine raises."""
        self.open().update(text, base_iri=base)

    def put(self, graph: str, lines: bytes) -> bool:
        """Make a graph hold these triples (N-Triples) and no others; whether it is new."""
        new = not self.has(graph)
        name = _name(graph)
        begin = "CLEAR DEFAULT" if not graph else f"DROP SILENT {name} ; CREATE {name}"
        self.open().update(f"{begin} ; INSERT DATA {{ {_within(graph, lines)} }}")
        return new

    def add(self, graph: str, lines: bytes) -> bool:
        """Add triples (N-Triples) to a graph; whether it is new."""
        new = not self.has(graph)
        begin = f"CREATE {_name(graph)} ; " if new else ""
        self.open().update(f"{begin}INSERT DATA {{ {_within(graph, lines)} }}")
        return new

    def add_all(self, lines: bytes) -> None:
        """Add the quads of a whole dataset (N-Quads)."""
        self.open().extend(parse(lines, RdfFormat.N_QUADS))

    def replace_all(self, lines: bytes) -> None:
        """Make the dataset these quads (N-Quads) and no others."""
        graphs: dict[str, list[Quad]] = {}
        for quad in parse(lines, RdfFormat.N_QUADS):
            graphs.setdefault(str(quad.graph_name), []).append(quad)
        data = (_within("" if name == "DEFAULT" else name[1:-1], _triples(quads)) for name, quads in graphs.items())
        self.open().update(f"DROP ALL ; INSERT DATA {{ {' '.join(data)} }}")

    def drop(self, graph: str | None) -> bool:
        """Remove a graph, or all (None), or clear the default graph; whether it was there."""
        there = graph is None or self.has(graph)
        self.open().update("DROP ALL" if graph is None else f"DROP SILENT {_name(graph)}")
        return there

    def has(self, graph: str) -> bool:
        """Whether a graph is there; the default graph always is."""
        return not graph or self.open().contains_named_graph(NamedNode(graph))

    def sync(self) -> None:
        """Wait until what was written is on the disk: the write-ahead logs, and which files there are."""
        for log in self._path.glob("*.log"):
            sync_file(log)
        sync_directory(self._path)

    def publish(self) -> str:
        """Show what the store holds as a generation, and return its name."""
        store = self.open()

        def load(directory: Path) -> None:
            store.backup(str(directory / EVIDENCE))
            (directory / MERGE).symlink_to(EVIDENCE, target_is_directory=True)

        size = len(store)
        counts = {"graphs": sum(1 for _ in store.named_graphs()), "quads": size, "merged triples": size}
        documents = {PLAIN: json.dumps({"union": False, _WRITTEN: True}).encode() + b"\n"}
        name = f"{_WRITTEN}-{self._next}"
        self.generation = self._publisher.publish(name, load, documents, counts, lasting=False).name
        self._next += 1
        return self.generation

    def _copy(self, evidence: Path) -> None:
        shutil.rmtree(self._path, ignore_errors=True)
        draft = self._path.with_name(f".{LIVE}")
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir()
        for file in evidence.iterdir():
            if file.suffix == ".sst":
                os.link(file, draft / file.name)  # the engine never changes such a file, only removes it
            elif file.name != "LOCK":
                shutil.copyfile(file, draft / file.name)
        draft.rename(self._path)


def _name(graph: str) -> str:
    return f"GRAPH <{graph}>" if graph else "DEFAULT"


def _within(graph: str, lines: bytes) -> str:
    text = lines.decode()
    return f"GRAPH <{graph}> {{ {text} }}" if graph else text


def _triples(quads: Iterable[Quad]) -> bytes:
    return serialize((quad.triple for quad in quads), format=RdfFormat.N_TRIPLES) or b""
