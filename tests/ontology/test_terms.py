"""Every term that is used is declared; the fact tables, the vocabulary, the concepts and the shapes say the same."""

import re
from datetime import date
from decimal import Decimal
from pathlib import Path
from urllib.parse import urljoin

import pytest
from rdflib import OWL, RDF, RDFS, SH, SKOS, XSD, Literal, URIRef

from kg.facts.claims import Claim
from kg.facts.columns import Column
from kg.facts.core import CLASSES_OF_KIND, Thing
from kg.facts.evidence import Attestation, Source
from kg.facts.instruments import UndertakingStatement
from kg.facts.negotiation import StanceStatement
from kg.facts.tables import CLAIM_TABLES, TABLES
from kg.facts.values import Code, Duration, Edtf, Ref, Url
from kg.terms import BASE, FOE, lower_camel
from kg.validation import read

ROOT = Path(__file__).parents[2]
CONCEPTS = sorted((ROOT / "ontology" / "concepts").glob("*.ttl"))
SHAPES = "https://w3id.org/foedus/shapes#"
# Columns that the provenance vocabulary or plain RDF has a property for already.
STANDARD = {
    "as_of": {"asOf"},
    "begin": {"beginEarliest", "beginLatest", "beginText", "endOpen"},
    "end": {"endEarliest", "endLatest", "endText", "endOpen"},
    "on": {"beginEarliest", "beginLatest", "beginText", "endEarliest", "endLatest", "endText"},
    **{name: set() for name in ("claim", "id", "name", "publisher", "replaces", "title", "type", "wikidata")},
}
RANGES = {
    bool: XSD.boolean,
    date: RDFS.Literal,
    Decimal: XSD.decimal,
    Duration: RDFS.Literal,
    Edtf: RDFS.Literal,
    str: XSD.string,
    Url: XSD.anyURI,
}
DATATYPES = {
    bool: XSD.boolean,
    date: XSD.date,
    Decimal: XSD.decimal,
    Duration: XSD.duration,
    str: XSD.string,
    Url: XSD.anyURI,
}
COLUMNS = [(row, column) for row in TABLES for column in row.columns()]


def name_of(case: tuple) -> str:
    row, column = case
    return f"{row.TABLE}.{column.name}"


def own(row: type, column: Column) -> bool:
    """Whether a column's values become triples of the row's node, under the column's name."""
    if column.name in STANDARD:
        return False
    return not (issubclass(row, Claim) and not row.MATTER and column.name == subject(row))


def subject(row: type[Claim]) -> str:
    """The column that names the thing that a claim without matter describes."""
    shared = {column.name for column in Claim.columns()}
    return next(column.name for column in row.columns() if column.name not in shared)


def properties(column: Column) -> set[str]:
    name = lower_camel(column.name)
    return {f"{name}Earliest", f"{name}Latest", f"{name}Text"} if column.type is Edtf else {name}


def shape(row: type, property_: str) -> URIRef:
    class_ = row.CLASS if issubclass(row, Claim) else row.__name__
    return URIRef(f"{SHAPES}{class_}Shape-{property_}")


@pytest.mark.parametrize("case", COLUMNS, ids=name_of)
def test_a_column_has_its_properties(case, vocabulary):
    row, column = case
    wanted = STANDARD.get(column.name)
    if wanted is None:
        wanted = properties(column) if own(row, column) else set()
    for name in wanted:
        kind = OWL.ObjectProperty if column.type in (Ref, Code) else OWL.DatatypeProperty
        assert (URIRef(f"{FOE}{name}"), RDF.type, kind) in vocabulary, f"declare foe:{name}"
        if kind == OWL.DatatypeProperty and column.name != "short_name":
            expected = XSD.string if name.endswith("Text") and column.type is Edtf else RANGES[column.type]
            if name not in ("asOf", "endOpen"):
                assert vocabulary.value(URIRef(f"{FOE}{name}"), RDFS.range) == expected


@pytest.mark.parametrize("case", [case for case in COLUMNS if case[1].scheme], ids=name_of)
def test_a_column_has_its_scheme_and_the_shape_demands_it(case, ontology, shapes):
    row, column = case
    scheme = URIRef(f"{BASE}concept/{column.scheme}")
    assert (scheme, RDF.type, SKOS.ConceptScheme) in ontology
    assert len(set(ontology.subjects(SKOS.inScheme, scheme))) > 1
    concept = shapes.value(shape(row, lower_camel(column.name)), SH.node)
    demanded = {shapes.value(inner, SH.hasValue) for inner in shapes.objects(concept, SH.property)}
    assert demanded == {scheme}


@pytest.mark.parametrize("case", [case for case in COLUMNS if own(*case)], ids=name_of)
def test_the_shape_says_of_a_column_what_its_row_class_says(case, shapes):
    """How many values, and of which datatype. A lasting thing may have none, or two."""
    row, column = case
    if row is Thing or column.name in ("recorded", "retracted", "strand"):
        return  # judged by the shapes of superclasses, whose own cases show that they bite
    lasting_thing = issubclass(row, Claim) and not row.MATTER
    for name in properties(column):
        of_row = shape(row, name)
        assert (of_row, RDF.type, SH.PropertyShape) in shapes, f"write {of_row}"
        least, most = shapes.value(of_row, SH.minCount), shapes.value(of_row, SH.maxCount)
        if column.type is not Edtf:
            assert (least == Literal(1)) == (column.required and not lasting_thing)
        if not lasting_thing:
            assert (most == Literal(1)) != column.many
        if column.type in DATATYPES:
            assert shapes.value(of_row, SH.datatype) == DATATYPES[column.type]


def test_every_class_of_a_thing_or_a_row_is_declared(vocabulary):
    names = {name for classes in CLASSES_OF_KIND.values() for name in classes}
    names |= {row.CLASS for row in CLAIM_TABLES} | {Attestation.__name__, Source.__name__}
    names |= {*UndertakingStatement.ROW_KINDS.values(), *StanceStatement.ROW_KINDS.values()}
    assert len(names) > 50
    assert {name for name in names if (URIRef(f"{FOE}{name}"), RDF.type, OWL.Class) not in vocabulary} == set()


def test_classes_stand_under_what_they_are(vocabulary):
    def above(name: str) -> set[str]:
        found = vocabulary.transitive_objects(URIRef(f"{FOE}{name}"), RDFS.subClassOf)
        return {str(term).removeprefix(FOE) for term in found}

    for classes in CLASSES_OF_KIND.values():
        for name in classes:
            assert "Thing" in above(name)
    for row in CLAIM_TABLES:
        assert ("Statement" if row.MATTER else "Thing") in above(row.CLASS)
    assert {"Place", "Thing"} <= above("NuclearFacility")
    assert {"Organisation", "Body", "Agent"} <= above("Alliance")
    assert "UndertakingStatement" in above("Offer")
    assert "Commitment" not in above("Offer")


def test_every_term_under_our_base_that_is_used_is_declared(ontology):
    declared = {str(term) for term in ontology.subjects(RDF.type) if str(term).startswith(BASE)}
    used: dict[str, str] = {}
    for path in sorted((ROOT / "ontology").rglob("*.ttl")):
        for triple in read(path):
            for term in triple:
                if str(term).startswith((FOE, f"{BASE}concept/")) and isinstance(term, URIRef):
                    used[str(term)] = str(path.relative_to(ROOT))
    for path in sorted((ROOT / "queries").rglob("*.rq")):
        text = path.read_text(encoding="utf-8")
        for prefix, namespace in re.findall(r"^PREFIX ([\w-]+): <([^>]+)>", text, re.MULTILINE):
            if urljoin(BASE, namespace).startswith((FOE, f"{BASE}concept/")):
                for name in re.findall(rf"(?<![\w-]){prefix}:([\w-]+)", text):
                    used[urljoin(BASE, namespace) + name] = str(path.relative_to(ROOT))
        for concept in re.findall(r"<(?:https://w3id\.org/foedus/)?(concept/[a-z0-9/-]*[a-z0-9])>", text):
            used[f"{BASE}{concept}"] = str(path.relative_to(ROOT))
    assert len(used) > 600
    assert {term: where for term, where in used.items() if term not in declared} == {}


def test_every_concept_scheme_belongs_to_a_column_and_its_file():
    assert len(CONCEPTS) >= 34
    assert {path.stem for path in CONCEPTS} == {column.scheme for _, column in COLUMNS if column.scheme}
    for path in CONCEPTS:
        scheme = URIRef(f"{BASE}concept/{path.stem}")
        graph = read(path)
        for concept in graph.subjects(RDF.type, SKOS.Concept):
            assert str(concept).startswith(f"{scheme}/"), f"{concept} does not belong in {path.name}"
            assert (concept, SKOS.inScheme, scheme) in graph


@pytest.mark.parametrize(
    ("flag", "scheme", "some", "never"),
    [
        (
            "isMember",
            "membership-role",
            {"founding-member", "full-member", "permanent-member"},
            {"observer", "candidate"},
        ),
        ("binds", "participation-act", {"ratified", "acceded", "concluded"}, {"signed", "witnessed", "withdrew"}),
        ("takesEffect", "transition", {"entered-into-force", "took-effect"}, {"signed", "expired"}),
        ("ends", "transition", {"expired", "terminated", "dissolved"}, {"signed", "entered-into-force"}),
    ],
)
def test_concepts_say_what_rules_need_to_know(flag, scheme, some, never, ontology):
    flagged = {str(concept) for concept in ontology.subjects(URIRef(f"{FOE}{flag}"), Literal(True))}
    start = f"{BASE}concept/{scheme}/"
    assert all(concept.startswith(start) for concept in flagged)
    slugs = {concept.removeprefix(start) for concept in flagged}
    assert some <= slugs
    assert not slugs & never
    assert set(ontology.objects(None, URIRef(f"{FOE}{flag}"))) == {Literal(True)}
