"""The claims in other people's forms: RDF 1.2 reifiers and nanopublications say what the graphs say."""

import io

import pytest
from pyoxigraph import NamedNode, Quad, RdfFormat, Store, Triple, parse, serialize

from kg import rdf, reasoning
from kg.facts.reader import read_tables
from kg.store.nanopublications import NP, nanopublications
from kg.store.reifiers import reified
from kg.terms import BASE, FOE, PROV, RDF, Names
from tests.store.conftest import merged

NAMES = Names(BASE)


@pytest.fixture(scope="module")
def quads(found, small):
    codes = rdf.concept_codes(found.turtle("concepts"), NAMES)
    return reasoning.canonical(rdf.fact_quads(read_tables(found.with_data(small).data, codes), NAMES))


def claims(quads):
    return {quad.graph_name for quad in quads if quad.graph_name.value.startswith(f"{BASE}id/claim/")}


def test_reifiers_give_the_graphs_back(quads):
    file = io.BytesIO()
    serialize(reified(quads, NAMES), file, RdfFormat.N_TRIPLES)
    read = [quad.triple for quad in parse(file.getvalue(), RdfFormat.N_TRIPLES)]
    assert len(read) == len(set(read))
    back = {
        Quad(each.object.subject, each.object.predicate, each.object.object, each.subject)
        for each in read
        if each.predicate == RDF["reifies"]
    }
    assert back == {quad for quad in quads if quad.graph_name != NAMES.provenance}
    asserted = {each for each in read if each.predicate != RDF["reifies"]}
    assert asserted == merged(quads)
    assert claims(quads) <= {quad.graph_name for quad in back}


def test_a_retracted_claim_is_reified_and_not_asserted(quads):
    claim = min(claims(quads), key=str)
    day = next(quad.object for quad in quads if quad.predicate == FOE["recorded"])
    told = list(reified([*quads, Quad(claim, FOE["retracted"], day, NAMES.provenance)], NAMES))
    own = [quad.triple for quad in quads if quad.graph_name == claim]
    only = [each for each in own if not any(q.triple == each and q.graph_name != claim for q in quads)]
    assert only
    assert not set(only) & set(told)
    assert {Triple(claim, RDF["reifies"], each) for each in own} <= set(told)


def test_reifiers_answer_who_says_so(quads):
    store = Store()
    store.extend(Quad(*each) for each in reified(quads, NAMES))
    query = """
        PREFIX foe: <https://w3id.org/foedus/ontology#> PREFIX prov: <http://www.w3.org/ns/prov#>
        SELECT DISTINCT ?who ?source {
            ?statement foe:claimant ?who ~ ?claim . ?claim prov:hadPrimarySource ?source . }
    """
    assert len(list(store.query(query))) >= 1


def test_each_nanopublication_is_whole(quads):
    file = io.BytesIO()
    serialize(nanopublications(quads, NAMES), file, RdfFormat.TRIG)
    store = Store()
    store.load(file.getvalue(), RdfFormat.TRIG)
    wholes = list(store.quads_for_pattern(None, RDF["type"], NP["Nanopublication"], None))
    assert {quad.subject.value.removesuffix("#nanopublication") for quad in wholes} == {
        graph.value for graph in claims(quads)
    }
    sources = 0
    for quad in wholes:
        whole, head = quad.subject, quad.graph_name
        (assertion,), (provenance,), (publication,) = (
            [each.object for each in store.quads_for_pattern(whole, NP[name], None, head)]
            for name in ("hasAssertion", "hasProvenance", "hasPublicationInfo")
        )
        assert len(list(store.quads_for_pattern(None, None, None, head))) == 4
        stated = {each.triple for each in store.quads_for_pattern(None, None, None, assertion)}
        assert stated == {each.triple for each in quads if each.graph_name == assertion}
        assert any(each.subject == assertion for each in store.quads_for_pattern(None, None, None, provenance))
        assert all(each.subject == whole for each in store.quads_for_pattern(None, None, None, publication))
        for found in store.quads_for_pattern(assertion, PROV["hadPrimarySource"], None, provenance):
            assert isinstance(found.object, NamedNode)
            title = NamedNode("http://purl.org/dc/terms/title")
            assert next(store.quads_for_pattern(found.object, title, None, provenance), None) is not None
            sources += 1
    assert sources >= len(wholes)
