"""The ways in for writes: which addresses take them, and the processes behind them, that live as long as the server."""

from __future__ import annotations

import os
from collections.abc import Sequence

from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp

from kg.errors import FoedusError
from kg.settings import Settings
from kg.store.parser import Parser
from kg.store.remote.credentials import authorities, credentials
from kg.store.writer import Writer
from server.access import Access
from server.observing import Log
from server.writing.claims import Claims, Receipts
from server.writing.loading import Loading
from server.writing.managed import Managed
from server.writing.updates import GraphWrites, Plain, Target, Updates


class Doors:
    """Everything that writes; nothing at all, where the settings do not allow it."""

    def __init__(self, settings: Settings, log: Log) -> None:
        self._settings = settings
        self._access = Access(settings)
        self._parser = Parser(settings)
        self._loading = Loading(settings) if settings.plain else None
        self.writer: Writer | None = None
        if settings.writable and settings.store:
            told = (str(settings.data_directory), settings.base, str(settings.nesting), str(settings.write_deadline))
            known = {**authorities(os.environ), **credentials(os.environ)}
            self.writer = Writer(settings, "kg.store.remote.writer", told, environment=known)
        elif settings.writable and settings.plain:
            arguments = (str(settings.data_directory), settings.base, str(settings.nesting))
            self.writer = Writer(settings, "kg.store.plain_writer", arguments, settings.write_deadline)
        elif settings.writable:
            arguments = (str(settings.data_directory), settings.base, settings.facts)
            self.writer = Writer(settings, "kg.writing.process", arguments)
        if self.writer is not None:
            self.writer.told = log.event

    async def open(self) -> FoedusError | None:
        """Start the writer; return why it can't be, if it can't."""
        if self.writer is None:
            return None
        try:
            await self.writer.start()
        except FoedusError as error:
            return error
        return None

    async def close(self) -> None:
        """End what was started; writes that were begun are finished first."""
        if self.writer is not None:
            await self.writer.close()
        await self._parser.close()
        if self._loading is not None:
            await self._loading.close()

    def endpoint(self, questions: ASGIApp) -> ASGIApp:
        """The endpoint, with updates in front of it where there are writes."""
        if self.writer is None:
            return questions
        return Updates(questions, self._settings, self._access, self._target(), self._loading)

    def graphs(self, reads: ASGIApp) -> ASGIApp:
        """The Graph Store, with writes in front of it where there are any."""
        if self.writer is None:
            return reads
        return GraphWrites(reads, self._settings, self._access, self._parser, self._target())

    def routes(self) -> Sequence[BaseRoute]:
        """The addresses that only exist where claims are written."""
        if self.writer is None or self._settings.plain:
            return ()
        claims = self._claims(self.writer)
        receipts = Receipts(self._settings, self._access)
        return (
            Route("/claims", claims),
            Route("/claims/{slug}", claims),
            Route("/receipts/{record:int}", receipts),
            Route("/journal", receipts),
        )

    def _claims(self, writer: Writer) -> Claims:
        return Claims(self._settings, self._access, writer, self._parser)

    def _target(self) -> Target:
        assert self.writer is not None
        if self._settings.plain:
            return Plain(self._settings, self.writer)
        return Managed(self._settings, self._access, self._claims(self.writer), self._parser)
