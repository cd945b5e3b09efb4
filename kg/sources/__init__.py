"""Reference data from packages: codes from ISO 3166, names from CLDR, the lists of the World Factbook."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from pyoxigraph import Quad

from kg.facts.core import Identifier
from kg.facts.tables import Facts
from kg.sources import cldr, factbook, iso
from kg.sources.readings import Readings
from kg.terms import Names

__all__ = ["PACKAGED", "reference_quads", "with_listings"]

# The sources whose claims come from a package, whole, and not from the tables.
PACKAGED = frozenset({factbook.SOURCE})


def reference_quads(identifiers: Iterable[Identifier], names: Names) -> Iterator[Quad]:
    """Yield what the packages say about the things that `identifiers` read their codes as.

    A list of which no code is read is not taken. Raises BuildFailed when a package is missing, or
    when its codes and the readings differ.
    """
    readings = Readings.of(identifiers)
    yield from iso.quads(readings, names)
    yield from cldr.quads(readings, names)
    yield from factbook.quads(readings, names)


def with_listings(facts: Facts) -> Facts:
    """Return the facts with the claims that the World Factbook makes, and their attestations.

    Raises BuildFailed when the package is missing, is another edition, or has something that the
    readings do not say how to take.
    """
    claims, attestations = factbook.listings(Readings.of(facts.identifiers))
    return replace(facts, claims=(*facts.claims, *claims), attestations=(*facts.attestations, *attestations))
