"""The address of this server as its client wrote it, so that links in answers work there."""

from __future__ import annotations

import re

from starlette.types import Scope

_HOST = re.compile(r"[A-Za-z0-9._~-]+(?::\d{1,5})?|\[[0-9A-Fa-f:.]+\](?::\d{1,5})?")


def origin(scope: Scope) -> str:
    """Scheme, host and the path that the application is mounted at, without a slash at the end.

    The host is that of the request; where the header is missing or not a host, the address that listens.
    """
    host = next((value.decode("latin-1") for name, value in scope["headers"] if name == b"host"), "")
    if not _HOST.fullmatch(host):
        name, port = scope.get("server") or ("127.0.0.1", None)
        host = f"{f'[{name}]' if ':' in name else name}{f':{port}' if port else ''}"
    return f"{scope.get('scheme', 'http')}://{host}{scope.get('root_path', '')}"
