"""Results as a person reads them: which cell links where, and how a long IRI is said shortly."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

from kg.algebra import Outline
from kg.store.answers import Answer
from kg.store.formats import offered
from server.pages.citations import Cited, cited

_DOWNLOADS = {
    "json": ("JSON", "json"),
    "sparql-json": ("SPARQL JSON", "srj"),
    "xml": ("XML", "xml"),
    "csv": ("CSV", "csv"),
    "tsv": ("TSV", "tsv"),
    "turtle": ("Turtle", "ttl"),
    "ntriples": ("N-Triples", "nt"),
    "jsonld": ("JSON-LD", "jsonld"),
    "rdfxml": ("RDF/XML", "rdf"),
    "trig": ("TriG", "trig"),
    "nquads": ("N-Quads", "nq"),
}
"""Of each format, by its short name: how it is called, and what its files end in."""


KNOWN = {
    "dcterms": "http://purl.org/dc/terms/",
    "foe": "https://w3id.org/foedus/ontology#",
    "owl": "http://www.w3.org/2002/07/owl#",
    "prov": "http://www.w3.org/ns/prov#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
"""Prefixes that the page uses where the query declares none."""


@dataclass(frozen=True)
class Cell:
    """One value: its text, where it links, what to say of it besides (language, datatype), its full form."""

    text: str
    kind: str = "unbound"
    link: str | None = None
    language: str | None = None
    note: str | None = None
    title: str | None = None


@dataclass(frozen=True)
class Results:
    """What the page shows of an answer; `boolean` is None for tables."""

    variables: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    total: int
    boolean: bool | None
    noun: str
    milliseconds: float
    store: str
    generation: str
    downloads: tuple[tuple[str, str, str], ...]
    cited: tuple[Cited, ...] | None = None
    why: str = ""


def results(
    answer: Answer,
    query: str,
    outline: Outline,
    base: str,
    addresses: Sequence[tuple[str, str]] | None = None,
    file: str = "answer",
    view: Sequence[tuple[str, str]] = (),
) -> Results:
    """Read an answer in the page format; `addresses` are its downloads, format and address, if not the endpoint's."""
    page: dict[str, Any] = json.loads(answer.body)
    prefixes = {**KNOWN, **outline.prefixes}
    rows = tuple(tuple(_cell(term, prefixes, base) for term in row) for row in page.get("rows", ()))
    total = page.get("total", 0)
    noun = "triple" if page.get("triples") else "row"
    citations = page.get("citations")
    return Results(
        why=f"/explain?{urlencode([('query', query), *view], quote_via=quote)}" if citations else "",
        cited=cited(citations, prefixes, lambda iri: place(iri, base)) if citations else None,
        variables=tuple(page.get("variables", ())),
        rows=rows,
        total=total,
        boolean=page.get("boolean"),
        noun=noun if total == 1 else f"{noun}s",
        milliseconds=answer.seconds * 1000,
        store=answer.store,
        generation=answer.generation,
        downloads=tuple(
            (_DOWNLOADS[name][0], address, f"{file}.{_DOWNLOADS[name][1]}")
            for name, address in addresses or _at_endpoint(query, outline, "&citations=true" if citations else "")
        ),
    )


def _at_endpoint(query: str, outline: Outline, more: str) -> list[tuple[str, str]]:
    encoded = quote(query, safe="")
    return [(each.name, f"/sparql?query={encoded}&format={each.name}{more}") for each in offered(outline.form)]


def _cell(term: Mapping[str, str] | None, prefixes: Mapping[str, str], base: str) -> Cell:
    if term is None:
        return Cell("")
    value = term["value"]
    match term["kind"]:
        case "iri":
            return Cell(shorten(value, prefixes, base), "iri", place(value, base), title=value)
        case "blank":
            return Cell(f"_:{value}", "blank")
        case "literal":
            datatype = term.get("datatype")
            note = shorten(datatype, prefixes, base) if datatype else None
            return Cell(value, "literal", None, term.get("language"), note)
        case _:
            return Cell(value, "triple")


def shorten(iri: str, prefixes: Mapping[str, str], base: str) -> str:
    """Say an IRI shortly: a thing of ours by its path, others by a prefix of the query.

    >>> shorten("https://w3id.org/foedus/id/polity/ukraine", {}, "https://w3id.org/foedus/")
    'polity/ukraine'
    """
    matching = [(len(start), name) for name, start in prefixes.items() if start and iri.startswith(start)]
    if matching:
        length, name = max(matching)
        local = iri[length:]
        if local and "/" not in local:
            return f"{name}:{local}"
    for start in (f"{base}id/", base):
        if iri.startswith(start) and iri != start:
            return iri.removeprefix(start)
    return iri


def place(iri: str, base: str) -> str | None:
    """Things of ours lead to their documents, others to where their IRI leads."""
    if iri.startswith(base):
        return f"/{iri.removeprefix(base)}"
    return iri if iri.startswith(("https://", "http://")) else None
