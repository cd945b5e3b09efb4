"""The journal: every accepted write, one line each, appended and synced before anybody is told.

    <number> <bytes of the record> <SHA-256 of the digest before and the record> <record in JSON>

Numbers count from 1. A digest covers the one before it, so a line that was changed, left out or put
elsewhere breaks all that follow. What a crash leaves half written at the end was never acknowledged:
whoever opens the journal for writing cuts it off, keeps it beside the journal, and says so.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from kg.errors import FoedusError
from kg.store.syncing import sync_directory

JOURNAL = "journal"
TORN = "journal.torn"
_START = hashlib.sha256(b"foedus journal 1").hexdigest()


class JournalDamaged(FoedusError):
    """The journal is not what was written; nothing is built from it or added to it."""


@dataclass(frozen=True)
class Position:
    """How far a journal has been read: how many records, and the digest that covers them all."""

    records: int = 0
    digest: str = _START

    def after(self, record: bytes) -> Position:
        """The position behind one more record."""
        return Position(self.records + 1, hashlib.sha256(self.digest.encode() + b"\n" + record).hexdigest())


@dataclass(frozen=True)
class Entry:
    """One record, and the position behind it."""

    position: Position
    record: dict[str, Any]


def read(root: Path) -> list[Entry]:
    """Return the whole records of a root's journal, in order; none when there is no journal.

    Bytes behind the last whole record are left out: nobody was told of them. Raises JournalDamaged
    when a record is wrong that others follow.
    """
    try:
        content = (root / JOURNAL).read_bytes()
    except FileNotFoundError:
        return []
    return _entries(content)[0]


def whole(root: Path) -> tuple[bytes, int]:
    """The bytes of the whole records of a root's journal, and how many records; raises JournalDamaged."""
    content = (root / JOURNAL).read_bytes()
    entries, size = _entries(content)
    return content[:size], len(entries)


class Journal:
    """A journal that is open for writing; whoever makes one holds the root, and closes it."""

    def __init__(self, root: Path) -> None:
        """Open the journal and cut off a torn end; `cut` is how many bytes that were. Raises JournalDamaged."""
        self._root = root
        path = root / JOURNAL
        new = not path.exists()
        self._file: BinaryIO = path.open("a+b", buffering=0)
        if new:
            path.chmod(0o600)
            sync_directory(root)
        self._file.seek(0)
        content = self._file.read()
        try:
            self.entries, self._size = _entries(content)
        except JournalDamaged:
            self._file.close()
            raise
        self.position = self.entries[-1].position if self.entries else Position()
        self.cut = len(content) - self._size
        if self.cut:
            (root / TORN).write_bytes(content[self._size :])
            self._restore()

    def append(self, records: Sequence[dict[str, Any]]) -> tuple[Position, ...]:
        """Write records behind the last one and sync them; return the position behind each.

        Either all of them are durable, or OSError is raised and the journal is as it was.
        """
        positions: list[Position] = []
        lines: list[bytes] = []
        position = self.position
        for record in records:
            text = canonical(record)
            position = position.after(text)
            positions.append(position)
            lines.append(b"%d %d %s %s\n" % (position.records, len(text), position.digest.encode(), text))
        content = memoryview(b"".join(lines))
        try:
            rest = content
            while rest:
                rest = rest[self._file.write(rest) :]
            os.fdatasync(self._file.fileno())
        except OSError:
            self._restore()
            raise
        self._size += len(content)
        self.position = position
        return tuple(positions)

    def close(self) -> None:
        """Give the file back."""
        self._file.close()

    def _restore(self) -> None:
        self._file.truncate(self._size)
        os.fsync(self._file.fileno())


def canonical(record: dict[str, Any]) -> bytes:
    """The one form in which a record is written: JSON with sorted keys, no space, on one line."""
    return json.dumps(record, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def _entries(content: bytes) -> tuple[list[Entry], int]:
    """The whole records at the start of the content, and how many bytes they take."""
    entries: list[Entry] = []
    position, size = Position(), 0
    for line in _lines(content):
        entry = _entry(line, position)
        if entry is None:
            break
        entries.append(entry)
        position, size = entry.position, size + len(line)
    for later in _lines(content[size:])[1:]:
        if _looks_whole(later):
            raise JournalDamaged(
                f"record {position.records + 1} of the journal, at byte {size}, is not what was written, and others "
                "follow it; restore the journal from a backup (`foedus restore`)"
            )
    return entries, size


def _lines(content: bytes) -> list[bytes]:
    return [line + b"\n" for line in content.split(b"\n")[:-1]]


def _entry(line: bytes, before: Position) -> Entry | None:
    parts = line.split(b" ", 3)
    if len(parts) != 4 or not line.endswith(b"\n"):
        return None
    number, length, digest, text = (*parts[:3], parts[3][:-1])
    position = before.after(text)
    if (number, length, digest) != (b"%d" % position.records, b"%d" % len(text), position.digest.encode()):
        return None
    return Entry(position, json.loads(text))


def _looks_whole(line: bytes) -> bool:
    parts = line.split(b" ", 3)
    return len(parts) == 4 and line.endswith(b"\n") and parts[1] == b"%d" % (len(parts[3]) - 1)
