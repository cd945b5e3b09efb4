"""Alignments map our terms to those of others, and never the other way round, nor into the data."""

from pathlib import Path

import pytest
from rdflib import OWL, RDF, RDFS, SKOS, Graph, URIRef

from kg.terms import BASE, FOE
from kg.validation import read, union, validate

ONTOLOGY = Path(__file__).parents[2] / "ontology"
ALIGNMENTS = sorted((ONTOLOGY / "alignments").glob("*.ttl"))
MAPPINGS = {RDFS.subClassOf, RDFS.subPropertyOf, SKOS.closeMatch, SKOS.exactMatch}


def test_there_is_one_for_each_vocabulary_that_readers_ask_for():
    assert {path.stem for path in ALIGNMENTS} >= {"geosparql", "org", "prov", "skos"}


@pytest.mark.parametrize("path", ALIGNMENTS, ids=lambda path: path.stem)
def test_mappings_lead_outward(path, vocabulary):
    graph = read(path)
    (header,) = graph.subjects(RDF.type, OWL.Ontology)
    assert str(header) == f"{BASE}alignments/{path.stem}"
    mappings = [triple for triple in graph if triple[0] != header]
    assert mappings
    for subject, predicate, value in mappings:
        assert str(subject).startswith(FOE)
        assert predicate in MAPPINGS
        assert not str(value).startswith(BASE)
        kind = OWL.Class if predicate == RDFS.subClassOf else None
        assert kind is None or (subject, RDF.type, kind) in vocabulary


def test_no_file_imports_another():
    for path in sorted(ONTOLOGY.rglob("*.ttl")):
        assert (None, OWL.imports, None) not in read(path)


def test_headers_keep_the_house_style(house_style):
    report = validate(union(map(read, ALIGNMENTS)), house_style, Graph())
    assert report.results == (), report.text()


def test_nothing_of_ours_is_the_same_as_anything():
    """Equality would merge what two sources keep apart."""
    for path in sorted(ONTOLOGY.rglob("*.ttl")):
        used = set(read(path).predicates())
        assert not used & {OWL.sameAs, OWL.equivalentClass, OWL.equivalentProperty, URIRef(f"{OWL}hasKey")}
