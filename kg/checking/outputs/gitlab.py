"""Findings as GitLab's Code Quality report. Source: https://docs.gitlab.com/ci/testing/code_quality/"""

from __future__ import annotations

import json

from kg.checking.findings import Severity
from kg.checking.runner import Outcome

_SEVERITIES = {Severity.ERROR: "major", Severity.WARNING: "minor", Severity.INFO: "info"}


def render(outcome: Outcome, _most: int) -> str:
    """A list of findings; two with one fingerprint are told apart by a number."""
    seen: dict[str, int] = {}
    entries = []
    for finding in outcome.findings:
        number = seen[finding.fingerprint] = seen.get(finding.fingerprint, 0) + 1
        place = finding.place
        entries.append(
            {
                "check_name": finding.id,
                "description": f"{finding.message}: {finding.remedy}" if finding.remedy else finding.message,
                "severity": _SEVERITIES[finding.severity],
                "fingerprint": finding.fingerprint if number == 1 else f"{finding.fingerprint}-{number}",
                "location": {
                    "path": place.file if place else ".",
                    "lines": {"begin": place.line if place else 1, "end": place.end_line if place else 1},
                },
            }
        )
    return json.dumps(entries, indent=2, ensure_ascii=False) + "\n"
