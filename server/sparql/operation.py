"""One query operation of the protocol, from a request: by GET, by form, or as a body of its own.

Source: https://www.w3.org/TR/sparql11-protocol/#query-operation
"""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass

from starlette.datastructures import Headers
from starlette.types import Receive, Scope

from kg.algebra import Dataset
from kg.settings import Settings, variable
from server.errors import BadRequest, BodyTooLarge, BodyTooSlow, MethodRefused, UnknownContent
from server.replies import Disconnected
from server.sparql.parameters import Parameters

METHODS = ("GET", "HEAD", "POST", "OPTIONS")
FORM = "application/x-www-form-urlencoded"
QUERY = "application/sparql-query"
UPDATE = "application/sparql-update"
_ABSOLUTE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\x00-\x20<>\"{}|\\^`]*")


@dataclass(frozen=True)
class Operation:
    """A query; `dataset` where the protocol names graphs, `formats` where the request names any by `format`."""

    query: str
    dataset: Dataset | None
    formats: tuple[str, ...]


async def read(scope: Scope, receive: Receive, settings: Settings) -> Operation | None:
    """Read the operation of a request; None when a GET has no query at all.

    Raises BadRequest, MethodRefused, UnknownContent, BodyTooLarge, BodyTooSlow; Disconnected when the
    client goes while it sends.
    """
    method = scope["method"]
    address = Parameters(scope["query_string"])
    if method in ("GET", "HEAD"):
        if not address.all("query") and not address.all("update"):
            return None
        return _operation(address, address, address.one("query"))
    if method != "POST":
        raise MethodRefused(method, METHODS)
    headers = Headers(scope=scope)
    media_type, charset = _content(headers.get("content-type", ""))
    if media_type not in (FORM, QUERY):
        said = (
            "updates are not taken here" if media_type == UPDATE else f"{media_type or 'a body of no type'} is not read"
        )
        raise UnknownContent(f"{said}; send {QUERY}, or a form ({FORM})", (QUERY, FORM))
    if charset not in ("", "utf-8", "utf8"):
        raise UnknownContent(f"the body is in {charset}; send it in UTF-8", (QUERY, FORM))
    body = await _body(headers, receive, settings)
    if address.all("query"):
        raise BadRequest("the query is in the address of a POST; put it into the body, or use GET")
    if media_type == FORM:
        form = Parameters(body)
        return _operation(form, form, form.one("query"))
    try:
        return _operation(address, address, body.decode())
    except UnicodeDecodeError as error:
        raise BadRequest(f"the query is not UTF-8, at byte {error.start}") from error


def _operation(where: Parameters, graphs: Parameters, query: str | None) -> Operation:
    if where.all("update"):
        raise BadRequest("updates are not taken here; send a query in the parameter 'query'")
    if query is None:
        raise BadRequest("there is no query; send it in the parameter 'query'")
    default, named = graphs.all("default-graph-uri"), graphs.all("named-graph-uri")
    for iri in (*default, *named):
        if not _ABSOLUTE.fullmatch(iri):
            raise BadRequest(f"{iri[:80]!r} is not an absolute IRI; graphs are named by absolute IRIs")
    dataset = Dataset(tuple(dict.fromkeys(default)), tuple(dict.fromkeys(named))) if default or named else None
    return Operation(query, dataset, where.all("format"))


def _content(header: str) -> tuple[str, str]:
    media_type, *parameters = (part.strip().lower() for part in header.split(";"))
    charset = next((part.partition("=")[2] for part in parameters if part.startswith("charset=")), "")
    return media_type, charset.strip('"')


async def _body(headers: Headers, receive: Receive, settings: Settings) -> bytes:
    most = 3 * settings.query_size + 4096  # a form takes up to three bytes for one, and has graphs beside the query
    announced = headers.get("content-length", "")
    parts: list[bytes] = []
    size = int(announced) if announced.isdecimal() else 0
    try:
        async with asyncio.timeout(settings.patience):
            more = size <= most
            size = 0 if more else size
            while more:
                message = await receive()
                if message["type"] == "http.disconnect":
                    raise Disconnected
                parts.append(message.get("body", b""))
                size += len(parts[-1])
                more = message.get("more_body", False) and size <= most
    except TimeoutError as error:
        raise BodyTooSlow(f"the body did not arrive within {settings.patience:g} s") from error
    if size > most:
        raise BodyTooLarge(
            f"the body has more than {most} bytes; queries have at most {settings.query_size} "
            f"({variable('query_size')})"
        )
    return b"".join(parts)
