"""What has been changed since the tables were written: rows that were added, and rows that were retracted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TypeVar

from kg.facts.claims import Claim
from kg.facts.columns import Row
from kg.facts.core import Identifier, Thing
from kg.facts.evidence import Attestation, Source
from kg.facts.tables import Facts
from kg.facts.values import Ref
from kg.facts.viewpoints import Viewpoint

Kept = TypeVar("Kept", bound=Row)


@dataclass(frozen=True)
class Added:
    """A row that was added: its table, its cells, and which record of the journal it stands in."""

    table: str
    cells: Mapping[str, str]
    record: int = 0


@dataclass(frozen=True)
class Amendments:
    """Rows added, in order, and the days on which rows were retracted, by reference (`claim/x`, `attestation/x` …)."""

    added: tuple[Added, ...] = ()
    retracted: Mapping[str, date] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.added or self.retracted)

    @classmethod
    def of(cls, changes: Iterable[Amendments]) -> Amendments:
        """Many changes as one; the first day on which something was retracted counts."""
        added: list[Added] = []
        retracted: dict[str, date] = {}
        for change in changes:
            added.extend(change.added)
            for ref, day in change.retracted.items():
                retracted.setdefault(ref, day)
        return cls(tuple(added), retracted)

    def retract(self, facts: Facts) -> Facts:
        """The facts with the days of retraction in their rows; a day that a row has already stays."""
        if not self.retracted:
            return facts
        return Facts(
            things=tuple(self._retracted(facts.things)),
            identifiers=facts.identifiers,
            sources=tuple(self._retracted(facts.sources)),
            attestations=tuple(self._retracted(facts.attestations)),
            claims=tuple(self._retracted(facts.claims)),
            viewpoints=tuple(self._retracted(facts.viewpoints)),
        )

    def _retracted(self, rows: Iterable[Kept]) -> Iterator[Kept]:
        for row in rows:
            day = self.retracted.get(reference(row))
            if day is not None and getattr(row, "retracted", None) is None:
                # Kept is any row; all that are given here have the column, and mypy cannot say so of a type variable.
                yield replace(row, retracted=day)  # type: ignore[call-arg]
            else:
                yield row


def reference(row: Row) -> str:
    """What a row is called everywhere: `claim/x`, `attestation/x`, `polity/x`, `source/x`.

    A code of a list that others keep has no such name; it is called by scheme and code.
    """
    if isinstance(row, Claim):
        return f"claim/{row.claim}"
    if isinstance(row, Attestation):
        return f"attestation/{row.id}"
    if isinstance(row, Thing | Source | Viewpoint):
        return row.id
    if isinstance(row, Identifier):
        return f"{row.code_scheme} {row.code}"
    raise TypeError(f"{type(row).__name__} has no id column")


def as_record(change: Amendments) -> dict[str, object]:
    """A change as a JSON object: `rows` (table and cells) and `retracted` (a day for each reference)."""
    return {
        "rows": [{"table": each.table, "cells": dict(each.cells)} for each in change.added],
        "retracted": {ref: day.isoformat() for ref, day in change.retracted.items()},
    }


def from_record(record: Mapping[str, object], number: int) -> Amendments:
    """Read what `as_record` gave; `number` is the record's number in the journal."""
    rows, retracted = record["rows"], record["retracted"]
    assert isinstance(rows, list)
    assert isinstance(retracted, dict)
    return Amendments(
        tuple(Added(row["table"], row["cells"], number) for row in rows),
        {str(Ref(ref)): date.fromisoformat(day) for ref, day in retracted.items()},
    )
