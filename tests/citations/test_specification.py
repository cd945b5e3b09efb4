"""The page for implementers says what the code does."""

import json
import re
from pathlib import Path

from pyoxigraph import RdfFormat, parse

from kg.citations.answering import BOUNDS
from kg.citations.document import Document
from kg.citations.walks import STEPS
from kg.citations.witnesses import ASKED
from tests.citations.cited import alternatives, ask, session

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "sparql-over-claims.md").read_text(encoding="utf-8")


def test_the_bounds_are_those_of_the_code():
    (paragraph,) = re.findall(r"(?s)\*\*Bounds\.\*\*(.*?)\n\n", PAGE)
    figures = {int(figure.replace(",", "")) for figure in re.findall(r"\d[\d,]*", paragraph)} - {2}
    assert figures == {*BOUNDS.values(), STEPS, ASKED}


def test_the_example_is_cited_as_it_says():
    ((trig, query),) = re.findall(r"(?s)```trig\n(.*?)```.*?```sparql\n(.*?)```", PAGE)
    graphs: dict[str, set[tuple[str, str, str]]] = {}
    for quad in parse(trig, RdfFormat.TRIG):
        name, *triple = (
            each.value.removeprefix("urn:") for each in (quad.graph_name, quad.subject, quad.predicate, quad.object)
        )
        graphs.setdefault(name, set()).add(tuple(triple))
    stores = session(graphs)
    first = (("a", "member", "club"), ("claim1", "claim2"))
    second = (("b", "member", "club"), ("claim2",))
    document = ask(stores, query)
    (row,) = document["citations"]["rows"]
    assert alternatives(document, row) == {frozenset({first})}
    (absence,) = document["citations"]["absences"]
    assert (absence["kind"], absence["with"]["who"]["value"]) == ("NOT EXISTS", "urn:a")
    without = ask(stores, re.sub(r"FILTER NOT EXISTS \{.*?\}", "", query))
    assert alternatives(without, without["citations"]["rows"][0]) == {frozenset({first}), frozenset({second})}
    counted = "SELECT ?club (COUNT(*) AS ?n) { ?who <urn:member> ?club } GROUP BY ?club"
    document = ask(stores, counted)
    assert document["results"]["bindings"][0]["n"]["value"] == "2"
    assert alternatives(document, document["citations"]["rows"][0]) == {frozenset({first, second})}


def test_the_example_has_the_members_of_a_document():
    (block,) = re.findall(r"(?s)```json\n(.*?)```", PAGE)
    example = json.loads(block)
    stores = session({"g1": {("a", "p", "b")}, "g2": {("b", "p", "c"), ("c", "q", "c")}})
    query = "SELECT ?x { ?x <urn:p>+ <urn:c> . FILTER EXISTS { ?x <urn:p> ?y } FILTER NOT EXISTS { ?x <urn:q> ?x } }"
    document = ask(stores, query)
    assert set(example) == set(document)
    assert set(example["citations"]) == set(document["citations"])
    for name in ("rows", "statements", "paths", "parts", "absences"):
        assert set(example["citations"][name][0]) == set(document["citations"][name][0]), name
    assert Document.__doc__
