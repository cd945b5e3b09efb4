"""How an inferred triple follows, step by step: which rule, from which triples, down to graphs that state them.

A step is told if everything that it rests on is stated by graphs that the inference names: so the steps are those of
that inference, in that view, and no others. Circles of steps hold nothing up.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, parse

from kg.citations.derivations import FILE, Table
from kg.citations.descriptions import Descriptions
from kg.citations.graphs import Graphs, as_json
from kg.citations.remembered import known
from kg.store.output import Output
from kg.store.tasks import Session
from kg.terms import Names

MOST_STEPS = 2_000
"""How many steps are looked at for one inference."""


def told(session: Session, wanted: dict[str, Any], text: str, output: Output) -> None:
    """Write, for each pair of an inference and a triple that it states, the steps to it; null where none are known.

    `text` is a JSON array of objects with `graph` and `triple` (N-Triples without a full stop). A step is an object
    with `subject`, `predicate`, `object`, and either `graphs` that state it, or the `rule` and its `premises`.
    """
    memory = session.memory
    if "derivations" not in memory:
        path = Path(session.folder) / FILE
        memory["derivations"] = Table(path) if path.is_file() else None
    table: Table | None = memory["derivations"]
    found: list[dict[str, Any] | None] = []
    if table is not None:
        steps = _Steps(table, *known(session, wanted["base"]), Names(wanted["base"]))
        found = [steps.to(each["triple"], each["graph"]) for each in json.loads(text)]
    output.write(json.dumps(found or [None] * len(json.loads(text)), ensure_ascii=False).encode())


class _Steps:
    """Looks for steps whose ends are stated."""

    def __init__(self, table: Table, graphs: Graphs, descriptions: Descriptions, names: Names) -> None:
        self._table, self._graphs, self._descriptions, self._names = table, graphs, descriptions, names

    def to(self, triple: str, inference: str) -> dict[str, Any] | None:
        """The steps to a triple by the rule of an inference, from the claims that it rests on."""
        described = self._descriptions.of(inference)
        if described["kind"] != "inference" or "rule" not in described:
            return None
        rule = described["rule"]["iri"].rpartition("/")[2]
        self._claims = self._descriptions.claims(inference)
        self._left = MOST_STEPS
        return self._step(triple, (), rule)

    def _step(self, triple: str, before: tuple[str, ...], by: str | None = None) -> dict[str, Any] | None:
        """One step and those before it: `before` are the triples that want it, `by` is the rule that it must have."""
        if by is None:
            stated = self._stated(triple)
            if stated:
                return {**_as_json(triple), "graphs": stated}
        for rule, premises in self._table.steps(triple):
            self._left -= 1
            if self._left < 0 or (by is not None and rule != by) or set(premises) & {triple, *before}:
                continue
            rests = []
            for each in premises:
                step = self._step(each, (*before, triple))
                if step is None:
                    break
                rests.append(step)
            else:
                iri = self._names.thing(f"rule/{rule}").value
                label = self._descriptions.label(iri)
                return {**_as_json(triple), "rule": {"iri": iri, "label": label}, "premises": rests}
        return None

    def _stated(self, triple: str) -> list[str]:
        """The graphs that state a triple without inferring it: of claims only those that count here."""
        graphs, _ = self._graphs.stating(_terms(triple))
        kinds = {graph: self._graphs.kind(graph) for graph in graphs}
        return [
            graph
            for graph, kind in kinds.items()
            if kind not in ("inference", "claim") or (kind == "claim" and graph in self._claims)
        ]


def _terms(triple: str) -> tuple[NamedNode | BlankNode, NamedNode, NamedNode | BlankNode | Literal]:
    (quad,) = parse(f"{triple} .", RdfFormat.N_TRIPLES)
    return quad.subject, quad.predicate, quad.object


def _as_json(triple: str) -> dict[str, Any]:
    subject, predicate, value = _terms(triple)
    return {"subject": as_json(subject), "predicate": predicate.value, "object": as_json(value)}
