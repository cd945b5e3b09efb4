"""The smallest valid graph of each topic: it keeps the shapes, and shows its topic."""

from pathlib import Path

import pytest
from rdflib import RDF, RDFS, URIRef

from kg.terms import BASE
from kg.validation import read, validate

ONTOLOGY = Path(__file__).parents[2] / "ontology"
EXAMPLES = sorted((ONTOLOGY / "examples").glob("*.ttl"))


def test_each_topic_has_vocabulary_shapes_and_example():
    topics = ["core", "evidence", "instruments", "membership", "negotiation", "sites"]
    assert [path.stem for path in EXAMPLES] == topics
    assert [path.stem for path in sorted((ONTOLOGY / "vocabulary").glob("*.ttl"))] == topics
    shapes = {path.stem for path in (ONTOLOGY / "shapes").glob("*.ttl")}
    assert shapes == {*topics, "house-style"}


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_an_example_is_valid_and_uses_its_topic(path, ontology, shapes):
    graph = read(path)
    report = validate(graph, shapes, ontology)
    assert report.results == (), report.text()
    topic = URIRef(f"{BASE}ontology/{path.stem}")
    types = {type_ for type_ in graph.objects(None, RDF.type) if (type_, RDFS.isDefinedBy, topic) in ontology}
    assert types, f"{path.name} has no node of a class of its topic"
