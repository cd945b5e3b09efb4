"""What goes wrong in a request: one table from exceptions to statuses, and RFC 9457 for machines.

Source: https://www.rfc-editor.org/rfc/rfc9457
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from kg.algebra import (
    FederationRefused,
    ParameterRefused,
    QueryRefused,
    QueryTooComplex,
    QueryTooLong,
    QueryUncitable,
    QueryUnreadable,
    UpdateRefused,
    UpdateUnfit,
)
from kg.citations.freezer import FreezerFull, FrozenDamaged
from kg.errors import FoedusError
from kg.store.answers import (
    AnswerCut,
    AnswerTooLarge,
    DeadlinePassed,
    GraphMissing,
    OutOfMemory,
    QueryUnanswerable,
    ReaderLost,
    RemoteBusy,
    RemoteFailed,
    StoreUnreadable,
    TooBusy,
    TooMany,
)
from kg.store.generation import NothingBuilt
from kg.store.parser import DocumentUnreadable
from kg.store.search import SearchUnavailable
from kg.store.writer import DiskFull, WriterLost, WriterUnready, WriteUncertain
from kg.views.view import ViewRefused
from server.headers import SHARED
from server.replies import Reply

MEDIA_TYPE = "application/problem+json"


class BadRequest(FoedusError):
    """The request is not one of the protocol's."""


class NotThere(FoedusError):
    """Nothing has this address."""


class MethodRefused(FoedusError):
    """The address does not take this method; `allowed` are those it takes."""

    def __init__(self, method: str, allowed: tuple[str, ...]) -> None:
        self.allowed = allowed
        super().__init__(f"{method} is not possible here; use {' or '.join(allowed)}")


class NotAcceptable(FoedusError):
    """None of the formats asked for is there; `available` are those that are."""

    def __init__(self, asked: str, available: tuple[str, ...]) -> None:
        self.available = available
        super().__init__(f"the answer is not available as {asked}; it is as {', '.join(available)}")


class BodyTooLarge(FoedusError):
    """The body of the request is longer than any query may be."""


class BodyTooSlow(FoedusError):
    """The body of the request did not arrive in time."""


class UnknownContent(FoedusError):
    """The body has a media type that is not read here; `read` are those that are."""

    def __init__(self, message: str, read: tuple[str, ...]) -> None:
        self.read = read
        super().__init__(message)


class BodyPacked(FoedusError):
    """The body is compressed, which is not unpacked: a thousandth of it can be a bomb."""


class Unauthenticated(FoedusError):
    """The request needs a key, and shows none that is known here."""


class Forbidden(FoedusError):
    """The key that the request shows is not good for this."""


class WriteRefused(FoedusError):
    """What was sent can't become part of the graph; `reasons` say why, `results` what the shapes say."""

    def __init__(self, message: str, reasons: list[dict[str, str]], results: list[dict[str, object]]) -> None:
        self.reasons, self.results = reasons, results
        super().__init__(message)


class WriteConflict(WriteRefused):
    """What was sent does not fit what somebody else has written meanwhile."""


@dataclass(frozen=True)
class Kind:
    """One kind of problem: its status, its name in addresses, its title, and what to do about it."""

    status: int
    name: str
    title: str
    remedy: str


KINDS: Mapping[type[Exception], Kind] = {
    QueryUnreadable: Kind(
        400, "syntax", "The query is not valid SPARQL", "Correct the query at the line and column given."
    ),
    UpdateUnfit: Kind(400, "update-graphs", "The update names graphs in two ways", "Name them in one."),
    UpdateRefused: Kind(400, "update", "Updates are not taken here", "Send a query: SELECT, ASK, CONSTRUCT, DESCRIBE."),
    FederationRefused: Kind(
        403, "federation", "Other servers are not asked", "Query the other server yourself and join with VALUES."
    ),
    QueryTooLong: Kind(413, "query-size", "The query is too long", "Ask in parts."),
    QueryTooComplex: Kind(400, "complexity", "The query is too complex", "Flatten the query, or ask in parts."),
    QueryUncitable: Kind(
        422, "citations", "This answer cannot be cited", "Ask without citations, or put the query another way."
    ),
    QueryRefused: Kind(400, "refused", "The query is refused", "See the detail of the problem."),
    QueryUnanswerable: Kind(
        400, "evaluation", "The query cannot be evaluated", "Use the functions and datatypes of SPARQL 1.1."
    ),
    ParameterRefused: Kind(
        400, "parameter", "A parameter cannot be taken", "See the parameters of the question on its page."
    ),
    ViewRefused: Kind(400, "view", "There is no such view", "See what can be asked at /views."),
    BadRequest: Kind(400, "request", "The request cannot be understood", "See the SPARQL 1.1 Protocol."),
    DocumentUnreadable: Kind(
        400, "document", "What was sent does not parse", "Correct it at the line and column given."
    ),
    Unauthenticated: Kind(
        401, "key", "A key is needed", "Send it as Authorization: Bearer KEY, or as the password of Basic."
    ),
    Forbidden: Kind(403, "role", "The key is not good for this", "Ask whoever runs this server for another role."),
    GraphMissing: Kind(404, "no-graph", "There is no such graph", "List the graphs with GRAPH ?g."),
    NotThere: Kind(404, "not-found", "Nothing is here", "Start from the page at the root of this server."),
    MethodRefused: Kind(405, "method", "The method is not possible here", "Use a method that the Allow header names."),
    NotAcceptable: Kind(406, "format", "The format is not available", "Ask for a format that the problem lists."),
    BodyTooSlow: Kind(408, "body-time", "The request arrived too slowly", "Send it again."),
    BodyTooLarge: Kind(413, "body-size", "The request is too large", "Ask in parts."),
    UnknownContent: Kind(
        415, "content", "The body has an unknown media type", "Send application/sparql-query, or a form."
    ),
    BodyPacked: Kind(415, "coding", "The body is compressed", "Send it as it is."),
    TooMany: Kind(
        429, "too-many", "You ask too much at once", "Try again after the seconds of the Retry-After header."
    ),
    WriteConflict: Kind(
        409, "conflict", "It does not fit what is there by now", "Look at what is there, and send what still holds."
    ),
    WriteRefused: Kind(
        422,
        "claims",
        "It cannot become part of the graph",
        "Correct what `reasons` and `results` name, and send it again.",
    ),
    WriterLost: Kind(503, "writer", "The writing process ended", "Send it again: a claim that was taken counts once."),
    WriterUnready: Kind(503, "writer-start", "Nothing can be written now", "Try again in a while."),
    DiskFull: Kind(
        507, "disk-full", "There is no space left", "Tell whoever runs this server; questions are answered."
    ),
    SearchUnavailable: Kind(503, "search", "The search is not available", "Use longer words, or try again later."),
    FreezerFull: Kind(507, "frozen-full", "There is no room for frozen answers", "Tell whoever runs this server."),
    FrozenDamaged: Kind(500, "frozen-damaged", "A frozen answer is damaged", "Tell whoever runs this server."),
    StoreUnreadable: Kind(503, "store", "The graph cannot be read", "Tell whoever runs this server."),
    NothingBuilt: Kind(503, "nothing-built", "There is no graph yet", "Whoever runs this server runs `foedus build`."),
    TooBusy: Kind(503, "busy", "All readers are busy", "Try again in a while; see the Retry-After header."),
    ReaderLost: Kind(503, "reader", "The query brought its reader down", "Ask in smaller parts."),
    OutOfMemory: Kind(503, "memory", "The query needs too much memory", "Sort and group less, or ask in parts."),
    AnswerTooLarge: Kind(
        503, "answer-size", "The answer is too large", "Ask in parts with ORDER BY, LIMIT and OFFSET, or take the dump."
    ),
    RemoteFailed: Kind(502, "store-failed", "The store behind this server fails", "Tell whoever runs this server."),
    WriteUncertain: Kind(
        504, "write-time", "The write took too long", "Look whether it is there, and send it again if not."
    ),
    RemoteBusy: Kind(503, "store-busy", "The store behind this server is busy", "Try again in a while."),
    AnswerCut: Kind(
        503, "answer-cut", "The store behind this server gave part of an answer", "Ask in parts with LIMIT and OFFSET."
    ),
    DeadlinePassed: Kind(504, "deadline", "The query took too long", "Make the query more selective, or add a LIMIT."),
}
"""Of an exception's classes, the most derived one that is listed counts."""
UNFORESEEN = Kind(500, "unforeseen", "Something went wrong here", "Tell whoever runs this server.")


def kind_of(error: Exception) -> Kind:
    """The kind of problem that an exception is."""
    return next((KINDS[each] for each in type(error).__mro__ if each in KINDS), UNFORESEEN)


def describe(error: Exception, base: str) -> dict[str, object]:
    """The problem as RFC 9457 wants it, with `line` and `column` where they are known."""
    kind = kind_of(error)
    problem: dict[str, object] = {
        "type": f"{base}problem/{kind.name}",
        "title": kind.title,
        "status": kind.status,
        "detail": str(error) if isinstance(error, FoedusError) else kind.remedy,
    }
    if isinstance(error, QueryUnreadable | QueryRefused):
        problem |= {"detail": error.message, "line": error.line, "column": error.column}
    if isinstance(error, ParameterRefused):
        problem["parameter"] = error.parameter
    if isinstance(error, WriteRefused):
        problem |= {"reasons": error.reasons, "results": error.results}
    if isinstance(error, NotAcceptable):
        problem["available"] = list(error.available)
    return problem


def headers(error: Exception) -> dict[str, str]:
    """The headers that belong to an error."""
    if isinstance(error, MethodRefused):
        return {"Allow": ", ".join(error.allowed)}
    if isinstance(error, Unauthenticated):
        return {"WWW-Authenticate": 'Bearer realm="foedus", Basic realm="foedus", charset="UTF-8"'}
    if isinstance(error, TooBusy | RemoteBusy):
        return {"Retry-After": str(error.retry_after)}
    if isinstance(error, BodyPacked):
        return {"Accept-Encoding": "identity"}
    if isinstance(error, UnknownContent):
        return {"Accept-Post": ", ".join(error.read), "Accept-Query": ", ".join(error.read)}
    return {}


def body(error: Exception, base: str) -> bytes:
    """The problem as JSON."""
    return json.dumps(describe(error, base), ensure_ascii=False, indent=2).encode() + b"\n"


def reply(error: Exception, base: str) -> Reply:
    """The whole response to an error, for scripts of any site to read."""
    more = {"Content-Type": MEDIA_TYPE, "Cache-Control": "no-store", **headers(error), **SHARED}
    return Reply(kind_of(error).status, body(error, base), more)
