"""How long a reply stays right: validators made of the generation and what was asked, and whether they still hold."""

from __future__ import annotations

import email.utils
import hashlib
from functools import lru_cache

from starlette.datastructures import Headers

from kg.store.generation import MANIFEST, Generation


def validators(generation: Generation, *parts: object, shared: int = 0) -> dict[str, str]:
    """`ETag` and `Last-Modified` of a reply that is the same as long as the generation and the parts are.

    For `shared` seconds, caches between server and client may give it without asking again.
    Source: https://www.rfc-editor.org/rfc/rfc9110#section-8.8
    """
    text = repr((generation.name, *parts)).encode(errors="replace")
    return {
        "ETag": f'W/"{hashlib.sha256(text).hexdigest()[:32]}"',
        "Last-Modified": _published(generation),
        "Cache-Control": f"public, max-age=0{f', s-maxage={shared}' if shared else ''}, must-revalidate",
    }


@lru_cache(maxsize=8)
def _published(generation: Generation) -> str:
    return email.utils.formatdate((generation.path / MANIFEST).stat().st_mtime, usegmt=True)


def unchanged(headers: Headers, fresh: dict[str, str]) -> bool:
    """Whether the client has what it would get: by `If-None-Match`, else by `If-Modified-Since`."""
    if "if-none-match" in headers:
        known = {each.strip().removeprefix("W/") for each in ",".join(headers.getlist("if-none-match")).split(",")}
        return "*" in known or fresh["ETag"].removeprefix("W/") in known
    try:
        since = email.utils.parsedate_to_datetime(headers["if-modified-since"])
    except (KeyError, ValueError):
        return False
    return email.utils.parsedate_to_datetime(fresh["Last-Modified"]) <= since
