"""`/views`: which views there are, and what each viewpoint accepts, excludes and leaves undecided, in numbers."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

from starlette.datastructures import Headers
from starlette.types import Scope

from kg.settings import Settings
from kg.store.formats import Format
from kg.store.generation import Generation
from kg.store.readers import Readers
from kg.views.view import PARAMETERS, Calendar
from server import freshness, negotiation
from server.headers import SHARED
from server.pages.rendering import Templates
from server.replies import Reply
from server.sparql.parameters import Parameters
from server.views import Views

JSON = Format("json", "application/json", "application/json", ("text/json",))
HTML = Format("html", "text/html", "text/html; charset=utf-8", ("application/xhtml+xml",))


class Overview:
    """Answers `/views` with a page or with JSON."""

    def __init__(self, settings: Settings, readers: Readers, templates: Templates, views: Views) -> None:
        self._settings = settings
        self._readers = readers
        self._templates = templates
        self._views = views

    def reply(self, scope: Scope) -> Reply:
        """Answer one request; raises NothingBuilt, ViewRefused, NotAcceptable."""
        headers = Headers(scope=scope)
        names = Parameters(scope["query_string"]).all("format")
        accept = ", ".join(headers.getlist("accept")) or None
        wanted = negotiation.by_name(names, (JSON, HTML)) if names else negotiation.choose(accept, (JSON, HTML))
        generation = self._readers.generation()
        fresh = freshness.validators(generation, "views", wanted.name)
        told = {"Content-Type": wanted.content_type, "Vary": "Accept", **fresh, **SHARED}
        if freshness.unchanged(headers, fresh):
            return Reply(304, b"", told)
        calendar = self._views.calendar(generation)
        if wanted is JSON:
            return Reply(200, document(calendar, generation, self._settings.base), told)
        shown = {"calendar": calendar, "parameters": PARAMETERS, "first": _first(calendar)}
        return Reply(200, self._templates.render("views.html", **shown).encode(), told)


def document(calendar: Calendar, generation: Generation, base: str) -> bytes:
    """What can be asked, as JSON: parameters, viewpoints with their numbers, how many days make a difference."""
    shown: dict[str, Any] = {
        "generation": generation.name,
        "claims": calendar.claims,
        "parameters": dict(PARAMETERS),
        "days": {
            name: {"first": _iso(days[:1]), "last": _iso(days[-1:]), "turns": len(days)}
            for name, days in (
                ("valid-at", calendar.valid),
                ("known-at", calendar.known),
                ("recorded-at", calendar.recorded),
            )
        },
        "viewpoints": [
            {
                "pov": each["slug"],
                "iri": f"{base}id/viewpoint/{each['slug']}",
                "name": each["name"],
                "accepts": each["accepts"],
                "of": f"{base}id/{each['of']}" if each["of"] else None,
                "instruments": [f"{base}id/{ref}" for ref in each["instruments"]],
                "publisher": f"{base}id/{each['publisher']}" if each["publisher"] else None,
                "claims": {name: each[name] for name in ("accepted", "excluded", "undecided")},
            }
            for each in calendar.viewpoints
        ],
    }
    return json.dumps(shown, ensure_ascii=False, indent=1).encode() + b"\n"


def _iso(days: Any) -> str | None:
    return date.fromordinal(days[0]).isoformat() if days else None


def _first(calendar: Calendar) -> list[Mapping[str, Any]]:
    """The viewpoints, those that decide most first."""
    return sorted(calendar.viewpoints, key=lambda each: (-each["accepted"] - each["excluded"], each["name"]))
