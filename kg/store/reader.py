"""The reader: a process that opens one generation, answers one query after the other, and can be killed at any time.

    python -m kg.store.reader <generation> <MiB of memory> <triples held in memory> <seconds until then> <of views>

Standard input carries frames with queries, standard output frames with answers or errors; the first
frame says that the stores are open. The end of standard input ends the process.
"""

from __future__ import annotations

import fcntl
import json
import os
import sys
import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import Any

from pyoxigraph import (
    BlankNode,
    DefaultGraph,
    Literal,
    NamedNode,
    Quad,
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    QueryTriples,
    RdfFormat,
    Store,
    Triple,
    parse,
    serialize,
)

from kg.algebra import QueryRefused
from kg.algebra.diagnosis import diagnose
from kg.store import frames, sandbox
from kg.store.about import About
from kg.store.answers import CLAIMS, DATASET, GRAPH, PLAIN, QUERY, TRIPLES, TURTLE
from kg.store.descriptions import describe, resources
from kg.store.formats import ABOUT, PAGE
from kg.store.functions import FUNCTIONS
from kg.store.generation import EVIDENCE, MANIFEST, MERGE
from kg.store.geosparql import functions
from kg.store.opened import OpenViews

_XSD_STRING = "http://www.w3.org/2001/XMLSchema#string"
_LOADING = 30
"""Seconds of processor time that taking the merge into memory may take beside a query."""
Result = QuerySolutions | QueryBoolean | QueryTriples


class NoSuchGraph(Exception):
    """There is no graph of that name."""


class TooLarge(Exception):
    """The answer has grown over the limit."""


class Output:
    """Where an answer is collected, up to a size in bytes."""

    def __init__(self, largest: int) -> None:
        self.parts: list[bytes] = []
        self.room = largest

    def write(self, part: bytes) -> int:
        """Add a part; raise TooLarge when there is no room for it."""
        self.room -= len(part)
        if self.room < 0:
            raise TooLarge
        self.parts.append(part)
        return len(part)

    def flush(self) -> None:
        """There is nothing to flush."""


@dataclass(frozen=True)
class Session:
    """What a reader has as long as it lives: its stores by name, and what tasks remember of a generation."""

    stores: dict[str, Store]
    memory: dict[str, Any] = field(default_factory=dict)


def main() -> None:
    """Open the stores and answer until standard input ends."""
    generation, memory = Path(sys.argv[1]), int(sys.argv[2])
    most_triples, settling = int(sys.argv[3]), float(sys.argv[4])
    views = OpenViews(int(sys.argv[5]))
    source, sink = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    confined = sandbox.confine(memory)
    with (generation / MANIFEST).open("rb") as manifest:
        fcntl.flock(manifest, fcntl.LOCK_SH)
        stores = {name: Store.read_only(str(generation / name)) for name in (MERGE, EVIDENCE)}
        if json.load(manifest)["counts"]["merged triples"] <= most_triples:
            settle = threading.Timer(settling, take_into_memory, (stores,))
            settle.daemon = True
            settle.start()
        session = Session(stores)
        frames.write(sink, {"ready": True, "confined": confined})
        while frame := frames.read(source):
            wanted, text = frame
            sandbox.limit_processor_time(2 * wanted["deadline"] + _LOADING)
            try:
                asked = Session(*views.open(wanted["view"])) if wanted["view"] else session
            except OSError as error:
                frames.write(sink, {"error": "store", "message": str(error)})
                continue
            frames.write(sink, *answer(asked, wanted, text.decode()))


def take_into_memory(stores: dict[str, Store]) -> None:
    """Replace the merge on disk by one in memory, where the engine is several times faster.

    Queries go on being answered from disk meanwhile.
    """
    memory = Store()
    memory.bulk_load(stores[MERGE].dump(format=RdfFormat.N_QUADS), format=RdfFormat.N_QUADS)
    stores[MERGE] = memory


def answer(session: Session, wanted: dict[str, Any], text: str) -> tuple[dict[str, Any], bytes]:
    """Run one query; the header says `ok`, or which `error` with a message and perhaps line and column.

    A task that is not in the table here is a function `module:name` of a higher layer.
    """
    output = Output(wanted["largest"])
    store = session.stores[wanted["store"]]
    functions().exhausted = False
    try:
        module, _, name = wanted["task"].partition(":")
        if name:
            getattr(import_module(module), name)(session, wanted, text, output)
        else:
            _TASKS[wanted["task"]](store, wanted, text, output)
        if functions().exhausted:
            raise MemoryError
    except QueryRefused as error:
        return {"error": "uncitable", "message": error.message, "line": error.line, "column": error.column}, b""
    except NoSuchGraph:
        return {"error": "graph"}, b""
    except SyntaxError as error:
        return _syntax_error(store, str(error), text, wanted["base"]), b""
    except TooLarge:
        return {"error": "large"}, b""
    except MemoryError:
        output.parts.clear()
        return {"error": "memory"}, b""
    except OSError as error:
        return {"error": "store", "message": str(error)}, b""
    except (RuntimeError, ValueError) as error:
        return {"error": "evaluation", "message": str(error)}, b""
    return {"ok": True}, b"".join(output.parts)


def _query(store: Store, wanted: dict[str, Any], text: str, output: Output) -> None:
    asked = Asked(store, wanted)
    result = asked.run(text)
    if wanted["selection"] is not None:
        _write_triples(asked.described(), wanted, output)
    else:
        _write(result, wanted, output)


class Asked:
    """A store as a request sees it: with the dataset that it names."""

    def __init__(self, store: Store, wanted: dict[str, Any]) -> None:
        default, named = wanted["default_graphs"], wanted["named_graphs"]
        self._wanted = wanted
        self._store = store
        self._named: list[NamedNode | BlankNode] | None = None
        self._default: list[NamedNode | BlankNode | DefaultGraph] = [DefaultGraph()]
        if default is not None:
            self._named = [NamedNode(iri) for iri in named]
            if len(default) > 1:
                self._store = _merged(store, [NamedNode(iri) for iri in default], self._named)
            else:
                self._default = [NamedNode(iri) for iri in default]

    def run(self, text: str) -> Result:
        """Run a query over the dataset."""
        base = self._wanted["base"]
        return self._store.query(
            text,
            base_iri=base,
            default_graph=self._default,
            named_graphs=self._named,
            custom_functions={**FUNCTIONS, **functions().table},
        )

    def described(self) -> Iterable[Triple]:
        """The triples that a DESCRIBE gives."""
        if not self._default:
            return ()
        found = resources(self.run(self._wanted["selection"]))  # type: ignore[arg-type]
        return describe(self._store, self._default[0], found, f"{self._wanted['base']}id/claim/")


def _graph(store: Store, wanted: dict[str, Any], text: str, output: Output) -> None:
    """Write one graph; raise NoSuchGraph when there is none of that name."""
    graph = NamedNode(text) if text else DefaultGraph()
    if isinstance(graph, NamedNode) and not store.contains_named_graph(graph):
        raise NoSuchGraph
    store.dump(output, _rdf(wanted), from_graph=graph, prefixes=wanted["prefixes"])  # type: ignore[arg-type]


def _dataset(store: Store, wanted: dict[str, Any], _: str, output: Output) -> None:
    store.dump(output, _rdf(wanted), prefixes=wanted["prefixes"])  # type: ignore[arg-type]


def _triples(_: Store, wanted: dict[str, Any], text: str, output: Output) -> None:
    _write_triples((quad.triple for quad in parse(text, format=RdfFormat.N_TRIPLES)), wanted, output)


def _turtle(_: Store, wanted: dict[str, Any], text: str, output: Output) -> None:
    content = parse(text, format=RdfFormat.TURTLE, base_iri=wanted["base"])
    serialize(content, output, _rdf(wanted), prefixes=wanted["prefixes"])  # type: ignore[arg-type]


def _about(store: Store, wanted: dict[str, Any], text: str, output: Output) -> None:
    """Write what is said about a name; nothing at all where it occurs nowhere."""
    about = About(store, wanted["base"], text)
    if about.empty:
        return
    if wanted["media_type"] == ABOUT.media_type:
        output.write(json.dumps(about.as_json(), ensure_ascii=False).encode(errors="replace"))
        return
    quads = about.plain() if wanted["task"] == PLAIN else about.claims()
    if _rdf(wanted) in (RdfFormat.TRIG, RdfFormat.N_QUADS):
        # As in the endpoint's dataset, the default graph is the merge: clients that ask no graph find what is current.
        merged = (each for each in (Quad(*quad.triple) for quad in quads) if each in store)
        both = dict.fromkeys([*merged, *quads])
        serialize(both, output, _rdf(wanted), prefixes=wanted["prefixes"])  # type: ignore[arg-type]
    else:
        _write_triples(dict.fromkeys(quad.triple for quad in quads), wanted, output)


_TASKS = {
    QUERY: _query,
    GRAPH: _graph,
    DATASET: _dataset,
    TRIPLES: _triples,
    TURTLE: _turtle,
    PLAIN: _about,
    CLAIMS: _about,
}


def _merged(store: Store, default: list[NamedNode], named: list[NamedNode | BlankNode]) -> Store:
    """Copy a dataset, its default graph merged into a set: the engine counts a triple once per graph it is in."""
    merged = Store()
    for graph in default:
        merged.extend(Quad(*quad.triple) for quad in store.quads_for_pattern(None, None, None, graph))
    for name in named:
        merged.extend(store.quads_for_pattern(None, None, None, name))
    return merged


def _write(result: Result, wanted: dict[str, Any], output: Output) -> None:
    media_type = wanted["media_type"]
    if isinstance(result, QueryTriples):
        _write_triples(result, wanted, output)
    elif media_type == PAGE.media_type:
        output.write(json.dumps(_page(result, wanted["rows"]), ensure_ascii=False).encode())
    else:
        results = QueryResultsFormat.from_media_type(media_type)
        result.serialize(output, results)  # type: ignore[arg-type]


def _write_triples(triples: Iterable[Triple], wanted: dict[str, Any], output: Output) -> None:
    if wanted["media_type"] == PAGE.media_type:
        output.write(json.dumps(_page(triples, wanted["rows"]), ensure_ascii=False).encode())
    else:
        serialize(triples, output, _rdf(wanted), prefixes=wanted["prefixes"])  # type: ignore[arg-type]


def _rdf(wanted: dict[str, Any]) -> RdfFormat:
    found = RdfFormat.from_media_type(wanted["media_type"])
    if found is None:
        raise ValueError(f"{wanted['media_type']} is no format of graphs")
    return found


def _page(result: Result | Iterable[Triple], most: int) -> dict[str, Any]:
    """The first rows of an answer, and how many there are: `variables`, `rows` of terms, `total`; or `boolean`."""
    if isinstance(result, QueryBoolean):
        return {"boolean": bool(result)}
    if isinstance(result, QuerySolutions):
        return page([variable.value for variable in result.variables], result, most)
    return {**page(["subject", "predicate", "object"], result, most), "triples": True}


def page(names: Sequence[str], rows: Iterable[Any], most: int) -> dict[str, Any]:
    """Rows in the page format: the first of them, and how many there are."""
    shown, total = [], 0
    for row in rows:
        total += 1
        if total <= most:
            shown.append([_term(term) for term in row])
    return {"variables": list(names), "rows": shown, "total": total, "triples": False}


def _term(term: object) -> dict[str, str] | None:
    if isinstance(term, NamedNode):
        return {"kind": "iri", "value": term.value}
    if isinstance(term, BlankNode):
        return {"kind": "blank", "value": term.value}
    if isinstance(term, Literal):
        shown = {"kind": "literal", "value": term.value}
        if term.language:
            shown["language"] = term.language
        elif term.datatype.value != _XSD_STRING:
            shown["datatype"] = term.datatype.value
        return shown
    return None if term is None else {"kind": "triple", "value": str(term)}


def _syntax_error(store: Store, complaint: str, text: str, base: str) -> dict[str, Any]:
    def parse(spread: str) -> str | None:
        try:
            store.query(spread, base_iri=base)
        except SyntaxError as error:
            return str(error)
        return None

    return {"error": "syntax", **diagnose(text, complaint, parse)._asdict()}


if __name__ == "__main__":
    main()
