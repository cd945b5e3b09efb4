"""Small ontologies, each a step inside or outside OWL 2 DL and RL; what they are in is OWLAPI's to say."""

PREFIXES = """\
@prefix : <https://example.org/ns#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .

<https://example.org/ns> a owl:Ontology .
:A a owl:Class . :B a owl:Class . :C a owl:Class .
:p a owl:ObjectProperty . :q a owl:ObjectProperty . :r a owl:ObjectProperty . :d a owl:DatatypeProperty .
"""
SOME = "[ a owl:Restriction ; owl:onProperty :p ; owl:someValuesFrom :B ]"
CASES = {
    "nothing-more": "",
    "subclass": ":A rdfs:subClassOf :B .",
    "undeclared-class": ":A rdfs:subClassOf :Z .",
    "undeclared-property": ":x a :A ; :z :y .",
    "undeclared-type": ":x a :Z .",
    "some-on-the-right": f":A rdfs:subClassOf {SOME} .",
    "some-on-the-left": f"{SOME} rdfs:subClassOf :A .",
    "all-on-the-right": ":A rdfs:subClassOf [ a owl:Restriction ; owl:onProperty :p ; owl:allValuesFrom :B ] .",
    "all-on-the-left": "[ a owl:Restriction ; owl:onProperty :p ; owl:allValuesFrom :B ] rdfs:subClassOf :A .",
    "union-on-the-left": "[ a owl:Class ; owl:unionOf ( :B :C ) ] rdfs:subClassOf :A .",
    "union-on-the-right": ":A rdfs:subClassOf [ a owl:Class ; owl:unionOf ( :B :C ) ] .",
    "intersection-on-the-right": ":A rdfs:subClassOf [ a owl:Class ; owl:intersectionOf ( :B :C ) ] .",
    "complement-on-the-right": ":A rdfs:subClassOf [ a owl:Class ; owl:complementOf :B ] .",
    "complement-on-the-left": "[ a owl:Class ; owl:complementOf :B ] rdfs:subClassOf :A .",
    "one-of-on-the-left": "[ a owl:Class ; owl:oneOf ( :x :y ) ] rdfs:subClassOf :A .",
    "one-of-on-the-right": ":A rdfs:subClassOf [ a owl:Class ; owl:oneOf ( :x :y ) ] .",
    "has-value": ":A owl:equivalentClass [ a owl:Restriction ; owl:onProperty :p ; owl:hasValue :x ] .",
    "equivalent-some": f":A owl:equivalentClass {SOME} .",
    "at-most-one": ":A rdfs:subClassOf [ a owl:Restriction ; owl:onProperty :p ; "
    'owl:maxCardinality "1"^^xsd:nonNegativeInteger ] .',
    "at-most-two": ":A rdfs:subClassOf [ a owl:Restriction ; owl:onProperty :p ; "
    'owl:maxCardinality "2"^^xsd:nonNegativeInteger ] .',
    "at-least-one": ":A rdfs:subClassOf [ a owl:Restriction ; owl:onProperty :p ; "
    'owl:minCardinality "1"^^xsd:nonNegativeInteger ] .',
    "union-as-domain": ":p rdfs:domain [ a owl:Class ; owl:unionOf ( :A :B ) ] .",
    "named-domain": ":p rdfs:domain :A ; rdfs:range :B .",
    "transitive": ":p a owl:TransitiveProperty .",
    "transitive-and-functional": ":p a owl:TransitiveProperty, owl:FunctionalProperty .",
    "above-transitive-and-functional": ":p a owl:TransitiveProperty ; rdfs:subPropertyOf :q . "
    ":q a owl:FunctionalProperty .",
    "transitive-and-counted": ":p a owl:TransitiveProperty . "
    ":A rdfs:subClassOf [ a owl:Restriction ; owl:onProperty :p ; "
    'owl:maxCardinality "1"^^xsd:nonNegativeInteger ] .',
    "chain": ":p owl:propertyChainAxiom ( :q :r ) .",
    "chain-into-itself": ":p owl:propertyChainAxiom ( :p :q ) .",
    "chain-irregular": ":p owl:propertyChainAxiom ( :q :r ) . :q owl:propertyChainAxiom ( :p :r ) .",
    "chain-with-itself-inside": ":p owl:propertyChainAxiom ( :q :p :r ) .",
    "chain-and-disjoint": ":p owl:propertyChainAxiom ( :q :r ) . :p owl:propertyDisjointWith :q .",
    "two-kinds-of-property": ":p a owl:DatatypeProperty .",
    "class-and-individual": ":A a :B .",
    "class-and-property": ":A a owl:ObjectProperty .",
    "date-range": ":d rdfs:range xsd:date .",
    "decimal-range": ":d rdfs:range xsd:decimal .",
    "real-range": ":d rdfs:range owl:real .",
    "ill-typed": ':x a :A ; :d "no"^^xsd:integer .',
    "date-value": ':x a :A ; :d "2026-01-01"^^xsd:date .',
    "reflexive": ":p a owl:ReflexiveProperty .",
    "asymmetric-and-inverse": ":p a owl:AsymmetricProperty ; owl:inverseOf :q .",
    "disjoint-union": ":A owl:disjointUnionOf ( :B :C ) .",
    "key": ":A owl:hasKey ( :p :d ) .",
    "disjoint": ":A owl:disjointWith :B .",
    "all-disjoint": "[ a owl:AllDisjointClasses ; owl:members ( :A :B :C ) ] .",
    "same-as": ":x a :A ; owl:sameAs :y . :y a :B .",
    "thing-above": ":A rdfs:subClassOf owl:Thing .",
    "label": ':A rdfs:label "a"@en ; skos:note "n" . skos:note a owl:AnnotationProperty .',
    "date-in-an-annotation": ':A :note "2026-01-01"^^xsd:date . :note a owl:AnnotationProperty .',
    "date-about-the-ontology": '<https://example.org/ns> :on "2026-01-01"^^xsd:date . :on a owl:AnnotationProperty .',
    "undeclared-annotation": ':A skos:note "n" .',
    "has-self": ":A rdfs:subClassOf [ a owl:Restriction ; owl:onProperty :p ; owl:hasSelf true ] .",
    "negative-assertion": "[ a owl:NegativePropertyAssertion ; owl:sourceIndividual :x ; owl:assertionProperty :p ; "
    "owl:targetIndividual :y ] . :x a :A . :y a :A .",
}
