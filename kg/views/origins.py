"""From which store a view is made: the plain one, or another view that is there, whichever differs least."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from kg.store.generation import MERGE, VIEW_ABOUT, VIEW_FLAGS, VIEW_STORE
from kg.views.content import Content
from kg.views.ledger import Ledger
from kg.views.quads import flags_of
from kg.views.tables import Flags, numbers
from kg.views.view import View


@dataclass(frozen=True)
class Origin:
    """A store and what is in it, by place; `removed` quads were taken out since its files were written as a whole."""

    name: str
    store: Path
    flags: Flags
    removed: int

    def differing(self, flags: Flags) -> int:
        """How many quads are in one of the two only."""
        return int(np.count_nonzero(self.flags != flags))

    def copy(self, target: Path) -> None:
        """Make the same store once more; its data files, which never change, are shared."""
        target.mkdir()
        for path in self.store.iterdir():
            if path.suffix == ".sst":
                os.link(path, target / path.name)
            elif path.name != "LOCK":
                shutil.copy(path, target / path.name)


@contextmanager
def nearest(generation: Path, shelf: Path, store: str, ledger: Ledger, flags: Flags) -> Iterator[Origin | None]:
    """Yield the store that differs least from these flags, held so that nobody throws it out; None without any."""
    packed = np.packbits(flags)
    plain = _plain(generation, store, ledger)
    best = plain.differing(flags) if plain is not None else len(flags)
    nearer = sorted(
        (apart, folder) for folder in shelf.glob(f"[!.]*.{store}") if (apart := _apart(folder, packed)) < best
    )
    with ExitStack() as stack:
        for _, folder in nearer:
            held = _held(folder, len(flags), stack)
            if held is not None:
                yield held
                return
        yield plain


def _plain(generation: Path, store: str, ledger: Ledger) -> Origin | None:
    """The plain store, unless it has what is in no view: the evidence has rows that were retracted."""
    if store == MERGE:
        return Origin("plain", generation / store, numbers(ledger.plain) > 0, 0)
    if any(ledger.claims.retracted) or any(ledger.attestations.retracted):
        return None
    return Origin("plain", generation / store, flags_of(Content(ledger, View()), store), 0)


def _apart(folder: Path, packed: NDArray[np.uint8]) -> int:
    """In how many quads another view differs; more than there are where that cannot be said."""
    try:
        other = np.fromfile(folder / VIEW_FLAGS, np.uint8)
    except OSError:
        return 8 * len(packed)
    return int(np.bitwise_count(other ^ packed).sum()) if len(other) == len(packed) else 8 * len(packed)


def _held(folder: Path, size: int, stack: ExitStack) -> Origin | None:
    """A view that stays as long as the stack does; None when it went meanwhile."""
    try:
        about = stack.enter_context((folder / VIEW_ABOUT).open("rb"))
        fcntl.flock(about, fcntl.LOCK_SH | fcntl.LOCK_NB)
        flags = np.unpackbits(np.fromfile(folder / VIEW_FLAGS, np.uint8), count=size) > 0
        return Origin(folder.name, folder / VIEW_STORE, flags, json.load(about)["removed"])
    except OSError:
        return None
