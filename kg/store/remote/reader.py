"""The reader of a store on another machine: it speaks as kg.store.reader does, and asks elsewhere.

    python -m kg.store.remote.reader <generation> <MiB of memory>

Nothing is passed on as it comes: answers are parsed here and written anew, in the format that is wanted, up to
the limits of this server. What the store may know of us stands in the environment; see kg.store.remote.credentials.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from http.client import HTTPResponse
from pathlib import Path
from typing import Any

from pyoxigraph import BlankNode, DefaultGraph, NamedNode, Quad, Store, Triple, serialize

from kg.store import frames, sandbox
from kg.store.answers import DATASET, FETCH, GRAPH, QUERY, TRIPLES, TURTLE
from kg.store.generation import Generation
from kg.store.output import Output, as_file, rdf_format, up_to, write_result, write_triples
from kg.store.reader import answer
from kg.store.remote import connection
from kg.store.remote.address import Remote
from kg.store.remote.connection import Connection, based
from kg.store.remote.credentials import credentials
from kg.store.remote.describing import batched, description
from kg.store.remote.graphs import has_graph
from kg.store.remote.results import document, rows, triples
from kg.store.tasks import TASKS, NoSuchGraph, Session, Task, TaskFailed

_TOGETHER = 100
"""How many things are described by one query."""
_SPARE = 5.0
"""Seconds of processor time beside those of the deadline."""


def main() -> None:
    """Answer until standard input ends."""
    generation, memory = Generation(Path(sys.argv[1])), int(sys.argv[2])
    source, sink = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    confined = sandbox.confine(memory, connections=True)
    remote = Remote.of_generation(generation)
    if remote is None:
        raise SystemExit(f"{generation.path} stands for no store elsewhere")
    asking = _Asking(Connection(remote, credentials(os.environ)))
    tasks: dict[str, Task] = {
        QUERY: asking.query,
        GRAPH: asking.graph,
        DATASET: asking.dataset,
        FETCH: asking.fetch,
        TRIPLES: TASKS[TRIPLES],
        TURTLE: TASKS[TURTLE],
    }
    nothing = Store()  # a query that the store refuses is read by the engine here, which tells line and column
    frames.write(sink, {"ready": True, "confined": confined})
    while frame := frames.read(source):
        wanted, text = frame
        sandbox.limit_processor_time(wanted["deadline"] + _SPARE)
        if wanted["task"] not in tasks:
            message = "what an answer rests on is told of a graph that is held here, not of one in a store elsewhere"
            frames.write(sink, {"error": "uncitable", "message": message, "line": 1, "column": 1})
            continue
        frames.write(sink, *answer(Session({wanted["store"]: nothing}), wanted, text.decode(), tasks))


class _Asking:
    """What can be asked of the store."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def query(self, session: Session, wanted: dict[str, Any], text: str, output: Output) -> None:
        """A query, with the dataset that the request names; raise SyntaxError where it is none."""
        try:
            self._query(text, wanted, output)
        except TaskFailed as error:
            if error.kind == "evaluation":
                _parse(session.stores[wanted["store"]], text, wanted["base"])
            raise

    def _query(self, text: str, wanted: dict[str, Any], output: Output) -> None:
        if wanted["form"] == "DESCRIBE":
            write_triples(up_to(self._described(wanted), wanted["most_rows"]), wanted, output)
        elif wanted["form"] == "CONSTRUCT":
            with self._ask(text, connection.TRIPLES, wanted) as response, _Reading():
                write_triples(up_to(triples(response), wanted["most_rows"]), wanted, output)
        else:
            with self._ask(text, connection.ROWS, wanted) as response, _Reading():
                write_result(rows(response, ask=wanted["form"] == "ASK"), wanted, output)

    def _described(self, wanted: dict[str, Any]) -> Iterable[Triple]:
        """The same description from every store: what DESCRIBE gives is for each to choose, and some give nothing."""
        with self._ask(wanted["selection"], connection.ROWS, wanted) as response, _Reading():
            found = {term for row in rows(response) for term in row if isinstance(term, NamedNode)}
        described: set[Triple] = set()
        for some in batched(sorted(found, key=str), _TOGETHER):
            with self._ask(description(some), connection.TRIPLES, wanted) as response, _Reading():
                described.update(triples(response))
        return described

    def graph(self, _: Session, wanted: dict[str, Any], text: str, output: Output) -> None:
        """One graph; raise NoSuchGraph when there is none of that name, ValueError where the name is no IRI."""
        pattern = f"GRAPH {NamedNode(text)} {{ ?s ?p ?o }}" if text else "?s ?p ?o"
        query = f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ {pattern} }}"
        with self._ask(query, connection.TRIPLES, wanted) as response, _Reading():
            found = list(triples(response))
        if text and not found and not has_graph(self._connection, text, wanted["deadline"]):
            raise NoSuchGraph
        write_triples(found, wanted, output)

    def dataset(self, _: Session, wanted: dict[str, Any], __: str, output: Output) -> None:
        """All graphs; where the default graph is the union of the others, it is not told once more."""
        named = "GRAPH ?g { ?s ?p ?o }"
        pattern = named if self._connection.remote.union else f"{{ ?s ?p ?o }} UNION {{ {named} }}"
        with self._ask(f"SELECT ?s ?p ?o ?g {{ {pattern} }}", connection.ROWS, wanted) as response, _Reading():
            serialize(_quads(response), as_file(output), rdf_format(wanted), prefixes=wanted["prefixes"])

    def fetch(self, _: Session, wanted: dict[str, Any], text: str, output: Output) -> None:
        """A document of an address, as triples."""
        try:
            with self._connection.document(text, wanted["deadline"]) as response:
                write_triples(document(response, text), wanted, output)
        except (SyntaxError, ValueError) as error:
            raise TaskFailed("evaluation", f"{text} does not parse: {error}") from error

    def _ask(self, text: str, accept: str, wanted: dict[str, Any]) -> HTTPResponse:
        default, named = (tuple(wanted[name] or ()) for name in ("default_graphs", "named_graphs"))
        return self._connection.query(based(text, wanted["base"]), accept, wanted["deadline"], default, named)


class _Reading:
    """While an answer is read: what cannot be parsed there is the store's fault, not that of the query."""

    def __enter__(self) -> None:
        """Nothing to prepare."""

    def __exit__(self, _: object, error: BaseException | None, __: object) -> None:
        """Raise TaskFailed in place of what the parser says."""
        if isinstance(error, SyntaxError | ValueError | OSError):
            message = f"the answer of the store does not parse, and nothing of it is passed on: {error}"
            raise TaskFailed("remote", message) from error


def _quads(response: HTTPResponse) -> Iterator[Quad]:
    for subject, predicate, value, graph in rows(response):
        named = graph if isinstance(graph, NamedNode | BlankNode) else DefaultGraph()
        yield Quad(subject, predicate, value, named)


def _parse(store: Store, text: str, base: str) -> None:
    """Raise SyntaxError where the text is no query; whether it can be evaluated is another matter."""
    try:
        store.query(text, base_iri=base)
    except (RuntimeError, ValueError):
        return


if __name__ == "__main__":
    main()
