"""`/dumps/view.nq.gz` and its like: the graph as of a day, from a viewpoint, by its evidence, as one file."""

from __future__ import annotations

import dataclasses
from importlib.metadata import version

from starlette.datastructures import Headers
from starlette.requests import Request

from kg.store import answers
from kg.store.formats import JSON_LD, N_QUADS, TRIG, TURTLE
from server import freshness
from server.asking import Asking, client_of
from server.errors import BadRequest, NotThere
from server.headers import SHARED
from server.replies import Reply, while_connected
from server.sparql.parameters import Parameters
from server.views import Views

# A function of the readers, named and not imported: this process never opens the store.
TASK = "kg.views.dumping:packed"
FORMATS = {"nq": N_QUADS, "trig": TRIG, "jsonld": JSON_LD, "ttl": TURTLE}


class ViewDumps:
    """Answers with the dump of a view, made when it is asked for."""

    def __init__(self, asking: Asking, views: Views) -> None:
        self._asking = asking
        self._views = views

    async def reply(self, request: Request) -> Reply:
        """The named graphs of a view, or as Turtle its merge.

        Raises NotThere for another ending, BadRequest without a view, ViewRefused, and what a reader raises.
        """
        ending = request.path_params["ending"]
        form = FORMATS.get(ending)
        if form is None:
            raise NotThere(f"there is no dump in {ending[:20]!r}; there are: {', '.join(FORMATS)}")
        view = self._views.read(Parameters(request.scope["query_string"]))
        if not view:
            raise BadRequest(
                "a dump of a view needs one, such as valid-at=2026-01-06 or pov=ukraine; the others are at /dumps"
            )
        generation, settings = self._asking.generation, self._asking.settings
        digest = self._views.normal(view).digest
        fresh = freshness.validators(generation, "view-dump", digest, ending)
        told = {"Content-Type": "application/gzip", **fresh, **SHARED}
        if freshness.unchanged(Headers(scope=request.scope), fresh):
            return Reply(304, b"", told)
        asked = dataclasses.replace(
            answers.whole(TASK, "", form, settings), deadline=settings.views_deadline, stable=False
        )
        client = client_of(request.scope)
        seen = await while_connected(request.receive, self._views.seen(view, asked, client))
        answer = await while_connected(request.receive, self._asking.of_request(seen.request, request.scope))
        name = f"foedus-{version('foedus')}-{generation.name}.view-{digest}.{ending}.gz"
        told |= {**seen.headers, "Content-Disposition": f'attachment; filename="{name}"'}
        return Reply(200, answer.body, told)
