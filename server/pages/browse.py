"""Lists: the classes with their counts, and the members of each, in pages and with a search."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from starlette.requests import Request

from kg.terms import FOE
from server import freshness
from server.asking import Asking
from server.errors import NotThere
from server.headers import SHARED
from server.linked_data import languages
from server.linked_data.places import Places
from server.linked_data.profiles import HTML
from server.pages.rendering import Templates
from server.pages.results import shorten
from server.replies import Reply, while_connected
from server.rows import Row
from server.sparql.parameters import Parameters

PAGE = 100
TOPICS = ("core", "membership", "instruments", "negotiation", "sites", "evidence")


@dataclass(frozen=True)
class Member:
    """One thing of a list."""

    link: str
    name: str
    language: str | None
    direction: str | None
    other: str


class Browse:
    """Answers `/browse` and `/browse/{class}`."""

    def __init__(self, asking: Asking, templates: Templates) -> None:
        self._asking = asking
        self._templates = templates
        self._places = Places(asking.settings.base)

    async def classes(self, request: Request) -> Reply:
        """The page with all classes, concept schemes and datasets."""
        found = await while_connected(request.receive, self._asking.rows("classes", request.scope))
        schemes = await while_connected(request.receive, self._asking.rows("schemes", request.scope))
        topics: dict[str, list[dict[str, object]]] = {topic: [] for topic in TOPICS}
        for row in found:
            if row["class"].value.startswith(FOE):
                topics.setdefault(row["topic"].value.rpartition("/")[2], []).append(
                    {
                        "link": f"/browse/{row['class'].value.removeprefix(FOE)}",
                        "name": row["name"].value,
                        "definition": row["definition"].value,
                        "count": int(row["count"].value),
                    }
                )
        listed = {
            kind: [
                {
                    "link": self._places.local(row["scheme"].value),
                    "name": row["name"].value,
                    "definition": row["definition"].value,
                }
                for row in schemes
                if row["kind"].value == kind
            ]
            for kind in ("scheme", "dataset")
        }
        return self._reply(self._templates.page("browse.html", topics=topics, listed=listed))

    async def members(self, request: Request, name: str) -> Reply:
        """A page of the members of a class, perhaps only those whose names have a text in them; raises NotThere."""
        parameters = Parameters(request.scope["query_string"])
        spoken = languages.preferred(request.headers.get("accept-language"), parameters.one("lang"))
        known = await while_connected(request.receive, self._asking.rows("classes", request.scope))
        this = next((row for row in known if row["class"].value == f"{FOE}{name}"), None)
        if this is None:
            raise NotThere(f"there is no class {name[:80]!r} with members; the classes are listed at /browse")
        wanted = self._asking.rows("members", request.scope, **{"class": f"{FOE}{name}", "language": [*spoken, ""]})
        found = await while_connected(request.receive, wanted)
        sought = parameters.one("q") or ""
        every = [each for each in self._members(found, spoken) if folded(sought) in folded(f"{each.name} {each.other}")]
        number = parameters.one("page") or "1"
        page = min(int(number) if number.isdecimal() and len(number) < 8 else 1, max(1, -(-len(every) // PAGE)))
        html = self._templates.page(
            "members.html",
            title=this["name"].value,
            definition=this["definition"].value,
            path=f"/browse/{name}",
            term=self._places.local(f"{FOE}{name}"),
            members=every[(page - 1) * PAGE : page * PAGE],
            total=len(every),
            page=page,
            pages=max(1, -(-len(every) // PAGE)),
            sought=sought,
            at=lambda number: "?" + urlencode({**({"q": sought} if sought else {}), "page": number}),
        )
        return self._reply(html)

    def _members(self, found: Sequence[Row], spoken: Sequence[str]) -> list[Member]:
        names: dict[str, dict[str, str]] = {}
        others: dict[str, dict[str, None]] = {}
        for row in found:
            iri = row["thing"].value
            names.setdefault(iri, {})
            if "name" in row:
                names[iri].setdefault(row["name"].language or "", row["name"].value)
                others.setdefault(iri, {})[row["name"].value] = None
        made = []
        for iri, those in names.items():
            text, language = languages.name(those, spoken) or (shorten(iri, {}, self._places.base), "en")
            other = language if language not in ("", "en") else None
            direction = "rtl" if other in languages.RIGHT_TO_LEFT else None
            rest = " · ".join(each for each in others.get(iri, {}) if each != text)
            made.append(Member(self._places.local(iri) or iri, text, other, direction, rest))
        return sorted(made, key=lambda each: (folded(each.name), each.link))

    def _reply(self, html: bytes) -> Reply:
        fresh = freshness.validators(self._asking.generation, html)
        headers = {**fresh, "Content-Type": HTML.content_type, "Vary": "Accept-Language", **SHARED}
        return Reply(200, html, headers)


def folded(text: str) -> str:
    """Text for comparison: without case and accents.

    >>> folded("Åland")
    'aland'
    """
    return "".join(each for each in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(each))
