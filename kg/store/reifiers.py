"""The claims in RDF 1.2: each claim reifies the triples that its graph states.

    <s> <p> <o> .                                    where the triple counts now
    <claim> rdf:reifies <<( <s> <p> <o> )>> .        for every triple of every claim, inference and dataset
    …                                                the provenance graph, as plain triples

What a graph is called is what the reifier is called, so the provenance says the same about both.
Source: https://www.w3.org/TR/rdf12-n-triples/
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pyoxigraph import NamedNode, Quad, Triple

from kg.terms import BASE, FOE, RDF, Names


def reified(quads: Iterable[Quad], names: Names | None = None) -> Iterator[Triple]:
    """The triples of RDF 1.2 for the quads of a dump; one that several graphs state is asserted once, if any counts."""
    names = names or Names(BASE)
    kept = list(quads)
    retracted = {
        quad.subject for quad in kept if quad.graph_name == names.provenance and quad.predicate == FOE["retracted"]
    }
    asserted: set[Triple] = set()
    for quad in kept:
        if not isinstance(quad.graph_name, NamedNode):
            continue
        if quad.graph_name not in retracted and quad.triple not in asserted:
            asserted.add(quad.triple)
            yield quad.triple
        if quad.graph_name != names.provenance:
            yield Triple(quad.graph_name, RDF["reifies"], quad.triple)
