"""Updates and graph writes on the graph of claims, as far as they leave no quad without a claim."""

from __future__ import annotations

import asyncio
from typing import Any

from starlette.types import Scope

from kg.algebra import look_update
from kg.settings import Settings, variable
from kg.store.parser import Parser
from server.access import Access
from server.errors import BadRequest, BodyTooLarge, WriteRefused
from server.replies import Reply
from server.writing.claims import Claims

_REMEDY = "send claims with their attestations to /claims, and retract a claim by DELETE /claims/{slug}"


class Managed:
    """The graph of claims: INSERT DATA and POST are claims that come another way, DELETE of a claim retracts it."""

    def __init__(self, settings: Settings, access: Access, claims: Claims, parser: Parser) -> None:
        self._settings, self._access, self._claims, self._parser = settings, access, claims, parser

    async def update(self, scope: Scope, text: bytes, using: tuple[str, ...], named_graphs: tuple[str, ...]) -> Reply:
        """Take what INSERT DATA inserts as claims; raise WriteRefused for every other operation."""
        if len(text) > self._settings.query_size:
            raise BodyTooLarge(
                f"an update of claims has at most {self._settings.query_size} bytes ({variable('query_size')}); "
                "send more than that to /claims"
            )
        if using or named_graphs:
            raise BadRequest("INSERT DATA looks at no graphs; leave out using-graph-uri and using-named-graph-uri")
        update = await asyncio.to_thread(look_update, text.decode(), self._settings)
        other = next((name for name in update.operations if name != "INSERT DATA"), None)
        if other is not None:
            raise _refused(other, "it would change what others have claimed, and no claim would say so")
        quads = await self._parser.parse(text, "application/sparql-update", self._settings.base)
        return await self._send(scope, {"kind": "claims"}, quads)

    async def graph(self, scope: Scope, kind: str, graph: str | None, quads: bytes, made: str | None) -> Reply:
        """Take what is posted as claims, retract the claim whose graph is deleted; raise WriteRefused for the rest."""
        start = f"{self._settings.base}id/"
        claim = graph.removeprefix(start) if graph and graph.startswith(f"{start}claim/") else None
        if kind == "delete" and claim is not None:
            return await self._send(scope, {"kind": "retract", "refs": [claim]}, b"")
        if kind != "post" or made is not None or graph == "":
            raise _refused(kind.upper(), "it would leave what it replaces, or what it brings, without a claim")
        if graph is not None:
            quads = b"".join(_in_graph(line, graph) for line in quads.splitlines())
        return await self._send(scope, {"kind": "claims"}, quads)

    async def _send(self, scope: Scope, wanted: dict[str, Any], quads: bytes) -> Reply:
        key = self._access.require(scope, "contribute")
        return await self._claims.submit(scope, {**wanted, "by": key.name, "dry_run": False}, quads)


def _refused(what: str, message: str) -> WriteRefused:
    reason = {"about": what, "message": message, "remedy": _REMEDY}
    return WriteRefused(f"{what}: {message}; {_REMEDY}", [reason], [])


def _in_graph(line: bytes, graph: str) -> bytes:
    return b"%s <%s> .\n" % (line.removesuffix(b" ."), graph.encode())
