"""SHACL and quality queries at the ends of the pipeline: over what is asserted or merged, files, a generation."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable, Sequence
from pathlib import Path

from pyoxigraph import Quad, RdfFormat, Store, Triple, parse
from rdflib import Graph

from kg import queries, rdf, validation
from kg.assets import Assets
from kg.errors import BuildFailed
from kg.store.generation import current
from kg.terms import Names
from kg.validation import Findings, Index, Report

# Shapes over the ontology's own style; the data have no part in them.
_STYLE = "house-style"


def data_shapes(assets: Assets) -> tuple[Path, ...]:
    """The shape files that data must keep."""
    return tuple(path for path in assets.turtle("shapes") if path.stem != _STYLE)


def data_ontology(assets: Assets) -> tuple[Path, ...]:
    """The files that name the classes and the concepts."""
    return (*assets.turtle("vocabulary"), *assets.turtle("concepts"))


def validate_quads(quads: Iterable[Quad | Triple], assets: Assets, *, inferred: bool = False) -> Report:
    """Judge quads, all graphs as one, by the shapes of foedus."""
    shapes, ontology = _union(data_shapes(assets)), _union(data_ontology(assets))
    return validation.validate(validation.indexed(quads), shapes, ontology, inferred=inferred)


def inspect_merge(merge: bytes, assets: Assets) -> Findings:
    """Ask the quality queries of a merge that is about to be written, given as its lines."""
    return validation.ask(_quality(assets), validation.merged(merge))


def inspect_generation(root: Path, assets: Assets) -> Findings:
    """Ask the quality queries of the merge of the generation that was built last."""
    return validation.ask(_quality(assets), Store.read_only(str(current(root).merge)))


def validate_files(files: Sequence[Path], shapes: Sequence[Path], ontology: Sequence[Path]) -> Report:
    """Judge the union of RDF files by the union of shape files."""
    return validation.validate(_union(files), _union(shapes), _union(ontology))


def validate_generation(root: Path, shapes: Graph, ontology: Sequence[Path]) -> tuple[Report, Index]:
    """Judge the generation that was built last: what it asserts, and then, by the shapes for it, all of it.

    The second value is what was judged: the claims that are not retracted, with what follows from them.
    """
    generation = current(root)
    names = Names(json.loads(generation.document("report.json"))["base"])
    quads = list(parse(gzip.decompress(generation.dump.read_bytes()), RdfFormat.N_QUADS))
    kept = rdf.current(quads, names)
    asserted = [quad for quad in kept if names.inference("").value not in str(quad.graph_name)]
    whole, hierarchy = validation.indexed(kept), _union(ontology)
    first = validation.validate(validation.indexed(asserted), shapes, hierarchy)
    second = validation.validate(whole, shapes, hierarchy, inferred=True)
    both = Report(
        (*first.results, *second.results),
        validation.union((first.graph, second.graph)),
        disagreements=(*first.disagreements, *second.disagreements),
    )
    return both, whole


def judge(report: Report, what: str) -> tuple[str, ...]:
    """Return the warnings of a report; raise BuildFailed with its text when there is a violation."""
    if not report.conforms:
        remedy = "correct the rows that these nodes come from"
        raise BuildFailed(f"what is {what} violates the shapes; {remedy}\n{report.text(50)}")
    return tuple(f"{result.focus}: {result.message}" for result in report.results if result.severity == "Warning")


def judge_findings(findings: Findings) -> tuple[str, ...]:
    """Return the warnings among findings; raise BuildFailed with all of them when one is a violation."""
    if not findings.conforms:
        remedy = "correct the rows that these nodes come from, or the query that is wrong"
        raise BuildFailed(f"what was built has faults that must not be; {remedy}\n{findings.text(50)}")
    return tuple(map(str, findings.warnings))


def _quality(assets: Assets) -> tuple[queries.Query, ...]:
    return queries.read_folder(assets.queries_in("quality"))


def _union(files: Iterable[Path]) -> Graph:
    return validation.union(validation.read(path) for path in files)
