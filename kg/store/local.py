"""One query over a generation on this machine, for the command line."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from pathlib import Path

from kg.algebra import Outline, look
from kg.errors import UsageError
from kg.settings import Settings
from kg.store import answers, generation
from kg.store.answers import Answer
from kg.store.formats import CSV, TURTLE, Format, offered
from kg.store.generation import Generation
from kg.store.process import Reader


def query_generation(
    settings: Settings,
    text: str,
    *,
    accept: str | None = None,
    deadline: float | None = None,
    prepare: Callable[[answers.Request, Outline], answers.Request] | None = None,
    view: Callable[[Generation, answers.Request], Path] | None = None,
) -> Answer:
    """Answer a query from the current generation, behind the same gate and limits as the endpoint.

    `accept` lists media types by preference, separated by commas; the first that fits the form of the
    query is taken. Without it, rows come as CSV and triples as Turtle. `prepare` may make another
    request of the one for the plain answer. `view` gives, for a generation and a request, the
    folder of a view to ask instead. Raises NothingBuilt, UsageError, and what kg.algebra.look, Reader.ask
    and `view` raise.
    """
    if deadline is not None:
        settings = dataclasses.replace(settings, deadline=deadline)
    outline = look(text, settings)
    wanted = answers.request(text, outline, _format(outline.form, accept), settings)
    if prepare is not None:
        wanted = prepare(wanted, outline)
    current = generation.current(settings.data_directory)
    if view is not None:
        wanted = dataclasses.replace(wanted, view=str(view(current, wanted)))
    reader = Reader(current, settings)
    try:
        return reader.ask(wanted)
    finally:
        reader.close()


def _format(form: str, accept: str | None) -> Format:
    formats = offered(form)
    if accept is None:
        return CSV if CSV in formats else TURTLE
    for media_type in (part.split(";")[0].strip() for part in accept.split(",")):
        for each in formats:
            if media_type in (each.media_type, *each.aliases):
                return each
    names = ", ".join(each.media_type for each in formats)
    raise UsageError(f"the answer to {form} cannot be {accept}; it can be {names}")
