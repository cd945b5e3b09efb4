"""Findings in SARIF 2.1.0, as code scanning reads them.

Source: https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
"""

from __future__ import annotations

import json
from importlib.metadata import version
from typing import Any
from urllib.parse import quote

from kg.checking.catalogue import checks
from kg.checking.findings import Finding, Place, Severity
from kg.checking.runner import Outcome

_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}
# Code scanning at GitHub turns away a run with more results than this.
LIMIT = 25_000


def render(outcome: Outcome, _most: int) -> str:
    """One run, with the rules that are broken and the worst findings up to the limit."""
    kept = sorted(outcome.findings, key=lambda finding: (-finding.severity, *finding.order))[:LIMIT]
    names = sorted({finding.id for finding in kept})
    run: dict[str, Any] = {
        "tool": {
            "driver": {
                "name": "foedus check",
                "semanticVersion": version("foedus"),
                "rules": [_rule(name) for name in names],
            }
        },
        "columnKind": "unicodeCodePoints",
        "results": [_result(finding, names.index(finding.id)) for finding in kept],
    }
    if len(kept) < len(outcome.findings):
        text = f"{len(outcome.findings) - len(kept)} findings beyond the limit of {LIMIT} are left out."
        note = {"level": "warning", "message": {"text": text}}
        run["invocations"] = [{"executionSuccessful": True, "toolExecutionNotifications": [note]}]
    document = {"$schema": "https://json.schemastore.org/sarif-2.1.0.json", "version": "2.1.0", "runs": [run]}
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def _rule(name: str) -> dict[str, Any]:
    check = checks()[name]
    return {
        "id": name,
        "shortDescription": {"text": check.title},
        "fullDescription": {"text": check.page},
        "help": {"text": check.page, "markdown": check.page},
        "defaultConfiguration": {"level": _LEVELS[check.severity]},
    }


def _result(finding: Finding, index: int) -> dict[str, Any]:
    text = finding.message if not finding.remedy else f"{finding.message}: {finding.remedy}"
    result: dict[str, Any] = {
        "ruleId": finding.id,
        "ruleIndex": index,
        "level": _LEVELS[finding.severity],
        "message": {"text": "\n".join((text, *finding.details))},
        "partialFingerprints": {"foedus/v1": finding.fingerprint},
    }
    if finding.place:
        result["locations"] = [{"physicalLocation": _location(finding.place)}]
    if finding.related:
        result["relatedLocations"] = [
            {"id": number, "physicalLocation": _location(each.place), "message": {"text": each.message}}
            for number, each in enumerate(finding.related)
        ]
    return result


def _location(place: Place) -> dict[str, Any]:
    return {
        "artifactLocation": {"uri": quote(place.file)},
        "region": {
            "startLine": place.line,
            "startColumn": place.column,
            "endLine": place.end_line,
            "endColumn": place.end_column,
        },
    }
