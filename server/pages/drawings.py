"""Small drawings, made here as SVG: a map around a place, and a line of time. Numbers only; the templates draw."""

from __future__ import annotations

import datetime
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from server.pages.land import Ring, path_within

WIDTH, HEIGHT = 320.0, 220.0
ROWS = 14
"""How many spans a line of time shows."""


@dataclass(frozen=True)
class Spot:
    """A place on the map: where, what it is called, where it leads; `main` is the one that the map is about."""

    x: float
    y: float
    label: str
    link: str | None
    main: bool


@dataclass(frozen=True)
class Map:
    """A piece of the world in plate carrée: land as a path, lines of the grid with their labels, and places."""

    land: str
    meridians: tuple[tuple[float, str], ...]
    parallels: tuple[tuple[float, str], ...]
    spots: tuple[Spot, ...]
    text: str


@dataclass(frozen=True)
class Span:
    """One span: from and to in drawing units; `open` where no end is known."""

    x: float
    width: float
    y: float
    label: str
    link: str | None
    open: bool


@dataclass(frozen=True)
class TimeLine:
    """Spans over an axis of years; `rest` are those that did not fit."""

    spans: tuple[Span, ...]
    ticks: tuple[tuple[float, str], ...]
    height: float
    rest: int


def map_around(
    latitude: float,
    longitude: float,
    label: str,
    others: Sequence[tuple[float, float, str, str | None]],
    land: Iterable[Ring] = (),
) -> Map:
    """The map around a place; `others` are latitude, longitude, name and address of further places."""
    across = 36.0
    down = across * HEIGHT / WIDTH
    west, north = longitude - across / 2, min(90.0, latitude + down / 2)

    def at(lat: float, lon: float) -> tuple[float, float]:
        turned = (lon - west + 540) % 360 - 180
        return round(turned / across * WIDTH, 1), round((north - lat) / down * HEIGHT, 1)

    step = 10
    first = math.ceil(west / step) * step
    meridians = [
        (at(latitude, lon)[0], _degrees(((lon + 540) % 360) - 180, "E", "W"))
        for lon in range(first, int(west + across) + 1, step)
    ]
    parallels = [
        (at(lat, longitude)[1], _degrees(lat, "N", "S"))
        for lat in range(math.ceil((north - down) / step) * step, int(north) + 1, step)
    ]
    spots = []
    for lat, lon, name, link in others:
        x, y = at(lat, lon)
        if 8 < x < WIDTH - 8 and 8 < y < HEIGHT - 8 and (lat, lon) != (latitude, longitude):
            spots.append(Spot(x, y, name, link, main=False))
    x, y = at(latitude, longitude)
    text = f"{abs(latitude):g}° {'N' if latitude >= 0 else 'S'}, {abs(longitude):g}° {'E' if longitude >= 0 else 'W'}"
    shore = path_within(land, west, north, across, (WIDTH, HEIGHT))
    return Map(shore, tuple(meridians), tuple(parallels), (*spots, Spot(x, y, label, None, main=True)), text)


def time_line(
    spans: Sequence[tuple[str, str | None, str, str | None]], today: datetime.date, rest: int = 0
) -> TimeLine | None:
    """The line of time of spans: first day, last day or None, name, address; None where there is nothing to see.

    `rest` is how many there are besides.
    """
    days = [(_day(begin), _day(end) if end else None, label, link) for begin, end, label, link in spans]
    known = sorted(
        ((begin, end, label, link) for begin, end, label, link in days if begin is not None),
        key=lambda each: (each[0], each[2]),
    )
    if len(known) < 2:
        return None
    first = known[0][0].year
    last = max([today.year, *(end.year for _, end, _, _ in known if end)]) + 1
    scale = (WIDTH * 2 - 20) / ((last - first) or 1)

    def x(day: datetime.date) -> float:
        return round(10 + (day.year - first + (day.timetuple().tm_yday - 1) / 366) * scale, 1)

    drawn = []
    for index, (begin, end, label, link) in enumerate(known[:ROWS]):
        width = max(3.0, round((x(end) if end else x(today)) - x(begin), 1))
        drawn.append(Span(x(begin), width, 22.0 + index * 24, label, link, open=end is None))
    years = last - first
    step = next(each for each in (1, 2, 5, 10, 20, 25, 50, 100, 500) if years / each <= 8)
    ticks = [
        (x(datetime.date(year, 1, 1)), str(year)) for year in range(math.ceil(first / step) * step, last + 1, step)
    ]
    return TimeLine(tuple(drawn), tuple(ticks), 22.0 + len(drawn) * 24 + 6, rest)


def _day(text: str) -> datetime.date | None:
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        return None


def _degrees(value: float, positive: str, negative: str) -> str:
    return f"{abs(value):g}°{positive if value > 0 else negative if value < 0 else ''}"
