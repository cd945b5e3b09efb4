"""A view as one compressed file: all that the view holds, graph by graph, or its merge as Turtle.

A reader runs this on the store of the view; see kg.store.tasks.
"""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from typing import IO, Any, cast

from pyoxigraph import DefaultGraph, Quad, Store, serialize

from kg.store.output import Output, as_file, rdf_format
from kg.store.tasks import Session

# Between the fastest and the smallest: a dump is made while somebody waits.
_LEVEL = 3


def packed(session: Session, wanted: dict[str, Any], _: str, output: Output) -> None:
    """Write the named graphs in a format of datasets, or the default graph in one of graphs, compressed.

    Equal views give equal bytes. Raises TooLarge when the file would be larger than an answer may be.
    """
    store, form = session.stores[wanted["store"]], rdf_format(wanted)
    with gzip.GzipFile(fileobj=as_file(output), mode="wb", compresslevel=_LEVEL, filename="", mtime=0) as file:
        prefixes = wanted["prefixes"]
        if form.supports_datasets:
            serialize(_named(store), cast(IO[bytes], file), form, prefixes=prefixes)
        else:
            store.dump(cast(IO[bytes], file), form, from_graph=DefaultGraph(), prefixes=prefixes)


def _named(store: Store) -> Iterator[Quad]:
    """The quads of the named graphs; the default graph is the merge of them."""
    return (quad for quad in store if not isinstance(quad.graph_name, DefaultGraph))
