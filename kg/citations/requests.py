"""Asking for an answer with citations: whether there can be any, and the request that a reader gets."""

from __future__ import annotations

import dataclasses

from kg.algebra import Outline, QueryUncitable
from kg.citations.planning import plan
from kg.store.answers import QUERY, Request
from kg.store.formats import Format

TASK = "kg.citations.answering:answer"
STEPS = "kg.citations.steps:told"
CITATIONS = Format(
    "citations", "application/vnd.foedus.citations+json", "application/vnd.foedus.citations+json; charset=utf-8"
)
"""An answer of any form with its citations: see kg.citations.document."""


def check(text: str, outline: Outline, base: str) -> None:
    """Raise QueryUncitable where what an answer rests on cannot be told; so it is of a text that is no query, too."""
    _stable(outline)
    plan(text, base)


def cited(request: Request, outline: Outline) -> Request:
    """The same request, answered with citations or refused by the reader.

    Raises QueryUncitable where it is plain already that there are none.
    """
    if request.task != QUERY:
        raise QueryUncitable("only a query has citations")
    _stable(outline)
    return dataclasses.replace(request, task=TASK)


def _stable(outline: Outline) -> None:
    if not outline.stable:
        raise QueryUncitable(
            "a query with NOW, RAND, UUID, STRUUID or BNODE has no citations: asked again, it answers something else"
        )
