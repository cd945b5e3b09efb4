"""Smaller responses for clients that can read them: Brotli or gzip, by Accept-Encoding.

Source: https://www.rfc-editor.org/rfc/rfc9110#section-12.5.3
"""

from __future__ import annotations

import asyncio
import zlib
from collections.abc import Mapping
from typing import Protocol

import brotli
from starlette.types import ASGIApp, Message, Receive, Scope, Send

LEAST = 1024
"""A body with fewer bytes is sent as it is: a packet is a packet."""
_THREAD = 64 * 1024
_TEXTUAL = ("text/", "application/json", "application/xml", "application/n-", "application/trig", "image/svg+xml")


class Encoder(Protocol):
    """Makes pieces smaller, one after the other."""

    def add(self, piece: bytes) -> bytes:
        """What is ready after one more piece."""

    def end(self) -> bytes:
        """The rest."""


class Gzip:
    """Gzip, quick rather than small."""

    def __init__(self) -> None:
        self._compressor = zlib.compressobj(4, zlib.DEFLATED, 16 + zlib.MAX_WBITS)

    def add(self, piece: bytes) -> bytes:
        """What is ready after one more piece."""
        return self._compressor.compress(piece)

    def end(self) -> bytes:
        """The rest."""
        return self._compressor.flush()


class Brotli:
    """Brotli, as quick as the gzip above."""

    def __init__(self) -> None:
        self._compressor = brotli.Compressor(quality=4)

    def add(self, piece: bytes) -> bytes:
        """What is ready after one more piece."""
        return bytes(self._compressor.process(piece))

    def end(self) -> bytes:
        """The rest."""
        return bytes(self._compressor.finish())


ENCODERS: Mapping[str, type[Brotli] | type[Gzip]] = {"br": Brotli, "gzip": Gzip}


class Compression:
    """An ASGI application whose textual responses are compressed where the client takes it."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass everything through, smaller where that helps."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        accepted = b", ".join(value for name, value in scope["headers"] if name == b"accept-encoding")
        coding = choose(accepted.decode("latin-1"))
        encoder: Encoder | None = None

        async def send_smaller(message: Message) -> None:
            nonlocal encoder
            if message["type"] == "http.response.start":
                headers = _Headers(message.get("headers", ()))
                if headers.worthwhile(message["status"]):
                    headers.vary("accept-encoding")
                    if coding is not None:
                        encoder = ENCODERS[coding]()
                        headers.encoded(coding)
                message["headers"] = headers.all
            elif encoder is not None and message["type"] == "http.response.body" and scope["method"] != "HEAD":
                message["body"] = await _smaller(encoder, message)
            await send(message)

        await self._app(scope, receive, send_smaller)


def choose(accepted: str) -> str | None:
    """The coding that an Accept-Encoding header wants most; Brotli among equals, None for none.

    >>> choose("gzip;q=0.8, br;q=0.9"), choose("gzip"), choose("identity"), choose("*;q=0")
    ('br', 'gzip', None, None)
    """
    wanted: dict[str, float] = {}
    for part in accepted.lower().split(","):
        name, _, parameter = part.partition(";")
        weight = parameter.strip().removeprefix("q=") if parameter.strip() else "1"
        try:
            wanted[name.strip()] = float(weight)
        except ValueError:
            wanted[name.strip()] = 0.0
    others = wanted.get("*", 0.0)
    best = max(ENCODERS, key=lambda each: wanted.get(each, others))
    quality = wanted.get(best, others)
    return best if quality > 0 and quality >= wanted.get("identity", 0.0) else None


async def _smaller(encoder: Encoder, message: Message) -> bytes:
    piece, more = bytes(message.get("body", b"")), message.get("more_body", False)

    def work() -> bytes:
        return encoder.add(piece) if more else encoder.add(piece) + encoder.end()

    return await asyncio.to_thread(work) if len(piece) > _THREAD else work()


class _Headers:
    def __init__(self, headers: object) -> None:
        self.all: list[tuple[bytes, bytes]] = [(name.lower(), value) for name, value in headers]  # type: ignore[attr-defined]

    def _get(self, name: bytes) -> str:
        return b", ".join(value for found, value in self.all if found == name).decode("latin-1")

    def worthwhile(self, status: int) -> bool:
        """Whether the body is text, whole, long enough, and not encoded yet."""
        media_type = self._get(b"content-type").lower()
        length = self._get(b"content-length")
        textual = media_type.startswith(_TEXTUAL) or "+xml" in media_type or "+json" in media_type
        long_enough = not length.isdecimal() or int(length) >= LEAST
        return textual and long_enough and status not in (204, 206, 304) and not self._get(b"content-encoding")

    def vary(self, name: str) -> None:
        """Say that the response depends on a header of the request."""
        already = self._get(b"vary")
        self.all = [each for each in self.all if each[0] != b"vary"]
        self.all.append((b"vary", f"{already}, {name}".lstrip(", ").encode()))

    def encoded(self, coding: str) -> None:
        """Say that the body is encoded, of a length that is not known yet; a strong validator becomes a weak one."""
        tag = self._get(b"etag")
        self.all = [each for each in self.all if each[0] not in (b"content-length", b"etag")]
        self.all.append((b"content-encoding", coding.encode()))
        if tag:
            self.all.append((b"etag", (tag if tag.startswith("W/") else f"W/{tag}").encode()))
