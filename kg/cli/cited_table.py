"""Rows with who says so under each, as text for a terminal."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Mapping
from typing import Any

from kg.cli import table

INDENT = "    "


def render(results: bytes, base: str, width: int | None = None) -> str:
    """Lay out SPARQL JSON with citations: the table of each row, then the claims and sources it rests on."""
    document: dict[str, Any] = json.loads(results)
    citations = document["citations"]
    told = [_row(row, citations, width or 100) for row in citations["rows"]]
    lines = table.blocks(document, base, width)
    if len(lines) != len(told) + 2:  # an answer to ASK, or rows without columns
        return "\n".join([*lines[0], *(line for each in told for line in each)]) + "\n"
    head, *rows, count = lines
    return (
        "\n".join([*head, *(line for row, each in zip(rows, told, strict=True) for line in (*row, *each)), *count])
        + "\n"
    )


def _row(row: Mapping[str, Any], citations: Mapping[str, Any], width: int) -> list[str]:
    graphs = citations["graphs"]
    lines: list[str] = []
    for number in row["claims"]:
        claim = graphs[number]
        lines.append(f"claim {claim['iri'].rpartition('/')[2]}")
        lines += [f"  {_says(each)}" for each in claim.get("attestations", ())]
    direct = [graphs[number] for number in row["graphs"]]
    rules = sorted({each["rule"]["label"] for each in direct if each.get("rule")})
    lines += [f"inferred: {rule}" for rule in rules]
    missing = {number for each in row["solutions"] for number in each.get("notFound", ())}
    for number in sorted(missing):
        absence = citations["absences"][number]
        lines.append(f"not found: {absence['kind']} {absence['pattern']}")
    if "cut" in row:
        lines.append("… and more: a bound was reached")
    wrapped: list[str] = []
    for line in lines:
        indent = INDENT + ("  " if line.startswith("  ") else "")
        wrapped += textwrap.wrap(
            line.strip(), width, initial_indent=indent, subsequent_indent=indent + "  ", break_on_hyphens=False
        )
    return wrapped


def _says(attestation: Mapping[str, Any]) -> str:
    source = attestation.get("source", {})
    speaker = attestation.get("speaker", {}).get("label")
    behalf = attestation.get("onBehalfOf", {}).get("label")
    details = (
        source.get("publisher", {}).get("label"),
        attestation.get("reportedText") or attestation.get("reported"),
        attestation.get("certainty", {}).get("label"),
        attestation.get("locator"),
    )
    who = f"{speaker}{f' on behalf of {behalf}' if behalf else ''}, in " if speaker else ""
    return f"{who}{source.get('title', '')} ({', '.join(each for each in details if each)})"
