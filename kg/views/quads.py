"""Every quad that a view may have, by a place of its own, so that two views are compared flag by flag.

The places of the merge come first, as the triples of the ledger; those of the evidence go on with the graphs that every
view has, the graphs of claims, those of inferences, the provenance graph and the register.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from kg.store.generation import MERGE
from kg.views.content import Content
from kg.views.ledger import Ledger
from kg.views.tables import Flags, Lists, Numbers, numbers


@dataclass(frozen=True)
class Part:
    """Some graphs and the triples of each, which of them are there, and the first of their places."""

    graphs: Sequence[str]
    triples: Lists
    flags: Flags
    first: int

    def chosen(self, places: Numbers) -> Iterator[tuple[int, Numbers]]:
        """Of places in order, those in this part: the number of each graph, with the triples."""
        inside = places[slice(*np.searchsorted(places, (self.first, self.first + len(self.flags))))] - self.first
        owners = self.triples.owners(inside)
        triples = numbers(self.triples.items)[inside]
        for few in np.split(np.arange(len(inside)), np.flatnonzero(np.diff(owners)) + 1):
            if len(few):
                yield int(owners[few[0]]), triples[few]


def flags_of(content: Content, store: str) -> Flags:
    """Which quads a view has, by place, in its merge or in its evidence."""
    parts = parts_of(content) if store != MERGE else []
    return np.concatenate([content.merge, *(part.flags for part in parts)])


def parts_of(content: Content) -> list[Part]:
    """The named graphs of a view. A quad has one place: what every view has of the two tables counts there."""
    ledger = content.ledger
    base = ledger.names["iri"][0]
    tables = {f"{base}id/graph/provenance": content.provenance, f"{base}id/dataset/register": content.register}
    whole = dict(zip(ledger.names["base"], ledger.base_graphs, strict=True))
    always = Lists.of(triples for name, triples in whole.items() if name not in tables)
    claims, inferences = ledger.claims.own, ledger.inferences.conclusions
    parts: list[Part] = []

    def add(graphs: Sequence[str], triples: Lists, flags: Flags) -> None:
        first = parts[-1].first + len(parts[-1].flags) if parts else len(ledger.plain)
        parts.append(Part(graphs, triples, flags, first))

    add([name for name in whole if name not in tables], always, np.ones(len(always.items), np.bool_))
    add([f"{base}id/claim/{name}" for name in ledger.names["claims"]], claims, content.own)
    add(ledger.names["inferences"], inferences, content.conclusions)
    for name, flags in tables.items():
        flags = flags.copy()
        flags[numbers(whole.get(name, array("I")))] = True
        add([name], _all(ledger), flags)
    return parts


def named(content: Content) -> Iterator[tuple[str, Numbers]]:
    """Yield the named graphs of a view, each once, with the numbers of its triples."""
    for part in parts_of(content):
        for graph, triples in part.chosen(part.first + np.flatnonzero(part.flags)):
            yield part.graphs[graph], triples


def _all(ledger: Ledger) -> Lists:
    every = np.arange(len(ledger.plain), dtype=np.uint32)
    return Lists(array("I", (0, len(every))), memoryview(every.tobytes()).cast("I"))
