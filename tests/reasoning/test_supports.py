"""Supports are exactly the smallest sets of graphs that suffice; they are cut, marked, and end on circles."""

from __future__ import annotations

import random
from itertools import combinations

from hypothesis import given, settings
from pyoxigraph import NamedNode, Triple

from kg.reasoning import Derivations
from kg.reasoning.fixpoint import derive
from kg.reasoning.supports import LIMIT, minimal_supports
from kg.terms import FOE, OWL, RDF, Names
from tests.reasoning.graphs import GRAPHS, ONTOLOGY, QUADS

NAMES = Names()


def stated_by(quads):
    stated = {}
    for quad in quads:
        stated.setdefault(quad.triple, set()).add(quad.graph_name)
    return stated


def smallest_sets(table, stated, triple):
    """Try all sets of graphs, smaller ones first."""
    found = []
    for size in range(1, len(GRAPHS) + 2):
        for graphs in combinations([*GRAPHS, ONTOLOGY], size):
            if any(set(smaller) <= set(graphs) for smaller in found):
                continue
            if triple in table.closure(fact for fact, where in stated.items() if where & set(graphs)):
                found.append(graphs)
    return found


@settings(deadline=None, max_examples=60)
@given(quads=QUADS)
def test_supports_are_the_smallest_sets_that_suffice(owl_rules, quads):
    stated = stated_by(quads)
    table = derive(stated, owl_rules)
    supports = minimal_supports(table, stated)
    assert set(supports) == table.conclusions()
    for triple, found in supports.items():
        expected = [graphs for graphs in smallest_sets(table, stated, triple) if not _states(stated, triple, graphs)]
        assert [support.graphs for support in found.listed] == expected
        assert not found.cut


def _states(stated, triple, graphs):
    return bool(stated.get(triple, set()) & set(graphs))


@settings(deadline=None, max_examples=30)
@given(quads=QUADS)
def test_only_graphs_that_can_leave_decide_what_is_smallest(owl_rules, quads):
    """With the last two graphs always there, no two supports need comparable sets of the others."""
    stated = stated_by(quads)
    supports = minimal_supports(derive(stated, owl_rules), stated, leaves=lambda graph: graph not in GRAPHS[3:])
    for found in supports.values():
        needed = [frozenset(support.graphs) - set(GRAPHS[3:]) for support in found.listed]
        assert all(not one <= other for one, other in combinations(needed, 2))
        assert all(not other <= one for one, other in combinations(needed, 2))


def hops(count, claims):
    """A chain of places, each step stated by so many claims, in a transitive property."""
    ontology = NAMES.vocabulary("ontology/sites")
    stated = {Triple(FOE["in"], RDF["type"], OWL["TransitiveProperty"]): [ontology]}
    for hop in range(count):
        step = Triple(NamedNode(f"urn:{hop}"), FOE["in"], NamedNode(f"urn:{hop + 1}"))
        stated[step] = [NAMES.claim(f"hop-{hop}-{claim}") for claim in range(claims)]
    return stated, ontology


def test_supports_are_cut_and_marked(owl_rules):
    stated, ontology = hops(5, 5)
    table = derive(stated, owl_rules)
    supports = minimal_supports(table, stated, leaves=lambda graph: graph != ontology)
    far = supports[Triple(NamedNode("urn:0"), FOE["in"], NamedNode("urn:5"))]
    assert far.cut
    assert len(far.listed) == LIMIT == 16
    assert all(len(support.graphs) == 6 and ontology in support.graphs for support in far.listed)
    ranked = [[graph.value for graph in support.graphs] for support in far.listed]
    assert ranked == sorted(ranked)
    first = {NAMES.claim(f"hop-{hop}-0") for hop in range(5)}
    assert set(far.listed[0].graphs) == {ontology, *first}


def test_as_many_supports_as_fit_are_not_marked(owl_rules):
    stated, ontology = hops(2, 4)
    supports = minimal_supports(derive(stated, owl_rules), stated, leaves=lambda graph: graph != ontology)
    (found,) = supports.values()
    assert len(found.listed) == 16
    assert not found.cut


def test_what_rests_on_something_cut_is_marked_too(owl_rules):
    stated, ontology = hops(3, 4)
    stated[Triple(FOE["in"], OWL["inverseOf"], FOE["around"])] = [ontology]
    supports = minimal_supports(derive(stated, owl_rules), stated, leaves=lambda graph: graph != ontology)
    assert supports[Triple(NamedNode("urn:3"), FOE["around"], NamedNode("urn:0"))].cut
    assert not supports[Triple(NamedNode("urn:2"), FOE["around"], NamedNode("urn:0"))].cut


def test_the_order_of_the_steps_changes_nothing_even_where_supports_are_cut(owl_rules):
    stated, ontology = hops(5, 5)
    table = derive(stated, owl_rules)
    rows = list(table.rows)
    random.Random(3).shuffle(rows)
    other = Derivations(table.triples, table.rules, tuple(rows))
    leaves = lambda graph: graph != ontology  # noqa: E731
    assert minimal_supports(other, stated, leaves) == minimal_supports(table, stated, leaves)


def test_circles_end(owl_rules):
    stated, ontology = hops(4, 1)
    stated[Triple(NamedNode("urn:4"), FOE["in"], NamedNode("urn:0"))] = [NAMES.claim("back")]
    supports = minimal_supports(derive(stated, owl_rules), stated, leaves=lambda graph: graph != ontology)
    around = supports[Triple(NamedNode("urn:0"), FOE["in"], NamedNode("urn:0"))]
    assert [len(support.graphs) for support in around.listed] == [6]
