"""Whether a graph keeps shapes and quality queries: two engines behind one function, files read without the network."""

from __future__ import annotations

from kg.validation.index import Index
from kg.validation.quality import Finding, Findings, ask, merged
from kg.validation.reading import FORMATS, indexed, parse, read, union
from kg.validation.report import Report, Result
from kg.validation.validator import validate

__all__ = [
    "FORMATS",
    "Finding",
    "Findings",
    "Index",
    "Report",
    "Result",
    "ask",
    "indexed",
    "merged",
    "parse",
    "read",
    "union",
    "validate",
]
