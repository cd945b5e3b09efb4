"""A slow query asked a second time in another way that means the same: whichever answers first is the answer.

The engine evaluates a NOT EXISTS of several patterns for each solution, and a MINUS once (kg.algebra.negation); which
of the two is the faster depends on the data, and either may be slower by a factor of a hundred. So both run, the other
way only when the first has had its chance, and only while the client's share of the readers has room for it.
Source: https://dl.acm.org/doi/10.1145/2408776.2408794 (hedged requests)
"""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import re

from kg.algebra.gate import QueryRefused
from kg.algebra.negation import with_minus
from kg.algebra.tokens import QueryUnreadable
from kg.errors import FoedusError
from kg.store.answers import QUERY, Answer, Request
from kg.store.readers import Readers

PATIENCE = 0.5
"""Seconds that a query has before it is asked in the other way, too."""
_NEGATION = re.compile(r"(?:\bNOT\s++|!\s*+\(*+\s*+)EXISTS\b", re.IGNORECASE)


class Hedged:
    """Readers that get another chance at a query; used from one event loop."""

    def __init__(self, readers: Readers) -> None:
        self._readers = readers

    async def ask(self, request: Request, client: str) -> Answer:
        """Answer a query; raises what Readers.ask raises."""
        if request.task != QUERY or not request.stable or _NEGATION.search(request.text) is None:
            return await self._readers.ask(request, client)
        first = asyncio.create_task(self._readers.ask(request, client))
        asked = [first]
        try:
            done, _ = await asyncio.wait(asked, timeout=PATIENCE)
            other = None if done else self._otherwise(request, client)
            if other is None:
                return await first
            asked.append(asyncio.create_task(self._readers.ask(other, client)))
            answer = await _first_answer(asked)
            self._readers.keep(request, answer)
            return answer
        finally:
            for each in asked:
                each.cancel()
            await asyncio.gather(*asked, return_exceptions=True)

    def _otherwise(self, request: Request, client: str) -> Request | None:
        if not self._readers.has_room(client):
            return None
        with contextlib.suppress(QueryRefused, QueryUnreadable, RecursionError):
            text = with_minus(request.text, request.base)
            return None if text is None else dataclasses.replace(request, text=text)
        return None


async def _first_answer(asked: list[asyncio.Task[Answer]]) -> Answer:
    """The first answer that is one; when there is none, the error of the query as it was asked."""
    for each in asyncio.as_completed(asked):
        with contextlib.suppress(FoedusError):
            return await each
    return await asked[0]
