"""Which graphs count now: the current ones, and the merge of what they say."""

from __future__ import annotations

from collections.abc import Iterable, Set

from pyoxigraph import NamedNode, Quad, Triple

from kg.terms import FOE, Names


def retracted(quads: Iterable[Quad], names: Names) -> set[NamedNode]:
    """Return the graphs of the claims that the provenance graph calls retracted."""
    predicate, provenance, claims = FOE["retracted"], names.provenance, f"{names.base}id/claim/"
    return {
        quad.subject
        for quad in quads
        if quad.predicate == predicate
        and quad.graph_name == provenance
        and isinstance(quad.subject, NamedNode)
        and quad.subject.value.startswith(claims)
    }


def current(quads: Iterable[Quad], names: Names) -> list[Quad]:
    """Return the quads of all graphs but those of retracted claims; these stay in the evidence only."""
    kept = list(quads)
    gone: Set[NamedNode] = retracted(kept, names)
    return [quad for quad in kept if quad.graph_name not in gone]


def merge(quads: Iterable[Quad]) -> set[Triple]:
    """Return what the graphs say, as a set: a triple that many graphs state counts once."""
    return {Triple(quad.subject, quad.predicate, quad.object) for quad in quads}
