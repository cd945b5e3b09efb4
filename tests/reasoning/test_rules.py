"""What may stand in a rule, how a rule is read, and how each refusal says why."""

from __future__ import annotations

from pathlib import Path

import pytest
from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, Store, Triple

from kg.assets import find
from kg.errors import UnreadableInput
from kg.reasoning.fixpoint import derive
from kg.reasoning.rules import describe, read_rule, read_rules
from kg.terms import DCTERMS, FOE, RDF, RDFS, Names

NAMES = Names()
PREFIXES = "PREFIX foe: <https://w3id.org/foedus/ontology#>\n"
HEADER = "#+ summary: A rule.\n#+ description: For a test.\n"


def write(path, query, name="rule"):
    file = path / f"{name}.rq"
    file.write_text(HEADER + "BASE <https://w3id.org/foedus/>\n" + PREFIXES + query)
    return file


def node(name):
    return NamedNode(f"urn:{name}")


REFUSED = {
    "?a foe:p ?b OPTIONAL { ?a foe:q ?c }": "OPTIONAL",
    "?a foe:p ?b MINUS { ?a foe:q ?b }": "MINUS",
    "?a foe:p ?b FILTER NOT EXISTS { ?a foe:q ?b }": "EXISTS",
    "?a foe:p ?b FILTER EXISTS { ?a foe:q ?b }": "EXISTS",
    "{ SELECT ?a ?b { ?a foe:p ?b } }": "nested SELECT",
    "{ SELECT ?a ?b { ?a foe:p ?b } LIMIT 1 }": "nested SELECT",
    "{ SELECT ?a (COUNT(?c) AS ?b) { ?a foe:p ?c } GROUP BY ?a }": "nested SELECT",
    "?a foe:p ?b FILTER (NOW() > ?b)": "NOW",
    "?a foe:p ?c BIND (RAND() AS ?b)": "RAND",
    "?a foe:p ?c BIND (UUID() AS ?b)": "UUID",
    "?a foe:p ?c BIND (STRUUID() AS ?b)": "STRUUID",
    "?a foe:p ?c BIND (BNODE() AS ?b)": "BNODE",
    "?a foe:p+ ?b": "property path",
    "?a foe:p/foe:q ?b": "property path",
    "GRAPH ?g { ?a foe:p ?b }": "GRAPH",
    "SERVICE <http://example.org/> { ?a foe:p ?b }": "SERVICE",
    "VALUES (?a ?b) { (UNDEF 1) } ?a foe:p ?b": "UNDEF",
    "VALUES ?a { foe:x } VALUES ?b { foe:y }": "no premises",
    "?a foe:p ?c": "?b in the template",
    "{ ?a foe:p ?b } UNION { ?a foe:p ?c }": "?b in the template",
    "?a foe:p ?b { FILTER (?b > 1) }": "not bound in the same group",
    "BIND (1 AS ?b) ?a foe:p ?b": "BIND",
}


@pytest.mark.parametrize(("where", "reason"), REFUSED.items())
def test_what_could_lose_a_conclusion_is_refused_with_file_and_reason(tmp_path, where, reason):
    file = write(tmp_path, f"CONSTRUCT {{ ?a foe:r ?b }} WHERE {{ {where} }}")
    with pytest.raises(UnreadableInput) as caught:
        read_rule(file, NAMES)
    assert str(file) in str(caught.value)
    assert reason in str(caught.value)


@pytest.mark.parametrize(
    ("query", "reason"),
    [
        ("SELECT * { ?a foe:p ?b }", "CONSTRUCT"),
        ("ASK { ?a foe:p ?b }", "CONSTRUCT"),
        ("CONSTRUCT { ?a foe:r ?b } WHERE { ?a foe:p ?b } LIMIT 3", "LIMIT"),
        ("CONSTRUCT { ?a foe:r ?b } WHERE { ?a foe:p ?b } ORDER BY ?a", "ORDER BY"),
        ("CONSTRUCT { ?a foe:r foe:x } WHERE { ?a foe:p ?b } GROUP BY ?a", "GROUP BY"),
        ("CONSTRUCT { ?a foe:r ?b } FROM <urn:g> WHERE { ?a foe:p ?b }", "FROM"),
        ("CONSTRUCT { ?a foe:r _:new } WHERE { ?a foe:p ?b }", "blank node"),
        ("CONSTRUCT { ?a foe:r ?b } WHERE { ?a foe:p ?b ", ":5:"),
    ],
)
def test_another_kind_of_query_is_refused(tmp_path, query, reason):
    with pytest.raises(UnreadableInput, match=reason):
        read_rule(write(tmp_path, query), NAMES)


def test_two_rules_of_one_name_are_refused(tmp_path):
    query = "CONSTRUCT { ?a foe:r ?b } WHERE { ?a foe:p ?b }"
    (tmp_path / "deeper").mkdir()
    files = [write(tmp_path, query), write(tmp_path / "deeper", query)]
    with pytest.raises(UnreadableInput, match="another rule named rule"):
        read_rules(files, NAMES)


def test_each_side_of_a_union_is_a_branch_with_its_own_premises(tmp_path):
    rule = read_rule(
        write(tmp_path, "CONSTRUCT { ?a a foe:X } WHERE { ?a foe:p ?b { ?b foe:q ?c } UNION { ?b foe:r ?c } }"), NAMES
    )
    assert len(rule.branches) == 2
    table = derive(
        [Triple(node("a"), FOE["p"], node("b")), Triple(node("b"), FOE["r"], node("c"))],
        [rule],
    )
    (step,) = table
    assert step.conclusion == Triple(node("a"), RDF["type"], FOE["X"])
    assert set(step.premises) == {
        Triple(node("a"), FOE["p"], node("b")),
        Triple(node("b"), FOE["r"], node("c")),
    }


def test_expressions_keep_their_meaning(tmp_path):
    where = """
        ?a foe:p ?b ; foe:q ?c .
        VALUES ?unit { foe:one foe:two }
        ?a foe:unit ?unit .
        FILTER (?b + 2 * 3 - 1 > 7 && !(?c = "x"@en) || ?c IN ("y", "z") && -?b < 0)
        BIND (IF(?b > 3, CONCAT(STR(?unit), " ", UCASE(STR(?c))), "small") AS ?text)
        BIND (SUBSTR(SHA256(?text), 1, 4) AS ?digest)
        FILTER (REGEX(?digest, "^[0-9A-F]+$", "i") && ?c NOT IN ("never"))
    """
    file = write(tmp_path, f"CONSTRUCT {{ ?a foe:r ?digest }} WHERE {{ {where} }}")
    triples = [
        Triple(node(name), FOE[key], value)
        for name, b, c, unit in [
            ("a", 3, Literal("x", language="en"), "one"),
            ("b", 5, Literal("w"), "two"),
            ("c", 1, Literal("y"), "one"),
            ("d", 9, Literal("v"), "three"),
        ]
        for key, value in (("p", Literal(b)), ("q", c), ("unit", FOE[unit]))
    ]
    store = Store()
    store.extend(Quad(*triple, DefaultGraph()) for triple in triples)
    expected = set(store.query(file.read_text()))
    assert {triple.subject for triple in expected} == {node("b"), node("c")}
    assert derive(triples, [read_rule(file, NAMES)]).conclusions() == expected


def test_the_base_of_the_file_stands_for_the_base_of_the_setting(tmp_path):
    file = write(
        tmp_path,
        'CONSTRUCT { ?made a <concept/x> } WHERE { ?a foe:p <concept/y> BIND (IRI(CONCAT("id/", "z")) AS ?made) }',
    )
    elsewhere = Names("http://localhost:8000/")
    table = derive(
        [Triple(node("a"), FOE["p"], NamedNode("http://localhost:8000/concept/y"))], [read_rule(file, elsewhere)]
    )
    assert table.conclusions() == {
        Triple(NamedNode("http://localhost:8000/id/z"), RDF["type"], NamedNode("http://localhost:8000/concept/x"))
    }


def test_every_rule_says_what_it_concludes_and_is_described():
    rules = read_rules(find().queries_in("rules"), NAMES)
    assert len(rules) >= 30
    described = describe(rules, NAMES)
    for rule in rules:
        assert rule.summary.endswith(".")
        assert rule.description.endswith(".")
        about = {(quad.predicate, quad.object) for quad in described if quad.subject == NAMES.rule(rule.slug)}
        assert about == {
            (RDF["type"], FOE["Rule"]),
            (RDFS["label"], Literal(rule.summary, language="en")),
            (DCTERMS["description"], Literal(rule.description, language="en")),
        }
    assert {quad.graph_name for quad in described} == {NAMES.provenance}


def test_every_rule_of_our_own_is_seen_at_work():
    """Each has a test that names it as the rule of a conclusion."""
    tests = " ".join(file.read_text() for file in Path(__file__).parent.glob("test_*.py"))
    own = [rule.slug for rule in read_rules(find().queries_in("rules"), NAMES) if "owl-rl" not in rule.tags]
    assert len(own) >= 20
    assert [slug for slug in own if f'"{slug}"' not in tests] == []
