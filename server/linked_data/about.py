"""What the graph says about one name, as the documents and pages read it."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from kg.terms import DCTERMS, FOE, RDF, RDFS, SKOS

TYPE = RDF.iri("type")
LABELS = (SKOS.iri("prefLabel"), RDFS.iri("label"), DCTERMS.iri("title"))
SHORT = FOE.iri("shortName")


class Literal(NamedTuple):
    """A literal; `datatype` is None for plain text and for text in a language."""

    value: str
    language: str | None = None
    datatype: str | None = None


Value = str | Literal
"""An IRI, or a literal."""


class Statement(NamedTuple):
    """One quad."""

    graph: str
    subject: str
    predicate: str
    object: Value


@dataclass(frozen=True)
class About:
    """The parts of a description; see kg.store.about. `links_in_all` counts the links that there are to the name."""

    iri: str
    cut: bool
    links_in_all: int
    direct: Sequence[Statement]
    content: Sequence[Statement]
    statements: Sequence[Statement]
    links: Sequence[Statement]
    evidence: Sequence[Statement]
    names: Sequence[Statement]
    labels: dict[str, dict[str, str]] = field(default_factory=dict)
    """Of each name, what it is called, by language."""

    @classmethod
    def read(cls, body: bytes) -> About | None:
        """Read the answer of a reader; None where it says nothing."""
        if not body:
            return None
        document: dict[str, Any] = json.loads(body)
        parts: dict[str, Any] = {name: [_statement(row) for row in rows] for name, rows in document["parts"].items()}
        about = cls(document["iri"], document["cut"], document["links"], **parts)
        for each in about.everything():
            if each.predicate in LABELS and isinstance(each.object, Literal):
                about.labels.setdefault(each.subject, {}).setdefault(each.object.language or "", each.object.value)
        return about

    def everything(self) -> Iterator[Statement]:
        """Every quad, the names last; some come more than once."""
        for part in (self.direct, self.content, self.statements, self.links, self.evidence, self.names):
            yield from part

    def values(self, subject: str, predicate: str) -> list[Value]:
        """The objects of a subject and a predicate."""
        return [each.object for each in self.by_subject.get(subject, ()) if each.predicate == predicate]

    def value(self, subject: str, predicate: str) -> str | None:
        """One object as text, or None."""
        found = self.values(subject, predicate)
        return text_of(found[0]) if found else None

    @property
    def by_subject(self) -> dict[str, list[Statement]]:
        """Every quad by its subject, made once."""
        cache = self.__dict__.get("_by_subject")
        if cache is None:
            cache = by_subject(dict.fromkeys(self.everything()))
            self.__dict__["_by_subject"] = cache
        return cache


def by_subject(statements: Iterable[Statement]) -> dict[str, list[Statement]]:
    """Quads by subject, in their order."""
    found: dict[str, list[Statement]] = defaultdict(list)
    for each in statements:
        found[each.subject].append(each)
    return dict(found)


def text_of(value: Value) -> str:
    """The IRI or the text of a literal."""
    return value if isinstance(value, str) else value.value


def _statement(row: list[Any]) -> Statement:
    value = row[3]
    return Statement(row[0], row[1], row[2], value if isinstance(value, str) else Literal(*value))
