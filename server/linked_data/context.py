"""The JSON-LD context: versioned, small, and enough to read every document that this server writes.

Terms of the ontology need no entry, since `@vocab` is the ontology; entries say which properties have
things, concepts or days as values, so that these are plain strings. A context that was published never
changes: a change of meaning gets the next number.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from kg.terms import DCTERMS, FOE, GEO, OWL, PROV, RDFS, SKOS, XSD

VERSION = "1"
_DAYS = ("begin", "end", "reported", "published", "membershipOn", "asOf")
DATED = frozenset(f"{name}{edge}" for name in _DAYS for edge in ("Earliest", "Latest")) | {"recorded", "retracted"}
PREFIXES: Mapping[str, str] = {
    "dcterms": DCTERMS,
    "foe": FOE,
    "geo": GEO,
    "owl": OWL,
    "prov": PROV,
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": RDFS,
    "sh": "http://www.w3.org/ns/shacl#",
    "skos": SKOS,
    "vann": "http://purl.org/vocab/vann/",
    "xsd": XSD,
}
_PLAIN = {
    "name": "rdfs:label",
    "names": "skos:prefLabel",
    "definition": "skos:definition",
    "shortName": "foe:shortName",
}
_TITLES = {"title": "dcterms:title", "description": "dcterms:description"}
_LINKS = {
    "exactMatch": "skos:exactMatch",
    "closeMatch": "skos:closeMatch",
    "inScheme": "skos:inScheme",
    "publisher": "dcterms:publisher",
    "derivedFrom": "prov:wasDerivedFrom",
    "attributedTo": "prov:wasAttributedTo",
    "isDefinedBy": "rdfs:isDefinedBy",
    "subClassOf": "rdfs:subClassOf",
    "subPropertyOf": "rdfs:subPropertyOf",
}
INCLUDED, CLAIM, ATTESTATIONS = "statements", "statedIn", "attestations"
"""Keys of a framed document: the statements about its subject, the claim of each, and who attests that."""


def terms() -> dict[str, Any]:
    """The context, without the document around it."""
    return {
        "@version": 1.1,
        "@vocab": str(FOE),
        "id": "@id",
        "type": "@type",
        **{prefix: {"@id": str(iri), "@prefix": True} for prefix, iri in PREFIXES.items()},
        **{term: {"@id": iri, "@container": "@language"} for term, iri in _PLAIN.items()},
        **{term: {"@id": iri} for term, iri in _TITLES.items()},
        **{term: {"@id": iri, "@type": "@id"} for term, iri in _LINKS.items()},
        **{term: {"@id": f"foe:{term}", "@type": "xsd:date"} for term in sorted(DATED)},
        INCLUDED: "@included",
        CLAIM: {"@reverse": "foe:states", "@type": "@id"},
        ATTESTATIONS: {"@reverse": "foe:attests", "@type": "@id"},
        "address": {"@id": "foe:address", "@type": "xsd:anyURI"},
    }


def document() -> bytes:
    """The context as it is published."""
    return json.dumps({"@context": terms()}, indent=1).encode() + b"\n"


def shortened() -> dict[str, str]:
    """Of each property IRI with an entry of its own, its key."""
    found: dict[str, str] = {}
    for term, iri in {**_PLAIN, **_TITLES, **_LINKS}.items():
        prefix, _, local = iri.partition(":")
        found[f"{PREFIXES[prefix]}{local}"] = term
    return found


LANGUAGE_MAPS = frozenset(_PLAIN)
LINKS = frozenset(_LINKS)
