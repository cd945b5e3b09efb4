"""One query of a SPARQL endpoint on the web, through SPARQLWrapper."""

from __future__ import annotations

import time
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit

from SPARQLWrapper import POST, SPARQLWrapper
from SPARQLWrapper.SPARQLExceptions import SPARQLWrapperException

from kg.errors import FoedusError, UsageError
from kg.store.answers import Answer
from kg.store.formats import Format


class EndpointFailed(FoedusError):
    """The endpoint did not answer the query."""


def query_endpoint(endpoint: str, text: str, wanted: Format, deadline: float) -> Answer:
    """Ask an endpoint by POST and return its answer in the format that it chose to send.

    `deadline` in seconds. Raises EndpointFailed with what the endpoint or the network says.
    Source: https://www.w3.org/TR/sparql11-protocol/#query-via-post-urlencoded
    """
    if urlsplit(endpoint).scheme not in {"http", "https"}:
        raise UsageError(f"{endpoint} is not an http or https address; name the endpoint in full")
    client = SPARQLWrapper(endpoint, agent="foedus")
    client.setMethod(POST)
    client.setQuery(text)
    client.setOnlyConneg(True)
    client.addCustomHttpHeader("Accept", wanted.media_type)
    client.setTimeout(max(1, round(deadline)))
    began = time.monotonic()
    try:
        with client.query().response as response:
            media_type = response.headers.get_content_type()
            body = response.read()
    except SPARQLWrapperException as error:
        raise EndpointFailed(f"{endpoint} refused the query: {error}") from error
    except HTTPError as error:
        raise EndpointFailed(f"{endpoint} answered {error.code} {error.reason}") from error
    except (URLError, TimeoutError, OSError) as error:
        raise EndpointFailed(f"{endpoint} cannot be reached: {getattr(error, 'reason', error)}") from error
    return Answer(body, media_type, endpoint, "", time.monotonic() - began)
