"""Whose turn it is: places that are shared fairly between clients, with a queue that has an end."""

from __future__ import annotations

import asyncio
from collections import Counter, OrderedDict, deque

from kg.settings import variable
from kg.store.answers import TooBusy, TooMany


class Turns:
    """A number of places, given to waiting clients in rotation.

    One client never has all places (where there are several), nor more than half of the queue, so that
    a flood from one does not shut the others out.
    """

    def __init__(self, places: int, waiting: int, patience: float, each: int | None = None) -> None:
        """`each` is how many of one client may hold a place or wait; without it, half of the queue may."""
        self._free = places
        self._share = max(1, places - 1)
        self._most_waiting = waiting
        self._each = each or places + waiting
        self._patience = patience
        self._holding: Counter[str] = Counter()
        self._queues: OrderedDict[str, deque[asyncio.Future[None]]] = OrderedDict()

    @property
    def waiting(self) -> int:
        """How many wait."""
        return sum(map(len, self._queues.values()))

    def has_room(self, client: str) -> bool:
        """Whether a client would get a place at once."""
        return self._free > 0 and self._holding[client] < self._share

    async def take(self, client: str) -> None:
        """Wait for a place. Pair with `release`.

        Raises TooBusy when the queue is full or the wait too long, TooMany when this client has too many there.
        """
        if self._free and self._holding[client] < self._share:
            self._grant(client)
            return
        queue = self._queues.setdefault(client, deque())
        own = self._holding[client] + len(queue)
        if own >= self._each or len(queue) > self._most_waiting // 2:
            self._forget(client)
            raise TooMany(
                f"{own} of your queries run or wait already ({variable('client_queries')}); wait for their answers",
                retry_after=1,
            )
        if self.waiting >= self._most_waiting:
            self._forget(client)
            raise TooBusy(f"{self.waiting} queries are waiting already ({variable('waiting')}); try again in a while")
        turn = asyncio.get_running_loop().create_future()
        queue.append(turn)
        try:
            async with asyncio.timeout(self._patience):
                await turn
        except BaseException as error:
            if turn.done() and not turn.cancelled():
                self.release(client)
            elif turn in queue:
                queue.remove(turn)
                self._forget(client)
            if isinstance(error, TimeoutError):
                raise TooBusy(
                    f"all readers were busy for {self._patience:g} s ({variable('patience')}); try again in a while"
                ) from error
            raise

    def release(self, client: str) -> None:
        """Give a place back; the next client in rotation gets it."""
        self._free += 1
        self._holding[client] -= 1
        if not self._holding[client]:
            del self._holding[client]
        self._pass_on()

    def _pass_on(self) -> None:
        for client in list(self._queues):
            if not self._free:
                return
            queue = self._queues[client]
            while queue and queue[0].done():
                queue.popleft()
            if queue and self._holding[client] < self._share:
                self._queues.move_to_end(client)
                self._grant(client)
                queue.popleft().set_result(None)
            self._forget(client)

    def _grant(self, client: str) -> None:
        self._free -= 1
        self._holding[client] += 1

    def _forget(self, client: str) -> None:
        if not self._queues.get(client, True):
            del self._queues[client]
