"""Inference graphs say what follows from what, and are the same whether a claim was retracted or never there."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Triple

from kg.errors import BuildFailed
from kg.reasoning import canonical, reason
from kg.terms import FOE, OWL, PROV, RDF, RDFS, XSD, Names
from tests.reasoning.graphs import GRAPHS, QUADS

NAMES = Names()
ONTOLOGY = NAMES.vocabulary("ontology/core")
A, B = NAMES.thing("polity/a"), NAMES.thing("polity/b")


def inferred(reasoned):
    return {quad for inference in reasoned.inferences for quad in inference.quads()}


def about(reasoned):
    return {quad for inference in reasoned.inferences for quad in inference.provenance(NAMES)}


@settings(deadline=None, max_examples=60)
@given(quads=QUADS, data=st.data())
def test_dropping_a_claim_and_what_rests_on_it_is_building_without_it(owl_rules, quads, data):
    gone = data.draw(st.sampled_from(GRAPHS))
    whole = reason(quads, owl_rules, NAMES)
    assume(not any(inference.cut for inference in whole.inferences))
    without = reason([quad for quad in quads if quad.graph_name != gone], owl_rules, NAMES)
    left = tuple(inference for inference in whole.inferences if gone not in inference.rests_on)
    assert left == without.inferences


@settings(deadline=None, max_examples=40)
@given(quads=QUADS)
def test_the_graphs_hold_the_closure_and_nothing_twice(owl_rules, quads):
    """What is asserted and what is inferred, together, is the closure; no graph has both kinds."""
    reasoned = reason(quads, owl_rules, NAMES)
    asserted = {quad.triple for quad in quads}
    graphs = inferred(reasoned)
    assert asserted | {quad.triple for quad in graphs} == reasoned.derivations.closure(asserted)
    assert not {quad.graph_name for quad in graphs} & {quad.graph_name for quad in quads}
    stating = {(quad.triple, quad.graph_name) for quad in quads}
    for inference in reasoned.inferences:
        assert inference.conclusions
        assert not {(triple, graph) for triple in inference.conclusions for graph in inference.rests_on} & stating


@settings(deadline=None, max_examples=30)
@given(quads=QUADS, data=st.data())
def test_the_order_of_the_quads_changes_nothing(owl_rules, quads, data):
    shuffled = data.draw(st.permutations(quads))
    assert reason(shuffled, owl_rules, NAMES).inferences == reason(quads, owl_rules, NAMES).inferences


def test_an_inference_is_named_after_its_rule_and_the_graphs_it_rests_on(owl_rules):
    claim = NAMES.claim("a-is-a-polity")
    quads = [
        Quad(FOE["Polity"], RDFS["subClassOf"], FOE["Agent"], ONTOLOGY),
        Quad(A, RDF["type"], FOE["Polity"], claim),
    ]
    reasoned = reason(quads, owl_rules, NAMES)
    lines = f"cax-sco\n{claim.value}\n{ONTOLOGY.value}"
    graph = NAMES.inference(hashlib.sha256(lines.encode()).hexdigest()[:32])
    assert inferred(reasoned) == {Quad(A, RDF["type"], FOE["Agent"], graph)}
    assert about(reasoned) == {
        Quad(graph, RDF["type"], FOE["Inference"], NAMES.provenance),
        Quad(graph, RDF["type"], PROV["Entity"], NAMES.provenance),
        Quad(graph, FOE["rule"], NAMES.rule("cax-sco"), NAMES.provenance),
        Quad(graph, PROV["wasDerivedFrom"], claim, NAMES.provenance),
        Quad(graph, PROV["wasDerivedFrom"], ONTOLOGY, NAMES.provenance),
    }
    assert {quad.predicate for quad in reasoned.quads(NAMES)} >= {RDFS["label"], FOE["rule"], RDF["type"]}


def test_what_one_claim_states_and_others_imply_outlives_the_retraction_of_the_one(owl_rules):
    """The triple is stated and inferred, in different graphs; when the claim goes, the inference still says why."""
    stating, implying = NAMES.claim("b-near-a"), NAMES.claim("a-near-b")
    quads = [
        Quad(FOE["near"], RDF["type"], OWL["SymmetricProperty"], ONTOLOGY),
        Quad(B, FOE["near"], A, stating),
        Quad(A, FOE["near"], B, implying),
    ]
    reasoned = reason(quads, owl_rules, NAMES)
    triple = Triple(B, FOE["near"], A)
    (holding,) = [inference for inference in reasoned.inferences if triple in inference.conclusions]
    assert holding.rests_on == (implying, ONTOLOGY)
    left = [quad.triple for quad in quads if quad.graph_name != stating]
    assert triple in reasoned.derivations.closure(left)
    neither = [quad.triple for quad in quads if quad.graph_name == ONTOLOGY]
    assert reasoned.derivations.closure(neither) == set(neither)


def test_what_the_ontology_and_the_register_imply_needs_no_claim(owl_rules):
    quads = [
        Quad(FOE["Polity"], RDFS["subClassOf"], FOE["Agent"], ONTOLOGY),
        Quad(FOE["member"], RDFS["range"], FOE["Agent"], ONTOLOGY),
        Quad(A, RDF["type"], FOE["Polity"], NAMES.register),
        *(Quad(B, FOE["member"], A, NAMES.claim(f"c{number}")) for number in range(30)),
    ]
    (only,) = reason(quads, owl_rules, NAMES).inferences
    assert only.rests_on == (NAMES.register, ONTOLOGY)
    assert not only.cut


def test_an_inference_says_when_supports_were_cut(owl_rules):
    quads = [
        Quad(FOE["near"], RDF["type"], OWL["SymmetricProperty"], ONTOLOGY),
        *(Quad(A, FOE["near"], B, NAMES.claim(f"c{number:02}")) for number in range(17)),
    ]
    reasoned = reason(quads, owl_rules, NAMES)
    assert len(reasoned.inferences) == 16
    assert all(inference.cut for inference in reasoned.inferences)
    marks = {quad.subject for quad in about(reasoned) if quad.predicate == FOE["supportsCut"]}
    assert marks == {inference.graph for inference in reasoned.inferences}
    assert {graph for inference in reasoned.inferences for graph in inference.rests_on} == {
        ONTOLOGY,
        *(NAMES.claim(f"c{number:02}") for number in range(16)),
    }


def test_a_construct_without_a_rule_stops_the_build(owl_rules):
    quads = [Quad(FOE["holder"], RDF["type"], OWL["FunctionalProperty"], ONTOLOGY)]
    with pytest.raises(BuildFailed, match="FunctionalProperty"):
        reason(quads, owl_rules, NAMES)


def test_literals_are_to_be_written_as_the_store_writes_them(owl_rules):
    claim = NAMES.claim("c")
    loose = [
        Quad(A, FOE["share"], Literal("0.90", datatype=XSD["decimal"]), claim),
        Quad(A, FOE["duration"], Literal("P12M", datatype=XSD["duration"]), claim),
        Quad(A, RDFS["label"], Literal("A", language="en"), claim),
    ]
    with pytest.raises(BuildFailed, match="write it so from the start"):
        reason(loose, owl_rules, NAMES)
    strict = canonical(loose)
    assert [quad.object.value for quad in strict] == ["0.9", "P1Y", "A"]
    assert canonical(strict) == strict
    assert reason(strict, owl_rules, NAMES).inferences == ()


def test_a_blank_node_can_be_a_premise_and_is_told_nothing(owl_rules):
    chain, rest = BlankNode("chain"), BlankNode("rest")
    quads = [
        Quad(FOE["under"], OWL["propertyChainAxiom"], chain, ONTOLOGY),
        Quad(chain, RDF["first"], FOE["under"], ONTOLOGY),
        Quad(chain, RDF["rest"], rest, ONTOLOGY),
        Quad(rest, RDF["first"], FOE["partOf"], ONTOLOGY),
        Quad(rest, RDF["rest"], RDF["nil"], ONTOLOGY),
        Quad(RDF["first"], RDFS["domain"], RDF["List"], ONTOLOGY),
        Quad(A, FOE["under"], B, NAMES.claim("c")),
        Quad(B, FOE["partOf"], NamedNode("urn:whole"), NAMES.claim("d")),
    ]
    assert {quad.triple for quad in inferred(reason(quads, owl_rules, NAMES))} == {
        Triple(A, FOE["under"], NamedNode("urn:whole"))
    }
