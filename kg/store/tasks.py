"""What a reader can do: answer a query, write a graph, tell all about a name, or turn our own triples into a format."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from pyoxigraph import DefaultGraph, NamedNode, Quad, RdfFormat, Store, parse, serialize

from kg.store.about import About
from kg.store.answers import CLAIMS, DATASET, GRAPH, PLAIN, QUERY, TRIPLES, TURTLE
from kg.store.asked import Asked
from kg.store.formats import ABOUT
from kg.store.generation import EVIDENCE
from kg.store.lookup import Lookup
from kg.store.output import Output, as_file, rdf_format, write_result, write_triples


class NoSuchGraph(Exception):
    """There is no graph of that name."""


class TaskFailed(Exception):
    """A task came to nothing; `kind` is the error that the frame of the answer names."""

    def __init__(self, kind: str, message: str) -> None:
        self.kind, self.message = kind, message
        super().__init__(message)


@dataclass(frozen=True)
class Session:
    """What a reader works with: stores by name, what tasks remember of a generation or a view, the generation's folder.

    `graphs` is what the graphs of a view are looked up in that has no store for them.
    """

    stores: dict[str, Store]
    memory: dict[str, Any] = field(default_factory=dict)
    folder: str = ""
    graphs: Lookup | None = None

    @property
    def evidence(self) -> Lookup:
        """All graphs, and the merge as default graph, to look up what stands where."""
        return self.graphs if self.graphs is not None else self.stores[EVIDENCE]


Task = Callable[[Session, dict[str, Any], str, Output], None]


def _query(session: Session, wanted: dict[str, Any], text: str, output: Output) -> None:
    asked = Asked(session.stores[wanted["store"]], wanted)
    result = asked.run(text)
    if wanted["selection"] is not None:
        write_triples(asked.described(), wanted, output)
    else:
        write_result(result, wanted, output)


def _graph(session: Session, wanted: dict[str, Any], text: str, output: Output) -> None:
    """Write one graph; raise NoSuchGraph when there is none of that name."""
    store = session.stores[wanted["store"]]
    graph = NamedNode(text) if text else DefaultGraph()
    if isinstance(graph, NamedNode) and not store.contains_named_graph(graph):
        raise NoSuchGraph
    store.dump(as_file(output), rdf_format(wanted), from_graph=graph, prefixes=wanted["prefixes"])


def _dataset(session: Session, wanted: dict[str, Any], _: str, output: Output) -> None:
    store = session.stores[wanted["store"]]
    store.dump(as_file(output), rdf_format(wanted), prefixes=wanted["prefixes"])


def _triples(_: Session, wanted: dict[str, Any], text: str, output: Output) -> None:
    write_triples((quad.triple for quad in parse(text, format=RdfFormat.N_TRIPLES)), wanted, output)


def _turtle(_: Session, wanted: dict[str, Any], text: str, output: Output) -> None:
    content = parse(text, format=RdfFormat.TURTLE, base_iri=wanted["base"])
    serialize(content, as_file(output), rdf_format(wanted), prefixes=wanted["prefixes"])


def _about(session: Session, wanted: dict[str, Any], text: str, output: Output) -> None:
    """Write what is said about a name; nothing at all where it occurs nowhere."""
    evidence = session.evidence
    about = About(evidence, wanted["base"], text)
    if about.empty:
        return
    if wanted["media_type"] == ABOUT.media_type:
        output.write(json.dumps(about.as_json(), ensure_ascii=False).encode(errors="replace"))
        return
    quads = about.plain() if wanted["task"] == PLAIN else about.claims()
    if rdf_format(wanted) in (RdfFormat.TRIG, RdfFormat.N_QUADS):
        # As in the endpoint's dataset, the default graph is the merge: clients that ask no graph find what is current.
        merged = (each for each in (Quad(*quad.triple) for quad in quads) if each in evidence)
        both = dict.fromkeys([*merged, *quads])
        serialize(both, as_file(output), rdf_format(wanted), prefixes=wanted["prefixes"])
    else:
        write_triples(dict.fromkeys(quad.triple for quad in quads), wanted, output)


TASKS: dict[str, Task] = {
    QUERY: _query,
    GRAPH: _graph,
    DATASET: _dataset,
    TRIPLES: _triples,
    TURTLE: _turtle,
    PLAIN: _about,
    CLAIMS: _about,
}
