"""What the gate lets through, what it says to the rest, and that it is quick about it."""

import contextlib
import time

import pytest

from kg.algebra import (
    FederationRefused,
    QueryTooComplex,
    QueryTooLong,
    QueryUnreadable,
    UpdateRefused,
    look,
)
from kg.settings import Settings

SETTINGS = Settings()


@pytest.mark.parametrize(
    ("query", "form"),
    [
        ("SELECT * { ?s ?p ?o }", "SELECT"),
        ("# a comment with { and SERVICE\nPREFIX a: <http://e/> BASE <http://b/> aSk { a:b a:c 'x' }", "ASK"),
        ("construct { ?s ?p ?o } where { ?s ?p ?o }", "CONSTRUCT"),
        ("DESCRIBE <http://e/#not-a-comment>", "DESCRIBE"),
    ],
)
def test_forms(query, form):
    assert look(query, SETTINGS).form == form


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { GRAPH ?g { ?s ?p ?o } }",
        "SELECT * FROM <http://e/g> { ?s ?p ?o }",
        "ASK { ?s ?p trueGRAPH?g { ?a ?b ?c } }",
        "PREFIX graph: <http://e/> ASK { graph:x { ?a ?b ?c } }",
    ],
)
def test_graphs_are_seen(query):
    assert look(query, SETTINGS).looks_at_graphs


@pytest.mark.parametrize(
    "query",
    [
        "ASK { ?s ?p 'GRAPH ?g { }' }",
        'ASK { ?s ?p """a "GRAPH" \\""" FROM""" }',
        "ASK { ?graph ?from $service }",
        "ASK { ?s <http://e/GRAPH> ?o } # FROM <x> SERVICE <y>",
        "PREFIX e: <http://e/> ASK { e:GRAPH e:FROM e:SERVICE }",
        "ASK { ?s ?p 'x'@graph , _:service }",
        "PREFIX e: <http://e/> ASK { ?s e:a\\#GRAPH ?o }",
    ],
)
def test_graphs_are_not_imagined(query):
    outline = look(query, SETTINGS)
    assert not outline.looks_at_graphs
    assert outline.service is None


@pytest.mark.parametrize(
    ("query", "column"),
    [
        ("ASK { SERVICE <http://e/> { ?s ?p ?o } }", 7),
        ("ASK { service SILENT ?x { ?s ?p ?o } }", 7),
        ("ASK { ?s ?p trueSERVICE<http://e/>{ ?s ?p ?o } }", 13),
        ("PREFIX service: <http://e/> ASK { service:x { ?s ?p ?o } }", 35),
        ("PREFIX e: <http://e/> ASK { ?s e:a\\#SERVICE ?o SERVICE <http://e/> {} }", 48),
    ],
)
def test_other_servers_are_refused(query, column):
    with pytest.raises(FederationRefused) as refused:
        look(query, SETTINGS)
    assert (refused.value.line, refused.value.column) == (1, column)


def test_the_dataset_is_resolved():
    query = "PREFIX e: <http://e/> BASE <http://b/x/> SELECT * FROM e:a FROM NAMED <y> FROM <http://c> FROM e:a { }"
    dataset = look(query, SETTINGS).dataset
    assert dataset is not None
    assert dataset.default == ("http://e/a", "http://c")
    assert dataset.named == ("http://b/x/y",)


def test_chance_and_time_make_an_answer_unstable():
    assert look("SELECT * { ?s ?p ?now }", SETTINGS).stable
    assert not look("SELECT (NOW() AS ?x) { }", SETTINGS).stable
    assert not look("SELECT * { BIND(struuid() AS ?x) }", SETTINGS).stable


@pytest.mark.parametrize(
    "update", ["INSERT DATA { <a:b> <a:c> 1 }", "PREFIX e: <http://e/> delete where { ?s ?p ?o }", "LOAD <http://e/>"]
)
def test_updates_are_refused(update):
    with pytest.raises(UpdateRefused, match="only answers queries"):
        look(update, SETTINGS)


@pytest.mark.parametrize(
    ("query", "line", "column", "message"),
    [
        ("", 1, 1, "empty"),
        ("PREFIX e: <http://e/>\n", 2, 1, "nothing follows"),
        ("SELEKT * { }", 1, 1, "begins with SELECT"),
        ("ASK {\n  ?s ex:p ?o }", 2, 6, "prefix ex: is not declared"),
        ("ASK {\n  ?s ?p 'open }", 2, 9, "not closed"),
        ('ASK { ?s ?p """open" }', 1, 13, "not closed"),
        ("PREFIX e <http://e/> ASK { }", 1, 1, "PREFIX name: <iri>"),
    ],
)
def test_what_is_no_query_has_a_place(query, line, column, message):
    with pytest.raises(QueryUnreadable, match=message) as unreadable:
        look(query, SETTINGS)
    assert (unreadable.value.line, unreadable.value.column) == (line, column)


@pytest.mark.parametrize(
    "bomb",
    [
        "ASK { FILTER(" + "(" * 5000 + "1" + ")" * 5000 + ") }",
        "ASK " + "{" * 3000 + "}" * 3000,
        "ASK { ?s ?p " + "[ ?p " * 500 + "1" + "]" * 500 + "}",
        "ASK { ?s ?p " + "<<( ?s ?p " * 500 + "1" + ")>>" * 500 + "}",
        "ASK { FILTER(1<" + "(" * 5000 + "1" + ")" * 5000 + "||2>1) }",
        "ASK { " + "?s ?p ?o . " * 2000 + "}",
        "ASK { " + "{ } UNION " * 2000 + "{ } }",
    ],
)
def test_bombs_are_refused(bomb):
    with pytest.raises(QueryTooComplex):
        look(bomb, SETTINGS)


def test_a_long_query_is_refused():
    with pytest.raises(QueryTooLong, match="FOEDUS_QUERY_SIZE"):
        look("ASK { } #" + "é" * SETTINGS.query_size, SETTINGS)


def test_a_long_list_of_values_is_let_through():
    values = " ".join(f"<http://example.org/thing/{number}>" for number in range(5000))
    assert look(f"SELECT * {{ VALUES ?x {{ {values} }} ?x ?p ?o }}", SETTINGS).patterns < 10


@pytest.mark.parametrize(
    "unit",
    ["a-", '\\"""', "<", "<a", "a.", ". ", ":", "_:a..", "'''x", '"\\"""', "a...", "?a ", "<((((", "{", "@a-", "1"],
)
def test_the_time_grows_with_the_length_only(unit):
    settings = Settings(nesting=1000, patterns=100_000)
    text = "ASK { " + unit * ((SETTINGS.query_size - 10) // len(unit))
    began = time.thread_time()  # not by the clock on the wall: other tests may be running beside this one
    with contextlib.suppress(QueryUnreadable, QueryTooComplex):
        look(text, settings)
    assert time.thread_time() - began < 3
