"""The endpoint: a query in, bytes out, as short a way as there is."""

from __future__ import annotations

import asyncio
import hashlib
from urllib.parse import quote

from starlette.datastructures import Headers
from starlette.types import Receive, Scope, Send

from kg.algebra import Outline, look
from kg.errors import FoedusError
from kg.settings import Settings
from kg.store import answers
from kg.store.formats import Format, offered
from kg.store.readers import Readers
from server import errors, negotiation
from server.headers import PREFLIGHT, SHARED
from server.replies import Disconnected, Reply, while_connected
from server.sparql import operation
from server.sparql.operation import Operation

LONG = 16_384
_HTML = Format("html", "text/html", "text/html", ("application/xhtml+xml",))


class Endpoint:
    """An ASGI application for queries."""

    def __init__(self, settings: Settings, readers: Readers) -> None:
        self._settings = settings
        self._readers = readers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request; every error becomes a problem with its status."""
        try:
            reply = await self._reply(scope, receive)
        except Disconnected:
            return
        except FoedusError as error:
            headers = {"Content-Type": errors.MEDIA_TYPE, "Cache-Control": "no-store", **errors.headers(error)}
            reply = Reply(errors.kind_of(error).status, errors.body(error, self._settings.base), {**headers, **SHARED})
        await reply.send(send, without_body=scope["method"] == "HEAD")

    async def _reply(self, scope: Scope, receive: Receive) -> Reply:
        if scope["method"] == "OPTIONS":
            return Reply(204, b"", {"Allow": ", ".join(operation.METHODS), **SHARED, **PREFLIGHT})
        asked = await operation.read(scope, receive, self._settings)
        headers = Headers(scope=scope)
        accept = ", ".join(headers.getlist("accept")) or None
        if asked is None:
            return self._no_query(scope, accept)
        outline = await outline_of(asked.query, self._settings)
        formats = offered(outline.form)
        if asked.formats:
            wanted = negotiation.by_name(asked.formats, formats)
        else:
            wanted = negotiation.choose(accept, (*formats, _HTML))
            if wanted is _HTML:
                return self._to_page(scope, asked)
        request = answers.request(asked.query, outline, wanted, self._settings, asked.dataset)
        cached = self._validators(scope, headers, outline, request)
        if cached is not None:
            return cached
        client = scope["client"][0] if scope.get("client") else ""
        answer = await while_connected(receive, self._readers.ask(request, client))
        return Reply(
            200,
            answer.body,
            {
                "Content-Type": wanted.content_type,
                "Vary": "Accept",
                "Foedus-Generation": answer.generation,
                "Foedus-Store": answer.store,
                "Server-Timing": f"query;dur={answer.seconds * 1000:.1f}",
                **_freshness(outline, request, answer.generation),
                **SHARED,
            },
        )

    def _validators(self, scope: Scope, headers: Headers, outline: Outline, request: answers.Request) -> Reply | None:
        """The reply that nothing has changed since the client asked last, if that is so."""
        if scope["method"] == "POST" or "if-none-match" not in headers:
            return None
        fresh = _freshness(outline, request, self._readers.generation().name)
        known = [each.strip() for each in headers["if-none-match"].split(",")]
        if fresh.get("ETag") not in known:
            return None
        return Reply(304, b"", {"Vary": "Accept", **fresh, **SHARED})

    def _no_query(self, scope: Scope, accept: str | None) -> Reply:
        if negotiation.choose(accept, (*offered("SELECT"), *offered("CONSTRUCT"), _HTML)) is _HTML:
            return Reply(303, b"", {"Location": f"{scope.get('root_path', '')}/", "Vary": "Accept"})
        raise errors.BadRequest("there is no query; send one as ?query=…, as a form, or as application/sparql-query")

    def _to_page(self, scope: Scope, asked: Operation) -> Reply:
        if asked.dataset is not None or scope["method"] == "POST":
            raise errors.NotAcceptable(
                "text/html for a POST or with graphs in the address",
                tuple(each.media_type for each in (*offered("SELECT"), *offered("CONSTRUCT"))),
            )
        return Reply(
            303, b"", {"Location": f"{scope.get('root_path', '')}/?query={quote(asked.query)}", "Vary": "Accept"}
        )


async def outline_of(query: str, settings: Settings) -> Outline:
    """Look at a query; a long one in a thread, so that others do not wait. Raises what kg.algebra.look raises."""
    if len(query) > LONG:
        return await asyncio.to_thread(look, query, settings)
    return look(query, settings)


def _freshness(outline: Outline, request: answers.Request, generation: str) -> dict[str, str]:
    """How an answer may be kept: it stays the same within a generation, unless the query asks for time or chance."""
    if not outline.stable:
        return {"Cache-Control": "no-store"}
    graphs = (request.default_graphs, request.named_graphs)
    parts = repr((generation, request.text, request.media_type, graphs)).encode()
    return {"ETag": f'W/"{hashlib.sha256(parts).hexdigest()[:32]}"', "Cache-Control": "no-cache"}
