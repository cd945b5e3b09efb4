"""Reference data from packages: codes of ISO 3166, names of CLDR, the World Factbook, Natural Earth."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from pyoxigraph import Quad

from kg.facts.core import Identifier
from kg.facts.tables import Facts
from kg.sources import cldr, factbook, factbook_borders, iso, natural_earth
from kg.sources.readings import Readings
from kg.terms import Names

__all__ = ["PACKAGED", "reference_quads", "with_reference_claims"]

# The sources whose claims come from a package, whole, and not from the tables.
PACKAGED = frozenset({factbook.SOURCE, iso.SOURCE, natural_earth.SOURCE})


def reference_quads(identifiers: Iterable[Identifier], names: Names) -> Iterator[Quad]:
    """Yield what the packages say about the things that `identifiers` read their codes as.

    A list of which no code is read is not taken. Raises BuildFailed when a package is missing, or
    when its codes and the readings differ.
    """
    readings = Readings.of(identifiers)
    yield from iso.quads(readings, names)
    yield from cldr.quads(readings, names)
    yield from factbook.quads(readings, names)
    yield from natural_earth.quads(readings, names)


def with_reference_claims(facts: Facts) -> Facts:
    """Return the facts with the claims of ISO 3166-1, the World Factbook and Natural Earth, attested.

    Raises BuildFailed when a package is missing, is another edition, or has something that the
    readings do not say how to take.
    """
    readings = Readings.of(facts.identifiers)
    listed, lists = factbook.listings(readings)
    drawn, maps = natural_earth.drawings(readings)
    entered, entries = iso.listings(readings)
    bordering, neighbours = factbook_borders.borders(readings)
    claims = (*listed, *bordering, *drawn, *entered)
    attestations = (*lists, *neighbours, *maps, *entries)
    return replace(facts, claims=(*facts.claims, *claims), attestations=(*facts.attestations, *attestations))
