"""Where frozen answers are kept: one file each, beside the generations, written once and never changed.

    <root>/frozen/<digest>.json.gz

Nothing is ever thrown out: somebody may have cited it. When there is no more room, new ones are refused.
"""

from __future__ import annotations

import gzip
import json
import os
import re
import threading
from pathlib import Path
from typing import Any

from kg.citations.freezing import digest
from kg.errors import FoedusError
from kg.settings import MEBIBYTE, Settings, variable
from kg.store.syncing import sync_directory

FOLDER = "frozen"
_DIGEST = re.compile(r"[0-9a-f]{64}")


class FreezerFull(FoedusError):
    """There is no room for another frozen answer."""


class FrozenDamaged(FoedusError):
    """A frozen answer is not what its digest says."""


class Freezer:
    """Keeps records of kg.citations.freezing by their digests; for any number of threads of one process."""

    def __init__(self, settings: Settings) -> None:
        self._folder = settings.data_directory / FOLDER
        self._room = settings.frozen_space * MEBIBYTE
        self._lock = threading.Lock()

    def put(self, record: dict[str, Any]) -> tuple[dict[str, Any], bool]:
        """Keep a record; returns what is kept, and whether it is new. It is durable when this returns.

        Raises FreezerFull.
        """
        with self._lock:
            kept = self.get(record["digest"])
            if kept is not None:
                return kept, False
            packed = gzip.compress(json.dumps(record, ensure_ascii=False).encode(), mtime=0)
            if len(packed) + self._taken() > self._room:
                raise FreezerFull(
                    f"frozen answers take {self._room // MEBIBYTE} MiB at most ({variable('frozen_space')}); "
                    "tell whoever runs this server"
                )
            self._folder.mkdir(parents=True, exist_ok=True)
            path = self._path(record["digest"])
            unfinished = path.with_name(f".{path.name}")
            with unfinished.open("wb") as file:
                file.write(packed)
                file.flush()
                os.fsync(file.fileno())
            unfinished.replace(path)
            sync_directory(self._folder)
            return record, True

    def get(self, name: str) -> dict[str, Any] | None:
        """The record of that digest, or None; raises FrozenDamaged when its content has another digest."""
        if not _DIGEST.fullmatch(name):
            return None
        try:
            record: dict[str, Any] = json.loads(gzip.decompress(self._path(name).read_bytes()))
        except FileNotFoundError:
            return None
        except (OSError, EOFError, ValueError) as error:
            raise FrozenDamaged(f"the frozen answer {name} cannot be read: {error}") from error
        if digest(record) != name:
            raise FrozenDamaged(f"the frozen answer {name} has been changed: its content has another digest")
        return record

    def _path(self, name: str) -> Path:
        return self._folder / f"{name}.json.gz"

    def _taken(self) -> int:
        return sum(path.stat().st_size for path in self._folder.glob("*.json.gz"))
