"""What a writer process is asked to do: frames that wait on standard input, taken in groups."""

from __future__ import annotations

import os
import queue
import sys
import threading
from dataclasses import dataclass
from typing import Any, BinaryIO

from kg.store import frames

GROUP = 64
"""The most requests that share one sync."""


@dataclass(frozen=True)
class Asked:
    """One request: its number, what is wanted, its body."""

    number: int
    wanted: dict[str, Any]
    body: bytes


class Inbox:
    """Standard input and output of a writer process; nothing else may print."""

    def __init__(self) -> None:
        self._source: BinaryIO = os.fdopen(os.dup(0), "rb")
        self._sink: BinaryIO = os.fdopen(os.dup(1), "wb")
        os.dup2(2, 1)
        sys.stdout = sys.stderr
        self._waiting: queue.Queue[Asked | None] = queue.Queue()
        self._ended = False

    def listen(self) -> None:
        """Begin to read; requests wait until they are taken."""
        threading.Thread(target=self._read, name="inbox", daemon=True).start()

    def group(self, patience: float | None = None) -> list[Asked] | None:
        """Wait for a request and take it with all that wait already; None at the end of standard input.

        With `patience`, an empty group is returned after that many seconds.
        """
        if self._ended:
            return None
        try:
            first = self._waiting.get(timeout=patience)
        except queue.Empty:
            return []
        taken: list[Asked] = []
        while first is not None:
            taken.append(first)
            if len(taken) == GROUP or self._waiting.empty():
                return taken
            first = self._waiting.get()
        self._ended = True
        return taken or None

    def tell(self, header: dict[str, Any], body: bytes = b"") -> None:
        """Write one frame to whoever started this process; nobody may be there any more."""
        try:
            frames.write(self._sink, header, body)
        except BrokenPipeError:
            self._ended = True

    def _read(self) -> None:
        while frame := frames.read(self._source):
            header, body = frame
            self._waiting.put(Asked(header.pop("number"), header, body))
        self._waiting.put(None)
