"""The list of all tables: which row class each folder under `kg/data/` holds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from kg.facts import core, evidence, instruments, membership, negotiation, sites, viewpoints
from kg.facts.claims import Claim
from kg.facts.columns import Row

CLAIM_TABLES: tuple[type[Claim], ...] = (
    core.Characterisation,
    core.GroupComposition,
    core.OfficeHolding,
    core.Relation,
    membership.Membership,
    membership.MembershipListing,
    membership.RecognitionStance,
    membership.StateListing,
    instruments.BindingnessAssessment,
    instruments.InstrumentDescription,
    instruments.LifecycleEvent,
    instruments.ParticipationAct,
    instruments.ProvisionDescription,
    instruments.Quantity,
    instruments.UndertakingStatement,
    instruments.Validity,
    negotiation.AgendaItem,
    negotiation.Attendance,
    negotiation.Occurrence,
    negotiation.ProgressAssessment,
    negotiation.StanceStatement,
    sites.BorderListing,
    sites.ControlSituation,
    sites.Drawing,
    sites.PlaceDescription,
    sites.SovereigntyClaim,
    evidence.SourceComparison,
)
TABLES: tuple[type[Row], ...] = (
    core.Thing,
    core.Identifier,
    evidence.Source,
    evidence.Attestation,
    viewpoints.Viewpoint,
    *CLAIM_TABLES,
)


@dataclass(frozen=True)
class Facts:
    """All rows of all tables, each in the order of its files."""

    things: tuple[core.Thing, ...] = ()
    identifiers: tuple[core.Identifier, ...] = ()
    sources: tuple[evidence.Source, ...] = ()
    attestations: tuple[evidence.Attestation, ...] = ()
    claims: tuple[Claim, ...] = field(default=())
    viewpoints: tuple[viewpoints.Viewpoint, ...] = ()

    @classmethod
    def from_rows(cls, rows: Iterator[Row] | tuple[Row, ...]) -> Facts:
        """Sort rows of any tables into their places."""
        kept = tuple(rows)
        return cls(
            things=tuple(row for row in kept if isinstance(row, core.Thing)),
            identifiers=tuple(row for row in kept if isinstance(row, core.Identifier)),
            sources=tuple(row for row in kept if isinstance(row, evidence.Source)),
            attestations=tuple(row for row in kept if isinstance(row, evidence.Attestation)),
            claims=tuple(row for row in kept if isinstance(row, Claim)),
            viewpoints=tuple(row for row in kept if isinstance(row, viewpoints.Viewpoint)),
        )

    def all(self) -> tuple[Row, ...]:
        """Every row, table by table."""
        return (
            *self.things,
            *self.identifiers,
            *self.sources,
            *self.attestations,
            *self.claims,
            *self.viewpoints,
        )
