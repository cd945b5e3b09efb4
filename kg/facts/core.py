"""Things and what is said about agents: the register of names, offices, party groups, characterisations."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Annotated, ClassVar

from kg.facts.claims import PARTY, Claim, Lasting
from kg.facts.columns import In, Row, To
from kg.facts.values import Code, Edtf, Ref

# The kinds of thing, as they stand in IRIs, and the classes that a thing of each kind may have.
CLASSES_OF_KIND: dict[str, tuple[str, ...]] = {
    "event": ("Event", "Meeting"),
    "group": ("PartyGroup",),
    "instrument": ("Instrument",),
    "issue": ("Issue",),
    "office": ("Office",),
    "organisation": ("Organisation", "Alliance", "Coalition", "Forum", "Union"),
    "person": ("Person",),
    "place": ("Settlement",),
    "polity": ("Polity",),
    "process": ("Process",),
    "provision": ("Provision",),
    "site": ("StrategicSite", "NuclearFacility", "MilitaryFacility", "TransportLink", "HydraulicStructure"),
    "territory": ("Territory", "AdministrativeUnit", "MaritimeFeature"),
    "undertaking": ("Undertaking",),
}
THING = To(tuple(CLASSES_OF_KIND))


@dataclass(frozen=True, kw_only=True)
class Thing(Row):
    """A thing of the register: its IRI, its class and a name to know it by; nothing else is said of it here."""

    TABLE: ClassVar[str] = "things"

    id: Ref
    type: str
    name: str
    short_name: str | None = None
    wikidata: str | None = None
    recorded: date
    retracted: date | None = None


@dataclass(frozen=True, kw_only=True)
class Identifier(Row):
    """A code of a list that somebody else keeps, and the thing of the register that we read it as."""

    TABLE: ClassVar[str] = "identifiers"

    code_scheme: Annotated[Code, In("identifier-scheme")]
    code: str
    identifies: Annotated[Ref, THING]
    recorded: date
    retracted: date | None = None


@dataclass(frozen=True, kw_only=True)
class GroupComposition(Lasting):
    """Who belongs to a party group: listed, by membership on a day, or undetermined and never expanded."""

    TABLE: ClassVar[str] = "group-compositions"
    CLASS: ClassVar[str] = "GroupComposition"
    MATTER: ClassVar[tuple[str, ...]] = ("group",)

    group: Annotated[Ref, To(("group",))]
    resolution: Annotated[Code, In("group-resolution")]
    member: Annotated[tuple[Ref, ...], PARTY] | None = None
    organisation: Annotated[Ref, To(("organisation",))] | None = None
    membership_on: Edtf | None = None
    count_minimum: Decimal | None = None
    count_maximum: Decimal | None = None
    count_qualifier: Annotated[Code, In("quantity-qualifier")] | None = None


@dataclass(frozen=True, kw_only=True)
class OfficeHolding(Lasting):
    """A person holds an office of a polity or an organisation."""

    TABLE: ClassVar[str] = "office-holdings"
    CLASS: ClassVar[str] = "OfficeHolding"
    MATTER: ClassVar[tuple[str, ...]] = ("holder", "office")

    holder: Annotated[Ref, To(("person",))]
    office: Annotated[Ref, To(("office",))]
    office_of: Annotated[Ref, To(("polity", "organisation"))]


@dataclass(frozen=True, kw_only=True)
class Characterisation(Claim):
    """An evaluation, and whose: about what, which quality."""

    TABLE: ClassVar[str] = "characterisations"
    CLASS: ClassVar[str] = "Characterisation"
    MATTER: ClassVar[tuple[str, ...]] = ("characterises", "quality")

    characterises: Annotated[Ref, THING]
    quality: Annotated[Code, In("quality")]
    characterised_by: Annotated[Ref, PARTY] | None = None


@dataclass(frozen=True, kw_only=True)
class Relation(Lasting):
    """One thing stands in a named relation to another, with the modality that the source gives it."""

    TABLE: ClassVar[str] = "relations"
    CLASS: ClassVar[str] = "Relation"
    MATTER: ClassVar[tuple[str, ...]] = ("relation_from", "relation_kind", "relation_to")

    relation_from: Annotated[Ref, THING]
    relation_kind: Annotated[Code, In("relation-kind")]
    relation_to: Annotated[Ref, THING]
    modality: Annotated[Code, In("modality")] | None = None
