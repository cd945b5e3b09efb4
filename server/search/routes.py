"""The addresses of the search."""

from __future__ import annotations

from starlette.requests import Request
from starlette.routing import Route

from server.replies import Reply
from server.routing import answered
from server.search.page import Search
from server.search.reconciliation import Reconciliation


def routes(search: Search, reconciliation: Reconciliation) -> list[Route]:
    """The routes of the page and of the reconciliation service."""

    async def suggested(request: Request) -> Reply:
        return await reconciliation.suggest(request, request.path_params["what"])

    return [
        answered("/search", search.answer),
        answered("/reconcile", reconciliation.answer, ("GET", "HEAD", "POST")),
        answered("/reconcile/suggest/{what}", suggested),
        answered("/reconcile/preview", reconciliation.preview),
    ]
