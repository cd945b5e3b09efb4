"""How an RDF file becomes a graph that pySHACL can judge: every literal as written, nothing fetched."""

from __future__ import annotations

import gzip
import logging
import types
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from xml.parsers import expat

import pyoxigraph
from pyoxigraph import RdfFormat
from rdflib import BNode, Graph, Literal, URIRef
from rdflib.term import Node

from kg.errors import UnreadableInput
from kg.validation.index import Index

FORMATS: Mapping[str, RdfFormat] = types.MappingProxyType(
    {
        ".json": RdfFormat.JSON_LD,
        ".jsonld": RdfFormat.JSON_LD,
        ".nq": RdfFormat.N_QUADS,
        ".nt": RdfFormat.N_TRIPLES,
        ".owl": RdfFormat.RDF_XML,
        ".rdf": RdfFormat.RDF_XML,
        ".trig": RdfFormat.TRIG,
        ".ttl": RdfFormat.TURTLE,
        ".xml": RdfFormat.RDF_XML,
    }
)
_Term = pyoxigraph.NamedNode | pyoxigraph.BlankNode | pyoxigraph.Literal
_STRING = "http://www.w3.org/2001/XMLSchema#string"


def read(path: Path) -> Graph:
    """Read one RDF file, the union of its graphs where it has several; `.gz` at the end of the name is unpacked.

    Raises UnreadableInput with file, line and column where the parser knows them.
    """
    try:
        content = path.read_bytes()
        if path.suffix == ".gz":
            content = gzip.decompress(content)
    except (OSError, EOFError) as error:
        raise UnreadableInput(f"{path}: {error.args[-1]}; name a file that can be read") from error
    suffix = Path(path.stem).suffix if path.suffix == ".gz" else path.suffix
    rdf_format = FORMATS.get(suffix.lower())
    if rdf_format is None:
        raise UnreadableInput(f"{path}: {suffix or 'no ending'} is no RDF format; name it {', '.join(FORMATS)}")
    return parse(content, rdf_format, name=str(path), base=path.resolve().as_uri())


def parse(content: bytes, rdf_format: RdfFormat, name: str = "input", base: str | None = None) -> Graph:
    """Parse RDF into one graph, the union of its graphs, with its prefixes; see `triples`."""
    graph = Graph()
    prefixes: dict[str, str] = {}
    for triple in triples(content, rdf_format, name, base, prefixes):
        graph.add(triple)
    for prefix, namespace in prefixes.items():
        graph.bind(prefix, namespace, replace=True)
    return graph


def triples(
    content: bytes,
    rdf_format: RdfFormat,
    name: str = "input",
    base: str | None = None,
    prefixes: dict[str, str] | None = None,
) -> Iterator[tuple[Node, Node, Node]]:
    """Yield the triples of an RDF document, whatever graphs they stand in; `name` is what errors call it.

    Its prefixes are put into `prefixes` when all triples are read.
    JSON-LD contexts on the web and document types in RDF/XML are refused, so that reading a file
    never reads another one. Raises UnreadableInput with line and column where the parser knows them.
    """
    if rdf_format == RdfFormat.RDF_XML:
        _check_xml(content, name)
    terms: dict[_Term, Node] = {}
    try:
        with _quiet_literals():
            parser = pyoxigraph.parse(content, rdf_format, base_iri=base, rename_blank_nodes=True)
            for quad in parser:
                parts: list[Node] = []
                for part in (quad.subject, quad.predicate, quad.object):
                    if isinstance(part, pyoxigraph.Triple):
                        raise UnreadableInput(f"{name}: it quotes triples; write plain RDF 1.1")
                    parts.append(terms.get(part) or terms.setdefault(part, _term(part)))
                yield parts[0], parts[1], parts[2]
            if prefixes is not None:
                prefixes.update(parser.prefixes)
    except SyntaxError as error:
        place = f"{name}:{error.lineno}:{error.offset}" if error.lineno else name
        message, remedy = str(error.msg), f"correct the {rdf_format.name} there"
        if "LoadDocumentCallback" in message:
            message, remedy = "its @context is on the web and is not fetched", "write the context into the file"
        raise UnreadableInput(f"{place}: {message}; {remedy}") from error


def indexed(quads: Iterable[pyoxigraph.Quad | pyoxigraph.Triple]) -> Index:
    """The triples of quads, whatever graphs they stand in, as an index."""
    terms: dict[_Term, Node] = {}

    def each() -> Iterator[tuple[Node, Node, Node]]:
        for quad in quads:
            subject, predicate, value = quad.subject, quad.predicate, quad.object
            assert not isinstance(subject, pyoxigraph.Triple)
            assert not isinstance(value, pyoxigraph.Triple)
            yield (
                terms.get(subject) or terms.setdefault(subject, _term(subject)),
                terms.get(predicate) or terms.setdefault(predicate, _term(predicate)),
                terms.get(value) or terms.setdefault(value, _term(value)),
            )

    with _quiet_literals():
        return Index(each())


def union(graphs: Iterable[Graph]) -> Graph:
    """Return a new graph with all triples of the given ones."""
    whole = Graph()
    for graph in graphs:
        for triple in graph:
            whole.add(triple)
        for prefix, namespace in graph.namespaces():
            whole.bind(prefix, namespace)
    return whole


def _term(term: _Term) -> Node:
    if isinstance(term, pyoxigraph.NamedNode):
        return URIRef(term.value)
    if isinstance(term, pyoxigraph.BlankNode):
        return BNode(term.value)
    if term.language:
        return Literal(term.value, lang=term.language)
    datatype = None if term.datatype.value == _STRING else URIRef(term.datatype.value)
    return Literal(term.value, datatype=datatype, normalize=False)


@contextmanager
def _quiet_literals() -> Iterator[None]:
    """Keep rdflib from logging a traceback for each ill-typed literal: the shapes report them."""
    log = logging.getLogger("rdflib.term")
    before, log.disabled = log.disabled, True
    try:
        yield
    finally:
        log.disabled = before


def _check_xml(content: bytes, name: str) -> None:
    parser = expat.ParserCreate()

    def refuse(*_: object) -> None:
        place = f"{name}:{parser.CurrentLineNumber}:{parser.CurrentColumnNumber + 1}"
        raise UnreadableInput(f"{place}: a document type can name other files; remove <!DOCTYPE …>")

    parser.StartDoctypeDeclHandler = refuse
    try:
        parser.Parse(content, True)
    except expat.ExpatError as error:
        raise UnreadableInput(f"{name}:{error.lineno}:{error.offset + 1}: {error}; correct the XML there") from error
