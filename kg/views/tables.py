"""Columns of numbers and lists of lists, packed into bytes so that a process of its own reads them in no time."""

from __future__ import annotations

import json
import struct
from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kg.errors import UnreadableInput

HEADING = b"foedus ledger 1\n"
_LENGTH = struct.Struct("<Q")


@dataclass(frozen=True)
class Lists:
    """Many lists of numbers, one behind the other: list i is `items[starts[i]:starts[i + 1]]`."""

    starts: array[int]
    items: array[int]

    @classmethod
    def of(cls, lists: Iterable[Iterable[int]]) -> Lists:
        """Pack lists."""
        starts, items = array("I", [0]), array("I")
        for each in lists:
            items.extend(each)
            starts.append(len(items))
        return cls(starts, items)

    def __len__(self) -> int:
        return len(self.starts) - 1

    def __getitem__(self, index: int) -> array[int]:
        return self.items[self.starts[index] : self.starts[index + 1]]

    def __iter__(self) -> Iterator[array[int]]:
        return map(self.__getitem__, range(len(self)))

    def of_all(self, chosen: Iterable[int]) -> Iterator[int]:
        """The items of the chosen lists, one after the other."""
        items, starts = self.items, self.starts
        for index in chosen:
            yield from items[starts[index] : starts[index + 1]]


def pack(document: Mapping[str, Any], columns: Mapping[str, array[int]], texts: Sequence[bytes]) -> bytes:
    """Write a document, columns by name, and texts that are found by their number."""
    offsets = array("Q", [0])
    for text in texts:
        offsets.append(offsets[-1] + len(text))
    all_columns = {**columns, "": offsets}
    header = {
        "document": document,
        "columns": [(name, column.typecode, len(column)) for name, column in all_columns.items()],
    }
    head = json.dumps(header, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    parts = [HEADING, _LENGTH.pack(len(head)), head, *(column.tobytes() for column in all_columns.values()), *texts]
    return b"".join(parts)


@dataclass(frozen=True)
class Packed:
    """What `pack` wrote: the document, the columns, and the texts with their offsets."""

    document: Mapping[str, Any]
    columns: Mapping[str, array[int]]
    offsets: array[int]
    blob: memoryview

    @classmethod
    def read(cls, path: Path) -> Packed:
        """Read a file; raise UnreadableInput when it is something else, or was written by another version."""
        content = memoryview(path.read_bytes())
        if content[: len(HEADING)] != HEADING:
            raise UnreadableInput(f"{path}: this is not a ledger of views; run `foedus build`")
        position = len(HEADING)
        (length,) = _LENGTH.unpack_from(content, position)
        position += _LENGTH.size
        header = json.loads(bytes(content[position : position + length]))
        position += length
        columns: dict[str, array[int]] = {}
        for name, typecode, count in header["columns"]:
            column = array(typecode)
            size = column.itemsize * count
            column.frombytes(content[position : position + size])
            columns[name] = column
            position += size
        return cls(header["document"], columns, columns.pop(""), content[position:])

    def text(self, number: int) -> memoryview:
        """One text."""
        return self.blob[self.offsets[number] : self.offsets[number + 1]]
