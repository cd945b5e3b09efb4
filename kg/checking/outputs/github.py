"""Findings as commands of GitHub's workflows, which show them in the diff."""

from __future__ import annotations

from kg.checking.findings import Finding, Severity
from kg.checking.outputs.text import summary
from kg.checking.runner import Outcome

_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}


def render(outcome: Outcome, most: int) -> str:
    """One line a finding, the worst first."""
    kept = sorted(outcome.findings, key=lambda finding: (-finding.severity, *finding.order))[:most]
    return "".join(f"{_line(finding)}\n" for finding in kept) + summary(outcome) + "\n"


def _line(finding: Finding) -> str:
    place = finding.place
    at = ""
    if place:
        at = f"file={_property(place.file)},line={place.line},col={place.column}"
        at += f",endLine={place.end_line},endColumn={place.end_column},"
    text = "\n".join(filter(None, (finding.message, *finding.details, finding.remedy)))
    return f"::{_COMMANDS[finding.severity]} {at}title={finding.id}::{_data(text)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
