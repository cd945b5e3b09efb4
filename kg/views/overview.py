"""What a generation can be asked as a view: its turning days, its sources, and its viewpoints in numbers."""

from __future__ import annotations

from kg.views import days
from kg.views.closure import disputes
from kg.views.content import Content
from kg.views.ledger import Ledger
from kg.views.view import Calendar, View
from kg.views.viewpoints import decide

PARTS = 100
"""Into how many parts the days of a calendar's spread cut the claims."""


def overview(ledger: Ledger) -> Calendar:
    """Return the calendar of a ledger; each viewpoint says how many claims of the plain graph it decides."""
    content = Content(ledger, View())
    pairs = disputes(ledger, content.merge, content.claims)
    viewpoints = []
    for row in ledger.viewpoints:
        decision = decide(ledger, content.held, pairs, [row["slug"]], dated=False)
        numbers = {
            "accepted": len(decision.accepted),
            "excluded": len(decision.excluded),
            "undecided": len(decision.undecided),
        }
        viewpoints.append({**row, **numbers})
    claims, attestations = ledger.claims, ledger.attestations
    recorded = [claims.recorded, claims.retracted, attestations.recorded, attestations.retracted]
    recorded += [ledger.sources.retracted, ledger.things.recorded, ledger.things.retracted]
    known = {*attestations.known, *claims.event, *claims.as_of}
    return Calendar(
        valid=_days(set(days.turns(claims))),
        known=_days(known),
        recorded=_days({day for column in recorded for day in column}),
        valid_spread=_spread([*claims.begin_latest, *claims.end_latest]),
        known_spread=_spread(_first_known(ledger)),
        claims=len(content.held.claims),
        viewpoints=viewpoints,
        sources=ledger.names["sources"],
        publishers=ledger.names["publishers"],
    )


def _first_known(ledger: Ledger) -> list[int]:
    """The day on which each claim became known, if one is known."""
    known = ledger.attestations.known
    dated = ([known[number] for number in of if known[number]] for of in ledger.attestations_of)
    return [min(days) if days else event for days, event in zip(dated, ledger.claims.event, strict=True)]


def _spread(found: list[int]) -> list[int]:
    """Days that cut what happens on the found days into a hundred parts, about equal."""
    ordered = sorted(day for day in found if day)
    return sorted({ordered[len(ordered) * part // PARTS] for part in range(1, PARTS)}) if ordered else []


def _days(found: set[int]) -> list[int]:
    return sorted(found - {0})
