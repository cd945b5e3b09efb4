"""What an independent reasoner, owlrl, says of a graph, beside what our closure says."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import owlrl
import rdflib
from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse, serialize

from kg.reasoning import Derivations, Rule
from kg.terms import FOE, RDF


def differences(
    asserted: Iterable[Triple], derivations: Derivations, rules: Sequence[Rule]
) -> tuple[set[Triple], set[Triple]]:
    """Return what owlrl entails and our closure lacks, and what our closure has and owlrl does not entail.

    owlrl gets the asserted triples and what the rules of our own conclude, the rules that are not OWL's.
    Compared are the triples between two different terms whose predicate, or class where it is rdf:type,
    is ours. Literals are compared by value, since owlrl states equal ones of each other.
    """
    asserted = set(asserted)
    own = {rule.slug for rule in rules if "owl-rl" not in rule.tags}
    given = asserted | {step.conclusion for step in derivations if step.rule in own}
    graph = rdflib.Graph()
    graph.parse(data=serialize(given, format=RdfFormat.N_TRIPLES), format="ntriples")
    owlrl.DeductiveClosure(owlrl.OWLRL_Semantics, axiomatic_triples=False, datatype_axioms=False).expand(graph)
    entailed = _read(graph)
    closed = derivations.closure(asserted)
    return _compared(entailed) - _compared(closed), _compared(closed) - _compared(entailed)


def _read(graph: rdflib.Graph) -> set[Triple]:
    lines = "\n".join(
        f"{subject.n3()} {predicate.n3()} {term.n3()} ."
        for subject, predicate, term in graph
        if isinstance(subject, rdflib.URIRef) and isinstance(predicate, rdflib.URIRef)
    )
    return {quad.triple for quad in parse(lines, format=RdfFormat.N_TRIPLES)}


def _compared(triples: Iterable[Triple]) -> set[Triple]:
    return {
        Triple(triple.subject, triple.predicate, _value(triple.object))
        for triple in triples
        if triple.subject != triple.object
        and _ours(triple.object if triple.predicate == RDF["type"] else triple.predicate)
    }


def _ours(term: object) -> bool:
    return isinstance(term, NamedNode) and term.value.startswith(FOE)


def _value(term: object) -> object:
    if isinstance(term, Literal) and not term.language:
        literal = rdflib.Literal(term.value, datatype=rdflib.URIRef(term.datatype.value), normalize=True)
        return Literal(str(literal), datatype=term.datatype)
    return term
