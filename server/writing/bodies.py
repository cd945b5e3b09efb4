"""The body of a write: read whole, up to a size, in time."""

from __future__ import annotations

import asyncio

from starlette.datastructures import Headers
from starlette.types import Message, Receive, Scope

from kg.settings import MEBIBYTE, Settings, variable
from server.errors import BodyTooLarge, BodyTooSlow
from server.negotiation import refuse_packed
from server.replies import Disconnected


async def read(scope: Scope, receive: Receive, settings: Settings) -> bytes:
    """Return the body; raise BodyPacked, BodyTooLarge, BodyTooSlow, or Disconnected when the client goes."""
    most = settings.write_size * MEBIBYTE
    headers = Headers(scope=scope)
    refuse_packed(headers.get("content-encoding"))
    announced = headers.get("content-length", "")
    if announced.isdecimal() and int(announced) > most:
        raise _too_large(settings)
    parts: list[bytes] = []
    size, more = 0, True
    try:
        async with asyncio.timeout(settings.patience + most / MEBIBYTE):
            while more:
                message = await receive()
                if message["type"] == "http.disconnect":
                    raise Disconnected
                parts.append(message.get("body", b""))
                size += len(parts[-1])
                if size > most:
                    raise _too_large(settings)
                more = message.get("more_body", False)
    except TimeoutError as error:
        raise BodyTooSlow("the body did not arrive in time; send it again, or in parts") from error
    return b"".join(parts)


def again(body: bytes, receive: Receive) -> Receive:
    """A `receive` that gives a body that has been read already, and then what else comes."""
    given = False

    async def give() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return give


def _too_large(settings: Settings) -> BodyTooLarge:
    return BodyTooLarge(f"a write has at most {settings.write_size} MiB ({variable('write_size')}); send it in parts")
