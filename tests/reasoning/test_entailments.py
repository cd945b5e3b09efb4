"""The closure is what OWL 2 RL entails of our terms: all of it, and no more."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from hypothesis import given, settings
from pyoxigraph import NamedNode, Triple

from kg.assets import find
from kg.facts.membership import Membership
from kg.facts.sites import SovereigntyClaim
from kg.facts.values import Code, Ref, read_edtf
from kg.rdf.quads import claim_quads
from kg.reasoning import canonical
from kg.reasoning.constructs import CHAIN_LENGTH, COVERED, uncovered
from kg.reasoning.fixpoint import derive
from kg.terms import FOE, OWL, RDF, RDFS, Names
from tests.reasoning.entailments import differences
from tests.reasoning.graphs import TRIPLES

DAY = date(2026, 11, 24)


@settings(deadline=None, max_examples=25)
@given(triples=TRIPLES)
def test_random_graphs_with_every_construct(owl_rules, triples):
    missing, unfounded = differences(triples, derive(triples, owl_rules), owl_rules)
    assert not missing
    assert not unfounded


def claims():
    for holder, begin, end in [("ukraine", "1991", None), ("russia", "2014-03-18", None), ("ussr", "1954", "1991")]:
        yield SovereigntyClaim(
            claim=f"crimea-{holder}",
            recorded=DAY,
            claimant=Ref(f"polity/{holder}"),
            claimed_place=Ref("territory/crimea"),
            claim_kind=Code("sovereignty"),
            extent=Code("whole"),
            begin=read_edtf(begin),
            end=read_edtf(end) if end else None,
        )
    for source, begin in [("one", "1955-05-06"), ("other", "1955-05-09")]:
        yield Membership(
            claim=f"germany-{source}",
            recorded=DAY,
            organisation=Ref("organisation/nato"),
            member=Ref("polity/germany"),
            role=Code("full-member"),
            begin=read_edtf(begin),
        )


def test_the_ontology_with_claims_and_the_rules_of_our_own(vocabulary, rules):
    facts = [quad for claim in claims() for quad in claim_quads(claim, Names())]
    asserted = {quad.triple for quad in canonical([*vocabulary, *facts])}
    derivations = derive(asserted, rules)
    assert {"contested-place", "contradiction-membership-begin", "prp-dom", "prp-spo1"} <= set(derivations.rules)
    missing, unfounded = differences(asserted, derivations, rules)
    assert not missing
    assert not unfounded


def test_a_rule_left_out_is_noticed(owl_rules):
    """The comparison itself can fail: without prp-dom something is missing."""
    triples = [
        Triple(FOE["member"], RDFS["domain"], FOE["Membership"]),
        Triple(NamedNode("urn:a"), FOE["member"], NamedNode("urn:b")),
    ]
    fewer = [rule for rule in owl_rules if rule.slug != "prp-dom"]
    missing, unfounded = differences(triples, derive(triples, fewer), fewer)
    assert missing == {Triple(NamedNode("urn:a"), RDF["type"], FOE["Membership"])}
    assert not unfounded


def test_the_ontology_uses_no_construct_that_the_rules_would_pass_over(vocabulary):
    used = {quad.triple for quad in vocabulary}
    assert len(used) > 1000
    assert uncovered(used) == []


def test_constructs_without_a_rule_are_named():
    triples = [
        Triple(FOE["a"], RDF["type"], OWL["FunctionalProperty"]),
        Triple(FOE["A"], OWL["intersectionOf"], RDF["nil"]),
        Triple(FOE["A"], RDFS["subClassOf"], OWL["Restriction"]),
        Triple(FOE["p"], OWL["propertyChainAxiom"], NamedNode("urn:list")),
        Triple(NamedNode("urn:list"), RDF["rest"], RDF["nil"]),
    ]
    assert uncovered(triples) == [
        f"a chain of other than {CHAIN_LENGTH} properties at {FOE['p']}",
        OWL["FunctionalProperty"].value,
        OWL["Restriction"].value,
        OWL["intersectionOf"].value,
    ]


def test_every_construct_that_counts_as_covered_is_in_a_rule():
    texts = " ".join(path.read_text() for path in Path(find().queries / "rules" / "owl-rl").glob("*.rq"))
    for term in COVERED:
        prefix, local = ("owl", OWL) if term.value.startswith(OWL) else ("rdfs", RDFS)
        assert f"{prefix}:{term.value.removeprefix(local)}" in texts
