"""Findings as JSON, for programs."""

from __future__ import annotations

import json
from typing import Any

from kg.checking.findings import Finding, Place, Severity
from kg.checking.runner import Outcome


def render(outcome: Outcome, _most: int) -> str:
    """All findings with places, fingerprints and what was checked."""
    document = {
        "findings": [as_data(finding) for finding in outcome.findings],
        "counts": {severity.word: outcome.count(severity) for severity in Severity},
        "accepted": outcome.known,
        "checked": outcome.told,
        "files": [{"file": file.name, "purpose": file.purpose} for file in outcome.project.files],
    }
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def as_data(finding: Finding) -> dict[str, Any]:
    """A finding as JSON has it; what is empty is left out."""
    told = {
        "id": finding.id,
        "severity": finding.severity.word,
        "message": finding.message,
        "remedy": finding.remedy,
        "place": place_data(finding.place) if finding.place else None,
        "focus": finding.focus,
        "path": finding.path,
        "value": finding.value,
        "shape": finding.shape,
        "related": [{"place": place_data(each.place), "message": each.message} for each in finding.related],
        "details": list(finding.details),
        "fingerprint": finding.fingerprint,
    }
    return {key: value for key, value in told.items() if value}


def place_data(place: Place) -> dict[str, Any]:
    """A place as JSON has it."""
    return {
        "file": place.file,
        "line": place.line,
        "column": place.column,
        "endLine": place.end_line,
        "endColumn": place.end_column,
    }
