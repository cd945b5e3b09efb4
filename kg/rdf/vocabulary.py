"""The ontology's Turtle files as quads: one graph a file, named after it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TypeVar

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, RdfFormat, parse

from kg.errors import UnreadableInput
from kg.terms import DCTERMS, PROV, RDF, SKOS, Names

Term = TypeVar("Term")

# The folders of the ontology that are published as graphs, and how their graphs' paths begin.
PUBLISHED = {"vocabulary": "ontology", "concepts": "concept"}


def vocabulary_quads(files: Mapping[str, Iterable[Path]], names: Names) -> Iterator[Quad]:
    """Yield the quads of the files of each folder, with a description of each graph in the provenance graph.

    `files` maps `vocabulary` and `concepts` to their Turtle files. Raises UnreadableInput with
    file, line and column when one does not parse.
    """
    for folder, prefix in PUBLISHED.items():
        for path in files[folder]:
            graph = names.vocabulary(f"{prefix}/{path.stem}")
            for triple in _parse(path):
                subject, value = _named(triple.subject, names), _named(triple.object, names)
                yield Quad(subject, triple.predicate, value, graph)
            title = Literal(f"The {prefix} {path.stem}", language="en")
            yield Quad(graph, RDF["type"], PROV["Entity"], names.provenance)
            yield Quad(graph, DCTERMS["title"], title, names.provenance)


def concept_codes(files: Iterable[Path], names: Names) -> dict[str, set[str]]:
    """Return the slugs of the concepts of each scheme, the codes that fact tables may use."""
    codes: dict[str, set[str]] = {}
    for path in files:
        start = f"{names.base}concept/{path.stem}/"
        scheme = codes.setdefault(path.stem, set())
        for triple in _parse(path):
            if (
                triple.predicate == RDF["type"]
                and triple.object == SKOS["Concept"]
                and isinstance(triple.subject, NamedNode)
            ):
                scheme.add(triple.subject.value.removeprefix(start))
    return codes


def _named(term: Term, names: Names) -> Term | NamedNode:
    """A blank node as the IRI that replaces it, anything else as it is.

    OWL writes lists with blank nodes; machine-written RDF has none. The label must be written in the
    file, since the parser's own are different on every run.
    Source: https://www.w3.org/TR/rdf11-concepts/#section-skolemization
    """
    return NamedNode(f"{names.base}.well-known/genid/{term.value}") if isinstance(term, BlankNode) else term


def _parse(path: Path) -> Iterator[Quad]:
    try:
        yield from parse(path=str(path), format=RdfFormat.TURTLE)
    except SyntaxError as error:
        place = f"{path}:{error.lineno}:{error.offset}"
        raise UnreadableInput(f"{place}: {error.msg}; correct the Turtle there") from error
