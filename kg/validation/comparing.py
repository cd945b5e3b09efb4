"""Which of two terms comes first, as pySHACL has it, so that both engines call the same nodes wrong."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from rdflib import BNode, Literal
from rdflib.term import Node

_ORDERED = (int, Decimal, date, str)


def compare(one: Node, other: Node) -> int | None:
    """-1, 0 or 1 as `one` is less than, equal to or more than `other`; None when they cannot be compared."""
    if not isinstance(one, Literal) or not isinstance(other, Literal):
        return None
    first: Any = one.value
    second: Any = other.value
    if type(first) is type(second) and type(first) in _ORDERED and one.datatype == other.datatype:
        if type(first) is str and one.language != other.language:
            return None
        return int(first > second) - int(first < second)
    if isinstance(first, str) != isinstance(second, str):
        return None
    try:
        if one.eq(other):
            return 0
        if isinstance(first, (datetime, time)):
            return 0 if first == second else 1 if first > second else -1
        return 1 if one > other else -1
    except (TypeError, NotImplementedError):
        return None


def in_order(one: Node, other: Node, good: Callable[[Any, Any], bool]) -> bool:
    """Whether two nodes are in order as pySHACL has it: IRIs and strings by text, literals as rdflib does."""
    first: Any = one.value if isinstance(one, Literal) else one
    second: Any = other.value if isinstance(other, Literal) else other
    if isinstance(one, BNode) or isinstance(other, BNode) or isinstance(first, str) != isinstance(second, str):
        return False
    if isinstance(first, str):
        return good(str(first), str(second))
    try:
        return good(first, second) if type(first) is type(second) and type(first) in _ORDERED else good(one, other)
    except TypeError:
        return False
