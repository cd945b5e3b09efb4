"""Rows as a table: shortened IRIs, languages, wide signs, wrapped cells."""

import json

from kg.cli.table import render

BASE = "https://w3id.org/foedus/"


def results(*rows, names=("a", "b")):
    bindings = [dict(zip(names, row, strict=False)) for row in rows]
    bindings = [{name: term for name, term in binding.items() if term} for binding in bindings]
    return json.dumps({"head": {"vars": list(names)}, "results": {"bindings": bindings}}).encode()


def text(value, **more):
    return {"type": "literal", "value": value, **more}


def test_columns_line_up_whatever_the_signs():
    shown = render(results((text("中国"), text("x")), (text("ab"), text("yy"))), BASE).splitlines()
    assert shown[0] == "a     b"
    assert shown[2] == "中国  x"
    assert shown[3] == "ab    yy"
    assert shown[-1] == "2 rows"


def test_terms_are_short_and_say_what_they_are():
    iri = {"type": "uri", "value": f"{BASE}id/polity/ukraine"}
    elsewhere = {"type": "uri", "value": "https://example.org/x"}
    shown = render(results((iri, text("Україна", **{"xml:lang": "uk"})), (elsewhere, None)), BASE)
    assert "polity/ukraine" in shown
    assert "Україна@uk" in shown
    assert "https://example.org/x" in shown
    assert render(results((text("Ukraine", **{"xml:lang": "en"}), None)), BASE).splitlines()[2] == "Ukraine"


def test_long_cells_are_wrapped_to_the_width():
    shown = render(results((text("one two three four five six"), text("unbreakable" * 5))), BASE, width=30)
    assert max(map(len, shown.splitlines())) <= 30
    assert "".join(shown.split()).count("unbreakable") <= 5
    assert "six" in shown


def test_a_boolean_is_a_word():
    assert render(b'{"head": {}, "boolean": false}', BASE) == "no\n"
