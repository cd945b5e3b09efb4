"""The ways in for writes: which addresses take them, and the processes behind them, that live as long as the server."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.routing import BaseRoute, Route

from kg.errors import FoedusError
from kg.settings import Settings
from kg.store.parser import Parser
from kg.store.writer import Writer
from server.access import Access
from server.writing.claims import Claims, Receipts


class Doors:
    """Everything that writes; nothing at all, where the settings do not allow it."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._access = Access(settings)
        self._parser = Parser(settings)
        self.writer: Writer | None = None
        if settings.writable and not settings.plain:
            arguments = (str(settings.data_directory), settings.base, settings.facts)
            self.writer = Writer(settings, "kg.writing.process", arguments)

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

    def routes(self) -> Sequence[BaseRoute]:
        """The addresses that only exist where there are writes."""
        if self.writer is None:
            return ()
        claims = Claims(self._settings, self._access, self.writer, self._parser)
        receipts = Receipts(self._settings, self._access)
        return (
            Route("/claims", claims),
            Route("/claims/{slug}", claims),
            Route("/receipts/{record:int}", receipts),
            Route("/journal", receipts),
        )
