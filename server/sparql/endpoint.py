"""The endpoint: a query in, bytes out, as short a way as there is."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Collection
from urllib.parse import quote, urlencode

from starlette.datastructures import Headers
from starlette.types import Receive, Scope, Send

from kg.algebra import Outline, QueryUncitable, look
from kg.citations.requests import CITATIONS, check, cited
from kg.errors import FoedusError
from kg.settings import Settings
from kg.store import answers
from kg.store.formats import JSON, Format, offered
from kg.store.generation import NothingBuilt
from kg.store.readers import Readers
from kg.views.view import View
from server import errors, freshness, negotiation, urls
from server.asking import client_of
from server.federation import Federation
from server.headers import PREFLIGHT, SHARED
from server.pages.rendering import Templates
from server.replies import Disconnected, Reply, while_connected
from server.sparql import citing, operation, service
from server.sparql.operation import Operation
from server.views import Views

LONG = 16_384
TITLE = "Foedus: states, alliances, commitments and contested sites, with who says so"
_HTML = Format("html", "text/html", "text/html; charset=utf-8", ("application/xhtml+xml",))
_ALLOWED = {
    "Allow": ", ".join(operation.METHODS),
    "Accept-Post": f"{operation.QUERY}, {operation.FORM}",
    "Accept-Query": f"{operation.QUERY}, {operation.FORM}",
}


class Endpoint:
    """An ASGI application for queries."""

    def __init__(
        self, settings: Settings, readers: Readers, templates: Templates, views: Views, federation: Federation
    ) -> None:
        self._settings = settings
        self._federation = federation
        self._templates = templates
        self._readers = readers
        self._views = views

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request; every error becomes a problem with its status."""
        try:
            reply = await self._reply(scope, receive)
        except Disconnected:
            return
        except FoedusError as error:
            reply = errors.reply(error, self._settings.base)
        await reply.send(send, without_body=scope["method"] == "HEAD")

    async def _reply(self, scope: Scope, receive: Receive) -> Reply:
        if scope["method"] == "OPTIONS":
            return Reply(204, b"", {**_ALLOWED, **SHARED, **PREFLIGHT})
        began = time.monotonic()
        asked = await operation.read(scope, receive, self._settings)
        headers = Headers(scope=scope)
        accept = ", ".join(headers.getlist("accept")) or None
        if asked is None:
            return await self._description(scope, receive, accept)
        outline = await outline_of(asked.query, self._settings, self._federation.allowed)
        cite = citing.wanted(headers, asked.citations)
        formats = (*offered(outline.form), CITATIONS) if cite else offered(outline.form)
        if asked.formats:
            wanted = negotiation.by_name(asked.formats, formats)
        else:
            wanted = negotiation.choose(accept, (*formats, _HTML))
            if wanted is _HTML:
                return self._to_page(scope, asked)
        request = answers.request(asked.query, outline, wanted, self._settings, asked.dataset)
        told = {"Vary": "Accept, Prefer"}
        if cite and outline.services:
            raise QueryUncitable("what another server says by SERVICE is not cited here; ask without citations")
        if cite:
            told |= citing.headers(headers)
            if wanted in (JSON, CITATIONS):
                request = cited(request, outline)
            else:
                await self._citable(asked.query, outline, request, scope, receive)
                here, more = f"{urls.origin(scope)}/sparql", asked.view.parameters()
                told["Link"] = citing.link(here, asked.query, outline.form, asked.dataset, more)
        fresh = self._fresh(request, self._views.normal(asked.view))
        if (
            scope["method"] != "POST"
            and "ETag" in fresh
            and "if-none-match" in headers
            and freshness.unchanged(headers, fresh)
        ):
            return Reply(304, b"", {**told, **fresh, **SHARED})
        client = client_of(scope)
        seen = await while_connected(receive, self._views.seen(asked.view, request, client))
        answer = self._readers.known(seen.request)
        if answer is None:
            asking = self._federation.ask(seen.request, outline, client)
            answer = await while_connected(receive, asking)
        return Reply(
            200,
            answer.body,
            {
                "Content-Type": wanted.content_type,
                **told,
                "Foedus-Generation": seen.generation or answer.generation,
                "Foedus-Store": answer.store,
                "Server-Timing": _timing(began, answer),
                **seen.headers,
                **fresh,
                **SHARED,
            },
        )

    async def _description(self, scope: Scope, receive: Receive, accept: str | None) -> Reply:
        wanted = negotiation.choose(accept, (*offered("CONSTRUCT"), _HTML))
        endpoint = f"{urls.origin(scope)}{scope['path'].removeprefix(scope.get('root_path', ''))}"
        try:
            counts = self._readers.generation().manifest()["counts"]
        except NothingBuilt:
            counts = {}
        if wanted is _HTML:
            body = self._templates.render(
                "service.html",
                endpoint=endpoint,
                settings=self._settings,
                counts=counts,
                results=offered("SELECT"),
                graphs=offered("CONSTRUCT"),
            ).encode()
        else:
            text = service.describe(endpoint, TITLE, counts, ("SPARQL11Query",), ())
            request = answers.whole(answers.TRIPLES, text, wanted, self._settings, service.PREFIXES)
            body = (await while_connected(receive, self._readers.ask(request, client_of(scope)))).body
        headers = {"Content-Type": wanted.content_type, "Vary": "Accept, Host", "Cache-Control": "no-cache"}
        return Reply(200, body, {**headers, **_ALLOWED, **SHARED})

    def _fresh(self, request: answers.Request, view: View) -> dict[str, str]:
        if not request.stable:
            return {"Cache-Control": "no-store"}
        graphs = (request.default_graphs, request.named_graphs)
        parts = (request.text, request.media_type, graphs, request.task, view.digest if view else "")
        return freshness.validators(self._readers.generation(), *parts, shared=self._settings.freshness)

    async def _citable(
        self, query: str, outline: Outline, request: answers.Request, scope: Scope, receive: Receive
    ) -> None:
        """Refuse a query that has no citations; one that is no query is told what is wrong with it."""
        try:
            check(query, outline, self._settings.base)
        except QueryUncitable:
            await while_connected(receive, self._readers.ask(request, client_of(scope)))
            raise

    def _to_page(self, scope: Scope, asked: Operation) -> Reply:
        if asked.dataset is not None or scope["method"] == "POST":
            raise errors.NotAcceptable(
                "text/html for a POST or with graphs in the address",
                tuple(each.media_type for each in (*offered("SELECT"), *offered("CONSTRUCT"))),
            )
        cite = [("citations", "true")] if citing.wanted(Headers(scope=scope), asked.citations) else []
        address = urlencode([("query", asked.query), *asked.view.parameters(), *cite], quote_via=quote)
        return Reply(303, b"", {"Location": f"{scope.get('root_path', '')}/?{address}", "Vary": "Accept, Prefer"})


async def outline_of(query: str, settings: Settings, allowed: Collection[str] = ()) -> Outline:
    """Look at a query; a long one in a thread, so that others do not wait. Raises what kg.algebra.look raises.

    `allowed` are those that it may ask by SERVICE.
    """
    if len(query) > LONG:
        return await asyncio.to_thread(look, query, settings, allowed)
    return look(query, settings, allowed)


def _timing(began: float, answer: answers.Answer) -> str:
    """Server-Timing in milliseconds: the wait for a reader with all that came before it, the query, and both."""
    total = time.monotonic() - began
    times = (("wait", max(0.0, total - answer.seconds)), ("query", answer.seconds), ("total", total))
    shown = ", ".join(f"{name};dur={seconds * 1000:.1f}" for name, seconds in times)
    return f"{shown}, cache;desc=hit" if answer.cached else shown
