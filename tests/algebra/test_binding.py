"""Parameters are bound as terms: what is not of its type is refused, and nothing of a caller reaches the query."""

import dataclasses

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from pyoxigraph import Literal, NamedNode, Store

from kg import assets
from kg.algebra.binding import EXPECTED, ParameterRefused, bind, rebased, slots, term
from kg.queries import TYPES, Parameter, Query, read_query

STORED = [path for folder in ("questions", "pages") for path in assets.find().queries_in(folder)]
PARAMETRISED = [query for query in map(read_query, STORED) if query.parameters]


def query(body: str, *parameters: Parameter) -> Query:
    return Query("example", "What?", "", (), parameters, body)


def of(kind: str, **more) -> Parameter:
    return Parameter("x", kind, "example", "Something.", **more)


@pytest.mark.parametrize(
    ("kind", "value", "written"),
    [
        ("iri", "polity/ukraine", "<https://w3id.org/foedus/id/polity/ukraine>"),
        ("iri", "concept/modality/must", "<https://w3id.org/foedus/concept/modality/must>"),
        ("iri", "http://example.org/a?b=c#d", "<http://example.org/a?b=c#d>"),
        ("date", " 2026-01-31 ", '"2026-01-31"^^<http://www.w3.org/2001/XMLSchema#date>'),
        ("integer", "-12", '"-12"^^<http://www.w3.org/2001/XMLSchema#integer>'),
        ("decimal", "0.90", '"0.90"^^<http://www.w3.org/2001/XMLSchema#decimal>'),
        ("boolean", "true", '"true"^^<http://www.w3.org/2001/XMLSchema#boolean>'),
        ("text", 'say "no"\\\n', '"say \\"no\\"\\\\\\n"'),
        ("language", "uk", '"uk"'),
    ],
)
def test_values_become_terms(kind, value, written):
    assert term(of(kind), value) == written


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("iri", "ukraine"),
        ("iri", "polity/ukraine> ?p ?o . <x"),
        ("iri", "http://example.org/a b"),
        ("iri", "http://example.org/\ud800"),
        ("date", "2026-02-30"),
        ("date", "tomorrow"),
        ("date", '2026-01-01"'),
        ("integer", "1.0"),
        ("integer", "٣"),
        ("decimal", "1e400"),
        ("boolean", "yes"),
        ("text", "nul\0"),
        ("text", "\udcff"),
        ("language", "u k"),
    ],
)
def test_values_of_another_type_are_refused_with_an_example(kind, value):
    with pytest.raises(ParameterRefused, match=r"^x is .*; it should be .*, such as example$") as refused:
        term(of(kind), value)
    assert refused.value.parameter == "x"
    assert EXPECTED[kind] in str(refused.value)


def test_kinds_and_choices_are_kept():
    assert term(of("iri", of=("polity", "territory")), "territory/crimea").endswith("/crimea>")
    with pytest.raises(ParameterRefused, match="polity or territory"):
        term(of("iri", of=("polity", "territory")), "person/volodymyr-zelenskyy")
    assert term(of("text", choices=("on", "off")), "on") == '"on"'
    with pytest.raises(ParameterRefused, match="one of on, off"):
        term(of("text", choices=("on", "off")), "maybe")


def test_only_values_clauses_change_and_all_of_them():
    text = (
        "# VALUES ?x { 1 }\nSELECT * { { VALUES ?x { 1 } ?s ?p ?x } UNION { values $x{2 3} } "
        'FILTER("VALUES ?x { 1 }" = 1) }'
    )
    bound = bind(query(text, of("integer", several=True)), {"x": ["7", "8", "7"]})
    seven = '"7"^^<http://www.w3.org/2001/XMLSchema#integer>'
    both = f" {seven} {seven.replace('7', '8', 1)} "
    assert bound == text.replace("{ { VALUES ?x { 1 }", f"{{ {{ VALUES ?x {{{both}}}").replace("{2 3}", f"{{{both}}}")


def test_what_is_not_given_stays_and_what_is_unknown_is_refused():
    asked = query("ASK { VALUES ?x { 1 } }", of("integer"))
    assert bind(asked, {}) == asked.text
    assert bind(asked, {"x": []}) == asked.text
    with pytest.raises(ParameterRefused, match="has no parameter 'y'; it has: x"):
        bind(asked, {"y": ["1"]})
    with pytest.raises(ParameterRefused, match="2 times"):
        bind(asked, {"x": ["1", "2"]})


@settings(max_examples=200, deadline=None)
@given(some.text())
def test_any_text_arrives_as_it_is_or_is_refused(text):
    asked = query("SELECT ?x { VALUES ?x { '' } }", of("text"))
    try:
        bound = bind(asked, {"x": [text]})
    except ParameterRefused:
        return
    assert [row[0] for row in Store().query(bound)] == [Literal(text)]


@settings(max_examples=200, deadline=None)
@given(some.text(alphabet="abc:/<>{}\"'\\?# .\n%é"))
def test_any_name_arrives_as_it_is_or_is_refused(text):
    asked = query("SELECT ?x { VALUES ?x { <a:b> } }", of("iri"))
    try:
        bound = bind(asked, {"x": [text]})
    except ParameterRefused:
        return
    (row,) = Store().query(bound)
    assert isinstance(row[0], NamedNode)
    assert row[0].value.endswith(text.strip())


def test_names_move_to_another_base_and_terms_stay():
    text = (
        "PREFIX p: <https://w3id.org/foedus/id/polity/> PREFIX foe: <https://w3id.org/foedus/ontology#> "
        'ASK { p:a foe:b "<https://w3id.org/foedus/id/>" }'
    )
    moved = rebased(text, "http://example.org/f/")
    assert moved == text.replace("<https://w3id.org/foedus/id/polity/>", "<http://example.org/f/id/polity/>")


def test_there_are_queries_with_parameters():
    assert len(PARAMETRISED) >= 1
    assert set(EXPECTED) == set(TYPES)


@pytest.mark.parametrize("stored", PARAMETRISED, ids=lambda query: query.slug)
def test_a_stored_query_has_a_place_for_each_parameter_and_its_example_fits(stored):
    places = {slot.name: slot for slot in slots(stored.text)}
    for parameter in stored.parameters:
        assert parameter.name in places, f"{stored.slug}: there is no VALUES ?{parameter.name} {{ … }}"
        assert term(parameter, parameter.example)
        bound = bind(stored, {parameter.name: [parameter.example]})
        store = Store()
        store.query(bound)
        defaults = places[parameter.name].terms
        if defaults != ("UNDEF",):
            free = dataclasses.replace(stored, parameters=())
            assert _first(bound, parameter.name) in {_resolved(free, each) for each in defaults}


def _first(text: str, name: str) -> object:
    written = next(slot.terms[0] for slot in slots(text) if slot.name == name)
    return next(iter(Store().query(f"SELECT ?x {{ VALUES ?x {{ {written} }} }}")))[0]


def _resolved(stored: Query, written: str) -> object:
    prologue = "\n".join(line for line in stored.text.splitlines() if line.startswith("PREFIX"))
    return next(iter(Store().query(f"{prologue} SELECT ?x {{ VALUES ?x {{ {written} }} }}")))[0]
