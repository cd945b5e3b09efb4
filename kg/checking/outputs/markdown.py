"""Findings as Markdown, for a job summary or a comment."""

from __future__ import annotations

from kg.checking.catalogue import checks
from kg.checking.findings import Finding
from kg.checking.outputs.text import summary
from kg.checking.runner import Outcome

_EACH = 20


def render(outcome: Outcome, most: int) -> str:
    """A summary and a table a check, with at most twenty rows each."""
    lines = ["# foedus check", "", summary(outcome), "", outcome.told]
    by_check: dict[str, list[Finding]] = {}
    for finding in outcome.findings:
        by_check.setdefault(finding.id, []).append(finding)
    for name, found in sorted(by_check.items(), key=lambda pair: (-max(each.severity for each in pair[1]), pair[0])):
        lines += ["", f"## {name} {checks()[name].title} ({len(found)})", ""]
        lines += ["| severity | place | about | message |", "| --- | --- | --- | --- |"]
        shown = found[: min(most, _EACH)]
        for each in shown:
            message = f"{each.message}: {each.remedy}" if each.remedy else each.message
            cells = (each.severity.word, str(each.place or ""), each.focus, message)
            lines.append("| " + " | ".join(map(_cell, cells)) + " |")
        if len(shown) < len(found):
            lines += ["", f"… and {len(found) - len(shown)} more."]
    return "\n".join(lines) + "\n"


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ").replace("<", "&lt;")
