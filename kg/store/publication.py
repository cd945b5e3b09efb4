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
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import DefaultGraph, Quad, RdfFormat, Store, Triple, __version__, serialize

from kg.errors import BuildFailed
from kg.store.generation import CURRENT, DUMP, EVIDENCE, GENERATIONS, MANIFEST, MERGE

KEPT = 3
_LOCK = "build.lock"
_UNFINISHED = ".unfinished-"
_DOOMED = ".doomed-"


@dataclass(frozen=True)
class Publisher:
    """The right to publish into one root; only `publishing` gives it, to one process at a time."""

    root: Path

    def write(
        self,
        name: str,
        quads: Sequence[Quad],
        merge: Iterable[Triple],
        documents: Mapping[str, bytes],
        counts: Mapping[str, int] | None = None,
    ) -> Path:
        """Write a generation, make it the current one and return its directory.

        `quads` are the named graphs, `merge` the set of current triples, `documents` further files by
        name, `counts` what the manifest tells besides its own counts. When a generation of that name
        is there already, the new one gets a number behind its name.
        """
        if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]*", name):
            raise BuildFailed(f"{name!r} cannot name a generation; use letters, digits, dots and hyphens")
        generations = self.root / GENERATIONS
        generations.mkdir(parents=True, exist_ok=True)
        clean(self.root, keep=KEPT)
        name = _free_name(generations, name)
        unfinished = generations / f"{_UNFINISHED}{name}"
        _fill(unfinished, name, quads, merge, documents, counts or {})
        _sync(unfinished)
        finished = generations / name
        unfinished.rename(finished)
        _sync_directory(generations)
        link = self.root / f".{CURRENT}"
        link.unlink(missing_ok=True)
        link.symlink_to(Path(GENERATIONS) / name, target_is_directory=True)
        link.replace(self.root / CURRENT)
        _sync_directory(self.root)
        clean(self.root, keep=KEPT)
        return finished.absolute()


@contextmanager
def publishing(root: Path) -> Iterator[Publisher]:
    """Hold the root for one build; raise BuildFailed when another build holds it."""
    root.mkdir(parents=True, exist_ok=True)
    with (root / _LOCK).open("a+", encoding="ascii") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            lock.seek(0)
            raise BuildFailed(
                f"another build (process {lock.read().strip() or 'unknown'}) is writing to {root}; "
                "wait until it has ended"
            ) from error
        lock.truncate(0)
        lock.write(f"{os.getpid()}\n")
        lock.flush()
        yield Publisher(root)


def write(
    root: Path, name: str, quads: Sequence[Quad], merge: Iterable[Triple], documents: Mapping[str, bytes]
) -> Path:
    """Hold the root just for writing one generation; see Publisher.write."""
    with publishing(root) as publisher:
        return publisher.write(name, quads, merge, documents)


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


def _fill(
    directory: Path,
    name: str,
    quads: Sequence[Quad],
    merge: Iterable[Triple],
    documents: Mapping[str, bytes],
    counts: Mapping[str, int],
) -> None:
    directory.mkdir()
    graphs = {quad.graph_name for quad in quads}
    if DefaultGraph() in graphs:
        raise BuildFailed(
            "a quad in the default graph was to be written; every quad belongs to the graph that says why"
        )
    named, merged = sorted_lines(quads), sorted_lines(merge)
    packed = _packed(named)
    _load(directory / MERGE, merged)
    _load(directory / EVIDENCE, named + merged)
    manifest = {
        "name": name,
        "engine": f"pyoxigraph {__version__}",
        "counts": {
            **counts,
            "graphs": len(graphs),
            "quads": named.count(b"\n"),
            "merged triples": merged.count(b"\n"),
        },
        "dump": hashlib.sha256(packed).hexdigest(),
    }
    files = {**documents, DUMP: packed, MANIFEST: json.dumps(manifest, indent=2, ensure_ascii=False).encode() + b"\n"}
    for file, content in files.items():
        (directory / file).write_bytes(content)


def _packed(content: bytes) -> bytes:
    packed = io.BytesIO()
    with gzip.GzipFile(fileobj=packed, mode="wb", filename="", mtime=0) as file:
        file.write(content)
    return packed.getvalue()


def _load(directory: Path, lines: bytes) -> None:
    store = Store(directory)
    store.bulk_load(lines, format=RdfFormat.N_QUADS)
    store.flush()


def _sync(directory: Path) -> None:
    for path in directory.rglob("*"):
        if path.is_dir():
            _sync_directory(path)
        else:
            with path.open("rb") as file:
                os.fsync(file.fileno())
    _sync_directory(directory)


def _sync_directory(directory: Path) -> None:
    descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
