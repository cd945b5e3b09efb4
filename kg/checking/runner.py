"""Runs the checks over a project and says how it went."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field

from kg.checking import baseline
from kg.checking.catalogue import checks, matching
from kg.checking.context import Context
from kg.checking.findings import Finding, Severity
from kg.checking.project import Project
from kg.validation.report import Report


@dataclass(frozen=True)
class Outcome:
    """The findings in the order of places, what was checked, the seconds of families and shapes, and SHACL's report."""

    findings: tuple[Finding, ...]
    project: Project
    told: str
    seconds: Mapping[str, float] = field(default_factory=dict)
    shapes: Mapping[str, tuple[float, int]] = field(default_factory=dict)
    known: int = 0
    report: Report | None = None

    def count(self, severity: Severity) -> int:
        """How many findings have that severity."""
        return sum(finding.severity == severity for finding in self.findings)

    def fails(self, threshold: Severity) -> bool:
        """Whether any finding is that bad."""
        return any(finding.severity >= threshold for finding in self.findings)

    @property
    def unreadable(self) -> bool:
        """Whether a file could not be parsed."""
        return any(finding.id == "SYN01" for finding in self.findings)


def run(
    project: Project,
    *,
    only: tuple[str, ...] = (),
    skip: tuple[str, ...] = (),
    known: Collection[str] = (),
    baseline_file: str = "",
    confirmed: int | None = None,
    among: Callable[[Finding], bool] | None = None,
    report: Report | None = None,
) -> Outcome:
    """Run the checks that are chosen; findings whose fingerprints are `known` are counted and left out.

    `among` keeps only the findings for which it is true; `confirmed` bounds how many failing nodes pySHACL is
    asked about; `report` is what SHACL says of the project's data, where that is known already. Raises UsageError
    for a name that is no check.
    """
    chosen = matching(only) if only else frozenset(checks())
    chosen -= matching((*skip, *(() if only else project.configuration.skip)))
    context = Context(project, confirmed, report=report)
    seconds: dict[str, float] = {}
    found: dict[tuple[object, ...], Finding] = {}
    for family, check in _families().items():
        if not any(checks()[name].family == family for name in chosen):
            continue
        started = time.perf_counter()
        for finding in check(context):
            if finding.id in chosen and (among is None or among(finding)):
                found.setdefault((finding.id, finding.place, finding.message, finding.focus, finding.value), finding)
        seconds[family] = time.perf_counter() - started
    everything = sorted(found.values(), key=lambda finding: finding.order)
    left = [finding for finding in everything if finding.fingerprint not in known]
    if known and among is None and "BAS01" in chosen:
        left += baseline.gone(context, known, everything, baseline_file)
    told = project.told()
    return Outcome(tuple(left), project, told, seconds, context.timings, len(everything) - len(left), context.report)


def _families() -> dict[str, Callable[[Context], Iterator[Finding]]]:
    """The checks in the order in which they run: what is cheap and decisive first."""
    from kg.checking import (
        documentation,
        form,
        metadata,
        namespaces,
        pitfalls,
        questions,
        releases,
        shapes,
        syntax,
        terms,
    )
    from kg.checking.owl import checks as owl

    return {
        "SYN": syntax.check,
        "NS": namespaces.check,
        "TRM": terms.check,
        "SHA": shapes.check,
        "CQ": questions.check,
        "META": metadata.check,
        "DOC": documentation.check,
        "PIT": pitfalls.check,
        "FMT": form.check,
        "DIF": releases.check,
        "OWL": owl.check,
    }
