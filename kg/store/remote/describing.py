"""Descriptions of things as queries that any store answers.

Source: https://www.w3.org/submissions/CBD/
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice

from pyoxigraph import NamedNode

DEEPEST = 4
"""How far a chain of blank nodes is followed: by queries alone there is no end to ask for."""


def description(things: Iterable[NamedNode]) -> str:
    """A query for what is said of things, and of the blank nodes that this leads to.

    >>> from pyoxigraph import NamedNode
    >>> description([NamedNode("http://example.org/a")]).startswith("CONSTRUCT { ?n0 ?p0 ?n1 . ?n1 ?p1 ?n2")
    True
    """
    template = " . ".join(f"?n{level} ?p{level} ?n{level + 1}" for level in range(DEEPEST + 1))
    pattern = ""
    for level in range(DEEPEST, 0, -1):
        pattern = f"OPTIONAL {{ ?n{level} ?p{level} ?n{level + 1} . FILTER(isBlank(?n{level})) {pattern} }}"
    return (
        f"CONSTRUCT {{ {template} }} WHERE {{ VALUES ?n0 {{ {' '.join(map(str, things))} }} ?n0 ?p0 ?n1 . {pattern} }}"
    )


def batched(things: Iterable[NamedNode], size: int) -> Iterator[list[NamedNode]]:
    """Things in groups of that size; the last one may be smaller."""
    rest = iter(things)
    while group := list(islice(rest, size)):
        yield group
