"""The rounds find what the plain way finds, with every premise, in any order."""

from __future__ import annotations

import random

from hypothesis import given, settings
from pyoxigraph import Literal, NamedNode, Triple

from kg.reasoning.fixpoint import derive
from kg.terms import FOE, OWL, RDF, RDFS
from tests.reasoning.graphs import TRIPLES, closed_plainly


@settings(deadline=None, max_examples=60)
@given(triples=TRIPLES)
def test_the_rounds_find_what_running_the_queries_until_nothing_is_new_finds(owl_rules, triples):
    table = derive(triples, owl_rules)
    assert table.closure(triples) == closed_plainly(triples, [rule.slug for rule in owl_rules])


@settings(deadline=None, max_examples=30)
@given(triples=TRIPLES)
def test_every_step_is_found_whichever_round_its_premises_come_in(owl_rules, triples):
    """A table made from the whole closure at once has all steps in its first round."""
    table = derive(triples, owl_rules)
    assert table.rows == derive(table.closure(triples), owl_rules).rows


@settings(deadline=None, max_examples=30)
@given(triples=TRIPLES)
def test_the_order_of_triples_and_rules_changes_nothing(owl_rules, triples):
    shuffled, rules = list(triples), list(owl_rules)
    random.Random(7).shuffle(shuffled)
    random.Random(7).shuffle(rules)
    assert derive(shuffled, rules).dumps() == derive(triples, owl_rules).dumps()


def test_a_circle_ends(owl_rules):
    places = [NamedNode(f"urn:place:{number}") for number in range(4)]
    triples = [Triple(FOE["in"], RDF["type"], OWL["TransitiveProperty"])]
    triples += [Triple(places[number], FOE["in"], places[(number + 1) % 4]) for number in range(4)]
    closed = derive(triples, owl_rules).closure(triples)
    assert sum(triple.predicate == FOE["in"] for triple in closed) == 16


def test_a_literal_is_never_a_subject(owl_rules):
    triples = [
        Triple(FOE["name"], RDFS["range"], RDFS["Literal"]),
        Triple(FOE["name"], RDF["type"], OWL["SymmetricProperty"]),
        Triple(NamedNode("urn:a"), FOE["name"], Literal("a")),
    ]
    assert derive(triples, owl_rules).closure(triples) == set(triples)


def test_more_new_triples_than_one_query_holds(owl_rules, monkeypatch):
    monkeypatch.setattr("kg.reasoning.fixpoint.CHUNK", 3)
    classes = [FOE[f"C{number}"] for number in range(4)]
    triples = [Triple(classes[number], RDFS["subClassOf"], classes[number + 1]) for number in range(3)]
    triples += [Triple(NamedNode(f"urn:{number}"), RDF["type"], classes[0]) for number in range(10)]
    assert len(derive(triples, owl_rules).conclusions()) == 30
