"""The view of a request: its parameters, the store that answers it, the headers that say what it is.

To serve anything as of a view: `asked = views.read(parameters)`, then `seen = await views.seen(asked, request, client)`
for each request to the readers; send `seen.request` instead, answer with `seen.headers`, and put `asked.digest` (by
`views.normal(asked)`) among what its ETag is made of. The empty view costs nothing and changes nothing.
"""

from __future__ import annotations

import asyncio
import dataclasses
import functools
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from kg.errors import FoedusError
from kg.settings import Settings
from kg.store.answers import Request, looks_up
from kg.store.generation import EVIDENCE, Generation
from kg.store.readers import Readers
from kg.store.turns import Turns
from kg.views.shelf import Shelf, Shelved
from kg.views.view import PARAMETERS, Calendar, View, read
from server.sparql.parameters import Parameters

SHOWN: Mapping[str, str] = {
    "claims": "held",
    "presumed to hold": "presumed-valid",
    "presumed known": "presumed-known",
    "excluded": "excluded",
    "accepted": "accepted",
    "undecided": "undecided",
}
"""What the header `Foedus-View-Claims` counts, by what the view counts."""


@dataclass(frozen=True)
class Seen:
    """A request that will be answered from a view, and the headers that tell so."""

    request: Request
    headers: Mapping[str, str]
    counts: Mapping[str, int]
    generation: str | None


class Views:
    """Finds the store of a view, or has it made: one that many ask for at once is made once."""

    def __init__(self, settings: Settings, readers: Readers) -> None:
        self._readers = readers
        self._shelf = Shelf(settings)
        self._turns = Turns(settings.views_builders, settings.waiting, settings.views_deadline)
        self._threads = ThreadPoolExecutor(settings.views_builders, thread_name_prefix="view")
        self._aside = ThreadPoolExecutor(1, thread_name_prefix="prepared-view")
        self._making: dict[tuple[str, str, str], asyncio.Task[Shelved]] = {}
        self._calendars: dict[str, Calendar] = {}

    @staticmethod
    def read(parameters: Parameters) -> View:
        """Read the view that a request asks for; raises ViewRefused."""
        return read({name: parameters.all(name) for name in PARAMETERS})

    def calendar(self, generation: Generation) -> Calendar:
        """What a generation can be asked; raises ViewRefused."""
        if generation.name not in self._calendars:
            self._calendars = {generation.name: Calendar.read(generation.path)}
        return self._calendars[generation.name]

    def normal(self, view: View) -> View:
        """The view that stands for all with the same claims; raises ViewRefused, NothingBuilt."""
        return self.calendar(self._readers.generation()).normal(view) if view else view

    def fields(self, parameters: Parameters) -> dict[str, object]:
        """What a form for views shows: the values as they were sent, and the viewpoints that there are."""
        offered = True
        values = {name: ", ".join(each for each in parameters.all(name) if each) for name in PARAMETERS}
        try:
            viewpoints = self.calendar(self._readers.generation()).viewpoints
        except FoedusError:
            viewpoints, offered = (), False
        return {"offered": offered, "given": values, "asked": any(values.values()), "viewpoints": viewpoints}

    async def seen(self, view: View, request: Request, client: str) -> Seen:
        """Return a request as it is asked of a view; waits until the view is made.

        Raises ViewRefused, NothingBuilt, StoreUnreadable, TooBusy and DeadlinePassed.
        """
        if not view:
            return Seen(request, {}, {}, None)
        generation = self._readers.generation()
        normal = self.calendar(generation).normal(view)
        shelved = await self._shelved(generation, normal, request.store, client)
        if shelved.alone and looks_up(request):
            shelved = await self._shelved(generation, normal, EVIDENCE, client)
        headers = {"Foedus-View": str(view), "Foedus-View-Claims": summary(shelved.counts)}
        asked = dataclasses.replace(request, view=str(shelved.path))
        return Seen(asked, headers, shelved.counts, shelved.generation)

    async def _shelved(self, generation: Generation, view: View, store: str, client: str) -> Shelved:
        found = self._shelf.find(generation, view, store)
        if found is not None:
            return found
        key = (generation.name, view.digest, store)
        if key not in self._making:
            task = asyncio.get_running_loop().create_task(self._make(generation, view, store, client))
            self._making[key] = task
            task.add_done_callback(lambda done: self._made(key, done))
        return await asyncio.shield(self._making[key])

    async def _make(self, generation: Generation, view: View, store: str, client: str) -> Shelved:
        await self._turns.take(client)
        try:
            return await self._in_thread(self._shelf.make, generation, view, store)
        finally:
            self._turns.release(client)

    @property
    def busy(self) -> bool:
        """Whether somebody waits for a view."""
        return bool(self._making)

    async def prepare(self, generation: Generation, view: View, store: str) -> None:
        """Make a view that nobody waits for, unless it is there, with the time that others leave.

        Raises ViewRefused, StoreUnreadable and DeadlinePassed.
        """
        normal = self.calendar(generation).normal(view)
        work = functools.partial(self._shelf.make, generation, normal, store, gently=True)
        await asyncio.get_running_loop().run_in_executor(self._aside, work)

    def filled(self) -> float:
        """The part of the space for views that is taken."""
        return self._shelf.filled()

    def _made(self, key: tuple[str, str, str], task: asyncio.Task[Shelved]) -> None:
        self._making.pop(key, None)
        if not task.cancelled():
            task.exception()  # looked at here, in case that nobody waits for it any more

    async def close(self) -> None:
        """End what is being made."""
        for task in list(self._making.values()):
            task.cancel()
        self._shelf.close()
        await asyncio.gather(*self._making.values(), return_exceptions=True)
        self._threads.shutdown()
        self._aside.shutdown()

    def _in_thread(self, work: Callable[..., Shelved], *arguments: Any) -> asyncio.Future[Shelved]:
        return asyncio.get_running_loop().run_in_executor(self._threads, work, *arguments)


def summary(counts: Mapping[str, int]) -> str:
    """The counts of a view as they stand in `Foedus-View-Claims`.

    >>> summary({"claims": 20, "presumed to hold": 3, "excluded": 5, "excluded: viewpoint": 5})
    'held=20, presumed-valid=3, excluded=5'
    """
    return ", ".join(f"{short}={counts[name]}" for name, short in SHOWN.items() if name in counts)
