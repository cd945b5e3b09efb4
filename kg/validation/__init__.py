"""Whether a graph keeps shapes and quality queries: pySHACL behind one function, RDF files read without the network."""

from __future__ import annotations

from kg.validation.quality import Finding, Findings, ask, merged
from kg.validation.reading import FORMATS, parse, read, union
from kg.validation.report import Report, Result
from kg.validation.validator import validate

__all__ = [
    "FORMATS",
    "Finding",
    "Findings",
    "Report",
    "Result",
    "ask",
    "merged",
    "parse",
    "read",
    "union",
    "validate",
]
