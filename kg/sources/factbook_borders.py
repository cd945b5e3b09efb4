"""The borders on land that the World Factbook lists, as claims attested by it: one for each direction and stretch."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping
from decimal import Decimal

from kg.errors import BuildFailed
from kg.facts.evidence import Attestation
from kg.facts.sites import BorderListing
from kg.facts.values import Ref
from kg.sources.attesting import stated
from kg.sources.factbook import AS_OF, COUNTRIES, RECORDED, SOURCE, compared
from kg.sources.readings import Readings
from kg.terms import slugify

FIELD = "geography.land_boundaries.border_countries"
NAMES_FIELD = "government.country_name.conventional_short_form"
# What the lists call some neighbours otherwise than their own pages do, by the code of the page; the names in brackets
# say whose a territory is, not which stretch of a border is meant.
CALLED = {
    "Central African Republic": "ct",
    "Cote d'Ivoire": "iv",
    "Czech Republic": "ez",
    "Democratic Republic of the Congo": "cg",
    "Dominican Republic": "dr",
    "French Guiana": "fg",
    "Gaza Strip": "gz",
    "Holy See (Vatican City)": "vt",
    "Macedonia": "mk",
    "Republic of the Congo": "cf",
    "Saint Martin (France)": "rn",
    "UAE": "ae",
    "UK": "uk",
    "US": "us",
}
# Sides of a border that have no code of the Factbook: read here.
OTHERS = {
    "ax": "territory/akrotiri",
    "dx": "territory/dhekelia",
    "fg": "territory/french-guiana",
    "gz": "territory/gaza-strip",
    "we": "territory/west-bank",
    "US Naval Base at Guantanamo Bay": "site/guantanamo-bay-naval-base",
}
_ENTRY = re.compile(r"(?P<name>.+?) (?P<length>\d[\d,]*(?:\.\d+)?) ?km(?: ?\((?P<note>.*)\))?")
_PART = re.compile(r"(?P<name>.+?) \((?P<stretch>[^()]*)\)")


def borders(readings: Readings) -> tuple[list[BorderListing], list[Attestation]]:
    """Return one claim for each border that a page lists, and one attestation for each claim.

    Raises BuildFailed on a name or an entry that nothing says how to take.
    """
    if not readings.of_scheme(COUNTRIES):
        return [], []
    sides = {**OTHERS, **readings.of_scheme(COUNTRIES)}
    called = {**_own_names(), **CALLED}
    claims: dict[str, BorderListing] = {}
    attestations: list[Attestation] = []
    for page, text in compared(FIELD).items():
        for words, name, stretch, length in entries(text):
            code = called.get(name, name)
            if page not in sides or code not in sides:
                raise BuildFailed(
                    f"the World Factbook lists {words!r} for {page}, and nothing says what that is; add the name to "
                    "CALLED, or the side to OTHERS, in kg/sources/factbook_borders.py"
                )
            claim = _listing(Ref(sides[page]), Ref(sides[code]), stretch, length)
            if claims.setdefault(claim.claim, claim) is not claim:
                raise BuildFailed(f"the World Factbook lists {words!r} for {page} twice; tell the stretches apart")
            attestations.append(stated(claim, SOURCE, f"{page}: {words}"))
    return list(claims.values()), attestations


def entries(text: str) -> Iterator[tuple[str, str, str | None, Decimal]]:
    """Yield each entry of a page's list: its words, the neighbour, the stretch if it names one, the kilometres.

    >>> [entry[1:] for entry in entries("Spain (Ceuta) 8 km and Spain (Melilla) 10.5 km; Western Sahara 2,003 km")]
    [('Spain', 'Ceuta', Decimal('8')), ('Spain', 'Melilla', Decimal('10.5')), ('Western Sahara', None, Decimal('2003'))]

    Raises BuildFailed on an entry of another form.
    """
    plain = html.unescape(re.sub(r"<[^>]+>", "", text)).replace("\xa0", " ")
    for part in re.split(r";|,(?!\d)(?![^()]*\))| and (?=[A-Z][^()]*\([^()]*\) [\d,.]+ km)", plain):
        words = part.strip()
        if not words:
            continue
        found = _ENTRY.fullmatch(words)
        if found is None:
            raise BuildFailed(
                f"the World Factbook lists {words!r} as a border, which has another form than `name 123 km`; read it "
                "in kg/sources/factbook_borders.py"
            )
        name, stretch = found["name"], None
        within = _PART.fullmatch(name)
        if within and name not in CALLED:
            name, stretch = within["name"], within["stretch"]
        yield words, name, stretch, Decimal(found["length"].replace(",", ""))


def _own_names() -> Mapping[str, str]:
    """The code of each page, by the short name that the page gives."""
    found = {}
    for code, text in compared(NAMES_FIELD).items():
        plain = html.unescape(re.sub(r"<[^>]+>", "", text))
        name = re.sub(r"\(.*?\)", "", plain).partition(";")[0].strip()
        if name and name != "none":
            found[name] = code
    return found


def _listing(bordering: Ref, bordered: Ref, stretch: str | None, kilometres: Decimal) -> BorderListing:
    parts = ("factbook-border", bordering.slug, bordered.slug, slugify(stretch) if stretch else "")
    return BorderListing(
        claim="-".join(filter(None, parts)),
        recorded=RECORDED,
        as_of=AS_OF,
        bordering=bordering,
        bordered=bordered,
        stretch=stretch,
        kilometres=kilometres,
    )
