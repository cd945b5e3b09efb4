"""Answers of the engine written out: in the formats of SPARQL and RDF, and in that of the page, up to a size."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import IO, Any, TypeVar, cast

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
_Row = TypeVar("_Row")


# What stands between two rows, or ends one, in each format of results; none of it occurs within a row, but that a
# literal of several lines counts as several rows in CSV where its lines end as those of CSV do.
# With it, how many more or less of them there are than rows.
_ROW_ENDS = {
    QueryResultsFormat.JSON: (b'},{"', -1),
    QueryResultsFormat.XML: (b"</result>", 0),
    QueryResultsFormat.CSV: (b"\r\n", 1),
    QueryResultsFormat.TSV: (b"\n", 1),
}


class TooLarge(Exception):
    """The answer has grown over the limit in bytes."""


class TooManyRows(Exception):
    """The answer has grown over the limit in rows."""


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


def as_file(output: Output | _Counted) -> IO[bytes]:
    """An output as the engine takes it: its stubs want IO[bytes], and it calls `write` and `flush` only."""
    return cast(IO[bytes], output)


class _Counted:
    """An output that counts the rows that pass through it."""

    def __init__(self, output: Output, mark: bytes, most: int) -> None:
        self._output, self._mark, self._left, self._end = output, mark, most, b""

    def write(self, part: bytes) -> int:
        """Pass a part on; raise TooManyRows when it has more rows than are left."""
        seen = self._end + part
        self._left -= seen.count(self._mark)
        if self._left < 0:
            raise TooManyRows
        self._end = seen[len(seen) - len(self._mark) + 1 :]
        return self._output.write(part)

    def flush(self) -> None:
        """There is nothing to flush."""


def up_to(rows: Iterable[_Row], most: int) -> Iterator[_Row]:
    """Rows up to a limit, if there is one; raises TooManyRows beyond it."""
    for number, row in enumerate(rows, start=1):
        if number > most > 0:
            raise TooManyRows
        yield row


def write_result(result: Result, wanted: dict[str, Any], output: Output) -> None:
    """Write what a query gave, in the format that is wanted."""
    media_type = wanted["media_type"]
    most = wanted["most_rows"]
    if isinstance(result, QueryTriples):
        write_triples(up_to(result, most), wanted, output)
    elif media_type == PAGE.media_type:
        output.write(json.dumps(_page(result, wanted["rows"], most), ensure_ascii=False).encode())
    else:
        results = QueryResultsFormat.from_media_type(media_type)
        if most and results in _ROW_ENDS:
            mark, more = _ROW_ENDS[results]
            result.serialize(as_file(_Counted(output, mark, most + more)), results)
        else:
            result.serialize(as_file(output), results)


def write_triples(triples: Iterable[Triple], wanted: dict[str, Any], output: Output) -> None:
    """Write triples in the format that is wanted."""
    if wanted["media_type"] == PAGE.media_type:
        output.write(json.dumps(_page(triples, wanted["rows"]), ensure_ascii=False).encode())
    else:
        serialize(triples, as_file(output), rdf_format(wanted), prefixes=wanted["prefixes"])


def rdf_format(wanted: dict[str, Any]) -> RdfFormat:
    """The format of graphs that is wanted; raise ValueError where it is none."""
    found = RdfFormat.from_media_type(wanted["media_type"])
    if found is None:
        raise ValueError(f"{wanted['media_type']} is no format of graphs")
    return found


def _page(result: Result | Iterable[Triple], shown: int, most: int = 0) -> dict[str, Any]:
    """The first rows of an answer, and how many there are: `variables`, `rows` of terms, `total`; or `boolean`."""
    if isinstance(result, QueryBoolean):
        return {"boolean": bool(result)}
    if isinstance(result, QuerySolutions):
        return page([variable.value for variable in result.variables], up_to(result, most), shown)
    return {**page(["subject", "predicate", "object"], result, shown), "triples": True}


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
