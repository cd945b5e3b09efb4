"""Files that are quick to read, after a load in bulk."""

from __future__ import annotations

from pyoxigraph import DefaultGraph, Store


def compact(store: Store) -> None:
    """Write the files of a loaded store once more, and wait until they are on the disk.

    The engine packs what is loaded in bulk as tightly as it can, which costs every query that reads it, and leaves
    such files out of a compaction until a change lies above them. So one quad of each kind goes and comes back.
    """
    graph = next(store.named_graphs(), None)
    for kind in (DefaultGraph(), graph):
        quad = next(store.quads_for_pattern(None, None, None, kind), None) if kind is not None else None
        if quad is not None:
            store.remove(quad)
            store.flush()
            store.add(quad)
            store.flush()
    store.optimize()
    store.flush()
