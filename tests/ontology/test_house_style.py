"""The ontology keeps its own house style, and each rule of that style is shown to bite."""

from pathlib import Path

import pytest
from pyoxigraph import RdfFormat
from rdflib import SH, Graph

from kg.validation import parse, union, validate

HERE = Path(__file__).parent
VALID = (HERE / "house-style" / "valid.ttl").read_text(encoding="utf-8")
GARDEN = "https://w3id.org/foedus/ontology/garden"
FOE = "https://w3id.org/foedus/ontology#"
FRUIT = "https://w3id.org/foedus/concept/fruit/"
SHAPE = "https://w3id.org/foedus/shapes#"
DEFINED = "    rdfs:isDefinedBy <https://w3id.org/foedus/ontology/garden> ;\n    rdfs:label"
APPLE = '    skos:prefLabel "apple"@en ;\n    skos:topConceptOf concept:fruit ;\n'
CIDER = '    skos:prefLabel "cider apple"@en ;\n'
SAY = '    sh:message "Say with foe:bearsFruit what the tree bears."@en ;\n'
TREE_LABEL = '    rdfs:label "apple tree"@en ;\n'
TREE_DEFINITION = '    skos:definition "A tree that bears apples."@en ;\n'
TREE_EXAMPLE = '    skos:example "The tree by the gate is an apple tree."@en ;\n'
CREATED = '    dcterms:created "2026-11-24"^^xsd:date ;\n'
DESCRIPTION = '    dcterms:description "Gardens."@en ;\n'
LICENSE = "    dcterms:license <https://creativecommons.org/licenses/by/4.0/> ;\n"
TITLE = '    dcterms:title "Garden"@en ;\n'
VERSION = "    owl:versionIRI <https://w3id.org/foedus/ontology/0.1.0/garden> ;\n"
SEVERITY = "    sh:severity sh:Violation ;\n"

# What is written in the valid file, what instead, and then: the shape, its constraint, the node.
BROKEN = (
    ("foe:AppleTree", "foe:appletree", "ClassNameShape", "Pattern", f"{FOE}appletree"),
    ("foe:bearsFruit", "foe:Bears_Fruit", "PropertyNameShape", "Pattern", f"{FOE}Bears_Fruit"),
    (
        "rdfs:range skos:Concept",
        "rdfs:range foe:AppleTree, skos:Concept",
        "PropertyNameShape-range",
        "MaxCount",
        f"{FOE}bearsFruit",
    ),
    ("fruit:cider-apple", "fruit:CiderApple", "ConceptShape", "Pattern", f"{FRUIT}CiderApple"),
    ("skos:broader fruit:apple", "skos:broader fruit:pear", "ConceptShape-broader", "Class", f"{FRUIT}cider-apple"),
    ("    skos:inScheme concept:fruit ;\n" + APPLE, APPLE, "ConceptShape-inScheme", "MinCount", f"{FRUIT}apple"),
    (CIDER, CIDER + "    skos:inScheme fruit:apple ;\n", "ConceptShape-inScheme", "MaxCount", f"{FRUIT}cider-apple"),
    (CIDER, CIDER + "    skos:inScheme fruit:apple ;\n", "ConceptShape-inScheme", "Class", f"{FRUIT}cider-apple"),
    (CIDER, CIDER + "    skos:inScheme fruit:apple ;\n", "ConceptShape-isDefinedBy", "Equals", f"{FRUIT}cider-apple"),
    (
        APPLE,
        APPLE.replace("    skos:topConceptOf concept:fruit ;\n", ""),
        "ConceptShape-place",
        "MinCount",
        f"{FRUIT}apple",
    ),
    (CIDER, CIDER + "    skos:topConceptOf concept:fruit ;\n", "ConceptShape-place", "MaxCount", f"{FRUIT}cider-apple"),
    (CIDER, "", "ConceptShape-prefLabel", "MinCount", f"{FRUIT}cider-apple"),
    (CIDER, CIDER + CIDER.replace("cider", "hard"), "ConceptShape-prefLabel", "MaxCount", f"{FRUIT}cider-apple"),
    (DEFINED + ' "apple', '    rdfs:label "apple', "DefinedTermShape", "Or", f"{FOE}AppleTree"),
    (TREE_EXAMPLE, "", "ExampleShape-example", "MinCount", f"{FOE}AppleTree"),
    (
        TREE_EXAMPLE,
        TREE_EXAMPLE + '    skos:example "A sapling is one."@en ;\n',
        "ExampleShape-example",
        "MaxCount",
        f"{FOE}AppleTree",
    ),
    (TREE_EXAMPLE, TREE_EXAMPLE.replace("@en", "@de"), "ExampleShape-example", "LanguageIn", f"{FOE}AppleTree"),
    ("shape:AppleTreeShape\n", "shape:AppleTree\n", "NodeShapeShape", "Pattern", f"{SHAPE}AppleTree"),
    (CREATED, "", "OntologyShape-created", "MinCount", GARDEN),
    (CREATED, CREATED + CREATED.replace("24", "25"), "OntologyShape-created", "MaxCount", GARDEN),
    (CREATED, CREATED.replace("^^xsd:date", ""), "OntologyShape-created", "Datatype", GARDEN),
    (DESCRIPTION, "", "OntologyShape-description", "MinCount", GARDEN),
    (
        DESCRIPTION,
        DESCRIPTION + DESCRIPTION.replace("Gardens", "Parks"),
        "OntologyShape-description",
        "MaxCount",
        GARDEN,
    ),
    (DESCRIPTION, DESCRIPTION.replace("@en", "@de"), "OntologyShape-description", "LanguageIn", GARDEN),
    (LICENSE, "", "OntologyShape-license", "HasValue", GARDEN),
    (LICENSE, LICENSE + LICENSE.replace("by/4.0", "by-nd/4.0"), "OntologyShape-license", "MaxCount", GARDEN),
    (TITLE, "", "OntologyShape-title", "MinCount", GARDEN),
    (TITLE, TITLE + TITLE.replace("Garden", "Park"), "OntologyShape-title", "MaxCount", GARDEN),
    (TITLE, TITLE.replace("@en", "@de"), "OntologyShape-title", "LanguageIn", GARDEN),
    (VERSION, "", "OntologyShape-versionIRI", "MinCount", GARDEN),
    (VERSION, VERSION + VERSION.replace("0.1.0", "0.2.0"), "OntologyShape-versionIRI", "MaxCount", GARDEN),
    (VERSION, VERSION.replace("0.1.0", "latest"), "OntologyShape-versionIRI", "Pattern", GARDEN),
    ("Shape-bearsFruit", "Shape_bearsFruit", "PropertyShapeShape", "Pattern", f"{SHAPE}AppleTreeShape_bearsFruit"),
    (SAY, "", "PropertyShapeShape-message", "MinCount", f"{SHAPE}AppleTreeShape-bearsFruit"),
    (
        SAY,
        SAY + SAY.replace("Say", "Tell"),
        "PropertyShapeShape-message",
        "MaxCount",
        f"{SHAPE}AppleTreeShape-bearsFruit",
    ),
    (SAY, SAY.replace("@en", "@de"), "PropertyShapeShape-message", "LanguageIn", f"{SHAPE}AppleTreeShape-bearsFruit"),
    (SAY, SAY.replace("Say", "say"), "PropertyShapeShape-message", "Pattern", f"{SHAPE}AppleTreeShape-bearsFruit"),
    (SEVERITY, "", "PropertyShapeShape-severity", "MinCount", f"{SHAPE}AppleTreeShape-bearsFruit"),
    (
        SEVERITY,
        SEVERITY + "    sh:severity sh:Info ;\n",
        "PropertyShapeShape-severity",
        "MaxCount",
        f"{SHAPE}AppleTreeShape-bearsFruit",
    ),
    (
        SEVERITY,
        "    sh:severity sh:Fatal ;\n",
        "PropertyShapeShape-severity",
        "In",
        f"{SHAPE}AppleTreeShape-bearsFruit",
    ),
    (TREE_DEFINITION, "", "TermShape-definition", "MinCount", f"{FOE}AppleTree"),
    (
        TREE_DEFINITION,
        TREE_DEFINITION + TREE_DEFINITION.replace("A tree", "One"),
        "TermShape-definition",
        "MaxCount",
        f"{FOE}AppleTree",
    ),
    (TREE_DEFINITION, TREE_DEFINITION.replace("@en", "@de"), "TermShape-definition", "LanguageIn", f"{FOE}AppleTree"),
    (
        TREE_DEFINITION,
        TREE_DEFINITION.replace("A tree", "a tree"),
        "TermShape-definition",
        "Pattern",
        f"{FOE}AppleTree",
    ),
    (
        TREE_LABEL,
        TREE_LABEL + "    rdfs:isDefinedBy concept:fruit ;\n",
        "TermShape-isDefinedBy",
        "MaxCount",
        f"{FOE}AppleTree",
    ),
    (TREE_LABEL, "", "TermShape-label", "MinCount", f"{FOE}AppleTree"),
    (TREE_LABEL, TREE_LABEL + TREE_LABEL.replace("apple", "Apple"), "TermShape-label", "MaxCount", f"{FOE}AppleTree"),
    (TREE_LABEL, TREE_LABEL.replace("@en", "@de"), "TermShape-label", "LanguageIn", f"{FOE}AppleTree"),
)


def judge(turtle: str, house_style: Graph) -> set[tuple[str, str, str]]:
    report = validate(parse(turtle.encode(), RdfFormat.TURTLE), house_style, Graph())
    ends = (SHAPE, "ConstraintComponent")
    return {
        (str(result.shape).removeprefix(ends[0]), result.component.removesuffix(ends[1]), str(result.focus))
        for result in report.results
    }


def test_our_ontology_and_our_shapes_keep_the_house_style(ontology, shapes, house_style):
    report = validate(union((ontology, shapes, house_style)), house_style, Graph())
    assert report.conforms, report.text()
    assert report.results == ()


def test_the_small_ontology_keeps_it_too(house_style):
    assert judge(VALID, house_style) == set()


@pytest.mark.parametrize("broken", BROKEN, ids=lambda broken: f"{broken[2]}-{broken[3]}")
def test_a_breach_is_found_where_it_is(broken, house_style):
    old, new, shape, constraint, node = broken
    assert old in VALID
    assert (shape, constraint, node) in judge(VALID.replace(old, new), house_style)


def test_every_constraint_of_the_house_style_is_shown_to_bite(house_style):
    names = ("class", "datatype", "equals", "hasValue", "in", "languageIn", "maxCount", "minCount", "or", "pattern")
    wanted = {
        (str(shape).removeprefix(SHAPE), f"{name[0].upper()}{name[1:]}")
        for name in names
        for shape in house_style.subjects(SH[name])
        if "Kind" not in str(shape)
    }
    assert len(wanted) > 40
    assert wanted == {broken[2:4] for broken in BROKEN}


def test_the_style_has_no_exceptions(house_style):
    """A rule that spares one term by name is no rule."""
    assert not [term for term in house_style.all_nodes() if str(term).startswith(FOE)]
