"""What a store on another machine answers, as the engine reads it: whole, or not at all.

Stores that limit their answers say so in a header of a 200; here that is an error, never part of an answer.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from http.client import HTTPResponse
from typing import IO, TypeVar, cast, overload
from urllib.parse import urlsplit

from pyoxigraph import (
    DefaultGraph,
    Literal,
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    RdfFormat,
    Triple,
    parse,
    parse_query_results,
)

from kg.store.tasks import TaskFailed

_ROWS: Mapping[str, QueryResultsFormat] = {
    "application/sparql-results+json": QueryResultsFormat.JSON,
    "application/json": QueryResultsFormat.JSON,
    "application/sparql-results+xml": QueryResultsFormat.XML,
    "application/xml": QueryResultsFormat.XML,
    "text/xml": QueryResultsFormat.XML,
}
_GRAPHS: Mapping[str, RdfFormat] = {
    "application/n-triples": RdfFormat.N_TRIPLES,
    "text/plain": RdfFormat.N_TRIPLES,
    "text/turtle": RdfFormat.TURTLE,
    "application/x-turtle": RdfFormat.TURTLE,
    "text/rdf+n3": RdfFormat.TURTLE,
    "application/rdf+xml": RdfFormat.RDF_XML,
}
_NODE = re.compile(rb'("bnode", "value": "|<bnode>)nodeID://')
"""How Virtuoso names blank nodes in results: as no format allows. Quotes and brackets of data are escaped there."""
_LONGEST = 40
_Known = TypeVar("_Known")
_CUT = ("X-SPARQL-MaxRows", "X-SQL-State")
"""Headers by which Virtuoso says that it left out rows, by its limit of rows or of time."""


class Arriving:
    """A response as a file that ends where the response was to end; raises TaskFailed where it ends before."""

    def __init__(self, response: HTTPResponse) -> None:
        self._response = response
        self._tidy = response.headers.get("Server", "").startswith("Virtuoso")
        self._kept = b""

    def read(self, size: int = -1) -> bytes:
        """The next bytes, or all."""
        if not self._tidy:
            return self._next(size)
        part = self._next(max(1, size - len(self._kept)) if size > _LONGEST else size)
        whole, self._kept = self._kept + part, b""
        if part and size > _LONGEST:  # the end may be the beginning of a name: it waits for what follows
            end = max(0, len(whole) - _LONGEST)
            end = next((each.start() for each in _NODE.finditer(whole) if each.start() < end < each.end()), end)
            whole, self._kept = whole[:end], whole[end:]
        return _NODE.sub(rb"\1", whole) or (self.read(size) if part and size else b"")

    def _next(self, size: int) -> bytes:
        try:
            part = self._response.read(None if size < 0 else size)
        except TimeoutError as error:
            raise TaskFailed("slow", "the store began to answer, and did not go on in time") from error
        except OSError as error:
            raise cut(str(error)) from error
        if not part and size and self._response.length:
            raise cut(f"{self._response.length} bytes are missing")
        return part


def cut(why: str) -> TaskFailed:
    """The failure that says that an answer is not whole."""
    return TaskFailed(
        "cut", f"the store gave only part of the answer ({why}); ask for it in parts, or raise the limits of the store"
    )


def _file(response: HTTPResponse) -> IO[bytes]:
    """A response as the engine takes it: its stubs want IO[bytes], and it calls `read` only."""
    return cast(IO[bytes], Arriving(response))


@overload
def rows(response: HTTPResponse) -> QuerySolutions: ...
@overload
def rows(response: HTTPResponse, *, ask: bool) -> QuerySolutions | QueryBoolean: ...
def rows(response: HTTPResponse, *, ask: bool = False) -> QuerySolutions | QueryBoolean:
    """The rows, or the boolean, of a response; raise TaskFailed where it is neither, or not whole.

    With `ask`, rows stand for a boolean: Virtuoso gives one row with 1 for true.
    """
    found = parse_query_results(_file(response), _format(response, _ROWS, "rows"))
    if ask and isinstance(found, QuerySolutions):
        return _boolean(found)
    if not ask and isinstance(found, QueryBoolean):
        raise TaskFailed("remote", "the store answers yes or no where rows were asked for; is it a SPARQL endpoint?")
    return found


def triples(response: HTTPResponse) -> Iterable[Triple]:
    """The triples of a response; raise TaskFailed where it has none, or is not whole."""
    content = parse(_file(response), _format(response, _GRAPHS, "triples"))
    return (quad.triple for quad in content)


def document(response: HTTPResponse, address: str) -> Iterable[Triple]:
    """The triples of a document, by its media type or, where that says nothing, by its ending.

    Raises TaskFailed where it is no RDF, has named graphs, or ends early.
    """
    media_type = response.headers.get_content_type()
    found = RdfFormat.from_media_type(media_type)
    if found is None or media_type in ("text/plain", "application/octet-stream", "application/xml", "text/xml"):
        found = RdfFormat.from_extension(urlsplit(address).path.rpartition(".")[2]) or found
    if found is None:
        raise TaskFailed("evaluation", f"{address} is {media_type}, which is no format of RDF that is read here")
    for quad in parse(_file(response), found, base_iri=address, rename_blank_nodes=True):
        if quad.graph_name != DefaultGraph():
            raise TaskFailed("evaluation", f"{address} has named graphs; LOAD takes documents that have none")
        yield quad.triple


def _format(response: HTTPResponse, formats: Mapping[str, _Known], what: str) -> _Known:
    for name in _CUT:
        if response.headers.get(name):
            raise cut(f"it says {name}: {response.headers[name]}")
    media_type = response.headers.get_content_type()
    if media_type not in formats:
        raise TaskFailed("remote", f"the store answers {media_type}, which are no {what}; is it a SPARQL endpoint?")
    return formats[media_type]


def _boolean(found: QuerySolutions) -> QueryBoolean:
    truth = any(isinstance(value, Literal) and value.value in ("1", "true") for row in found for value in row)
    text = b'{"head": {}, "boolean": %s}' % (b"true" if truth else b"false")
    boolean = parse_query_results(text, QueryResultsFormat.JSON)
    assert isinstance(boolean, QueryBoolean)
    return boolean
