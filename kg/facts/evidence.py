"""Where claims come from: sources, attestations, and what a comparison of sources found."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated, ClassVar

from kg.facts.claims import PARTY, Claim
from kg.facts.columns import In, Row, To
from kg.facts.values import Code, Edtf, Ref, Url


@dataclass(frozen=True, kw_only=True)
class Source(Row):
    """A document that somebody published. `reprint_of` names the report that it repeats, so that both count once."""

    TABLE: ClassVar[str] = "sources"

    id: Ref
    title: str
    publisher: str
    published: Edtf | None = None
    address: Url
    mirror: bool
    source_type: Annotated[Code, In("source-type")]
    reprint_of: Annotated[Ref, To(("source",))] | None = None
    recorded: date
    retracted: date | None = None


@dataclass(frozen=True, kw_only=True)
class Attestation(Row):
    """One source for one claim: who says it there, on whose behalf, when it was reported, how certain we are of it."""

    TABLE: ClassVar[str] = "attestations"

    id: str
    claim: Annotated[Ref, To(("claim",))]
    source: Annotated[Ref, To(("source",))]
    locator: str | None = None
    reported: Edtf | None = None
    speaker: Annotated[Ref, PARTY] | None = None
    on_behalf_of: Annotated[Ref, PARTY] | None = None
    certainty: Annotated[Code, In("certainty")]
    assertion: Annotated[Code, In("assertion")]
    recorded: date
    retracted: date | None = None


@dataclass(frozen=True, kw_only=True)
class SourceComparison(Claim):
    """What a reading of the other sources found about a claim: supported, with nuance, contested, beyond them."""

    TABLE: ClassVar[str] = "source-comparisons"
    CLASS: ClassVar[str] = "SourceComparison"
    MATTER: ClassVar[tuple[str, ...]] = ("compares",)

    compares: Annotated[Ref, To(("claim",))]
    verdict: Annotated[Code, In("verdict")]
    against: Annotated[tuple[Ref, ...], To(("source",))] | None = None
    nuance: Annotated[tuple[Code, ...], In("nuance")] | None = None
