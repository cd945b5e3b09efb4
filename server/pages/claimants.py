"""What is claimed, grouped by who claims it: by the speaker of an attestation, else by the publisher of its source."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from kg.terms import DCTERMS, FOE, RDF
from server.linked_data.about import About, Statement, text_of
from server.pages.values import Line, Shown, Teller, date_text

_UNSAID = frozenset(
    {
        RDF.iri("type"),
        *(FOE.iri(name) for name in ("concerns", "endOpen", "membershipOnOpen", "involves", "latitude", "longitude")),
        "http://www.opengis.net/ont/geosparql#hasGeometry",
    }
)


@dataclass(frozen=True)
class Attested:
    """One source of a claim: who says it there, when that was, how sure it is."""

    link: str | None
    source: Shown
    address: str | None
    publisher: Shown | None
    speaker: Shown | None
    behalf: Shown | None
    reported: str | None
    certainty: Shown | None
    assertion: Shown | None
    locator: str | None


@dataclass(frozen=True)
class Claimed:
    """One claim: what it states, and who attests it; `retracted` is the day on which it was."""

    iri: str
    link: str | None
    kind: str
    lines: tuple[Line, ...]
    matter: Shown | None
    attested: tuple[Attested, ...]
    retracted: str | None
    begin: str | None
    end: str | None


@dataclass(frozen=True)
class Group:
    """Everything that one claimant claims."""

    iri: str
    claimant: Shown
    claims: tuple[Claimed, ...]


def claims_about(about: About, teller: Teller) -> dict[str, Claimed]:
    """Every claim in a description, by its IRI."""
    start = f"{teller.places.base}id/claim/"
    told: dict[str, list[Statement]] = {}
    for each in dict.fromkeys((*about.direct, *about.content, *about.statements)):
        if each.graph.startswith(start):
            told.setdefault(each.graph, []).append(each)
    return {iri: _claimed(iri, statements, about, teller) for iri, statements in told.items()}


def grouped(claims: dict[str, Claimed], about: About, teller: Teller) -> list[Group]:
    """The claims by claimant, those with most first; a claim with several claimants is in the group of each."""
    groups: dict[str, dict[str, Claimed]] = {}
    for iri, claimed in claims.items():
        for claimant in claimants(iri, about) or [""]:
            groups.setdefault(claimant, {})[iri] = claimed
    made = [
        Group(iri, teller.name(iri) if iri else Shown("No source that is known"), tuple(_sorted(found.values())))
        for iri, found in groups.items()
    ]
    return sorted(made, key=lambda group: (-len(group.claims), group.claimant.text))


def claimants(claim: str, about: About) -> list[str]:
    """Who claims: speakers where they are known, else publishers."""
    found: dict[str, None] = {}
    for attestation in attestations(claim, about):
        speaker = about.value(attestation, FOE.iri("speaker"))
        source = about.value(attestation, FOE.iri("source"))
        publisher = about.value(source, DCTERMS.iri("publisher")) if source else None
        if speaker or publisher:
            found[speaker or publisher or ""] = None
    return list(found)


def attestations(claim: str, about: About) -> list[str]:
    """The attestations of a claim."""
    made = about.__dict__.get("_attestations")
    if made is None:
        made = {}
        for each in about.evidence:
            if each.predicate == FOE.iri("attests") and isinstance(each.object, str):
                made.setdefault(each.object, []).append(each.subject)
        about.__dict__["_attestations"] = made
    return list(dict.fromkeys(made.get(claim, ())))


def _claimed(iri: str, statements: list[Statement], about: About, teller: Teller) -> Claimed:
    own = [each for each in statements if "#geometry" not in each.subject and f"{FOE}Matter" != each.object]
    kinds = [each.object for each in own if each.predicate == RDF.iri("type") and each.subject.startswith(iri)]
    kind = teller.name(text_of(kinds[0])).text if kinds else "statement"
    matters = [each.object for each in own if each.predicate == FOE.iri("concerns")]
    retracted = about.value(iri, FOE.iri("retracted"))
    days = {each.predicate.removeprefix(FOE): text_of(each.object) for each in own}
    return Claimed(
        iri=iri,
        link=teller.places.local(iri),
        kind=kind,
        lines=tuple(line for line in teller.lines(own, _UNSAID) if not all(value.here for value in line.values)),
        matter=teller.name(text_of(matters[0])) if matters else None,
        attested=tuple(_attested(each, about, teller) for each in attestations(iri, about)),
        retracted=retracted,
        begin=days.get("beginEarliest"),
        end=days.get("endLatest"),
    )


def _attested(iri: str, about: About, teller: Teller) -> Attested:
    def one(name: str) -> Shown | None:
        value = about.value(iri, FOE.iri(name))
        return teller.name(value) if value else None

    source = about.value(iri, FOE.iri("source")) or ""
    publisher = about.value(source, DCTERMS.iri("publisher"))
    edges = {
        edge: value
        for edge in ("Earliest", "Latest", "Text")
        if (value := about.value(iri, FOE.iri(f"reported{edge}")))
    }
    return Attested(
        link=teller.places.local(iri),
        source=teller.name(source),
        address=about.value(source, FOE.iri("address")),
        publisher=teller.name(publisher) if publisher else None,
        speaker=one("speaker"),
        behalf=one("onBehalfOf"),
        reported=date_text(edges) if edges else None,
        certainty=one("certainty"),
        assertion=one("assertion"),
        locator=about.value(iri, FOE.iri("locator")),
    )


def _sorted(claims: Iterable[Claimed]) -> list[Claimed]:
    return sorted(claims, key=lambda each: (each.retracted is not None, each.kind, each.begin or "", each.iri))
