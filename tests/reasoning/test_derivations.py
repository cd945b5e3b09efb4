"""The table answers for any subset of its triples, without reasoning again, and survives being written."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import NamedNode, Triple

from kg.errors import UnreadableInput
from kg.reasoning import Derivation, Derivations
from kg.reasoning.fixpoint import derive
from kg.terms import FOE, RDF, RDFS
from tests.reasoning.graphs import TRIPLES


@settings(deadline=None, max_examples=60)
@given(triples=TRIPLES, data=st.data())
def test_what_is_left_after_a_retraction_is_what_would_be_derived_without_it(owl_rules, triples, data):
    kept = data.draw(st.lists(st.sampled_from(triples), unique=True)) if triples else []
    table = derive(triples, owl_rules)
    assert table.closure(kept) == derive(kept, owl_rules).closure(kept)


@settings(deadline=None, max_examples=30)
@given(triples=TRIPLES)
def test_a_table_is_read_as_it_was_written(owl_rules, triples):
    table = derive(triples, owl_rules)
    read = Derivations.loads(table.dumps())
    assert read == table
    assert read.closure(triples) == table.closure(triples)


def test_steps_that_hold_each_other_up_fall_together(owl_rules):
    """Two classes that are each broader than the other: without the fact, neither type is left."""
    one, other, thing = FOE["One"], FOE["Other"], NamedNode("urn:thing")
    axioms = [Triple(one, RDFS["subClassOf"], other), Triple(other, RDFS["subClassOf"], one)]
    fact = Triple(thing, RDF["type"], one)
    table = derive([*axioms, fact], owl_rules)
    derived = Triple(thing, RDF["type"], other)
    assert table.steps_to(fact) == (Derivation(fact, "cax-sco", tuple(sorted([axioms[1], derived], key=str))),)
    assert table.closure([*axioms, fact]) == {*axioms, fact, derived}
    assert table.closure(axioms) == set(axioms)


def test_triples_that_the_table_does_not_know_pass_through():
    known = Triple(NamedNode("urn:a"), FOE["p"], NamedNode("urn:b"))
    assert Derivations((), (), ()).closure([known]) == {known}
    assert Derivations((), (), ()).steps_to(known) == ()


@pytest.mark.parametrize("text", ["", "something else\n", "foedus derivations 1\n2\n", "foedus derivations 1\nmany\n"])
def test_a_damaged_table_is_reported(text):
    with pytest.raises(UnreadableInput, match="build again"):
        Derivations.loads(text)
