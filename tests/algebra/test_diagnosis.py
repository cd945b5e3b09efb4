"""The place of a mistake, as exact as a person would say it."""

import pyoxigraph
import pytest

from kg.algebra.diagnosis import diagnose

STORE = pyoxigraph.Store()


def parse(text: str) -> str | None:
    try:
        STORE.query(text, base_iri="http://example.org/")
    except SyntaxError as error:
        return str(error)
    return None


@pytest.mark.parametrize(
    ("query", "line", "column", "message"),
    [
        ("SELECT * {\n?s ?p ?o\n FILTER(?p = )\n}\n", 3, 14, "')' cannot stand here; something is missing before it"),
        ("SELECT * {\n?s ?p \n}\nLIMIT 3", 3, 1, "'}' cannot stand here"),
        ("SELECT * {\n?s ?p ?o . ?x }\n ORDER BY ?x", 2, 15, "'}' cannot stand here"),
        ("SELECT * {\n ?s ?p ?o ; ; \n BIND(1 ?x) ?a ?b ?c }", 3, 9, "'?x' cannot stand here"),
        ("SELECT * {\n?s ?p ?o . \n OPTIONAL ?x ?y ?z }", 3, 11, "expected {"),
        ("SELECT ?x\n {\n VALUES ?x { 1 2 ?z } }", 3, 18, "'?z' cannot stand here"),
        ("SELECT ?x (SUM(?y) ?z) {\n}", 1, 20, "'?z' cannot stand here"),
        ("SELECT ?x {\n ?x a ?c .. }", 2, 11, "'.' cannot stand here"),
        ("SELECT ?x {\n FILTER NOT EXIST { ?a ?b ?c } }", 2, 13, "'EXIST' cannot stand here"),
        ("SELECT ?x {\n {?x ?y ?z) }", 2, 11, "the { at 2:2 is not closed"),
        ("SELECT * {?s ?p ?o", 1, 19, "ends too early; the { at 1:10 is not closed"),
        ("SELECT * {?s ?p ?o} LIMIT x", 1, 27, "'x' cannot stand here"),
        ("SELECT ?x { ?x <http://a b> ?c }", 1, 16, "a character that an IRI may not have"),
        ("SELECT ?x WHERE {\n ?s <http://a:b:c> ?x }", 2, 5, "is not a valid IRI"),
        ("SELECT ?s {?s ?p ?o} GROUP BY ?p", 1, 33, "unbound"),
        ("ASK { ?s ?p 1.5e3, '''é'''@en-GB, \"x\"^^<y>, 2.5 } LIMI 5", 1, 51, "'LIMI' cannot stand here"),
    ],
)
def test_the_place_is_the_token_that_is_wrong(query, line, column, message):
    complaint = parse(query)
    assert complaint is not None
    found = diagnose(query, complaint, parse)
    assert (found.line, found.column) == (line, column)
    assert message in found.message
