"""A view is the graph that its claims alone would give: over many dates, viewpoints and filters, nothing leaks in."""

import random
from datetime import date

import pytest

from kg.views.content import Content
from kg.views.holding import hold
from kg.views.overview import overview
from kg.views.quads import named
from kg.views.view import View
from tests.views.oracle import NAMES, reasoned_anew, reasoned_within, rebuilt_view

D = date.fromisoformat
VIEWS = [
    View(known_at=D("2025-12-28")),
    View(known_at=D("2011-06-01"), valid_at=D("2011-06-01")),
    View(valid_at=D("2014-02-10")),
    View(valid_at=D("2014-02-10"), possible=True),
    View(valid_at=D("1995-01-01"), recorded_at=D("2026-11-08")),
    View(recorded_at=D("2026-11-06")),
    View(recorded_at=D("2026-11-12"), pov=("united-states",)),
    View(pov=("ukraine",)),
    View(pov=("russia", "serbia"), known_at=D("2024-01-01")),
    View(pov=("de-facto",), valid_at=D("2023-06-01")),
    View(pov=("un-ga",)),
    View(pov=("maldives",), valid_at=D("2025-06-01")),
    View(pov=("wikipedia",)),
    View(minimum=2, verified=True),
    View(excluded=("publisher/wikipedia",), known_at=D("2026-01-06")),
]


@pytest.mark.parametrize("view", VIEWS, ids=str)
def test_a_view_is_the_graph_of_its_claims_alone(view, past, booked):
    content = Content(booked.ledger, view)
    compare(content, rebuilt_view(past, view, reasoned_within(booked.reasoned)), booked.texts)
    assert 0 < len(content.held.claims) < len(past.claims)


@pytest.mark.parametrize("view", [VIEWS[0], VIEWS[6]], ids=str)
def test_so_it_is_where_all_is_reasoned_anew(view, past, booked, rules):
    compare(Content(booked.ledger, view), rebuilt_view(past, view, reasoned_anew(rules)), booked.texts)


def compare(content, expected, texts):
    """Claims, merge and every named graph must be the same."""
    names = content.ledger.names["claims"]
    assert {names[number] for number in content.held.claims} == {row.claim for row in expected.facts.claims}
    merge = {text for text, there in zip(texts, content.merge, strict=True) if there}
    wanted = {str(triple).encode() for triple in expected.merge}
    assert merge - wanted == set()
    assert wanted - merge == set()
    stated = [(graph, texts[number]) for graph, numbers in named(content) for number in numbers]
    quads = [*expected.asserted, *expected.reasoned.quads(NAMES)]
    assert set(stated) == {(quad.graph_name.value, str(quad.triple).encode()) for quad in quads}
    assert len(set(stated)) == len(stated)


def test_the_merge_of_the_plain_graph_is_that_of_its_ledger(booked):
    merge = {text for text, there in zip(booked.texts, booked.ledger.plain, strict=True) if there}
    assert merge == {str(triple).encode() for triple in booked.merged}


def test_days_between_two_turns_give_the_same_view(booked):
    calendar = overview(booked.ledger)
    chance = random.Random(3)
    for _ in range(25):
        day = date(chance.randrange(1900, 2027), chance.randrange(1, 13), chance.randrange(1, 28))
        for view in (View(valid_at=day), View(known_at=day), View(valid_at=day, known_at=day)):
            normal = calendar.normal(view)
            assert normal.valid_at is None or normal.valid_at <= day
            held, same = hold(booked.ledger, view), hold(booked.ledger, normal)
            assert held == same, (view, normal)


def test_reprints_count_once(booked, past):
    reprints = {row.id: row.reprint_of for row in past.sources if row.reprint_of}
    of: dict[str, set[str]] = {}
    for row in past.attestations:
        if row.retracted is None:
            of.setdefault(row.claim.slug, set()).add(row.source)
    twice = {claim for claim, ids in of.items() if len(ids) == 2 and {reprints.get(each) for each in ids} & ids}
    held = hold(booked.ledger, View(minimum=2)).claims
    assert twice
    assert not twice & {booked.ledger.names["claims"][number] for number in held}
