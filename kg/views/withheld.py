"""Whether the graphs of a view can be read off the evidence of its generation, and what must be left out there.

A reader takes a graph of the evidence for one of the view where the merge of the view describes it, and a quad in it
where its triple is in the merge (kg.store.lookup). That is true of all quads but those told here. Of inferences
there are none: of what they conclude, the merge has what follows in the view.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from kg.views.content import Content
from kg.views.tables import Flags, Lists, Packed, numbers


def withheld(content: Content, texts: Packed) -> bytes | None:
    """The quads, as N-Quads; None where the view has rows that were retracted since, whose graphs may be gone."""
    ledger = content.ledger
    held = np.flatnonzero(content.claims), np.array(sorted(content.held.attestations), np.int64)
    retracted = numbers(ledger.claims.retracted), numbers(ledger.attestations.retracted)
    if any(dates[rows].any() for rows, dates in zip(held, retracted, strict=True)):
        return None
    base = ledger.names["iri"][0]
    quads = [
        *_claims(content, f"{base}id/claim/"),
        *_table(content, f"{base}id/graph/provenance", _provenance(content) & ~content.provenance),
        *_table(content, f"{base}id/dataset/register", _register(content) & ~content.register),
    ]
    return b"".join(b"%s <%s> .\n" % (texts.text(number), graph.encode()) for graph, number in quads)


def _table(content: Content, name: str, left: Flags) -> Iterator[tuple[str, int]]:
    """What a table leaves out and something else states; what every view has of it counts there."""
    ledger = content.ledger
    left = left & content.merge
    always = dict(zip(ledger.names["base"], ledger.base_graphs, strict=True)).get(name)
    if always is not None:
        left[numbers(always)] = False
    for number in np.flatnonzero(left).tolist():
        yield name, number


def _claims(content: Content, start: str) -> Iterator[tuple[str, int]]:
    """The triples of claims of the view that are cut from them there and stated elsewhere."""
    names, own = content.ledger.names["claims"], content.ledger.claims.own
    items = numbers(own.items)
    places = np.flatnonzero(np.repeat(content.claims, own.sizes) & ~content.own & content.merge[items])
    for owner, number in zip(own.owners(places).tolist(), items[places].tolist(), strict=True):
        yield f"{start}{names[owner]}", number


def _provenance(content: Content) -> Flags:
    """What the provenance graph states in any view."""
    ledger = content.ledger
    claims, attestations, sources = ledger.claims, ledger.attestations, ledger.sources
    told = (claims.described, attestations.own, sources.own, ledger.inferences.described)
    return _any(content, *told, claims.taken_back, attestations.taken_back, sources.taken_back)


def _register(content: Content) -> Flags:
    """What the register states in any view."""
    return _any(content, content.ledger.things.own, content.ledger.things.taken_back)


def _any(content: Content, *tables: Lists) -> Flags:
    found = np.zeros(len(content.ledger.plain), np.bool_)
    for table in tables:
        found[numbers(table.items)] = True
    return found
