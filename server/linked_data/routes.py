"""The addresses of linked data."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from server.headers import PREFLIGHT, SHARED
from server.linked_data import context
from server.linked_data.documents import Documents
from server.linked_data.vocabulary import Vocabulary
from server.replies import Disconnected, Reply

Answering = Callable[[Request], Awaitable[Reply]]


def routes(documents: Documents, vocabulary: Vocabulary) -> list[Route]:
    """The routes of names, of documents, and of what describes them."""

    async def thing(request: Request) -> Reply:
        return await documents.name(request, f"id/{request.path_params['path']}")

    async def concept(request: Request) -> Reply:
        return await documents.name(request, f"concept/{request.path_params['path']}")

    async def generated(request: Request) -> Reply:
        return await documents.name(request, f".well-known/genid/{request.path_params['path']}")

    async def document(request: Request) -> Reply:
        return await documents.document(request, request.path_params["path"])

    def published(kind: str) -> list[Route]:
        async def answer(request: Request) -> Reply:
            return await vocabulary.answer(request, kind, request.path_params.get("path", ""))

        return [_route(f"/{kind}", answer), _route(f"/{kind}/{{path:path}}", answer)]

    async def published_context(_: Request) -> Reply:
        headers = {"Content-Type": "application/ld+json", "Cache-Control": "public, max-age=86400", **SHARED}
        return Reply(200, context.document(), headers)

    return [
        _route("/id/{path:path}", thing),
        _route("/concept/{path:path}", concept),
        _route("/.well-known/genid/{path:path}", generated),
        _route("/doc/{path:path}", document),
        *published("ontology"),
        *published("shapes"),
        *published("profile"),
        _route(f"/context/{context.VERSION}.jsonld", published_context),
    ]


def _route(path: str, answering: Answering) -> Route:
    async def respond(request: Request) -> Response:
        if request.method == "OPTIONS":
            return Response(status_code=204, headers={"Allow": "GET, HEAD, OPTIONS", **SHARED, **PREFLIGHT})
        try:
            reply = await answering(request)
        except Disconnected:
            return Response(status_code=499)
        return Response(reply.body, reply.status, dict(reply.headers))

    return Route(path, respond, methods=["GET", "HEAD", "OPTIONS"])
