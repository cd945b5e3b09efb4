"""What a reader of one file says: its statements and its prefixes, each with its offsets."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from urllib.parse import urljoin

# A term as a tuple: ("i", iri), ("b", number), or ("l", text, datatype, language).
Key = tuple[str, ...]
Span = tuple[int, int]
# Told an object, where it stands, and at which token pyoxigraph tells the triple.
Emit = Callable[[Key, Span, int], None]

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
XSD = "http://www.w3.org/2001/XMLSchema#"


@dataclass(frozen=True)
class Statement:
    """One triple and where its three terms stand, as offsets into the text."""

    subject: Key
    predicate: Key
    object: Key
    spans: tuple[Span, Span, Span]


@dataclass
class Prefix:
    """One declaration of a prefix, and whether a name uses it."""

    name: str
    namespace: str
    span: Span
    used: bool = False


@dataclass
class Layout:
    """What stands where in one file."""

    statements: list[Statement] = field(default_factory=list)
    prefixes: list[Prefix] = field(default_factory=list)


def resolved(base: str, iri: str) -> str:
    """A relative IRI against a base. Python drops an empty fragment, which namespaces end with."""
    if iri.startswith("#"):
        return base.partition("#")[0] + iri
    return urljoin(base, iri) + ("#" if iri.endswith("#") else "") if iri else base.partition("#")[0]


def in_order(told: list[tuple[int, Statement]]) -> Iterator[Statement]:
    """The triples as pyoxigraph tells them: token by token, the last of a token first; blank nodes numbered anew."""
    numbers: dict[Key, Key] = {}

    def named(key: Key) -> Key:
        return numbers.setdefault(key, ("b", str(len(numbers)))) if key[0] == "b" else key

    order = sorted(range(len(told)), key=lambda number: (told[number][0], -number))
    for number in order:
        each = told[number][1]
        yield Statement(named(each.subject), each.predicate, named(each.object), each.spans)
