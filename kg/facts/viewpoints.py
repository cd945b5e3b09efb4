"""Viewpoints: whose claims are accepted where claims cannot all hold."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Annotated, ClassVar

from kg.facts.columns import In, Row, To
from kg.facts.values import Code, Ref


@dataclass(frozen=True, kw_only=True)
class Viewpoint(Row):
    """A way to decide between rival claims; on what it has no stance it decides nothing.

    `NEEDED` says which column each kind of acceptance reads.
    """

    TABLE: ClassVar[str] = "viewpoints"
    NEEDED: ClassVar[MappingProxyType[str, str | None]] = MappingProxyType(
        {
            "control": None,
            "listed-instruments": "accepted_instrument",
            "own-claims": "viewpoint_of",
            "published-claims": "accepted_publisher",
            "recognised-claims": "viewpoint_of",
        }
    )

    id: Ref
    name: str
    accepts: Annotated[tuple[Code, ...], In("acceptance")]
    viewpoint_of: Annotated[Ref, To(("polity", "organisation"))] | None = None
    accepted_instrument: Annotated[tuple[Ref, ...], To(("instrument",))] | None = None
    accepted_publisher: str | None = None
    recorded: date
    retracted: date | None = None
