"""The memory of a build: no looking for cycles within a step, and what is free goes back after it."""

from __future__ import annotations

import ctypes
import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def unhurried() -> Iterator[None]:
    """Leave the collector of cycles to `settle` for as long as the block takes.

    It looks at all objects again and again while they become more, and quads, triples and tuples of numbers
    are in no cycle.
    """
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


def settle() -> None:
    """Collect cycles, and give free memory back to the system, where its allocator can.

    Otherwise what the small objects of a step leave behind stays with the process, and the engine, which
    asks the system for its own, comes on top of it.
    Source: https://man7.org/linux/man-pages/man3/malloc_trim.3.html
    """
    gc.collect()
    if _TRIM is not None:
        _TRIM(0)


def _trim() -> ctypes._NamedFuncPointer | None:
    try:
        return ctypes.CDLL(None).malloc_trim
    except (AttributeError, OSError, TypeError):  # an allocator of another kind, or another system
        return None


_TRIM = _trim()
