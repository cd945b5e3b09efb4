"""How much query time each client has left: so many seconds a minute, saved up to one minute's worth."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable
from typing import NamedTuple

from kg.settings import variable
from kg.store.answers import TooMany

MOST = 10_000
"""How many clients are remembered; the one that has not asked for longest is forgotten first."""


class Account(NamedTuple):
    """What a client had left, in seconds, and when that was."""

    left: float
    at: float


class Budgets:
    """The accounts of all clients; a query is paid after it has run, so an account can be overdrawn once."""

    def __init__(self, seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        """`seconds` are what a client may use each minute; 0 is no limit."""
        self._seconds = seconds
        self._clock = clock
        self._accounts: OrderedDict[str, Account] = OrderedDict()

    def check(self, client: str) -> None:
        """Raise TooMany when a client has overdrawn its account, with the seconds until it may ask again."""
        left = self._left(client)
        if left < 0:
            raise TooMany(
                f"your queries have used more than {self._seconds:g} s a minute ({variable('client_seconds')}); "
                "ask less, or make your queries more selective",
                retry_after=-left * 60 / self._seconds,
            )

    def spend(self, client: str, seconds: float) -> None:
        """Take the time of one query from a client's account."""
        if self._seconds:
            self._accounts[client] = Account(self._left(client) - seconds, self._clock())
            self._accounts.move_to_end(client)
            if len(self._accounts) > MOST:
                self._accounts.popitem(last=False)

    def _left(self, client: str) -> float:
        if client not in self._accounts:
            return self._seconds
        left, at = self._accounts[client]
        return min(self._seconds, left + (self._clock() - at) * self._seconds / 60)
