"""DIF: whether the version of the ontology grew as much as what changed since a release asks for."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from rdflib import OWL, RDF

from kg.checking.context import Context
from kg.checking.diff.canonical import canonical
from kg.checking.diff.impact import impact
from kg.checking.diff.sides import read_side
from kg.checking.findings import Finding

_MOST = 20


def check(context: Context) -> Iterator[Finding]:
    """Compare the ontology files with `release` of the configuration, a path or REVISION:PATH."""
    release = context.project.configuration.release
    files = context.files("ontology")
    if not release or not files:
        return
    path = context.project.configuration.root / release
    old = read_side(str(path) if path.exists() else release)
    new = {quad for file in files for quad in read_side(str(file.path))}
    found = impact(canonical(old), canonical(new))
    if found is None or found.enough:
        return
    gone = [f"no longer follows: {' '.join(_short(context, part) for part in fact)}" for fact in found.gone[:_MOST]]
    gone += [f"newly follows: {' '.join(_short(context, part) for part in fact)}" for fact in found.new[:_MOST]]
    ontology = next(iter(context.project.ontology.subjects(RDF.type, OWL.Ontology)), None)
    version = context.positions.of(ontology, OWL.versionInfo) if ontology else None
    yield context.finding(
        "DIF01",
        f"the change since {release} asks for a {found.step} step, and the version went from "
        f"{found.versions[0]} to {found.versions[1]}",
        "raise the version, or take the change back; foedus diff shows it",
        place=version or files[0].source.place(0, len(files[0].source.line(1)) or 1),
        path=Path(release).name,
        details=gone,
    )


def _short(context: Context, part: str) -> str:
    return context.project.short(part) if ":" in part else part
