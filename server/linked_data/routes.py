"""The addresses of linked data."""

from __future__ import annotations

from starlette.requests import Request
from starlette.routing import Route

from server.headers import SHARED
from server.linked_data import context
from server.linked_data.documents import Documents
from server.linked_data.vocabulary import Vocabulary
from server.replies import Reply
from server.routing import answered


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

    async def timemap(request: Request) -> Reply:
        return await documents.timemap(request, request.path_params["path"])

    def published(kind: str) -> list[Route]:
        async def answer(request: Request) -> Reply:
            return await vocabulary.answer(request, kind, request.path_params.get("path", ""))

        return [answered(f"/{kind}", answer), answered(f"/{kind}/{{path:path}}", answer)]

    async def published_context(_: Request) -> Reply:
        headers = {"Content-Type": "application/ld+json", "Cache-Control": "public, max-age=86400", **SHARED}
        return Reply(200, context.document(), headers)

    return [
        answered("/id/{path:path}", thing),
        answered("/concept/{path:path}", concept),
        answered("/.well-known/genid/{path:path}", generated),
        answered("/doc/{path:path}", document),
        answered("/timemap/doc/{path:path}", timemap),
        *published("ontology"),
        *published("shapes"),
        *published("profile"),
        answered(f"/context/{context.VERSION}.jsonld", published_context),
    ]
