"""Whether a store on another machine has a graph: what stores say of graphs without triples differs."""

from __future__ import annotations

import uuid

from pyoxigraph import NamedNode, QueryBoolean

from kg.store.remote.connection import ROWS, Connection
from kg.store.remote.results import rows


def has_graph(connection: Connection, graph: str, seconds: float) -> bool:
    """Whether a graph is there: with a triple or, in stores that keep such graphs, without; raise TaskFailed.

    Some stores say of every name that a graph without triples is there: those keep none, and a name that nobody
    has used before shows it. Raises ValueError for a name that is no IRI.
    """
    name = NamedNode(graph)
    if _ask(connection, f"GRAPH {name} {{ ?s ?p ?o }}", seconds):
        return True
    unknown = uuid.uuid4().urn
    return _ask(connection, f"GRAPH {name} {{ }}", seconds) and not _ask(
        connection, f"GRAPH <{unknown}> {{ }}", seconds
    )


def _ask(connection: Connection, pattern: str, seconds: float) -> bool:
    with connection.query(f"ASK {{ {pattern} }}", ROWS, seconds) as response:
        found = rows(response, ask=True)
        return isinstance(found, QueryBoolean) and bool(found)
