"""SPARQL JSON results as a table that a person can read on a terminal."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any

Term = Mapping[str, str]


def render(results: bytes, base: str, width: int | None = None) -> str:
    """Lay SPARQL 1.1 JSON results out in columns, with the number of rows below.

    IRIs under `base` are shortened to their last two steps (`polity/ukraine`), and a text in another
    language than English shows its tag. With a `width`, in characters, long cells are wrapped so that
    no line is longer.
    Source: https://www.w3.org/TR/sparql11-results-json/
    """
    return "\n".join(line for block in blocks(json.loads(results), base, width) for line in block) + "\n"


def blocks(document: Mapping[str, Any], base: str, width: int | None = None) -> list[list[str]]:
    """The lines of the table: its head, each row, and the number of rows; just one block where it has no columns."""
    if "boolean" in document:
        return [["yes" if document["boolean"] else "no"]]
    names: list[str] = document["head"]["vars"]
    rows = [
        [_text(binding[name], base) if name in binding else "" for name in names]
        for binding in document["results"]["bindings"]
    ]
    count = [f"{len(rows)} row{'' if len(rows) == 1 else 's'}"]
    if not names:
        return [count]
    widths = _widths([names, *rows], width)
    head = [*_line(names, widths).splitlines(), "  ".join("─" * each for each in widths)]
    return [head, *(_line(row, widths).splitlines() for row in rows), count]


def _text(term: Term, base: str) -> str:
    value = term["value"]
    if term["type"] == "uri":
        for start in (f"{base}id/", f"{base}concept/", f"{base}ontology#"):
            if value.startswith(start):
                return value.removeprefix(start)
        return value
    if term["type"] == "bnode":
        return f"_:{value}"
    language = term.get("xml:lang", "en")
    return value if language == "en" else f"{value}@{language}"


def _widths(rows: Sequence[Sequence[str]], width: int | None) -> list[int]:
    natural = [max(_cells(row[index]) for row in rows) or 1 for index in range(len(rows[0]))]
    if width is None:
        return natural
    room = max(width - 2 * (len(natural) - 1), 6 * len(natural))
    fitted = list(natural)
    while sum(fitted) > room:
        widest = max(range(len(fitted)), key=fitted.__getitem__)
        fitted[widest] -= 1
    return fitted


def _line(row: Sequence[str], widths: Sequence[int]) -> str:
    wrapped = [_wrap(text, width) for text, width in zip(row, widths, strict=True)]
    height = max(map(len, wrapped))
    lines = []
    for index in range(height):
        parts = [
            _pad(lines_of[index] if index < len(lines_of) else "", width)
            for lines_of, width in zip(wrapped, widths, strict=True)
        ]
        lines.append("  ".join(parts).rstrip())
    return "\n".join(lines)


def _wrap(text: str, width: int) -> list[str]:
    if _cells(text) <= width:
        return [text]
    lines, line = [], ""
    for word in text.split(" "):
        rest = word
        candidate = f"{line} {rest}".strip() if line else rest
        if _cells(candidate) <= width:
            line = candidate
            continue
        if line:
            lines.append(line)
        while _cells(rest) > width:
            lines.append(rest[:width])
            rest = rest[width:]
        line = rest
    return [*lines, line]


def _pad(text: str, width: int) -> str:
    return text + " " * (width - _cells(text))


def _cells(text: str) -> int:
    """How many terminal cells a text takes: wide characters take two, combining ones none."""
    return sum(
        0 if unicodedata.combining(char) else 2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text
    )
