"""Findings as a good compiler prints them: place, message, the line with a caret, and what to do."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterator

from kg.checking.findings import Finding, Place, Severity
from kg.checking.outputs.lines import Lines
from kg.checking.runner import Outcome

_WIDTH = 160


def render(outcome: Outcome, most: int) -> str:
    """All findings, the worst last, those beyond `most` counted by rule, and a summary."""
    source = Lines(outcome.project)
    shown = sorted(outcome.findings, key=lambda finding: (-finding.severity, *finding.order))[:most]
    lines: list[str] = []
    for finding in sorted(shown, key=lambda finding: finding.order):
        lines += [*_finding(finding, source), ""]
    left = Counter(finding.id for finding in outcome.findings)
    left.subtract(Counter(finding.id for finding in shown))
    if +left:
        counts = ", ".join(f"{name} {count}" for name, count in sorted((+left).items()))
        lines += [f"… and {sum((+left).values())} more: {counts} (--most shows more)", ""]
    lines += [outcome.told, summary(outcome)]
    return "\n".join(lines) + "\n"


def summary(outcome: Outcome) -> str:
    """How many findings there are of each severity, in a sentence."""
    counts = [(outcome.count(severity), severity.word) for severity in sorted(Severity, reverse=True)]
    told = ", ".join(f"{count} {word}{'s' if count != 1 and word != 'info' else ''}" for count, word in counts if count)
    accepted = f" ({outcome.known} accepted by the baseline)" if outcome.known else ""
    return f"{told or 'No findings'}{accepted}."


def _finding(finding: Finding, source: Lines) -> Iterator[str]:
    place = f"{finding.place}: " if finding.place else ""
    yield f"{place}{finding.severity.word}[{finding.id}]: {finding.message}"
    if finding.place:
        yield from _excerpt(finding.place, source)
    for detail in finding.details:
        yield f"  | {detail}"
    for related in finding.related:
        yield f"  = {related.place}: {related.message}"
    if finding.remedy:
        yield f"  = {finding.remedy}"


def _excerpt(place: Place, source: Lines) -> Iterator[str]:
    line = source.of(place)
    if not line.strip():
        return
    end = place.end_column if place.end_line == place.line else len(line) + 1
    start = 0
    if len(line) > _WIDTH:
        start = max(0, place.column - _WIDTH // 2)
        line = line[start : start + _WIDTH]
    before = line[: place.column - 1 - start]
    marked = line[place.column - 1 - start : max(end - 1 - start, place.column - start)]
    number = str(place.line)
    yield f" {number} | {line.replace(chr(9), ' ')}"
    yield f" {' ' * len(number)} | {' ' * _cells(before)}{'^' * max(_cells(marked), 1)}"


def _cells(text: str) -> int:
    """How many terminal cells a text takes."""
    return sum(
        0 if unicodedata.combining(char) else 2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text
    )
