"""What the facts cover and what they lack: per class, period and source, as text and as JSON."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date

from kg.facts.claims import Claim, Dated, Lasting
from kg.facts.evidence import Attestation, Source
from kg.facts.tables import Facts

# The first year of each period; what is dated before the first one begins it.
PERIODS: Mapping[int, str] = {
    0: "before 1945",
    1945: "1945-1990",
    1991: "1991-2013",
    2014: "2014-2021",
    2022: "2022-2024",
    2025: "2025",
    2026: "2026 and later",
}
UNDATED = "undated"
MOST_USED = 15


@dataclass(frozen=True)
class Row:
    """One line of one table of the survey: how many claims, how well they are attested."""

    name: str
    claims: int = 0
    verified: int = 0
    single_sourced: int = 0
    attestations: int = 0


@dataclass(frozen=True)
class Survey:
    """Coverage of the claims that stand, by several keys, and the numbers of what is known to be missing.

    `totals` has a row for all claims and one for those that do not come whole from a package.
    """

    totals: tuple[Row, ...]
    classes: tuple[Row, ...]
    periods: tuple[Row, ...]
    source_types: tuple[Row, ...]
    sources: tuple[Row, ...]
    attestations: Mapping[str, int]
    missing: Mapping[str, int]

    def as_text(self) -> str:
        """Return the survey for a person to read."""
        tables = (
            ("Claims", self.totals),
            ("By class", self.classes),
            ("By the period in which they begin", self.periods),
            ("By type of source", self.source_types),
            (f"The {len(self.sources)} sources with the most claims", self.sources),
        )
        counts = (("Claims by number of attestations", self.attestations), ("Known to be missing", self.missing))
        parts = [_table(title, rows) for title, rows in tables]
        parts += [_counts(title, numbers) for title, numbers in counts]
        note = "verified: seen in the page. one source: a single publisher, reprints of one report counting once.\n"
        return "\n".join([note, *parts])

    def as_json(self) -> str:
        """Return the survey for a program to read: lists of rows, with the names of the fields."""
        rows = {name: [vars(row) for row in getattr(self, name)] for name in ("totals", "classes", "periods")}
        rows |= {name: [vars(row) for row in getattr(self, name)] for name in ("source_types", "sources")}
        document = {**rows, "attestations": dict(self.attestations), "missing": dict(self.missing)}
        return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def survey(facts: Facts, packaged: Set[str] = frozenset()) -> Survey:
    """Count what stands: retracted claims and attestations are left out.

    `packaged` are the sources whose claims were taken whole from a package.
    """
    claims = [row for row in facts.claims if row.retracted is None]
    sources = {str(row.id): row for row in facts.sources}
    witnesses: dict[str, list[Attestation]] = defaultdict(list)
    for row in facts.attestations:
        if row.retracted is None:
            witnesses[row.claim.slug].append(row)
    book = _Book(sources, witnesses)
    curated = [claim for claim in claims if not {str(each.source) for each in book.of(claim)} <= packaged]
    by_type = [(kind, claim) for claim in claims for kind in book.types(claim)]
    by_source = [(sources[each].title, claim) for claim in claims for each in {str(a.source) for a in book.of(claim)}]
    used = book.rows(by_source)
    return Survey(
        totals=(book.row("all claims", claims), book.row("written in the tables", curated)),
        classes=book.rows((claim.node_class, claim) for claim in claims),
        periods=tuple(sorted(book.rows((_period(claim), claim) for claim in claims), key=_by_period)),
        source_types=book.rows(by_type),
        sources=tuple(sorted(used, key=lambda row: (-row.claims, row.name))[:MOST_USED]),
        attestations=dict(sorted(Counter(_several(len(book.of(claim))) for claim in claims).items())),
        missing=_missing(facts, claims, book),
    )


@dataclass(frozen=True)
class _Book:
    """Sources by id, attestations by claim."""

    sources: Mapping[str, Source]
    witnesses: Mapping[str, Sequence[Attestation]]

    def of(self, claim: Claim) -> Sequence[Attestation]:
        return self.witnesses.get(claim.claim, ())

    def types(self, claim: Claim) -> Set[str]:
        return {str(self.sources[str(each.source)].source_type) for each in self.of(claim)}

    def verified(self, claim: Claim) -> bool:
        return any(each.certainty == "verified" for each in self.of(claim))

    def voices(self, claim: Claim) -> Set[str]:
        """Publishers; a reprint has the voice of what it repeats."""
        found = set()
        for each in self.of(claim):
            source = self.sources[str(each.source)]
            original = self.sources.get(str(source.reprint_of), source)
            found.add(original.publisher)
        return found

    def row(self, name: str, claims: Iterable[Claim]) -> Row:
        counted = list(claims)
        return Row(
            name=name,
            claims=len(counted),
            verified=sum(map(self.verified, counted)),
            single_sourced=sum(len(self.voices(claim)) == 1 for claim in counted),
            attestations=sum(len(self.of(claim)) for claim in counted),
        )

    def rows(self, keyed: Iterable[tuple[str, Claim]]) -> tuple[Row, ...]:
        groups: dict[str, list[Claim]] = defaultdict(list)
        for key, claim in keyed:
            groups[key].append(claim)
        return tuple(self.row(name, groups[name]) for name in sorted(groups))


def _missing(facts: Facts, claims: Sequence[Claim], book: _Book) -> Mapping[str, int]:
    lasting = [claim for claim in claims if isinstance(claim, Lasting)]
    dated = [claim for claim in claims if isinstance(claim, Dated)]

    def told(claim: Claim) -> bool:
        return any(each.reported or book.sources[str(each.source)].published for each in book.of(claim))

    def copied(claim: Claim) -> bool:
        return all(book.sources[str(each.source)].mirror for each in book.of(claim))

    return {
        "claims that nobody looked up": sum(not book.verified(claim) for claim in claims),
        "claims known from copies only": sum(map(copied, claims)),
        "claims without a dated source": sum(not told(claim) for claim in claims),
        "acts and turns without a day": sum(claim.on is None for claim in dated),
        "intervals without a begin": sum(claim.begin is None for claim in lasting),
        "intervals without end or confirmation": sum(claim.end is None and claim.as_of is None for claim in lasting),
        "sources without a date": sum(source.published is None for source in facts.sources),
        "things without a Wikidata item": sum(thing.wikidata is None for thing in facts.things),
    }


def _period(claim: Claim) -> str:
    day = _begin(claim)
    if day is None:
        return UNDATED
    return PERIODS[max(year for year in PERIODS if year <= day.year)]


def _begin(claim: Claim) -> date | None:
    said = claim.on if isinstance(claim, Dated) else claim.begin if isinstance(claim, Lasting) else None
    return said.earliest if said else None


def _by_period(row: Row) -> int:
    order = [*PERIODS.values(), UNDATED]
    return order.index(row.name)


def _several(count: int) -> str:
    return str(count) if count < 4 else "4 or more"


def _table(title: str, rows: Sequence[Row]) -> str:
    width = max(len(title), *(len(row.name) for row in rows)) if rows else len(title)
    lines = [f"{title:{width}}  {'claims':>7}  {'verified':>8}  {'one source':>10}  {'attestations':>12}"]
    for row in rows:
        verified, single = _share(row.verified, row.claims), _share(row.single_sourced, row.claims)
        lines.append(f"{row.name:{width}}  {row.claims:>7,}  {verified:>8}  {single:>10}  {row.attestations:>12,}")
    return "\n".join(lines) + "\n"


def _counts(title: str, numbers: Mapping[str, int]) -> str:
    width = max(map(len, [title, *numbers]))
    return "\n".join([title, *(f"{name:{width}}  {number:>7,}" for name, number in numbers.items())]) + "\n"


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.0%}" if whole else "-"
