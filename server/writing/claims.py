"""Claims: `POST /claims` adds and retracts, `DELETE /claims/{slug}` retracts, `GET /receipts/{record}` tells how far.

Source of `Prefer`: https://www.rfc-editor.org/rfc/rfc7240
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from typing import Any

from starlette.datastructures import Headers
from starlette.types import Receive, Scope, Send

from kg.errors import FoedusError
from kg.settings import Settings
from kg.store import generation, journal
from kg.store.formats import JSON_LD, TURTLE, Format
from kg.store.parser import Parser
from kg.store.writer import ENDED, DiskFull, Writer, WriterLost, WriterUnready
from server import errors, negotiation
from server.access import Access
from server.errors import (
    BadRequest,
    MethodRefused,
    NotAcceptable,
    NotThere,
    UnknownContent,
    WriteConflict,
    WriteRefused,
)
from server.headers import SHARED
from server.replies import Disconnected, Reply
from server.sparql.parameters import Parameters
from server.writing import bodies

DOCUMENTS: Mapping[str, str] = {
    "application/trig": "application/trig",
    "application/x-trig": "application/trig",
    "application/ld+json": "application/ld+json",
    "application/json": "application/ld+json",
    "application/n-quads": "application/n-quads",
}
"""The media types that can say in which graph something stands, and how the parser calls them."""
_PROBLEM = Format("problem", errors.MEDIA_TYPE, errors.MEDIA_TYPE, ("application/json",))
_REPORTS = {TURTLE: "turtle", JSON_LD: "json-ld"}


class Claims:
    """An ASGI application for `/claims` and what is below it."""

    def __init__(self, settings: Settings, access: Access, writer: Writer, parser: Parser) -> None:
        self._settings, self._access, self._writer, self._parser = settings, access, writer, parser

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request; every error becomes a problem with its status."""
        try:
            reply = await self._reply(scope, receive)
        except Disconnected:
            return
        except asyncio.CancelledError:  # the server ends, and has waited for this as long as it may
            reply = errors.reply(WriterLost(ENDED), self._settings.base)
        except FoedusError as error:
            reply = errors.reply(error, self._settings.base)
        await reply.send(send, without_body=scope["method"] == "HEAD")

    async def _reply(self, scope: Scope, receive: Receive) -> Reply:
        slug, method = scope["path_params"].get("slug"), scope["method"]
        if slug is None and method != "POST":
            raise MethodRefused(method, ("POST",))
        if slug is not None and method != "DELETE":
            raise MethodRefused(method, ("DELETE",))
        key = self._access.require(scope, "contribute")
        wanted: dict[str, Any] = {"by": key.name, "dry_run": _flag(scope, "dry-run")}
        if slug is not None:
            return await self.submit(scope, {**wanted, "kind": "retract", "refs": [f"claim/{slug}"]}, b"")
        media_type = Headers(scope=scope).get("content-type", "").partition(";")[0].strip().lower()
        if media_type not in DOCUMENTS:
            read = tuple(DOCUMENTS)
            said = f"{media_type or 'a body of no type'} cannot say which claim a statement belongs to"
            raise UnknownContent(f"{said}; send {read[0]} or application/ld+json with named graphs", read)
        content = await bodies.read(scope, receive, self._settings)
        quads = await self._parser.parse(content, DOCUMENTS[media_type], self._settings.base)
        return await self.submit(scope, {**wanted, "kind": "claims"}, quads)

    async def submit(self, scope: Scope, wanted: dict[str, Any], quads: bytes) -> Reply:
        """Pass a write on, and tell what became of it; raises what it was refused for."""
        headers = Headers(scope=scope)
        report = _report(headers.get("accept"))
        submission = self._writer.submit({**wanted, "report": _REPORTS.get(report, "nt")}, quads)
        told = await submission.durable
        if "failed" in told:
            full = "there is no space left on the disk, and nothing of this was kept"
            raise (
                DiskFull(full)
                if told["failed"] == "full"
                else WriterUnready(f"nothing can be written: {told['message']}")
            )
        outcome = told["outcome"]
        if outcome["status"] in ("refused", "conflict"):
            return self._refusal(outcome, report)
        if outcome["status"] != "accepted":
            return _json(200, self._receipt(outcome, durable=False), {})
        links = {"Location": f"/receipts/{outcome['record']}"}
        if "respond-async" in headers.get("prefer", ""):
            return _json(202, self._receipt(outcome), {**links, "Preference-Applied": "respond-async"})
        seen = await submission.final
        if seen["generation"] is None:
            return _json(202, self._receipt(outcome), links)
        links["Foedus-Generation"] = seen["generation"]
        return _json(201, self._receipt(outcome, generation=seen["generation"]), links)

    def _refusal(self, outcome: Mapping[str, Any], report: Format) -> Reply:
        reasons, results = outcome["complaints"], outcome["results"]
        violations = [each for each in results if each["severity"] == "Violation"]
        first = reasons[0]["message"] if reasons else violations[0]["message"]
        count = len(reasons) + len(violations)
        said = f"{count} thing{'s' if count != 1 else ''} must be corrected; the first: {first}"
        kind = WriteConflict if outcome["status"] == "conflict" else WriteRefused
        error = kind(said, reasons, results)
        if report in _REPORTS and results:
            headers = {"Content-Type": report.content_type, "Cache-Control": "no-store", "Vary": "Accept", **SHARED}
            return Reply(errors.kind_of(error).status, outcome["report"].encode(), headers)
        raise error

    def _receipt(
        self, outcome: Mapping[str, Any], *, durable: bool = True, generation: str | None = None
    ) -> dict[str, Any]:
        warnings = [each for each in outcome["results"] if each["severity"] != "Violation"]
        return {
            "status": outcome["status"],
            "claims": [f"{self._settings.base}id/{ref}" for ref in outcome["claims"]],
            "record": outcome["record"],
            "digest": outcome["digest"],
            "durable": durable,
            "visible": generation is not None,
            "generation": generation,
            "warnings": warnings,
        }


class Receipts:
    """An ASGI application for what has become durable: how far a record is, and for admins, what it says."""

    def __init__(self, settings: Settings, access: Access) -> None:
        self._settings, self._access = settings, access

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request; every error becomes a problem with its status."""
        del receive
        try:
            if scope["method"] not in ("GET", "HEAD"):
                raise MethodRefused(scope["method"], ("GET", "HEAD"))
            record = scope["path_params"].get("record")
            reply = self._journal(scope) if record is None else self._record(record)
        except FoedusError as error:
            reply = errors.reply(error, self._settings.base)
        await reply.send(send, without_body=scope["method"] == "HEAD")

    def _record(self, record: int) -> Reply:
        current = generation.current(self._settings.data_directory)
        shown = current.manifest().get("journal", {"records": 0})["records"]
        if not 1 <= record <= len(journal.read(self._settings.data_directory)):
            raise NotThere(f"no record {record} has been written")
        told = {"record": record, "durable": True, "visible": record <= shown, "generation": current.name}
        return _json(200, told, {})

    def _journal(self, scope: Scope) -> Reply:
        self._access.require(scope, "admin")
        after = Parameters(scope["query_string"]).one("after") or "0"
        if not after.isdecimal():
            raise BadRequest(f"after={after[:40]!r} is not the number of a record")
        entries = journal.read(self._settings.data_directory)[int(after) : int(after) + 1000]
        told = [{**each.record, "record": each.position.records, "digest": each.position.digest} for each in entries]
        return _json(200, {"records": told}, {})


def _report(accept: str | None) -> Format:
    try:
        return negotiation.choose(accept, (_PROBLEM, *_REPORTS))
    except NotAcceptable:
        return _PROBLEM


def _flag(scope: Scope, name: str) -> bool:
    text = Parameters(scope["query_string"]).one(name)
    if text not in (None, "true", "false"):
        raise BadRequest(f"{name}={text[:40]!r} is neither true nor false")
    return text == "true"


def _json(status: int, told: Mapping[str, Any], headers: Mapping[str, str]) -> Reply:
    body = json.dumps(told, ensure_ascii=False, indent=2).encode() + b"\n"
    return Reply(status, body, {"Content-Type": "application/json", "Cache-Control": "no-store", **headers, **SHARED})
