"""The tree of a query means what the query means."""

import pytest
from pyoxigraph import Literal, NamedNode, Quad, Store

from kg import queries
from kg.algebra import QueryUncitable, parser, writing
from kg.algebra.syntax import Link, Pattern, Repeat
from kg.store import generation

BASE = "https://w3id.org/foedus/"
TEXTS = [
    "SELECT * { ?s ?p ?o } ORDER BY ?o DESC(?s) LIMIT 3 OFFSET 1",
    "PREFIX : <urn:> SELECT ?s { ?s a :C ; :p 1, -2, +3.5, .5, 1e0, 1.5E+3, true ; :q 'a'@en, \"b\"^^:t, '''c''' . }",
    "PREFIX : <urn:> SELECT (COUNT(*) AS ?n) { [] :p [ :q ?x ; :r ( 1 2 ) ] } ",
    "PREFIX : <urn:> SELECT ?x { :a (:p/^:q)* ?x . ?x !(:p|^:q) ?y ; (:p|:q)+ ?z . ?x :p? ?w . ?x ^(:p/:q) ?v }",
    "PREFIX : <urn:> SELECT ?x { ?x :p ?y . FILTER NOT EXISTS { ?x :q ?z . FILTER (?z < 3 && ?z > -1) } }",
    "PREFIX : <urn:> SELECT ?x { ?x :p ?y . FILTER (?y IN (1, 2) || EXISTS { ?x :q [] } ) }",
    "PREFIX : <urn:> SELECT ?x (SUM(?y) AS ?n) { ?x :p ?y } GROUP BY ?x HAVING (SUM(?y) > 1) (COUNT(*) < 9)",
    "PREFIX : <urn:> SELECT ?k { ?x :p ?y } GROUP BY (STR(?x) AS ?k) STR(?y) HAVING (COUNT(*) > 0)",
    "PREFIX : <urn:> SELECT ?x { VALUES (?x ?y) { (:a 1) (UNDEF 2) } OPTIONAL { ?x :p ?y } } VALUES ?x { :a }",
    "PREFIX : <urn:> SELECT ?x { { SELECT DISTINCT ?x { ?x :p ?y } LIMIT 2 } MINUS { ?x :q 3 } BIND (?x AS ?z) }",
    "PREFIX : <urn:> SELECT ?g { GRAPH ?g { ?x :p ?y } GRAPH :g { ?x ?q ?y } }",
    'PREFIX : <urn:> SELECT ?n { ?x :p ?y BIND (IF(?y > 1, CONCAT("a b", STR(?y)), "c"@en) AS ?n) }',
    "PREFIX : <urn:> SELECT (GROUP_CONCAT(STR(?y) ; separator = ', ') AS ?all) { ?x :p ?y } ",
    "BASE <http://example.org/a/b> SELECT (<c> AS ?x) (<#> AS ?y) { } # } a comment",
    "PREFIX o: <https://w3id.org/foedus/ontology#> SELECT ?x { ?x a o:C, <o#> }",
]


@pytest.fixture(scope="module")
def store():
    made = Store()
    for number in range(40):
        subject = NamedNode(f"urn:{'abcdef'[number % 6]}")
        value = Literal(number % 4) if number % 3 else NamedNode(f"urn:{'abc'[number % 2]}")
        quad = Quad(subject, NamedNode(f"urn:{'pqr'[number % 3 if number % 5 else 0]}"), value)
        made.add(quad)
        made.add(Quad(*quad.triple, NamedNode(f"urn:g{number % 3 or ''}")))
    return made


@pytest.mark.parametrize("text", TEXTS)
def test_the_text_of_a_tree_answers_what_the_query_answers(store, text):
    again = writing.select(parser.parse(text, BASE).select)
    rows = sorted(map(str, store.query(text, base_iri=BASE)))
    assert sorted(str(row) for row in store.query(again, base_iri=BASE)) == rows


def test_every_question_answers_the_same_from_its_tree(root, found):
    evidence = Store.read_only(str(generation.current(root).evidence))
    compared = 0
    for question in queries.read_folder(found.queries_in("questions")):
        again = writing.select(parser.parse(question.text, BASE).select)
        rows = sorted(map(str, evidence.query(question.text)))
        assert sorted(map(str, evidence.query(again))) == rows, question.slug
        compared += 1
    assert compared >= 45


def test_sequences_become_steps_and_blank_nodes_variables():
    query = parser.parse("PREFIX : <urn:> SELECT ?_x { _:b :p/^:q+ ?_x }", BASE)
    (triples,) = query.select.where.elements
    assert triples.patterns[0].verb == Link("<urn:p>")
    assert triples.patterns[1].subject == triples.patterns[0].object
    assert triples.patterns[1].verb == Repeat(Link("<urn:q>", inverse=True), "+")
    names = {triples.patterns[0].subject, triples.patterns[0].object}
    assert all(name.startswith(query.private) for name in names)
    assert not "?_x".startswith(query.private)


def test_the_template_of_a_construct():
    query = parser.parse("PREFIX : <urn:> CONSTRUCT { ?x :seen true } WHERE { ?x :p ?y }", BASE)
    assert query.template == (Pattern("?x", Link("<urn:seen>"), "true"),)
    short = parser.parse("PREFIX : <urn:> CONSTRUCT WHERE { ?x :p ?y }", BASE)
    assert short.template == (Pattern("?x", Link("<urn:p>"), "?y"),)


@pytest.mark.parametrize(
    ("text", "column"),
    [
        ("SELECT * { ?s ?p << ?a ?b ?c >> }", 19),
        ("SELECT * { ?s ?p ?o LATERAL { ?s ?q ?r } }", 21),
        ("CONSTRUCT { [] <urn:p> ?o } WHERE { ?s ?p ?o }", 14),
        ("SELECT * { ?s ?p ?o } LIMIT", 23),
    ],
)
def test_what_it_cannot_follow_is_said_with_its_place(text, column):
    with pytest.raises(QueryUncitable) as refused:
        parser.parse(text, BASE)
    assert refused.value.line == 1
    assert abs(refused.value.column - column) <= 1
