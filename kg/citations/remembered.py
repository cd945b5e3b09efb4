"""What a reader has found out about graphs, for as long as it has them open."""

from __future__ import annotations

from kg.citations.descriptions import Descriptions
from kg.citations.graphs import Graphs
from kg.store.generation import MERGE
from kg.store.tasks import Session
from kg.terms import Names

_KEY = "kg.citations"


def known(session: Session, base: str) -> tuple[Graphs, Descriptions]:
    """What this process has found out about graphs before; a generation never changes."""
    if _KEY not in session.memory:
        names = Names(base)
        graphs = Graphs(session.evidence, names)
        session.memory[_KEY] = graphs, Descriptions(session.stores[MERGE], graphs, names)
    found: tuple[Graphs, Descriptions] = session.memory[_KEY]
    return found
