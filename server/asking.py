"""Asking the graph on behalf of a page: stored queries with their parameters, through the same gate as the endpoint."""

from __future__ import annotations

import copy
from collections.abc import Iterable, Mapping, Sequence

from starlette.types import Scope

from kg.algebra import bind, look
from kg.citations.requests import cited
from kg.queries import Query
from kg.settings import Settings
from kg.store import answers
from kg.store.answers import Answer, Request
from kg.store.formats import JSON, Format
from kg.store.generation import Generation
from kg.store.readers import Readers
from kg.views.view import View
from server import rows
from server.rows import Row
from server.views import Views


class Asking:
    """Asks stored queries of the generation that is served."""

    def __init__(self, settings: Settings, readers: Readers, queries: Iterable[Query]) -> None:
        self.settings = settings
        self._readers = readers
        self._queries = {query.slug: query for query in queries}
        self._views: Views | None = None
        self._view = View()
        self.seen: dict[str, str] = {}

    def through(self, views: Views, view: View) -> Asking:
        """The same, asking as of a view; `seen` has the headers that tell so, once it has answered."""
        asking = copy.copy(self)
        asking._views, asking._view, asking.seen = views, view, {}
        return asking

    @property
    def generation(self) -> Generation:
        """The generation that is served now; raises NothingBuilt."""
        return self._readers.generation()

    async def rows(self, slug: str, scope: Scope, **given: str | Sequence[str]) -> list[Row]:
        """The rows of a stored query."""
        answer = await self.answer(slug, scope, JSON, **given)
        return rows.read(answer.body)[1]

    async def answer(self, slug: str, scope: Scope, wanted: Format, **given: str | Sequence[str]) -> Answer:
        """The answer of a stored query in a format."""
        values = {name: [value] if isinstance(value, str) else value for name, value in given.items()}
        return await self.of_query(self._queries[slug], values, scope, wanted)

    async def of_query(self, query: Query, given: Mapping[str, Sequence[str]], scope: Scope, wanted: Format) -> Answer:
        """The answer of a query with its parameters; raises what kg.algebra and Readers.ask raise."""
        return await self.of_text(bind(query, given, self.settings.base), scope, wanted)

    async def of_text(self, text: str, scope: Scope, wanted: Format, *, cite: bool = False) -> Answer:
        """The answer of a text that a caller may have written; with `cite`, in JSON, with its citations."""
        outline = look(text, self.settings)
        request = answers.request(text, outline, wanted, self.settings)
        return await self.of_request(cited(request, outline) if cite else request, scope)

    async def of_request(self, request: Request, scope: Scope) -> Answer:
        """The answer to a request that is no query."""
        client = client_of(scope)
        if self._views is not None and self._view:
            seen = await self._views.seen(self._view, request, client)
            request = seen.request
            self.seen |= seen.headers
        return await self._readers.ask(request, client)


def client_of(scope: Scope) -> str:
    """Who asks, for fairness between clients."""
    return scope["client"][0] if scope.get("client") else ""
