"""The stores of views that a reader has open: few at a time, on disk first, in memory when they are asked often."""

from __future__ import annotations

import contextlib
import fcntl
import json
import threading
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from pyoxigraph import Quad, RdfFormat, Store, parse

from kg.settings import MEBIBYTE
from kg.store.generation import EVIDENCE, MERGE, VIEW_ABOUT, VIEW_STORE, VIEW_WITHHELD
from kg.store.lookup import EvidenceOfView
from kg.store.sandbox import Space
from kg.store.tasks import Session

MOST = 8
OFTEN = 3
"""The third query to a view takes it into memory, if there is room."""
LOADING, LOADED = 256 * MEBIBYTE, 1_200
"""Bytes of address space for taking a store into memory: for its threads, and for each triple; 1,000 were measured."""


@dataclass
class Opened:
    """One view: its store on disk, held so that nobody throws it out, and its store in memory, once it is there.

    `withheld` are the quads that are left out of the evidence beside it, None where that has a store of its own.
    """

    held: IO[bytes]
    disk: Store
    about: Mapping[str, Any]
    withheld: frozenset[Quad] | None
    there: dict[str, bool] = field(default_factory=dict)
    memory: Store | None = None
    uses: int = 0
    remembered: dict[str, Any] = field(default_factory=dict)

    @property
    def triples(self) -> int:
        """How many it has, in all graphs."""
        return int(self.about["triples"])


class OpenViews:
    """Opens views by their folders; `most_triples` is how many triples of views are held in memory in all."""

    def __init__(self, most_triples: int, space: Space) -> None:
        self._most_triples, self._space = most_triples, space
        self._views: OrderedDict[str, Opened] = OrderedDict()
        self._one = threading.Lock()

    def open(self, folder: str, plain: Session) -> Session:
        """What a reader has of a view: the fastest store that is there, and what tasks remember of the view.

        `plain` is what it has of the generation. The evidence of a view has its merge as default graph, so it stands
        for both. Raises OSError when there is no such view.
        """
        view = self._views.get(folder)
        if view is None:
            view = self._views[folder] = _open(Path(folder))
            while len(self._views) > MOST:
                _, oldest = self._views.popitem(last=False)
                oldest.held.close()
        self._views.move_to_end(folder)
        view.uses += 1
        if view.memory is None and view.uses >= OFTEN and view.triples <= self._most_triples:
            self._settle(view)
        store = view.memory or view.disk
        if view.about["store"] == EVIDENCE:
            return Session({MERGE: store, EVIDENCE: store}, view.remembered, plain.folder)
        graphs = None
        if view.withheld is not None:
            graphs = EvidenceOfView(store, plain.stores[EVIDENCE], view.about["base"], view.withheld, view.there)
        return Session({MERGE: store}, view.remembered, plain.folder, graphs)

    def _settle(self, view: Opened) -> None:
        """Begin to take a view into memory: one at a time, in the place of others if it is asked more than these."""
        room, others = self._most_triples - view.triples, []
        for other in reversed(self._views.values()):
            if other.memory is not None:
                room -= other.triples
                others += [other] if room < 0 else []
        if sum(other.uses for other in others) >= view.uses or not self._one.acquire(blocking=False):
            return
        for other in others:
            other.memory, other.uses, other.remembered = None, 0, {}  # what is remembered was read from that store
        threading.Thread(target=self._load, args=(view,), daemon=True).start()

    def _load(self, view: Opened) -> None:
        try:
            view.memory = in_memory(view.disk, view.triples, self._space)
        finally:
            self._one.release()


def in_memory(store: Store, triples: int, space: Space) -> Store:
    """A copy of a store on disk that is all in memory."""
    with space.beside(LOADING + triples * LOADED):
        memory = Store()
        memory.bulk_load(store.dump(format=RdfFormat.N_QUADS), format=RdfFormat.N_QUADS)
    return memory


def _open(folder: Path) -> Opened:
    held = (folder / VIEW_ABOUT).open("rb")
    fcntl.flock(held, fcntl.LOCK_SH)
    about = json.load(held)
    withheld: frozenset[Quad] | None = None
    with contextlib.suppress(FileNotFoundError):
        withheld = frozenset(parse(path=folder / VIEW_WITHHELD, format=RdfFormat.N_QUADS))
    return Opened(held, Store.read_only(str(folder / VIEW_STORE)), about, withheld)
