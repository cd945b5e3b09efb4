"""Who belongs to what, and who recognises whom."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar

from kg.facts.claims import Claim, Lasting
from kg.facts.columns import In, To
from kg.facts.values import Code, Edtf, Ref


@dataclass(frozen=True, kw_only=True)
class Membership(Lasting):
    """A member belongs to an organisation in a role.

    `strand` tells apart several memberships of one member in one organisation: a second period
    after leaving (`2006-2012`), a partnership before membership (`partnership`).
    """

    TABLE: ClassVar[str] = "memberships"
    CLASS: ClassVar[str] = "Membership"
    MATTER: ClassVar[tuple[str, ...]] = ("organisation", "member", "strand")

    organisation: Annotated[Ref, To(("organisation",))]
    member: Annotated[Ref, To(("polity", "organisation"))]
    role: Annotated[Code, In("membership-role")]
    strand: str | None = None


@dataclass(frozen=True, kw_only=True)
class MembershipListing(Claim):
    """A list of members and others has a party in an organisation, in a role.

    A listing is no membership: nothing follows from it but a contradiction with memberships that
    cannot hold beside it. So the mistakes of a list stay the list's.
    """

    TABLE: ClassVar[str] = "membership-listings"
    CLASS: ClassVar[str] = "MembershipListing"
    MATTER: ClassVar[tuple[str, ...]] = ("listed_in", "listed_party")

    as_of: Edtf
    listed_in: Annotated[Ref, To(("organisation",))]
    listed_party: Annotated[Ref, To(("polity", "organisation", "territory"))]
    listed_as: Annotated[Code, In("membership-role")]


@dataclass(frozen=True, kw_only=True)
class StateListing(Claim):
    """A list of states, or of countries and territories, has an entry for a polity or a territory.

    That somebody is in a list is the keeper's statement and no recognition. That somebody is not in it
    is no claim at all.
    """

    TABLE: ClassVar[str] = "state-listings"
    CLASS: ClassVar[str] = "StateListing"
    MATTER: ClassVar[tuple[str, ...]] = ("lister", "listed_unit")

    lister: Annotated[Ref, To(("organisation", "polity"))]
    listed_unit: Annotated[Ref, To(("polity", "territory"))]
    listing_status: Annotated[Code, In("listing-status")]


@dataclass(frozen=True, kw_only=True)
class RecognitionStance(Lasting):
    """A party recognises, or does not, a polity as a state or a sovereignty over a place."""

    TABLE: ClassVar[str] = "recognition-stances"
    CLASS: ClassVar[str] = "RecognitionStance"
    MATTER: ClassVar[tuple[str, ...]] = ("recogniser", "recognised", "recognised_over")

    recogniser: Annotated[Ref, To(("polity", "organisation"))]
    recognised: Annotated[Ref, To(("polity",))]
    recognised_over: Annotated[Ref, To(("territory", "site"))] | None = None
    recognition: Annotated[Code, In("recognition")]
    basis: Annotated[tuple[Ref, ...], To(("instrument", "event"))] | None = None
