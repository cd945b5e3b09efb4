"""How much of everything a generation holds."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from pyoxigraph import NamedNode, Quad, Triple

from kg import rdf
from kg.facts.tables import Facts
from kg.terms import FOE, OWL, RDF, Names


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
        "claims": len(_instances(evidence, FOE["Claim"])),
        "claims retracted": len(rdf.retracted(evidence, names)),
        "attestations": len(_instances(evidence, FOE["Attestation"])),
        "sources": len(_instances(evidence, FOE["Source"])),
        "things": len(facts.things),
        "quads": len(evidence),
        "inferred quads": len(conclusions),
        "inference graphs": len({quad.graph_name for quad in conclusions}),
        "triples in the merge": len(merged),
        "classes": len(_instances(evidence, OWL["Class"])),
        "properties": sum(len(_instances(evidence, OWL[f"{kind}Property"])) for kind in ("Object", "Datatype")),
    }


def _instances(quads: Iterable[Quad], kind: NamedNode) -> set[object]:
    return {quad.subject for quad in quads if quad.predicate == RDF["type"] and quad.object == kind}
