"""Places: where they lie, who claims them, who controls them, who draws them as what."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, ClassVar

from kg.facts.claims import PARTY, PLACE, Claim, Lasting
from kg.facts.columns import In, To
from kg.facts.values import Code, Edtf, Ref

CLAIMED = To(("territory", "site", "place"))
DRAWN = To(("polity", "territory", "site"))
LISTED = To(("polity", "territory", "site", "organisation"))


@dataclass(frozen=True, kw_only=True)
class PlaceDescription(Claim):
    """What a place is and where it lies: its type, the larger places it is in, one point in CRS84 degrees."""

    TABLE: ClassVar[str] = "places"
    CLASS: ClassVar[str] = "Place"

    place: Annotated[Ref, PLACE]
    place_type: Annotated[Code, In("place-type")] | None = None
    located_in: Annotated[tuple[Ref, ...], PLACE] | None = None
    latitude: Decimal | None = None
    longitude: Decimal | None = None


@dataclass(frozen=True, kw_only=True)
class SovereigntyClaim(Lasting):
    """A claimant holds that a place, or part of it, is under its sovereignty, or is independent."""

    TABLE: ClassVar[str] = "sovereignty-claims"
    CLASS: ClassVar[str] = "SovereigntyClaim"
    MATTER: ClassVar[tuple[str, ...]] = ("claimant", "claimed_place", "claim_kind")

    claimant: Annotated[Ref, PARTY]
    claimed_place: Annotated[Ref, CLAIMED]
    claim_kind: Annotated[Code, In("claim-kind")]
    extent: Annotated[Code, In("extent")]
    basis: Annotated[tuple[Code, ...], In("claim-basis")] | None = None
    basis_text: Annotated[tuple[Ref, ...], To(("instrument", "event"))] | None = None


@dataclass(frozen=True, kw_only=True)
class BorderListing(Claim):
    """A list of borders has a border on land between two of its entries, on the page of one of them.

    A listing is no border: nothing follows from it. Both directions, and all stretches, are statements about
    one matter, the border of the two.
    """

    TABLE: ClassVar[str] = "border-listings"
    CLASS: ClassVar[str] = "BorderListing"
    MATTER: ClassVar[tuple[str, ...]] = ("bordering", "bordered")

    as_of: Edtf
    bordering: Annotated[Ref, LISTED]
    bordered: Annotated[Ref, LISTED]
    stretch: str | None = None
    kilometres: Decimal

    @property
    def matter_key(self) -> tuple[str, ...]:
        """The two, in one order whoever's page it is."""
        return tuple(sorted(super().matter_key))


@dataclass(frozen=True, kw_only=True)
class ControlSituation(Lasting):
    """A party administers, occupies, leases or is present with troops in a place or part of it."""

    TABLE: ClassVar[str] = "control-situations"
    CLASS: ClassVar[str] = "ControlSituation"
    MATTER: ClassVar[tuple[str, ...]] = ("controller", "controlled_place", "manner", "strand")

    controller: Annotated[Ref, PARTY]
    controlled_place: Annotated[Ref, CLAIMED]
    manner: Annotated[Code, In("control-manner")]
    extent: Annotated[Code, In("extent")]
    share: Decimal | None = None
    strand: str | None = None
    basis_text: Annotated[tuple[Ref, ...], To(("instrument", "event"))] | None = None


@dataclass(frozen=True, kw_only=True)
class Drawing(Claim):
    """The maps that a party holds to be right draw a unit of land as something, under some polity."""

    TABLE: ClassVar[str] = "drawings"
    CLASS: ClassVar[str] = "Drawing"
    MATTER: ClassVar[tuple[str, ...]] = ("drawn_by", "drawn_unit")

    as_of: Edtf
    drawn_by: Annotated[Ref, To(("polity", "organisation"))]
    drawn_unit: Annotated[Ref, DRAWN]
    drawn_as: Annotated[Code, In("drawing-status")] | None = None
    drawn_under: Annotated[Ref, DRAWN] | None = None
