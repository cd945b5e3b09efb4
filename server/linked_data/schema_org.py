"""A description in the words of schema.org, for search engines and for whoever knows only those.

Only what schema.org can say without taking a side: kinds, names, codes, coordinates, links. Who claims
what is in the other profiles.
Source: https://schema.org/
"""

from __future__ import annotations

from typing import Any

from kg.terms import DCTERMS, FOE, SKOS
from server.linked_data.about import LABELS, SHORT, TYPE, About, Literal, text_of

_KINDS = {
    "Polity": "AdministrativeArea",
    "Territory": "AdministrativeArea",
    "AdministrativeUnit": "AdministrativeArea",
    "Place": "Place",
    "Organisation": "Organization",
    "Alliance": "Organization",
    "Person": "Person",
    "Office": "Role",
    "Instrument": "CreativeWork",
    "Event": "Event",
    "Meeting": "Event",
    "Source": "CreativeWork",
    "Publisher": "Organization",
    "Claim": "Claim",
    "Dataset": "Dataset",
}
LICENCE = "https://creativecommons.org/licenses/by/4.0/"


def described(about: About) -> dict[str, Any]:
    """The document in JSON-LD."""
    iri = about.iri
    kinds = [text_of(each).removeprefix(FOE) for each in about.values(iri, TYPE)]
    names = [
        each
        for label in LABELS
        for each in about.values(iri, label)
        if isinstance(each, Literal) and each.language in ("en", None)
    ]
    document: dict[str, Any] = {
        "@context": "https://schema.org/",
        "@id": iri,
        "@type": next((known for kind, known in _KINDS.items() if kind in kinds), "Thing"),
    }
    if names:
        document["name"] = names[-1].value
    other = {
        (each.value, each.language)
        for label in (*LABELS, SHORT)
        for each in about.values(iri, label)
        if isinstance(each, Literal) and each.value != document.get("name")
    }
    if other:
        document["alternateName"] = [
            {"@value": text, "@language": language} if language else text
            for text, language in sorted(other, key=lambda each: (each[1] or "", each[0]))
        ]
    matches = [text_of(each) for each in about.values(iri, SKOS.iri("exactMatch"))]
    if matches:
        document["sameAs"] = matches
    for predicate, key in ((FOE.iri("address"), "url"), (DCTERMS.iri("description"), "description")):
        if value := about.value(iri, predicate):
            document[key] = value
    latitude, longitude = about.value(iri, FOE.iri("latitude")), about.value(iri, FOE.iri("longitude"))
    if latitude and longitude:
        document["geo"] = {"@type": "GeoCoordinates", "latitude": float(latitude), "longitude": float(longitude)}
    about_it = f"Claims about {document.get('name', iri)}"
    document["subjectOf"] = {"@type": "Dataset", "name": about_it, "license": LICENCE}
    return document
