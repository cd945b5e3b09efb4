"""Rows of an answer as values of Python: SPARQL JSON read into terms, and terms as plain JSON."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, NamedTuple

_XSD = "http://www.w3.org/2001/XMLSchema#"
_WHOLE = {f"{_XSD}{name}" for name in ("integer", "int", "long", "nonNegativeInteger", "gYear")}
_FRACTIONS = {f"{_XSD}{name}" for name in ("decimal", "double", "float")}
_LARGEST = 2**53
"""Beyond this a JavaScript number is not exact any more."""


class Term(NamedTuple):
    """One RDF term: `kind` is `uri`, `literal` or `bnode`."""

    kind: str
    value: str
    language: str | None = None
    datatype: str | None = None

    @property
    def plain(self) -> str | int | float | bool:
        """The value as JSON has it: numbers and truth values where that loses nothing, else text."""
        if self.kind != "literal":
            return self.value
        if self.datatype == f"{_XSD}boolean" and self.value in ("true", "false"):
            return self.value == "true"
        try:
            if self.datatype in _WHOLE and abs(int(self.value)) <= _LARGEST:
                return int(self.value)
            if self.datatype in _FRACTIONS and abs(float(self.value)) <= _LARGEST:
                return float(self.value)
        except ValueError:
            return self.value
        return self.value


Row = dict[str, Term]


def read(body: bytes) -> tuple[tuple[str, ...], list[Row]]:
    """The variables and the rows of an answer in SPARQL JSON; a variable without a value is not in its row.

    Source: https://www.w3.org/TR/sparql11-results-json/
    """
    document: dict[str, Any] = json.loads(body)
    rows = [
        {
            name: Term(each["type"], each["value"], each.get("xml:lang"), each.get("datatype"))
            for name, each in binding.items()
        }
        for binding in document["results"]["bindings"]
    ]
    return tuple(document["head"]["vars"]), rows


def plain(variables: Sequence[str], rows: Sequence[Row]) -> list[dict[str, Any]]:
    """Rows for a program that knows no RDF; a missing value is null."""
    return [{name: row[name].plain if name in row else None for name in variables} for row in rows]
