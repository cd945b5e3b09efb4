"""What a day makes of a claim: it holds, it is presumed to, it possibly does, or it does not. Pure numbers.

Days are ordinals; 0 is "not known".

    happening, day known      before its earliest day: no; up to its latest: possible; from then on: holds
    lasting, begin            as a happening, up to the end
    lasting, no begin         before the first day that something confirms (as-of, else end): possible
    lasting, end              after its earliest end: possible; after its latest: no
    lasting, no end           up to the day that confirms it: holds; after that: presumed
    without any date          of a class without dates: holds; else: presumed
"""

from __future__ import annotations

from collections.abc import Iterator

from kg.views.ledger import HAPPENING, TIMELESS, Claims

NO, POSSIBLE, PRESUMED, HOLDS = range(4)


def state(claims: Claims, number: int, day: int, as_of: int) -> int:
    """Return what a claim is on a day; `as_of` is the day that confirms it, as far as the view knows."""
    kind = claims.kind[number]
    if kind == TIMELESS:
        return HOLDS
    earliest, latest = claims.begin_earliest[number], claims.begin_latest[number]
    if latest and day < earliest:
        return NO
    if latest and day < latest:
        return NO if kind != HAPPENING and _over(claims, number, day) else POSSIBLE
    if kind == HAPPENING:
        return HOLDS if latest else PRESUMED
    end_earliest, end_latest = claims.end_earliest[number], claims.end_latest[number]
    if end_latest:
        if day > end_latest:
            return NO
        first = latest or min(as_of or end_earliest, end_earliest)
        return POSSIBLE if day > end_earliest or day < first else HOLDS
    first = latest or as_of
    if not first:
        return PRESUMED
    if day < first:
        return POSSIBLE
    return HOLDS if day <= as_of else PRESUMED


def _over(claims: Claims, number: int, day: int) -> bool:
    return 0 < claims.end_latest[number] < day


def turns(claims: Claims) -> Iterator[int]:
    """Yield the days on which the state of some claim may change: between two of them, every day is alike."""
    for number in range(len(claims.kind)):
        yield from (claims.begin_earliest[number], claims.begin_latest[number], claims.as_of[number])
        yield from (
            after + 1
            for after in (claims.end_earliest[number], claims.end_latest[number], claims.as_of[number])
            if after
        )
        yield claims.end_earliest[number]  # the first day that is certain where no begin is known
