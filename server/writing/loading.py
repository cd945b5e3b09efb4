"""Updates with LOAD: the documents are fetched first, by a process that may, and their triples stand in its place.

The writer opens no connections where it writes here; the process that fetches knows which addresses it may ask, and
follows no redirect from them.
"""

from __future__ import annotations

import asyncio
import dataclasses
import tempfile
from pathlib import Path

from kg.algebra.loading import Load, loaded, loads
from kg.errors import FoedusError
from kg.settings import Settings, variable
from kg.store import answers
from kg.store.formats import N_TRIPLES
from kg.store.readers import Readers
from kg.store.remote.address import Remote, check, publish


class Loading:
    """Fetches what updates LOAD; used from one event loop."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._allowed = tuple(settings.loads.split())
        for each in self._allowed:
            check(variable("loads"), each)
        self._folder = tempfile.TemporaryDirectory(prefix="foedus-loads-") if self._allowed else None
        self._readers: asyncio.Task[Readers] | None = None

    async def without(self, text: str, client: str) -> str:
        """The update with insertions in place of each LOAD.

        Raises FederationRefused for a document that may not be fetched, what Readers.ask raises for one that cannot.
        """
        if not self._allowed:
            return text
        operations = loads(text, self._settings.base, self._allowed)
        return loaded(text, [(each, await self._fetched(each, client)) for each in operations])

    async def close(self) -> None:
        """End the process that fetches."""
        if self._readers is not None:
            (readers,) = await asyncio.gather(self._readers, return_exceptions=True)
            if isinstance(readers, Readers):
                await readers.close()
        if self._folder is not None:
            self._folder.cleanup()

    async def _fetched(self, operation: Load, client: str) -> bytes:
        if self._readers is None:
            self._readers = asyncio.create_task(self._started())
        try:
            readers = await asyncio.shield(self._readers)
            request = answers.whole(answers.FETCH, operation.document, N_TRIPLES, self._settings)
            request = dataclasses.replace(request, deadline=self._settings.write_deadline)
            return (await readers.ask(request, client)).body
        except FoedusError:
            if operation.silent:
                return b""
            raise

    async def _started(self) -> Readers:
        assert self._folder is not None
        root = Path(self._folder.name)
        await asyncio.to_thread(publish, root, Remote("", "", "", union=False, documents=self._allowed))
        settings = dataclasses.replace(self._settings, data_directory=root, store="", readers=1, cache_size=0)
        readers = Readers(settings)
        await readers.start()
        return readers
