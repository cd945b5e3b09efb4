"""What a request asks for, put to a store with the dataset that the request names."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from pyoxigraph import BlankNode, DefaultGraph, NamedNode, Quad, Store, Triple

from kg.store.descriptions import describe, resources
from kg.store.functions import FUNCTIONS
from kg.store.geosparql import functions
from kg.store.output import Result


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
        # The selection of a DESCRIBE is a SELECT of our own making, so what it gives are solutions.
        found = resources(self.run(self._wanted["selection"]))  # type: ignore[arg-type]
        return describe(self._store, self._default[0], found, f"{self._wanted['base']}id/claim/")


def _merged(store: Store, default: list[NamedNode], named: list[NamedNode | BlankNode]) -> Store:
    """Copy a dataset, its default graph merged into a set: the engine counts a triple once per graph it is in."""
    merged = Store()
    for graph in default:
        merged.extend(Quad(*quad.triple) for quad in store.quads_for_pattern(None, None, None, graph))
    for name in named:
        merged.extend(store.quads_for_pattern(None, None, None, name))
    return merged
