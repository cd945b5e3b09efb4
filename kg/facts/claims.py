"""What all claims have in common: an id, when they were recorded here, and what they replace."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated, ClassVar, cast

from kg.facts.columns import Row, To
from kg.facts.values import Edtf, Ref

PARTY = To(("polity", "organisation", "group", "person", "office"))
PLACE = To(("territory", "site", "place"))


@dataclass(frozen=True, kw_only=True)
class Claim(Row):
    """The smallest statement that one source could confirm and another deny.

    `CLASS` is the class of the node that the claim introduces, scoped to the claim, and `MATTER`
    the columns that identify what it is about, so that two claims with the same values there are
    two statements about one matter. A class without `MATTER` says something about the thing in
    its first own column directly, with no node between.
    """

    CLASS: ClassVar[str]
    MATTER: ClassVar[tuple[str, ...]] = ()

    claim: str
    recorded: date
    retracted: date | None = None
    replaces: Annotated[Ref, To(("claim",))] | None = None

    @property
    def node_class(self) -> str:
        """The ontology class of the node that this row introduces."""
        return self.CLASS

    @property
    def matter_key(self) -> tuple[str, ...]:
        """The values that identify what the claim is about; empty when it is about a thing itself."""
        return tuple(str(value) for name in self.MATTER if (value := getattr(self, name)))

    @property
    def matter(self) -> str:
        """The path of the matter's IRI behind its class: the slugs of the key, joined by underscores.

        >>> from datetime import date
        >>> from kg.facts.membership import Membership
        >>> from kg.facts.values import Code, Ref
        >>> Membership(claim="x", recorded=date(2026, 1, 1), organisation=Ref("organisation/nato"),
        ...            member=Ref("polity/germany"), role=Code("full-member")).matter
        'nato_germany'
        """
        return "_".join(value.rpartition("/")[2] for value in self.matter_key)

    @property
    def subject(self) -> Ref:
        """The thing that a claim without matter is about: the first column of its own."""
        shared = {column.name for column in Claim.columns()} | {"begin", "end", "as_of", "on"}
        own = next(column.name for column in self.columns() if column.name not in shared)
        return cast(Ref, getattr(self, own))


@dataclass(frozen=True, kw_only=True)
class Lasting(Claim):
    """A claim that holds over an interval; an empty end means that no end is known."""

    begin: Edtf | None = None
    end: Edtf | None = None
    as_of: Edtf | None = None


@dataclass(frozen=True, kw_only=True)
class Dated(Claim):
    """A claim about something that happens on one day."""

    on: Edtf | None = None
