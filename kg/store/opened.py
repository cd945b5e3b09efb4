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

from kg.store.generation import EVIDENCE, MERGE, VIEW_ABOUT, VIEW_STORE, VIEW_WITHHELD
from kg.store.lookup import EvidenceOfView
from kg.store.tasks import Session

MOST = 8
OFTEN = 3
"""The third query to a view takes it into memory."""


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
    settling: bool = False
    remembered: dict[str, Any] = field(default_factory=dict)

    @property
    def triples(self) -> int:
        """How many it has, in all graphs."""
        return int(self.about["triples"])


class OpenViews:
    """Opens views by their folders; `most_triples` is how many triples of views are held in memory in all."""

    def __init__(self, most_triples: int) -> None:
        self._most_triples = most_triples
        self._views: OrderedDict[str, Opened] = OrderedDict()
        self._lock = threading.Lock()

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
        if view.uses >= OFTEN and not view.settling and view.triples <= self._most_triples:
            view.settling = True
            threading.Thread(target=self._settle, args=(view,), daemon=True).start()
        store = view.memory or view.disk
        if view.about["store"] == EVIDENCE:
            return Session({MERGE: store, EVIDENCE: store}, view.remembered, plain.folder)
        graphs = None
        if view.withheld is not None:
            graphs = EvidenceOfView(store, plain.stores[EVIDENCE], view.about["base"], view.withheld, view.there)
        return Session({MERGE: store}, view.remembered, plain.folder, graphs)

    def _settle(self, view: Opened) -> None:
        with self._lock:
            room = self._most_triples - view.triples
            for other in reversed(list(self._views.values())):
                if other is not view and other.memory is not None:
                    room -= other.triples
                    if room < 0:
                        other.memory, other.settling, other.uses = None, False, 0
            memory = Store()
            memory.bulk_load(view.disk.dump(format=RdfFormat.N_QUADS), format=RdfFormat.N_QUADS)
            view.memory = memory


def _open(folder: Path) -> Opened:
    held = (folder / VIEW_ABOUT).open("rb")
    fcntl.flock(held, fcntl.LOCK_SH)
    about = json.load(held)
    withheld: frozenset[Quad] | None = None
    with contextlib.suppress(FileNotFoundError):
        withheld = frozenset(parse(path=folder / VIEW_WITHHELD, format=RdfFormat.N_QUADS))
    return Opened(held, Store.read_only(str(folder / VIEW_STORE)), about, withheld)
