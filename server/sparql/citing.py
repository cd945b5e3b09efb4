"""How a client asks for citations, and where the citations of an answer are that cannot carry them itself.

Sources: https://www.rfc-editor.org/rfc/rfc7240 (Prefer), https://www.w3.org/TR/prov-aq/#resource-accessed-by-http
(the link relation)
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import urlencode

from starlette.datastructures import Headers

from kg.algebra import Dataset, QueryUncitable
from server.errors import BadRequest
from server.sparql.parameters import Parameters

RELATION = "http://www.w3.org/ns/prov#has_provenance"
LONGEST = 16_000
"""How long an address in a Link may be."""
_INCLUDE = re.compile(r'(?:^|[,;])\s*include\s*=\s*(?:"([^"]*)"|([^\s,;]+))', re.IGNORECASE)


def parameter(parameters: Parameters) -> bool | None:
    """What `citations=` says; raise BadRequest for anything but true and false."""
    value = parameters.one("citations")
    if value not in (None, "", "true", "false", "1", "0"):
        raise BadRequest(f"citations={value[:40]!r} says neither true nor false")
    return value in ("true", "1") if value else None


def wanted(headers: Headers, asked: bool | None) -> bool:
    """Whether a request wants citations: by parameter, else by `Prefer: include=citations`."""
    return asked if asked is not None else prefers(headers)


def prefers(headers: Headers) -> bool:
    """Whether the Prefer header asks for citations.

    >>> prefers(Headers({"prefer": 'respond-async, include="citations"'}))
    True
    """
    found = _INCLUDE.findall(", ".join(headers.getlist("prefer")))
    return any("citations" in re.split(r"[\s,]+", quoted or plain) for quoted, plain in found)


def headers(asked: Headers) -> dict[str, str]:
    """What a response with citations says of that."""
    return {"Preference-Applied": "include=citations"} if prefers(asked) else {}


def link(endpoint: str, query: str, form: str, dataset: Dataset | None, more: Iterable[tuple[str, str]] = ()) -> str:
    """The Link to the citations of an answer in a format that has no place for them.

    `more` are further parameters of its address. Raises QueryUncitable where the query is too long for an address.
    """
    name = "json" if form in ("SELECT", "ASK") else "citations"
    pairs = [("query", query), ("citations", "true"), ("format", name), *more]
    if dataset:
        pairs += [("default-graph-uri", iri) for iri in dataset.default]
        pairs += [("named-graph-uri", iri) for iri in dataset.named]
    address = f"{endpoint}?{urlencode(pairs)}"
    if len(address) > LONGEST:
        raise QueryUncitable(
            "this format has no place for citations, and the query is too long to link to; ask as JSON"
        )
    return f'<{address}>; rel="{RELATION}"'
