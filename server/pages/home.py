"""The page at `/`: the form, the questions, and the answer to what was asked, all by GET."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote, urlencode

from starlette.types import Receive, Scope

from kg.algebra import QueryRefused, QueryUncitable, QueryUnreadable
from kg.citations.requests import cited
from kg.errors import FoedusError
from kg.queries import Query
from kg.settings import Settings
from kg.store import answers
from kg.store.formats import PAGE, offered
from kg.store.readers import Readers
from server import errors
from server.federation import Federation
from server.pages.rendering import Templates
from server.pages.results import Results, results
from server.questions.topics import by_topic
from server.replies import Reply, while_connected
from server.sparql import citing
from server.sparql.endpoint import outline_of
from server.sparql.parameters import Parameters
from server.views import Seen, Views

HTML = "text/html; charset=utf-8"


@dataclass(frozen=True)
class Problem:
    """A problem as the page shows it; `excerpt` is the line of the query, with a mark below the place."""

    title: str
    detail: str
    remedy: str
    place: str | None
    excerpt: str | None


class Home:
    """Answers `/` with HTML."""

    def __init__(
        self,
        settings: Settings,
        readers: Readers,
        templates: Templates,
        questions: Sequence[Query],
        views: Views,
        federation: Federation,
    ) -> None:
        self._federation = federation
        self._settings = settings
        self._readers = readers
        self._views = views
        self._templates = templates
        self._topics = by_topic(questions)

    async def reply(self, scope: Scope, receive: Receive) -> Reply:
        """Answer one request; a problem with the query is shown on the page, with its status."""
        found: Results | None = None
        text, status, problem, cite = "", 200, None, False
        seen: Seen | None = None
        parameters = Parameters(b"")
        try:
            parameters = Parameters(scope["query_string"])
            slug = parameters.one("question")
            if slug is not None and not parameters.all("query"):
                return Reply(303, b"", {"Location": f"/questions/{quote(slug, safe='')}"})
            text = parameters.one("query") or ""
            cite = bool(citing.parameter(parameters))
            if text.strip():
                found, seen = await self._answer(scope, receive, text, parameters, cite=cite)
        except FoedusError as error:
            status, problem = errors.kind_of(error).status, explain(error, text)
        html = self._templates.render(
            "home.html",
            topics=self._topics,
            query=text,
            cite=cite,
            results=found,
            problem=problem,
            generation=self._generation(),
            seen=seen,
            view=self._views.fields(parameters),
        )
        return Reply(status, html.encode(errors="replace"), {"Content-Type": HTML, "Cache-Control": "no-cache"})

    def error(self, error: Exception) -> Reply:
        """A page for an error that has nothing to do with a query."""
        html = self._templates.render("problem.html", kind=errors.kind_of(error), detail=explain(error, "").detail)
        headers = {"Content-Type": HTML, "Cache-Control": "no-store", **errors.headers(error)}
        return Reply(errors.kind_of(error).status, html.encode(errors="replace"), headers)

    def problem(self, name: str) -> Reply:
        """The page that explains a kind of problem, where its type leads; raise NotThere."""
        for kind in (*errors.KINDS.values(), errors.UNFORESEEN):
            if kind.name == name:
                html = self._templates.render("problem.html", kind=kind, detail=None)
                return Reply(200, html.encode(), {"Content-Type": HTML, "Cache-Control": "no-cache"})
        raise errors.NotThere(f"there is no kind of problem called {name!r}")

    async def _answer(
        self, scope: Scope, receive: Receive, text: str, parameters: Parameters, *, cite: bool
    ) -> tuple[Results, Seen | None]:
        view = self._views.read(parameters)
        outline = await outline_of(text, self._settings, self._federation.allowed)
        request = answers.request(text, outline, PAGE, self._settings)
        if cite and outline.services:
            raise QueryUncitable("what another server says by SERVICE is not cited here; ask without citations")
        if cite:
            request = cited(request, outline)
        client = scope["client"][0] if scope.get("client") else ""
        asked = self._views.seen(view, request, client)
        seen = await while_connected(receive, asked)
        answer = await while_connected(receive, self._federation.ask(seen.request, outline, client))
        query = [("query", text), *view.parameters(), *([("citations", "true")] if cite else [])]
        downloads = [
            (each.name, f"/sparql?{urlencode([*query, ('format', each.name)], quote_via=quote)}")
            for each in offered(outline.form)
        ]
        return results(
            answer, text, outline, self._settings.base, downloads, view=view.parameters()
        ), seen if view else None

    def _generation(self) -> str | None:
        try:
            return self._readers.generation().name
        except FoedusError:
            return None


def explain(error: Exception, text: str) -> Problem:
    """Prepare an error for the page."""
    kind = errors.kind_of(error)
    if not isinstance(error, QueryUnreadable | QueryRefused):
        detail = str(error) if isinstance(error, FoedusError) else ""
        return Problem(kind.title, detail, kind.remedy, None, None)
    lines = text.splitlines() or [""]
    line = lines[min(error.line, len(lines)) - 1]
    first = max(0, error.column - 61)
    mark = " " * (error.column - 1 - first) + "▲"
    excerpt = f"{line[first : first + 120]}\n{mark}"
    return Problem(kind.title, error.message, kind.remedy, f"line {error.line}, column {error.column}", excerpt)
