"""One question at its address: parameters in, an answer out, in the format that is wanted or as a page."""

from __future__ import annotations

import json
from collections.abc import Sequence
from urllib.parse import quote

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.types import Scope

from kg.algebra import ParameterRefused, bind, look
from kg.citations.requests import CITATIONS, check
from kg.errors import FoedusError
from kg.queries import Query
from kg.store.formats import JSON, PAGE, Format
from kg.views.view import PARAMETERS, View
from server import errors, freshness, negotiation
from server.asking import Asking
from server.headers import SHARED
from server.pages.rendering import Templates
from server.pages.results import results
from server.questions.diff import Diff
from server.questions.fields import fields
from server.questions.formats import HTML, ROWS, SPARQL_JSON, document, offered
from server.questions.snippets import address, snippets
from server.questions.topics import by_topic
from server.replies import Reply, while_connected
from server.sparql import citing
from server.sparql.parameters import Parameters
from server.urls import origin
from server.views import Views

RESERVED = ("format", "citations", *PARAMETERS)


class Questions:
    """Answers `/questions` and `/questions/{slug}`."""

    def __init__(self, asking: Asking, templates: Templates, questions: Sequence[Query], views: Views) -> None:
        self._asking = asking
        self._views = views
        self._diff = Diff(asking, templates, views)
        self._templates = templates
        self._questions = {question.slug: question for question in questions}

    def listed(self, request: Request) -> Reply:
        """All questions: a page, or a list in JSON."""
        wanted = self._wanted(request.scope, (HTML, ROWS))
        headers = {"Content-Type": wanted.content_type, "Vary": "Accept", "Cache-Control": "no-cache", **SHARED}
        every = list(self._questions.values())
        if wanted is HTML:
            return Reply(200, self._templates.page("questions.html", topics=by_topic(every)), headers)
        return Reply(200, listing(origin(request.scope), every), headers)

    async def changed(self, request: Request, slug: str) -> Reply:
        """What changed in the answer of one question between two days; see server.questions.diff."""
        if slug not in self._questions:
            raise errors.NotThere(f"there is no question called {slug[:80]!r}; they are listed at /questions")
        return await self._diff.reply(request, self._questions[slug])

    async def answered(self, request: Request, slug: str) -> Reply:
        """One question with the parameters of the request; raises NotThere, ParameterRefused and what Asking raises."""
        if slug not in self._questions:
            raise errors.NotThere(f"there is no question called {slug[:80]!r}; they are listed at /questions")
        question = self._questions[slug]
        parameters = Parameters(request.scope["query_string"])
        form = look(question.text, self._asking.settings).form
        headers = Headers(scope=request.scope)
        cite = citing.wanted(headers, citing.parameter(parameters))
        wanted = self._wanted(request.scope, (*offered(form), CITATIONS) if cite else offered(form))
        named = {name: [value for value in parameters.all(name) if value] for name in parameters.names()}
        given = {name: values for name, values in named.items() if values and name not in RESERVED}
        if wanted is HTML:
            return await self._page(request, question, given, parameters, cite=cite)
        view = self._views.read(parameters)
        asking = self._asking.through(self._views, view)
        bound = bind(question, given, self._asking.settings.base)
        parts = (slug, bound, wanted.name, cite, self._views.normal(view))
        fresh = freshness.validators(self._asking.generation, "question", *parts)
        links = self._links(request, question, {**given, **seen(view)})
        told = {**fresh, "Vary": "Accept, Prefer", "Link": links, **SHARED}
        inside = cite and wanted in (ROWS, SPARQL_JSON, CITATIONS)
        if cite:
            told |= citing.headers(headers)
            if not inside:
                check(bound, look(bound, self._asking.settings), self._asking.settings.base)
                name = "json" if form in ("SELECT", "ASK") else CITATIONS.name
                named = {**given, **seen(view)}
                where = address(origin(request.scope), question, named, format=name, citations="true")
                told["Link"] += f', <{where}>; rel="{citing.RELATION}"'
        if freshness.unchanged(headers, fresh):
            return Reply(304, b"", told)
        asked = JSON if wanted is ROWS else wanted
        work = asking.of_text(bound, request.scope, asked, cite=inside)
        answer = await while_connected(request.receive, work)
        body = document(question, given, answer) if wanted is ROWS else answer.body
        told |= {"Content-Type": wanted.content_type, "Foedus-Generation": answer.generation, **asking.seen}
        return Reply(200, body, told)

    async def _page(
        self, request: Request, question: Query, given: dict[str, list[str]], parameters: Parameters, *, cite: bool
    ) -> Reply:
        settings, found, problem, status, wrong = self._asking.settings, None, None, 200, None
        text = bind(question, {}, settings.base)
        asking, named = self._asking, given
        try:
            view = self._views.read(parameters)
            asking, named = self._asking.through(self._views, view), {**given, **seen(view)}
            text = bind(question, given, settings.base)
            outline = look(text, settings)
            work = asking.of_text(text, request.scope, PAGE, cite=cite)
            answer = await while_connected(request.receive, work)
            more = {"citations": "true"} if cite else {}
            formats = [
                (each.name, address("", question, named, format=each.name, **more))
                for each in offered(outline.form)
                if each is not HTML
            ]
            found = results(answer, text, outline, settings.base, formats, question.slug)
        except FoedusError as error:
            kind = errors.kind_of(error)
            status, problem = kind.status, {"title": kind.title, "detail": str(error), "remedy": kind.remedy}
            wrong = error.parameter if isinstance(error, ParameterRefused) else None
        shown = await fields(self._asking, request.scope, question, given, wrong)
        body = self._templates.page(
            "question.html",
            question=question,
            fields=shown,
            query="\n".join(line for line in text.splitlines() if not line.startswith("#+")).strip(),
            results=found,
            cite=cite,
            problem=problem,
            snippets=snippets(origin(request.scope), question, given, text),
            asked=address("", question, named),
            view=self._views.fields(parameters),
            as_of=asking.seen,
        )
        links = self._links(request, question, named)
        headers = {"Content-Type": HTML.content_type, "Vary": "Accept", "Cache-Control": "no-cache", "Link": links}
        return Reply(status, body, {**headers, **SHARED})

    def _links(self, request: Request, question: Query, given: dict[str, list[str]]) -> str:
        """The same answer in every format, and the description of the service."""
        form = look(question.text, self._asking.settings).form
        here = origin(request.scope)
        links = [
            f'<{address(here, question, given, format=each.name)}>; rel="alternate"; type="{each.media_type}"'
            for each in offered(form)
        ]
        return ", ".join([*links, f'<{here}/openapi.json>; rel="service-desc"'])

    @staticmethod
    def _wanted(scope: Scope, formats: Sequence[Format]) -> Format:
        names = Parameters(scope["query_string"]).all("format")
        if names:
            return negotiation.by_name(names, formats)
        accept = ", ".join(Headers(scope=scope).getlist("accept")) or None
        return negotiation.choose(accept, formats)


def seen(view: View) -> dict[str, list[str]]:
    """The parameters of a view by name, as those of a question are."""
    found: dict[str, list[str]] = {}
    for name, value in view.parameters():
        found.setdefault(name, []).append(value)
    return found


def listing(here: str, questions: Sequence[Query]) -> bytes:
    """The questions with their parameters as JSON."""
    every = [
        {
            "question": each.slug,
            "summary": each.summary,
            "description": each.description,
            "tags": each.tags,
            "parameters": [
                {"name": one.name, "type": one.type, "example": one.example, "description": one.description}
                for one in each.parameters
            ],
            "href": f"{here}/questions/{quote(each.slug)}",
        }
        for each in questions
    ]
    return json.dumps({"questions": every}, ensure_ascii=False, indent=1).encode() + b"\n"
