"""Answers that are known already: the same within a generation, kept up to a size in bytes."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import replace

from kg.store.answers import Answer, Request

SHARE = 8
"""An answer that is larger than this part of the whole is not kept."""


class Cache:
    """The answers of one generation, of those the ones that were asked for last."""

    def __init__(self, size: int) -> None:
        """`size` is in bytes; 0 keeps nothing."""
        self._size = size
        self._used = 0
        self._generation = ""
        self._answers: OrderedDict[str, Answer] = OrderedDict()

    def get(self, request: Request, generation: str) -> Answer | None:
        """The answer to a request in a generation, if it is known; it took no time."""
        if not self._size or not request.stable or generation != self._generation:
            return None
        key = repr(request)
        found = self._answers.get(key)
        if found is not None:
            self._answers.move_to_end(key)
        return found

    def put(self, request: Request, answer: Answer) -> None:
        """Keep an answer, unless another could be given next time."""
        if not request.stable:
            return
        if answer.generation != self._generation:
            self._answers.clear()
            self._used, self._generation = 0, answer.generation
        key = repr(request)
        if key in self._answers or _size(key, answer) > self._size // SHARE:
            return
        self._answers[key] = replace(answer, seconds=0.0, cached=True)
        self._used += _size(key, answer)
        while self._used > self._size:
            self._used -= _size(*self._answers.popitem(last=False))

    @property
    def used(self) -> int:
        """How many bytes are kept."""
        return self._used


def _size(key: str, answer: Answer) -> int:
    return len(key) + len(answer.body) + 1024
