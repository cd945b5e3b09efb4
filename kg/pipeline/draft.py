"""From what is asserted to the lines and the documents of a generation, with as little as possible held at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from pyoxigraph import Quad, RdfFormat, Triple, parse

from kg import rdf, reasoning
from kg.facts.tables import Facts
from kg.pipeline.counts import counted
from kg.pipeline.memory import settle
from kg.pipeline.report import Stopwatch
from kg.reasoning import Reasoned
from kg.store import indexing
from kg.store.publication import named_lines, sorted_lines
from kg.store.search import INDEX
from kg.terms import Names
from kg.views import ledger as ledgers
from kg.views import view
from kg.views.entries import entries
from kg.views.overview import overview


@dataclass(frozen=True)
class Draft:
    """What a generation is to hold.

    `named` are the lines of the named graphs and `merge` those of the current triples, as N-Quads; of
    `documents` the ledger, the calendar, the table of derivations and the index are there already.
    """

    named: bytes
    merge: bytes
    documents: Mapping[str, bytes]
    counts: Mapping[str, int]

    def triples(self) -> Iterator[Triple]:
        """Read the triples of the merge, one after the other."""
        return triples_of(self.merge)


def drafted(
    facts: Facts,
    asserted: list[Quad],
    reason: Callable[[Iterable[Quad]], Reasoned],
    names: Names,
    watch: Stopwatch,
    say: Callable[[str], None],
) -> Draft:
    """Infer what follows, merge, keep the ledger of views, and index.

    `asserted` is empty afterwards: a quad as an object takes more than twice what it takes as a line,
    and all that comes after works on lines.
    """
    say("Inferring what follows")
    with watch.step("infer"):
        current = rdf.current(asserted, names)
        ever = [*asserted, *reasoning.canonical(rdf.past_quads(facts, names))]
        reasoned_ever = reason(ever)
        reasoned = reasoned_ever if len(ever) == len(current) else reasoned_ever.within(current, names)
        inferred = list(reasoned.quads(names))
        del ever
        settle()

    say("Merging")
    with watch.step("merge"):
        named = named_lines([*asserted, *inferred])
        merge = sorted_lines(quad.triple for quads in (current, inferred) for quad in quads)
        del current
        inferred.clear()
        settle()

    say("Keeping the ledger of views")
    documents: dict[str, bytes] = {}
    with watch.step("keep the ledger"):
        ledger, texts = entries(facts, asserted, reasoned_ever, triples_of(merge), names)
        asserted.clear()
        documents["derivations.txt"] = reasoned.derivations.dumps().encode()
        del reasoned, reasoned_ever
        documents[ledgers.FILE] = ledger.dumps(texts)
        documents[view.FILE] = overview(ledger).dumps()
        del ledger, texts
        settle()

    say("Indexing names and claims")
    with watch.step("index"):
        documents[INDEX] = indexing.index(_quads_of(named), names)
        counts = counted(facts, _quads_of(named), merge.count(b"\n"), names)
        settle()
    return Draft(named, merge, documents, counts)


def triples_of(merge: bytes) -> Iterator[Triple]:
    """Read the triples that stand in lines."""
    return (quad.triple for quad in _quads_of(merge))


def _quads_of(lines: bytes) -> Iterator[Quad]:
    return parse(lines, format=RdfFormat.N_QUADS)
