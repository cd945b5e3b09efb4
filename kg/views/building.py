"""A process that makes the store of one view from the ledger of a generation, and can be killed at any time.

    python -m kg.views.building <generation> <folder> <merge or evidence> <memory in MiB> [gently] < parameters

Standard input has the parameters of the view as JSON (a name may have several values). The folder is there
when all of it is there: a store, `flags.bin` with what is in it, and `about.json` with what the view has, presumes and
leaves out. Of a merge whose graphs can be looked up in the evidence of the generation there is `withheld.nq`, too (see
kg.views.withheld).
"""

from __future__ import annotations

import fcntl
import json
import os
import resource
import shutil
import sys
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Lock

import numpy as np
from pyoxigraph import RdfFormat, Store

from kg.settings import MEBIBYTE
from kg.store.compaction import compact
from kg.store.generation import MANIFEST, MERGE, VIEW_ABOUT, VIEW_FLAGS, VIEW_STORE, VIEW_WITHHELD
from kg.views import ledger as ledgers
from kg.views import view as views
from kg.views.content import Content
from kg.views.ledger import Ledger
from kg.views.origins import Origin, nearest
from kg.views.quads import Part, flags_of, parts_of
from kg.views.tables import Flags, Numbers, Packed
from kg.views.withheld import withheld

LOWEST = 19
"""The priority of a process that works with the time that others leave."""
CHUNK = 20_000
"""Lines in one update."""
DROPPED = 500
"""Graphs that one update drops."""
LOADED = 64 * MEBIBYTE
"""Bytes that are loaded at a time."""
CHANGE = 1.2
"""How many triples are loaded from nothing in the time that it takes to change one, measured."""
TOMBSTONES, HASTY = 0.5, 0.75
"""When more than this for each triple that stays was taken out, the store is compacted; else its files stay shared.

Compacting takes seconds. So while somebody waits more is let stand than where nobody does, from which others are made.
"""
WORKERS = 2
"""Updates that run at the same time; each touches other triples."""


def main() -> None:
    """Make one view, and publish it by one rename."""
    generation, folder, store = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]
    most = int(sys.argv[4]) * MEBIBYTE
    resource.setrlimit(resource.RLIMIT_AS, (most, most))
    gently = sys.argv[5:] == ["gently"]
    os.nice(LOWEST if gently else 0)
    view = views.read(json.load(sys.stdin))
    unfinished = folder.with_name(f".unfinished-{folder.name}-{os.getpid()}")
    unfinished.mkdir(parents=True)
    with (generation / MANIFEST).open("rb") as manifest:
        fcntl.flock(manifest, fcntl.LOCK_SH)
        ledger, texts = Ledger.read(generation / ledgers.FILE)
        content = Content(ledger, view)
        flags = flags_of(content, store)
        with nearest(generation, folder.parent, store, ledger, flags) as origin:
            maker = Maker(content, texts, store, unfinished / VIEW_STORE, TOMBSTONES if gently else HASTY)
            made_from, removed = maker.make(flags, origin)
    (unfinished / VIEW_FLAGS).write_bytes(np.packbits(flags).tobytes())
    left = withheld(content, texts) if store == MERGE else None
    if left is not None:
        (unfinished / VIEW_WITHHELD).write_bytes(left)
    about = {
        "parameters": view.parameters(),
        "store": store,
        "base": ledger.names["iri"][0],
        "counts": content.counts(),
        "triples": int(np.count_nonzero(flags)),
        "origin": made_from,
        "removed": removed,
    }
    (unfinished / VIEW_ABOUT).write_text(json.dumps(about, indent=1), encoding="utf-8")
    try:
        unfinished.rename(folder)
    except OSError:
        if not (folder / VIEW_ABOUT).is_file():  # another process may have made the same view meanwhile
            raise
        shutil.rmtree(unfinished)


class Maker:
    """Writes the store of a view: another one, changed, where little differs, else from nothing.

    It is compacted when more than `tombstones` was taken out for each triple that stays.
    """

    def __init__(self, content: Content, texts: Packed, store: str, target: Path, tombstones: float) -> None:
        self.texts, self.target, self.tombstones = texts, target, tombstones
        self.size = len(content.ledger.plain)
        self.parts = parts_of(content) if store != MERGE else []

    def make(self, flags: Flags, origin: Origin | None) -> tuple[str, int]:
        """Write it, and return what it was made from, and how many quads were taken out of its files since a whole."""
        if origin is None or CHANGE * origin.differing(flags) >= np.count_nonzero(flags):
            self._load(flags)
            made_from, removed = "", 0
        else:
            made_from, removed = origin.name, self._change(flags, origin)
        Store(self.target)  # opened again, it lets go of its log, which says what is in its files by now
        return made_from, removed

    def _change(self, flags: Flags, origin: Origin) -> int:
        """Take the files of the other store, which never change, and write what differs into new ones."""
        origin.copy(self.target)
        changed = Store(self.target)
        gone, new = origin.flags & ~flags, flags & ~origin.flags
        names, emptied = _emptied(self.parts, origin.flags, flags)
        drops = ("; ".join(f"DROP GRAPH <{name}>" for name in few) for few in _some(names))
        _shared(drops, changed.update)
        _shared((f"DELETE DATA {{ {lines} }}" for lines in self._blocks(gone & ~emptied)), changed.update)
        _shared((f"INSERT DATA {{ {lines} }}" for lines in self._blocks(new)), changed.update)
        removed = origin.removed + int(np.count_nonzero(gone))
        if removed > self.tombstones * np.count_nonzero(flags):
            changed.optimize()
            removed = 0
        changed.flush()
        return removed

    def _blocks(self, where: Flags) -> Iterator[str]:
        """The flagged quads as the insides of DELETE DATA and INSERT DATA, some thousand lines each."""
        places = np.flatnonzero(where)
        merge = places[: np.searchsorted(places, self.size)]
        for lines in self._lines(merge):
            yield lines.decode()
        waiting, count = [], 0
        for name, triples in self._graphs(places):
            waiting += [f"GRAPH <{name}> {{ {lines.decode()} }}" for lines in self._lines(triples)]
            count += len(triples)
            if count >= CHUNK:
                yield "\n".join(waiting)
                waiting, count = [], 0
        if waiting:
            yield "\n".join(waiting)

    def _lines(self, triples: Numbers) -> Iterator[bytes]:
        for begin in range(0, len(triples), CHUNK):
            yield self.texts.lines(triples[begin : begin + CHUNK])

    def _graphs(self, places: Numbers) -> Iterator[tuple[str, Numbers]]:
        for part in self.parts:
            for graph, triples in part.chosen(places):
                yield part.graphs[graph], triples

    def _load(self, flags: Flags) -> None:
        made = Store(self.target)
        waiting, size = [], 0
        for lines in self._quads(np.flatnonzero(flags)):
            waiting.append(lines)
            size += len(lines)
            if size > LOADED:
                made.bulk_load(b"".join(waiting), format=RdfFormat.N_QUADS)
                waiting, size = [], 0
        made.bulk_load(b"".join(waiting), format=RdfFormat.N_QUADS)
        compact(made)

    def _quads(self, places: Numbers) -> Iterator[bytes]:
        """The quads as N-Quads."""
        yield from self._lines(places[: np.searchsorted(places, self.size)])
        for name, triples in self._graphs(places):
            end = b" <%s> .\n" % name.encode()
            for number in triples.tolist():
                yield b"%s%s" % (self.texts.text(number), end)


def _emptied(parts: Iterable[Part], before: Flags, after: Flags) -> tuple[list[str], Flags]:
    """The graphs that had quads and have none any more, and the places of these quads."""
    names, places = [], np.zeros(len(before), np.bool_)
    for part in parts:
        span = slice(part.first, part.first + len(part.flags))
        gone = (part.triples.how_many(before[span]) > 0) & (part.triples.how_many(after[span]) == 0)
        names += [part.graphs[number] for number in np.flatnonzero(gone).tolist()]
        places[span] = np.repeat(gone, part.triples.sizes)
    return names, places & before


def _some(names: list[str]) -> Iterator[list[str]]:
    for begin in range(0, len(names), DROPPED):
        yield names[begin : begin + DROPPED]


def _shared(blocks: Iterator[str], update: Callable[[str], None]) -> None:
    """Update by each block, some at the same time; no more of them are made than are worked on."""
    lock = Lock()

    def work() -> None:
        while True:
            with lock:
                block = next(blocks, None)
            if block is None:
                return
            update(block)

    with ThreadPoolExecutor(WORKERS) as threads:
        for worker in [threads.submit(work) for _ in range(WORKERS)]:
            worker.result()


if __name__ == "__main__":
    main()
