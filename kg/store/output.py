"""Answers of the engine written out: in the formats of SPARQL and RDF, and in that of the page, up to a size."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any

from pyoxigraph import (
    BlankNode,
    Literal,
    NamedNode,
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    QueryTriples,
    RdfFormat,
    Triple,
    serialize,
)

from kg.store.formats import PAGE

_XSD_STRING = "http://www.w3.org/2001/XMLSchema#string"
Result = QuerySolutions | QueryBoolean | QueryTriples


class TooLarge(Exception):
    """The answer has grown over the limit."""


class Output:
    """Where an answer is collected, up to a size in bytes."""

    def __init__(self, largest: int) -> None:
        self.parts: list[bytes] = []
        self.room = largest

    def write(self, part: bytes) -> int:
        """Add a part; raise TooLarge when there is no room for it."""
        self.room -= len(part)
        if self.room < 0:
            raise TooLarge
        self.parts.append(part)
        return len(part)

    def flush(self) -> None:
        """There is nothing to flush."""


def write_result(result: Result, wanted: dict[str, Any], output: Output) -> None:
    """Write what a query gave, in the format that is wanted."""
    media_type = wanted["media_type"]
    if isinstance(result, QueryTriples):
        write_triples(result, wanted, output)
    elif media_type == PAGE.media_type:
        output.write(json.dumps(_page(result, wanted["rows"]), ensure_ascii=False).encode())
    else:
        results = QueryResultsFormat.from_media_type(media_type)
        result.serialize(output, results)  # type: ignore[arg-type]


def write_triples(triples: Iterable[Triple], wanted: dict[str, Any], output: Output) -> None:
    """Write triples in the format that is wanted."""
    if wanted["media_type"] == PAGE.media_type:
        output.write(json.dumps(_page(triples, wanted["rows"]), ensure_ascii=False).encode())
    else:
        serialize(triples, output, rdf_format(wanted), prefixes=wanted["prefixes"])  # type: ignore[arg-type]


def rdf_format(wanted: dict[str, Any]) -> RdfFormat:
    """The format of graphs that is wanted; raise ValueError where it is none."""
    found = RdfFormat.from_media_type(wanted["media_type"])
    if found is None:
        raise ValueError(f"{wanted['media_type']} is no format of graphs")
    return found


def _page(result: Result | Iterable[Triple], most: int) -> dict[str, Any]:
    """The first rows of an answer, and how many there are: `variables`, `rows` of terms, `total`; or `boolean`."""
    if isinstance(result, QueryBoolean):
        return {"boolean": bool(result)}
    if isinstance(result, QuerySolutions):
        return page([variable.value for variable in result.variables], result, most)
    return {**page(["subject", "predicate", "object"], result, most), "triples": True}


def page(names: Sequence[str], rows: Iterable[Any], most: int) -> dict[str, Any]:
    """Rows in the page format: the first of them, and how many there are."""
    shown, total = [], 0
    for row in rows:
        total += 1
        if total <= most:
            shown.append([_term(term) for term in row])
    return {"variables": list(names), "rows": shown, "total": total, "triples": False}


def _term(term: object) -> dict[str, str] | None:
    if isinstance(term, NamedNode):
        return {"kind": "iri", "value": term.value}
    if isinstance(term, BlankNode):
        return {"kind": "blank", "value": term.value}
    if isinstance(term, Literal):
        shown = {"kind": "literal", "value": term.value}
        if term.language:
            shown["language"] = term.language
        elif term.datatype.value != _XSD_STRING:
            shown["datatype"] = term.datatype.value
        return shown
    return None if term is None else {"kind": "triple", "value": str(term)}
