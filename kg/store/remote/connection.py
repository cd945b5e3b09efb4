"""Requests to a store on another machine, each with its time, and what is said when they fail.

Redirects are not followed: they would take the password to an address that nobody has named.
"""

from __future__ import annotations

import ast
import math
import re
import urllib.request
from collections.abc import Mapping
from http.client import HTTPException, HTTPResponse
from itertools import islice
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import quote, urlsplit

from SPARQLWrapper import POST, SPARQLWrapper
from SPARQLWrapper.SPARQLExceptions import (
    EndPointInternalError,
    EndPointNotFound,
    QueryBadFormed,
    SPARQLWrapperException,
    Unauthorized,
    URITooLong,
)

from kg.algebra.loading import may
from kg.algebra.tokens import tokens
from kg.store.remote.address import Remote
from kg.store.remote.credentials import PASSWORD, TOKEN, USER
from kg.store.tasks import TaskFailed

DOCUMENTS = "text/turtle, application/n-triples, application/rdf+xml;q=0.9, application/ld+json;q=0.8, text/n3;q=0.5"
ROWS = "application/sparql-results+json, application/sparql-results+xml;q=0.9"
TRIPLES = "application/n-triples, text/turtle;q=0.8, application/rdf+xml;q=0.5"
_STATUSES: Mapping[type[SPARQLWrapperException], int] = {
    QueryBadFormed: 400,
    Unauthorized: 401,
    EndPointNotFound: 404,
    URITooLong: 414,
    EndPointInternalError: 500,
}
_ESCAPED = re.compile(r"\\u00[0-7][0-9A-Fa-f]|\\U000000[0-7][0-9A-Fa-f]")
_SAID = 600
"""The most characters of what a store says that are passed on."""


def based(text: str, base: str) -> str:
    """A query or an update with a base for its relative IRIs, unless it begins with one: some stores take only one.

    Raises TaskFailed where an escape stands for a character of ASCII. A store may read escapes before it looks for
    words, as the specification allows, and so see a SERVICE, or the end of an IRI, where the gate here saw none.
    Source: https://www.w3.org/TR/sparql11-query/#codepointEscape

    >>> based("ASK { <a> ?p ?o }", "http://example.org/")
    'BASE <http://example.org/> ASK { <a> ?p ?o }'
    """
    if _ESCAPED.search(text):
        raise TaskFailed("evaluation", "write characters of ASCII as they are: a store may read \\u escapes as syntax")
    first = [token.text for token in islice(tokens(text), 2)]
    has_one = len(first) == 2 and first[0].upper() == "BASE" and urlsplit(first[1].strip("<>")).scheme
    return text if has_one else f"BASE <{base}> {text}"


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: Any) -> None:
        """Follow none: the redirect itself is then the error."""


class Connection:
    """A store as this process asks it; the whole process asks by the same opener."""

    def __init__(self, remote: Remote, credentials: Mapping[str, str]) -> None:
        self.remote = remote
        self._token = credentials.get(TOKEN)
        known = urllib.request.HTTPPasswordMgrWithDefaultRealm()
        if USER in credentials:
            for address in filter(None, {remote.query, remote.update, remote.graphs}):
                known.add_password(None, address, credentials[USER], credentials[PASSWORD])
        opener = urllib.request.build_opener(
            urllib.request.ProxyHandler({}),
            _NoRedirects,
            urllib.request.HTTPBasicAuthHandler(known),
            urllib.request.HTTPDigestAuthHandler(known),
        )
        urllib.request.install_opener(opener)  # SPARQLWrapper asks by urlopen, which uses this one

    def query(
        self,
        text: str,
        accept: str,
        seconds: float,
        default: tuple[str, ...] = (),
        named: tuple[str, ...] = (),
    ) -> HTTPResponse:
        """Ask a query, with a dataset if there is one; raise TaskFailed."""
        wrapper = self._wrapper(text, seconds)
        wrapper.queryType = "SELECT"  # what SPARQLWrapper takes it for decides between query and update only
        wrapper.addCustomHttpHeader("Accept", accept)
        for iri in default:
            wrapper.addDefaultGraph(iri)
        for iri in named:
            wrapper.addNamedGraph(iri)
        return self._sent(wrapper, seconds)

    def update(self, text: str, seconds: float) -> None:
        """Run an update; raise TaskFailed."""
        wrapper = self._wrapper(text, seconds)
        wrapper.queryType = "INSERT"
        with self._sent(wrapper, seconds) as response:
            response.read(_SAID)

    def graph(self, method: str, graph: str, body: bytes, seconds: float) -> int:
        """Write a graph by the Graph Store Protocol; return the status. Raises TaskFailed."""
        name = f"graph={quote(graph, safe='')}" if graph else "default"
        request = urllib.request.Request(f"{self.remote.graphs}?{name}", method=method)
        if method != "DELETE":
            request.data = body
            request.add_header("Content-Type", "application/n-triples")
        if self._token:
            request.add_unredirected_header("Authorization", f"Bearer {self._token}")
        try:
            with urllib.request.urlopen(request, timeout=seconds) as response:
                response.read(_SAID)
                return int(response.status)
        except HTTPError as error:
            with error:
                raise _refused(error.code, error.read(_SAID), error.headers.get("Location")) from error
        except (TimeoutError, URLError, HTTPException, OSError) as error:
            raise self._unreachable(error, seconds) from error

    def document(self, address: str, seconds: float) -> HTTPResponse:
        """Fetch a document; raise TaskFailed."""
        if not may(address, self.remote.documents):
            raise TaskFailed("remote", f"{address} is not among what may be fetched")
        request = urllib.request.Request(address, headers={"Accept": DOCUMENTS})
        try:
            response: HTTPResponse = urllib.request.urlopen(request, timeout=seconds)
        except HTTPError as error:
            with error:
                raise _refused(error.code, error.read(_SAID), error.headers.get("Location"), address) from error
        except (TimeoutError, URLError, HTTPException, OSError) as error:
            raise self._unreachable(error, seconds, address) from error
        return response

    def _wrapper(self, text: str, seconds: float) -> SPARQLWrapper:
        wrapper = SPARQLWrapper(self.remote.query, updateEndpoint=self.remote.update)
        wrapper.setMethod(POST)
        wrapper.setTimeout(max(1, math.ceil(seconds)))
        wrapper.setOnlyConneg(True)
        wrapper.setQuery(text)
        if self._token:
            wrapper.addCustomHttpHeader("Authorization", f"Bearer {self._token}")
        return wrapper

    def _sent(self, wrapper: SPARQLWrapper, seconds: float) -> HTTPResponse:
        try:
            response: HTTPResponse = wrapper.query().response
        except HTTPError as error:
            with error:
                raise _refused(error.code, error.read(_SAID), error.headers.get("Location")) from error
        except SPARQLWrapperException as error:
            body = str(error).partition("Response:\n")[2]  # the exception keeps the response as a bytes literal
            raise _refused(_STATUSES.get(type(error), 500), ast.literal_eval(body) if body else b"") from error
        except (TimeoutError, URLError, HTTPException, OSError) as error:
            raise self._unreachable(error, seconds) from error
        return response

    def _unreachable(self, error: Exception, seconds: float, address: str = "") -> TaskFailed:
        reason = getattr(error, "reason", error)
        who = address or f"the store at {self.remote.query}"
        if isinstance(reason, TimeoutError):
            return TaskFailed("slow", f"{who} did not answer within {seconds:g} s")
        return TaskFailed("remote", f"{who} cannot be reached: {reason}")


def _refused(status: int, body: bytes, location: str | None = None, who: str = "the store") -> TaskFailed:
    said = " ".join(body.decode(errors="replace").split())[:_SAID] or "nothing further"
    if location:
        return TaskFailed("remote", f"{who} answers {status}, a redirect to {location}; name that address instead")
    if status in (401, 403):
        return TaskFailed("remote", f"{who} answers {status}: it wants to know who asks ({USER}, {PASSWORD})")
    if status in (429, 503):
        return TaskFailed("busy", f"{who} answers {status}: {said}")
    if status in (400, 413, 422):
        return TaskFailed("evaluation", f"{who} answers {status}: {said}")
    return TaskFailed("remote", f"{who} answers {status}: {said}")
