"""An answer with citations from graphs in memory, and what it says in plain sets."""

from __future__ import annotations

import dataclasses
import json
from itertools import product

from pyoxigraph import Literal, NamedNode, Quad, Store

from kg.algebra import Dataset, look
from kg.citations.answering import answer
from kg.citations.requests import TASK
from kg.settings import Settings
from kg.store import answers
from kg.store.formats import JSON
from kg.store.generation import EVIDENCE, MERGE
from kg.store.output import Output
from kg.store.tasks import Session
from tests.citations.oracle import text

SETTINGS = Settings()


def session(graphs) -> Session:
    """A reader's stores with these graphs, given as sets of triples by name."""
    evidence, merge = Store(), Store()
    for name, triples in graphs.items():
        for triple in triples:
            subject, predicate, value = map(node, triple)
            evidence.add(Quad(subject, predicate, value, node(name)))
            evidence.add(Quad(subject, predicate, value))
            merge.add(Quad(subject, predicate, value))
    return Session({MERGE: merge, EVIDENCE: evidence})


def node(term):
    if isinstance(term, bool | int):
        return Literal(term)
    return NamedNode(text(term)[1:-1])


def ask(stores: Session, query: str, dataset: Dataset | None = None):
    """The whole document."""
    request = answers.request(query, look(query, SETTINGS), JSON, SETTINGS, dataset)
    output = Output(1 << 26)
    answer(stores, {**dataclasses.asdict(request), "task": TASK}, query, output)
    return json.loads(b"".join(output.parts))


def plain(stores: Session, query: str):
    """The rows as the engine gives them."""
    solutions = stores.stores[EVIDENCE].query(query)
    names = [f"?{each.value}" for each in solutions.variables]
    return [
        {name: value(term.value, isinstance(term, Literal)) for name, term in zip(names, row, strict=True) if term}
        for row in solutions
    ]


def value(text, literal=True):
    if not literal:
        return text.removeprefix("urn:")
    return text == "true" if text in ("true", "false") else int(text)


def rows(document):
    """The rows of a document as mappings."""
    return [
        {f"?{name}": value(term["value"], term["type"] != "uri") for name, term in row.items()}
        for row in document["results"]["bindings"]
    ]


def alternatives(document, row):
    """What a row of citations rests on, multiplied out: sets of uses, as the oracle has them."""
    told = document["citations"]

    def graph_names(statement):
        return [told["graphs"][number]["iri"].removeprefix("urn:") for number in statement["graphs"]]

    def use(number, fixed):
        statement = told["statements"][number]
        ends = (statement["subject"], {"type": "uri", "value": statement["predicate"]}, statement["object"])
        triple = tuple(value(each["value"], each["type"] != "uri") for each in ends)
        return (triple, tuple(graph_names(statement)))

    def solution(each):
        own = {use(number, None) for number in each.get("statements", ())}
        for path in each.get("paths", ()):
            own |= {use(number, None) for number in told["paths"][path]["edges"]}
        choices = [found(told["parts"][part]) for part in each.get("parts", ())]
        return [frozenset(own.union(*chosen)) for chosen in product(*choices)]

    def found(each):
        assert "cut" not in each
        ways = [way for one in each["solutions"] for way in solution(one)]
        return {frozenset().union(*ways)} if each["mode"] == "all" else set(ways)

    return found(row)


def graphs_of(document, row):
    return {document["citations"]["graphs"][number]["iri"].removeprefix("urn:") for number in row["graphs"]}
