"""The codes of ISO 3166: who has one, which, under what name, and until when."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from pyoxigraph import Literal, NamedNode, Quad

from kg.facts.evidence import Attestation
from kg.facts.membership import StateListing
from kg.facts.values import Code as EntryCode
from kg.facts.values import Ref, read_edtf
from kg.sources.attesting import stated
from kg.sources.codes import Code, identifier
from kg.sources.packages import describe, load
from kg.sources.readings import Readings
from kg.terms import FOE, XSD, Names

PACKAGE = "pycountry"
LICENCE = "https://spdx.org/licenses/LGPL-2.1-only"
DATASET = "iso-3166"
CURRENT, FORMER = "iso-3166-1-alpha-2", "iso-3166-3"
GIVER = Ref("organisation/international-organization-for-standardization")
SOURCE = Ref("source/iso-3166-1")
RECORDED = date(2026, 11, 25)
# The field of the package that holds the codes of each scheme.
FIELDS = {CURRENT: "alpha_2", "iso-3166-1-alpha-3": "alpha_3", "iso-3166-1-numeric": "numeric"}


def quads(readings: Readings, names: Names) -> Iterator[Quad]:
    """Yield the identifiers that ISO gives, with a description of the dataset; nothing when no code of it is read.

    Raises BuildFailed naming the codes when the package and the readings differ.
    """
    if not (readings.of_scheme(CURRENT) or readings.of_scheme(FORMER)):
        return
    package = load(PACKAGE)
    graph = names.dataset(DATASET)
    yield from describe(graph, names, title="Country codes of ISO 3166", package=PACKAGE, licence=LICENCE)
    yield from _current(list(package.countries), readings, graph, names)
    yield from _former(list(package.historic_countries), readings, graph, names)


def listings(readings: Readings) -> tuple[list[StateListing], list[Attestation]]:
    """Return one claim for each entry of ISO 3166-1, and one attestation for each claim; none when no code is read.

    Raises BuildFailed naming the codes when the package and the readings differ.
    """
    read = readings.of_scheme(CURRENT)
    if not read:
        return [], []
    readings.check_complete(CURRENT, {entry.alpha_2 for entry in load(PACKAGE).countries}, PACKAGE)
    claims = {code: _listing(Ref(ref)) for code, ref in read.items()}
    return list(claims.values()), [stated(claim, SOURCE, code) for code, claim in claims.items()]


def _listing(unit: Ref) -> StateListing:
    return StateListing(
        claim=f"{SOURCE.slug}-{unit.slug}",
        recorded=RECORDED,
        lister=GIVER,
        listed_unit=unit,
        listing_status=EntryCode("country-or-territory"),
    )


def _current(entries: Iterable[Any], readings: Readings, graph: NamedNode, names: Names) -> Iterator[Quad]:
    by_code = {entry.alpha_2: entry for entry in entries}
    readings.check_complete(CURRENT, by_code, PACKAGE)
    for code, ref in readings.of_scheme(CURRENT).items():
        for scheme, field in FIELDS.items():
            entry = by_code[code]
            yield from identifier(Code(scheme, getattr(entry, field), entry.name), ref, GIVER, graph, names)


def _former(entries: Iterable[Any], readings: Readings, graph: NamedNode, names: Names) -> Iterator[Quad]:
    by_code = {entry.alpha_4: entry for entry in entries}
    readings.check_complete(FORMER, by_code, PACKAGE)
    for code, ref in readings.of_scheme(FORMER).items():
        entry = by_code[code]
        listed = Code(FORMER, code, entry.name)
        yield from identifier(listed, ref, GIVER, graph, names)
        yield from _withdrawn(listed.node(names), entry.withdrawal_date, graph)


def _withdrawn(node: NamedNode, written: str, graph: NamedNode) -> Iterator[Quad]:
    """The day, or the year, on which a name was taken out of the list."""
    end = read_edtf(written)
    yield Quad(node, FOE["endEarliest"], Literal(end.earliest.isoformat(), datatype=XSD["date"]), graph)
    yield Quad(node, FOE["endLatest"], Literal(end.latest.isoformat(), datatype=XSD["date"]), graph)
    if not end.exact:
        yield Quad(node, FOE["endText"], Literal(end.text), graph)
