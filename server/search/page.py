"""`/search`: names in all languages and claims in words, as a page and as JSON."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import Sequence
from urllib.parse import urlencode

from starlette.requests import Request

from kg.store import search
from kg.store.search import Hit
from server import freshness, negotiation, urls
from server.asking import Asking
from server.headers import SHARED
from server.linked_data.languages import RIGHT_TO_LEFT
from server.linked_data.places import Places
from server.linked_data.profiles import HTML
from server.pages.rendering import Templates
from server.questions.formats import ROWS
from server.replies import Reply
from server.sparql.parameters import Parameters

PAGE = 30


class Search:
    """Answers `/search`."""

    def __init__(self, asking: Asking, templates: Templates) -> None:
        self._asking = asking
        self._templates = templates
        self._places = Places(asking.settings.base)

    async def answer(self, request: Request) -> Reply:
        """The hits for `q`, perhaps of one `kind`, a `page` at a time."""
        parameters = Parameters(request.scope["query_string"])
        sought, kind = parameters.one("q") or "", parameters.one("kind")
        names = parameters.all("format")
        accept = request.headers.get("accept")
        offered = (ROWS, HTML)
        wanted = negotiation.by_name(names, offered) if names else negotiation.choose(accept, offered)
        every = await self.hits(sought)
        kinds = Counter(hit.kind for hit in every)
        chosen = [hit for hit in every if kind in (None, "", hit.kind)]
        number = parameters.one("page") or "1"
        pages = max(1, -(-len(chosen) // PAGE))
        page = min(max(1, int(number)), pages) if number.isdecimal() and len(number) < 8 else 1
        shown = chosen[(page - 1) * PAGE : page * PAGE]
        asked = {"q": sought, **({"kind": kind} if kind else {})}
        if wanted is ROWS:
            following = f"{urls.origin(request.scope)}/search?{urlencode({**asked, 'page': page + 1})}"
            body = _document(sought, len(chosen), kinds, shown, following if page < pages else None)
        else:
            body = self._templates.page(
                "search.html",
                sought=sought,
                kind=kind,
                kinds=sorted(kinds.items(), key=lambda each: (-each[1], each[0])),
                every=len(every),
                total=len(chosen),
                hits=[(hit, self._places.local(hit.iri) or hit.iri, hit.language in RIGHT_TO_LEFT) for hit in shown],
                page=page,
                pages=pages,
                at=lambda **more: "/search?" + urlencode({**asked, **more}),
            )
        fresh = freshness.validators(self._asking.generation, request.scope["query_string"], wanted.name)
        return Reply(200, body, {**fresh, "Content-Type": wanted.content_type, "Vary": "Accept", **SHARED})

    async def hits(self, text: str) -> list[Hit]:
        """The hits of the generation that is served; raises SearchUnavailable."""
        path = self._asking.generation.path / search.INDEX
        return await asyncio.to_thread(search.find, path, text)


def _document(sought: str, total: int, kinds: Counter[str], shown: Sequence[Hit], following: str | None) -> bytes:
    document = {
        "query": sought,
        "total": total,
        "kinds": dict(kinds.most_common()),
        "results": [
            {
                "id": hit.iri,
                "name": hit.name,
                "type": hit.kind,
                "claim": hit.claim,
                "text": hit.text,
                "language": hit.language or None,
            }
            for hit in shown
        ],
        "next": following,
    }
    return json.dumps(document, ensure_ascii=False, indent=1).encode() + b"\n"
