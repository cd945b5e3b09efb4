"""Which constructs of OWL the rules cover; what they do not cover must not stand in the ontology."""

from __future__ import annotations

from collections.abc import Iterable

from pyoxigraph import NamedNode, Triple

from kg.errors import BuildFailed
from kg.terms import OWL, RDF, RDFS

# Properties and classes of RDFS and OWL from which the files in queries/rules/owl-rl/ draw the conclusions.
COVERED = {
    RDFS["subClassOf"],
    RDFS["subPropertyOf"],
    RDFS["domain"],
    RDFS["range"],
    OWL["equivalentClass"],
    OWL["equivalentProperty"],
    OWL["inverseOf"],
    OWL["propertyChainAxiom"],
    OWL["SymmetricProperty"],
    OWL["TransitiveProperty"],
}
# Those from which no triple about things follows: declarations, notes, and axioms that can only be contradicted.
# HermiT looks for contradictions in the ontology, the shapes look for them in the facts.
SILENT = {
    RDFS["label"],
    RDFS["comment"],
    RDFS["isDefinedBy"],
    RDFS["seeAlso"],
    RDFS["Literal"],
    RDFS["Datatype"],
    OWL["Ontology"],
    OWL["Class"],
    OWL["Thing"],
    OWL["ObjectProperty"],
    OWL["DatatypeProperty"],
    OWL["AnnotationProperty"],
    OWL["NamedIndividual"],
    OWL["AllDisjointClasses"],
    OWL["AllDisjointProperties"],
    OWL["members"],
    OWL["disjointWith"],
    OWL["propertyDisjointWith"],
    OWL["AsymmetricProperty"],
    OWL["IrreflexiveProperty"],
    OWL["deprecated"],
    OWL["versionIRI"],
    OWL["versionInfo"],
    OWL["priorVersion"],
    OWL["imports"],
}
CHAIN_LENGTH = 2


def uncovered(triples: Iterable[Triple]) -> list[str]:
    """Return, sorted, the constructs of RDFS and OWL in the triples that the rules would pass over in silence.

    Looked at are all predicates, and all classes that something is an instance of or is a kind of.
    """
    used: set[NamedNode] = set()
    rests: dict[object, object] = {}
    chains: list[Triple] = []
    classifying, rest, chain = {RDF["type"], RDFS["subClassOf"]}, RDF["rest"], OWL["propertyChainAxiom"]
    for triple in triples:
        predicate = triple.predicate
        used.add(predicate)
        if predicate in classifying and isinstance(triple.object, NamedNode):
            used.add(triple.object)
        elif predicate == rest:
            rests[triple.subject] = triple.object
        elif predicate == chain:
            chains.append(triple)
    languages = (OWL[""].value, RDFS[""].value)
    found = {term.value for term in used - COVERED - SILENT if term.value.startswith(languages)}
    for triple in chains:
        length = 0
        node: object = triple.object
        while node in rests and length <= CHAIN_LENGTH:
            length, node = length + 1, rests[node]
        if length != CHAIN_LENGTH:
            found.add(f"a chain of other than {CHAIN_LENGTH} properties at {triple.subject}")
    return sorted(found)


def check_covered(triples: Iterable[Triple]) -> None:
    """Raise BuildFailed when the triples use a construct that the rules do not cover."""
    missing = uncovered(triples)
    if missing:
        raise BuildFailed(
            f"the rules in queries/rules/owl-rl/ draw no conclusions from {', '.join(missing)}; "
            "add a rule for it, or say it in another way"
        )
