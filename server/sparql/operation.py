"""One query operation of the protocol, from a request: by GET, by form, or as a body of its own; by QUERY, too.

Sources: https://www.w3.org/TR/sparql11-protocol/#query-operation,
https://datatracker.ietf.org/doc/draft-ietf-httpbis-safe-method-w-body/ for the method QUERY.
"""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass

from starlette.datastructures import Headers
from starlette.types import Receive, Scope

from kg.algebra import Dataset
from kg.settings import Settings, variable
from kg.views.view import PARAMETERS, View
from kg.views.view import read as read_view
from server.errors import BadRequest, BodyTooLarge, BodyTooSlow, MethodRefused, UnknownContent
from server.negotiation import refuse_packed
from server.replies import Disconnected
from server.sparql import citing
from server.sparql.parameters import Parameters

METHODS = ("GET", "HEAD", "POST", "QUERY", "OPTIONS")
FORM = "application/x-www-form-urlencoded"
QUERY = "application/sparql-query"
UPDATE = "application/sparql-update"
CHARSETS = {
    name: codec
    for names, codec in (
        (("", "utf-8", "utf8", "us-ascii", "ascii"), "utf-8"),
        (("iso-8859-1", "latin-1", "latin1"), "iso-8859-1"),
        (("iso-8859-15",), "iso-8859-15"),
        (("windows-1252", "cp1252"), "windows-1252"),
        (("utf-16",), "utf-16"),
        (("utf-16le",), "utf-16-le"),
        (("utf-16be",), "utf-16-be"),
    )
    for name in names
}
"""The charsets that a body may be in, by their names in Content-Type, and how Python calls them."""
ABSOLUTE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\x00-\x20<>\"{}|\\^`]*")


NO_VIEW = View()


@dataclass(frozen=True)
class Operation:
    """A query; `dataset` where the protocol names graphs, `formats` where the request names any by `format`.

    `citations` is whether it asks for them by parameter; None where it says nothing.
    `view` is as of when, from where and by which evidence the graph is asked; see kg.views.view.
    """

    query: str
    dataset: Dataset | None
    formats: tuple[str, ...]
    citations: bool | None = None
    view: View = NO_VIEW


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
        return _operation(address, address, address, address.one("query"))
    if method not in ("POST", "QUERY"):
        raise MethodRefused(method, METHODS)
    headers = Headers(scope=scope)
    media_type, charset = _content(headers.get("content-type", ""))
    if media_type not in (FORM, QUERY):
        said = (
            "updates are not taken here" if media_type == UPDATE else f"{media_type or 'a body of no type'} is not read"
        )
        raise UnknownContent(f"{said}; send {QUERY}, or a form ({FORM})", (QUERY, FORM))
    if charset not in CHARSETS:
        raise UnknownContent(f"the charset {charset[:40]!r} is not read here; send the body in UTF-8", (QUERY, FORM))
    body = await _body(headers, receive, settings)
    if address.all("query"):
        raise BadRequest(f"the query is in the address of a {method}; put it into the body, or use GET")
    if media_type == FORM:
        form = Parameters(body, CHARSETS[charset])
        for name in ("default-graph-uri", "named-graph-uri"):
            if address.all(name) and form.all(name):
                raise BadRequest(f"{name!r} is in the address and in the form; name the graphs in one place")
        graphs = form if form.all("default-graph-uri") or form.all("named-graph-uri") else address
        return _operation(form, graphs, address, form.one("query"))
    try:
        return _operation(address, address, address, body.decode(CHARSETS[charset]))
    except UnicodeDecodeError as error:
        raise BadRequest(f"the query is not {charset.upper() or 'UTF-8'}, at byte {error.start}") from error


def _operation(where: Parameters, graphs: Parameters, address: Parameters, query: str | None) -> Operation:
    if where.all("update"):
        raise BadRequest("updates are not taken here; send a query in the parameter 'query'")
    for name in ("using-graph-uri", "using-named-graph-uri"):
        if where.all(name) or graphs.all(name):
            raise BadRequest(f"{name!r} belongs to an update; a query has 'default-graph-uri' and 'named-graph-uri'")
    if query is None:
        raise BadRequest("there is no query; send it in the parameter 'query'")
    default, named = graphs.all("default-graph-uri"), graphs.all("named-graph-uri")
    for iri in (*default, *named):
        if not ABSOLUTE.fullmatch(iri):
            raise BadRequest(f"{iri[:80]!r} is not an absolute IRI; graphs are named by absolute IRIs")
    dataset = Dataset(tuple(dict.fromkeys(default)), tuple(dict.fromkeys(named))) if default or named else None
    wanted = citing.parameter(where) if where.all("citations") else citing.parameter(graphs)
    view = read_view({name: where.all(name) or address.all(name) for name in PARAMETERS})
    return Operation(query, dataset, where.all("format") or graphs.all("format"), wanted, view)


def _content(header: str) -> tuple[str, str]:
    media_type, *parameters = (part.strip().lower() for part in header.split(";"))
    charset = next((part.partition("=")[2] for part in parameters if part.startswith("charset=")), "")
    return media_type, charset.strip('"')


async def _body(headers: Headers, receive: Receive, settings: Settings) -> bytes:
    refuse_packed(headers.get("content-encoding"))
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
