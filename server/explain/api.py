"""`/explain`: why a triple, or a row of a query, is in the graph."""

from __future__ import annotations

import dataclasses
import json
import re

from starlette.datastructures import Headers
from starlette.requests import Request

from kg.citations.requests import CITATIONS, STEPS, cited
from kg.settings import Settings
from kg.store import answers
from kg.store.formats import Format
from kg.store.readers import Readers
from server import negotiation
from server.asking import client_of
from server.errors import BadRequest, NotThere
from server.explain.drawing import drawn
from server.explain.tree import Explanation
from server.headers import SHARED
from server.pages.rendering import Templates
from server.pages.results import KNOWN, place, shorten
from server.replies import Reply, while_connected
from server.sparql.endpoint import outline_of
from server.sparql.parameters import Parameters
from server.views import Views

JSON = Format("json", "application/json", "application/json", ("text/json",))
SVG = Format("svg", "image/svg+xml", "image/svg+xml; charset=utf-8")
HTML = Format("html", "text/html", "text/html; charset=utf-8", ("application/xhtml+xml",))
_REFERENCE = r"[A-Za-z][A-Za-z0-9+.-]*:[^\x00-\x20<>\"{}|\\^`]+"
_IRI = re.compile(_REFERENCE)
_LITERAL = re.compile(
    r'"(?:[^"\\\r\n]|\\[tbnrf"\'\\]|\\u[0-9A-Fa-f]{4})*"' rf"(?:@[A-Za-z][A-Za-z0-9-]*|\^\^<{_REFERENCE}>)?"
)


class Explain:
    """Answers with the chain from a row or triple through rules and claims to the sources."""

    def __init__(self, settings: Settings, readers: Readers, templates: Templates, views: Views) -> None:
        self._settings = settings
        self._readers = readers
        self._templates = templates
        self._views = views

    async def reply(self, request: Request) -> Reply:
        """A page, JSON or SVG; without parameters, the page says how to ask.

        Raises BadRequest, NotThere, and what a query with citations raises.
        """
        parameters = Parameters(request.scope["query_string"])
        headers = Headers(scope=request.scope)
        names = parameters.all("format")
        accept = ", ".join(headers.getlist("accept")) or None
        formats = (HTML, JSON, SVG)
        wanted = negotiation.by_name(names, formats) if names else negotiation.choose(accept, formats)
        told = {"Content-Type": wanted.content_type, "Vary": "Accept", "Cache-Control": "no-cache", **SHARED}
        if wanted is HTML and not any(parameters.all(name) for name in ("subject", "predicate", "object", "query")):
            return Reply(200, self._templates.page("explain.html", tree=None, drawing="", query="", others=""), told)
        text, row, title = self._asked(parameters)
        explanation, headers_of_view = await self._explanation(request, parameters, text, row)
        if title and not explanation.holds:
            raise NotThere(f"the graph has no triple {title}, so there is nothing to explain")
        if not 0 <= row < explanation.rows:
            raise NotThere(f"the answer has {explanation.rows} rows; there is no row {row}, counted from 0")
        tree = explanation.row(row, title)
        told |= headers_of_view
        if wanted is JSON:
            return Reply(200, json.dumps(tree.as_json(), ensure_ascii=False, indent=1).encode() + b"\n", told)
        if wanted is SVG:
            return Reply(200, drawn(tree).encode(), told)
        query = request.scope["query_string"].decode("latin-1")
        body = self._templates.page("explain.html", tree=tree, drawing=drawn(tree), query=text, others=query)
        return Reply(200, body, told)

    async def _explanation(
        self, request: Request, parameters: Parameters, text: str, row: int
    ) -> tuple[Explanation, dict[str, str]]:
        outline = await outline_of(text, self._settings)
        asked = cited(answers.request(text, outline, CITATIONS, self._settings), outline)
        client = client_of(request.scope)
        seen = await while_connected(request.receive, self._views.seen(Views.read(parameters), asked, client))
        answer = await while_connected(request.receive, self._readers.ask(seen.request, client))
        base = self._settings.base
        prefixes = {**KNOWN, **outline.prefixes}
        found = Explanation(
            json.loads(answer.body), lambda iri: shorten(iri, prefixes, base), lambda iri: place(iri, base)
        )
        if 0 <= row < found.rows and (inferred := found.inferred(row)):
            text = json.dumps([{"triple": found.triple(each), "graph": found.graph(graph)} for each, graph in inferred])
            steps = dataclasses.replace(seen.request, task=STEPS, text=text, media_type=JSON.media_type)
            told = json.loads((await while_connected(request.receive, self._readers.ask(steps, client))).body)
            found.know({pair: step for pair, step in zip(inferred, told, strict=True) if step is not None})
        return found, {**seen.headers, "Foedus-Generation": answer.generation}

    def _asked(self, parameters: Parameters) -> tuple[str, int, str | None]:
        """The query, which row of it, and what to call it if it is a triple."""
        query, number = parameters.one("query"), parameters.one("row") or "0"
        if query is not None:
            if not number.isascii() or not number.isdecimal():
                raise BadRequest(f"row={number[:40]!r} is no number; rows are counted from 0")
            return query, int(number), None
        subject, predicate, value = (self._term(parameters, name) for name in ("subject", "predicate", "object"))
        base, known = self._settings.base, KNOWN
        terms = (subject, predicate, value)
        shown = " ".join(shorten(each[1:-1], known, base) if each[0] == "<" else each for each in terms)
        return f"ASK {{ {subject} {predicate} {value} }}", 0, shown

    def _term(self, parameters: Parameters, name: str) -> str:
        """An IRI, a prefixed name, a path of ours such as `polity/ukraine`, or a quoted literal as in SPARQL."""
        given = (parameters.one(name) or "").strip()
        if name == "object" and _LITERAL.fullmatch(given):
            return given
        if name == "predicate" and given == "a":
            given = "rdf:type"
        text = given[1:-1] if given.startswith("<") and given.endswith(">") else given
        prefix, colon, local = text.partition(":")
        if colon and prefix in KNOWN:
            text = f"{KNOWN[prefix]}{local}"
        elif text and not colon:
            text = f"{self._settings.base}{'' if text.startswith(('id/', 'concept/')) else 'id/'}{text}"
        if not _IRI.fullmatch(text):
            raise BadRequest(
                f"{name}={given[:80]!r} is no term; a triple has subject, predicate and object: IRIs, names such as "
                '"polity/ukraine" or "foe:member", and for the object literals such as "Crimea"@en'
            )
        return f"<{text}>"
