"""Results in every format of the suites, compared as the suites mean it: blank nodes by what they do."""

import csv
import io
import json
import xml.etree.ElementTree as ElementTree
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph
from pyoxigraph import BlankNode, Literal, NamedNode, Quad, RdfFormat, Store
from rdflib import Graph, Namespace
from rdflib import Literal as RdflibLiteral
from rdflib.compare import isomorphic
from rdflib.namespace import RDF
from rdflib.plugins.sparql.results.tsvresults import TSVResultParser
from rdflib.term import BNode, URIRef

RS = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/result-set#")
SR = "{http://www.w3.org/2005/sparql-results#}"
Row = tuple[tuple[str, object], ...]


@dataclass(frozen=True)
class Table:
    """Rows of (variable, term), or a truth value; `ordered` where the order of the rows is part of the result."""

    rows: tuple[Row, ...] = ()
    boolean: bool | None = None
    ordered: bool = False


def read(path: Path, base: str) -> Table | Graph:
    """Read an expected result."""
    content = path.read_bytes()
    match path.suffix:
        case ".srx":
            return from_xml(content)
        case ".srj":
            return from_json(content)
        case ".csv":
            return from_text(content, ",")
        case ".tsv":
            return from_text(content, "\t")
    graph = Graph()
    graph.parse(data=content, format={".rdf": "xml"}.get(path.suffix, "turtle"), publicID=base)
    sets = list(graph.subjects(RDF.type, RS.ResultSet))
    return _from_graph(graph, sets[0]) if sets else graph


def from_json(content: bytes) -> Table:
    """Read SPARQL 1.1 results in JSON."""
    document = json.loads(content)
    if "boolean" in document:
        return Table(boolean=document["boolean"])
    rows = []
    for binding in document["results"]["bindings"]:
        row = []
        for name, term in binding.items():
            if term["type"] == "uri":
                value = NamedNode(term["value"])
            elif term["type"] == "bnode":
                value = BlankNode("b" + term["value"])
            else:
                value = _literal(term["value"], term.get("xml:lang"), term.get("datatype"))
            row.append((name, value))
        rows.append(tuple(sorted(row, key=lambda each: each[0])))
    return Table(tuple(rows))


def from_xml(content: bytes) -> Table:
    """Read SPARQL results in XML."""
    root = ElementTree.fromstring(content)
    boolean = root.find(f"{SR}boolean")
    if boolean is not None:
        return Table(boolean=boolean.text.strip() == "true")
    rows = []
    for result in root.iter(f"{SR}result"):
        row = []
        for binding in result.iter(f"{SR}binding"):
            (term,) = binding
            text = term.text or ""
            if term.tag == f"{SR}uri":
                value = NamedNode(text)
            elif term.tag == f"{SR}bnode":
                value = BlankNode("b" + text)
            else:
                language = term.get("{http://www.w3.org/XML/1998/namespace}lang")
                value = _literal(text, language, term.get("datatype"))
            row.append((binding.get("name"), value))
        rows.append(tuple(sorted(row, key=lambda each: each[0])))
    return Table(tuple(rows))


def from_text(content: bytes, separator: str) -> Table:
    """Read results in CSV, where terms are only text, or in TSV."""
    if separator == "\t":
        rows = [{str(name): _term(term) for name, term in row.items()} for row in _tsv(content)]
    else:
        names, *lines = csv.reader(io.StringIO(content.decode()))
        rows = [
            {
                name: BlankNode(cell[2:]) if cell.startswith("_:") else cell
                for name, cell in zip(names, line, strict=True)
            }
            for line in lines
        ]
    return Table(tuple(tuple(sorted(row.items())) for row in rows))


def _tsv(content: bytes) -> list[dict[object, object]]:
    return [dict(row) for row in TSVResultParser().parse(io.BytesIO(content)).bindings]


def _from_graph(graph: Graph, node: object) -> Table:
    boolean = graph.value(node, RS.boolean)
    if boolean is not None:
        return Table(boolean=bool(boolean.toPython()))
    rows = []
    for solution in graph.objects(node, RS.solution):
        index = graph.value(solution, RS.index)
        row = [
            (str(graph.value(binding, RS.variable)), _term(graph.value(binding, RS.value)))
            for binding in graph.objects(solution, RS.binding)
        ]
        rows.append((int(index) if index is not None else -1, tuple(sorted(row, key=lambda each: each[0]))))
    ordered = bool(rows) and all(index >= 0 for index, _ in rows)
    rows.sort(key=lambda each: each[0])
    return Table(tuple(row for _, row in rows), ordered=ordered)


def _term(term: object) -> object:
    if isinstance(term, URIRef):
        return NamedNode(str(term))
    if isinstance(term, BNode):
        return BlankNode("b" + str(term))
    assert isinstance(term, RdflibLiteral)
    return _literal(str(term), term.language, str(term.datatype) if term.datatype else None)


def _literal(value: str, language: str | None, datatype: str | None) -> Literal:
    """A literal as the store keeps it: numbers, times and language tags in one spelling."""
    made = (
        Literal(value, language=language)
        if language
        else Literal(value, datatype=NamedNode(datatype))
        if datatype
        else Literal(value)
    )
    store = Store()
    store.add(Quad(NamedNode("x:s"), NamedNode("x:p"), made))
    (quad,) = store
    return quad.object


def same(found: Table | Graph, expected: Table | Graph) -> bool:
    """Whether two results are the same."""
    if isinstance(found, Graph) or isinstance(expected, Graph):
        return isinstance(found, Graph) and isinstance(expected, Graph) and isomorphic(found, expected)
    if found.boolean is not None or expected.boolean is not None:
        return found.boolean == expected.boolean
    if len(found.rows) != len(expected.rows):
        return False
    if expected.ordered:
        return _match(list(found.rows), list(expected.rows), {}, ordered=True)
    blank = any(isinstance(term, BlankNode) for row in (*found.rows, *expected.rows) for _, term in row)
    if not blank:
        return Counter(found.rows) == Counter(expected.rows)
    return _match(list(found.rows), list(expected.rows), {}, ordered=False)


def _match(found: list[Row], expected: list[Row], known: dict[object, object], *, ordered: bool) -> bool:
    if not found:
        return True
    first, *rest = found
    for index, row in enumerate(expected[:1] if ordered else expected):
        bound = _unify(first, row, known)
        if bound is not None and _match(rest, expected[:index] + expected[index + 1 :], bound, ordered=ordered):
            return True
    return False


def _unify(one: Row, other: Row, known: dict[object, object]) -> dict[object, object] | None:
    if [name for name, _ in one] != [name for name, _ in other]:
        return None
    bound = dict(known)
    for (_, left), (_, right) in zip(one, other, strict=True):
        if isinstance(left, BlankNode) and isinstance(right, BlankNode):
            if bound.setdefault(left, right) != right or list(bound.values()).count(right) > 1:
                return None
        elif left != right:
            return None
    return bound


def graph_of(content: bytes) -> Graph:
    """Read an answer in N-Triples."""
    graph = Graph()
    graph.parse(data=content, format="nt")
    return graph


def stored(content: bytes, suffix: str, base: str) -> Graph:
    """A graph of the suites as the store keeps it, so that both sides spell their literals alike."""
    store = Store()
    store.load(content, format=FORMATS[suffix], base_iri=base)
    return graph_of(pyoxigraph.serialize((quad.triple for quad in store), format=RdfFormat.N_TRIPLES))


FORMATS = {".ttl": RdfFormat.TURTLE, ".rdf": RdfFormat.RDF_XML, ".nt": RdfFormat.N_TRIPLES, ".n3": RdfFormat.N3}
