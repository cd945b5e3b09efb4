"""The documents: one about each name, in every format and profile; and the way there from the name itself."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from datetime import date

from starlette.datastructures import Headers
from starlette.requests import Request

from kg.store import answers
from kg.store.answers import CLAIMS, PLAIN
from kg.store.formats import ABOUT, JSON_LD
from kg.terms import FOE, RDF
from server import freshness, urls
from server.asking import Asking
from server.errors import NotThere
from server.headers import SHARED
from server.linked_data import jsonld, languages, mementos, profiles, schema_org, signposts
from server.linked_data.about import About, text_of
from server.linked_data.context import PREFIXES
from server.linked_data.places import Places
from server.linked_data.profiles import ALTERNATES, HTML, SCHEMA, SUFFIXES, Wish
from server.pages.thing import ThingPage
from server.replies import Reply, while_connected
from server.sparql.parameters import Parameters
from server.views import Views

KEPT = 48
"""How many descriptions are kept, so that the formats of one thing, and the way to it, are looked up once."""


class Documents:
    """Answers for names and for the documents about them."""

    def __init__(self, asking: Asking, page: ThingPage, views: Views) -> None:
        self._asking = asking
        self._views = views
        self._page = page
        self._base = asking.settings.base
        self._places = Places(self._base)
        self._kept: OrderedDict[tuple[str, str, str], tuple[About | None, dict[str, str]]] = OrderedDict()

    async def name(self, request: Request, path: str) -> Reply:
        """A name itself: 303 to the document about it, with what was asked for; raises NotThere."""
        iri = f"{self._base}{path}"
        await self.about(request, iri)
        query = request.scope["query_string"].decode("latin-1")
        location = f"{self._places.document(iri)}{'?' if query else ''}{query}"
        here = urls.origin(request.scope)
        links = f'<{here}{self._places.document(iri)}>; rel="describedby", <{iri}>; rel="cite-as"'
        headers = {"Location": location, "Vary": "Accept", "Link": links, "Cache-Control": "no-cache", **SHARED}
        return Reply(303, b"", headers)

    async def document(self, request: Request, path: str) -> Reply:
        """The document about a name, or one of its variants; raises NotThere and NotAcceptable."""
        stem, _, ending = path.rpartition(".")
        suffix = ending if stem and ending in SUFFIXES else None
        iri = self._places.named(stem if suffix else path)
        headers, parameters = Headers(scope=request.scope), Parameters(request.scope["query_string"])
        given = profiles.wish(headers, parameters, suffix, self._base)
        view = self._views.read(parameters)
        if (day := mementos.wanted(headers)) is not None and view.known_at is None:
            return self._to_memento(request, iri, day)
        asking = self._asking.through(self._views, view)
        about = await self.about(request, iri, asking, self._views.normal(view).digest if view else "")
        spoken = languages.preferred(headers.get("accept-language"), parameters.one("lang"))
        spoken = spoken if given.wanted is HTML else ()
        sent = self._headers(request, about, given, suffix, spoken, parameters) | mementos.headers(view)
        sent |= asking.seen
        if freshness.unchanged(headers, sent):
            return Reply(304, b"", sent)
        if given.profile == ALTERNATES:
            body = self._page.alternates(about, given.wanted)
        elif given.wanted is HTML:
            body = await self._page.render(request.scope, about, spoken, parameters, asking)
        elif given.profile == SCHEMA:
            body = jsonld.dumped(schema_org.described(about))
        elif given.wanted is JSON_LD:
            body = await asyncio.to_thread(
                lambda: jsonld.dumped(jsonld.framed(about, plain=given.profile == profiles.PLAIN))
            )
        else:
            body = await self._written(asking, request, iri, given)
        return Reply(200, body, sent)

    async def timemap(self, request: Request, path: str) -> Reply:
        """The days for which there is a document about a name; raises NotThere."""
        iri = self._places.named(path)
        about = await self.about(request, iri)
        here, document = urls.origin(request.scope), self._places.document(iri)
        sent = freshness.validators(self._asking.generation, "timemap", iri, here)
        sent |= {"Content-Type": mementos.MEDIA_TYPE, "Vary": "Host", **SHARED}
        if freshness.unchanged(Headers(scope=request.scope), sent):
            return Reply(304, b"", sent)
        return Reply(200, mementos.timemap(here, document, mementos.days(about)), sent)

    def _to_memento(self, request: Request, iri: str, day: date) -> Reply:
        path = self._places.document(iri)
        location = mementos.redirection(request.scope["path"], request.scope["query_string"], day)
        links = mementos.links(urls.origin(request.scope), path)
        headers = {"Location": location, "Vary": "Accept, Accept-Datetime", "Link": links, "Cache-Control": "no-cache"}
        return Reply(302, b"", {**headers, **SHARED})

    async def about(self, request: Request, iri: str, asking: Asking | None = None, view: str = "") -> About:
        """What is said about a name; raises NotThere where nothing is.

        `asking` asks as of a view, and `view` is the digest of that.
        """
        asking = asking or self._asking
        key = (self._asking.generation.name, iri, view)
        if key not in self._kept:
            wanted = answers.whole(CLAIMS, iri, ABOUT, self._asking.settings)
            answer = await while_connected(request.receive, asking.of_request(wanted, request.scope))
            if not answer.body:
                name = asking.seen.get("Foedus-View")
                where = f" in the view {name}; the plain graph may have something" if name else ", and nothing ever was"
                raise NotThere(f"nothing is known under {iri[:200]}{where}")
            self._kept[key] = (await asyncio.to_thread(About.read, answer.body), dict(asking.seen))
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)
        self._kept.move_to_end(key)
        about, seen = self._kept[key]
        asking.seen |= seen
        if about is None:
            raise NotThere(f"nothing is known under {iri[:200]}")
        return about

    async def _written(self, asking: Asking, request: Request, iri: str, given: Wish) -> bytes:
        task = PLAIN if given.profile == profiles.PLAIN else CLAIMS
        prefixes = {**PREFIXES, **_kinds(self._base)}
        wanted = answers.whole(task, iri, given.wanted, self._asking.settings, prefixes)
        answer = await while_connected(request.receive, asking.of_request(wanted, request.scope))
        return answer.body

    def _headers(
        self,
        request: Request,
        about: About,
        given: Wish,
        suffix: str | None,
        spoken: tuple[str, ...],
        parameters: Parameters,
    ) -> dict[str, str]:
        asked = request.scope["query_string"] if given.wanted is HTML or parameters.names() else b""
        path = self._places.document(about.iri)
        classes = [text_of(each) for each in about.values(about.iri, RDF.iri("type"))]
        classes = [each for each in classes if each.startswith(FOE)]
        here = urls.origin(request.scope)
        ending = suffix or next(name for name, each in SUFFIXES.items() if each is given.wanted)
        links = signposts.links(here, path, about.iri, self._base, given, classes)
        vary = "Accept, Accept-Datetime, Accept-Profile" + (", Accept-Language" if spoken else "")
        headers = {
            **freshness.validators(self._asking.generation, about.iri, given.wanted.name, given.profile, spoken, asked),
            "Content-Type": given.wanted.content_type,
            "Content-Location": f"{path}.{ending}",
            "Content-Profile": f"<{profiles.profile_iri(given.profile, self._base)}>",
            "Vary": vary,
            "Link": f"{links}, {mementos.links(here, path)}",
            "Foedus-Generation": self._asking.generation.name,
            **SHARED,
        }
        if given.wanted is HTML:
            headers["Content-Language"] = "en"
        return headers


def _kinds(base: str) -> dict[str, str]:
    """Prefixes for the kinds of names that a document is full of."""
    evidence, things = ("claim", "attestation", "inference", "source", "publisher"), ("polity", "territory", "person")
    return {kind: f"{base}id/{kind}/" for kind in (*evidence, *things)}
