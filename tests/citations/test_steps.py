"""Steps of an inference: as the table of derivations has them, and only from what the inference rests on."""

import json
import random
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import urlopen

import pytest
from pyoxigraph import Literal, NamedNode, Triple

from kg.citations.derivations import Table
from kg.reasoning.derivations import Derivations

FOE = "https://w3id.org/foedus/ontology#"
QUESTIONS = {
    "a commitment through a membership": "SELECT ?c ?m { ?c foe:boundThrough ?m }",
    "a commitment": "SELECT ?c { ?c a foe:Commitment }",
    "a contested place": "SELECT ?p { ?p a foe:ContestedPlace }",
    "a contradiction": "SELECT ?a ?b { ?a foe:contradicts ?b }",
    "a class above": "SELECT ?a { ?a a foe:Agent }",
}


def test_a_table_in_a_file_has_the_steps_of_the_table(tmp_path):
    chance = random.Random(3)
    triples = [
        Triple(NamedNode(f"http://e/{chance.randrange(40)}"), NamedNode("http://e/p"), value)
        for value in (*map(Literal, 'aéb\n"\\ї😀'), *(NamedNode(f"http://e/{name}") for name in "abcdefgh"))
        for _ in range(3)
    ]
    triples = list(dict.fromkeys(triples))
    rows = {
        (chance.randrange(len(triples)), chance.randrange(3), *chance.sample(range(len(triples)), chance.randrange(3)))
        for _ in range(120)
    }
    whole = Derivations.of(triples, ["one", "three", "two"], rows)
    (tmp_path / "derivations.txt").write_text(whole.dumps(), encoding="utf-8", newline="\n")
    table = Table(tmp_path / "derivations.txt")
    for triple in triples:
        expected = [(step.rule, list(map(str, step.premises))) for step in whole.steps_to(triple)]
        assert list(table.steps(str(triple))) == expected
    assert list(table.steps('<http://e/none> <http://e/p> "a"')) == []
    assert list(table.steps("~")) == []


def explained(served, question, **more):
    asked = {"query": f"PREFIX foe: <{FOE}> {question} ORDER BY ?a ?c ?p LIMIT 3", "format": "json", **more}
    with urlopen(f"{served}/explain?{urlencode(asked)}", timeout=60) as response:
        return json.loads(response.read())


def cited_claims(served, question, **more):
    asked = {"query": f"PREFIX foe: <{FOE}> {question} ORDER BY ?a ?c ?p LIMIT 3", "citations": "true", **more}
    with urlopen(f"{served}/sparql?{urlencode(asked)}", timeout=60) as response:
        graphs = json.loads(response.read())["citations"]["graphs"]
    return {graph["iri"] for graph in graphs if graph["kind"] == "claim"}


def nodes(tree):
    yield tree
    for each in tree.get("because", ()):
        yield from nodes(each)


@pytest.mark.parametrize("name", QUESTIONS)
def test_rules_are_told_with_what_they_were_applied_to(served, name):
    tree = explained(served, QUESTIONS[name])
    inferences = [node for node in nodes(tree) if node["kind"] == "inference"]
    assert inferences
    for inference in inferences:
        assert {each["kind"] for each in inference["because"]} == {"triple"}
        for premise in inference["because"]:
            assert {each["kind"] for each in premise["because"]} <= {"claim", "graph", "inference", "more"}
    told = {node["iri"] for node in nodes(tree) if node["kind"] == "claim"}
    assert told or name == "a class above"  # which the vocabulary and the register say alone
    assert told <= cited_claims(served, QUESTIONS[name])


def test_a_step_between_is_told_as_a_rule_within_a_rule(served):
    tree = explained(served, QUESTIONS["a commitment through a membership"])
    deep = [
        (node, inner)
        for node in nodes(tree)
        if node["kind"] == "inference"
        for inner in nodes({"kind": "", "because": node["because"]})
        if inner["kind"] == "inference"
    ]
    assert deep
    assert all(outer["text"] != inner["text"] for outer, inner in deep)


def test_in_a_view_only_what_was_known_then_is_told(served):
    question = "SELECT ?c { ?c a foe:Commitment }"
    tree = explained(served, question, **{"known-at": "2024-01-01"})
    dates = [
        node["text"]
        for node in nodes(tree)
        if node["kind"] == "source" and ("2025-" in node["text"] or "2026-" in node["text"])
    ]
    assert any(node["kind"] == "inference" for node in nodes(tree))
    assert dates == []
    with pytest.raises(HTTPError, match="404"):
        explained(served, question, row="7")
