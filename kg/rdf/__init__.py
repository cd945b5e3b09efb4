"""Facts as quads: every quad in a graph that says why it is there. Pure: rows in, quads out."""

from __future__ import annotations

from kg.rdf.graphs import current, merge, retracted
from kg.rdf.quads import attestation_links, fact_quads, past_quads
from kg.rdf.vocabulary import concept_codes, vocabulary_quads

__all__ = [
    "attestation_links",
    "concept_codes",
    "current",
    "fact_quads",
    "merge",
    "past_quads",
    "retracted",
    "vocabulary_quads",
]
