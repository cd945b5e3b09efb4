"""What tests send: claims in TriG."""

from __future__ import annotations

BASE = "https://w3id.org/foedus/"
PREFIXES = f"""\
@prefix assertion: <{BASE}concept/assertion/> .
@prefix attestation: <{BASE}id/attestation/> .
@prefix certainty: <{BASE}concept/certainty/> .
@prefix claim: <{BASE}id/claim/> .
@prefix foe: <{BASE}ontology#> .
@prefix organisation: <{BASE}id/organisation/> .
@prefix polity: <{BASE}id/polity/> .
@prefix prov: <http://www.w3.org/ns/prov#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix role: <{BASE}concept/membership-role/> .
@prefix source: <{BASE}id/source/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""


def membership(
    slug: str,
    member: str | None = None,
    begin: str = "2004-03-29",
    end: str | None = None,
    role: str = "full-member",
    replaces: str | None = None,
    more: str = "",
    attested: bool = True,
) -> str:
    """A claim of membership in NATO with one attestation; without `member`, of a polity of its own, that is new."""
    if member is None:
        member = f"polity:{slug}"
        more += polity(slug, slug)
    ends = f'foe:endEarliest "{end}"^^xsd:date ; foe:endLatest "{end}"^^xsd:date ;' if end else ""
    revised = f"claim:{slug} prov:wasRevisionOf claim:{replaces} ." if replaces else ""
    attestation = f"""
        attestation:{slug}-a a foe:Attestation ; foe:attests claim:{slug} ; foe:source source:list-a ;
            foe:certainty certainty:verified ; foe:assertion assertion:stated .
    """
    return f"""{PREFIXES}
    GRAPH claim:{slug} {{
        <{BASE}id/claim/{slug}#statement> a foe:Membership ; foe:member {member} ; foe:organisation organisation:nato ;
            foe:role role:{role} ; {ends}
            foe:beginEarliest "{begin}"^^xsd:date ; foe:beginLatest "{begin}"^^xsd:date .
    }}
    GRAPH <{BASE}id/graph/provenance> {{ {attestation if attested else ""} {revised} }}
    {more}
    """


def polity(slug: str, label: str) -> str:
    """A new thing for the register."""
    return f'GRAPH <{BASE}id/dataset/register> {{ polity:{slug} a foe:Polity ; rdfs:label "{label}"@en . }}'
