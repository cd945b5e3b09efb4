"""The parts of the page of a name that are lists: who contests it, what leads to it, what a graph of that name says."""

from __future__ import annotations

from dataclasses import dataclass

from kg.terms import FOE, RDF, SKOS
from server.linked_data.about import LABELS, TYPE, About, Statement, text_of
from server.pages.claimants import Claimed
from server.pages.values import Line, Shown, Teller

LINKS = 12
"""How many things that lead here are named, of each property."""
IDENTITY = frozenset({*LABELS, TYPE, SKOS.iri("exactMatch"), FOE.iri("shortName")})
"""What the head of the page says, and its lists leave out."""


@dataclass(frozen=True)
class Linked:
    """Things that have one property with this thing as its value."""

    label: str
    things: tuple[Shown, ...]
    rest: int


@dataclass(frozen=True)
class Contest:
    """One kind of statement about a contested place: everybody's, side by side."""

    title: str
    anchor: str
    columns: tuple[tuple[Shown, tuple[Claimed, ...]], ...]


@dataclass(frozen=True)
class Defined:
    """A term or concept that a vocabulary defines."""

    name: Shown
    anchor: str
    kind: str
    definition: str
    lines: tuple[Line, ...]


def contests(claims: dict[str, Claimed]) -> list[Contest]:
    """Claims to a place, control of it and recognition, each with all who make them side by side; none comes first."""
    made = []
    for title, node_kind, actor in (
        ("Who claims it", "sovereignty claim", "claimant"),
        ("Who controls it", "control situation", "controller"),
        ("Who recognises what", "recognition stance", "recogniser"),
    ):
        columns: dict[Shown, list[Claimed]] = {}
        for each in claims.values():
            if each.kind != node_kind:
                continue
            for value in (value for line in each.lines if line.label == actor for value in line.values):
                columns.setdefault(value, []).append(each)
        if columns:
            ordered = sorted(columns.items(), key=lambda each: each[0].text)
            made.append(Contest(title, actor, tuple((who, tuple(found)) for who, found in ordered)))
    return made


def linked(about: About, teller: Teller) -> list[Linked]:
    """What leads here, by property."""
    found: dict[str, dict[str, None]] = {}
    for each in about.links:
        found.setdefault(teller.label(each.predicate), {})[each.subject] = None
    return [
        Linked(label, tuple(teller.name(each) for each in list(things)[:LINKS]), max(0, len(things) - LINKS))
        for label, things in sorted(found.items())
    ]


def defined(about: About, teller: Teller) -> list[Defined]:
    """The terms that a graph defines, by name."""
    subjects: dict[str, list[Statement]] = {}
    for each in about.content:
        subjects.setdefault(each.subject, []).append(each)
    made = []
    for iri, statements in subjects.items():
        definition = [each.object for each in statements if each.predicate == SKOS.iri("definition")]
        if not definition or iri == about.iri:
            continue
        kinds = [teller.name(text_of(each.object)).text for each in statements if each.predicate == TYPE]
        lines = teller.lines(statements, IDENTITY | {SKOS.iri("definition"), f"{RDF}type"})
        anchor = iri.rpartition("#")[2] if "#" in iri else iri.rpartition("/")[2]
        made.append(Defined(teller.name(iri), anchor, kinds[0] if kinds else "", text_of(definition[0]), tuple(lines)))
    return sorted(made, key=lambda each: each.anchor.lower())


def content(about: About, teller: Teller) -> list[tuple[Shown, str, Shown]]:
    """The quads of a graph as rows, where it is no vocabulary; at most a hundred."""
    if any(each.predicate == SKOS.iri("definition") for each in about.content):
        return []
    return [
        (teller.name(each.subject), teller.label(each.predicate), teller.value(each.object))
        for each in about.content[:100]
    ]
