"""Findings in SARIF 2.1.0, as code scanning reads them.

Source: https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
"""

from __future__ import annotations

import json
import re
from importlib.metadata import version
from typing import Any
from urllib.parse import quote

from kg.checking.catalogue import checks
from kg.checking.findings import Finding, Place, Severity
from kg.checking.outputs.lines import Lines
from kg.checking.runner import Outcome
from kg.terms import BASE

_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}
# Code scanning at GitHub turns away a run with more results than this.
LIMIT = 25_000
_WORD = re.compile(r"[A-Za-z0-9]+")


def render(outcome: Outcome, _most: int) -> str:
    """One run, with the rules that are broken and the worst findings up to the limit."""
    lines = Lines(outcome.project)
    kept = sorted(outcome.findings, key=lambda finding: (-finding.severity, *finding.order))[:LIMIT]
    names = sorted({finding.id for finding in kept})
    run: dict[str, Any] = {
        "tool": {
            "driver": {
                "name": "foedus check",
                "informationUri": BASE,
                "semanticVersion": version("foedus"),
                "rules": [_rule(name) for name in names],
            }
        },
        "columnKind": "unicodeCodePoints",
        "results": [_result(finding, names.index(finding.id), lines) for finding in kept],
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
        "name": "".join(word.capitalize() for word in _WORD.findall(check.title)),
        "shortDescription": {"text": check.title},
        "fullDescription": {"text": check.page},
        "help": {"text": check.page, "markdown": check.page},
        "defaultConfiguration": {"level": _LEVELS[check.severity]},
    }


def _result(finding: Finding, index: int, lines: Lines) -> dict[str, Any]:
    text = finding.message if not finding.remedy else f"{finding.message}: {finding.remedy}"
    result: dict[str, Any] = {
        "ruleId": finding.id,
        "ruleIndex": index,
        "level": _LEVELS[finding.severity],
        "message": {"text": "\n".join((text, *finding.details))},
        "partialFingerprints": {"foedus/v1": finding.fingerprint},
    }
    # Code scanning turns a result without a location away: what concerns no single file is shown at the first.
    place = finding.place or lines.first
    if place:
        result["locations"] = [{"physicalLocation": _location(place, lines)}]
    if finding.related:
        result["relatedLocations"] = [
            {"id": number, "physicalLocation": _location(each.place, lines), "message": {"text": each.message}}
            for number, each in enumerate(finding.related)
        ]
    return result


def _location(place: Place, lines: Lines) -> dict[str, Any]:
    region: dict[str, Any] = {
        "startLine": place.line,
        "startColumn": place.column,
        "endLine": place.end_line,
        "endColumn": place.end_column,
    }
    text = lines.of(place)
    if place.line == place.end_line and place.column < place.end_column <= len(text) + 1:
        region["snippet"] = {"text": text[place.column - 1 : place.end_column - 1]}
    return {"artifactLocation": {"uri": quote(place.file)}, "region": region}
