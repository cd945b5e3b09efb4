"""The attestation of a claim by a list or a map that states it in one entry."""

from __future__ import annotations

from kg.facts.claims import Claim
from kg.facts.evidence import Attestation
from kg.facts.values import Code, Ref


def stated(claim: Claim, source: Ref, locator: str) -> Attestation:
    """Return what says that a source states a claim, read there and recorded with it."""
    return Attestation(
        id=f"{claim.claim}-by-{source.slug}",
        claim=Ref(f"claim/{claim.claim}"),
        source=source,
        locator=locator,
        certainty=Code("verified"),
        assertion=Code("stated"),
        recorded=claim.recorded,
    )
