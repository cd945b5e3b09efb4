"""Which claims a view has, by their days and their attestations; viewpoints come after that."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from kg.views import days
from kg.views.ledger import VERIFIED, Attestations, Claims, Ledger
from kg.views.view import View

REASONS = ("not recorded", "no evidence left", "not yet known", "known on no day", "does not hold", "about another")
"""Why a view may be without a claim; the first that applies counts."""


@dataclass
class Held:
    """The claims and the attestations that a view has, as numbers, and what it presumes and leaves out.

    `confirmed` are the claims whose day of confirmation the view knows. `presumed_valid` hold only by
    presumption, `presumed_known` have no dated source. `excluded` counts claims by reason.
    """

    claims: set[int] = field(default_factory=set)
    attestations: list[int] = field(default_factory=list)
    unconfirmed: set[int] = field(default_factory=set)
    presumed_valid: set[int] = field(default_factory=set)
    presumed_known: set[int] = field(default_factory=set)
    excluded: dict[str, int] = field(default_factory=dict)

    def without(self, claims: set[int], ledger: Ledger) -> Held:
        """The same without some claims, and without those that are about them."""
        kept = _founded(ledger.claims, self.claims - claims)
        of = ledger.attestations.claim
        return Held(
            claims=kept,
            attestations=[number for number in self.attestations if of[number] in kept],
            unconfirmed=self.unconfirmed & kept,
            presumed_valid=self.presumed_valid & kept,
            presumed_known=self.presumed_known & kept,
            excluded=dict(self.excluded),
        )


def hold(ledger: Ledger, view: View) -> Held:
    """Return what a view has, whatever its viewpoints."""
    return _Choice(ledger, view).result()


class _Choice:
    """One pass over the claims, with the days of the view as numbers."""

    def __init__(self, ledger: Ledger, view: View) -> None:
        self.ledger = ledger
        self.view = view
        self.valid_at = view.valid_at.toordinal() if view.valid_at else 0
        self.known_at = view.known_at.toordinal() if view.known_at else 0
        self.recorded_at = view.recorded_at.toordinal() if view.recorded_at else 0
        self.sources = _counting(ledger, view)
        self.held = Held()

    def result(self) -> Held:
        claims, held = self.ledger.claims, self.held
        for number in range(len(claims.kind)):
            reason = self._reason(number)
            if reason is None:
                held.claims.add(number)
            else:
                self._exclude(reason)
        founded = _founded(claims, held.claims)
        for _ in range(len(held.claims) - len(founded)):
            self._exclude("about another")
        held.claims = founded
        return held.without(set(), self.ledger)

    def _exclude(self, reason: str) -> None:
        self.held.excluded[reason] = self.held.excluded.get(reason, 0) + 1

    def _reason(self, number: int) -> str | None:
        """Why a claim is left out, or None; then its attestations are noted."""
        claims, view = self.ledger.claims, self.view
        if not _stands(claims, number, self.recorded_at):
            return "not recorded"
        counting = [each for each in self.ledger.attestations_of[number] if self._counts(each)]
        if not counting:
            return "no evidence left"
        if self.known_at:
            known = [each for each in counting if self.ledger.attestations.known[each]]
            if known:
                counting = [each for each in known if self.ledger.attestations.known[each] <= self.known_at]
                if not counting:
                    return "not yet known"
            elif not claims.event[number]:
                return "known on no day"
            elif claims.event[number] > self.known_at:
                return "not yet known"
            else:
                self.held.presumed_known.add(number)
        if view.minimum > 1 and self._independent(counting) < view.minimum:
            return "no evidence left"
        as_of = claims.as_of[number]
        if self.known_at and as_of > self.known_at and claims.confirmed[number]:
            self.held.unconfirmed.add(number)
            as_of = 0
        if self.valid_at:
            state = days.state(claims, number, self.valid_at, as_of)
            if state == days.NO or (state == days.POSSIBLE and not view.possible):
                return "does not hold"
            if state == days.PRESUMED:
                self.held.presumed_valid.add(number)
        self.held.attestations.extend(counting)
        return None

    def _counts(self, number: int) -> bool:
        attestations = self.ledger.attestations
        return (
            _stands(attestations, number, self.recorded_at)
            and self.sources[attestations.source[number]]
            and not (self.view.verified and attestations.certainty[number] != VERIFIED)
        )

    def _independent(self, attestations: list[int]) -> int:
        of, root = self.ledger.attestations.source, self.ledger.sources.root
        return len({root[of[number]] for number in attestations})


def _stands(rows: Claims | Attestations, number: int, day: int) -> bool:
    """Whether a row stands: on a day, or, without one, still."""
    retracted = rows.retracted[number]
    if not day:
        return not retracted
    return rows.recorded[number] <= day and not 0 < retracted <= day


def _counting(ledger: Ledger, view: View) -> list[bool]:
    """Which sources count: not those that are excluded, nor what repeats them."""
    sources, ids, publishers = ledger.sources, ledger.names["sources"], ledger.names["publishers"]
    out = {reference for reference in view.excluded if not reference.startswith("publisher/")}
    gone = {number for number, name in enumerate(ids) if name in out}
    gone |= {number for number in range(len(ids)) if publishers[sources.publisher[number]] in view.excluded}
    return [not gone.intersection(_chain(sources.repeats, number)) for number in range(len(ids))]


def _chain(repeats: Sequence[int], number: int) -> list[int]:
    """A source, and those that it repeats."""
    chain = [number]
    while (number := repeats[number]) >= 0 and number not in chain:
        chain.append(number)
    return chain


def _founded(claims: Claims, chosen: set[int]) -> set[int]:
    """Leave out the claims about claims that are not there."""
    kept = set(chosen)
    while gone := {number for number in kept if claims.about[number] >= 0 and claims.about[number] not in kept}:
        kept -= gone
    return kept
