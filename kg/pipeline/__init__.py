"""The sentence that the build is: tables, quads, validation, inference, merge, generation."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from pyoxigraph import Quad

from kg import rdf, reasoning, sources
from kg.assets import Assets
from kg.errors import BuildFailed
from kg.facts.amendments import Amendments, from_record
from kg.facts.amendments import reference as name_of
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
from kg.pipeline.counts import counted
from kg.pipeline.inputs import digest
from kg.pipeline.report import BuildReport, Stopwatch
from kg.store import journal
from kg.store.generation import NothingBuilt
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
    with publishing(root) as publisher:
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


def _build(assets: Assets, publisher: Publisher, written: Written, names: Names, say: Callable[[str], None]) -> Built:
    watch = Stopwatch()
    inputs = digest(assets, names.base, written.position.digest)

    say("Reading the fact tables")
    with watch.step("read"):
        codes = rdf.concept_codes(assets.turtle("concepts"), names)
        facts = read_tables(assets.data, codes, written.amendments)

    say("Turning rows into quads")
    with watch.step("quads"):
        asserted = assert_facts(facts, assets, names, written.amendments)
        current = rdf.current(asserted, names)

    say(f"Validating {len(set(current)):,} asserted quads")
    with watch.step("validate what is asserted"):
        warnings = judge(validate_quads(current, assets), "asserted")

    say("Inferring what follows")
    with watch.step("infer"):
        reasoned = reasoning.reason(current, reasoning.read_rules(assets.queries_in("rules"), names), names)
        inferred = list(reasoned.quads(names))

    say("Merging")
    with watch.step("merge"):
        evidence = sorted({*asserted, *inferred}, key=str)
        merged = rdf.merge([*current, *inferred])

    say("Validating what was inferred")
    with watch.step("validate what is inferred"):
        warnings += judge(validate_quads(merged, assets, inferred=True), "inferred")

    say("Asking what must not be")
    with watch.step("ask quality queries"):
        warnings += judge_findings(inspect_merge(merged, assets))

    say("Writing the generation")
    counts = counted(facts, evidence, merged, inferred, names)
    report = BuildReport(inputs[:12], inputs, names.base, counts, watch.seconds, warnings)
    with watch.step("write"):
        documents = {
            REPORT: report.as_json().encode(),
            "report.txt": report.as_text().encode(),
            "derivations.txt": reasoned.derivations.dumps().encode(),
        }
        path = publisher.write(report.generation, evidence, merged, documents, counts, written.position)
    return Built(path, replace(report, generation=path.name, seconds=watch.seconds))


def assert_facts(facts: Facts, assets: Assets, names: Names, amendments: Amendments = _NO_AMENDMENTS) -> list[Quad]:
    """Return every quad that somebody asserts: the facts, the register, reference data, the vocabulary, provenance.

    Raises BuildFailed when `amendments` retract what is nowhere.
    """
    files = {folder: assets.turtle(folder) for folder in ("vocabulary", "concepts")}
    reference = sources.reference_quads(facts.identifiers, names)
    listed = amendments.retract(sources.with_listings(facts))
    missing = amendments.retracted.keys() - {name_of(row) for row in listed.all()}
    if missing:
        raise BuildFailed(
            f"the journal retracts {', '.join(sorted(missing)[:5])}, and neither tables nor journal have that; "
            "put the rows back that were taken out of the tables"
        )
    return reasoning.canonical([*rdf.fact_quads(listed, names), *reference, *rdf.vocabulary_quads(files, names)])


def _silent(step: str) -> None:
    """Tell nobody."""
