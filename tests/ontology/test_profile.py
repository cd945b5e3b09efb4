"""The vocabulary stays inside OWL 2 DL and OWL 2 RL: a grammar of what it may say, and proof that the grammar bites.

Sources: https://www.w3.org/TR/owl2-profiles/#OWL_2_RL and https://www.w3.org/TR/owl2-syntax/#Global_Restrictions_on_Axioms_in_OWL_2_DL
"""

from collections.abc import Iterator

import pytest
from pyoxigraph import RdfFormat
from rdflib import OWL, RDF, RDFS, XSD, BNode, Graph, URIRef
from rdflib.collection import Collection

from kg.terms import FOE
from kg.validation import parse, union

KINDS = (OWL.AnnotationProperty, OWL.Class, OWL.DatatypeProperty, OWL.ObjectProperty)
TYPES = {*KINDS, OWL.Ontology, OWL.SymmetricProperty, OWL.TransitiveProperty}
AXIOMS = {
    *(OWL.disjointWith, OWL.inverseOf, OWL.propertyChainAxiom, OWL.versionIRI),
    *(RDF.first, RDF.rest, RDF.type),
    *(RDFS.domain, RDFS.isDefinedBy, RDFS.label, RDFS.range, RDFS.subClassOf, RDFS.subPropertyOf),
}
# The datatypes that OWL 2 RL allows and this ontology needs.
DATATYPES = {RDFS.Literal, XSD.anyURI, XSD.boolean, XSD.decimal, XSD.string}


def breaches(graph: Graph) -> Iterator[str]:
    """Yield what the graph says that the grammar does not allow."""
    kinds = {kind: set(graph.subjects(RDF.type, kind)) for kind in KINDS}
    annotation, classes, data, objects = (kinds[kind] for kind in KINDS)
    for first, second in ((a, b) for a in KINDS for b in KINDS if a < b):
        for term in kinds[first] & kinds[second]:
            yield f"{term} is of two kinds"
    for subject, predicate, value in graph:
        if predicate == RDF.type and value not in TYPES:
            yield f"{subject} is a {value}"
        elif predicate not in AXIOMS | annotation:
            yield f"{subject} has the undeclared {predicate}"
    for smaller, larger in (RDFS.subClassOf, classes), (OWL.disjointWith, classes):
        for one, other in graph.subject_objects(smaller):
            if not {one, other} <= larger:
                yield f"{one} {smaller} {other}: not between named classes"
    for one, other in graph.subject_objects(RDFS.subPropertyOf):
        if not ({one, other} <= objects or {one, other} <= data):
            yield f"{one} is a sub-property of {other}, of another kind"
    for one, other in graph.subject_objects(OWL.inverseOf):
        if not {one, other} <= objects:
            yield f"{one} is the inverse of {other}: not between object properties"
    for term, domain in graph.subject_objects(RDFS.domain):
        if term not in objects | data or domain not in classes:
            yield f"{term} has the domain {domain}: not a named class"
    for term, wide in graph.subject_objects(RDFS.range):
        if wide not in (DATATYPES if term in data else classes):
            yield f"{term} has the range {wide}"
    for property_type in (OWL.SymmetricProperty, OWL.TransitiveProperty):
        for term in set(graph.subjects(RDF.type, property_type)) - objects:
            yield f"{term} is a {property_type} and no object property"
    yield from _irregular(graph, objects)


def _irregular(graph: Graph, objects: set) -> Iterator[str]:
    """Chains have two links, and an order of the properties exists in which each follows those it is made from."""
    before = {(a, b) for a, b in graph.subject_objects(RDFS.subPropertyOf)}
    for whole, node in graph.subject_objects(OWL.propertyChainAxiom):
        links = list(Collection(graph, node))
        if len(links) != 2 or not {whole, *links} <= objects:
            yield f"{whole} has a chain of {links}"
        if links == [whole, whole]:
            yield f"{whole} is transitive by a chain; say so with owl:TransitiveProperty"
        before |= {(link, whole) for link in links if link != whole}
    inverse = dict(graph.subject_objects(OWL.inverseOf))
    inverse |= {b: a for a, b in inverse.items()}
    before |= {(inverse.get(a, a), b) for a, b in before} | {(a, inverse.get(b, b)) for a, b in before}
    reach = set(before)
    while True:
        more = {(a, d) for a, b in reach for c, d in before if b == c} - reach
        if not more:
            break
        reach |= more
    for a, b in reach:
        if a == b:
            yield f"{a} comes before itself in the order of properties"


def test_the_vocabulary_keeps_the_grammar(vocabulary):
    assert sorted(breaches(vocabulary)) == []


def test_nothing_is_imported_and_nothing_is_functional(vocabulary):
    assert not list(vocabulary.subject_objects(OWL.imports))
    assert not list(vocabulary.subjects(RDF.type, OWL.FunctionalProperty)), "two values on a thing would merge things"
    assert not list(vocabulary.subjects(OWL.hasKey))


def test_blank_nodes_stand_in_lists_only(vocabulary):
    """A blank node has no name of its own, so that two builds could differ."""
    for subject, predicate, _ in vocabulary:
        assert not isinstance(subject, BNode) or predicate in (RDF.first, RDF.rest)


def test_there_is_inference_that_pays(vocabulary):
    assert len(set(vocabulary.subjects(RDF.type, OWL.Class))) > 60
    assert len(set(vocabulary.subject_objects(RDFS.subClassOf))) > 50
    assert len(set(vocabulary.subjects(RDFS.subPropertyOf, URIRef(f"{FOE}involves")))) > 15
    assert (URIRef(f"{FOE}locatedIn"), RDF.type, OWL.TransitiveProperty) in vocabulary
    under = URIRef(f"{FOE}under")
    links = Collection(vocabulary, vocabulary.value(under, OWL.propertyChainAxiom))
    assert list(links) == [under, URIRef(f"{FOE}provisionOf")]


@pytest.mark.parametrize(
    "turtle",
    [
        "foe:number rdfs:domain [ a owl:Class ; owl:unionOf ( foe:Event foe:Process ) ] .",
        "foe:Event rdfs:subClassOf [ a owl:Restriction ; owl:onProperty foe:place ; owl:someValuesFrom foe:Place ] .",
        "foe:asOf rdfs:range xsd:date .",
        "foe:duration rdfs:range xsd:duration .",
        "foe:holder a owl:FunctionalProperty .",
        "foe:Event a owl:ObjectProperty .",
        "foe:Event rdfs:subClassOf foe:Undeclared .",
        "foe:holder rdfs:subPropertyOf foe:number .",
        "foe:number owl:inverseOf foe:holder .",
        "foe:Event foe:undeclared foe:Meeting .",
        "foe:Event owl:hasKey ( foe:number ) .",
        "foe:provisionOf owl:propertyChainAxiom ( foe:under foe:provisionOf ) .",
        "<https://w3id.org/foedus/ontology/core> owl:imports <http://www.w3.org/ns/prov-o#> .",
    ],
)
def test_the_grammar_bites(turtle, vocabulary):
    prefixes = "".join(f"@prefix {p}: <{n}> .\n" for p, n in (("foe", FOE), ("owl", OWL), ("rdfs", RDFS), ("xsd", XSD)))
    assert list(breaches(union((vocabulary, parse((prefixes + turtle).encode(), RdfFormat.TURTLE)))))
