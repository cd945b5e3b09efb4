"""The page of one name: what it is, what is claimed about it and by whom, what follows, what leads to it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from starlette.types import Scope

from kg.store.formats import Format
from kg.terms import FOE, OWL, SKOS
from server import rows
from server.asking import Asking
from server.linked_data import languages, profiles
from server.linked_data.about import LABELS, TYPE, About, Literal, Statement, text_of
from server.linked_data.places import Places
from server.linked_data.profiles import HTML
from server.pages.claimants import Group, claims_about, grouped
from server.pages.drawings import Map, map_around
from server.pages.land import Ring, read_rings
from server.pages.lifetime import lifetime
from server.pages.parts import IDENTITY, content, contests, defined, linked
from server.pages.rendering import Templates
from server.pages.values import Line, Shown, Teller
from server.sparql.parameters import Parameters

FEW, MANY = 4, 60
"""How many claims of one claimant the page shows, and how many the page of one claimant."""
GROUPS = 12
"""Of how many claimants the page shows claims; the others are listed."""
_FORMAT_NAMES = {
    "turtle": "Turtle",
    "jsonld": "JSON-LD",
    "ntriples": "N-Triples",
    "rdfxml": "RDF/XML",
    "trig": "TriG",
    "nquads": "N-Quads",
    "html": "HTML",
}


@dataclass(frozen=True)
class Names:
    """What a thing is called in one language."""

    language: str
    own: str
    text: str
    direction: str | None


class ThingPage:
    """Renders the pages of names."""

    def __init__(self, asking: Asking, templates: Templates) -> None:
        self._asking = asking
        self._templates = templates
        self._places = Places(asking.settings.base)
        self._rings: tuple[str, list[Ring]] = ("", [])

    async def render(
        self, scope: Scope, about: About, spoken: Sequence[str], parameters: Parameters, asking: Asking
    ) -> bytes:
        """The page, for a reader of these languages; `asking` asks as of the view that the page is of."""
        teller = Teller(about, spoken, self._places)
        claims = claims_about(about, teller)
        groups = grouped(claims, about, teller)
        chosen = parameters.one("by")
        asked = f"{self._places.base}id/{chosen}" if chosen else None
        group = next((each for each in groups if each.iri == asked), None) if asked else None
        page = _page_number(parameters)
        name = teller.name(about.iri)
        contested = f"{FOE}ContestedPlace" in about.values(about.iri, TYPE)
        path = self._places.document(about.iri)
        return self._templates.page(
            "thing.html",
            title=name,
            iri=about.iri,
            path=path,
            kinds=self._kinds(about, teller),
            names=self._names(about),
            matches=teller.lines([each for each in about.direct if each.predicate == SKOS.iri("exactMatch")]),
            deprecated=about.value(about.iri, OWL.iri("deprecated")) == "true",
            retracted=about.value(about.iri, FOE.iri("retracted")),
            contested=contested,
            contests=contests(claims) if contested else [],
            groups=[group] if group else groups,
            chosen=group,
            few=MANY if group else FEW,
            page=page,
            most=GROUPS,
            pages=-(-len(group.claims) // MANY) if group else 1,
            total=len(claims),
            facts=teller.lines([each for each in about.direct if not _derived(each) and not _claim(each)], IDENTITY),
            follows=self._follows(about, teller),
            links=linked(about, teller),
            links_in_all=about.links_in_all,
            defined=defined(about, teller),
            content=[] if self._is(about, "claim") else content(about, teller),
            cut=about.cut,
            map=await self._map(scope, about, teller, asking),
            seen=asking.seen,
            time=lifetime(claims),
            formats=formats(path),
            languages=languages.KNOWN,
            spoken=spoken[0],
            cite=self._cite(about, name),
            schema=self._schema(about),
            generation=self._asking.generation.name,
            own=lambda **more: f"{path}?{urlencode(more)}",
            is_claim=self._is(about, "claim"),
        )

    def alternates(self, about: About, wanted: Format) -> bytes:
        """All formats and profiles of a document: as a page, or as JSON-LD.

        Source: https://www.w3.org/TR/dx-prof-conneg/#altr-func
        """
        path, base = self._places.document(about.iri), self._places.base
        every = [
            (profile, profiles.profile_iri(profile, base), _FORMAT_NAMES[each.name], each.media_type, address)
            for profile, address, each in _variants(path)
        ]
        if wanted is HTML:
            return self._templates.page("alternates.html", iri=about.iri, path=path, variants=every)
        document = {
            "@context": {"altr": "http://www.w3.org/ns/dx/connegp/altr#", "dcterms": "http://purl.org/dc/terms/"},
            "@id": about.iri,
            "altr:hasRepresentation": [
                {
                    "@type": "altr:Representation",
                    "dcterms:conformsTo": {"@id": iri},
                    "dcterms:format": media_type,
                    "@id": f"{base}{address.removeprefix('/')}",
                }
                for _, iri, _, media_type, address in every
            ],
        }
        return json.dumps(document, indent=1).encode() + b"\n"

    def _is(self, about: About, kind: str) -> bool:
        return about.iri.startswith(f"{self._places.base}id/{kind}/") and "#" not in about.iri

    def _kinds(self, about: About, teller: Teller) -> list[Shown]:
        """What the thing is: the kinds that somebody gave it, before those that follow."""
        types = [each for each in about.direct if each.predicate == TYPE]
        given = [each for each in types if not _derived(each)] or types
        shown = [text_of(each.object) for each in given]
        ours = [each for each in dict.fromkeys(shown) if each.startswith(FOE)]
        return [teller.name(each) for each in ours or dict.fromkeys(shown)]

    def _names(self, about: About) -> list[Names]:
        found = {
            (each.object.language, each.object.value)
            for each in about.direct
            if each.predicate in LABELS and isinstance(each.object, Literal) and each.object.language
        }
        return [
            Names(language, languages.KNOWN.get(language, language), text, _direction(language))
            for language, text in sorted((language or "", text) for language, text in found)
        ]

    def _follows(self, about: About, teller: Teller) -> list[tuple[Line, Shown]]:
        """What was inferred about the thing, each with the inference that says why."""
        derived = [each for each in about.direct if _derived(each)]
        return [
            (teller.lines([each])[0], Shown("why", self._places.local(each.graph)))
            for each in sorted(derived, key=lambda each: (each.predicate, text_of(each.object)))
            if text_of(each.object) not in (f"{FOE}Thing", f"{FOE}Statement")
        ]

    async def _map(self, scope: Scope, about: About, teller: Teller, asking: Asking) -> Map | None:
        latitude = about.value(about.iri, FOE.iri("latitude"))
        longitude = about.value(about.iri, FOE.iri("longitude"))
        if latitude is None or longitude is None:
            return None
        found: list[rows.Row] = await asking.rows("points", scope)
        others = [
            (
                float(row["latitude"].value),
                float(row["longitude"].value),
                row["name"].value,
                self._places.local(row["place"].value),
            )
            for row in found
            if row["place"].value != about.iri
        ]
        name = teller.name(about.iri).text
        return map_around(float(latitude), float(longitude), name, others, await self._land(scope))

    async def _land(self, scope: Scope) -> list[Ring]:
        """The outlines of the generation, read once; they are reference data, and the same in every view."""
        generation = self._asking.generation.name
        if self._rings[0] != generation:
            found = await self._asking.rows("land", scope)
            self._rings = (generation, read_rings(row["outline"].value for row in found))
        return self._rings[1]

    def _cite(self, about: About, name: Shown) -> str:
        return f"“{name.text}”, in: Foedus, generation {self._asking.generation.name}. {about.iri}"

    def _schema(self, about: About) -> str | None:
        return f"{self._places.document(about.iri)}.jsonld?_profile=schema"


def formats(path: str) -> list[tuple[str, str, str]]:
    """The formats of a document: name, address, profile."""
    return [(_FORMAT_NAMES[each.name], address, profile) for profile, address, each in _variants(path)]


def _variants(path: str) -> list[tuple[str, str, Format]]:
    return [
        (profile, f"{path}.{suffix}" + ("" if each is HTML else f"?_profile={profile}"), each)
        for profile, suffix, each in profiles.variants()
    ]


def _derived(statement: Statement) -> bool:
    return "/id/inference/" in statement.graph


def _claim(statement: Statement) -> bool:
    return "/id/claim/" in statement.graph


def _direction(language: str) -> str | None:
    return "rtl" if language in languages.RIGHT_TO_LEFT else None


def _page_number(parameters: Parameters) -> int:
    given = parameters.one("page") or "1"
    return max(1, int(given)) if given.isdecimal() and len(given) < 6 else 1


__all__ = ["Group", "ThingPage"]
