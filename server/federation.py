"""Queries with SERVICE: each clause is asked of whom it names, and its solutions take its place.

The readers open no connections, not even for this. Those that are allowed are asked by readers of their own kind
(kg.store.remote), which know one address each; what they answer stands as VALUES in the query that the graph is
asked. That is what the clause means: its group is evaluated by itself, and its solutions are joined.
"""

from __future__ import annotations

import asyncio
import dataclasses
import json
import tempfile
import time
import uuid
from pathlib import Path

from kg.algebra import Outline, QueryUnreadable
from kg.algebra.federation import Service, blanked, group_of, nothing_known, replaced
from kg.errors import FoedusError
from kg.settings import MEBIBYTE, Settings, variable
from kg.store import answers
from kg.store.answers import Answer, AnswerTooLarge, DeadlinePassed, QueryUnanswerable, RemoteFailed, Request
from kg.store.formats import JSON
from kg.store.readers import Readers
from kg.store.remote.address import Remote, check, publish
from server.hedging import Hedged

MOST_ROWS = 10_000
"""How many solutions one clause may bring."""


class Federation:
    """Asks the graph, and before it those whom a query names; used from one event loop."""

    def __init__(self, settings: Settings, readers: Readers) -> None:
        self._settings, self._readers = settings, Hedged(readers)
        self.allowed = frozenset(settings.services.split())
        """Whom a query may ask."""
        for each in self.allowed:
            check(variable("services"), each)
        self._folder = tempfile.TemporaryDirectory(prefix="foedus-services-") if self.allowed else None
        self._others: dict[str, asyncio.Task[Readers]] = {}

    async def ask(self, request: Request, outline: Outline, client: str) -> Answer:
        """Answer a query; raises what Readers.ask raises, RemoteFailed where one that is asked fails."""
        if not outline.services:
            return await self._readers.ask(request, client)
        until = time.monotonic() + request.deadline
        groups = [(clause, await self._group(clause, client, until)) for clause in outline.services]
        text = replaced(request.text, groups)
        try:
            return await self._readers.ask(self._rest(request, text, until), client)
        except QueryUnreadable:
            # Where it is wrong is told of the text that was sent, by asking that without the clauses.
            await self._readers.ask(self._rest(request, blanked(request.text, outline.services), until), client)
            raise

    async def close(self) -> None:
        """End those who ask."""
        for readers in await asyncio.gather(*self._others.values(), return_exceptions=True):
            if isinstance(readers, Readers):
                await readers.close()
        if self._folder is not None:
            self._folder.cleanup()

    async def _group(self, clause: Service, client: str, until: float) -> str:
        try:
            groups = [(inner, await self._group(inner, client, until)) for inner in clause.within]
            readers = await self._asking(clause.target)
            request = self._rest(_request(clause, self._settings), replaced(clause.asked, groups), until)
            answer = await readers.ask(request, client)
        except FoedusError as error:
            if clause.silent:
                return nothing_known()
            raise _told(clause.target, error) from error
        return group_of(json.loads(answer.body), f"{self._settings.base}.well-known/genid/{uuid.uuid4().hex}-")

    async def _asking(self, target: str) -> Readers:
        if target not in self._others:
            self._others[target] = asyncio.create_task(self._started(target, len(self._others)))
        try:
            return await asyncio.shield(self._others[target])
        except OSError as error:
            del self._others[target]
            raise RemoteFailed(f"<{target}> cannot be asked now: {error}") from error

    async def _started(self, target: str, number: int) -> Readers:
        assert self._folder is not None
        root = Path(self._folder.name) / str(number)
        await asyncio.to_thread(publish, root, Remote(target, target, "", union=False))
        # Without the setting that names the store, the process is not told what only that store may know.
        settings = dataclasses.replace(self._settings, data_directory=root, store="", readers=2, cache_size=0)
        readers = Readers(settings)
        await readers.start()
        return readers

    @staticmethod
    def _rest(request: Request, text: str, until: float) -> Request:
        """The request with another text, and what is left of its time."""
        left = until - time.monotonic()
        if left <= 0:
            raise DeadlinePassed("asking other servers took all the time that the query has; ask them for less")
        return dataclasses.replace(request, text=text, deadline=left)


def _request(clause: Service, settings: Settings) -> Request:
    return Request(
        text=clause.asked,
        store="remote",
        media_type=JSON.media_type,
        base=settings.base,
        prefixes={},
        default_graphs=None,
        named_graphs=None,
        largest=settings.answer_size * MEBIBYTE,
        rows=0,
        deadline=settings.deadline,
        form="SELECT" if clause.rows else "ASK",
        most_rows=MOST_ROWS,
        task=answers.QUERY,
    )


def _told(target: str, error: FoedusError) -> FoedusError:
    if isinstance(error, AnswerTooLarge):
        return AnswerTooLarge(f"<{target}> has more than {MOST_ROWS:,} solutions for its SERVICE; ask it for less")
    if isinstance(error, QueryUnreadable):
        return QueryUnanswerable(f"<{target}> does not understand what SERVICE asks it: {error.message}")
    if isinstance(error, RemoteFailed | QueryUnanswerable):
        return type(error)(f"<{target}>, which SERVICE asks: {error}")
    return error
