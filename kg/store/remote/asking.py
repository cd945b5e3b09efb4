"""One query to a SPARQL 1.1 endpoint on another machine."""

from __future__ import annotations

import ast
import json
import time
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit

from SPARQLWrapper import POST, SPARQLWrapper
from SPARQLWrapper.SPARQLExceptions import SPARQLWrapperException

from kg.errors import FoedusError, UsageError
from kg.store.answers import Answer, DeadlinePassed
from kg.store.formats import CSV, JSON, N_TRIPLES, TURTLE, XML


class EndpointFailed(FoedusError):
    """An endpoint cannot be reached, or refuses the query."""


_PREFERRED = ", ".join(
    f"{each.media_type};q={quality}"
    for each, quality in ((CSV, 1), (TURTLE, 1), (JSON, 0.5), (XML, 0.4), (N_TRIPLES, 0.4))
)


def query_endpoint(
    url: str, text: str, *, accept: str | None = None, deadline: float = 10.0, prefer: str | None = None
) -> Answer:
    """Answer a query from an endpoint; `accept` is a list of media types by preference, as in HTTP.

    `prefer` is what the header of that name says.

    Raises UsageError for an address that is none, DeadlinePassed, and EndpointFailed with what the
    endpoint says.
    """
    if urlsplit(url).scheme not in ("http", "https"):
        raise UsageError(f"{url!r} is not the address of an endpoint; it should begin with http:// or https://")
    endpoint = SPARQLWrapper(url)
    endpoint.setMethod(POST)
    endpoint.setTimeout(max(1, round(deadline)))
    endpoint.setQuery(text)
    endpoint.setOnlyConneg(True)
    endpoint.addCustomHttpHeader("Accept", accept or _PREFERRED)
    if prefer:
        endpoint.addCustomHttpHeader("Prefer", prefer)
    began = time.monotonic()
    try:
        with endpoint.query().response as response:
            media_type = response.headers.get_content_type()
            return Answer(response.read(), media_type, url, "", time.monotonic() - began)
    except TimeoutError as error:
        raise DeadlinePassed(f"{url} did not answer within {deadline:g} s") from error
    except HTTPError as error:
        with error:
            raise EndpointFailed(f"{url} answered {error.code}: {_said(error.read())}") from error
    except URLError as error:
        raise EndpointFailed(f"{url} cannot be reached: {error.reason}") from error
    except SPARQLWrapperException as error:
        body = str(error).partition("Response:\n")[2]  # the exception keeps the response as a bytes literal
        said = _said(ast.literal_eval(body)) if body else str(error)
        raise EndpointFailed(f"{url} refused the query: {said}") from error


def _said(body: bytes) -> str:
    text = body.decode(errors="replace").strip()
    try:
        problem = json.loads(text)
    except ValueError:
        return text[:500] or "nothing further"
    return str(problem.get("detail") or problem.get("title") or text[:500]) if isinstance(problem, dict) else text[:500]
