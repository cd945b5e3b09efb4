"""What must hold between rows: ids are unique, references lead somewhere, claims are attested, days are in order."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from difflib import get_close_matches
from typing import Protocol

from kg.errors import Fault
from kg.facts.amendments import reference
from kg.facts.claims import Claim, Lasting
from kg.facts.columns import Row
from kg.facts.core import CLASSES_OF_KIND, Identifier, Thing
from kg.facts.evidence import Attestation, Source
from kg.facts.instruments import UndertakingStatement
from kg.facts.negotiation import StanceStatement
from kg.facts.values import Ref, read_slug
from kg.facts.viewpoints import Viewpoint


class Placed(Protocol):
    """A row that knows where it stands."""

    @property
    def row(self) -> Row:
        """The row."""

    @property
    def file(self) -> str:
        """Its file, relative to the data folder."""

    def fault(self, column: str, message: str, remedy: str) -> Fault:
        """Build a fault at one of its cells."""


def faults_between(placed: Sequence[Placed], unread: Set[str] = frozenset()) -> Iterator[Fault]:
    """Yield what is wrong between the rows, or with a row as a whole.

    `unread` are the ids and references of rows that could not be read, or that stand elsewhere: they
    count as defined and attested, so that one bad cell is one fault.
    """
    owner: dict[str, Placed] = {}
    for item in placed:
        identifier, column = _identity(item.row)
        first = owner.setdefault(identifier, item)
        if first is not item:
            yield item.fault(column, f"{identifier} is defined already in {first.file}", "choose another id")
        yield from _faults_within(item)
    matters: dict[tuple[str, str], tuple[str, ...]] = {}
    for item in placed:
        if isinstance(item.row, Claim) and item.row.MATTER:
            key = item.row.matter_key
            if matters.setdefault((item.row.CLASS, item.row.matter), key) != key:
                yield item.fault(
                    "claim",
                    f"another matter has the path {item.row.matter} already",
                    "give one of the things another slug",
                )
    slugs_by_kind: dict[str, list[str]] = {}
    for identifier in (*owner, *unread):
        kind, _, slug = identifier.partition("/")
        slugs_by_kind.setdefault(kind, []).append(slug)
    known = owner.keys() | unread
    for item in placed:
        yield from _dangling(item, known, slugs_by_kind)
    publishers = {item.row.publisher for item in placed if isinstance(item.row, Source)}
    all_read = not any(each.startswith("source/") for each in unread)
    for item in placed:
        if isinstance(item.row, Viewpoint):
            yield from _unfounded(item, item.row, publishers if all_read else None)
    attested = {item.row.claim for item in placed if isinstance(item.row, Attestation)} | unread
    for item in placed:
        if isinstance(item.row, Claim) and f"claim/{item.row.claim}" not in attested:
            yield item.fault(
                "claim", f"no source for {item.row.claim}", f"add an attestation of claim/{item.row.claim}"
            )


def _identity(row: Row) -> tuple[str, str]:
    column = "claim" if isinstance(row, Claim) else "code" if isinstance(row, Identifier) else "id"
    return reference(row), column


def _faults_within(item: Placed) -> Iterator[Fault]:
    row = item.row
    if isinstance(row, Claim | Attestation):
        text, column = (row.claim, "claim") if isinstance(row, Claim) else (row.id, "id")
        try:
            read_slug(text)
        except ValueError as error:
            yield item.fault(column, f"{text!r} {error}", "choose another id")
    if isinstance(row, Thing):
        classes = CLASSES_OF_KIND.get(row.id.kind)
        if classes is None:
            kinds = ", ".join(CLASSES_OF_KIND)
            yield item.fault("id", f"{row.id.kind!r} is not a kind of thing", f"the kinds are {kinds}")
        elif row.type not in classes:
            yield item.fault("type", f"a {row.id.kind} is not a {row.type}", f"write one of {', '.join(classes)}")
    if isinstance(row, Source) and row.id.kind != "source":
        yield item.fault("id", f"{row.id} does not begin with source/", "write source/ before the slug")
    if isinstance(row, Viewpoint) and row.id.kind != "viewpoint":
        yield item.fault("id", f"{row.id} does not begin with viewpoint/", "write viewpoint/ before the slug")
    if isinstance(row, UndertakingStatement | StanceStatement) and row.row_kind not in row.ROW_KINDS:
        yield item.fault(
            "row_kind",
            f"{row.row_kind!r} does not belong in this table",
            f"write one of {', '.join(row.ROW_KINDS)}",
        )
    if isinstance(row, Lasting):
        if row.begin and row.end and row.begin.earliest > row.end.latest:
            yield item.fault("end", "on no reading does it end after it begins", "check both dates")
        if row.begin and row.as_of and row.begin.earliest > row.as_of.latest:
            yield item.fault("as_of", "is before the begin", "check both dates")
    recorded, retracted = getattr(row, "recorded", None), getattr(row, "retracted", None)
    if recorded and retracted and retracted < recorded:
        yield item.fault("retracted", "is before recorded", "check both days")


def _unfounded(item: Placed, row: Viewpoint, publishers: Set[str] | None) -> Iterator[Fault]:
    """What a viewpoint accepts without saying whose; `publishers` are those that there are, where that is known."""
    for code in row.accepts:
        column = row.NEEDED[code]
        if column and not getattr(row, column):
            yield item.fault("accepts", f"{code} needs {column}", f"fill in {column}")
    if publishers is not None and row.accepted_publisher and row.accepted_publisher not in publishers:
        close = get_close_matches(row.accepted_publisher, list(publishers), n=1, cutoff=0.6)
        remedy = f"did you mean {close[0]}?" if close else "write the name as it stands in sources"
        yield item.fault("accepted_publisher", f"no source is published by {row.accepted_publisher}", remedy)


def _dangling(item: Placed, known: Set[str], by_kind: Mapping[str, list[str]]) -> Iterator[Fault]:
    for column in item.row.columns():
        if column.type is not Ref or not column.kinds:
            continue
        value = getattr(item.row, column.name)
        for ref in value if isinstance(value, tuple) else (value,) if value else ():
            if ref.kind not in column.kinds:
                kinds = ", ".join(column.kinds)
                yield item.fault(column.name, f"{column.name} cannot name a {ref.kind}", f"it names one of {kinds}")
            elif ref not in known:
                close = get_close_matches(ref.slug, by_kind.get(ref.kind, ()), n=1, cutoff=0.6)
                remedy = f"did you mean {ref.kind}/{close[0]}?" if close else f"add {ref} to its table first"
                yield item.fault(column.name, f"{ref} is not defined", remedy)
