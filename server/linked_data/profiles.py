"""Formats and profiles of a document: what can be asked for, by header, by suffix, or by parameter.

Source: https://www.w3.org/TR/dx-prof-conneg/
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from starlette.datastructures import Headers

from kg.store.formats import JSON_LD, N_QUADS, N_TRIPLES, RDF_XML, TRIG, TURTLE, Format
from server import negotiation
from server.errors import NotAcceptable
from server.sparql.parameters import Parameters

HTML = Format("html", "text/html", "text/html; charset=utf-8", ("application/xhtml+xml",))
PLAIN, CLAIMS, SCHEMA, ALTERNATES = "plain", "claims", "schema", "alternates"
SCHEMA_ORG = "https://schema.org/"
ALTERNATES_IRI = "http://www.w3.org/ns/dx/connegp/altr"
SUFFIXES = {
    "ttl": TURTLE,
    "jsonld": JSON_LD,
    "nt": N_TRIPLES,
    "rdf": RDF_XML,
    "trig": TRIG,
    "nq": N_QUADS,
    "html": HTML,
}
"""Endings of a document's address, and the format that each means."""
FORMATS = (TURTLE, JSON_LD, N_TRIPLES, RDF_XML, TRIG, N_QUADS, HTML)
OFFERED: dict[str, tuple[Format, ...]] = {
    PLAIN: (TURTLE, JSON_LD, N_TRIPLES, RDF_XML, HTML),
    CLAIMS: (TRIG, TURTLE, JSON_LD, N_TRIPLES, RDF_XML, N_QUADS, HTML),
    SCHEMA: (JSON_LD,),
    ALTERNATES: (HTML, JSON_LD),
}
"""Of each profile, the formats that there are, the preferred one first."""
_ANGLED = re.compile(r"<([^>]*)>(?:\s*;\s*q=([0-9.]+))?")


@dataclass(frozen=True)
class Wish:
    """What a client gets: a format and a profile."""

    wanted: Format
    profile: str


def profile_iri(profile: str, base: str) -> str:
    """The IRI of a profile."""
    return {SCHEMA: SCHEMA_ORG, ALTERNATES: ALTERNATES_IRI}.get(profile, f"{base}profile/{profile}")


def wish(headers: Headers, parameters: Parameters, suffix: str | None, base: str) -> Wish:
    """What a request asks for; raises NotAcceptable, naming what there is."""
    profile = _profile(headers, parameters, base)
    names = parameters.all("_mediatype") or parameters.all("format")
    offered = OFFERED[profile] if profile else FORMATS
    if suffix is not None:
        wanted = SUFFIXES[suffix]
        if wanted not in offered:
            raise NotAcceptable(f"{wanted.media_type} in that profile", tuple(each.media_type for each in offered))
    elif names:
        wanted = negotiation.by_name([*names, *(SUFFIXES[each].name for each in names if each in SUFFIXES)], offered)
    else:
        wanted = negotiation.choose(", ".join(headers.getlist("accept")) or None, offered)
    return Wish(wanted, profile or (CLAIMS if wanted in (TRIG, N_QUADS, JSON_LD, HTML) else PLAIN))


def _profile(headers: Headers, parameters: Parameters, base: str) -> str | None:
    """The profile that is asked for, if any."""
    known = {profile_iri(each, base): each for each in OFFERED}
    known |= {each: each for each in OFFERED} | {"alt": ALTERNATES, "all": ALTERNATES, SCHEMA_ORG.rstrip("/"): SCHEMA}
    named = parameters.one("_profile") or parameters.one("profile")
    if named is not None:
        if named not in known:
            raise NotAcceptable(f"the profile {named[:80]!r}", tuple(OFFERED))
        return known[named]
    asked = ",".join(headers.getlist("accept-profile"))
    ranked = sorted(_ANGLED.findall(asked), key=lambda each: -float(each[1] or 1))
    return next((known[iri] for iri, _ in ranked if iri in known), None)


def variants(profiles: Sequence[str] = tuple(OFFERED)) -> list[tuple[str, str, Format]]:
    """Profile, suffix and format of everything that a document comes as."""
    endings = {each: suffix for suffix, each in SUFFIXES.items()}
    return [
        (profile, endings[each], each)
        for profile in profiles
        if profile != ALTERNATES
        for each in OFFERED[profile]
        if each is not HTML or profile == CLAIMS
    ]
