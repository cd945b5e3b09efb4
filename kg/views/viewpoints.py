"""How viewpoints decide between claims that cannot both hold, and where they have no stance."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kg.views.holding import Held
from kg.views.ledger import Ledger

CONTROLLING = ("administers", "controls", "occupies", "self-administers")
"""Manners of control that count as holding a place; a lease, a patrol or troops in a part of it do not."""
Pair = tuple[int, int]


@dataclass(frozen=True)
class Decision:
    """What is decided about the claims of disputes: each of them is in exactly one of the three."""

    accepted: frozenset[int]
    excluded: frozenset[int]
    undecided: frozenset[int]


def decide(ledger: Ledger, held: Held, pairs: Iterable[Pair], pov: Sequence[str], *, dated: bool) -> Decision:
    """Decide between the claims of each pair, from one viewpoint or from several together.

    Each viewpoint accepts some claims; what rivals an accepted claim and is not accepted itself is
    excluded, and so is what it rejects. Of several viewpoints, a claim that one of them accepts is
    accepted, and only then one that another excludes is excluded. `dated` says that the view is of
    one day, so that all stances in it are of that day; else a stance with a known end is over.
    """
    disputed = set(pairs)
    by_slug = {viewpoint["slug"]: viewpoint for viewpoint in ledger.viewpoints}
    concerned = frozenset(number for pair in disputed for number in pair)
    there = set(held.attestations)
    heard = [number for claim in concerned for number in ledger.attestations_of[claim] if number in there]
    single = [_Viewpoint(ledger, held, heard, by_slug[slug], dated).decide(disputed) for slug in pov]
    accepted = frozenset().union(*(each.accepted for each in single))
    excluded = frozenset().union(*(each.excluded for each in single)) - accepted
    return Decision(accepted, excluded, concerned - accepted - excluded)


class _Viewpoint:
    """One viewpoint, and what it knows of the claims of a view."""

    def __init__(self, ledger: Ledger, held: Held, heard: Sequence[int], row: Mapping[str, Any], dated: bool) -> None:
        self.row = row
        self.kinds: Sequence[str] = row["accepts"]
        self.claims = {each[0]: each for each in ledger.stances["claims"]}
        self.stances: dict[tuple[str, str], set[str]] = {}
        for number, recogniser, recognised, over, recognition, ended in ledger.stances["recognition"]:
            if recogniser == row["of"] and number in held.claims and (dated or not ended):
                self.stances.setdefault((recognised, over), set()).add(recognition)
        self.controllers: dict[str, set[str]] = {}
        for number, controller, place, manner, ended in ledger.stances["control"]:
            if manner in CONTROLLING and number in held.claims and (dated or not ended):
                self.controllers.setdefault(place, set()).add(controller)
        self.said = self._said(ledger, heard)

    def _said(self, ledger: Ledger, heard: Sequence[int]) -> set[int]:
        """The claims that the party, or the publisher, attests."""
        attestations, sources = ledger.attestations, ledger.sources
        things, publishers = ledger.names["things"], ledger.names["publishers"]
        found = set()
        for number in heard:
            by_party = "own-claims" in self.kinds and any(
                things[party] == self.row["of"] for party in attestations.parties[number]
            )
            publisher = publishers[sources.publisher[attestations.source[number]]]
            if by_party or ("published-claims" in self.kinds and publisher == self.row["publisher"]):
                found.add(attestations.claim[number])
        return found

    def decide(self, pairs: Iterable[Pair]) -> Decision:
        """Decide each pair; a claim that any pair excludes is excluded."""
        accepted: set[int] = set()
        excluded: set[int] = set()
        concerned: set[int] = set()
        for pair in pairs:
            yes = {number for number in pair if self._accepts(number, pair)}
            no = {number for number in pair if number not in yes and self._rejects(number)}
            concerned.update(pair)
            accepted |= yes
            excluded |= no | (set(pair) - yes if yes else set())
        # Accepted in one dispute and excluded in another: the viewpoint holds both, so it has decided neither.
        both = accepted & excluded
        accepted, excluded = accepted - both, excluded - both
        return Decision(frozenset(accepted), frozenset(excluded), frozenset(concerned - accepted - excluded))

    def _accepts(self, number: int, pair: Pair) -> bool:
        return number in self.said or (
            number in self.claims
            and (
                self._own(number) or self._recognised(number) or self._listed(number) or self._controlled(number, pair)
            )
        )

    def _own(self, number: int) -> bool:
        return "own-claims" in self.kinds and self.claims[number][1] == self.row["of"]

    def _recognised(self, number: int) -> bool:
        return "recognised-claims" in self.kinds and self._stance(number) == {"recognises"}

    def _rejects(self, number: int) -> bool:
        stance = self._stance(number) if "recognised-claims" in self.kinds and number in self.claims else set()
        return bool(stance) and not stance & {"recognises", "no-claim"}

    def _stance(self, number: int) -> set[str]:
        """What the party says of a claim: about the place, or, of a claim to independence, about the state."""
        _, claimant, place, kind, _ = self.claims[number]
        about_place = self.stances.get((claimant, place), set())
        return about_place or (self.stances.get((claimant, ""), set()) if kind == "independence" else set())

    def _listed(self, number: int) -> bool:
        return "listed-instruments" in self.kinds and bool(
            set(self.row["instruments"]).intersection(self.claims[number][4])
        )

    def _controlled(self, number: int, pair: Pair) -> bool:
        """Whether the claimant controls the place, and the rival does not."""
        if "control" not in self.kinds:
            return False
        (other,) = set(pair) - {number}
        _, claimant, place, _, _ = self.claims[number]
        rival = self.claims[other][1] if other in self.claims else ""
        controllers = self.controllers.get(place, set())
        return claimant in controllers and rival not in controllers
