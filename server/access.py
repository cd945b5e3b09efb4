"""Who asks: the key in a request's Authorization header, as Bearer or as the password of Basic.

Sources: https://www.rfc-editor.org/rfc/rfc6750#section-2.1, https://www.rfc-editor.org/rfc/rfc7617
"""

from __future__ import annotations

import base64
import binascii

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from kg.keys import Key, Keys
from kg.settings import Settings
from server import errors
from server.errors import Forbidden, Unauthenticated

OPEN = ("/health", "/metrics", "/static", "/problem")
"""Addresses that never need a key: they tell nothing of the graph."""


class Access:
    """Looks up keys; nothing that a request shows is ever written anywhere."""

    def __init__(self, settings: Settings) -> None:
        self._keys = Keys(settings.data_directory)

    def require(self, scope: Scope, role: str) -> Key:
        """The key of a request; raise Unauthenticated without a known one, Forbidden when its role is not enough."""
        shown = _shown(Headers(scope=scope).get("authorization", ""))
        if shown is None:
            raise Unauthenticated("this needs a key; send it as Authorization: Bearer KEY, or as the password of Basic")
        key = self._keys.find(shown)
        if key is None:
            raise Unauthenticated("the key is not known here; it may have been revoked")
        if not key.may(role):
            raise Forbidden(f"the key of {key.name} has the role {key.role}, and this needs {role}")
        return key


class Private:
    """An ASGI application that lets through only whom the keys know."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self._app, self._settings, self._access = app, settings, Access(settings)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer 401 to everybody else."""
        if scope["type"] == "http" and scope["method"] != "OPTIONS" and not scope["path"].startswith(OPEN):
            try:
                self._access.require(scope, "read")
            except (Unauthenticated, Forbidden) as error:
                await errors.reply(error, self._settings.base).send(send, without_body=scope["method"] == "HEAD")
                return

        async def privately(message: Message) -> None:
            if message["type"] == "http.response.start":
                kept = [(name, value) for name, value in message["headers"] if name.lower() != b"cache-control"]
                message["headers"] = [*kept, (b"cache-control", b"private, no-cache"), (b"vary", b"Authorization")]
            await send(message)

        await self._app(scope, receive, privately if scope["type"] == "http" else send)


def _shown(header: str) -> str | None:
    scheme, _, rest = header.strip().partition(" ")
    if scheme.lower() == "bearer":
        return rest.strip()
    if scheme.lower() == "basic":
        try:
            return base64.b64decode(rest.strip(), validate=True).decode().partition(":")[2]
        except (binascii.Error, UnicodeDecodeError):
            return None
    return None
