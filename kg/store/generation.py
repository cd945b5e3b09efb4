"""A generation: one directory with everything that one build made, never changed once it is published.

    <root>/current                      symbolic link to the generation that is served
    <root>/generations/<name>/merge/    store: what is current, as a set, in the default graph
    <root>/generations/<name>/evidence/ store: every named graph, and the merge as default graph
    <root>/generations/<name>/dump.nq.gz, manifest.json, report.json, report.txt …

This module reads only, and without the engine: the web process uses it.
"""

from __future__ import annotations

import fcntl
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from kg.errors import BuildFailed, FoedusError

CURRENT = "current"
GENERATIONS = "generations"
MANIFEST = "manifest.json"
DUMP = "dump.nq.gz"
HANDBOOK = "handbook.json"
MERGE = "merge"
EVIDENCE = "evidence"
PLAIN = "plain.json"
"""The file in a generation that says that it is plain, and what its default graph is."""
REMOTE = "remote.json"
"""The file in a generation that has no stores of its own: where its dataset is instead; see kg.store.remote."""
VIEW_ABOUT, VIEW_FLAGS, VIEW_STORE, VIEW_WITHHELD = "about.json", "flags.bin", "store", "withheld.nq"
"""What the folder of a view holds: what it has and leaves out, flags of its quads, its store; see kg.views.building."""


class NothingBuilt(FoedusError):
    """There is no generation to read."""


class RootHeld(BuildFailed):
    """Another process writes to this root."""


@dataclass(frozen=True)
class Generation:
    """A published generation; `path` is its directory, with no symbolic link in it."""

    path: Path

    @property
    def name(self) -> str:
        """The name that the build gave it."""
        return self.path.name

    @property
    def merge(self) -> Path:
        """The store of what is current."""
        return self.path / MERGE

    @property
    def evidence(self) -> Path:
        """The store of all graphs."""
        return self.path / EVIDENCE

    @property
    def dump(self) -> Path:
        """The named graphs as sorted N-Quads, compressed."""
        return self.path / DUMP

    @property
    def is_remote(self) -> bool:
        """Whether it has no stores of its own, and stands for one elsewhere."""
        return (self.path / REMOTE).is_file()

    def document(self, name: str) -> bytes:
        """One of the files that the build put beside the stores, such as `report.txt`."""
        return (self.path / name).read_bytes()

    def manifest(self) -> Mapping[str, Any]:
        """What the generation says of itself: `name`, `engine`, `counts`, `dump` (its SHA-256)."""
        manifest: Mapping[str, Any] = json.loads(self.document(MANIFEST))
        return manifest


def current(root: Path) -> Generation:
    """Return the generation that is served; raise NothingBuilt when there is none."""
    before: Path | None = None
    while True:
        try:
            target = _link(root).readlink()
        except OSError as error:
            raise NothingBuilt(f"there is no graph in {root} yet; run `foedus build`") from error
        generation = _generation(root, target)
        if generation.path.is_dir():
            return generation
        if target == before:
            raise NothingBuilt(f"{root / CURRENT} points at {target}, which is gone; run `foedus build`")
        before = target  # a writer may have gone on to another since the link was read


# Every request asks for the current generation: joining paths anew took half of the time of a known answer.
@lru_cache(maxsize=64)
def _link(root: Path) -> Path:
    return root / CURRENT


@lru_cache(maxsize=64)
def _generation(root: Path, target: Path) -> Generation:
    return Generation((root / target).absolute())


@contextmanager
def holding(root: Path) -> Iterator[Generation]:
    """The generation that is served, which nobody removes until the block ends; raises NothingBuilt."""
    while True:
        found = current(root)
        try:
            manifest = (found.path / MANIFEST).open("rb")
        except FileNotFoundError:
            if current(root) == found:
                raise NothingBuilt(f"{found.path} has no {MANIFEST}; run `foedus build`") from None
            continue
        with manifest:
            fcntl.flock(manifest, fcntl.LOCK_SH)
            if (found.path / MANIFEST).exists():
                yield found
                return
