"""Random queries over random claims: citations are exactly what the definition says, and with them a row falls."""

import random
from collections import Counter

import pytest

from kg.algebra import QueryUncitable
from tests.citations.cited import alternatives, ask, graphs_of, plain, rows, session
from tests.citations.drawn import Drawing, claims
from tests.citations.oracle import Oracle, frozen, select

ROUNDS = 200


def bag(found, kind):
    """Rows to compare: with how often each is there, but where the engine's paths give other numbers."""
    rows = map(frozen, found)
    return set(rows) if kind == "monotone" else Counter(rows)


def stating(graphs, uses):
    """Uses with the names of the graphs that can state each."""
    named = set()
    for triple, graph in uses:
        inside = sorted(name for name, triples in graphs.items() if triple in triples)
        named.add((triple, (graph,) if graph is not None else tuple(inside)))
    return frozenset(named)


def answers(kind, rounds, **more):
    """Drawn graphs, queries, and the answers to those that can be cited whole."""
    refused = 0
    for seed in range(rounds):
        draw = random.Random(f"{kind}{seed}")
        graphs = claims(draw)
        drawing = Drawing(draw, monotone=kind in ("monotone", "grouped"), **more)
        node = drawing.query(counted=kind in ("counted", "grouped"), limit=3 if kind == "limited" else 0)
        try:
            document = ask(session(graphs), select(node))
        except QueryUncitable:
            refused += 1
            continue
        if not document["citations"]["cut"]:
            yield draw, graphs, node, document
    assert refused <= rounds // 100


@pytest.mark.parametrize("kind", ["monotone", "any", "counted", "limited"])
def test_citations_are_those_of_the_definition(kind):
    compared = 0
    for _, graphs, node, document in answers(kind, ROUNDS):
        query = select(node)
        expected = Oracle(graphs).rows(node)
        answered = rows(document)
        assert bag(answered, kind) == bag([row for row, _ in expected], kind), query
        assert bag(answered, kind) == bag(plain(session(graphs), query), kind), query
        why = {}
        for row, each in expected:
            why[frozen(row)] = why.get(frozen(row), frozenset()) | each
        for row, cited in zip(answered, document["citations"]["rows"], strict=True):
            assert alternatives(document, cited) == {stating(graphs, each) for each in why[frozen(row)]}, (query, row)
            compared += 1
    assert compared > 150


@pytest.mark.parametrize("kind", ["monotone", "grouped"])
def test_without_the_graphs_it_cites_a_row_is_gone(kind):
    compared = 0
    for _, graphs, node, document in answers(kind, 80, zero=False):
        if kind == "grouped" and not node[2]:
            continue
        for row, cited in zip(rows(document), document["citations"]["rows"], strict=True):
            without = {name: triples for name, triples in graphs.items() if name not in graphs_of(document, cited)}
            assert row not in plain(session(without), select(node)), (select(node), row)
            compared += 1
    assert compared > 60


@pytest.mark.parametrize("kind", ["monotone", "any", "grouped"])
def test_the_graphs_it_cites_alone_give_a_row(kind):
    compared = 0
    for _, graphs, node, document in answers(kind, 80, inner=False, zero=False):
        if kind == "grouped" and not node[2]:
            continue
        for row, cited in zip(rows(document), document["citations"]["rows"], strict=True):
            alone = {name: graphs[name] for name in graphs_of(document, cited)}
            assert row in plain(session(alone), select(node)), (select(node), row)
            compared += 1
    assert compared > 60


def test_any_one_way_with_one_graph_a_statement_gives_the_row():
    compared = 0
    for draw, graphs, node, document in answers("monotone", 80, zero=False):
        for row, cited in zip(rows(document), document["citations"]["rows"], strict=True):
            way = draw.choice(sorted(alternatives(document, cited), key=repr))
            chosen = {}
            for triple, among in way:
                chosen.setdefault(draw.choice(among), set()).add(triple)
            assert all(triples <= graphs[name] for name, triples in chosen.items())
            assert row in plain(session(chosen), select(node)), (select(node), row)
            compared += 1
    assert compared > 60
