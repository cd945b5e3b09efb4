"""How much of everything a generation holds."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from pyoxigraph import NamedNode, Quad

from kg.facts.tables import Facts
from kg.terms import FOE, OWL, RDF, Names


def counted(facts: Facts, evidence: Iterable[Quad], merged: int, names: Names) -> dict[str, int]:
    """Count claims, attestations, quads and terms, in the order in which a report shows them.

    `evidence` are the quads of all named graphs, each once, and `merged` is how many triples are current.
    """
    instances: defaultdict[object, set[object]] = defaultdict(set)
    inferences: defaultdict[str, int] = defaultdict(int)
    retracted: set[object] = set()
    quads = 0
    kind, taken_back, provenance = RDF["type"], FOE["retracted"], names.provenance
    claims, inferred = f"<{names.base}id/claim/", names.inference("").value
    for quad in evidence:
        quads += 1
        if quad.predicate == kind:
            instances[quad.object].add(quad.subject)
        graph = quad.graph_name
        if quad.predicate == taken_back and graph == provenance and str(quad.subject).startswith(claims):
            retracted.add(quad.subject)
        if isinstance(graph, NamedNode) and graph.value.startswith(inferred):
            inferences[graph.value] += 1
    return {
        "claims": len(instances[FOE["Claim"]]),
        "claims retracted": len(retracted),
        "attestations": len(instances[FOE["Attestation"]]),
        "sources": len(instances[FOE["Source"]]),
        "things": len(facts.things),
        "quads": quads,
        "inferred quads": sum(inferences.values()),
        "inference graphs": len(inferences),
        "triples in the merge": merged,
        "classes": len(instances[OWL["Class"]]),
        "properties": len(instances[OWL["ObjectProperty"]]) + len(instances[OWL["DatatypeProperty"]]),
    }
