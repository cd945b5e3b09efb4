"""The parsing process seen from the web process: RDF in, N-Quads out, and an end when it takes too long."""

from __future__ import annotations

import asyncio
import contextlib
import tempfile
from typing import Any

from kg.algebra import QueryUnreadable
from kg.settings import Settings, variable
from kg.store import frames
from kg.store.answers import DeadlinePassed, OutOfMemory, ReaderLost
from kg.store.child import receive_whole, spawn


class DocumentUnreadable(QueryUnreadable):
    """What was sent does not parse; `line` and `column` count from 1."""


class Parser:
    """One process that parses what strangers send, replaced whenever it has ended; used from one event loop."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._process: asyncio.subprocess.Process | None = None
        self._complaints = tempfile.TemporaryFile()  # noqa: SIM115 - closed by close()
        self._turn = asyncio.Lock()

    async def parse(self, content: bytes, media_type: str, base: str) -> bytes:
        """Return the N-Quads of a document, or of what INSERT DATA inserts.

        Raises DocumentUnreadable, DeadlinePassed, OutOfMemory, and ReaderLost when the parser fell over.
        """
        async with self._turn:
            try:
                async with asyncio.timeout(self._settings.deadline):
                    told = await self._ask(content, media_type, base)
            except TimeoutError as error:
                await self._end()
                raise DeadlinePassed(
                    f"what was sent could not be parsed within {self._settings.deadline:g} s "
                    f"({variable('deadline')}); send it in parts"
                ) from error
            except asyncio.CancelledError:
                await self._end()
                raise
            if told is None:
                await self._end()
                raise ReaderLost("the process that parses ended over what was sent; send it in a simpler form")
        header, body = told
        if "error" not in header:
            return body
        if header["error"] == "memory":
            raise OutOfMemory(f"parsing needs more than {self._settings.memory} MiB; send it in parts")
        raise DocumentUnreadable(header["message"], header["line"], header["column"])

    async def close(self) -> None:
        """End the process."""
        async with self._turn:
            await self._end()
        self._complaints.close()

    async def _ask(self, content: bytes, media_type: str, base: str) -> tuple[dict[str, Any], bytes] | None:
        if self._process is None or self._process.returncode is not None:
            arguments = (str(self._settings.memory),)
            self._process = await spawn("kg.store.documents", arguments, self._complaints)
            if await receive_whole(self._process) is None:
                return None
        process = self._process
        if process.stdin is None:
            return None
        wanted = {"media_type": media_type, "base": base, "deadline": self._settings.deadline}
        with contextlib.suppress(ConnectionError):
            process.stdin.write(frames.pack(wanted, content) + content)
            await process.stdin.drain()
        return await receive_whole(process)

    async def _end(self) -> None:
        process, self._process = self._process, None
        if process is not None and process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()
