"""The headers that every response carries: what browsers may do with it, who may read it, which request it answers."""

from __future__ import annotations

import re
from collections.abc import Mapping
from uuid import uuid4

from starlette.types import ASGIApp, Message, Receive, Scope, Send

SECURITY: Mapping[str, str] = {
    "content-security-policy": "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'",
    "referrer-policy": "same-origin",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
}
SHARED: Mapping[str, str] = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "Content-Location, ETag, Foedus-Generation, Foedus-Store, Foedus-View, "
    "Foedus-View-Claims, Link, Memento-Datetime, Preference-Applied, Retry-After, Server-Timing, X-Request-Id",
}
"""For what scripts of any site may read; never together with credentials."""
PREFLIGHT: Mapping[str, str] = {
    "Access-Control-Allow-Methods": "GET, HEAD, POST, QUERY, OPTIONS",
    "Access-Control-Allow-Headers": "Accept, Content-Type, If-None-Match, Prefer, X-Request-Id",
    "Access-Control-Max-Age": "86400",
}
REQUEST_ID = "foedus.request_id"
"""Where the scope of a request has its id: the client's own `X-Request-Id`, or one that was made here."""
_USABLE = re.compile(rb"[A-Za-z0-9._~:/+=-]{1,128}")


class ResponseHeaders:
    """An ASGI application with the headers on all that it sends; it gives every request its id.

    What GET and HEAD answer may be read by scripts of any site; for other methods the application says so itself.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._security = [(name.encode(), value.encode()) for name, value in SECURITY.items()]
        self._shared = [(name.lower().encode(), value.encode()) for name, value in SHARED.items()]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass everything through."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        identifier = _identifier(scope)
        scope[REQUEST_ID] = identifier.decode()
        more = [*self._security, (b"x-request-id", identifier)]
        reads = scope["method"] in ("GET", "HEAD")

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = [*message.get("headers", ()), *more]
                if reads and not any(name.lower() == b"access-control-allow-origin" for name, _ in headers):
                    headers += self._shared
                message["headers"] = headers
            await send(message)

        await self._app(scope, receive, send_with_headers)


def _identifier(scope: Scope) -> bytes:
    """The id that the client gave, if it is one that can stand in a log; else a new one."""
    for name, value in scope["headers"]:
        if name == b"x-request-id" and _USABLE.fullmatch(value):
            return bytes(value)
    return uuid4().hex.encode()
