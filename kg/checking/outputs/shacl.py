"""The results of shapes as the SHACL validation report itself, in Turtle.

Source: https://www.w3.org/TR/shacl/#validation-report
"""

from __future__ import annotations

from rdflib import Graph

from kg.checking.runner import Outcome
from kg.validation.validator import validate


def render(outcome: Outcome, _most: int) -> str:
    """The report of pySHACL on the project's data and shapes; other findings have no place in it."""
    report = outcome.report
    if report is None or report.partial:
        report = validate(outcome.project.data, outcome.project.shapes, Graph())
    return report.turtle
