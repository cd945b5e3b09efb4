"""Documents of the past: what was known about a name on a day, by Memento (RFC 7089).

The document is its own timegate. A memento is the document as of `known-at`, the state at the end of that day.
Source: https://www.rfc-editor.org/rfc/rfc7089
"""

from __future__ import annotations

import datetime
import email.utils
from urllib.parse import parse_qsl, urlencode

from starlette.datastructures import Headers

from kg.views.view import View
from server.errors import BadRequest
from server.linked_data.about import About, text_of

REPORTED = "https://w3id.org/foedus/ontology#reportedLatest"
MEDIA_TYPE = "application/link-format"


def wanted(headers: Headers) -> datetime.date | None:
    """The day that `Accept-Datetime` asks for, in UTC; raises BadRequest."""
    text = headers.get("accept-datetime")
    if text is None:
        return None
    try:
        return email.utils.parsedate_to_datetime(text).astimezone(datetime.UTC).date()
    except (ValueError, OverflowError) as error:
        raise BadRequest(f"Accept-Datetime is {text[:60]!r}; write it as Tue, 06 Jan 2026 12:00:00 GMT") from error


def redirection(path: str, query: bytes, day: datetime.date) -> str:
    """Where a timegate leads: the same document as of a day."""
    pairs = [pair for pair in parse_qsl(query.decode("latin-1"), keep_blank_values=True) if pair[0] != "known-at"]
    return f"{path}?{urlencode([*pairs, ('known-at', day.isoformat())])}"


def headers(view: View) -> dict[str, str]:
    """What says that a response is a memento."""
    return {"Memento-Datetime": _moment(view.known_at)} if view.known_at else {}


def links(here: str, path: str) -> str:
    """Links from a document, or a memento of it, to the original, which is its timegate, and to the timemap."""
    return f'<{here}{path}>; rel="original timegate", <{here}/timemap{path}>; rel="timemap"; type="{MEDIA_TYPE}"'


def days(about: About) -> list[datetime.date]:
    """The days on which something was reported about a name: between them, nothing new was known."""
    found = {text_of(each.object) for each in about.evidence if each.predicate == REPORTED}
    return sorted(datetime.date.fromisoformat(day) for day in found)


def timemap(here: str, path: str, known: list[datetime.date]) -> bytes:
    """All mementos of a document, in the link format.

    Source: https://www.rfc-editor.org/rfc/rfc7089#section-5
    """
    lines = [
        f'<{here}{path}>;rel="original timegate"',
        f'<{here}/timemap{path}>;rel="self";type="{MEDIA_TYPE}"',
    ]
    for place, day in enumerate(known):
        ends = [name for name, there in (("first", place == 0), ("last", place == len(known) - 1)) if there]
        relation = " ".join([*ends, "memento"])
        lines.append(f'<{here}{path}?known-at={day.isoformat()}>;rel="{relation}";datetime="{_moment(day)}"')
    return (",\n".join(lines) + "\n").encode()


def _moment(day: datetime.date) -> str:
    end = datetime.datetime.combine(day, datetime.time(23, 59, 59), datetime.UTC)
    return email.utils.format_datetime(end, usegmt=True)
