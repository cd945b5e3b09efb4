"""The views that were made, on disk beside their generations: found again, made once, and thrown out when space ends.

    <root>/views/<generation>/<digest>.<store>/    a store, and about.json

Nothing here opens a store: each view is made by a process of its own (kg.views.building).
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kg.settings import MEBIBYTE, Settings, variable
from kg.store.answers import DeadlinePassed, StoreUnreadable
from kg.store.generation import GENERATIONS, MERGE, VIEW_ABOUT, VIEW_STORE, VIEW_WITHHELD, Generation
from kg.views.view import View

FOLDER = "views"
RECENT = 60.0
"""Seconds for which a view that was asked for is not thrown out: somebody is about to read it."""


@dataclass(frozen=True)
class Shelved:
    """A view that is there: where, what it has, presumes and leaves out, and of which generation it is.

    `alone` says that it can be asked only what needs no look at the graphs that state something.
    """

    path: Path
    counts: Mapping[str, int]
    generation: str
    alone: bool


class Shelf:
    """The views of one root. Safe for threads and for several processes: a view is there as a whole, or not."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._root = settings.data_directory / FOLDER
        self._running: set[subprocess.Popen[bytes]] = set()
        self._closed = False

    def find(self, generation: Generation, view: View, store: str) -> Shelved | None:
        """Return a view that was made already, and note that it was asked for."""
        path = self._path(generation, view, store)
        try:
            about: dict[str, Any] = json.loads((path / VIEW_ABOUT).read_bytes())
            os.utime(path)
        except OSError:
            return None
        alone = store == MERGE and not (path / VIEW_WITHHELD).is_file()
        return Shelved(path, about["counts"], generation.name, alone)

    def make(self, generation: Generation, view: View, store: str, *, gently: bool = False) -> Shelved:
        """Return a view, made now unless it is there; this takes seconds, `gently` with the time that others leave.

        Raises DeadlinePassed when it takes longer than is allowed, StoreUnreadable when it cannot be made.
        """
        found = self.find(generation, view, store)
        if found is None:
            self._make(generation, view, store, gently=gently)
            found = self.find(generation, view, store)
            self.tidy()
        if found is None:
            raise StoreUnreadable(f"the view {view} was made and is gone; raise {variable('views_space')}")
        return found

    def close(self) -> None:
        """End whatever is being made, and what begins after that."""
        self._closed = True
        for process in list(self._running):
            process.kill()

    def tidy(self) -> None:
        """Throw out the views of generations that are gone, and those not asked for longest, down to the space."""
        present, counted = [], self._plain_files()
        for folder in self._folders():
            if not (self._settings.data_directory / GENERATIONS / folder.parent.name).is_dir():
                _throw_out(folder)
            elif folder.name.startswith("."):
                if time.time() - folder.stat().st_mtime > self._settings.views_deadline + RECENT:
                    shutil.rmtree(folder, ignore_errors=True)
            else:
                present.append((folder.stat().st_mtime, folder))
        room = self._settings.views_space * MEBIBYTE
        for used, folder in sorted(present, reverse=True):
            room -= _size(folder, counted)
            if room < 0 and time.time() - used > RECENT:
                _throw_out(folder)

    def _folders(self) -> list[Path]:
        return [path for path in self._root.glob("*/*") if path.is_dir()]

    def filled(self) -> float:
        """The part of the space for views that is taken."""
        counted = self._plain_files()
        return sum(_size(folder, counted) for folder in self._folders()) / (self._settings.views_space * MEBIBYTE)

    def _plain_files(self) -> set[int]:
        """The files of stores that views may share, by inode: these take no space of views."""
        found: set[int] = set()
        for file in (self._settings.data_directory / GENERATIONS).glob("*/*/*.sst"):
            with contextlib.suppress(OSError):
                found.add(file.stat().st_ino)
        return found

    def _path(self, generation: Generation, view: View, store: str) -> Path:
        return (self._root / generation.name / f"{view.digest}.{store}").absolute()

    def _make(self, generation: Generation, view: View, store: str, *, gently: bool) -> None:
        path = self._path(generation, view, store)
        given: dict[str, list[str]] = {}
        for name, value in view.parameters():
            given.setdefault(name, []).append(value)
        process = subprocess.Popen(
            [
                *(sys.executable, "-S", "-P", "-m", "kg.views.building"),
                *map(str, (generation.path, path, store, self._settings.views_memory)),
                *(["gently"] if gently else []),
            ],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            env={"PYTHONPATH": os.pathsep.join(filter(None, sys.path)), "PYTHONUTF8": "1", "OPENBLAS_NUM_THREADS": "1"},
            start_new_session=True,
        )
        self._running.add(process)
        if self._closed:
            process.kill()
        try:
            _, complaint = process.communicate(json.dumps(given).encode(), timeout=self._settings.views_deadline)
        except subprocess.TimeoutExpired as error:
            raise DeadlinePassed(
                f"the view was not made within {self._settings.views_deadline:g} s ({variable('views_deadline')}); "
                "try again when there is less to do"
            ) from error
        finally:
            process.kill()
            process.communicate()
            self._running.discard(process)
            if process.returncode:
                shutil.rmtree(path.with_name(f".unfinished-{path.name}-{process.pid}"), ignore_errors=True)
        if process.returncode:
            said = [line for line in complaint.decode(errors="replace").splitlines() if line.strip()]
            raise StoreUnreadable(f"the view {view} cannot be made: {said[-1] if said else process.returncode}")


def _size(folder: Path, counted: set[int]) -> int:
    """Bytes of a view in files that are not counted yet; they are then. Views share files with each other."""
    size = 0
    for file in (folder / VIEW_STORE).glob("*"):
        with contextlib.suppress(OSError):
            about = file.stat()
            size += 0 if about.st_ino in counted else about.st_size
            counted.add(about.st_ino)
    return size


def _throw_out(folder: Path) -> None:
    """Remove a view, unless a reader holds it."""
    try:
        with (folder / VIEW_ABOUT).open("rb") as about:
            fcntl.flock(about, fcntl.LOCK_EX | fcntl.LOCK_NB)
            doomed = folder.rename(folder.with_name(f".doomed-{folder.name}-{os.getpid()}"))
    except OSError:
        return
    shutil.rmtree(doomed, ignore_errors=True)
