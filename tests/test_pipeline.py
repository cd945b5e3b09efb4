"""The real graph: the merge is what counts now, what is inferred can be withdrawn, every step leaves its mark."""

import gc
import gzip
import json
import platform
import re
import resource
from pathlib import Path

import pytest
from pyoxigraph import NamedNode, Quad, RdfFormat, Store, parse

from kg import rdf, reasoning
from kg.facts.reader import read_tables
from kg.pipeline import assert_facts, memory
from kg.reasoning import Derivations
from kg.terms import FOE, PROV, RDF, Names
from tests.reasoning.entailments import differences

NAMES = Names()


@pytest.fixture(scope="module")
def dump(built):
    """All quads of the built generation, from its dump."""
    return list(parse(gzip.decompress((built.path / "dump.nq.gz").read_bytes()), RdfFormat.N_QUADS))


@pytest.fixture(scope="module")
def asserted(found):
    """Everything that is asserted, from the tables, without the build."""
    return assert_facts(read_tables(found.data, rdf.concept_codes(found.turtle("concepts"), NAMES)), found, NAMES)


def test_the_merge_is_the_set_of_all_current_triples(built, dump):
    merged = {quad.triple for quad in Store.read_only(str(built.path / "merge"))}
    assert merged == rdf.merge(rdf.current(dump, NAMES))
    assert len(merged) == built.report.counts["triples in the merge"]


def test_the_evidence_is_every_graph_and_the_merge_beside_them(built, dump):
    evidence = Store.read_only(str(built.path / "evidence"))
    named = {quad for quad in evidence if isinstance(quad.graph_name, NamedNode)}
    assert named == set(dump)
    merged = {quad.triple for quad in Store.read_only(str(built.path / "merge"))}
    assert {quad.triple for quad in evidence if not isinstance(quad.graph_name, NamedNode)} == merged


def test_asserted_and_inferred_never_share_a_graph(dump):
    inferred = {quad.graph_name for quad in dump if str(quad.graph_name).startswith(f"<{NAMES.base}id/inference/")}
    described = {quad.subject for quad in dump if quad.predicate == RDF["type"] and quad.object == FOE["Inference"]}
    assert inferred == described
    assert len(inferred) > 1000
    resting = {quad.subject for quad in dump if quad.predicate == PROV["wasDerivedFrom"]}
    assert inferred == resting


def test_every_graph_is_described(dump):
    graphs = {quad.graph_name for quad in dump} - {NAMES.provenance}
    entities = {quad.subject for quad in dump if quad.predicate == RDF["type"] and quad.object == PROV["Entity"]}
    assert graphs <= entities


def test_no_blank_node_and_no_row_without_source(dump, built):
    text = gzip.decompress((built.path / "dump.nq.gz").read_bytes()).decode()
    assert not re.search(r"(?m)^_:|\s_:", text)
    claims = {quad.subject for quad in dump if quad.predicate == RDF["type"] and quad.object == FOE["Claim"]}
    sourced = {quad.subject for quad in dump if quad.predicate == PROV["hadPrimarySource"]}
    assert claims == sourced
    assert len(claims) == built.report.counts["claims"]


def test_the_table_of_steps_gives_the_inferred_triples_again(built, dump, asserted):
    table = Derivations.loads((built.path / "derivations.txt").read_text(encoding="utf-8"))
    kept = {quad.triple for quad in rdf.current(asserted, NAMES)}
    inferred = {quad.triple for quad in dump if "/id/inference/" in str(quad.graph_name)}
    assert table.closure(kept) == kept | inferred


def test_an_independent_reasoner_agrees_on_the_real_graph(found, built, asserted):
    table = Derivations.loads((built.path / "derivations.txt").read_text(encoding="utf-8"))
    rules = reasoning.read_rules(found.queries_in("rules"), NAMES)
    kept = {quad.triple for quad in rdf.current(asserted, NAMES)}
    assert differences(kept, table, rules) == (set(), set())


def claims_of_interest(asserted):
    """Claims on which much rests: of sovereignty, of an act that binds, of membership; and one of each other kind."""
    by_kind = {}
    for quad in asserted:
        if quad.predicate == RDF["type"] and str(quad.graph_name).startswith(f"<{NAMES.base}id/claim/"):
            by_kind.setdefault(quad.object, quad.graph_name)
    return [by_kind[FOE[name]] for name in ("SovereigntyClaim", "ParticipationAct")]


def test_without_a_claim_the_graph_is_the_one_built_without_it(found, built, asserted):
    table = Derivations.loads((built.path / "derivations.txt").read_text(encoding="utf-8"))
    rules = reasoning.read_rules(found.queries_in("rules"), NAMES)
    for claim in claims_of_interest(asserted):
        rest = [quad for quad in rdf.current(asserted, NAMES) if quad.graph_name != claim]
        again = reasoning.reason(rest, rules, NAMES)
        kept = {quad.triple for quad in rest}
        assert table.closure(kept) == again.derivations.closure(kept)
        assert table.closure(kept) != table.closure({quad.triple for quad in rdf.current(asserted, NAMES)})


def test_the_report_is_kept_with_the_generation(built):
    report = json.loads((built.path / "report.json").read_text(encoding="utf-8"))
    assert report["counts"] == dict(built.report.counts)
    assert "claims" in (built.path / "report.txt").read_text(encoding="utf-8")
    assert built.report.counts["claims"] > 2000


def test_the_collector_of_cycles_is_as_it_was_after_a_build():
    with memory.unhurried():
        assert not gc.isenabled()
    assert gc.isenabled()
    gc.disable()
    try:
        with memory.unhurried():
            memory.settle()
        assert not gc.isenabled()
    finally:
        gc.enable()


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="other allocators give back what they like")
def test_what_a_step_leaves_behind_goes_back_to_the_system():
    term = NamedNode("http://example.org/term")
    quads = [Quad(NamedNode(f"http://example.org/{number}" * 5), term, term) for number in range(300_000)]
    here_and_there = quads[::1000]
    del quads
    before = resident()
    memory.settle()
    assert len(here_and_there) == 300
    assert resident() < before - 20_000_000


def resident():
    """Bytes of memory that this process has from the system."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize()
