"""Instruments and what they say: their life, their parties, their provisions, their undertakings."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType
from typing import Annotated, ClassVar

from kg.facts.claims import PARTY, PLACE, Claim, Dated, Lasting
from kg.facts.columns import In, To
from kg.facts.values import Code, Duration, Ref

INSTRUMENT = To(("instrument",))
TEXT = To(("instrument", "provision", "undertaking"))


@dataclass(frozen=True, kw_only=True)
class InstrumentDescription(Claim):
    """What an instrument is: its form, who drafted it, to whom it is addressed, what it revises."""

    TABLE: ClassVar[str] = "instruments"
    CLASS: ClassVar[str] = "Instrument"

    instrument: Annotated[Ref, INSTRUMENT]
    form: Annotated[Code, In("instrument-form")] | None = None
    drafted_by: Annotated[tuple[Ref, ...], PARTY] | None = None
    addressed_to: Annotated[tuple[Ref, ...], PARTY] | None = None
    revision_of: Annotated[Ref, INSTRUMENT] | None = None
    constitutes: Annotated[Ref, To(("organisation",))] | None = None


@dataclass(frozen=True, kw_only=True)
class LifecycleEvent(Dated):
    """Something happens to an instrument, an organisation or an undertaking: it is signed, enters into force, ends."""

    TABLE: ClassVar[str] = "lifecycle-events"
    CLASS: ClassVar[str] = "LifecycleEvent"
    MATTER: ClassVar[tuple[str, ...]] = ("lifecycle_of", "transition")

    lifecycle_of: Annotated[Ref, To(("instrument", "organisation", "undertaking", "polity", "site"))]
    transition: Annotated[Code, In("transition")]
    place: Annotated[tuple[Ref, ...], PLACE] | None = None
    actor: Annotated[tuple[Ref, ...], PARTY] | None = None
    successor: Annotated[Ref, To(("instrument", "organisation", "undertaking"))] | None = None


@dataclass(frozen=True, kw_only=True)
class ParticipationAct(Dated):
    """One party signs, ratifies, accedes to, denounces or leaves one instrument; or it is asked to and does not."""

    TABLE: ClassVar[str] = "participation-acts"
    CLASS: ClassVar[str] = "ParticipationAct"
    MATTER: ClassVar[tuple[str, ...]] = ("party", "instrument", "act")

    party: Annotated[Ref, PARTY]
    instrument: Annotated[Ref, INSTRUMENT]
    act: Annotated[Code, In("participation-act")]
    represented_by: Annotated[tuple[Ref, ...], To(("person", "office"))] | None = None


@dataclass(frozen=True, kw_only=True)
class BindingnessAssessment(Claim):
    """How binding a text is, and in whose view: legal, political, contested."""

    TABLE: ClassVar[str] = "bindingness-assessments"
    CLASS: ClassVar[str] = "BindingnessAssessment"
    MATTER: ClassVar[tuple[str, ...]] = ("assesses",)

    assesses: Annotated[Ref, TEXT]
    bindingness: Annotated[Code, In("bindingness")]
    assessed_by: Annotated[Ref, PARTY] | None = None


@dataclass(frozen=True, kw_only=True)
class Validity(Lasting):
    """How long a text is to hold: a duration, or open-ended, extensible or not, with what notice."""

    TABLE: ClassVar[str] = "validities"
    CLASS: ClassVar[str] = "Validity"
    MATTER: ClassVar[tuple[str, ...]] = ("validity_of",)

    validity_of: Annotated[Ref, TEXT]
    duration: Duration | None = None
    open_ended: bool | None = None
    extensible: bool | None = None
    extension: Duration | None = None
    notice: Duration | None = None
    review_within: Duration | None = None


@dataclass(frozen=True, kw_only=True)
class ProvisionDescription(Claim):
    """A numbered part of one version of a text, and the parts of earlier versions that it corresponds to."""

    TABLE: ClassVar[str] = "provisions"
    CLASS: ClassVar[str] = "Provision"

    provision: Annotated[Ref, To(("provision",))]
    provision_of: Annotated[Ref, INSTRUMENT]
    number: str
    corresponds_to: Annotated[tuple[Ref, ...], To(("provision",))] | None = None
    issue: Annotated[tuple[Ref, ...], To(("issue",))] | None = None


@dataclass(frozen=True, kw_only=True)
class UndertakingStatement(Lasting):
    """Who is to do what for whom, when, and how firmly, as one source has it.

    `row_kind` says what it is: `provision` (a text says so), `offer` (held out, not accepted) or
    `proposal` (put forward in talks). That somebody is bound is never a row: it follows from a
    provision and an act, by a rule.
    """

    TABLE: ClassVar[str] = "undertakings"
    CLASS: ClassVar[str] = "UndertakingStatement"
    MATTER: ClassVar[tuple[str, ...]] = ("undertaking",)
    ROW_KINDS: ClassVar[MappingProxyType[str, str]] = MappingProxyType(
        {"provision": "CommitmentSpecification", "offer": "Offer", "proposal": "Proposal"}
    )

    undertaking: Annotated[Ref, To(("undertaking",))]
    row_kind: Annotated[Code, In("row-kind")]
    under: Annotated[Ref, To(("instrument", "provision", "event"))]
    obligor: Annotated[tuple[Ref, ...], PARTY]
    joint: bool | None = None
    beneficiary: Annotated[tuple[Ref, ...], PARTY] | None = None
    kind: Annotated[tuple[Code, ...], In("commitment-kind")]
    trigger: Annotated[Code, In("trigger")] | None = None
    trigger_by: Annotated[tuple[Ref, ...], PARTY] | None = None
    modality: Annotated[Code, In("modality")]
    condition: Annotated[tuple[Code, ...], In("condition")] | None = None
    concerns_place: Annotated[tuple[Ref, ...], PLACE] | None = None
    status: Annotated[Code, In("undertaking-status")]

    @property
    def node_class(self) -> str:
        """The class that the row kind stands for."""
        return self.ROW_KINDS[self.row_kind]


@dataclass(frozen=True, kw_only=True)
class Quantity(Lasting):
    """An amount that belongs to something: money, troops, a share, a count; exact, about, at least, a range."""

    TABLE: ClassVar[str] = "quantities"
    CLASS: ClassVar[str] = "Quantity"
    MATTER: ClassVar[tuple[str, ...]] = ("quantity_of", "measure", "strand")

    quantity_of: Annotated[
        Ref, To(("undertaking", "instrument", "provision", "event", "group", "organisation", "issue", "site"))
    ]
    measure: Annotated[Code, In("measure")]
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    qualifier: Annotated[Code, In("quantity-qualifier")]
    unit: Annotated[Code, In("unit")]
    per: Duration | None = None
    strand: str | None = None
    party: Annotated[Ref, PARTY] | None = None
