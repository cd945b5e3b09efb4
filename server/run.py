"""Serving until interrupted: the address, the signals, and what is said at the start."""

from __future__ import annotations

import errno
import socket
from collections.abc import Callable

import uvicorn

from kg.errors import UsageError
from kg.settings import Settings, variable
from kg.store import generation
from server.app import create_app

GRACE = 3
"""Seconds that running answers get when the server is told to end."""


def run(settings: Settings, announce: Callable[[str], None]) -> None:
    """Serve until SIGINT or SIGTERM; `announce` is told the address once it answers there.

    Raises NothingBuilt when there is no generation, UsageError when the address can't be had.
    """
    served = generation.current(settings.data_directory)
    listening = _listen(settings)
    host, port = listening.getsockname()[:2]
    address = f"http://{f'[{host}]' if ':' in host else host}:{port}"

    class Server(uvicorn.Server):
        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets)
            if app.state.failure is not None:
                self.should_exit = True
            elif self.started:
                what = "a store elsewhere" if settings.store else served.name
                announce(f"Foedus serves {what} at {address} (SPARQL at {address}/sparql); Ctrl+C ends it")

    app = create_app(settings)
    app.state.failure = None
    config = uvicorn.Config(
        app,
        log_level="warning",
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=GRACE,
        lifespan="on",
    )
    try:
        Server(config).run(sockets=[listening])
    except KeyboardInterrupt:
        announce("Foedus has ended")
    finally:
        listening.close()
    if app.state.failure is not None:
        raise app.state.failure


def _listen(settings: Settings) -> socket.socket:
    try:
        family, kind, protocol, _, _ = socket.getaddrinfo(settings.host, settings.port, type=socket.SOCK_STREAM)[0]
        # Only when the protocol is named does asyncio send small pieces at once; else every answer takes 40 ms.
        listening = socket.socket(family, kind, protocol)
    except OSError as error:
        raise UsageError(f"{settings.host!r} is no address of this machine ({variable('host')}): {error}") from error
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # connections inherit it
    try:
        listening.bind((settings.host, settings.port))
    except OSError as error:
        listening.close()
        if error.errno == errno.EADDRINUSE:
            raise UsageError(
                f"port {settings.port} of {settings.host} is taken; end what listens there, or choose another with "
                f"--port or {variable('port')}"
            ) from error
        raise UsageError(f"{settings.host}:{settings.port} cannot be listened at: {error.strerror}") from error
    listening.listen(1024)
    return listening
