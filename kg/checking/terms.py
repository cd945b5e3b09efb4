"""TRM: terms that nobody declares, that nothing uses, or that are deprecated."""

from __future__ import annotations

from collections.abc import Iterator

from rdflib import OWL, RDF, RDFS, SH, SKOS, XSD, Literal, URIRef
from rdflib.term import Node

from kg.checking.context import CLASS_USES, PROPERTY_USES, Context, meant, names_of, namespace_of
from kg.checking.findings import Finding
from kg.checking.project import File

_CLASS_SHAPES = {SH.targetClass, SH["class"]}
_PROPERTY_SHAPES = {
    *(SH.path, SH.targetSubjectsOf, SH.targetObjectsOf, SH.equals, SH.disjoint, SH.lessThan, SH.lessThanOrEquals),
    *(SH.inversePath, SH.zeroOrMorePath, SH.oneOrMorePath, SH.zeroOrOnePath),
}
_SPACES = (RDF, RDFS, OWL, SKOS, XSD)
# In the namespaces of RDF, OWL and XML Schema, and not in rdflib's lists.
_ALSO = {
    *(str(RDF.HTML), f"{RDF}langString", f"{RDF}JSON", f"{RDF}CompoundLiteral", f"{OWL}rational", f"{OWL}real"),
    *(f"{XSD}{name}" for name in ("anyType", "anySimpleType", "anyAtomicType")),
}


def check(context: Context) -> Iterator[Finding]:
    """Yield undeclared, unused and deprecated terms."""
    declared = _described(context)
    known = {str(space): {f"{space}{name}" for name in names_of(space)} | _ALSO for space in _SPACES}
    used: set[Node] = set()
    deprecated = _deprecated(context)
    told: set[tuple[int, Node]] = set()
    for file in context.files():
        for triple in file.triples:
            for term in _uses(triple):
                if term != triple[0]:
                    used.add(term)
                if (file.number, term) in told or not isinstance(term, URIRef):
                    continue
                told.add((file.number, term))
                yield from _judge(context, file, term, declared, known)
        for term in deprecated & {part for triple in file.triples for part in triple[1:]}:
            if term in used and file.purpose != "ontology":
                place = context.positions.use(file, term)
                message = f"{context.term(term)} is deprecated"
                yield context.finding("TRM03", message, deprecation(context, term), place=place, focus=term)
    yield from _unused(context, used)


def _uses(triple: tuple[Node, Node, Node]) -> Iterator[Node]:
    """The classes and properties that a triple uses."""
    _, predicate, value = triple
    yield predicate
    if predicate in CLASS_USES | PROPERTY_USES | _CLASS_SHAPES | _PROPERTY_SHAPES or predicate == RDF.first:
        if predicate != RDF.first:
            yield value
    elif isinstance(value, Literal) and value.datatype is not None and str(value.datatype).startswith(str(XSD)):
        yield value.datatype


def _judge(
    context: Context, file: File, term: URIRef, declared: set[str], known: dict[str, set[str]]
) -> Iterator[Finding]:
    text, space = str(term), namespace_of(term)
    if space in known:
        names = known[space]
        if text not in names and text not in declared and not text.startswith(f"{RDF}_") and text != space:
            guess = meant(text, names)
            remedy = f"did you mean {context.project.short(guess)}?" if guess else "look the term up"
            message = f"{context.term(term)} is no term of its vocabulary"
            yield context.finding("TRM04", message, remedy, place=context.positions.use(file, term), focus=term)
    elif space in context.own and declared and text not in declared:
        guess = meant(text, declared)
        remedy = f"did you mean {context.project.short(guess)}?" if guess else "declare it in the ontology"
        message = f"{context.term(term)} is declared nowhere"
        yield context.finding("TRM01", message, remedy, place=context.positions.use(file, term), focus=term)


def _described(context: Context) -> set[str]:
    """Every IRI that the ontology says anything about."""
    return {
        str(subject)
        for file in context.files("ontology")
        for subject, _, _ in file.triples
        if isinstance(subject, URIRef)
    }


def _deprecated(context: Context) -> set[Node]:
    ontology = context.project.ontology
    return {
        *(each for each in ontology.having(OWL.deprecated) if _true(context, each)),
        *ontology.subjects(RDF.type, OWL.DeprecatedClass),
        *ontology.subjects(RDF.type, OWL.DeprecatedProperty),
    }


def _true(context: Context, term: Node) -> bool:
    return any(str(value) in ("true", "1") for value in context.project.ontology.objects(term, OWL.deprecated))


def deprecation(context: Context, term: Node) -> str:
    """What the ontology says should be used instead."""
    for predicate in (URIRef("http://purl.org/dc/terms/isReplacedBy"), RDFS.seeAlso):
        for value in context.project.ontology.objects(term, predicate):
            return f"use {context.term(value)}"
    return "use the term that replaces it"


def _unused(context: Context, used: set[Node]) -> Iterator[Finding]:
    """Terms that neither data, shapes nor other terms use; asked only where there are data or shapes."""
    if not context.files("data", "shapes"):
        return
    for term in sorted((context.classes | context.properties) - used):
        if namespace_of(term) in context.own and not context.project.ontology.subjects(RDFS.subClassOf, term):
            message = f"{context.term(term)} is declared, and neither data nor shapes nor other terms use it"
            yield context.at("TRM02", term, message, "use it, or remove it before it is released")
