"""A view: as of which days, from whose point of view, and with which evidence the graph is seen."""

from __future__ import annotations

import hashlib
import json
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from kg.errors import FoedusError

FILE = "views.json"
PARAMETERS: Mapping[str, str] = {
    "valid-at": "what holds on that day, or is presumed to (YYYY-MM-DD)",
    "known-at": "what was known on that day: reported by then (YYYY-MM-DD)",
    "recorded-at": "what this graph itself held on that day (YYYY-MM-DD)",
    "pov": "a viewpoint that decides between rival claims; several are possible (see /views)",
    "min-sources": "how many independent sources a claim needs; reprints count once",
    "certainty": "verified: only what was seen in the source",
    "exclude-source": "a source (source/…) or publisher (publisher/…) that does not count; several are possible",
    "possible": "true: with valid-at, also what possibly holds, within the imprecision of its dates",
}
"""The parameters that make a view, wherever one can be asked for, with what they mean."""


class ViewRefused(FoedusError):
    """The parameters do not describe a view; the text says which, why, and what to write."""


@dataclass(frozen=True)
class View:
    """Which claims the graph has. The empty view is the plain graph.

    `minimum` counts independent sources, `verified` asks for attestations seen in their sources, `excluded`
    holds sources and publishers by reference, `possible` adds what possibly holds on `valid_at`.
    """

    valid_at: date | None = None
    known_at: date | None = None
    recorded_at: date | None = None
    pov: tuple[str, ...] = ()
    minimum: int = 1
    verified: bool = False
    excluded: tuple[str, ...] = ()
    possible: bool = False

    def __bool__(self) -> bool:
        """Whether it differs from the plain graph."""
        return self != View()

    def parameters(self) -> list[tuple[str, str]]:
        """Names and values that ask for this view, in the order of PARAMETERS.

        >>> View(known_at=date(2026, 1, 6), pov=("ukraine",)).parameters()
        [('known-at', '2026-01-06'), ('pov', 'ukraine')]
        """
        days = {"valid-at": self.valid_at, "known-at": self.known_at, "recorded-at": self.recorded_at}
        found = [(name, day.isoformat()) for name, day in days.items() if day]
        found += [("pov", slug) for slug in self.pov]
        found += [("min-sources", str(self.minimum))] * (self.minimum > 1)
        found += [("certainty", "verified")] * self.verified
        found += [("exclude-source", reference) for reference in self.excluded]
        found += [("possible", "true")] * self.possible
        return found

    def __str__(self) -> str:
        """The parameters as they stand in the header `Foedus-View`."""
        return "; ".join(f"{name}={value}" for name, value in self.parameters())

    @property
    def digest(self) -> str:
        """The name of the view: equal for equal views, 32 hex digits."""
        text = json.dumps(asdict(self), default=str, sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()[:32]


def read(given: Mapping[str, Sequence[str]]) -> View:
    """Read a view from parameters by name, each with its values; others than PARAMETERS are passed over.

    Raises ViewRefused for a value that cannot be read. Whether viewpoints and sources are known is for
    `Calendar.normal` to say.

    >>> str(read({"valid-at": ["2026-01-06"], "min-sources": ["2"]}))
    'valid-at=2026-01-06; min-sources=2'
    """
    single = {name: _single(name, given.get(name, ())) for name in PARAMETERS if name not in ("pov", "exclude-source")}
    minimum = single["min-sources"] or "1"
    if not minimum.isdecimal() or not 1 <= int(minimum) <= 1000:
        raise ViewRefused(f"min-sources={minimum[:40]!r} is no number of sources; write a number from 1 to 1000")
    certainty = single["certainty"] or "remembered"
    if certainty not in ("remembered", "verified"):
        raise ViewRefused(f"certainty={certainty[:40]!r} is not known; write verified, or leave it out for all")
    possible = single["possible"] or "false"
    if possible not in ("true", "false"):
        raise ViewRefused(f"possible={possible[:40]!r} is neither true nor false")
    valid_at = _day("valid-at", single["valid-at"])
    if possible == "true" and valid_at is None:
        raise ViewRefused("possible=true needs a day; add valid-at=YYYY-MM-DD")
    return View(
        valid_at=valid_at,
        known_at=_day("known-at", single["known-at"]),
        recorded_at=_day("recorded-at", single["recorded-at"]),
        pov=_several(given.get("pov", ()), "viewpoint/"),
        minimum=int(minimum),
        verified=certainty == "verified",
        excluded=_several(given.get("exclude-source", ())),
        possible=possible == "true",
    )


def _single(name: str, values: Sequence[str]) -> str:
    if len(values) > 1:
        raise ViewRefused(f"{name} is there {len(values)} times; send it once")
    return values[0].strip() if values else ""


def _several(values: Sequence[str], start: str = "") -> tuple[str, ...]:
    parts = (part.strip().removeprefix(start) for value in values for part in value.split(","))
    return tuple(sorted({part for part in parts if part}))


def _day(name: str, text: str) -> date | None:
    if not text:
        return None
    try:
        if len(text) != 10:
            raise ValueError
        return date.fromisoformat(text)
    except ValueError:
        raise ViewRefused(f"{name}={text[:40]!r} is not a day of the calendar; write YYYY-MM-DD") from None


@dataclass(frozen=True)
class Calendar:
    """What a generation can be asked: the days on which a view changes, its viewpoints, sources and publishers.

    Days are ordinals, sorted. Between two of them every day gives the same view. `valid_spread` and `known_spread` are
    a hundred days at most, between any two of which about as many claims begin or end, or become known.
    """

    valid: Sequence[int]
    known: Sequence[int]
    recorded: Sequence[int]
    claims: int
    viewpoints: Sequence[Mapping[str, Any]]
    sources: Sequence[str]
    publishers: Sequence[str]
    valid_spread: Sequence[int] = ()
    known_spread: Sequence[int] = ()

    @classmethod
    def read(cls, generation: Path) -> Calendar:
        """Read the calendar of a generation; raise ViewRefused when it has none."""
        try:
            return cls(**json.loads((generation / FILE).read_bytes()))
        except OSError as error:
            raise ViewRefused(
                f"{generation.name} has no views: it was not built from claims, or before there were views; "
                "run `foedus build`, or ask without them"
            ) from error

    def dumps(self) -> bytes:
        """Write it as JSON."""
        return json.dumps(asdict(self), ensure_ascii=False, separators=(",", ":")).encode()

    def normal(self, view: View) -> View:
        """Return the one view that stands for all that have the same claims as this, by their days.

        Raises ViewRefused for viewpoints, sources and publishers that are not there.
        """
        known = [viewpoint["slug"] for viewpoint in self.viewpoints]
        for slug in view.pov:
            if slug not in known:
                raise ViewRefused(f"pov={slug[:80]!r} is no viewpoint; {_meant(slug, known, 'GET /views lists them')}")
        excluded = tuple(sorted({self._reference(text) for text in view.excluded}))
        return replace(
            view,
            valid_at=_last(self.valid, view.valid_at),
            known_at=_last(self.known, view.known_at),
            recorded_at=_last(self.recorded, view.recorded_at),
            excluded=excluded,
        )

    def _reference(self, text: str) -> str:
        reference = text[text.index("/id/") + 4 :] if "/id/" in text else text
        reference = reference if "/" in reference else f"source/{reference}"
        known = self.publishers if reference.startswith("publisher/") else self.sources
        if reference not in known:
            hint = "each attestation names its source, and foe:Source lists them"
            raise ViewRefused(f"exclude-source={text[:80]!r} is no source; {_meant(reference, known, hint)}")
        return reference


def _meant(text: str, known: Sequence[str], otherwise: str) -> str:
    slugs = {each.rpartition("/")[2]: each for each in known}
    close = get_close_matches(text.rpartition("/")[2], slugs, n=1, cutoff=0.6)
    return f"did you mean {slugs[close[0]]}?" if close else otherwise


def _last(days: Sequence[int], day: date | None) -> date | None:
    """The last of the days that is not after a day: no claim changes between the two."""
    if day is None:
        return None
    place = bisect_right(days, day.toordinal())
    return date.fromordinal(days[place - 1]) if place else date.min
