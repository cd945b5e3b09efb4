"""The grammar of OWL 2 DL on triples: kinds, declarations, class expressions, literals, individuals.

Source: https://www.w3.org/TR/owl2-syntax/
"""

from __future__ import annotations

from collections.abc import Iterator

from rdflib import OWL, RDF, RDFS, XSD, BNode, Literal, URIRef
from rdflib.term import Node

from kg.checking.owl.breach import Breach
from kg.checking.owl.vocabulary import BUILT_IN_CLASSES, BUILT_IN_PROPERTIES, DATATYPES, Declared, reserved

_STRUCTURE = {
    *(RDF.type, RDF.first, RDF.rest, RDFS.subClassOf, RDFS.subPropertyOf, RDFS.domain, RDFS.range),
    *(OWL.equivalentClass, OWL.disjointWith, OWL.complementOf, OWL.equivalentProperty, OWL.propertyDisjointWith),
    *(OWL.inverseOf, OWL.propertyChainAxiom, OWL.onProperty, OWL.onProperties, OWL.someValuesFrom, OWL.allValuesFrom),
    *(OWL.hasValue, OWL.hasSelf, OWL.cardinality, OWL.minCardinality, OWL.maxCardinality, OWL.qualifiedCardinality),
    *(OWL.minQualifiedCardinality, OWL.maxQualifiedCardinality, OWL.onClass, OWL.onDataRange, OWL.unionOf),
    *(OWL.intersectionOf, OWL.oneOf, OWL.disjointUnionOf, OWL.hasKey, OWL.members, OWL.distinctMembers),
    *(OWL.sameAs, OWL.differentFrom, OWL.imports, OWL.versionIRI, OWL.onDatatype, OWL.withRestrictions),
    *(OWL.datatypeComplementOf, OWL.sourceIndividual, OWL.assertionProperty, OWL.targetIndividual, OWL.targetValue),
    *(OWL.annotatedSource, OWL.annotatedProperty, OWL.annotatedTarget),
}
_TYPES = {
    *(OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty, OWL.NamedIndividual, OWL.Ontology),
    *(OWL.Restriction, OWL.Axiom, OWL.Annotation, OWL.AllDisjointClasses, OWL.AllDisjointProperties, OWL.AllDifferent),
    *(OWL.NegativePropertyAssertion, RDFS.Datatype, OWL.FunctionalProperty, OWL.InverseFunctionalProperty),
    *(OWL.TransitiveProperty, OWL.SymmetricProperty, OWL.AsymmetricProperty, OWL.ReflexiveProperty),
    *(OWL.IrreflexiveProperty, OWL.DeprecatedClass, OWL.DeprecatedProperty, OWL.DataRange, OWL.OntologyProperty),
    *(RDF.List, OWL.Thing, OWL.Nothing),
}
_BUILT_IN = {*DATATYPES, *BUILT_IN_CLASSES, *(term for terms in BUILT_IN_PROPERTIES.values() for term in terms)}


class Dl:
    """The grammar of OWL 2 DL, but for the order of properties."""

    def __init__(self, declared: Declared) -> None:
        self._declared = declared
        self._graph = declared.graph

    def breaches(self) -> Iterator[Breach]:
        """Yield what no ontology in OWL 2 DL may say."""
        for check in (self._kinds, self._types, self._predicates, self._expressions, self._literals, self._individuals):
            for node, message, predicate in check():
                yield Breach("DL", node, message, predicate)

    def _kinds(self) -> Iterator[tuple[Node, str, Node | None]]:
        """A name may be a class and an individual, but not two kinds of property, or class and datatype."""
        kinds = {
            "an object property": self._declared.objects,
            "a datatype property": self._declared.data,
            "an annotation property": self._declared.annotations,
        }
        names = list(kinds)
        for number, one in enumerate(names):
            for other in names[number + 1 :]:
                for each in sorted(kinds[one] & kinds[other], key=str):
                    yield each, f"is {one} and {other}", RDF.type
        for each in sorted((self._declared.classes & self._declared.datatypes), key=str):
            yield each, "is a class and a datatype", RDF.type
        for kind in (OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty, RDFS.Datatype):
            for each in self._declared.kind(kind):
                if reserved(each) and each not in _BUILT_IN:
                    yield each, "is declared with a name that OWL keeps for itself", RDF.type

    def _types(self) -> Iterator[tuple[Node, str, Node | None]]:
        """Everything that is a class somewhere is declared as one."""
        for node in self._graph.having(RDF.type):
            for kind in self._graph.objects(node, RDF.type):
                if kind in _TYPES:
                    continue
                if reserved(kind):
                    yield node, f"is a {kind.n3()}, which OWL 2 has no use for", RDF.type
                elif isinstance(kind, URIRef) and kind not in self._declared.classes:
                    yield kind, "is used as a class and not declared", None

    def _predicates(self) -> Iterator[tuple[Node, str, Node | None]]:
        """Predicates are words of OWL, or declared properties with values of their kind."""
        declared = self._declared
        for predicate in sorted(self._graph.predicates(), key=str):
            if predicate in _STRUCTURE:
                continue
            if predicate in declared.annotations:
                continue
            if reserved(predicate) and predicate not in declared.objects | declared.data:
                if not str(predicate).startswith(str(XSD)) and str(predicate) != f"{RDF}langRange":
                    for node in self._graph.having(predicate):
                        yield node, f"has {predicate.n3()}, which OWL 2 has no use for", predicate
                continue
            if predicate not in declared.objects and predicate not in declared.data:
                yield predicate, "is used as a property and not declared", None
                continue
            for node in self._graph.having(predicate):
                for value in self._graph.objects(node, predicate):
                    if predicate in declared.objects and isinstance(value, Literal):
                        yield node, f"has the literal {value.n3()} for an object property", predicate
                    elif predicate in declared.data and not isinstance(value, Literal):
                        yield node, "has an individual for a datatype property", predicate

    def _expressions(self) -> Iterator[tuple[Node, str, Node | None]]:
        """Names in axioms and class expressions are declared, and blank nodes are expressions."""
        declared = self._declared
        for predicate in (RDFS.subClassOf, OWL.disjointWith, OWL.complementOf, OWL.onClass, RDFS.domain):
            for node in self._graph.having(predicate):
                if predicate == RDFS.domain and node in declared.annotations:
                    continue
                for each in (
                    (node, *self._graph.objects(node, predicate))
                    if predicate != OWL.onClass
                    else self._graph.objects(node, predicate)
                ):
                    if predicate == RDFS.domain and each == node:
                        continue
                    yield from self._class(each, node, predicate)
        for predicate in (OWL.someValuesFrom, OWL.allValuesFrom, RDFS.range, OWL.equivalentClass):
            for node in self._graph.having(predicate):
                if predicate == RDFS.range and node in declared.annotations:
                    continue
                for each in self._graph.objects(node, predicate):
                    if not declared.is_data_range(each):
                        yield from self._class(each, node, predicate)
                    elif isinstance(each, URIRef) and each not in declared.datatypes:
                        yield each, "is used as a datatype and not declared", None
        for predicate in (OWL.unionOf, OWL.intersectionOf, OWL.disjointUnionOf):
            for node in self._graph.having(predicate):
                for head in self._graph.objects(node, predicate):
                    for each in declared.items(head):
                        if not declared.is_data_range(each):
                            yield from self._class(each, node, predicate)
        for node in declared.kind(OWL.Restriction):
            on = declared.value(node, OWL.onProperty)
            if on is None:
                yield node, "is a restriction without owl:onProperty", None
            elif not declared.is_object(on) and on not in declared.data:
                yield on, "stands in a restriction and is no declared object or datatype property", None
        for predicate in (RDFS.subPropertyOf, OWL.equivalentProperty, OWL.propertyDisjointWith):
            for node in self._graph.having(predicate):
                for each in self._graph.objects(node, predicate):
                    for term in (node, each):
                        if not declared.is_object(term) and term not in declared.data | declared.annotations:
                            yield term, "is used as a property and not declared", None
        yield from self._rights()

    def _rights(self) -> Iterator[tuple[Node, str, Node | None]]:
        """Domains and ranges of data properties, and datatypes that the specification does not have."""
        declared = self._declared
        for node in self._graph.having(RDFS.range):
            for each in self._graph.objects(node, RDFS.range):
                if node in declared.data and not declared.is_data_range(each):
                    yield node, f"is a datatype property and has the class {each.n3()} as its range", RDFS.range
                elif node in declared.objects and declared.is_data_range(each):
                    yield node, f"is an object property and has the datatype {each.n3()} as its range", RDFS.range
        for each in declared.kind(RDFS.Datatype):
            if isinstance(each, URIRef) and reserved(each) and each not in DATATYPES:
                yield each, "is no datatype of OWL 2", RDF.type

    def _class(self, each: Node, node: Node, predicate: Node) -> Iterator[tuple[Node, str, Node | None]]:
        types = set(self._graph.objects(each, RDF.type))
        if isinstance(each, URIRef):
            if each not in self._declared.classes:
                what = (
                    "is no datatype of OWL 2"
                    if str(each).startswith(str(XSD))
                    else "is used as a class and not declared"
                )
                yield (node, f"has {each.n3()}, which {what}", predicate) if reserved(each) else (each, what, None)
        elif isinstance(each, Literal):
            yield node, "has a literal where a class belongs", predicate
        elif not types & {OWL.Class, OWL.Restriction}:
            yield node, "has a blank node where a class belongs, and it is no class expression", predicate

    def _literals(self) -> Iterator[tuple[Node, str, Node | None]]:
        """Literals have a datatype that is declared or of OWL 2, and fit it; in annotations they need not."""
        for subject, predicate, value in self._graph.match((None, None, None)):
            if predicate in self._declared.annotations:
                continue
            if isinstance(value, Literal) and value.datatype is not None and not value.language:
                if value.datatype not in self._declared.datatypes:
                    yield subject, f"has a value of {value.datatype.n3()}, which is no datatype of OWL 2", predicate
                elif value.ill_typed:
                    yield subject, f"has {value.n3()}, which does not fit its datatype", predicate

    def _individuals(self) -> Iterator[tuple[Node, str, Node | None]]:
        """Blank nodes stand for individuals where names must stand."""
        for predicate in (OWL.sameAs, OWL.differentFrom):
            for node in self._graph.having(predicate):
                for each in (node, *self._graph.objects(node, predicate)):
                    if isinstance(each, BNode):
                        yield node, "has a blank node where OWL 2 DL wants a named individual", predicate
        for node in self._graph.having(OWL.oneOf):
            for head in self._graph.objects(node, OWL.oneOf):
                if any(isinstance(each, BNode) for each in self._declared.items(head)):
                    yield node, "has a blank node in owl:oneOf", OWL.oneOf
        for node in self._graph.having(OWL.hasValue):
            if any(isinstance(each, BNode) for each in self._graph.objects(node, OWL.hasValue)):
                yield node, "has a blank node in owl:hasValue", OWL.hasValue
