"""The validator finds what is wrong, says it in the same words every time, and leaves its input alone."""

import time

import pytest
from pyoxigraph import RdfFormat
from rdflib import RDF, SH, Graph, Literal, URIRef
from rdflib.compare import isomorphic

from kg.errors import UnreadableInput
from kg.validation import parse, validate

PREFIXES = """
@prefix ex: <https://example.org/> .
@prefix foe: <https://w3id.org/foedus/ontology#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix shape: <https://w3id.org/foedus/shapes#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
ONTOLOGY = "foe:Alliance rdfs:subClassOf foe:Organisation . foe:Union rdfs:subClassOf foe:Organisation ."
SHAPES = """
shape:OrganisationShape a sh:NodeShape ; sh:targetClass foe:Organisation ; sh:property shape:OrganisationShape-founded .
shape:OrganisationShape-founded a sh:PropertyShape ; sh:path ex:founded ; sh:datatype xsd:date ; sh:maxCount 1 ;
    sh:message "Give an organisation at most one day." ; sh:severity sh:Violation .
shape:NamedShape a sh:NodeShape ; sh:targetClass foe:Organisation ; sh:property shape:NamedShape-label .
shape:NamedShape-label a sh:PropertyShape ; sh:path rdfs:label ; sh:minCount 1 ;
    sh:message "Name it." ; sh:severity sh:Warning .
shape:MemberShape a sh:NodeShape ; sh:targetClass foe:Organisation ; sh:property shape:MemberShape-member .
shape:MemberShape-member a sh:PropertyShape ; sh:path [ sh:inversePath ex:memberOf ] ; sh:minCount 1 ;
    sh:message "Say who belongs to it." ; sh:severity sh:Info .
shape:DerivedShape a sh:NodeShape ; foe:onInferred true ; sh:targetClass foe:Organisation ;
    sh:property shape:DerivedShape-size .
shape:DerivedShape-size a sh:PropertyShape ; sh:path ex:size ; sh:minCount 1 ;
    sh:message "Derive its size." ; sh:severity sh:Violation .
"""
DATA = """
ex:nato a foe:Alliance ; ex:founded "1949" .
ex:eu a foe:Union ; rdfs:label "EU" .
ex:poland ex:memberOf ex:eu, ex:nato .
"""


def turtle(text: str) -> Graph:
    return parse((PREFIXES + text).encode(), RdfFormat.TURTLE)


@pytest.fixture(scope="module")
def shapes() -> Graph:
    return turtle(SHAPES)


@pytest.fixture(scope="module")
def ontology() -> Graph:
    return turtle(ONTOLOGY)


def told(report) -> list[tuple[str, str, str | None, str]]:
    return [(r.severity, str(r.focus).rpartition("/")[2], r.path, r.component) for r in report.results]


def test_violations_come_first_and_instances_of_subclasses_are_judged(shapes, ontology):
    report = validate(turtle(DATA), shapes, ontology)
    assert told(report) == [
        ("Violation", "nato", "<https://example.org/founded>", "DatatypeConstraintComponent"),
        ("Warning", "nato", "<http://www.w3.org/2000/01/rdf-schema#label>", "MinCountConstraintComponent"),
    ]
    (first, _) = report.results
    assert first.value == Literal("1949")
    assert first.message == "Give an organisation at most one day."
    assert str(first.shape) == "https://w3id.org/foedus/shapes#OrganisationShape-founded"
    assert not report.conforms
    assert (report.count("Violation"), report.count("Warning"), report.count("Info")) == (1, 1, 0)


def test_warnings_and_infos_are_told_and_do_not_fail(shapes, ontology):
    report = validate(turtle("ex:g7 a foe:Organisation ."), shapes, ontology)
    assert told(report) == [
        ("Warning", "g7", "<http://www.w3.org/2000/01/rdf-schema#label>", "MinCountConstraintComponent"),
        ("Info", "g7", "^<https://example.org/memberOf>", "MinCountConstraintComponent"),
    ]
    assert report.conforms


def test_without_the_ontology_a_subclass_is_no_subclass(shapes):
    assert validate(turtle(DATA), shapes, Graph()).results == ()


def test_shapes_for_the_merge_judge_only_what_is_inferred(shapes, ontology):
    report = validate(turtle(DATA), shapes, ontology, inferred=True)
    assert {(r.severity, r.path) for r in report.results} == {("Violation", "<https://example.org/size>")}
    assert len(report.results) == 2


def test_quads_count_as_one_graph(shapes, ontology):
    content = "\n".join(
        f"{s.n3()} {p.n3()} {o.n3()} <https://example.org/graph{number}> ."
        for number, (s, p, o) in enumerate(turtle(DATA))
    )
    assert told(validate(content.encode(), shapes, ontology)) == told(validate(turtle(DATA), shapes, ontology))


def test_two_runs_write_the_same_report(shapes, ontology):
    first, second = (validate(turtle(DATA), shapes, ontology) for _ in range(2))
    assert first == second
    assert first.text() == second.text()
    assert first.turtle == second.turtle


def test_the_text_says_where_what_and_what_to_do(shapes, ontology):
    assert validate(turtle(DATA), shapes, ontology).text() == (
        "<https://example.org/nato>\n"
        '  Violation <https://example.org/founded> "1949"\n'
        "    Give an organisation at most one day.\n"
        "    (shape:OrganisationShape-founded, DatatypeConstraintComponent)\n"
        "  Warning <http://www.w3.org/2000/01/rdf-schema#label>\n"
        "    Name it.\n"
        "    (shape:NamedShape-label, MinCountConstraintComponent)\n"
        "1 violation, 1 warning\n"
    )
    assert validate(turtle(""), shapes, ontology).text() == "conforms\n"
    assert (
        validate(turtle("ex:g7 a foe:Organisation ."), shapes, ontology)
        .text()
        .endswith("conforms: 1 warning, 1 info\n")
    )


def test_a_long_text_is_cut_and_says_so(shapes, ontology):
    many = " ".join(f"ex:o{number} a foe:Organisation ; ex:founded {number} ." for number in range(5))
    text = validate(turtle(many), shapes, ontology).text(limit=2)
    assert text.count("Violation") == 2
    assert "… and " in text
    assert text.endswith("5 violations, 5 warnings, 5 infos\n")


def test_the_report_is_a_shacl_report(shapes, ontology):
    report = validate(turtle(DATA), shapes, ontology)
    graph = parse(report.turtle.encode(), RdfFormat.TURTLE)
    (root,) = graph.subjects(RDF.type, SH.ValidationReport)
    assert len(set(graph.objects(root, SH.result))) == 2
    assert set(graph.objects(None, SH.focusNode)) == {URIRef("https://example.org/nato")}
    assert set(graph.objects(None, SH.sourceConstraintComponent)) == {
        SH.DatatypeConstraintComponent,
        SH.MinCountConstraintComponent,
    }
    assert report.turtle.startswith("@prefix")


def test_nothing_that_is_passed_in_is_changed(shapes, ontology):
    data = turtle(DATA)
    before = [parse(graph.serialize(format="nt").encode(), RdfFormat.N_TRIPLES) for graph in (data, shapes, ontology)]
    validate(data, shapes, ontology)
    for graph, copy in zip((data, shapes, ontology), before, strict=True):
        assert isomorphic(graph, copy)


def test_a_shape_that_others_refer_to_is_judged_as_before(ontology):
    """Property shapes take over the targets of their node shape; not where that would change what is said."""
    nested = """
    shape:OuterShape a sh:NodeShape ; sh:targetClass foe:Alliance ; sh:property shape:OuterShape-near .
    shape:OuterShape-near a sh:PropertyShape ; sh:path ex:near ; sh:node shape:InnerShape ; sh:severity sh:Violation ;
        sh:message "Name a union that has a seat." .
    shape:InnerShape a sh:NodeShape ; sh:targetClass foe:Union ; sh:property shape:InnerShape-seat .
    shape:InnerShape-seat a sh:PropertyShape ; sh:path ex:seat ; sh:minCount 1 ; sh:severity sh:Violation ;
        sh:message "Give a union a seat." .
    """
    report = validate(turtle("ex:nato a foe:Alliance ; ex:near ex:eu . ex:eu a foe:Union ."), turtle(nested), ontology)
    assert {(str(r.focus).rpartition("/")[2], r.component) for r in report.results} == {
        ("nato", "NodeConstraintComponent"),
        ("eu", "MinCountConstraintComponent"),
    }
    assert len(report.results) == 2


def test_a_shape_that_is_switched_off_stays_off(ontology):
    off = SHAPES.replace(
        "sh:targetClass foe:Organisation ; sh:property",
        "sh:targetClass foe:Organisation ; sh:deactivated true ; sh:property",
    )
    assert validate(turtle(DATA), turtle(off), ontology).results == ()


def test_shapes_that_are_none_are_named(ontology):
    wrong = "shape:BadShape a sh:NodeShape ; sh:targetClass foe:Alliance ; sh:datatype xsd:date, xsd:string ."
    with pytest.raises(UnreadableInput, match="2 values of sh:datatype"):
        validate(turtle(DATA), turtle(wrong), ontology)


def test_quads_that_do_not_parse_are_named(shapes, ontology):
    with pytest.raises(UnreadableInput, match=r"^data:1:"):
        validate(b"<https://example.org/it> .", shapes, ontology)


def test_thirty_thousand_triples_take_seconds(shapes, ontology):
    """A guard against shapes or settings that make each node cost a query; a run takes about a second."""
    lines = [
        f"ex:o{n} a foe:Union ; rdfs:label 'o{n}' ; ex:founded '1949-04-04'^^xsd:date ; ex:memberOf ex:o{n} ."
        for n in range(7500)
    ]
    data = turtle("\n".join(lines))
    assert len(data) == 30000
    start = time.monotonic()
    report = validate(data, shapes, ontology)
    assert report.results == ()
    assert time.monotonic() - start < 30
