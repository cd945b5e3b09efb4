"""One query of the current generation, from the command line: the same gate, the same reader, no server."""

from __future__ import annotations

from kg.algebra import Outline
from kg.settings import Settings
from kg.store.answers import Answer, request
from kg.store.formats import Format
from kg.store.generation import current
from kg.store.process import Reader


def query_generation(settings: Settings, text: str, outline: Outline, wanted: Format) -> Answer:
    """Ask the current generation, in a reader process that ends with the answer.

    Raises NothingBuilt, and what Reader.ask raises.
    """
    reader = Reader(current(settings.data_directory), settings.memory)
    try:
        return reader.ask(request(text, outline, wanted, settings))
    finally:
        reader.close()
