"""Every constraint of every shape: a file that keeps it, and a file that breaks it and nothing else."""

from collections import defaultdict
from pathlib import Path

import pytest
from pyoxigraph import RdfFormat
from rdflib import RDF, SH, Graph, Literal, URIRef
from rdflib.collection import Collection

from kg.terms import FOE
from kg.validation import Result, parse, read, union, validate

HERE = Path(__file__).parent
CASES = sorted((HERE / "shapes").glob("*/*.ttl"))
SHAPES = "https://w3id.org/foedus/shapes#"
ON_INFERRED = URIRef(f"{FOE}onInferred")
CONSTRAINTS = (
    *("class", "datatype", "equals", "hasValue", "in", "languageIn", "lessThanOrEquals", "maxCount", "maxInclusive"),
    *("minCount", "minInclusive", "node", "nodeKind", "not", "or", "pattern"),
)
# Not judged by a case of their own: what other shapes refer to, which no node has to keep by itself.
REFERRED = ("Kind", "ConceptShape")


def case_id(path: Path) -> str:
    return f"{path.parent.name}/{path.stem}"


def focus(path: Path) -> str:
    """The node that a case is about; each file has a base of its own, so that all can be judged at once."""
    return f"https://fixture.example/{case_id(path)}#it"


def expected(path: Path) -> set[tuple[str, str]]:
    """The shape and the constraint that the name of a file says it breaks."""
    if path.stem == "valid":
        return set()
    parts = path.stem.split("-")[1:]
    if parts[0] in CONSTRAINTS:
        return {(f"{SHAPES}{path.parent.name}", component(parts[0]))}
    return {(f"{SHAPES}{path.parent.name}-{parts[0]}", component(parts[1]))}


def component(constraint: str) -> str:
    return f"{constraint[0].upper()}{constraint[1:]}ConstraintComponent"


def judges_inferred(shapes: Graph, path: Path) -> bool:
    return (URIRef(f"{SHAPES}{path.parent.name}"), ON_INFERRED, Literal(True)) in shapes


@pytest.fixture(scope="module")
def results(shapes, ontology) -> dict[str, list[Result]]:
    """The results of all cases, by focus node: one run on what is asserted, one for what is inferred."""
    found: dict[str, list[Result]] = defaultdict(list)
    for inferred in (False, True):
        graphs = [read(HERE / "support.ttl")]
        for path in CASES:
            if judges_inferred(shapes, path) == inferred:
                base = focus(path).partition("#")[0]
                graphs.append(parse(path.read_bytes(), RdfFormat.TURTLE, name=case_id(path), base=base))
        for result in validate(union(graphs), shapes, ontology, inferred=inferred).results:
            found[str(result.focus)].append(result)
    return found


def test_there_is_a_case_for_every_constraint(shapes):
    assert len(CASES) > 450
    wanted = set()
    for shape in set(shapes.subjects(RDF.type, SH.NodeShape)) | set(shapes.subjects(RDF.type, SH.PropertyShape)):
        name = str(shape).removeprefix(SHAPES)
        node, _, of = name.partition("-")
        if node.endswith(REFERRED):
            continue
        for constraint in CONSTRAINTS:
            others = list(shapes.objects(shape, SH[constraint]))
            if len(others) > 1:
                wanted |= {(node, f"invalid-{of}-{constraint}-{local(other)}") for other in others}
            elif others:
                wanted.add((node, "-".join(filter(None, ("invalid", of, constraint)))))
        wanted.add((node, "valid"))
    there = {(path.parent.name, path.stem) for path in CASES}
    assert {case[:2] for case in wanted - there} == set()
    assert there - wanted == set()


def local(term: object) -> str:
    return str(term).rpartition("#")[2]


@pytest.mark.parametrize("path", CASES, ids=case_id)
def test_a_case_breaks_what_its_name_says_and_nothing_else(path, results):
    own = f"{SHAPES}{path.parent.name}"
    found = {
        (str(result.shape), result.component)
        for result in results[focus(path)]
        if result.severity == "Violation" or str(result.shape).startswith(own)
    }
    wanted = expected(path)
    # A value of another datatype has no place in the order either.
    extra = {(shape, component("lessThanOrEquals")) for shape, name in wanted if name == component("datatype")}
    assert wanted <= found <= wanted | extra


def test_the_world_of_the_cases_is_valid(results):
    outside = [result for node, found in results.items() for result in found if not node.endswith("#it")]
    assert outside == []


def test_messages_say_what_to_do(shapes):
    verbs = ("add", "choose", "give", "let", "name", "needs", "remove", "say", "state", "write")
    told = {str(message) for message in shapes.objects(None, SH.message)}
    assert len(told) > 150
    assert [text for text in told if not any(verb in text.lower().split() for verb in verbs)] == []


def test_no_shape_runs_a_query(shapes):
    assert not set(shapes.subjects(SH.sparql)), "SPARQL constraints make a validation many times slower"


def test_every_property_shape_is_used(shapes):
    used = set(shapes.objects(None, SH.property))
    assert set(shapes.subjects(RDF.type, SH.PropertyShape)) == used


def test_every_shape_that_others_refer_to_is_defined(shapes):
    defined = set(shapes.subjects(RDF.type, SH.NodeShape))
    referred = set(shapes.objects(None, SH.node)) | set(shapes.objects(None, SH["not"]))
    for list_ in shapes.objects(None, SH["or"]):
        referred |= set(Collection(shapes, list_))
    assert len(referred) > 40
    assert referred <= defined


def test_a_wrongly_typed_member_fails_although_reasoning_would_hide_it(shapes, ontology):
    """The range of foe:member makes an agent of everything; so SHACL judges before inference."""
    text = (
        (HERE / "shapes/MembershipShape/valid.ttl").read_text().replace("foe:member ex:ukraine", "foe:member ex:crimea")
    )
    data = union((read(HERE / "support.ttl"), parse(text.encode(), RdfFormat.TURTLE, base="https://fixture.example/")))
    (result,) = validate(data, shapes, ontology).results
    assert (str(result.focus), result.path) == ("https://fixture.example/#it", "foe:member")
    assert result.component == "ClassConstraintComponent"
    crimea = URIRef("https://example.org/crimea")
    assert result.value == crimea
    data.add((crimea, RDF.type, URIRef(f"{FOE}Body")))  # what a reasoner would conclude from a range
    assert validate(data, shapes, ontology).conforms
