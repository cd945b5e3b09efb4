"""The sentence that the build is: tables, quads, validation, inference, merge, generation."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from pyoxigraph import Quad

from kg import rdf, reasoning, sources
from kg.assets import Assets
from kg.errors import BuildFailed
from kg.facts.amendments import Amendments, from_record, reference
from kg.facts.reader import read_tables
from kg.facts.tables import Facts
from kg.pipeline.checks import (
    inspect_merge,
    judge,
    judge_findings,
    validate_files,
    validate_generation,
    validate_quads,
)
from kg.pipeline.draft import drafted
from kg.pipeline.handbook import handbook
from kg.pipeline.inputs import digest
from kg.pipeline.memory import settle, unhurried
from kg.pipeline.report import BuildReport, Stopwatch
from kg.pipeline.survey import survey
from kg.store import journal
from kg.store.generation import HANDBOOK, NothingBuilt
from kg.store.generation import current as current_generation
from kg.store.journal import Position
from kg.store.publication import Publisher, publishing
from kg.terms import BASE, Names

REPORT = "report.json"
_NO_AMENDMENTS = Amendments()

__all__ = ["BuildReport", "Built", "assert_facts", "build", "validate_files", "validate_generation", "validate_quads"]


@dataclass(frozen=True)
class Built:
    """The directory of a generation, and the report of its build."""

    path: Path
    report: BuildReport


def build(
    assets: Assets,
    root: Path,
    *,
    base: str = BASE,
    tell: Callable[[str], None] | None = None,
    only_if_changed: bool = False,
) -> Built:
    """Build a generation under `root` and make it the current one.

    `tell` hears the name of each step as it begins. With `only_if_changed`, a current generation
    built from the same inputs is kept. Raises BadFacts when tables have mistakes, BuildFailed when
    shapes are violated or a quality query returns a row, UnreadableInput when an ontology or rule
    file does not parse; then the generation that was current before is current still.
    """
    written = amended(root)
    if only_if_changed and (standing := _standing(root, digest(assets, base, written.position.digest))):
        return standing
    with publishing(root) as publisher, unhurried():
        return _build(assets, publisher, amended(root), Names(base), tell or _silent)


def _standing(root: Path, inputs: str) -> Built | None:
    """The current generation, if it was built from these inputs."""
    try:
        generation = current_generation(root)
    except NothingBuilt:
        return None
    report = BuildReport.from_json(generation.document(REPORT))
    return Built(generation.path, replace(report, fresh=False)) if report.inputs == inputs else None


@dataclass(frozen=True)
class Written:
    """What the journal adds to the tables, and how far it was read."""

    amendments: Amendments
    position: Position


def amended(root: Path) -> Written:
    """Read the journal of a root; raise JournalDamaged when it is not what was written."""
    entries = journal.read(root)
    changes = (from_record(entry.record, entry.position.records) for entry in entries)
    return Written(Amendments.of(changes), entries[-1].position if entries else Position())


@dataclass(frozen=True)
class Judged:
    """Facts that have been read and judged already, the claims of the packages among them; see kg.writing.

    `position` is how far the journal is in them, `deriving` how the table of steps is made from `rules`.
    """

    facts: Facts
    position: Position
    warnings: tuple[str, ...]
    rules: Sequence[reasoning.Rule]
    deriving: reasoning.Deriving


def build_judged(judged: Judged, assets: Assets, publisher: Publisher, base: str = BASE) -> Built:
    """Build a generation as `build` does, from facts that need no reading and no judging any more."""
    with unhurried():
        return _build(assets, publisher, Written(Amendments(), judged.position), Names(base), _silent, judged)


def _build(
    assets: Assets,
    publisher: Publisher,
    written: Written,
    names: Names,
    say: Callable[[str], None],
    judged: Judged | None = None,
) -> Built:
    watch = Stopwatch()
    inputs = digest(assets, names.base, written.position.digest)

    say("Reading the fact tables")
    with watch.step("read"):
        facts = judged.facts if judged else read_facts(assets, names, written.amendments)

    say("Turning rows into quads")
    with watch.step("quads"):
        asserted = quads_of(facts, assets, names)

    say(f"Validating {len(set(asserted)):,} asserted quads")
    with watch.step("validate what is asserted"):
        current = rdf.current(asserted, names)
        warnings = judged.warnings if judged else judge(validate_quads(current, assets), "asserted")
        del current
        settle()

    rules = judged.rules if judged else reasoning.read_rules(assets.queries_in("rules"), names)
    deriving = judged.deriving if judged else reasoning.derive
    reason = partial(reasoning.reason, rules=rules, names=names, deriving=deriving)
    draft = drafted(facts, asserted, reason, names, watch, say)

    say("Validating what was inferred")
    with watch.step("validate what is inferred"):
        if judged is None:
            warnings += judge(validate_quads(draft.triples(), assets, inferred=True), "inferred")

    say("Asking what must not be")
    with watch.step("ask quality queries"):
        findings = inspect_merge(draft.merge, assets)
        warnings += tuple(map(str, findings.found)) if judged else judge_findings(findings)
        settle()

    say("Writing the generation")
    surveyed = survey(facts, sources.PACKAGED)
    report = BuildReport(inputs[:12], inputs, names.base, draft.counts, watch.seconds, warnings)
    with watch.step("write"):
        documents = {
            **draft.documents,
            REPORT: report.as_json().encode(),
            "report.txt": report.as_text().encode(),
            "survey.json": surveyed.as_json().encode(),
            "survey.txt": surveyed.as_text().encode(),
            HANDBOOK: handbook(assets).encode(),
        }
        path = publisher.write(report.generation, draft.named, draft.merge, documents, draft.counts, written.position)
    return Built(path, replace(report, generation=path.name, seconds=watch.seconds))


def read_facts(assets: Assets, names: Names, amendments: Amendments = _NO_AMENDMENTS) -> Facts:
    """Read the tables and what has been changed since, with the claims of the packages.

    Raises BadFacts, and BuildFailed when `amendments` retract what is nowhere.
    """
    codes = rdf.concept_codes(assets.turtle("concepts"), names)
    facts = amendments.retract(sources.with_reference_claims(read_tables(assets.data, codes, amendments)))
    missing = amendments.retracted.keys() - {reference(row) for row in facts.all()}
    if missing:
        raise BuildFailed(
            f"the journal retracts {', '.join(sorted(missing)[:5])}, and neither tables nor journal have that; "
            "put the rows back that were taken out of the tables"
        )
    return facts


def assert_facts(facts: Facts, assets: Assets, names: Names) -> list[Quad]:
    """Return every quad that somebody asserts: the facts, the register, reference data, the vocabulary, provenance."""
    return quads_of(sources.with_reference_claims(facts), assets, names)


def quads_of(facts: Facts, assets: Assets, names: Names) -> list[Quad]:
    """Return the same of facts that have the claims of the packages already."""
    files = {folder: assets.turtle(folder) for folder in ("vocabulary", "concepts")}
    codes = sources.reference_quads(facts.identifiers, names)
    return reasoning.canonical([*rdf.fact_quads(facts, names), *codes, *rdf.vocabulary_quads(files, names)])


def _silent(step: str) -> None:
    """Tell nobody."""
