"""The line of time on the page of a name: when what is claimed began and ended, by the claims."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from itertools import zip_longest

from server.pages.claimants import Claimed
from server.pages.drawings import ROWS, TimeLine, time_line

_ACTORS = frozenset({"claimant", "controller", "recogniser", "member", "obligor", "participant", "holder", "party"})
_AGENTS = ("/id/polity/", "/id/organisation/", "/id/person/", "/id/group/")
_PLACES = ("/id/territory/", "/id/site/", "/id/place/")


def lifetime(claims: dict[str, Claimed]) -> TimeLine | None:
    """A line up to today with when each claim says that it began and ended; None where none says so."""
    dated = [each for each in claims.values() if each.begin and each.retracted is None]
    spans = [(each.begin or "", each.end, _summary(each), each.link) for each in _varied(dated)]
    today = datetime.datetime.now(datetime.UTC).date()
    return time_line(list(dict.fromkeys(spans)), today, rest=max(0, len(dated) - ROWS))


def _summary(claimed: Claimed) -> str:
    """A claim in a few words, for the line of time."""
    ordered = sorted(claimed.lines, key=lambda line: line.label not in _ACTORS)
    values = [value for line in ordered for value in line.values if value.link and value.link.startswith("/id/")]
    for start in (_AGENTS, _PLACES, "/id/"):
        who = [value.text for value in values if value.link and value.link.startswith(start)]
        if who:
            return f"{claimed.kind}: {who[0]}"
    return claimed.kind


def _varied(claims: Iterable[Claimed]) -> list[Claimed]:
    """As many claims as a line of time shows, of as many kinds as there are, each kind from its first on."""
    kinds: dict[str, list[Claimed]] = {}
    for each in sorted(claims, key=lambda each: (each.begin or "", each.iri)):
        kinds.setdefault(each.kind, []).append(each)
    turns = [each for turn in zip_longest(*kinds.values()) for each in turn if each is not None]
    return turns[:ROWS]
