"""What is kept up to date is what a first run finds, whatever comes and goes."""

from hypothesis import given, settings
from hypothesis import strategies as st

from kg.reasoning import Growing
from kg.reasoning.fixpoint import derive
from tests.reasoning.graphs import TRIPLES


@settings(deadline=None, max_examples=30)
@given(steps=st.lists(TRIPLES, min_size=2, max_size=4))
def test_any_sequence_of_graphs_gives_the_table_of_each(owl_rules, steps):
    growing = Growing()
    for triples in (*steps, steps[0], [*steps[0], *steps[1]], steps[1]):
        assert growing.derive(triples, owl_rules).dumps() == derive(triples, owl_rules).dumps()
