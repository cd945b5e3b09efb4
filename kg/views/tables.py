"""Columns of numbers and lists of lists, packed into a file that a process of its own uses where it lies."""

from __future__ import annotations

import json
import mmap
import struct
from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from kg.errors import UnreadableInput

Column: TypeAlias = "array[int] | memoryview[int]"
Flags: TypeAlias = "NDArray[np.bool_]"
Numbers: TypeAlias = "NDArray[np.int64]"

HEADING = b"foedus ledger 2\n"
_LENGTH = struct.Struct("<Q")
_END = b" .\n"
_ALIGNED = 8


def numbers(column: Column) -> NDArray[Any]:
    """A column for calculating with, in the same memory."""
    return np.asarray(column)


def flags(size: int, chosen: Numbers) -> Flags:
    """Flags of the chosen numbers."""
    found = np.zeros(size, np.bool_)
    found[chosen] = True
    return found


@dataclass(frozen=True)
class Lists:
    """Many lists of numbers, one behind the other: list i is `items[starts[i]:starts[i + 1]]`."""

    starts: Column
    items: Column

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

    def __getitem__(self, index: int) -> Column:
        return self.items[self.starts[index] : self.starts[index + 1]]

    def __iter__(self) -> Iterator[Column]:
        return map(self.__getitem__, range(len(self)))

    def of_all(self, chosen: Numbers) -> Numbers:
        """The items of the chosen lists, one after the other."""
        found: Numbers = numbers(self.items)[self.places_of_all(chosen)]
        return found

    def places_of_all(self, chosen: Numbers) -> Numbers:
        """Where those items stand among all."""
        begins, sizes = numbers(self.starts)[chosen].astype(np.int64), self.sizes[chosen]
        ends = np.cumsum(sizes)
        return np.arange(ends[-1] if len(ends) else 0) + np.repeat(begins - ends + sizes, sizes)

    @property
    def sizes(self) -> Numbers:
        """The length of each list."""
        starts: Numbers = numbers(self.starts).astype(np.int64)
        return starts[1:] - starts[:-1]

    def how_many(self, flagged: Flags) -> Numbers:
        """How many items of each list are flagged; the flags are by place."""
        sums = np.zeros(len(flagged) + 1, np.int64)
        np.cumsum(flagged, out=sums[1:])
        starts = numbers(self.starts)
        found: Numbers = sums[starts[1:]] - sums[starts[:-1]]
        return found

    def owners(self, places: Numbers) -> Numbers:
        """In which list each place is."""
        return np.searchsorted(numbers(self.starts), places, side="right") - 1


def pack(document: Mapping[str, Any], columns: Mapping[str, Column], texts: Sequence[bytes]) -> bytes:
    """Write a document, columns by name, and texts that are found by their number."""
    offsets = array("Q", [0])
    for text in texts:
        offsets.append(offsets[-1] + len(text) + len(_END))
    all_columns = {**columns, "": offsets}
    header = {
        "document": document,
        "columns": [(name, _typecode(column), len(column)) for name, column in all_columns.items()],
    }
    head = json.dumps(header, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    head += b" " * _padding(len(HEADING) + _LENGTH.size + len(head))
    parts = [HEADING, _LENGTH.pack(len(head)), head]
    for column in all_columns.values():
        content = column.tobytes()
        parts += [content, bytes(_padding(len(content)))]
    return b"".join([*parts, *(part for text in texts for part in (text, _END))])


def _typecode(column: Column) -> str:
    return column.typecode if isinstance(column, array) else column.format


def _padding(length: int) -> int:
    return -length % _ALIGNED


@dataclass(frozen=True)
class Packed:
    """What `pack` wrote: the document, the columns, and the texts as lines, with their offsets."""

    document: Mapping[str, Any]
    columns: Mapping[str, Column]
    offsets: Column
    blob: memoryview[int]

    @classmethod
    def read(cls, path: Path) -> Packed:
        """Read a file; raise UnreadableInput when it is something else, or was written by another version."""
        with path.open("rb") as file:
            if file.read(len(HEADING)) != HEADING:
                raise UnreadableInput(f"{path}: this is not a ledger of views; run `foedus build`")
            content = memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
        position = len(HEADING)
        (length,) = _LENGTH.unpack_from(content, position)
        position += _LENGTH.size
        header = json.loads(bytes(content[position : position + length]))
        position += length
        columns: dict[str, Column] = {}
        for name, typecode, count in header["columns"]:
            size = struct.calcsize(typecode) * count
            columns[name] = content[position : position + size].cast(typecode)
            position += size + _padding(size)
        return cls(header["document"], columns, columns.pop(""), content[position:])

    def text(self, number: int) -> memoryview[int]:
        """One text."""
        return self.blob[self.offsets[number] : self.offsets[number + 1] - len(_END)]

    def lines(self, chosen: Numbers) -> bytes:
        """Texts as lines of N-Triples, in the order of their numbers, which come in order."""
        if not len(chosen):
            return b""
        offsets = numbers(self.offsets)
        breaks = np.flatnonzero(np.diff(chosen) != 1)
        begins = offsets[chosen[np.concatenate(([0], breaks + 1))]]
        ends = offsets[chosen[np.concatenate((breaks, [len(chosen) - 1]))] + 1]
        return b"".join(self.blob[begin:end] for begin, end in zip(begins.tolist(), ends.tolist(), strict=True))
