"""The rows of the graph by name, so that a write can be judged beside them; changes to it can be taken back."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date
from typing import Any

from kg.facts.amendments import reference
from kg.facts.claims import Claim
from kg.facts.columns import Row
from kg.facts.evidence import Attestation
from kg.facts.tables import Facts

Undo = Callable[[], None]


class Register:
    """Every row by its reference, the attestations of each claim, and one claim of each matter."""

    def __init__(self, facts: Facts) -> None:
        self.rows: dict[str, Row] = {}
        self.attestations: dict[str, list[str]] = {}
        self._matters: dict[tuple[str, str], str] = {}
        for row in facts.all():
            self._add(row)

    def facts(self) -> Facts:
        """All rows."""
        return Facts.from_rows(tuple(self.rows.values()))

    def on_the_same_matter(self, claim: Claim) -> Claim | None:
        """A claim that is there with the same matter path, whatever its key."""
        found = self._matters.get((claim.CLASS, claim.matter)) if claim.MATTER else None
        row = self.rows[found] if found else None
        return row if isinstance(row, Claim) else None

    def of_claim(self, ref: str) -> list[Row]:
        """A claim and its attestations."""
        return [self.rows[each] for each in (ref, *self.attestations.get(ref, ())) if each in self.rows]

    def apply(self, added: Iterable[Row], retracted: Iterable[tuple[str, date]]) -> Undo:
        """Add rows and retract others; return what takes it back."""
        steps = [self._add(row) for row in added]
        for ref, day in retracted:
            before: Any = self.rows[ref]
            self.rows[ref] = replace(before, retracted=day)
            steps.append(lambda ref=ref, before=before: self.rows.__setitem__(ref, before))  # type: ignore[misc]

        def undo() -> None:
            for step in reversed(steps):
                step()

        return undo

    def _add(self, row: Row) -> Undo:
        ref = reference(row)
        self.rows[ref] = row
        new_matter: tuple[str, str] | None = None
        if isinstance(row, Claim) and row.MATTER and (row.CLASS, row.matter) not in self._matters:
            new_matter = (row.CLASS, row.matter)
            self._matters[new_matter] = ref
        if isinstance(row, Attestation):
            self.attestations.setdefault(row.claim, []).append(ref)

        def undo() -> None:
            del self.rows[ref]
            if new_matter is not None:
                del self._matters[new_matter]
            if isinstance(row, Attestation):
                self.attestations[row.claim].remove(ref)

        return undo
