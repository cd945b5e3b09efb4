"""The readers of the web process: several processes, each killable, always on the current generation."""

from __future__ import annotations

import asyncio
import contextlib
import threading
import time
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from kg.errors import FoedusError
from kg.settings import MEBIBYTE, Settings
from kg.store import generation
from kg.store.answers import Answer, ReaderLost, Request
from kg.store.budgets import Budgets
from kg.store.cache import Cache
from kg.store.generation import Generation
from kg.store.process import Reader
from kg.store.turns import Turns

REFRESH = 0.5
T = TypeVar("T")


class Seat:
    """Where one reader sits: it keeps a living reader on the current generation there."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._reader: Reader | None = None
        self._lock = threading.Lock()
        self._closed = False

    @property
    def pid(self) -> int | None:
        """The process id of a living reader."""
        reader = self._reader
        return reader.pid if reader is not None and reader.alive else None

    @property
    def confined(self) -> bool:
        """Whether the kernel keeps the reader here from opening connections."""
        reader = self._reader
        return reader is not None and reader.confined

    def is_ready(self, current: Generation) -> bool:
        """Whether a living reader sits here, on that generation."""
        reader = self._reader
        return reader is not None and reader.generation == current and reader.alive

    def prepare(self) -> None:
        """Put a living reader on the current generation here; raise NothingBuilt or StoreUnreadable."""
        with self._lock:
            self._living()

    def at_hand(self, current: Generation) -> Reader | None:
        """The reader that sits here, if it can be asked at once; who got it gives it back by `leave`."""
        if not self._lock.acquire(blocking=False):
            return None
        if not self._closed and self.is_ready(current):
            return self._reader
        self._lock.release()
        return None

    def leave(self) -> None:
        """Give back the reader that `at_hand` gave."""
        self._lock.release()

    def answer(self, request: Request, unwanted: threading.Event) -> Answer:
        """Ask the reader, unless nobody wants the answer any more; see Reader.ask."""
        with self._lock:
            reader = self._living()
            if unwanted.is_set():
                raise ReaderLost("nobody waits for this answer any more")
            return reader.ask(request)

    def interrupt(self) -> None:
        """End the reader, whatever it works on; any thread may call this at any time."""
        reader = self._reader
        if reader is not None:
            reader.kill()

    def close(self) -> None:
        """End the reader that sits here, and give back what it holds; nobody sits here after that."""
        with self._lock:
            self._closed = True
            self._dismiss()

    def _living(self) -> Reader:
        if self._closed:
            raise ReaderLost("the server is ending")
        current = generation.current(self._settings.data_directory)
        if self._reader is None or not self.is_ready(current):
            self._dismiss()
            with generation.holding(self._settings.data_directory) as held:
                self._reader = Reader(held, self._settings)
        return self._reader

    def _dismiss(self) -> None:
        reader, self._reader = self._reader, None
        if reader is not None:
            reader.close()


class Readers:
    """Answers queries from a fixed number of readers; used from one event loop.

    A reader that was killed, by its deadline or otherwise, is replaced before its place is given to the
    next query. When a build publishes a new generation, readers go over to it within REFRESH seconds.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._threads = ThreadPoolExecutor(2 * settings.readers, thread_name_prefix="reader")
        self._turns = Turns(settings.readers, settings.waiting, settings.patience, settings.client_queries)
        self._budgets = Budgets(settings.client_seconds)
        self._cache = Cache(settings.cache_size * MEBIBYTE)
        self._seats = [Seat(settings) for _ in range(settings.readers)]
        self._idle = list(self._seats)
        self._tasks: set[asyncio.Task[None]] = set()

    async def start(self) -> None:
        """Start the readers, if anything is built, and begin to watch for new generations."""
        await asyncio.gather(*(self._prepare(seat) for seat in self._seats))
        self._keep(self._watch())

    async def close(self) -> None:
        """End all readers, with the queries that they work on."""
        for task in self._tasks:
            task.cancel()
        for seat in self._seats:
            seat.interrupt()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await asyncio.gather(*(self._in_thread(seat.close) for seat in self._seats))
        self._threads.shutdown()

    def generation(self) -> Generation:
        """The generation that is served now; raise NothingBuilt when there is none."""
        return generation.current(self._settings.data_directory)

    @property
    def pids(self) -> tuple[int, ...]:
        """The process ids of the living readers."""
        return tuple(pid for seat in self._seats if (pid := seat.pid) is not None)

    @property
    def confined(self) -> bool | None:
        """Whether the kernel keeps all living readers from opening connections; None when none lives."""
        told = [seat.confined for seat in self._seats if seat.pid is not None]
        return all(told) if told else None

    @property
    def waiting(self) -> int:
        """How many queries wait for a reader."""
        return self._turns.waiting

    def has_room(self, client: str) -> bool:
        """Whether a client would get a reader at once."""
        return self._turns.has_room(client)

    def keep(self, request: Request, answer: Answer) -> None:
        """Keep an answer for those who send the same request; it was got by another that means the same."""
        self._cache.put(request, answer)

    def known(self, request: Request) -> Answer | None:
        """The answer to a request, if it has been given already in this generation; raise NothingBuilt."""
        return self._cache.get(request, self.generation().name)

    async def ask(self, request: Request, client: str) -> Answer:
        """Answer a query for a client, when it is its turn.

        Cancelling this ends the work on the query. Raises TooBusy, TooMany, NothingBuilt, and what Reader.ask raises.
        """
        known = self.known(request)
        if known is not None:
            await asyncio.sleep(0)  # whoever asks in a loop lets others have their turn
            return known
        self._budgets.check(client)
        await self._turns.take(client)
        began = time.monotonic()
        seat = self._idle.pop()
        works: list[asyncio.Future[Answer]] = []
        whole = False
        try:
            answer = await self._answer(seat, request, works)
            whole = True
        finally:
            self._budgets.spend(client, time.monotonic() - began)
            if whole:
                self._free(seat, client)
            else:
                self._keep(self._restore(seat, client, works))
        self._cache.put(request, answer)
        return answer

    async def _answer(self, seat: Seat, request: Request, works: list[asyncio.Future[Answer]]) -> Answer:
        """Ask the reader of a seat: from the event loop as long as nothing has to be waited for but the answer.

        What is done in a thread is added to `works`.
        """
        reader = seat.at_hand(self.generation())
        unwanted = threading.Event()
        try:
            if reader is None:
                works.append(self._in_thread(seat.answer, request, unwanted))
            else:
                reader.begin(request)
                if reader.sent:  # a long one does not fit into the pipe at once, and the reader waits for the rest
                    await _readable(reader, request.deadline)
                    answer = reader.arrived()
                    if answer is not None:
                        return answer
                works.append(self._in_thread(reader.finish))
            return await asyncio.shield(works[0])
        except asyncio.CancelledError:
            unwanted.set()
            seat.interrupt()
            await asyncio.gather(*works, return_exceptions=True)
            raise
        finally:
            if reader is not None:
                seat.leave()

    async def _restore(self, seat: Seat, client: str, works: list[asyncio.Future[Answer]]) -> None:
        try:
            await asyncio.gather(*works, return_exceptions=True)
            await self._prepare(seat)
        finally:
            self._free(seat, client)

    async def _prepare(self, seat: Seat) -> None:
        with contextlib.suppress(FoedusError, OSError):  # the next query on this seat tries again, and reports
            await self._in_thread(seat.prepare)

    def _free(self, seat: Seat, client: str) -> None:
        self._idle.append(seat)
        self._turns.release(client)

    async def _watch(self) -> None:
        while True:
            await asyncio.sleep(REFRESH)
            with contextlib.suppress(FoedusError):
                current = self.generation()
                for _ in [seat for seat in self._idle if not seat.is_ready(current)]:
                    await self._refresh(current)

    async def _refresh(self, current: Generation) -> None:
        watcher = ""
        await self._turns.take(watcher)
        seat = next((seat for seat in self._idle if not seat.is_ready(current)), self._idle[0])
        self._idle.remove(seat)
        try:
            await self._prepare(seat)
        finally:
            self._free(seat, watcher)

    def _in_thread(self, work: Callable[..., T], *arguments: Any) -> asyncio.Future[T]:
        return asyncio.get_running_loop().run_in_executor(self._threads, work, *arguments)

    def _keep(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


async def _readable(reader: Reader, seconds: float) -> None:
    """Wait until an answer begins to arrive, or the process has ended; raise DeadlinePassed."""
    loop = asyncio.get_running_loop()
    arriving: asyncio.Future[None] = loop.create_future()

    def arrive() -> None:
        if not arriving.done():
            arriving.set_result(None)

    loop.add_reader(reader.output, arrive)
    overdue = loop.call_later(seconds, arrive)
    try:
        await arriving
    finally:
        overdue.cancel()
        loop.remove_reader(reader.output)
    if reader.is_overdue:
        raise reader.overdue()
