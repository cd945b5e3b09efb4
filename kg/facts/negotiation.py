"""Talks: what happened, who took part, what was on the table, who holds which position, how far they say they are."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType
from typing import Annotated, ClassVar

from kg.facts.claims import PARTY, PLACE, Claim, Dated, Lasting
from kg.facts.columns import In, To
from kg.facts.values import Code, Duration, Ref

EVENT = To(("event",))


@dataclass(frozen=True, kw_only=True)
class Occurrence(Lasting):
    """An event took place, from when to when, where, as part of which process."""

    TABLE: ClassVar[str] = "occurrences"
    CLASS: ClassVar[str] = "Occurrence"
    MATTER: ClassVar[tuple[str, ...]] = ("occurrence_of",)

    occurrence_of: Annotated[Ref, To(("event", "process"))]
    place: Annotated[tuple[Ref, ...], PLACE] | None = None
    part_of_process: Annotated[Ref, To(("process",))] | None = None
    status: Annotated[Code, In("event-status")]


@dataclass(frozen=True, kw_only=True)
class Attendance(Claim):
    """A party took part in an event, in a capacity, for somebody."""

    TABLE: ClassVar[str] = "attendances"
    CLASS: ClassVar[str] = "Attendance"
    MATTER: ClassVar[tuple[str, ...]] = ("attended", "participant")

    attended: Annotated[Ref, To(("event", "process"))]
    participant: Annotated[Ref, PARTY]
    capacity: Annotated[Code, In("capacity")]
    representing: Annotated[Ref, To(("polity", "organisation"))] | None = None


@dataclass(frozen=True, kw_only=True)
class AgendaItem(Claim):
    """An issue was on the table at an event or in a process, how prominently, and where it was left."""

    TABLE: ClassVar[str] = "agenda-items"
    CLASS: ClassVar[str] = "AgendaItem"
    MATTER: ClassVar[tuple[str, ...]] = ("agenda_of", "issue")

    agenda_of: Annotated[Ref, To(("event", "process"))]
    issue: Annotated[Ref, To(("issue",))]
    prominence: Annotated[Code, In("prominence")] | None = None
    outcome: Annotated[Code, In("outcome")] | None = None
    assessed_by: Annotated[Ref, PARTY] | None = None


@dataclass(frozen=True, kw_only=True)
class ProgressAssessment(Dated):
    """A named speaker says what share of a plan or an issue is agreed; 1 is all of it, and points are not counted."""

    TABLE: ClassVar[str] = "progress-assessments"
    CLASS: ClassVar[str] = "ProgressAssessment"
    MATTER: ClassVar[tuple[str, ...]] = ("progress_of", "assessed_by")

    progress_of: Annotated[Ref, To(("instrument", "issue", "process", "undertaking"))]
    assessed_by: Annotated[Ref, PARTY] | None = None
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    qualifier: Annotated[Code, In("quantity-qualifier")] | None = None
    direction: Annotated[Code, In("progress-direction")] | None = None
    at_event: Annotated[Ref, EVENT] | None = None


@dataclass(frozen=True, kw_only=True)
class StanceStatement(Lasting):
    """A party holds a position, demands, refuses or accepts something; none of these binds anybody."""

    TABLE: ClassVar[str] = "stances"
    CLASS: ClassVar[str] = "StanceStatement"
    MATTER: ClassVar[tuple[str, ...]] = ("holder", "toward", "row_kind", "kind")
    ROW_KINDS: ClassVar[MappingProxyType[str, str]] = MappingProxyType(
        {"acceptance": "Acceptance", "demand": "Demand", "position": "Position", "refusal": "Refusal"}
    )

    holder: Annotated[Ref, PARTY]
    row_kind: Annotated[Code, In("row-kind")]
    toward: Annotated[
        Ref,
        To(
            (
                "undertaking",
                "instrument",
                "provision",
                "issue",
                "event",
                "territory",
                "site",
                "polity",
                "group",
            )
        ),
    ]
    kind: Annotated[Code, In("stance-content")]
    addressee: Annotated[tuple[Ref, ...], PARTY] | None = None
    issue: Annotated[tuple[Ref, ...], To(("issue",))] | None = None
    duration: Duration | None = None
    longer_than: Duration | None = None
    condition: Annotated[tuple[Code, ...], In("condition")] | None = None
    modality: Annotated[Code, In("modality")] | None = None
    voiced_at: Annotated[Ref, EVENT] | None = None

    @property
    def node_class(self) -> str:
        """The class that the row kind stands for."""
        return self.ROW_KINDS[self.row_kind]
