"""BAS: findings that are known and accepted, by fingerprint, in a file that people can read."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from pathlib import Path

from kg.checking.context import Context
from kg.checking.findings import Finding, Place
from kg.errors import UnreadableInput


def read(path: Path) -> frozenset[str]:
    """The fingerprints of a baseline file. Raises UnreadableInput when it is none."""
    try:
        entries = json.loads(path.read_text(encoding="utf-8"))["findings"]
        return frozenset(str(entry["fingerprint"]) for entry in entries)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise UnreadableInput(f"{path}: it is no baseline: {error}; write one with --update-baseline") from error


def write(path: Path, findings: Iterable[Finding]) -> int:
    """Write the findings as the baseline; return how many there are. Nothing in it depends on line numbers."""
    entries = {
        finding.fingerprint: {
            "fingerprint": finding.fingerprint,
            "check": finding.id,
            "file": finding.place.file if finding.place else "",
            "about": finding.focus,
            "message": finding.message,
        }
        for finding in findings
    }
    order = sorted(entries.values(), key=lambda entry: (entry["check"], entry["file"], entry["fingerprint"]))
    document = {"comment": "Findings that foedus check accepts; remove those that are mended.", "findings": order}
    path.write_text(json.dumps(document, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    return len(order)


def gone(context: Context, known: Collection[str], found: Iterable[Finding], file: str) -> list[Finding]:
    """A finding for entries that are in the baseline and no longer found."""
    missing = set(known) - {finding.fingerprint for finding in found}
    if not missing:
        return []
    message = f"{len(missing)} findings of the baseline are mended"
    remedy = "write it anew with --update-baseline, so that they cannot come back"
    return [context.finding("BAS01", message, remedy, place=Place(file) if file else None)]
