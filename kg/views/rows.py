"""What the ledger takes from the rows of the tables: days as numbers, stances, viewpoints."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from kg.facts.claims import Claim, Dated, Lasting
from kg.facts.membership import MembershipListing, RecognitionStance
from kg.facts.negotiation import Occurrence
from kg.facts.sites import ControlSituation, SovereigntyClaim
from kg.facts.values import Edtf
from kg.terms import slugify
from kg.views.ledger import HAPPENING, LASTING, TIMELESS


def ordinal(day: date | None) -> int:
    """A day as a number, 0 for none."""
    return day.toordinal() if day else 0


def event(row: Claim) -> int:
    """The latest day that a claim itself speaks of."""
    values = (getattr(row, column.name) for column in row.columns())
    return max((ordinal(value.latest) for value in values if isinstance(value, Edtf)), default=0)


def dates_of(row: Claim) -> tuple[int, int, int, int, int, int]:
    """The kind of a claim, the earliest and latest day of its begin and its end, and the day that confirms it."""
    if isinstance(row, Dated):
        return (HAPPENING, *_span(row.on), 0, 0, 0)
    if isinstance(row, Occurrence):
        return (HAPPENING, *_span(row.begin), 0, 0, 0)
    if isinstance(row, Lasting):
        return (LASTING, *_span(row.begin), *_span(row.end), ordinal(row.as_of.latest) if row.as_of else 0)
    if isinstance(row, MembershipListing):
        return (LASTING, 0, 0, 0, 0, ordinal(row.as_of.latest))
    return (TIMELESS, 0, 0, 0, 0, 0)


def _span(value: Edtf | None) -> tuple[int, int]:
    return (ordinal(value.earliest), ordinal(value.latest)) if value else (0, 0)


def stances(rows: Iterable[Claim]) -> dict[str, list[list[Any]]]:
    """What viewpoints decide by: who claims what, who recognises whom, who controls what."""
    found: dict[str, list[list[Any]]] = {"claims": [], "recognition": [], "control": []}
    for number, row in enumerate(rows):
        if isinstance(row, SovereigntyClaim):
            texts = [*(row.basis_text or ())]
            found["claims"].append([number, row.claimant, row.claimed_place, row.claim_kind, texts])
        elif isinstance(row, RecognitionStance):
            over = row.recognised_over or ""
            found["recognition"].append(
                [number, row.recogniser, row.recognised, over, row.recognition, row.end is not None]
            )
        elif isinstance(row, ControlSituation):
            found["control"].append([number, row.controller, row.controlled_place, row.manner, row.end is not None])
    return found


def viewpoint(row: Any) -> Mapping[str, Any]:
    """A row of the table of viewpoints."""
    return {
        "slug": row.id.slug,
        "name": row.name,
        "accepts": list(row.accepts),
        "of": row.viewpoint_of or "",
        "instruments": list(row.accepted_instrument or ()),
        "publisher": f"publisher/{slugify(row.accepted_publisher)}" if row.accepted_publisher else "",
    }
