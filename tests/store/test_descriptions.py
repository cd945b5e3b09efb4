"""DESCRIBE: what is described, and what belongs to a description, against stores and a running reader."""

import pytest
from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, RdfFormat, Store, Triple, parse

from kg.algebra import selection
from kg.settings import Settings
from kg.store import publication
from kg.store.descriptions import describe, resources
from kg.store.local import query_generation

BASE = "https://w3id.org/foedus/"
LABEL = NamedNode("http://www.w3.org/2000/01/rdf-schema#label")
NAME = NamedNode("http://www.w3.org/2004/02/skos/core#prefLabel")


def node(name):
    return NamedNode(f"http://example.org/{name}")


TRIPLES = [
    Triple(node("a"), node("knows"), node("b")),
    Triple(node("a"), node("lives"), BlankNode("home")),
    Triple(BlankNode("home"), node("near"), BlankNode("river")),
    Triple(BlankNode("river"), node("name"), Literal("Rhine")),
    Triple(BlankNode("river"), node("passes"), BlankNode("home")),
    Triple(node("b"), node("age"), Literal(7)),
    Triple(node("b"), LABEL, Literal("B", language="en")),
    Triple(node("b"), LABEL, Literal("Be", language="de")),
    Triple(node("knows"), NAME, Literal("kennt", language="de")),
    Triple(NamedNode(f"{BASE}id/claim/c1#statement"), node("member"), node("a")),
    Triple(NamedNode(f"{BASE}id/claim/c1#statement"), node("since"), Literal("2004")),
    Triple(NamedNode(f"{BASE}id/other"), node("member"), node("a")),
]
OF_A = [*TRIPLES[:5], *TRIPLES[6:7], *TRIPLES[8:11]]


@pytest.fixture(scope="module")
def store():
    made = Store()
    made.extend(Quad(*triple) for triple in TRIPLES)
    return made


def test_blank_nodes_claims_and_labels_belong_to_a_description(store):
    found = list(describe(store, DefaultGraph(), [node("a")], f"{BASE}id/claim/"))
    assert len(found) == len(set(found))
    named = {
        each for each in OF_A if not isinstance(each.subject, BlankNode) and not isinstance(each.object, BlankNode)
    }
    assert {each for each in found if each in TRIPLES} >= named
    assert len(found) == len(OF_A)
    assert {each.predicate for each in found} == {each.predicate for each in OF_A}


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("DESCRIBE <http://example.org/a>", {"a"}),
        ("PREFIX e: <http://example.org/> DESCRIBE e:a e:b # both", {"a", "b"}),
        ("DESCRIBE ?x WHERE { ?x <http://example.org/age> ?y }", {"b"}),
        ("DESCRIBE ?x{ ?x <http://example.org/knows> ?y }", {"a"}),
        ("DESCRIBE * { ?x <http://example.org/knows> ?y }", {"a", "b"}),
        (
            "DESCRIBE ?y <http://example.org/a> WHERE { ?x <http://example.org/knows> ?y } ORDER BY ?y LIMIT 1",
            {"a", "b"},
        ),
        ("BASE <http://example.org/> DESCRIBE<a>", {"a"}),
        ("describe ?x where { ?x <http://example.org/age> ?described }", {"b"}),
        ("DESCRIBE <http://example.org/a> WHERE { ?x <http://example.org/nothing> ?y }", set()),
    ],
)
def test_what_is_described(store, query, names):
    found = resources(store.query(selection(query)))
    assert {each for each in found if isinstance(each, NamedNode)} == {node(name) for name in names}


def test_a_reader_describes(tmp_path):
    graph = node("graph")
    publication.write(tmp_path, "one", [Quad(*triple, graph) for triple in TRIPLES], TRIPLES, {})
    settings = Settings(data_directory=tmp_path)
    for query in (
        "DESCRIBE <http://example.org/a>",
        "DESCRIBE ?x FROM <http://example.org/graph> { ?x <http://example.org/knows> ?y }",
        "DESCRIBE <http://example.org/a> FROM <http://example.org/graph>",
    ):
        answer = query_generation(settings, query, accept="application/n-triples")
        found = [quad.triple for quad in parse(answer.body, format=RdfFormat.N_TRIPLES)]
        assert len(found) == len(OF_A), query
        assert {each.predicate for each in found} == {each.predicate for each in OF_A}
    nothing = query_generation(settings, "DESCRIBE <http://example.org/a> FROM <http://example.org/none>")
    assert nothing.body.strip() == b""
