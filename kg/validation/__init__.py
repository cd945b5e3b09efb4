"""Whether a graph keeps the shapes: pySHACL behind one function, and RDF files read without the network."""

from __future__ import annotations

from kg.validation.reading import FORMATS, parse, read, union
from kg.validation.report import Report, Result
from kg.validation.validator import validate

__all__ = ["FORMATS", "Report", "Result", "parse", "read", "union", "validate"]
