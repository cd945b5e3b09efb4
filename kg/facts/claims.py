"""What all claims have in common: an id, when they were recorded here, and what they replace."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated, ClassVar

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
