"""One claim's walk through the whole house, step by step; the best page of documentation there is.

A membership and two sovereignty claims are read from tables, become quads, are joined by a source
that agrees and one that disagrees, carry an inference, are judged by shapes, merged, retracted, and
built twice. Nothing here is special: every fact goes this way.
"""

from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode

from kg import assets, pipeline, rdf, reasoning
from kg.facts.reader import read_tables
from kg.store.publication import sorted_lines
from kg.terms import FOE, PROV, RDF, XSD, Names

NAMES = Names()
FOUND = assets.find()
THINGS = """\
id,type,name,recorded
organisation/nato,Alliance,North Atlantic Treaty Organization,2026-11-24
polity/germany,Polity,Germany,2026-11-24
polity/russia,Polity,Russia,2026-11-24
polity/ukraine,Polity,Ukraine,2026-11-24
territory/crimea,Territory,Crimean Peninsula,2026-11-24
"""
SOURCES = """\
id,title,publisher,published,address,mirror,source_type,recorded
source/list-a,A list of members,Alpha,2023,https://example.org/a,false,reference,2026-11-24
source/list-b,Another list,Beta,2011-11,https://example.org/b,false,reference,2026-11-24
source/list-c,A third list,Gamma,2024-05-01,https://example.org/c,false,reference,2026-11-24
"""
MEMBERSHIPS = """\
claim,recorded,retracted,organisation,member,role,begin
germany-nato-6-may,2026-11-24,,organisation/nato,polity/germany,full-member,1955-05-06
"""
SOVEREIGNTY = """\
claim,recorded,retracted,claimant,claimed_place,claim_kind,extent,begin
crimea-ukraine,2026-11-24,,polity/ukraine,territory/crimea,sovereignty,whole,1991-08-24
crimea-russia,2026-11-24,,polity/russia,territory/crimea,sovereignty,whole,2014-03-18
"""
ATTESTATIONS = """\
id,claim,source,speaker,certainty,assertion,recorded
germany-nato-a,claim/germany-nato-6-may,source/list-a,,verified,stated,2026-11-24
crimea-ukraine-a,claim/crimea-ukraine,source/list-a,,verified,stated,2026-11-24
crimea-russia-a,claim/crimea-russia,source/list-a,polity/russia,verified,stated,2026-11-24
"""
AGREES = "germany-nato-b,claim/germany-nato-6-may,source/list-b,,verified,stated,2026-11-24\n"
DISAGREES = (
    "germany-nato-9-may,2026-11-24,,organisation/nato,polity/germany,full-member,1955-05-09\n",
    "germany-nato-c,claim/germany-nato-9-may,source/list-c,,verified,stated,2026-11-24\n",
)


def tables(folder: Path, **changed: str) -> Path:
    """Write the tables, with some of them changed."""
    texts = {
        "things": THINGS,
        "sources": SOURCES,
        "memberships": MEMBERSHIPS,
        "sovereignty-claims": SOVEREIGNTY,
        "attestations": ATTESTATIONS,
        **{name.replace("_", "-"): text for name, text in changed.items()},
    }
    for name, text in texts.items():
        (folder / name).mkdir(parents=True)
        (folder / name / "walk.csv").write_text(text, encoding="utf-8")
    return folder


def read(folder: Path):
    """Tables to typed rows."""
    return read_tables(folder, rdf.concept_codes(FOUND.turtle("concepts"), NAMES))


def quads_of(folder: Path):
    """Tables to everything that is asserted."""
    return pipeline.assert_facts(read(folder), FOUND, NAMES)


def infer(quads):
    """What follows from the quads that count."""
    return reasoning.reason(rdf.current(quads, NAMES), reasoning.read_rules(FOUND.queries_in("rules"), NAMES), NAMES)


def thing(path: str) -> NamedNode:
    return NamedNode(f"{NAMES.base}id/{path}")


def test_1_rows_are_read_with_their_types(tmp_path):
    facts = read(tables(tmp_path / "tables"))
    membership, *sovereignty = facts.claims
    assert membership.begin.exact
    assert membership.matter == "nato_germany"
    assert [claim.claimant.slug for claim in sovereignty] == ["ukraine", "russia"]


def test_2_a_claim_becomes_a_graph_and_its_provenance_stands_beside_it(tmp_path):
    quads = quads_of(tables(tmp_path / "tables"))
    claim = thing("claim/germany-nato-6-may")
    statement = NamedNode(f"{claim.value}#statement")
    stated = {(quad.predicate, quad.object) for quad in quads if quad.graph_name == claim and quad.subject == statement}
    assert (RDF["type"], FOE["Membership"]) in stated
    assert (FOE["member"], thing("polity/germany")) in stated
    assert (FOE["concerns"], thing("membership/nato_germany")) in stated
    assert (FOE["beginEarliest"], Literal("1955-05-06", datatype=XSD["date"])) in stated
    about = {(quad.predicate, quad.object) for quad in quads if quad.subject == claim}
    assert (FOE["states"], statement) in about
    assert (PROV["hadPrimarySource"], thing("source/list-a")) in about
    assert {quad.graph_name for quad in quads if quad.subject == claim} == {NAMES.provenance}


def test_3_a_source_that_agrees_is_one_more_attestation(tmp_path):
    alone = quads_of(tables(tmp_path / "alone"))
    agreed = quads_of(tables(tmp_path / "agreed", attestations=ATTESTATIONS + AGREES))
    claim = thing("claim/germany-nato-6-may")

    def graph(quads):
        return {quad for quad in quads if quad.graph_name == claim}

    def sources(quads):
        return {quad.object for quad in quads if quad.subject == claim and quad.predicate == PROV["hadPrimarySource"]}

    assert graph(alone) == graph(agreed)
    assert sources(agreed) == sources(alone) | {thing("source/list-b")}


def test_4_a_source_that_disagrees_is_another_node_about_the_same_matter(tmp_path):
    row, attestation = DISAGREES
    quads = quads_of(tables(tmp_path / "t", memberships=MEMBERSHIPS + row, attestations=ATTESTATIONS + attestation))
    matter = thing("membership/nato_germany")
    nodes = {quad.subject for quad in quads if quad.predicate == FOE["concerns"] and quad.object == matter}
    assert len(nodes) == 2
    begins = {quad.object.value for quad in quads if quad.subject in nodes and quad.predicate == FOE["beginEarliest"]}
    assert begins == {"1955-05-06", "1955-05-09"}
    disagreement = {quad.object for quad in infer(quads).quads(NAMES) if quad.predicate == FOE["contradicting"]}
    assert disagreement == nodes


def contests(quads):
    """Who contests Crimea, in inference graphs, and what these rest on."""
    inferred = list(infer(quads).quads(NAMES))
    found = {
        quad.graph_name: quad.object
        for quad in inferred
        if quad.subject == thing("territory/crimea") and quad.predicate == FOE["contestedBy"]
    }
    supports = {quad.object for quad in inferred if quad.subject in found and quad.predicate == PROV["wasDerivedFrom"]}
    return set(found.values()), supports


def test_5_what_follows_names_the_claims_it_rests_on(tmp_path):
    claimants, supports = contests(quads_of(tables(tmp_path / "tables")))
    assert claimants <= {thing("polity/russia"), thing("polity/ukraine")}
    assert claimants
    assert {thing("claim/crimea-russia"), thing("claim/crimea-ukraine")} <= supports
    assert thing("claim/germany-nato-6-may") not in supports


def test_6_shapes_judge_what_is_asserted(tmp_path):
    good = pipeline.validate_quads(quads_of(tables(tmp_path / "good")), FOUND)
    assert good.conforms, good.text()
    folder = tables(tmp_path / "bad", things=THINGS.replace("organisation/nato,Alliance", "organisation/nato,Forum"))
    quads = quads_of(folder)
    wrong = [
        quad for quad in quads if not (quad.subject == thing("organisation/nato") and quad.predicate == RDF["type"])
    ]
    report = pipeline.validate_quads(wrong, FOUND)
    assert not report.conforms
    assert any(result.path == "foe:organisation" for result in report.results)


def test_7_the_merge_counts_each_triple_once(tmp_path):
    row, attestation = DISAGREES
    quads = quads_of(tables(tmp_path / "t", memberships=MEMBERSHIPS + row, attestations=ATTESTATIONS + attestation))
    merged = rdf.merge(rdf.current(quads, NAMES))
    matter = [triple for triple in merged if triple.object == FOE["Matter"] and "nato_germany" in triple.subject.value]
    assert len(matter) == 1
    assert sum(quad.triple == matter[0] for quad in quads) == 2


def test_8_a_retraction_takes_the_inference_and_leaves_the_evidence(tmp_path):
    retracted = SOVEREIGNTY.replace("crimea-russia,2026-11-24,,", "crimea-russia,2026-11-24,2026-11-25,")
    quads = quads_of(tables(tmp_path / "retracted", sovereignty_claims=retracted))
    assert contests(quads) == (set(), set())
    claim = thing("claim/crimea-russia")
    assert any(quad.graph_name == claim for quad in quads)
    assert not any("crimea-russia#statement" in str(triple.subject) for triple in rdf.merge(rdf.current(quads, NAMES)))
    assert any(quad.subject == claim and quad.predicate == PROV["invalidatedAtTime"] for quad in quads)


def test_9_the_same_conclusions_without_reasoning_again(tmp_path):
    """The table of steps alone answers what holds without a claim: no rule runs a second time."""
    quads = quads_of(tables(tmp_path / "tables"))
    reasoned = infer(quads)
    claim = thing("claim/crimea-russia")
    rest = {quad.triple for quad in quads if quad.graph_name != claim}
    left = reasoned.derivations.closure(rest)
    again = infer([quad for quad in quads if quad.graph_name != claim])
    assert left == rest | {quad.triple for inference in again.inferences for quad in inference.quads()}


@pytest.mark.parametrize("order", [1, -1])
def test_10_two_builds_are_the_same_bytes(tmp_path, order):
    first = quads_of(tables(tmp_path / "first"))
    second = quads_of(tables(tmp_path / "second"))[::order]
    assert sorted_lines([*first, *infer(first).quads(NAMES)]) == sorted_lines([*second, *infer(second).quads(NAMES)])
