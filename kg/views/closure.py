"""What follows from what a view has: the least fixpoint over the steps of the ledger, on flags by number."""

from __future__ import annotations

import numpy as np

from kg.views.ledger import Ledger, Steps
from kg.views.tables import Flags, Numbers, numbers


def reach(steps: Steps, flags: Flags) -> None:
    """Flag all that follows from what is flagged, round by round; linear in the size of the table."""
    conclusion, used = numbers(steps.conclusion), numbers(steps.used)
    waiting = steps.premises.sizes
    flags[conclusion[waiting == 0]] = True
    fresh: Numbers = np.flatnonzero(flags[used])
    while len(fresh):
        touched = steps.uses.of_all(fresh)
        np.subtract.at(waiting, touched, 1)
        reached = conclusion[touched[waiting[touched] == 0]]
        reached = np.unique(reached[~flags[reached]])
        flags[reached] = True
        fresh = np.searchsorted(used, reached)
        fresh = fresh[np.append(used, 0)[fresh] == reached]


def disputes(ledger: Ledger, flags: Flags, claims: Flags) -> set[tuple[int, int]]:
    """Return the pairs of claims that cannot both hold, among those that are there."""
    found = ledger.disputes
    one, other = numbers(found.one), numbers(found.other)
    missing = found.premises.how_many(~flags[numbers(found.premises.items)])
    there = claims[one] & claims[other] & (missing == 0)
    return set(zip(one[there].tolist(), other[there].tolist(), strict=True))
