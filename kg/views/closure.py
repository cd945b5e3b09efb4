"""What follows from what a view has: the least fixpoint over the steps of the ledger, on flags by number."""

from __future__ import annotations

from array import array
from itertools import pairwise

from kg.views.ledger import Ledger, Steps


def reach(steps: Steps, flags: bytearray) -> None:
    """Flag all that follows from what is flagged. Linear in the size of the table."""
    starts = steps.premises.starts
    waiting = array("i", (after - before for before, after in pairwise(starts)))
    conclusion, starts, uses = steps.conclusion, steps.uses.starts, steps.uses.items
    place = {number: index for index, number in enumerate(steps.used)}
    for position, count in enumerate(waiting):
        if count:
            break  # steps without premises come first
        flags[conclusion[position]] = 1
    worklist = [index for index, number in enumerate(steps.used) if flags[number]]
    while worklist:
        index = worklist.pop()
        for position in uses[starts[index] : starts[index + 1]]:
            waiting[position] -= 1
            if not waiting[position]:
                reached = conclusion[position]
                if not flags[reached]:
                    flags[reached] = 1
                    if reached in place:
                        worklist.append(place[reached])


def disputes(ledger: Ledger, flags: bytearray, claims: set[int]) -> set[tuple[int, int]]:
    """Return the pairs of claims that cannot both hold, among those that are there."""
    found = ledger.disputes
    return {
        (one, other)
        for one, other, premises in zip(found.one, found.other, found.premises, strict=True)
        if one in claims and other in claims and all(flags[number] for number in premises)
    }
