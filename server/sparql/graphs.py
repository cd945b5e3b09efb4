"""The SPARQL 1.1 Graph Store Protocol at `/store`, as far as it reads: one graph, or all of them.

Source: https://www.w3.org/TR/sparql11-http-rdf-update/
"""

from __future__ import annotations

import re

from starlette.datastructures import Headers
from starlette.types import Receive, Scope, Send

from kg.errors import FoedusError
from kg.settings import Settings
from kg.store import answers
from kg.store.formats import DATASETS, GRAPHS
from kg.store.readers import Readers
from server import errors, freshness, negotiation, urls
from server.asking import client_of
from server.errors import BadRequest, MethodRefused
from server.headers import PREFLIGHT, SHARED
from server.replies import Disconnected, Reply, while_connected
from server.sparql.operation import ABSOLUTE
from server.sparql.parameters import Parameters

METHODS = ("GET", "HEAD", "OPTIONS")


class Graphs:
    """An ASGI application for whole graphs, in their own words: no query is needed."""

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
            reply = errors.reply(error, self._settings.base)
        await reply.send(send, without_body=scope["method"] == "HEAD")

    async def _reply(self, scope: Scope, receive: Receive) -> Reply:
        if scope["method"] == "OPTIONS":
            return Reply(204, b"", {"Allow": ", ".join(METHODS), **SHARED, **PREFLIGHT})
        if scope["method"] not in ("GET", "HEAD"):
            raise MethodRefused(scope["method"], METHODS)
        parameters = Parameters(scope["query_string"])
        graph = named(scope, parameters)
        formats = DATASETS if graph is None else GRAPHS
        names = parameters.all("format")
        headers = Headers(scope=scope)
        accept = ", ".join(headers.getlist("accept")) or None
        wanted = negotiation.by_name(names, formats) if names else negotiation.choose(accept, formats)
        task = answers.DATASET if graph is None else answers.GRAPH
        request = answers.whole(task, graph or "", wanted, self._settings)
        generation = self._readers.generation()
        fresh = {"Cache-Control": "no-store"}
        if request.stable:
            fresh = freshness.validators(generation, task, graph, wanted.name, shared=self._settings.freshness)
        if request.stable and freshness.unchanged(headers, fresh):
            return Reply(304, b"", {"Vary": "Accept", **fresh, **SHARED})
        answer = await while_connected(receive, self._readers.ask(request, client_of(scope)))
        return Reply(
            200,
            answer.body,
            {
                "Content-Type": wanted.content_type,
                "Vary": "Accept",
                "Foedus-Generation": answer.generation,
                "Server-Timing": f"query;dur={answer.seconds * 1000:.1f}",
                **fresh,
                **SHARED,
            },
        )


def named(scope: Scope, parameters: Parameters) -> str | None:
    """The graph that a request names: its IRI, nothing for the default graph, None for the whole dataset.

    Below `/store/` the address itself is the IRI. Raises BadRequest for two names, or one that is not absolute.
    """
    graph, default = parameters.one("graph"), parameters.one("default")
    direct = re.fullmatch(r".*?/store/(.+)", scope["path"])
    if sum(each is not None for each in (graph, default, direct)) > 1:
        raise BadRequest("the request names two graphs; use one of ?graph=…, ?default, or an address below /store/")
    if direct is not None:
        return f"{urls.origin(scope)}{_path(scope)}"
    if default is not None:
        return ""
    if graph is not None and not ABSOLUTE.fullmatch(graph):
        raise BadRequest(f"{graph[:80]!r} is not an absolute IRI; graphs are named by absolute IRIs")
    return graph


def _path(scope: Scope) -> str:
    """The path as the client sent it, percent signs and all."""
    raw = bytes(scope.get("raw_path") or scope["path"].encode()).decode("latin-1")
    return raw.partition("?")[0]
