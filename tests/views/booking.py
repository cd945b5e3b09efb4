"""The ledger of a graph made from rows, with what tests compare a view with."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from pyoxigraph import Triple

from kg import pipeline, rdf, reasoning, sources
from kg.assets import find
from kg.facts.reader import read_tables
from kg.facts.tables import Facts
from kg.reasoning import Rule
from kg.terms import Names
from kg.views.entries import entries
from kg.views.ledger import Ledger

NAMES = Names()


class Booked(NamedTuple):
    """A ledger, the texts of its triples, all that follows from all rows, and the merge of the current ones."""

    ledger: Ledger
    texts: list[bytes]
    reasoned: reasoning.Reasoned
    merged: set[Triple]


def real_facts() -> Facts:
    """All rows of the tables and the packages."""
    codes = rdf.concept_codes(find().turtle("concepts"), NAMES)
    return sources.with_reference_claims(read_tables(find().data, codes))


def book(facts: Facts, rules: Sequence[Rule]) -> Booked:
    """Make the ledger of rows as a build does."""
    asserted = pipeline.quads_of(facts, find(), NAMES)
    ever = [*asserted, *reasoning.canonical(rdf.past_quads(facts, NAMES))]
    reasoned = reasoning.reason(ever, rules, NAMES)
    current = rdf.current(asserted, NAMES)
    merged = rdf.merge([*current, *reasoned.within(current, NAMES).quads(NAMES)])
    ledger, texts = entries(facts, asserted, reasoned, merged, NAMES)
    return Booked(ledger, texts, reasoned, merged)
