"""Small random graphs that use every construct the rules cover, and reasoning done the slow and plain way."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from hypothesis import strategies as st
from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, Store, Triple

from kg.assets import find
from kg.terms import FOE, OWL, RDF, RDFS, XSD, Names

CLASSES = [FOE[name] for name in ("Agent", "Polity", "Alliance", "Place")]
PROPERTIES = [FOE[name] for name in ("near", "within", "borders", "allied", "holds", "owns")]
THINGS = [Names().thing(f"polity/p{number}") for number in range(5)]
ONTOLOGY = Names().vocabulary("ontology/core")
GRAPHS = [Names().claim(f"c{number}") for number in range(5)]
LIST, TAIL = (NamedNode(f"urn:list:{number}") for number in (1, 2))
CHAIN = [
    Triple(FOE["owns"], OWL["propertyChainAxiom"], LIST),
    Triple(LIST, RDF["first"], FOE["holds"]),
    Triple(LIST, RDF["rest"], TAIL),
    Triple(TAIL, RDF["first"], FOE["within"]),
    Triple(TAIL, RDF["rest"], RDF["nil"]),
]
NUMBERS = [Literal(str(number), datatype=XSD["integer"]) for number in range(3)]

_class, _property, _thing = st.sampled_from(CLASSES), st.sampled_from(PROPERTIES), st.sampled_from(THINGS)
AXIOMS = st.one_of(
    st.builds(Triple, _class, st.sampled_from([RDFS["subClassOf"], OWL["equivalentClass"]]), _class),
    st.builds(
        Triple,
        _property,
        st.sampled_from([RDFS["subPropertyOf"], OWL["equivalentProperty"], OWL["inverseOf"]]),
        _property,
    ),
    st.builds(Triple, _property, st.sampled_from([RDFS["domain"], RDFS["range"]]), _class),
    st.builds(
        Triple, _property, st.just(RDF["type"]), st.sampled_from([OWL["SymmetricProperty"], OWL["TransitiveProperty"]])
    ),
)
FACTS = st.one_of(
    st.builds(Triple, _thing, _property, _thing),
    st.builds(Triple, _thing, st.just(RDF["type"]), _class),
    st.builds(Triple, _thing, st.just(FOE["count"]), st.sampled_from(NUMBERS)),
)
TRIPLES = st.builds(
    lambda axioms, facts, chain: sorted({*axioms, *facts, *(CHAIN if chain else [])}, key=str),
    st.lists(AXIOMS, max_size=6),
    st.lists(FACTS, max_size=10),
    st.booleans(),
)
QUADS = st.builds(
    lambda claims, chain: [*claims, *([Quad(*triple, ONTOLOGY) for triple in CHAIN] if chain else [])],
    st.lists(
        st.builds(lambda triple, graph: Quad(*triple, graph), st.one_of(AXIOMS, FACTS), st.sampled_from(GRAPHS)),
        max_size=14,
    ),
    st.booleans(),
)


def closed_plainly(triples: Iterable[Triple], slugs: Sequence[str]) -> set[Triple]:
    """Run the rules' own CONSTRUCT queries again and again until nothing is new: no table, no delta, no branches."""
    queries = [path.read_text() for path in find().queries_in("rules") if path.stem in slugs]
    assert len(queries) == len(slugs)
    known = set(triples)
    store = Store()
    store.extend(Quad(*triple, DefaultGraph()) for triple in known)
    while True:
        new = {triple for query in queries for triple in store.query(query)} - known
        if not new:
            return known
        known |= new
        store.extend(Quad(*triple, DefaultGraph()) for triple in new)
