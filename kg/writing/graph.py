"""The graph as its writer holds it: judged writes go to the journal in groups, then to a new generation."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from pyoxigraph import Quad, Store, Triple

from kg import pipeline, queries, rdf, reasoning, validation
from kg.assets import Assets
from kg.errors import BuildFailed
from kg.facts.amendments import Amendments, as_record, from_record
from kg.pipeline.inputs import digest
from kg.store.generation import Generation, current
from kg.store.journal import Journal, JournalDamaged, Position
from kg.store.publication import Publisher
from kg.terms import Names
from kg.validation import Result
from kg.writing.judge import Judge, findings
from kg.writing.outcomes import ACCEPTED, CONFLICT, REFUSED, UNCHANGED, VALID, Complaint, Outcome
from kg.writing.register import Register, Undo
from kg.writing.sent import Sent
from kg.writing.staging import Staged, stage

_FILLED_IN = frozenset(
    {"foe:recorded", "foe:concerns", "foe:states", "^foe:states", "<http://www.w3.org/ns/prov#hadPrimarySource>"}
)
"""Paths of what is filled in once the rows are right: its absence is no fault of the sender's."""


@dataclass(frozen=True)
class Write:
    """One write: what was sent, by whom (the name of a key), and whether it is only to be judged.

    `report` is the format of the validation report, as rdflib calls it.
    """

    sent: Sent
    by: str
    dry_run: bool = False
    report: str = "nt"


@dataclass
class _Pending:
    write: Write
    staged: Staged
    undo: list[Undo] = field(default_factory=list)
    outcome: Outcome = field(default_factory=lambda: Outcome(ACCEPTED))


class Graph:
    """The managed graph; one process has it, and holds the root and the journal meanwhile."""

    def __init__(self, assets: Assets, publisher: Publisher, journal: Journal, base: str) -> None:
        """Read tables and journal; raise BuildFailed when the current generation was made from others."""
        self._assets, self._publisher, self._journal, self._names = assets, publisher, journal, Names(base)
        self._generation = current(publisher.root)
        self._visible = _position(self._generation)
        self._check()

    def load(self) -> None:
        """Take everything into memory; until then nothing can be written."""
        changes = (from_record(entry.record, entry.position.records) for entry in self._journal.entries)
        facts = pipeline.read_facts(self._assets, self._names, Amendments.of(changes))
        self._codes = rdf.concept_codes(self._assets.turtle("concepts"), self._names)
        self._register = Register(facts)
        self._facts = facts
        self._book = Store()
        self._book.bulk_extend(pipeline.quads_of(facts, self._assets, self._names))
        self._judge = Judge(self._assets)
        self._quality = queries.read_folder(self._assets.queries_in("quality"))
        self._rules = reasoning.read_rules(self._assets.queries_in("rules"), self._names)
        self._growing = self._checking = reasoning.Growing()
        self._derive()
        told = json.loads(self._generation.document("report.json"))["warnings"]
        found = {str(each) for each in validation.ask(self._quality, self._checking.store).found}
        self._warnings = [each for each in told if each not in found]
        if self.behind:
            self.publish()

    @property
    def behind(self) -> bool:
        """Whether the journal has records that no generation shows yet."""
        return self._visible != self._journal.position

    @property
    def generation(self) -> str:
        """The name of the generation that is current."""
        return self._generation.name

    def commit(self, writes: Sequence[Write]) -> list[Outcome]:
        """Judge writes in their order, each beside those before it, and keep those that may stand.

        Those that are accepted are durable when this returns, and visible after `publish`. One that
        violates is refused alone. Raises OSError when the journal cannot be written; nothing is kept then.
        """
        kept = [write for write in writes if not write.dry_run]
        outcomes = {id(write): outcome for write, outcome in zip(kept, self._keep(kept), strict=True)}
        for write in writes:
            if write.dry_run:
                outcomes[id(write)] = self._try(write)
        return [outcomes[id(write)] for write in writes]

    def publish(self) -> None:
        """Make a generation of all that is durable, and make it current."""
        position = self._journal.position
        judged = pipeline.Judged(self._facts, position, tuple(self._warnings), self._rules, self._growing.derive)
        built = pipeline.build_judged(judged, self._assets, self._publisher, self._names.base)
        self._generation, self._visible = Generation(built.path), position

    def _try(self, write: Write) -> Outcome:
        (pending,) = self._judged([write])
        self._take_back([pending])
        if pending.outcome.status == ACCEPTED:
            pending.outcome.status = VALID
        return pending.outcome

    def _keep(self, writes: Sequence[Write]) -> list[Outcome]:
        pending = self._judged(writes)
        standing = _accepted(pending)
        if standing:
            at = datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
            records = [{"at": at, "by": each.write.by, **as_record(each.staged.amendments)} for each in standing]
            try:
                positions = self._journal.append(records)
            except OSError:
                self._take_back(standing)
                raise
            for each, position in zip(standing, positions, strict=True):
                each.outcome.record, each.outcome.digest = position.records, position.digest
            self._facts = self._register.facts()
            self._warnings.extend(
                f"{result['focus']}: {result['message']}"
                for each in standing
                for result in each.outcome.results
                if result["severity"] == "Warning"
            )
        return [each.outcome for each in pending]

    def _judged(self, writes: Sequence[Write]) -> list[_Pending]:
        """Stage writes one after the other, and take back those that the shapes refuse, until the rest conforms.

        What follows from them all is judged at once; only where that is wrong, one after the other, to see from
        which it follows.
        """
        pending = [self._stage(write) for write in writes]
        while refused := self._refused(_accepted(pending)):
            self._again(pending, refused)
        if _accepted(pending) and self._follows_wrongly():
            self._take_back(_accepted(pending))
            for index, each in enumerate(pending):
                if each.outcome.status == ACCEPTED:
                    pending[index] = self._alone(each.write)
        return pending

    def _again(self, pending: list[_Pending], refused: list[_Pending]) -> None:
        self._take_back(_accepted(pending))
        for index, each in enumerate(pending):
            if each in refused:
                each.outcome.status = REFUSED
            elif each.outcome.status == ACCEPTED:
                pending[index] = self._stage(each.write)

    def _alone(self, write: Write) -> _Pending:
        pending = self._stage(write)
        if pending.outcome.status == ACCEPTED:
            wrong = [] if self._refused([pending]) else self._follows_wrongly()
            if wrong:
                found = findings((each for each in wrong if isinstance(each, Result)), self._names.base, write.report)
                pending.outcome.results, pending.outcome.report = found.results, found.report
                pending.outcome.complaints = [each for each in wrong if isinstance(each, Complaint)]
            if wrong or any(result["severity"] == "Violation" for result in pending.outcome.results):
                self._take_back([pending])
                pending.outcome.status = REFUSED
        return pending

    def _stage(self, write: Write) -> _Pending:
        sent = write.sent
        staged = stage(sent.quads, sent.read, self._register, self._book, self._codes, self._names, _today())
        pending = _Pending(write, staged)
        pending.outcome.claims = staged.claims
        if staged.complaints:
            self._explain(pending)
        elif not staged.changes:
            pending.outcome.status = UNCHANGED
        else:
            pending.undo.append(self._register.apply(staged.rows, staged.retracted.items()))
            pending.undo.append(self._put(staged))
        return pending

    def _explain(self, pending: _Pending) -> None:
        """Add what the shapes say to what is wrong with the rows already, unless the fault is in what is there."""
        staged, outcome = pending.staged, pending.outcome
        outcome.complaints = staged.complaints
        if all(each.conflict for each in staged.complaints):
            outcome.status = CONFLICT
            return
        outcome.status = REFUSED
        undo = self._put(staged)
        results = [
            result for result in self._judge.judge(self._book, _triples(staged)) if result.path not in _FILLED_IN
        ]
        undo()
        found = findings(results, self._names.base, pending.write.report)
        outcome.results, outcome.report = found.results, found.report

    def _refused(self, standing: list[_Pending]) -> list[_Pending]:
        """Those that violate shapes; every outcome is told what was found about it."""
        if not standing:
            return []
        changed = {triple for each in standing for triple in _triples(each.staged)}
        results = self._judge.judge(self._book, changed)
        refused: list[_Pending] = []
        for each in standing:
            nodes = _nodes(each.staged)
            own = (result for result in results if str(result.focus) in nodes)
            found = findings(own, self._names.base, each.write.report)
            each.outcome.results, each.outcome.report = found.results, found.report
            if any(result["severity"] == "Violation" for result in found.results):
                refused.append(each)
        return refused

    def _follows_wrongly(self) -> list[Result | Complaint]:
        """What is wrong with what follows now: by the shapes for what is inferred, by the quality queries."""
        self._derive()
        results = self._judge.judge(self._checking.store, self._checking.found, inferred=True)
        found = validation.ask(self._quality, self._checking.store)
        return [
            *(result for result in results if result.severity == "Violation"),
            *(Complaint(each.query, str(each), "see queries/quality/") for each in found.violations),
        ]

    def _derive(self) -> None:
        """Bring what follows from what is current up to date; generations keep what followed once as well."""
        quads = list(self._book)
        current_quads = rdf.current(quads, self._names)
        if self._checking is self._growing and len(current_quads) != len(quads):
            self._checking = reasoning.Growing()
        self._checking.derive({quad.triple for quad in current_quads}, self._rules)

    def _put(self, staged: Staged) -> Undo:
        coming = [quad for quad in staged.coming if quad not in self._book]
        going = [quad for quad in staged.going if quad in self._book]
        self._change(coming, going)
        return lambda: self._change(going, coming)

    def _change(self, coming: Iterable[Quad], going: Iterable[Quad]) -> None:
        for quad in going:
            self._book.remove(quad)
        self._book.extend(coming)

    @staticmethod
    def _take_back(pending: Sequence[_Pending]) -> None:
        for each in reversed(pending):
            for undo in reversed(each.undo):
                undo()
            each.undo.clear()

    def _check(self) -> None:
        known = {0: Position(), **{entry.position.records: entry.position for entry in self._journal.entries}}
        if known.get(self._visible.records) != self._visible:
            raise JournalDamaged(
                f"generation {self._generation.name} was built with another journal than the one in "
                f"{self._publisher.root}; restore both from one backup, or run `foedus build`"
            )
        report = json.loads(self._generation.document("report.json"))
        if report["inputs"] != digest(self._assets, self._names.base, self._visible.digest):
            raise BuildFailed(
                "the tables, the ontology or the program have changed since the last build, and a write would bring "
                "that in unjudged; run `foedus build` first"
            )


def _accepted(pending: Iterable[_Pending]) -> list[_Pending]:
    return [each for each in pending if each.outcome.status == ACCEPTED]


def _position(generation: Generation) -> Position:
    told = generation.manifest().get("journal")
    return Position(told["records"], told["digest"]) if told else Position()


def _triples(staged: Staged) -> set[Triple]:
    return {quad.triple for quad in (*staged.coming, *staged.going)}


def _nodes(staged: Staged) -> set[str]:
    return {str(term).strip("<>") for triple in _triples(staged) for term in (triple.subject, triple.object)}


def _today() -> date:
    return datetime.now(UTC).date()
