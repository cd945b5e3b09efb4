"""A process that makes the store of one view from the ledger of a generation, and can be killed at any time.

    python -m kg.views.building <generation> <folder> <merge or evidence> <memory in MiB> < parameters

Standard input has the parameters of the view as JSON (a name may have several values). The folder is there
when all of it is there: a store, and `about.json` with what the view has, presumes and leaves out.
"""

from __future__ import annotations

import fcntl
import json
import os
import resource
import shutil
import sys
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from pathlib import Path
from typing import Any

from pyoxigraph import RdfFormat, Store

from kg.settings import MEBIBYTE
from kg.store.generation import EVIDENCE, MANIFEST, MERGE, VIEW_ABOUT, VIEW_STORE
from kg.views import ledger as ledgers
from kg.views import view as views
from kg.views.content import Content
from kg.views.ledger import Ledger
from kg.views.tables import Packed

CHUNK = 20_000
TOMBSTONES = 0.05
"""When more than this for each triple that stays was taken out, the store is compacted; else its files stay shared."""
WORKERS = 2
"""Updates that run at the same time; each touches other triples."""
Quad = tuple[str, int]  # the name of its graph, "" for the default graph, and the number of its triple


def main() -> None:
    """Make one view, and publish it by one rename."""
    generation, folder, store = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]
    most = int(sys.argv[4]) * MEBIBYTE
    resource.setrlimit(resource.RLIMIT_AS, (most, most))
    view = views.read(json.load(sys.stdin))
    unfinished = folder.with_name(f".unfinished-{folder.name}-{os.getpid()}")
    unfinished.mkdir(parents=True)
    with (generation / MANIFEST).open("rb") as manifest:
        fcntl.flock(manifest, fcntl.LOCK_SH)
        ledger, texts = Ledger.read(generation / ledgers.FILE)
        content = Content(ledger, view)
        size = _Maker(content, texts, generation, unfinished / VIEW_STORE).make(store)
    about = {
        "parameters": view.parameters(),
        "store": store,
        "counts": content.counts(),
        "triples": size,
        "bytes": sum(path.stat().st_size for path in (unfinished / VIEW_STORE).iterdir() if path.stat().st_nlink == 1),
    }
    (unfinished / VIEW_ABOUT).write_text(json.dumps(about, indent=1), encoding="utf-8")
    try:
        unfinished.rename(folder)
    except OSError:
        if not (folder / VIEW_ABOUT).is_file():  # another process may have made the same view meanwhile
            raise
        shutil.rmtree(unfinished)


class _Maker:
    """Writes the store of a view: the plain one, changed, where little differs, else from nothing."""

    def __init__(self, content: Content, texts: Packed, generation: Path, target: Path) -> None:
        self.content, self.texts = content, texts
        self.generation, self.target = generation, target

    def make(self, store: str) -> int:
        """Write it and return its size in triples."""
        wanted = self._merge() if store == MERGE else self._evidence(Content(self.content.ledger, views.View()))
        kept, gone, new = wanted
        if len(gone) + len(new) < kept:
            self._change(store, kept, gone, new)
        else:
            self._load(store)
        return kept + len(new)

    def _merge(self) -> tuple[int, list[Quad], list[Quad]]:
        """How many triples stay, which go, and which come."""
        plain, merge = self.content.ledger.plain, self.content.merge
        gone = [("", number) for number, (was, is_) in enumerate(zip(plain, merge, strict=True)) if was and not is_]
        new = [("", number) for number, (was, is_) in enumerate(zip(plain, merge, strict=True)) if is_ and not was]
        return sum(plain) - len(gone), gone, new

    def _evidence(self, plain: Content) -> tuple[int, list[Quad], list[Quad]]:
        """The same of quads; the plain evidence has more than the plain content where rows were retracted."""
        kept, gone, new = self._merge()
        retracted = any(self.content.ledger.claims.retracted) or any(self.content.ledger.attestations.retracted)
        if retracted:
            return 0, [("", 0)], [("", 0)]  # the plain store has what is in no view: make this one from nothing
        before, after = set(_flat(plain)), set(_flat(self.content))
        return kept + len(before & after), [*gone, *sorted(before - after)], [*new, *sorted(after - before)]

    def _change(self, store: str, kept: int, gone: list[Quad], new: list[Quad]) -> None:
        """Take the files of the plain store, which never change, and write what differs into new ones."""
        self.target.mkdir()
        for path in (self.generation / store).iterdir():
            if path.suffix == ".sst":
                os.link(path, self.target / path.name)
            elif path.name != "LOCK":
                shutil.copy(path, self.target / path.name)
        changed = Store(self.target)
        with ThreadPoolExecutor(WORKERS) as threads:
            for verb, quads in (("DELETE", gone), ("INSERT", new)):
                updates = (
                    threads.submit(self._update, changed, verb, graph, chunk)
                    for graph, numbers in _by_graph(quads)
                    for chunk in _chunks(numbers)
                )
                for update in list(updates):
                    update.result()
        if len(gone) > TOMBSTONES * kept:
            changed.optimize()
        changed.flush()

    def _update(self, store: Store, verb: str, graph: str, numbers: list[int]) -> None:
        lines = b"".join(b"%s .\n" % self.texts.text(number) for number in numbers).decode()
        store.update(f"{verb} DATA {{ {f'GRAPH <{graph}> {{ {lines} }}' if graph else lines} }}")

    def _load(self, store: str) -> None:
        made = Store(self.target)
        lines = [b"%s .\n" % self.texts.text(number) for number, there in enumerate(self.content.merge) if there]
        if store == EVIDENCE:
            lines += [
                b"%s <%s> .\n" % (self.texts.text(number), graph.encode()) for graph, number in _flat(self.content)
            ]
        made.bulk_load(b"".join(lines), format=RdfFormat.N_QUADS)
        made.flush()


def _flat(content: Content) -> Iterator[Quad]:
    for graph, numbers in content.quads():
        for number in numbers:
            yield graph, number


def _by_graph(quads: Iterable[Quad]) -> Iterator[tuple[str, list[int]]]:
    found: dict[str, list[int]] = {}
    for graph, number in quads:
        found.setdefault(graph, []).append(number)
    yield from found.items()


def _chunks(numbers: list[int]) -> Iterator[list[Any]]:
    rest = iter(numbers)
    while chunk := list(islice(rest, CHUNK)):
        yield chunk


if __name__ == "__main__":
    main()
