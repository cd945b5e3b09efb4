"""Some views of a large graph before somebody asks for them: others are made from those, which is quick.

The first view of a graph with millions of triples takes as long as its changes take to write; one that is near another
takes a fraction of that (kg.views.origins). So a server with nothing else to do makes some, each gently.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import zip_longest

from kg.errors import FoedusError
from kg.settings import Settings
from kg.store.generation import MERGE, Generation
from kg.store.readers import Readers
from kg.views.view import Calendar, View
from server.views import Views

LARGE = 1_000_000
"""Triples in a merge from which on views are prepared; below that, any view takes about a second."""
PAUSE = 1.0
"""Seconds between two looks at whether there is something to prepare, or somebody waits for a view."""
SHARE = 0.75
"""The part of the space for views that what is prepared may fill."""
LOG = logging.getLogger("foedus")


class Preparing:
    """Makes some views of each large generation, as long as the server stands."""

    def __init__(self, settings: Settings, readers: Readers, views: Views) -> None:
        self._days, self._readers, self._views = settings.views_prepared, readers, views
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to look for something to prepare."""
        if self._days:
            self._task = asyncio.get_running_loop().create_task(self._run())

    async def close(self) -> None:
        """End it."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _run(self) -> None:
        done = ""
        while True:
            await asyncio.sleep(PAUSE)
            try:
                generation = self._readers.generation()
                if generation.name != done:
                    done = generation.name
                    await self._prepare(generation)
            except (FoedusError, OSError) as error:  # nothing built, nothing with views, no room: it goes on without
                LOG.debug("no views are prepared: %s", error)

    async def _prepare(self, generation: Generation) -> None:
        if generation.manifest()["counts"].get("merged triples", 0) < LARGE:
            return
        calendar = self._views.calendar(generation)
        for view in prepared(calendar, self._days):
            while self._views.busy:
                await asyncio.sleep(PAUSE)
            if self._readers.generation().name != generation.name or self._views.filled() > SHARE:
                return
            await self._views.prepare(generation, view, MERGE)


def prepared(calendar: Calendar, count: int) -> Iterator[View]:
    """Yield views of so many days on each axis, about as many claims apart, the last days first, and of each filter.

    What is known at the end is the plain graph, which is there; what holds at the end is not, and asked most.
    """
    valid = _some(calendar.valid_spread, [number / count for number in range(1, count + 1)])
    known = _some(calendar.known_spread, [number / (count + 1) for number in range(1, count + 1)])
    for one, other in zip_longest(valid, known):
        yield from [View(valid_at=one)] if one else []
        yield from [View(known_at=other)] if other else []
    yield from (View(verified=True), View(minimum=2))


def _some(spread: Sequence[int], parts: Sequence[float]) -> list[date]:
    last = len(spread) - 1
    places = {round(last * part) for part in parts} if spread else set()
    return [date.fromordinal(spread[place]) for place in sorted(places, reverse=True)]
