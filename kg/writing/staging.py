"""One write beside the graph: which rows it adds and retracts, which quads come and go, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from pyoxigraph import NamedNode, Quad, Store

from kg import rdf, reasoning
from kg.errors import Fault
from kg.facts.amendments import Added, Amendments, reference
from kg.facts.cells import cells
from kg.facts.claims import Claim
from kg.facts.columns import Row
from kg.facts.consistency import faults_between
from kg.facts.csvtext import Cell
from kg.facts.evidence import Attestation
from kg.facts.reader import Placed, read_added
from kg.facts.tables import Facts
from kg.facts.values import read_date
from kg.rdf.rows import Read
from kg.terms import FOE, RDF, Names
from kg.writing.outcomes import Complaint
from kg.writing.register import Register

SHOWN = 20


@dataclass
class Staged:
    """A write that has been looked at: its rows, its quads, its complaints."""

    rows: list[Row] = field(default_factory=list)
    retracted: dict[str, date] = field(default_factory=dict)
    coming: set[Quad] = field(default_factory=set)
    going: set[Quad] = field(default_factory=set)
    complaints: list[Complaint] = field(default_factory=list)

    @property
    def changes(self) -> bool:
        """Whether it would change anything."""
        return bool(self.rows or self.retracted)

    @property
    def amendments(self) -> Amendments:
        """What the journal keeps of it."""
        added = tuple(Added(type(row).TABLE, cells(row)) for row in self.rows)
        return Amendments(added, self.retracted)

    @property
    def claims(self) -> list[str]:
        """The claims that it touches, by reference."""
        touched = [reference(row) for row in self.rows if isinstance(row, Claim)]
        attested = [str(row.claim) for row in self.rows if isinstance(row, Attestation)]
        return sorted({*touched, *attested, *(ref for ref in self.retracted if ref.startswith("claim/"))})


def stage(
    quads: Iterable[Quad],
    read: Read,
    register: Register,
    book: Store,
    codes: Mapping[str, Set[str]],
    names: Names,
    today: date,
) -> Staged:
    """Look at one write beside what is there; nothing is changed."""
    return _Stage(register, book, codes, names, today).look(tuple(quads), read)


class _Stage:
    def __init__(
        self, register: Register, book: Store, codes: Mapping[str, Set[str]], names: Names, today: date
    ) -> None:
        self._register, self._book, self._codes, self._names, self._today = register, book, codes, names, today
        self._staged = Staged()

    def look(self, quads: tuple[Quad, ...], read: Read) -> Staged:
        for misfit in read.misfits:
            self._complain(misfit.node, misfit.message, misfit.remedy)
        placed = [item for added in read.added for item in self._placed(added)]
        new = [item for item in placed if self._is_new(item.row)]
        self._staged.rows = [item.row for item in new]
        self._retract(read.retracted, new)
        self._between(new)
        if self._staged.complaints:
            start, about = self._names.claim("").value, self._names.provenance
            claims = {quad.graph_name for quad in quads if str(quad.graph_name).startswith(f"<{start}")}
            typed = {Quad(claim, RDF["type"], FOE["Claim"], about) for claim in claims if isinstance(claim, NamedNode)}
            self._staged.coming = {quad for quad in (*quads, *typed) if quad not in self._book}
            return self._staged
        after = self._quads()
        self._staged.coming = {quad for quad in after if quad not in self._book}
        self._lost(quads, after)
        return self._staged

    def _placed(self, added: Added) -> list[Placed]:
        faults: list[Fault] = []
        placed = read_added((added,), self._codes, faults, set(), file=_called(added))
        for fault in faults:
            self._complain(fault.file, fault.message, fault.remedy)
        return placed

    def _is_new(self, row: Row) -> bool:
        """Whether a row is not there yet; one that is there with other content is a complaint."""
        ref = reference(row)
        there: Any = self._register.rows.get(ref)
        mine: Any = row
        if there is None:
            if mine.recorded != self._today:
                self._complain(
                    ref,
                    f"recorded is the day on which this graph takes something, today {self._today}",
                    "leave it out; say in the attestation when it was reported",
                )
            if mine.retracted is not None:
                self._complain(ref, "it is new and retracted at once", "leave out what you retract")
            return True
        if replace(mine, recorded=there.recorded, retracted=there.retracted) != there:
            remedy = (
                "send a claim with another name that names it in prov:wasRevisionOf"
                if isinstance(row, Claim)
                else "choose another name"
            )
            self._complain(ref, "it is there already and says something else", remedy, conflict=True)
        return False

    def _retract(self, wanted: Mapping[str, str], new: Iterable[Placed]) -> None:
        for ref, text in sorted(wanted.items()):
            try:
                day = read_date(text)
            except ValueError as error:
                self._complain(ref, f"retracted: {text!r} {error}", "write one day")
                continue
            if day != self._today:
                self._complain(
                    ref, f"retracted is the day on which it is retracted here, today {self._today}", "write that"
                )
            self._retract_one(ref)
        for item in new:
            if isinstance(item.row, Claim) and item.row.replaces and item.row.replaces not in self._staged.retracted:
                self._retract_one(item.row.replaces, by=reference(item.row))

    def _retract_one(self, ref: str, by: str | None = None) -> None:
        row: Any = self._register.rows.get(ref)
        if row is None:
            self._complain(by or ref, f"{ref} is not there", "name a claim, an attestation or a source that is")
        elif row.retracted is not None:
            self._complain(
                by or ref,
                f"{ref} was retracted on {row.retracted} already",
                "look at what replaced it, and replace that" if by else "nothing needs to be done",
                conflict=True,
            )
        else:
            self._staged.retracted[ref] = self._today

    def _between(self, new: list[Placed]) -> None:
        neighbours = {
            reference(claim): claim
            for item in new
            if isinstance(item.row, Claim) and (claim := self._register.on_the_same_matter(item.row)) is not None
        }
        known = set(self._register.rows)
        others = [Placed(row, ref, _Anywhere()) for ref, row in neighbours.items()]
        for fault in faults_between([*others, *new], known):
            self._complain(fault.file, fault.message, fault.remedy)

    def _quads(self) -> set[Quad]:
        """The quads of the rows that are new or touched, as they will be; those that go are noted."""
        touched: dict[str, Row] = {}
        for ref in self._staged.retracted:
            row = self._register.rows[ref]
            claim = str(row.claim) if isinstance(row, Attestation) else ref
            for each in self._register.of_claim(claim) or [row]:
                touched[reference(each)] = each
        before = self._facts(touched.values())
        amended = Amendments((), self._staged.retracted)
        after = amended.retract(self._facts([*touched.values(), *self._staged.rows]))
        old, new = set(rdf.fact_quads(before, self._names)), set(rdf.fact_quads(after, self._names))
        self._staged.going = {quad for quad in reasoning.canonical(old - new) if quad in self._book}
        return set(reasoning.canonical(new))

    def _facts(self, rows: Iterable[Row]) -> Facts:
        """Rows with the sources that their attestations name, without which these have no quads."""
        kept = {reference(row): row for row in rows}
        for row in list(kept.values()):
            if isinstance(row, Attestation) and row.source not in kept:
                kept[row.source] = self._register.rows[row.source]
        return Facts.from_rows(tuple(kept.values()))

    def _lost(self, sent: Iterable[Quad], after: Set[Quad]) -> None:
        lost = [quad for quad in sent if quad not in after and quad not in self._book]
        for quad in lost[:SHOWN]:
            self._complain(
                quad.subject.value if not isinstance(quad.subject, Quad) else str(quad.subject),  # type: ignore[union-attr]
                f"no claim, attestation, source or thing can say {quad.predicate} {quad.object} here",
                "use the properties of its class, in the graph where they belong; see docs/writing.md",
            )
        if len(lost) > SHOWN:
            self._complain("", f"and {len(lost) - SHOWN} more quads have no place", "the same")

    def _complain(self, about: str, message: str, remedy: str, *, conflict: bool = False) -> None:
        self._staged.complaints.append(Complaint(about, message, remedy, conflict))


class _Anywhere(dict[str, Any]):
    """The cells of a row that stands in no file."""

    def __missing__(self, name: str) -> Any:
        return Cell("", 1, 1)


def _called(added: Added) -> str:
    kinds = {"attestations": f"attestation/{added.cells.get('id', '')}"}
    if "claim" in added.cells and added.table != "attestations":
        return f"claim/{added.cells['claim']}"
    return kinds.get(added.table, added.cells.get("id", added.table))
