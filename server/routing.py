"""Addresses whose answers are replies: what every one of them does alike."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from server.headers import PREFLIGHT, SHARED
from server.replies import Disconnected, Reply

Answering = Callable[[Request], Awaitable[Reply]]
READ = ("GET", "HEAD")


def answered(path: str, answering: Answering, methods: Sequence[str] = READ) -> Route:
    """The route of an address: HEAD and OPTIONS are seen to, and a client that goes away ends the work."""
    allowed = ", ".join((*methods, "OPTIONS"))

    async def respond(request: Request) -> Response:
        if request.method == "OPTIONS":
            return Response(status_code=204, headers={"Allow": allowed, **SHARED, **PREFLIGHT})
        try:
            reply = await answering(request)
        except Disconnected:
            return Response(status_code=499)
        return Response(reply.body, reply.status, dict(reply.headers))

    return Route(path, respond, methods=[*methods, "OPTIONS"])
