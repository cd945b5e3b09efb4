"""Reference data from published packages, each in a dataset graph of its own: codes from ISO 3166, names from CLDR."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pyoxigraph import Quad

from kg.facts.core import Identifier
from kg.sources import cldr, iso
from kg.sources.readings import Readings
from kg.terms import Names

__all__ = ["reference_quads"]


def reference_quads(identifiers: Iterable[Identifier], names: Names) -> Iterator[Quad]:
    """Yield what the packages say about the things that `identifiers` read their codes as.

    A list of which no code is read is not taken. Raises BuildFailed when a package is missing, or
    when its codes and the readings differ.
    """
    readings = Readings.of(identifiers)
    yield from iso.quads(readings, names)
    yield from cldr.quads(readings, names)
