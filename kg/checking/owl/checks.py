"""OWL: profiles, consistency, and classes that nothing can be in, with the axioms that make them so."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rdflib import OWL, RDF, RDFS, BNode, Literal, URIRef
from rdflib.term import Node

from kg.checking.context import Context
from kg.checking.findings import Finding, Related
from kg.checking.owl import justification, reasoner
from kg.checking.owl.justification import Axiom, Triple
from kg.checking.owl.profile import breaches
from kg.validation.index import Index

_WITNESS = URIRef("urn:foedus:witness")
_MOST = 20
# Without any of these, and without literals, one element in every class and related to itself is a model.
_NEGATIVE_WORDS = (
    *(
        OWL.complementOf,
        OWL.disjointWith,
        OWL.disjointUnionOf,
        OWL.differentFrom,
        OWL.propertyDisjointWith,
        OWL.hasSelf,
    ),
    *(OWL.maxCardinality, OWL.cardinality, OWL.maxQualifiedCardinality, OWL.qualifiedCardinality, OWL.minCardinality),
    *(OWL.minQualifiedCardinality, OWL.oneOf, OWL.datatypeComplementOf, OWL.onDatatype),
)
_NEGATIVE_TYPES = (
    *(OWL.AllDisjointClasses, OWL.AllDisjointProperties, OWL.AllDifferent, OWL.NegativePropertyAssertion),
    *(OWL.IrreflexiveProperty, OWL.AsymmetricProperty),
)
# What can be wrong about a literal.
_RANGES = (RDFS.range, OWL.hasKey, OWL.someValuesFrom, OWL.allValuesFrom, OWL.hasValue)
_NEGATIVE_TERMS = (OWL.Nothing, OWL.bottomObjectProperty, OWL.bottomDataProperty)


def check(context: Context) -> Iterator[Finding]:
    """Yield breaches of the profile, then contradictions."""
    if not context.classes and not context.properties:
        return
    yield from _profile(context)
    whole, declarations = justification.axioms(
        triple for file in context.files("ontology", "data") for triple in file.triples
    )
    relevant = _relevant(context, whole)
    try:
        yield from _contradictions(context, relevant, declarations)
    except reasoner.NotProven as error:
        yield context.finding("OWL04", f"consistency is not proven: {error}")


def _profile(context: Context) -> Iterator[Finding]:
    wanted = context.project.configuration.profile
    found = list(breaches(context.project.ontology))
    if wanted:
        kept = [each for each in found if each.profile == "DL" or wanted == "RL"]
        for each in kept:
            place = context.positions.of(each.node, each.predicate, among=("ontology",))
            message = f"{context.term(each.node)} {_prefixed(context, each.message)}"
            remedy = f"stay inside OWL 2 {each.profile}"
            yield context.finding("OWL01", message, remedy, place=place, focus=each.node, severity=None)
    else:
        outside = [each for each in found if each.profile == "DL"]
        if outside:
            first = outside[0]
            details = [f"{context.term(each.node)} {_prefixed(context, each.message)}" for each in outside[:_MOST]]
            yield context.finding(
                "OWL05",
                f"the ontology is not in OWL 2 DL: {len(outside)} breaches",
                'say profile = "DL" in foedus.toml to have each as an error',
                place=context.positions.of(first.node, first.predicate, among=("ontology",)),
                details=details,
            )


def _relevant(context: Context, whole: list[Axiom]) -> list[Axiom]:
    """The axioms that a reasoner looks at: no annotations."""
    ontology = context.project.ontology
    annotations = set(ontology.subjects(RDF.type, OWL.AnnotationProperty))
    logical = {*ontology.subjects(RDF.type, OWL.ObjectProperty), *ontology.subjects(RDF.type, OWL.DatatypeProperty)}
    words = {str(OWL), "http://www.w3.org/2000/01/rdf-schema#", str(RDF)}
    return [
        axiom
        for axiom in whole
        if axiom.root[1] not in annotations
        and (axiom.root[1] in logical or str(axiom.root[1]).rpartition("#")[0] + "#" in words)
    ]


def _contradictions(context: Context, whole: list[Axiom], declarations: list[Triple]) -> Iterator[Finding]:
    if _positive(Index(triple for axiom in whole for triple in axiom.triples)):
        return
    if reasoner.first_contradiction([justification.text(whole, declarations)]) is not None:
        cause = _cause(whole, declarations, [])
        yield _finding(context, "OWL02", "the ontology contradicts itself", cause, None)
        return
    for each in reasoner.empty_classes(justification.text(whole, declarations))[:_MOST]:
        witness: list[Triple] = [(_WITNESS, RDF.type, each)]
        message = f"nothing can be in {context.term(each)}"
        yield _finding(context, "OWL03", message, _cause(whole, declarations, witness), each)


def _cause(whole: list[Axiom], declarations: list[Triple], witness: list[Triple]) -> list[Axiom]:
    near = _near(whole, declarations, witness)

    def contradicts(sets: list[list[Axiom]]) -> int | None:
        return reasoner.first_contradiction([justification.text(each, declarations, witness) for each in sets])

    return justification.minimal(near, contradicts)


def _near(whole: list[Axiom], declarations: list[Triple], witness: list[Triple]) -> list[Axiom]:
    """For a class: the axioms within a few steps of it, as many as are needed for the contradiction."""
    if not witness:
        return whole
    known: set[Node] = {witness[0][2]}
    taken: list[Axiom] = []
    left = whole
    while left:
        step = [axiom for axiom in left if any(term in known for triple in axiom.triples for term in triple)]
        if not step:
            return whole
        taken += step
        left = [axiom for axiom in left if axiom not in step]
        known |= {
            term
            for axiom in step
            for triple in axiom.triples
            for term in triple
            if not isinstance(term, (Literal, BNode)) and not str(term).startswith("http://www.w3.org/")
        }
        if reasoner.first_contradiction([justification.text(taken, declarations, witness)]) is not None:
            return taken
    return whole


def _positive(graph: Index) -> bool:
    """Whether nothing is denied, so that nothing can contradict anything; literals are left to the reasoner."""
    if any(graph.having(word) for word in _NEGATIVE_WORDS):
        return False
    if any(graph.subjects(RDF.type, kind) for kind in _NEGATIVE_TYPES):
        return False
    ranged = bool(graph.subjects(RDF.type, OWL.FunctionalProperty)) or any(graph.having(word) for word in _RANGES)
    for triple in graph.match((None, None, None)):
        if isinstance(triple[2], Literal) and (ranged or triple[2].ill_typed):
            return False
        if any(term in _NEGATIVE_TERMS for term in triple):
            return False
    return True


def _finding(context: Context, name: str, message: str, cause: list[Axiom], focus: Node | None) -> Finding:
    placed = [(context.positions.of(*axiom.root), axiom) for axiom in cause]
    details = [f"{number}. {_told(context, axiom)}" for number, (_, axiom) in enumerate(placed, start=1)]
    related = [Related(place, _told(context, axiom)) for place, axiom in placed if place]
    place = context.positions.of(focus) if focus is not None else related[0].place if related else None
    remedy = f"these {len(cause)} axioms cannot all hold; correct one of them"
    return context.finding(name, message, remedy, place=place, focus=focus, related=related, details=details)


def _told(context: Context, axiom: Axiom) -> str:
    return " ".join(context.term(term) for term in axiom.root)


def _prefixed(context: Context, message: str) -> str:
    return re.sub(r"<([^<>]*)>", lambda found: context.project.short(found[1]), message)
