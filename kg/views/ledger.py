"""The ledger of a generation: what each claim, attestation, source and thing adds to the graph, and when it counts.

Everything is a number: triples in the order in which the build comes upon them, claims, attestations, sources
and things in the order of their ids; days are ordinals of the calendar (1 is 0001-01-01), 0 is "not known".
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from functools import cached_property
from pathlib import Path
from typing import Any

from kg.views.tables import Column, Lists, Packed, pack

FILE = "ledger.bin"
TIMELESS, HAPPENING, LASTING = range(3)
REMEMBERED, VERIFIED = range(2)


@dataclass(frozen=True)
class Claims:
    """Claims: what their dates say, when they stood here, and their triples.

    `kind` is TIMELESS, HAPPENING or LASTING; `event` the latest day that the claim itself speaks of; `about`
    the claim that this one is about, or -1. `own` are the triples of the claim's graph, `confirmed` those
    of them that say until when it is confirmed, `described` what the provenance graph says of it, but for
    its attestations, `taken_back` what that says of its retraction.
    """

    kind: Column
    begin_earliest: Column
    begin_latest: Column
    end_earliest: Column
    end_latest: Column
    as_of: Column
    event: Column
    recorded: Column
    retracted: Column
    about: Column
    own: Lists
    confirmed: Lists
    described: Lists
    taken_back: Lists
    things: Lists
    sources: Lists


@dataclass(frozen=True)
class Attestations:
    """Attestations: of which claim, by which source, reported when (`known` is the last possible day), how certain.

    `parties` are the things that speak in it, `own` what the provenance graph says of it and, because of it,
    of its claim; `taken_back` what it says of its retraction.
    """

    claim: Column
    source: Column
    known: Column
    certainty: Column
    recorded: Column
    retracted: Column
    parties: Lists
    own: Lists
    taken_back: Lists


@dataclass(frozen=True)
class Sources:
    """Sources: the report that each repeats in the end (`root`, itself where it repeats none), and its publisher."""

    root: Column
    repeats: Column
    publisher: Column
    recorded: Column
    retracted: Column
    own: Lists
    taken_back: Lists


@dataclass(frozen=True)
class Things:
    """Entries of the register; one that is `spoken` of stands in a view only where something there speaks of it."""

    spoken: Column
    recorded: Column
    retracted: Column
    own: Lists
    taken_back: Lists


@dataclass(frozen=True)
class Inferences:
    """Inference graphs: the claims that each rests on, what it concludes, what the provenance graph says of it."""

    claims: Lists
    conclusions: Lists
    described: Lists


@dataclass(frozen=True)
class Steps:
    """The derivation table, without the premises that every view has: from `premises` together follows `conclusion`.

    `used` lists the triples that are a premise of some step, `uses` the steps of each.
    """

    conclusion: Column
    premises: Lists
    used: Column
    uses: Lists


@dataclass(frozen=True)
class Disputes:
    """Pairs of claims that cannot both hold, once all the `premises` of the step that says so are there."""

    one: Column
    other: Column
    premises: Lists


@dataclass(frozen=True)
class Ledger:
    """All of it. `base` are the triples of the graphs that every view has whole, `plain` marks those of the merge."""

    names: Mapping[str, Sequence[str]]
    viewpoints: Sequence[Mapping[str, Any]]
    stances: Mapping[str, Sequence[Sequence[Any]]]
    claims: Claims
    attestations: Attestations
    sources: Sources
    things: Things
    inferences: Inferences
    steps: Steps
    disputes: Disputes
    base_graphs: Lists
    base: Column
    plain: Column

    @cached_property
    def attestations_of(self) -> list[list[int]]:
        """The attestations of each claim."""
        found: list[list[int]] = [[] for _ in self.claims.kind]
        for number, claim in enumerate(self.attestations.claim):
            found[claim].append(number)
        return found

    def dumps(self, texts: Sequence[bytes]) -> bytes:
        """Write it, with the triples as N-Triples text without the final full stop."""
        document = {"names": self.names, "viewpoints": self.viewpoints, "stances": self.stances}
        columns: dict[str, Column] = {"base": self.base, "plain": self.plain}
        columns |= _columns("base_graphs", self.base_graphs)
        for part in PARTS:
            group = getattr(self, part)
            for each in fields(group):
                columns |= _columns(f"{part}.{each.name}", getattr(group, each.name))
        return pack(document, columns, texts)

    @classmethod
    def read(cls, path: Path) -> tuple[Ledger, Packed]:
        """Read a ledger, and the texts of its triples; raise UnreadableInput."""
        packed = Packed.read(path)
        groups: dict[str, Any] = {}
        for part, kind in PARTS.items():
            values = {each.name: _column(packed, f"{part}.{each.name}") for each in fields(kind)}
            groups[part] = kind(**values)
        document = packed.document
        ledger = cls(
            names=document["names"],
            viewpoints=document["viewpoints"],
            stances=document["stances"],
            base_graphs=_column(packed, "base_graphs"),
            base=packed.columns["base"],
            plain=packed.columns["plain"],
            **groups,
        )
        return ledger, packed


PARTS: Mapping[str, Any] = {
    "claims": Claims,
    "attestations": Attestations,
    "sources": Sources,
    "things": Things,
    "inferences": Inferences,
    "steps": Steps,
    "disputes": Disputes,
}


def _columns(name: str, value: Column | Lists) -> dict[str, Column]:
    return {f"{name}#": value.starts, name: value.items} if isinstance(value, Lists) else {name: value}


def _column(packed: Packed, name: str) -> Any:
    starts = packed.columns.get(f"{name}#")
    return packed.columns[name] if starts is None else Lists(starts, packed.columns[name])
