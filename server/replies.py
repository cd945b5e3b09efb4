"""Replies in bytes: sent in pieces, so that a slow client is felt, and work that ends when its client goes."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Coroutine, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from starlette.types import Receive, Send

PIECE = 256 * 1024
SOON = 0.02
"""Seconds before a client that goes away is noticed at the earliest."""
T = TypeVar("T")


class Disconnected(Exception):
    """The client went away before its answer was there."""


@dataclass(frozen=True)
class Reply:
    """One whole response; its length is known before the first byte is sent, so it is never cut off unseen."""

    status: int
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)

    async def send(self, send: Send, *, without_body: bool = False) -> None:
        """Send it; without its body for HEAD."""
        headers = [(name.lower().encode(), value.encode("latin-1", "replace")) for name, value in self.headers.items()]
        if self.status not in (204, 304):
            headers.append((b"content-length", str(len(self.body)).encode()))
        await send({"type": "http.response.start", "status": self.status, "headers": headers})
        rest = memoryview(b"" if without_body else self.body)
        while len(rest) > PIECE:
            await send({"type": "http.response.body", "body": bytes(rest[:PIECE]), "more_body": True})
            rest = rest[PIECE:]
        await send({"type": "http.response.body", "body": bytes(rest)})


async def while_connected(receive: Receive, work: Coroutine[Any, Any, T]) -> T:
    """Return what the work gives; cancel it and raise Disconnected when the client goes before that."""
    working = asyncio.ensure_future(work)
    going: asyncio.Future[None] | None = None
    try:
        with contextlib.suppress(TimeoutError):
            # Most work is done before it is worth while to watch the client.
            async with asyncio.timeout(SOON):
                return await asyncio.shield(working)
        going = asyncio.ensure_future(_gone(receive))
        await asyncio.wait((working, going), return_when=asyncio.FIRST_COMPLETED)
        if not working.done():
            raise Disconnected
        return working.result()
    finally:
        left = [each for each in (working, going) if each is not None and not each.done()]
        for each in left:
            each.cancel()
        if left:
            await asyncio.gather(*left, return_exceptions=True)


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
