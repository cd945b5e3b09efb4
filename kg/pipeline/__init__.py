"""The sentence that the build is: tables, quads, validation, inference, merge, generation."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from pyoxigraph import Quad

from kg import rdf, reasoning, sources
from kg.assets import Assets
from kg.facts.reader import read_tables
from kg.facts.tables import Facts
from kg.pipeline.checks import judge, validate_files, validate_generation, validate_quads
from kg.pipeline.counts import counted
from kg.pipeline.inputs import digest
from kg.pipeline.report import BuildReport, Stopwatch
from kg.store.generation import NothingBuilt
from kg.store.generation import current as current_generation
from kg.store.publication import Publisher, publishing
from kg.terms import BASE, Names

REPORT = "report.json"

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
    shapes are violated, UnreadableInput when an ontology or rule file does not parse; then the
    generation that was current before is current still.
    """
    inputs = digest(assets, base)
    if only_if_changed and (standing := _standing(root, inputs)):
        return standing
    with publishing(root) as publisher:
        return _build(assets, publisher, inputs, Names(base), tell or _silent)


def _standing(root: Path, inputs: str) -> Built | None:
    """The current generation, if it was built from these inputs."""
    try:
        generation = current_generation(root)
    except NothingBuilt:
        return None
    report = BuildReport.from_json(generation.document(REPORT))
    return Built(generation.path, replace(report, fresh=False)) if report.inputs == inputs else None


def _build(assets: Assets, publisher: Publisher, inputs: str, names: Names, say: Callable[[str], None]) -> Built:
    watch = Stopwatch()

    say("Reading the fact tables")
    with watch.step("read"):
        facts = read_tables(assets.data, rdf.concept_codes(assets.turtle("concepts"), names))

    say("Turning rows into quads")
    with watch.step("quads"):
        asserted = assert_facts(facts, assets, names)
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

    say("Writing the generation")
    counts = counted(facts, evidence, merged, inferred, names)
    report = BuildReport(inputs[:12], inputs, names.base, counts, watch.seconds, warnings)
    with watch.step("write"):
        documents = {
            REPORT: report.as_json().encode(),
            "report.txt": report.as_text().encode(),
            "derivations.txt": reasoned.derivations.dumps().encode(),
        }
        path = publisher.write(report.generation, evidence, merged, documents, counts)
    return Built(path, replace(report, generation=path.name, seconds=watch.seconds))


def assert_facts(facts: Facts, assets: Assets, names: Names) -> list[Quad]:
    """Return every quad that somebody asserts: the facts, the register, reference data, the vocabulary, provenance."""
    files = {folder: assets.turtle(folder) for folder in ("vocabulary", "concepts")}
    reference = sources.reference_quads(facts.identifiers, names)
    listed = rdf.fact_quads(sources.with_listings(facts), names)
    return reasoning.canonical([*listed, *reference, *rdf.vocabulary_quads(files, names)])


def _silent(step: str) -> None:
    """Tell nobody."""
