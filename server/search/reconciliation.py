"""The reconciliation service: which state, organisation, instrument or place is meant by a name in somebody's table.

Source: https://www.w3.org/community/reports/reconciliation/CG-FINAL-specs-0.2-20230410/
"""

from __future__ import annotations

import asyncio
import html
import json
from collections.abc import Mapping
from difflib import SequenceMatcher
from typing import Any

from starlette.requests import Request

from kg.store import search
from kg.store.search import Hit
from kg.terms import FOE
from server import urls
from server.asking import Asking
from server.errors import BadRequest, BodyTooLarge, NotThere
from server.headers import SHARED
from server.pages.browse import folded
from server.replies import Reply
from server.sparql.parameters import Parameters

TYPES: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "Polity": ("State or other polity", ("polity",)),
    "Organisation": ("Organisation or alliance", ("organisation",)),
    "Instrument": ("Treaty or other instrument", ("instrument",)),
    "Place": ("Territory, site or other place", ("territory", "site", "place")),
}
"""Of each class that can be asked for: what it is called, and how the names of its members begin."""
BATCH = 200
SURE = 95.0


class Reconciliation:
    """Answers `/reconcile` and what belongs to it."""

    def __init__(self, asking: Asking) -> None:
        self._asking = asking
        self._start = f"{asking.settings.base}id/"

    async def answer(self, request: Request) -> Reply:
        """The manifest, or the candidates for a batch of queries."""
        parameters = Parameters(await _sent(request, self._asking.settings.query_size))
        queries = parameters.one("queries")
        if queries is None:
            return _json(self._manifest(urls.origin(request.scope)))
        try:
            batch = json.loads(queries)
        except ValueError as error:
            raise BadRequest(f"'queries' is no JSON: {error}") from error
        if not isinstance(batch, dict) or not all(isinstance(each, dict) for each in batch.values()):
            raise BadRequest('\'queries\' should be an object of queries, such as {"q0": {"query": "Ukraine"}}')
        if len(batch) > BATCH:
            raise BadRequest(f"the batch has {len(batch)} queries; send at most {BATCH}")
        return _json({key: {"result": await self._candidates(query)} for key, query in batch.items()})

    async def suggest(self, request: Request, what: str) -> Reply:
        """What begins so: things for `entity`, classes for `type`; raises NotThere for others."""
        prefix = Parameters(request.scope["query_string"]).one("prefix") or ""
        if what == "type":
            found = [
                {"id": kind, "name": name}
                for kind, (name, _) in TYPES.items()
                if folded(prefix) in folded(f"{kind} {name}")
            ]
            return _json({"result": found})
        if what != "entity":
            raise NotThere(f"nothing is suggested for {what!r}; there are entity and type")
        hits = await self._hits(prefix, None, loose=False)
        return _json(
            {
                "result": [
                    {
                        "id": hit.iri.removeprefix(self._start),
                        "name": hit.name,
                        "description": hit.kind,
                        "notable": [self._type(hit)],
                    }
                    for hit in hits[:10]
                ]
            }
        )

    async def preview(self, request: Request) -> Reply:
        """A few words about one thing, to be shown in a frame."""
        given = Parameters(request.scope["query_string"]).one("id") or ""
        name = given.rpartition("/")[2].replace("-", " ")
        hits = await self._hits(name, None)
        hit = next((each for each in hits if each.iri == f"{self._start}{given}"), None)
        if hit is None:
            raise NotThere(f"there is nothing called {given[:80]!r} to preview")
        page = (
            '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Preview</title></head><body>'
            f"<p><strong>{html.escape(hit.name)}</strong><br>{html.escape(hit.kind)}<br>"
            f"<small>{html.escape(hit.iri)}</small></p></body></html>"
        )
        return Reply(200, page.encode(), {"Content-Type": "text/html; charset=utf-8", **SHARED})

    async def _candidates(self, query: Mapping[str, Any]) -> list[dict[str, Any]]:
        text, kind = str(query.get("query", "")), query.get("type")
        kinds = [kind] if isinstance(kind, str) else kind if isinstance(kind, list) else None
        limit = query.get("limit")
        hits = await self._hits(text, kinds)
        ranked = sorted(((_similarity(text, hit), hit) for hit in hits), key=lambda each: (-each[0], each[1].iri))[
            : limit if isinstance(limit, int) and 0 < limit <= 100 else 10
        ]
        sure = [score for score, _ in ranked if score >= SURE]
        return [
            {
                "id": hit.iri.removeprefix(self._start),
                "name": hit.name,
                "type": [{"id": self._type(hit), "name": TYPES[self._type(hit)][0]}],
                "score": round(score, 1),
                "match": score >= SURE and len(sure) == 1,
            }
            for score, hit in ranked
        ]

    async def _hits(self, text: str, kinds: list[str] | None, *, loose: bool = True) -> list[Hit]:
        """Things that may be meant: with `loose`, all that have a word that begins as one of the text does."""
        path = self._asking.generation.path / search.INDEX
        found = await asyncio.to_thread(search.find, path, text, loose=loose)
        wanted = tuple(
            f"{self._start}{step}/"
            for kind, (_, steps) in TYPES.items()
            if not kinds or kind in [str(each).removeprefix(FOE) for each in kinds]
            for step in steps
        )
        return [hit for hit in found if hit.iri.startswith(wanted)] if wanted else []

    def _type(self, hit: Hit) -> str:
        step = hit.iri.removeprefix(self._start).partition("/")[0]
        return next(kind for kind, (_, steps) in TYPES.items() if step in steps)

    def _manifest(self, here: str) -> dict[str, Any]:
        return {
            "versions": ["0.2"],
            "name": "Foedus",
            "identifierSpace": self._start,
            "schemaSpace": FOE,
            "documentation": f"{here}/openapi.json",
            "defaultTypes": [{"id": kind, "name": name} for kind, (name, _) in TYPES.items()],
            "view": {"url": f"{here}/id/{{{{id}}}}"},
            "preview": {"url": f"{here}/reconcile/preview?id={{{{id}}}}", "width": 320, "height": 90},
            "suggest": {
                each: {"service_url": here, "service_path": f"/reconcile/suggest/{each}"} for each in ("entity", "type")
            },
            "batchSize": BATCH,
        }


def _similarity(text: str, hit: Hit) -> float:
    """How alike a text and the nearest name of a hit are, from 0 to 100."""
    sought = folded(text)
    return max(100 * SequenceMatcher(None, sought, folded(each)).ratio() for each in {hit.name, hit.text})


async def _sent(request: Request, most: int) -> bytes:
    """The parameters of a request: of its address, or of its form."""
    if request.method != "POST":
        return bytes(request.scope["query_string"])
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > 3 * most:
            raise BodyTooLarge(f"the batch has more than {3 * most} bytes; send it in parts")
    return body


def _json(document: object) -> Reply:
    body = json.dumps(document, ensure_ascii=False).encode()
    return Reply(200, body, {"Content-Type": "application/json", "Cache-Control": "no-cache", **SHARED})
