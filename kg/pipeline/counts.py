"""How much of everything a generation holds."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from pyoxigraph import NamedNode, Quad, Triple

from kg.facts.tables import Facts
from kg.terms import OWL, RDF, Names


def counted(
    facts: Facts,
    evidence: Collection[Quad],
    merged: Collection[Triple],
    inferred: Iterable[Quad],
    names: Names,
) -> dict[str, int]:
    """Count claims, attestations, quads and terms, in the order in which a report shows them."""
    conclusions = [quad for quad in inferred if quad.graph_name != names.provenance]
    return {
        "claims": len(facts.claims),
        "claims retracted": sum(claim.retracted is not None for claim in facts.claims),
        "attestations": len(facts.attestations),
        "sources": len(facts.sources),
        "things": len(facts.things),
        "quads": len(evidence),
        "inferred quads": len(conclusions),
        "inference graphs": len({quad.graph_name for quad in conclusions}),
        "triples in the merge": len(merged),
        "classes": _declared(evidence, OWL["Class"]),
        "properties": sum(_declared(evidence, OWL[f"{kind}Property"]) for kind in ("Object", "Datatype")),
    }


def _declared(quads: Iterable[Quad], kind: NamedNode) -> int:
    return len({quad.subject for quad in quads if quad.predicate == RDF["type"] and quad.object == kind})
