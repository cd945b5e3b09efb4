"""SPARQL 1.1 Update and the Graph Store Protocol's writes: in front of the addresses that answer questions.

Sources: https://www.w3.org/TR/sparql11-protocol/#update-operation, https://www.w3.org/TR/sparql11-http-rdf-update/
"""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Mapping
from typing import Any, Protocol

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from kg.algebra import FederationRefused, QueryRefused, QueryTooComplex, QueryUnreadable, UpdateUnfit
from kg.errors import FoedusError
from kg.settings import Settings
from kg.store.answers import GraphMissing, QueryUnanswerable, RemoteBusy, RemoteFailed
from kg.store.parser import Parser
from kg.store.writer import ENDED, DiskFull, Writer, WriterLost, WriteUncertain
from server import errors, urls
from server.access import Access
from server.asking import client_of
from server.errors import BadRequest, MethodRefused, UnknownContent
from server.headers import SHARED
from server.replies import Disconnected, Reply
from server.sparql.graphs import named
from server.sparql.operation import ABSOLUTE, CHARSETS, FORM, UPDATE
from server.sparql.parameters import Parameters
from server.writing import bodies
from server.writing.loading import Loading

DOCUMENTS: Mapping[str, str] = {
    "text/turtle": "text/turtle",
    "application/x-turtle": "text/turtle",
    "application/n-triples": "application/n-triples",
    "text/plain": "application/n-triples",
    "application/rdf+xml": "application/rdf+xml",
    "application/xml": "application/rdf+xml",
    "application/ld+json": "application/ld+json",
    "application/json": "application/ld+json",
    "application/trig": "application/trig",
    "application/n-quads": "application/n-quads",
    "text/n3": "text/n3",
}
"""The media types that a graph or a dataset may come in, and how the parser calls them."""
_REFUSALS: Mapping[str, type[QueryUnreadable] | type[QueryRefused]] = {
    "syntax": QueryUnreadable,
    "QueryUnreadable": QueryUnreadable,
    "QueryTooComplex": QueryTooComplex,
    "FederationRefused": FederationRefused,
    "UpdateUnfit": UpdateUnfit,
}

_REMOTE: Mapping[str, type[FoedusError]] = {"remote": RemoteFailed, "busy": RemoteBusy, "slow": WriteUncertain}


class Target(Protocol):
    """What updates and graphs come to: a plain dataset, or claims."""

    async def update(self, scope: Scope, text: bytes, using: tuple[str, ...], named_graphs: tuple[str, ...]) -> Reply:
        """Run an update; it is durable when this returns, and visible unless the request prefers not to wait."""

    async def graph(self, scope: Scope, kind: str, graph: str | None, quads: bytes, made: str | None) -> Reply:
        """Put, post or delete a graph, or all (None); `made` is its address when the server has named it."""


class Plain:
    """A plain dataset."""

    def __init__(self, settings: Settings, writer: Writer) -> None:
        self._settings, self._writer = settings, writer

    async def update(self, scope: Scope, text: bytes, using: tuple[str, ...], named_graphs: tuple[str, ...]) -> Reply:
        """Run an update, all of it or nothing."""
        wanted = {"kind": "update", "using": using, "using_named": named_graphs}
        return (await self._do(scope, wanted, text))[1]

    async def graph(self, scope: Scope, kind: str, graph: str | None, quads: bytes, made: str | None) -> Reply:
        """Put, post or delete; raise GraphMissing when there was nothing to delete."""
        told, reply = await self._do(scope, {"kind": kind, "graph": graph}, quads)
        if not told["there"]:
            raise GraphMissing(f"there is no graph {graph}; nothing was deleted")
        status = 201 if told["new"] and reply.status == 204 else reply.status
        return Reply(status, b"", {**reply.headers, **({"Location": made} if made else {})})

    async def _do(self, scope: Scope, wanted: dict[str, Any], body: bytes) -> tuple[dict[str, Any], Reply]:
        hurry = "respond-async" in Headers(scope=scope).get("prefer", "")
        submission = self._writer.submit({**wanted, "hurry": hurry}, body)
        told = await submission.durable
        if "failed" in told:
            raise _failure(told)
        if hurry:
            return told, Reply(202, b"", {"Preference-Applied": "respond-async", **SHARED})
        seen = await submission.final
        if seen["generation"] is None:
            return told, Reply(202, b"", SHARED)
        return told, Reply(204, b"", {"Foedus-Generation": seen["generation"], **SHARED})


def _failure(told: Mapping[str, Any]) -> FoedusError:
    failed, message = told["failed"], told["message"]
    if failed == "full":
        return DiskFull("there is no space left on the disk; what was sent is not kept")
    if failed in _REMOTE:
        return _REMOTE[failed](message)
    if failed in _REFUSALS:
        return _REFUSALS[failed](message, told["line"], told["column"])
    return QueryUnanswerable(f"the update could not be evaluated: {message}")


class Updates:
    """An ASGI application in front of the endpoint: updates are taken here, everything else goes through."""

    def __init__(
        self, questions: ASGIApp, settings: Settings, access: Access, target: Target, loading: Loading | None = None
    ) -> None:
        self._questions, self._settings, self._access, self._target = questions, settings, access, target
        self._loading = loading

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer an update; every error becomes a problem with its status."""
        media_type = _media_type(scope)
        if scope["method"] != "POST" or media_type not in (FORM, UPDATE):
            await self._questions(scope, receive, send)
            return
        try:
            body = await bodies.read(scope, receive, self._settings)
            if media_type == FORM and b"update=" not in body:
                await self._questions(scope, bodies.again(body, receive), send)
                return
            reply = await self._reply(scope, media_type, body)
        except Disconnected:
            return
        except asyncio.CancelledError:  # the server ends, and has waited for this as long as it may
            reply = errors.reply(WriterLost(ENDED), self._settings.base)
        except FoedusError as error:
            reply = errors.reply(error, self._settings.base)
        await reply.send(send)

    async def _reply(self, scope: Scope, media_type: str, body: bytes) -> Reply:
        self._access.require(scope, "contribute")
        address, charset = Parameters(scope["query_string"]), _charset(scope)
        if address.all("update") or address.all("query"):
            raise BadRequest("the update is in the address; put it into the body")
        where, text = address, body
        if media_type == FORM:
            where = Parameters(body, charset)
            if where.all("query"):
                raise BadRequest("there is a query and an update; send one of them")
            text = (where.one("update") or "").encode()
        else:
            try:
                text = body.decode(charset).encode()
            except UnicodeDecodeError as error:
                raise BadRequest(f"the update is not {charset}, at byte {error.start}") from error
        for name in ("default-graph-uri", "named-graph-uri"):
            if where.all(name) or address.all(name):
                raise BadRequest(
                    f"{name!r} belongs to a query; an update has 'using-graph-uri', 'using-named-graph-uri'"
                )
        using, using_named = (
            where.all(name) or address.all(name) for name in ("using-graph-uri", "using-named-graph-uri")
        )
        for iri in (*using, *using_named):
            if not ABSOLUTE.fullmatch(iri):
                raise BadRequest(f"{iri[:80]!r} is not an absolute IRI; graphs are named by absolute IRIs")
        if self._loading is not None:
            text = (await self._loading.without(text.decode(), client_of(scope))).encode()
        return await self._target.update(scope, text, using, using_named)


class GraphWrites:
    """An ASGI application in front of the Graph Store: PUT, POST and DELETE are done here, the rest goes through."""

    METHODS = ("GET", "HEAD", "PUT", "POST", "DELETE", "OPTIONS")

    def __init__(self, reads: ASGIApp, settings: Settings, access: Access, parser: Parser, target: Target) -> None:
        self._reads, self._settings, self._access = reads, settings, access
        self._parser, self._target = parser, target

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a write; every error becomes a problem with its status."""
        method = scope["method"]
        if method in ("GET", "HEAD"):
            await self._reads(scope, receive, send)
            return
        try:
            reply = await self._reply(scope, receive)
        except Disconnected:
            return
        except asyncio.CancelledError:  # the server ends, and has waited for this as long as it may
            reply = errors.reply(WriterLost(ENDED), self._settings.base)
        except FoedusError as error:
            reply = errors.reply(error, self._settings.base)
        await reply.send(send)

    async def _reply(self, scope: Scope, receive: Receive) -> Reply:
        method = scope["method"]
        if method == "OPTIONS":
            return Reply(204, b"", {"Allow": ", ".join(self.METHODS), "Accept-Post": ", ".join(DOCUMENTS), **SHARED})
        if method not in self.METHODS:
            raise MethodRefused(method, self.METHODS)
        self._access.require(scope, "contribute")
        graph = named(scope, Parameters(scope["query_string"]))
        if method == "DELETE":
            return await self._target.graph(scope, "delete", graph, b"", None)
        media_type = _media_type(scope)
        if media_type not in DOCUMENTS:
            raise UnknownContent(f"{media_type or 'a body of no type'} is not RDF that is read here", tuple(DOCUMENTS))
        content = await bodies.read(scope, receive, self._settings)
        base = graph or f"{urls.origin(scope)}/store"
        charset = _charset(scope)
        if charset != "utf-8":
            content = content.decode(charset, "replace").encode()
        quads = await self._parser.parse(content, DOCUMENTS[media_type], base)
        made = None
        if method == "POST" and graph is None and media_type not in ("application/trig", "application/n-quads"):
            made = graph = f"{urls.origin(scope)}/store/{uuid.uuid4()}"
        if graph is not None and any(_has_graph(line) for line in quads.splitlines()):
            raise BadRequest("the body has named graphs, and the request names one graph; send one graph, or name none")
        return await self._target.graph(scope, method.lower(), graph, quads, made)


def _has_graph(line: bytes) -> bool:
    """Whether a line of N-Quads, as the parser writes it, names a graph: a fourth term before the dot."""
    rest = line.removesuffix(b" .")
    head = rest.split(b" ", 2)
    if len(head) < 3:
        return False
    value = head[2]
    if value.startswith(b"<<"):
        return not value.endswith(b">>")
    if value.startswith(b'"'):
        value = value[value.rindex(b'"') :]
    return b" " in value


def _media_type(scope: Scope) -> str:
    return Headers(scope=scope).get("content-type", "").partition(";")[0].strip().lower()


def _charset(scope: Scope) -> str:
    header = Headers(scope=scope).get("content-type", "").lower()
    name = header.partition("charset=")[2].partition(";")[0].strip().strip('"')
    if name not in CHARSETS:
        raise UnknownContent(f"the charset {name[:40]!r} is not read here; send the body in UTF-8", (UPDATE, FORM))
    return CHARSETS[name]
