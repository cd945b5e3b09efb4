"""`/frozen`: POST freezes the answer to a question or query; each has an address, citations of itself, and a check."""

from __future__ import annotations

import asyncio
import datetime
import json
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from starlette.datastructures import Headers
from starlette.requests import Request

from kg.algebra import bind
from kg.citations import freezing, references
from kg.citations.freezer import Freezer
from kg.citations.requests import CITATIONS, cited
from kg.queries import Query
from kg.settings import MEBIBYTE
from kg.store import answers
from kg.store.answers import AnswerTooLarge
from kg.store.formats import Format
from kg.store.readers import Readers
from kg.views.view import PARAMETERS, View
from server import negotiation
from server.asking import Asking, client_of
from server.errors import BadRequest, NotThere
from server.headers import SHARED
from server.pages.rendering import Templates
from server.pages.results import KNOWN, place, shorten
from server.replies import Reply, while_connected
from server.sparql import operation
from server.sparql.endpoint import outline_of
from server.sparql.parameters import Parameters
from server.urls import origin
from server.views import Views

LARGEST = 8
"""MiB that one frozen answer may have, before it is compressed."""
JSON = Format("json", "application/json", "application/json", ("text/json",))
HTML = Format("html", "text/html", "text/html; charset=utf-8", ("application/xhtml+xml",))
BIBTEX = Format("bibtex", "application/x-bibtex", "application/x-bibtex; charset=utf-8")
CSL = Format("csl", "application/vnd.citationstyles.csl+json", "application/vnd.citationstyles.csl+json")
_SHOWN = 200


class Frozen:
    """Answers `/frozen`, `/frozen/{digest}` and `/frozen/{digest}/check`."""

    def __init__(
        self,
        asking: Asking,
        readers: Readers,
        templates: Templates,
        views: Views,
        questions: Sequence[Query],
    ) -> None:
        self._asking = asking
        self._settings = asking.settings
        self._readers = readers
        self._templates = templates
        self._views = views
        self._questions = {question.slug: question for question in questions}
        self._freezer = Freezer(asking.settings)

    async def freeze(self, request: Request) -> Reply:
        """POST freezes: `?question=slug&…` by address, or a query as at the endpoint. GET says how.

        201 with the record and its address; 200 where the same was frozen before.
        """
        wanted = self._wanted(request, (JSON, HTML))
        if request.method != "POST":
            body = self._templates.page("freezing.html") if wanted is HTML else _json({"freeze": "POST a query here"})
            return Reply(200, body, {"Content-Type": wanted.content_type, "Vary": "Accept", **SHARED})
        asked, view = await self._asked(request)
        made = await self._record(request, asked, view)
        day = datetime.datetime.now(datetime.UTC).date().isoformat()
        if len(freezing.canonical(made).encode()) > LARGEST * MEBIBYTE:
            raise AnswerTooLarge(f"an answer to be frozen may have {LARGEST} MiB; ask for less of it")
        kept, new = await asyncio.to_thread(self._freezer.put, {**made, "frozen": day})
        where = f"{origin(request.scope)}/frozen/{kept['digest']}"
        headers = {"Location": where, "Content-Type": JSON.content_type, "Cache-Control": "no-store", **SHARED}
        if wanted is HTML:
            return Reply(303, b"", headers)
        return Reply(201 if new else 200, _json(self._told(kept, where)), headers)

    async def show(self, request: Request, name: str) -> Reply:
        """One frozen answer: the record, a page, BibTeX or CSL-JSON; raises NotThere."""
        record = await self._kept(name)
        wanted = self._wanted(request, (JSON, HTML, BIBTEX, CSL))
        address = f"{self._settings.base}frozen/{name}"
        if wanted is BIBTEX:
            body = references.bibtex(record, address).encode()
        elif wanted is CSL:
            body = references.csl(record, address).encode()
        elif wanted is JSON:
            body = _json(self._told(record, f"{origin(request.scope)}/frozen/{name}"))
        else:
            body = self._templates.page(
                "frozen.html",
                record=record,
                rows=self._rows(record["results"][:_SHOWN], record["variables"]),
                note=references.note(record),
                bibtex=references.bibtex(record, address),
                check=None,
            )
        headers = {"Content-Type": wanted.content_type, "Vary": "Accept", "ETag": f'"{name[:32]}-{wanted.name}"'}
        links = f'<{address}>; rel="cite-as"'
        return Reply(200, body, {**headers, "Cache-Control": "public, max-age=86400", "Link": links, **SHARED})

    async def check(self, request: Request, name: str) -> Reply:
        """The answer of today beside the frozen one: the same or changed, and by which claims; raises NotThere."""
        record = await self._kept(name)
        wanted = self._wanted(request, (JSON, HTML))
        view = Views.read(Parameters(urlencode([(name, value) for name, value in record["view"]]).encode()))
        asked = freezing.Asked(
            record["query"],
            record["question"],
            record["title"],
            record["parameters"],
            [(a, b) for a, b in record["view"]],
        )
        now = await self._record(request, asked, view)
        told = freezing.compared(record, now)
        told["claims"] = await self._claims(request, freezing.claims(told)[:_SHOWN])
        headers = {"Content-Type": wanted.content_type, "Vary": "Accept", "Cache-Control": "no-cache", **SHARED}
        if wanted is JSON:
            return Reply(200, _json({"digest": name, **told}), headers)
        shown = {key: self._rows(told[key][:_SHOWN], record["variables"]) for key in ("removed", "added")}
        body = self._templates.page(
            "frozen.html", record=record, rows=[], note=references.note(record), bibtex="", check={**told, **shown}
        )
        return Reply(200, body, headers)

    async def _kept(self, name: str) -> dict[str, Any]:
        record = await asyncio.to_thread(self._freezer.get, name)
        if record is None:
            raise NotThere(f"there is no frozen answer {name[:80]!r}; POST a query to /frozen to make one")
        return record

    async def _asked(self, request: Request) -> tuple[freezing.Asked, View]:
        address = Parameters(request.scope["query_string"])
        slug = address.one("question")
        if slug is not None:
            return self._question(slug, address)
        asked = await operation.read(request.scope, request.receive, self._settings)
        if asked is None:
            raise BadRequest(
                "there is nothing to freeze; send a query as to /sparql, or name a question in the address"
            )
        if asked.dataset is not None:
            raise BadRequest("name graphs with FROM in the query, so that the frozen query is whole")
        return self._frozen(asked.query, None, "The answer to a SPARQL query", {}, asked.view), asked.view

    def _question(self, slug: str, address: Parameters) -> tuple[freezing.Asked, View]:
        if slug not in self._questions:
            raise NotThere(f"there is no question called {slug[:80]!r}; they are listed at /questions")
        question = self._questions[slug]
        reserved = {"question", "format", "citations", *PARAMETERS}
        given = {name: list(address.all(name)) for name in address.names() if name not in reserved}
        bound = bind(question, given, self._settings.base)
        text = "\n".join(line for line in bound.splitlines() if not line.startswith("#+")).strip() + "\n"
        view = Views.read(address)
        return self._frozen(text, slug, question.summary, given, view), view

    def _frozen(
        self, text: str, slug: str | None, title: str, given: Mapping[str, Sequence[str]], view: View
    ) -> freezing.Asked:
        return freezing.Asked(text, slug, title, given, view.parameters())

    async def _record(self, request: Request, asked: freezing.Asked, view: View) -> dict[str, Any]:
        outline = await outline_of(asked.query, self._settings)
        wanted = cited(answers.request(asked.query, outline, CITATIONS, self._settings), outline)
        client = client_of(request.scope)
        seen = await while_connected(request.receive, self._views.seen(view, wanted, client))
        answer = await while_connected(request.receive, self._readers.ask(seen.request, client))
        served = self._readers.generation()
        return await asyncio.to_thread(
            lambda: freezing.record(
                asked, json.loads(answer.body), served.name, served.manifest()["dump"], self._settings.base
            )
        )

    async def _claims(self, request: Request, claims: Sequence[str]) -> list[dict[str, str]]:
        """What has become of claims; one that nothing is known of any more is told as gone."""
        ours = [claim for claim in claims if claim.startswith(f"{self._settings.base}id/claim/")]
        told: dict[str, dict[str, str]] = {claim: {"iri": claim, "state": "gone"} for claim in claims}
        if ours:
            for row in await self._asking.rows("claims-now", request.scope, claim=ours):
                here = told[row["claim"].value]
                here |= {"state": "retracted" if "retracted" in row else "stands"}
                for name in ("recorded", "retracted", "replacement"):
                    if name in row:
                        here[name] = row[name].value
        return list(told.values())

    def _told(self, record: Mapping[str, Any], where: str) -> dict[str, Any]:
        links = {
            "self": where,
            "check": f"{where}/check",
            "bibtex": f"{where}?format=bibtex",
            "csl": f"{where}?format=csl",
        }
        return {**record, "citeAs": f"{self._settings.base}frozen/{record['digest']}", "links": links}

    def _rows(self, results: Sequence[Mapping[str, Any]], names: Sequence[str]) -> list[dict[str, Any]]:
        base = self._settings.base
        return [
            {
                "cells": [self._text(term) for term in _terms(each["row"], names)],
                "claims": [
                    (shorten(claim, KNOWN, base).removeprefix("claim/"), place(claim, base)) for claim in each["claims"]
                ],
            }
            for each in results
        ]

    def _text(self, term: Any) -> str:
        if isinstance(term, bool):
            return "yes" if term else "no"
        if not term:
            return ""
        if isinstance(term, str):
            return term
        return shorten(term["value"], KNOWN, self._settings.base) if term["type"] == "uri" else str(term["value"])

    @staticmethod
    def _wanted(request: Request, formats: Sequence[Format]) -> Format:
        names = Parameters(request.scope["query_string"]).all("format")
        accept = ", ".join(Headers(scope=request.scope).getlist("accept")) or None
        return negotiation.by_name(names, formats) if names else negotiation.choose(accept, formats)


def _terms(row: Any, names: Sequence[str]) -> list[Any]:
    if not isinstance(row, Mapping):
        return [row]
    return [row.get(name) for name in names or ("subject", "predicate", "object")]


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=1).encode() + b"\n"
