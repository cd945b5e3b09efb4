"""Any RDF dataset as a generation, as it is given: no claims, no shapes, nothing inferred."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

from pyoxigraph import DefaultGraph, Quad, RdfFormat, Store

from kg.errors import UnreadableInput, UsageError
from kg.store.compaction import compact
from kg.store.generation import EVIDENCE, MERGE, PLAIN, Generation
from kg.store.publication import publishing

_ENDINGS = {
    ".ttl": RdfFormat.TURTLE,
    ".nt": RdfFormat.N_TRIPLES,
    ".nq": RdfFormat.N_QUADS,
    ".trig": RdfFormat.TRIG,
    ".rdf": RdfFormat.RDF_XML,
    ".owl": RdfFormat.RDF_XML,
    ".xml": RdfFormat.RDF_XML,
    ".jsonld": RdfFormat.JSON_LD,
    ".json": RdfFormat.JSON_LD,
    ".n3": RdfFormat.N3,
}


def publish(root: Path, files: Sequence[Path], *, union: bool = False, name: str = "plain") -> Path:
    """Load RDF files into a generation of `root` and make it the current one; return its directory.

    The default graph is that of the files or, with `union`, the set of the triples of all graphs.
    Raises UsageError for a file whose ending is unknown, UnreadableInput for one that cannot be parsed.
    """
    for file in files:
        _format(file)

    counts: dict[str, int] = {}

    def load(directory: Path) -> None:
        evidence = Store(directory / EVIDENCE)
        for file in files:
            _load(evidence, file)
        if union:
            evidence.bulk_extend(_united(evidence))
        counts.update(_merge(directory, evidence))

    documents = {PLAIN: json.dumps({"union": union}).encode() + b"\n"}
    with publishing(root) as publisher:
        return publisher.publish(name, load, documents, counts)


def is_plain(found: Generation) -> bool:
    """Whether a generation is one of these, and not one that a build made."""
    return (found.path / PLAIN).is_file()


def _format(file: Path) -> RdfFormat:
    found = _ENDINGS.get(file.suffix.lower())
    if found is None:
        raise UsageError(f"{file}: {file.suffix or 'no ending'} says no format of RDF; use {', '.join(_ENDINGS)}")
    return found


def _load(store: Store, file: Path) -> None:
    try:
        store.bulk_load(path=file, format=_format(file), base_iri=file.resolve().as_uri())
    except SyntaxError as error:
        place = f"{file}:{error.lineno}:{error.offset}" if error.lineno else str(file)
        raise UnreadableInput(f"{place}: {error.msg or error}; correct the file") from error
    except OSError as error:
        raise UnreadableInput(f"{file}: cannot be read: {error.strerror or error}") from error
    except ValueError as error:
        raise UnreadableInput(f"{file}: {error}") from error


def _united(store: Store) -> Iterator[Quad]:
    """The triples of all graphs, in the default graph; the store keeps each once."""
    for graph in store.named_graphs():
        for quad in store.quads_for_pattern(None, None, None, graph):
            yield Quad(*quad.triple)


def _merge(directory: Path, evidence: Store) -> dict[str, int]:
    """Write the merge, which is the default graph alone, and count."""
    merge = Store(directory / MERGE)
    merge.bulk_extend(evidence.quads_for_pattern(None, None, None, DefaultGraph()))
    for store in (merge, evidence):
        compact(store)
    graphs = sum(1 for _ in evidence.named_graphs())
    return {"graphs": graphs, "quads": len(evidence), "merged triples": len(merge)}
