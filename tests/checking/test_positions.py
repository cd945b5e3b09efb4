"""Positions in every format; in Turtle and TriG for every term of every triple, blank nodes included."""

import re
from pathlib import Path

import pyoxigraph
import pytest

from kg.checking.configuration import Configuration
from kg.checking.layout import XSD
from kg.checking.project import read_project
from kg.checking.runner import run
from kg.checking.turtle import read_layout

ROOT = Path(__file__).parents[2]
SHAPES = """
@prefix ex: <https://example.org/> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
ex:S a sh:NodeShape ; sh:targetSubjectsOf ex:p ; sh:property [ sh:path ex:p ; sh:datatype xsd:date ] .
"""
CASES = {
    "a.ttl": ('@prefix ex: <https://example.org/> .\nex:a ex:q 1 ;\n  ex:p "ä" .\n', '"ä"', 3, 8),
    "a.trig": ('@prefix ex: <https://example.org/> .\nex:g { ex:a ex:p "x"@en . }\n', '"x"@en', 2, 18),
    "a.nt": ('<https://example.org/a> <https://example.org/p> "x" .\n', '"x"', 1, 49),
    "a.nq": ('<https://example.org/a> <https://example.org/p> "x" <https://example.org/g> .\n', '"x"', 1, 49),
    "a.rdf": (
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:ex="https://example.org/">\n'
        '  <rdf:Description rdf:about="https://example.org/a">\n    <ex:p>x</ex:p>\n  </rdf:Description>\n</rdf:RDF>\n',
        "<ex:p>",
        3,
        5,
    ),
    "a.jsonld": (
        '{ "@context": { "ex": "https://example.org/" },\n  "@id": "ex:a",\n  "ex:p": [ "x" ] }\n',
        '"x"',
        3,
        13,
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_a_value_is_found(name, tmp_path):
    text, shown, line, column = CASES[name]
    (tmp_path / name).write_text(text, encoding="utf-8")
    (tmp_path / "shapes.ttl").write_text(SHAPES, encoding="utf-8")
    outcome = run(read_project(Configuration(root=tmp_path), [tmp_path]), only=("SHA01",))
    (finding,) = outcome.findings
    assert (finding.place.line, finding.place.column) == (line, column)
    lines = text.splitlines()
    assert lines[line - 1][column - 1 : finding.place.end_column - 1] == shown


@pytest.mark.parametrize("name", CASES)
def test_a_mistake_in_the_syntax_is_found(name, tmp_path):
    text = CASES[name][0]
    broken = re.sub(r"(</rdf:RDF>|[.}])\s*$", "", text.rstrip())
    (tmp_path / name).write_text(broken + ("\n<" if name.endswith("rdf") else ""), encoding="utf-8")
    (finding,) = run(read_project(Configuration(root=tmp_path), [tmp_path]), only=("SYN01",)).findings
    assert finding.place.file.endswith(name)
    assert finding.place.line >= 1


def described(text: str, rdf_format: pyoxigraph.RdfFormat, base: str) -> list:
    """Triples as layouts have them, told by pyoxigraph."""
    numbers: dict[str, str] = {}

    def key(term: object) -> tuple:
        if isinstance(term, pyoxigraph.NamedNode):
            return ("i", term.value)
        if isinstance(term, pyoxigraph.BlankNode):
            return ("b", numbers.setdefault(term.value, str(len(numbers))))
        datatype = "" if term.datatype.value == f"{XSD}string" else term.datatype.value
        return ("l", term.value, datatype, term.language or "")

    quads = pyoxigraph.parse(text.encode(), rdf_format, base_iri=base)
    return [tuple(map(key, (quad.subject, quad.predicate, quad.object))) for quad in quads]


TRICKY = """@base <https://example.org/> . PREFIX : <#>
:s :p [ :q :r ; :t [ :u :v ] ] , ( 1 [ :a :b ] ( :x ) "y" "z"@en-gb 'w'^^:t ( ) ) ; :z :y ; .
[ :m :n ] :o :k , true . [] :l () . ( "aa" ) :bb 1.5e3 , -1.0 , \"\"\"long "quoted\" text\"\"\" .
_:b1 :p _:b.2 . <a\\u0041> a :c\\,d , :%41 . ( ( ( 1 ) ) 2 ) :p ( [ ] [ :a ( ) ] ) .
"""


def test_triples_and_blank_nodes_are_those_of_the_parser():
    texts = [(TRICKY, "https://example.org/doc")]
    texts += [(path.read_text(encoding="utf-8"), path.as_uri()) for path in sorted((ROOT / "ontology").rglob("*.ttl"))]
    assert len(texts) > 50
    for text, base in texts:
        layout = read_layout(text, base)
        told = [(each.subject, each.predicate, each.object) for each in layout.statements]
        assert told == described(text, pyoxigraph.RdfFormat.TURTLE, base)


def test_the_suite_of_shacl_is_read_as_the_parser_reads_it(suite):
    count = 0
    for path in sorted(suite.rglob("*.ttl")):
        text = path.read_text(encoding="utf-8")
        told = [(each.subject, each.predicate, each.object) for each in read_layout(text, path.as_uri()).statements]
        assert told == described(text, pyoxigraph.RdfFormat.TURTLE, path.as_uri()), path
        count += 1
    assert count > 100


def test_spans_are_those_of_the_terms():
    layout = read_layout(TRICKY, "https://example.org/doc")
    for each in layout.statements:
        if each.object[0] == "l":
            start, end = each.spans[2]
            assert TRICKY[start] in "\"'-12t"
            assert not TRICKY[start:end].isspace()
