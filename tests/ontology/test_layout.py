"""The Turtle has one layout: four spaces, one predicate a line, a closing full stop alone, in order."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FILES = sorted((ROOT / "ontology").rglob("*.ttl"))
LAID_OUT = [path for path in FILES if path.name != "prefixes.ttl"]
NAMESPACES = dict(
    re.findall(
        r"^@prefix ([\w-]*): (<[^>]+>) \.$",
        (ROOT / "ontology" / "prefixes.ttl").read_text(encoding="utf-8"),
        re.MULTILINE,
    )
)


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT / "ontology"))


def blocks(path: Path) -> list[str]:
    """What stands between blank lines, without the prefixes and without comments."""
    _, *rest = path.read_text(encoding="utf-8").rstrip("\n").split("\n\n")
    return [block for block in rest if not block.startswith("#")]


def test_there_are_files_to_look_at():
    assert len(LAID_OUT) > 50


@pytest.mark.parametrize("path", LAID_OUT, ids=name_of)
def test_a_node_is_laid_out_as_all_are(path):
    for block in blocks(path):
        subject, first, *rest = block.split("\n")
        place = f"{name_of(path)}: {subject}"
        assert re.fullmatch(r"\S+", subject), f"{place}: write the subject alone on its line"
        assert rest[-1:] == ["    ."] or first == "    .", f"{place}: close with a full stop alone on its line"
        lines = [first, *rest[:-1]]
        for line in lines:
            assert re.fullmatch(r"    \S.* ;", line), f"{place}: four spaces, one predicate, a semicolon: {line!r}"
        predicates = [line.split()[0] for line in lines]
        plain = [predicate for predicate in predicates if predicate != "a"]
        assert predicates == (["a"] if "a" in predicates else []) + sorted(plain), f"{place}: sort the predicates"


@pytest.mark.parametrize(
    "path", [path for path in LAID_OUT if path.parent.name in ("concepts", "examples")], ids=name_of
)
def test_nodes_stand_in_alphabetical_order(path):
    subjects = [block.split("\n")[0] for block in blocks(path)]
    ours = subjects[1:] if path.parent.name == "concepts" else subjects
    assert ours == sorted(ours)


@pytest.mark.parametrize("path", [path for path in LAID_OUT if path.parent.name == "vocabulary"], ids=name_of)
def test_classes_stand_before_properties_in_alphabetical_order(path):
    terms = [block.split("\n")[:2] for block in blocks(path) if block.startswith("foe:")]
    order = ("a owl:Class ;", "a owl:ObjectProperty", "a owl:DatatypeProperty")
    keys = [(next(i for i, kind in enumerate(order) if kind in type_), term) for term, type_ in terms]
    assert len(keys) > 5
    assert keys == sorted(keys)


@pytest.mark.parametrize("path", LAID_OUT, ids=name_of)
def test_prefixes_are_those_of_the_house_sorted_and_used(path):
    text = path.read_text(encoding="utf-8")
    declared = re.findall(r"^@prefix ([\w-]*): (<[^>]+>) \.$", text, re.MULTILINE)
    assert declared == sorted(declared)
    body = re.sub(r'"[^"\n]*"|<[^>]*>|^@prefix.*$', "", text, flags=re.MULTILINE)
    for prefix, namespace in declared:
        assert re.search(rf"(?<![\w-]){re.escape(prefix)}:", body), f"{prefix}: is declared and not used"
        scheme = f"<https://w3id.org/foedus/concept/{prefix}/>"
        thing = f"<https://w3id.org/foedus/id/{prefix}/>"
        assert namespace in (NAMESPACES.get(prefix), scheme, thing), f"{prefix}: is another namespace in prefixes.ttl"
