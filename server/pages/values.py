"""Values as a person reads them: names in the reader's language instead of IRIs, local links, dates in one piece."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from kg.terms import DCTERMS, FOE, GEO, OWL, PROV, RDF, RDFS, SKOS
from server.linked_data import languages
from server.linked_data.about import About, Literal, Statement, Value
from server.linked_data.places import Places
from server.pages.results import shorten

_EDGE = re.compile(r"(.+)(Earliest|Latest|Text)")
_ELSEWHERE = {
    RDF.iri("type"): "kind",
    RDFS.iri("label"): "name",
    RDFS.iri("comment"): "comment",
    RDFS.iri("subClassOf"): "narrower than",
    RDFS.iri("subPropertyOf"): "narrower than",
    RDFS.iri("domain"): "said of",
    RDFS.iri("range"): "value",
    RDFS.iri("isDefinedBy"): "defined by",
    SKOS.iri("prefLabel"): "name",
    SKOS.iri("altLabel"): "other name",
    SKOS.iri("definition"): "definition",
    SKOS.iri("example"): "example",
    SKOS.iri("broader"): "broader",
    SKOS.iri("narrower"): "narrower",
    SKOS.iri("inScheme"): "in scheme",
    SKOS.iri("topConceptOf"): "top concept of",
    SKOS.iri("exactMatch"): "same as, elsewhere",
    SKOS.iri("closeMatch"): "similar, elsewhere",
    DCTERMS.iri("title"): "title",
    DCTERMS.iri("description"): "description",
    DCTERMS.iri("publisher"): "publisher",
    DCTERMS.iri("license"): "licence",
    DCTERMS.iri("created"): "created",
    PROV.iri("wasDerivedFrom"): "derived from",
    PROV.iri("wasAttributedTo"): "attributed to",
    PROV.iri("wasRevisionOf"): "replaces",
    PROV.iri("hadPrimarySource"): "source",
    OWL.iri("versionIRI"): "version",
    OWL.iri("deprecated"): "deprecated",
    OWL.iri("inverseOf"): "inverse of",
    GEO.iri("hasGeometry"): "geometry",
    GEO.iri("asWKT"): "well-known text",
}
_PREFIXES = {"foe": FOE, "geo": GEO, "owl": OWL, "prov": PROV, "rdf": RDF, "rdfs": RDFS, "skos": SKOS}


@dataclass(frozen=True)
class Shown:
    """One value: its text, where it leads, and its language and direction where they are not those of English.

    `here` marks the thing that the page is about, `outside` a link that leaves this server.
    """

    text: str
    link: str | None = None
    language: str | None = None
    direction: str | None = None
    here: bool = False
    outside: bool = False


@dataclass(frozen=True)
class Line:
    """One property with its values."""

    label: str
    values: tuple[Shown, ...]
    link: str | None = None


class Teller:
    """Says names and values of one description to one reader."""

    def __init__(self, about: About, spoken: Sequence[str], places: Places) -> None:
        self.about = about
        self.spoken = spoken
        self.places = places

    def name(self, iri: str) -> Shown:
        """What a thing is called, with a link to it."""
        found = languages.name(self.about.labels.get(iri, {}), self.spoken)
        text, language = found or (shorten(iri, _PREFIXES, self.places.base), None)
        other = language if language not in (None, "", "en") else None
        link = self.places.local(iri)
        outside = link is None and iri.startswith(("http://", "https://"))
        return Shown(
            text,
            link or (iri if outside else None),
            other,
            "rtl" if other in languages.RIGHT_TO_LEFT else None,
            here=iri == self.about.iri,
            outside=outside,
        )

    def label(self, predicate: str) -> str:
        """What a property is called."""
        if predicate in _ELSEWHERE:
            return _ELSEWHERE[predicate]
        found = languages.name(self.about.labels.get(predicate, {}), ("en",))
        return found[0] if found else shorten(predicate, _PREFIXES, self.places.base)

    def value(self, value: Value) -> Shown:
        """A value: a thing by its name, a literal by its text."""
        if isinstance(value, str):
            return self.name(value)
        other = value.language if value.language not in (None, "en") else None
        text = {"true": "yes", "false": "no"}.get(value.value, value.value) if _boolean(value) else value.value
        link = value.value if value.value.startswith(("https://", "http://")) and " " not in value.value else None
        return Shown(text, link, other, "rtl" if other in languages.RIGHT_TO_LEFT else None, outside=link is not None)

    def lines(self, statements: Iterable[Statement], without: frozenset[str] = frozenset()) -> list[Line]:
        """Statements of one subject as lines, in the order of their labels; the edges of a date are one line."""
        found: dict[str, dict[Shown, None]] = {}
        dates: dict[str, dict[str, str]] = {}
        links: dict[str, str | None] = {}
        for each in statements:
            if each.predicate in without:
                continue
            edge = _EDGE.fullmatch(each.predicate)
            if edge and each.predicate.startswith(FOE) and isinstance(each.object, Literal):
                dates.setdefault(edge[1], {})[edge[2]] = each.object.value
                continue
            label = self.label(each.predicate)
            links.setdefault(label, self.places.local(each.predicate))
            found.setdefault(label, {})[self.value(each.object)] = None
        for start, edges in dates.items():
            label = shorten(start, {}, self.places.base).rpartition("#")[2]
            spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", label).lower()
            found[spaced] = {Shown(date_text(edges)): None}
        return [Line(label, tuple(values), links.get(label)) for label, values in sorted(found.items())]


def date_text(edges: dict[str, str]) -> str:
    """A date as its source has it: told, exact, or between two days.

    >>> date_text({"Earliest": "2014-02-01", "Latest": "2014-02-28", "Text": "2014-02"})
    '2014-02'
    >>> date_text({"Earliest": "2014-03-18", "Latest": "2014-03-18"})
    '2014-03-18'
    """
    if "Text" in edges:
        return edges["Text"]
    earliest, latest = edges.get("Earliest"), edges.get("Latest")
    if earliest == latest or latest is None:
        return earliest or ""
    return f"between {earliest} and {latest}" if earliest else f"not after {latest}"


def _boolean(value: Literal) -> bool:
    return value.datatype is not None and value.datatype.endswith("#boolean")
