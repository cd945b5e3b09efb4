"""Which thing each code of a list is read as, and whether the readings are all there."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from kg.errors import BuildFailed
from kg.facts.core import Identifier


@dataclass(frozen=True)
class Readings:
    """The references that codes are read as, by scheme and code."""

    by_scheme: Mapping[str, Mapping[str, str]]

    @classmethod
    def of(cls, rows: Iterable[Identifier]) -> Readings:
        """Take the rows of the table that are not retracted."""
        found: dict[str, dict[str, str]] = {}
        for row in rows:
            if row.retracted is None:
                found.setdefault(row.code_scheme, {})[row.code] = row.identifies
        return cls(found)

    def of_scheme(self, scheme: str) -> Mapping[str, str]:
        """The readings of one list; empty when the tables read none of it."""
        return self.by_scheme.get(scheme, {})

    def check_known(self, scheme: str, known: Collection[str], package: str) -> None:
        """Raise BuildFailed when a code is read that the package does not have."""
        surplus = sorted(set(self.of_scheme(scheme)) - set(known))
        if surplus:
            raise BuildFailed(
                f"identifiers: the package {package} has no {scheme} {', '.join(surplus)}; "
                "correct the code, or retract the row"
            )

    def check_complete(self, scheme: str, known: Collection[str], package: str) -> None:
        """Raise BuildFailed when the readings and the codes of the package are not the same."""
        self.check_known(scheme, known, package)
        missing = sorted(set(known) - set(self.of_scheme(scheme)))
        if missing:
            raise BuildFailed(
                f"identifiers: nothing says what {scheme} {', '.join(missing)} of the package {package} is; "
                "add the thing to the register and a row to the table"
            )
