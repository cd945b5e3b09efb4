"""A short way to the addresses that are asked most: past routing and what else a framework does before an answer."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.types import ASGIApp, Receive, Scope, Send


class Shortcut:
    """An ASGI application that gives some paths to applications of their own, and all else to another.

    The applications turn their errors into replies themselves.
    """

    def __init__(self, app: ASGIApp, paths: Mapping[str, ASGIApp]) -> None:
        self._app = app
        self._paths = paths

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request to whom it belongs."""
        found = self._paths.get(scope["path"]) if scope["type"] == "http" and not scope.get("root_path") else None
        await (found or self._app)(scope, receive, send)
