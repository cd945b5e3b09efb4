"""The application: which address leads where, and what lives as long as the server."""

from __future__ import annotations

import logging
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI, Request
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from kg import assets, queries
from kg.errors import FoedusError
from kg.settings import Settings
from kg.store.readers import Readers
from server import errors, health, tracing
from server.access import Private
from server.asking import Asking
from server.compression import Compression
from server.contradictions.api import Contradictions
from server.errors import MethodRefused, NotThere
from server.explain.api import Explain
from server.federation import Federation
from server.frozen.api import Frozen
from server.headers import SHARED, ResponseHeaders
from server.linked_data import routes as linked_data
from server.linked_data.catalogue import Catalogue
from server.linked_data.documents import Documents
from server.linked_data.view_dumps import ViewDumps
from server.linked_data.vocabulary import Vocabulary
from server.negotiation import ranges
from server.observing import Log, Metrics, Observed
from server.pages.browse import Browse
from server.pages.handbook import Handbook
from server.pages.home import Home
from server.pages.rendering import STATIC, Templates
from server.pages.thing import ThingPage
from server.pages.views import Overview
from server.preparing import Preparing
from server.questions import openapi
from server.questions.api import Questions
from server.replies import Disconnected, Reply
from server.routing import answered
from server.search import routes as searching
from server.search.page import Search
from server.search.reconciliation import Reconciliation
from server.shortcut import Shortcut
from server.sparql.endpoint import Endpoint
from server.sparql.graphs import Graphs
from server.urls import origin
from server.views import Views
from server.writing.doors import Doors

LOG = logging.getLogger("foedus")


def create_app(settings: Settings) -> FastAPI:
    """Make the application; the readers start and end with it.

    It starts when nothing is built yet, too: it then answers 503 until a build has published something.
    """
    readers = Readers(settings)
    views = Views(settings, readers)
    preparing = Preparing(settings, readers, views)
    found = assets.find()
    questions = () if settings.plain else queries.read_folder(found.queries_in("questions"))
    templates = Templates(plain=settings.plain)
    federation = Federation(settings, readers)
    home = Home(settings, readers, templates, questions, views, federation)
    asking = Asking(settings, readers, queries.read_folder(found.queries_in("pages")))
    graphs = Graphs(settings, readers)
    browse = Browse(asking, templates)
    handbook = Handbook(asking, templates)
    documents = Documents(asking, ThingPage(asking, templates), views)
    frozen = Frozen(asking, readers, templates, views, questions)
    explain = Explain(settings, readers, templates, views)
    overview = Overview(settings, readers, templates, views)
    contradictions = Contradictions(asking, templates, views)
    api = Questions(asking, templates, questions, views)
    log, counted = Log(settings), Metrics()
    doors = Doors(settings, log)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        app.state.failure = await doors.open()
        await readers.start()
        preparing.start()
        if readers.confined is False:
            LOG.warning("the sandbox is %s", health.SANDBOX[False])
        try:
            yield
        finally:
            await doors.close()
            await preparing.close()
            await views.close()
            await federation.close()
            await readers.close()

    async def show_home(request: Request) -> Response:
        try:
            return _response(await home.reply(request.scope, request.receive))
        except Disconnected:
            return Response(status_code=499)

    async def show_questions(request: Request) -> Response:
        return _response(api.listed(request))

    async def show_question(request: Request) -> Response:
        try:
            return _response(await api.answered(request, request.path_params["slug"]))
        except Disconnected:
            return Response(status_code=499)

    async def show_members(request: Request) -> Reply:
        return await browse.members(request, request.path_params["name"])

    async def show_changes(request: Request) -> Response:
        try:
            return _response(await api.changed(request, request.path_params["slug"]))
        except Disconnected:
            return Response(status_code=499)

    async def show_openapi(request: Request) -> Response:
        headers = {"Content-Type": "application/json", "Cache-Control": "no-cache", **SHARED}
        return _response(Reply(200, openapi.document(origin(request.scope), questions), headers))

    async def show_contradictions(request: Request) -> Response:
        try:
            return _response(await contradictions.reply(request.scope, request.receive))
        except Disconnected:
            return Response(status_code=499)

    async def show_views(request: Request) -> Response:
        return _response(overview.reply(request.scope))

    async def show_problem(request: Request) -> Response:
        return _response(home.problem(request.path_params["name"]))

    async def show_health(_: Request) -> Response:
        return _response(health.report(settings, readers, doors.writer))

    async def show_live(_: Request) -> Response:
        return _response(health.live())

    async def show_ready(_: Request) -> Response:
        return _response(health.ready(settings, readers, doors.writer))

    async def show_metrics(_: Request) -> Response:
        return _response(health.metrics(settings, readers, doors.writer, counted))

    async def show_error(request: Request, error: Exception) -> Response:
        if isinstance(error, HTTPException):
            error = _as_ours(request, error)
        if any(each.sub == "html" for each in ranges(request.headers.get("accept", ""))):
            return _response(home.error(error))
        return _response(errors.reply(error, settings.base))

    named = [
        answered("/browse", browse.classes),
        answered("/browse/{name}", show_members),
        *searching.routes(Search(asking, templates), Reconciliation(asking)),
        answered("/dumps/view.{ending}.gz", ViewDumps(asking, views).reply),
        *Catalogue(asking, templates, tuple(questions)).routes(),
        answered("/handbook", handbook.overview),
        answered("/handbook/{topic}", handbook.topic),
        *linked_data.routes(documents, Vocabulary(asking, documents, templates, found)),
    ]
    endpoint = doors.endpoint(Endpoint(settings, readers, templates, views, federation))
    app = FastAPI(
        title="Foedus",
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        lifespan=lifespan,
        routes=[
            Route("/sparql", endpoint),
            Route("/store", doors.graphs(graphs)),
            Route("/store/{path:path}", doors.graphs(graphs)),
            Route("/", show_home),
            Route("/questions", show_questions),
            Route("/questions/{slug}", show_question),
            Route("/questions/{slug}/diff", show_changes),
            Route("/openapi.json", show_openapi),
            *(() if settings.plain else (Route("/views", show_views), Route("/contradictions", show_contradictions))),
            answered("/explain", explain.reply),
            answered("/frozen", frozen.freeze, ("GET", "HEAD", "POST")),
            answered("/frozen/{name}", lambda request: frozen.show(request, request.path_params["name"])),
            answered("/frozen/{name}/check", lambda request: frozen.check(request, request.path_params["name"])),
            Route("/problem/{name}", show_problem),
            Route("/health", show_health),
            Route("/health/live", show_live),
            Route("/health/ready", show_ready),
            Route("/metrics", show_metrics),
            *doors.routes(),
            *(() if settings.plain else named),
            Mount("/static", StaticFiles(directory=STATIC)),
        ],
        exception_handlers={HTTPException: show_error, FoedusError: show_error, Exception: show_error},
    )
    app.add_middleware(Shortcut, paths={"/sparql": endpoint})
    if settings.private:
        app.add_middleware(Private, settings=settings)
    app.add_middleware(Compression)
    app.add_middleware(ResponseHeaders)
    app.add_middleware(Observed, log=log, metrics=counted)
    spans = tracing.provider(os.environ)
    if spans is not None:
        app.add_middleware(tracing.Traced, spans=spans)
    return app


def _as_ours(request: Request, error: HTTPException) -> Exception:
    if error.status_code == 404:
        return NotThere(f"there is nothing at {request.url.path}")
    if error.status_code == 405:
        allowed = (error.headers or {}).get("Allow", "GET, HEAD")
        return MethodRefused(request.method, tuple(sorted(allowed.split(", "))))
    return error


def _response(reply: Reply) -> Response:
    return Response(reply.body, reply.status, dict(reply.headers))
