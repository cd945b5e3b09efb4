"""Writing a generation and publishing it in one step, so that a build that fails or is killed changes nothing."""

from __future__ import annotations

import fcntl
import gzip
import hashlib
import io
import json
import os
import re
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import DefaultGraph, Quad, RdfFormat, Store, Triple, __version__, serialize

from kg.errors import BuildFailed
from kg.store.compaction import compact
from kg.store.generation import CURRENT, DUMP, EVIDENCE, GENERATIONS, MANIFEST, MERGE, RootHeld
from kg.store.journal import Position
from kg.store.syncing import sync_directory, sync_tree

KEPT = 3
_LOCK = "build.lock"
_NO_JOURNAL = Position()
_UNFINISHED = ".unfinished-"
_DOOMED = ".doomed-"


@dataclass(frozen=True)
class Publisher:
    """The right to publish into one root; only `publishing` gives it, to one process at a time."""

    root: Path

    def write(
        self,
        name: str,
        named: bytes,
        merge: bytes,
        documents: Mapping[str, bytes],
        counts: Mapping[str, int] | None = None,
        journal: Position = _NO_JOURNAL,
    ) -> Path:
        """Write a generation, make it the current one and return its directory.

        `named` are the lines of the named graphs, as `named_lines` makes them, and `merge` those of the
        current triples, as `sorted_lines` does; `documents` are further files by name, `counts` what the
        manifest tells besides its own counts, `journal` how far the journal is in it. When a generation
        of that name is there already, the new one gets a number behind its name.
        """
        told = {
            **(counts or {}),
            "graphs": len({line.rpartition(b" .")[0].rpartition(b" ")[2] for line in named.splitlines()}),
            "quads": named.count(b"\n"),
            "merged triples": merge.count(b"\n"),
        }

        def load(directory: Path) -> None:
            _load(directory / MERGE, merge)
            _load(directory / EVIDENCE, named, merge)

        return self.publish(name, load, {**documents, DUMP: packed(named)}, told, journal)

    def publish(
        self,
        name: str,
        load: Callable[[Path], None],
        documents: Mapping[str, bytes],
        counts: Mapping[str, int],
        journal: Position = _NO_JOURNAL,
        *,
        lasting: bool = True,
    ) -> Path:
        """Publish a generation whose stores `load` writes into the directory that it is given; see `write`.

        One that is not `lasting` need not survive a loss of power: what is in it is durable elsewhere.
        """
        if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]*", name):
            raise BuildFailed(f"{name!r} cannot name a generation; use letters, digits, dots and hyphens")
        generations = self.root / GENERATIONS
        generations.mkdir(parents=True, exist_ok=True)
        clean(self.root, keep=KEPT)
        name = _free_name(generations, name)
        unfinished = generations / f"{_UNFINISHED}{name}"
        unfinished.mkdir()
        load(unfinished)
        manifest = {
            "name": name,
            "engine": f"pyoxigraph {__version__}",
            "counts": dict(counts),
            "journal": {"records": journal.records, "digest": journal.digest},
        }
        if DUMP in documents:
            manifest["dump"] = hashlib.sha256(documents[DUMP]).hexdigest()
        told = json.dumps(manifest, indent=2, ensure_ascii=False).encode() + b"\n"
        for file, content in {**documents, MANIFEST: told}.items():
            (unfinished / file).write_bytes(content)
        if lasting:
            sync_tree(unfinished)
        finished = generations / name
        unfinished.rename(finished)
        if lasting:
            sync_directory(generations)
        link = self.root / f".{CURRENT}"
        link.unlink(missing_ok=True)
        link.symlink_to(Path(GENERATIONS) / name, target_is_directory=True)
        link.replace(self.root / CURRENT)
        if lasting:
            sync_directory(self.root)
        clean(self.root, keep=KEPT)
        return finished.absolute()


@contextmanager
def publishing(root: Path, what: str = "another build") -> Iterator[Publisher]:
    """Hold the root, for one build or for as long as a server writes; raise RootHeld when somebody else does.

    `what` is what others are told who want the root meanwhile.
    """
    root.mkdir(parents=True, exist_ok=True)
    with (root / _LOCK).open("a+", encoding="utf-8") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            lock.seek(0)
            process, _, holder = lock.read().strip().partition(" ")
            raise RootHeld(
                f"{holder or 'another build'} (process {process or 'unknown'}) is writing to {root}; "
                "wait until it has ended, or end it"
            ) from error
        lock.truncate(0)
        lock.write(f"{os.getpid()} {what}\n")
        lock.flush()
        yield Publisher(root)


def write(
    root: Path, name: str, quads: Sequence[Quad], merge: Iterable[Triple], documents: Mapping[str, bytes]
) -> Path:
    """Hold the root just for writing one generation; see Publisher.write."""
    with publishing(root) as publisher:
        return publisher.write(name, named_lines(quads), sorted_lines(merge), documents)


def sorted_lines(statements: Iterable[Quad] | Iterable[Triple]) -> bytes:
    """Quads or triples as N-Quads: sorted by bytes, each once, so that equal sets give equal bytes."""
    text = serialize(statements, format=RdfFormat.N_QUADS) or b""
    return b"".join(sorted(set(text.splitlines(keepends=True))))


def clean(root: Path, keep: int) -> None:
    """Remove what killed builds left, and all but the newest generations; never one that a reader holds."""
    generations = root / GENERATIONS
    served = (root / CURRENT).readlink().name if (root / CURRENT).is_symlink() else None
    finished = []
    for path in sorted(generations.iterdir()):
        if path.name.startswith((_UNFINISHED, _DOOMED)):
            shutil.rmtree(path)
        elif (path / MANIFEST).is_file():
            finished.append(path)
    finished.sort(key=lambda path: path.stat().st_mtime_ns, reverse=True)
    for path in finished[keep:]:
        if path.name != served:
            _remove_unless_held(path)


def _remove_unless_held(path: Path) -> None:
    with (path / MANIFEST).open("rb") as manifest:
        try:
            fcntl.flock(manifest, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return
        doomed = path.rename(path.with_name(_DOOMED + path.name))
    shutil.rmtree(doomed)


def _free_name(generations: Path, name: str) -> str:
    number, free = 1, name
    while (generations / free).exists():
        number += 1
        free = f"{name}-{number}"
    return free


def named_lines(quads: Sequence[Quad]) -> bytes:
    """Return the lines of named graphs; raise BuildFailed where a quad is in none."""
    if any(quad.graph_name == DefaultGraph() for quad in quads):
        raise BuildFailed(
            "a quad in the default graph was to be written; every quad belongs to the graph that says why"
        )
    return sorted_lines(quads)


def packed(content: bytes) -> bytes:
    """Content compressed, the same bytes for the same content at any time."""
    target = io.BytesIO()
    with gzip.GzipFile(fileobj=target, mode="wb", filename="", mtime=0) as file:
        file.write(content)
    return target.getvalue()


def _load(directory: Path, *parts: bytes) -> None:
    store = Store(directory)
    for lines in parts:
        store.bulk_load(lines, format=RdfFormat.N_QUADS)
    compact(store)
