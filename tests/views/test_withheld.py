"""The graphs of a view, looked up in the evidence of the generation, are those that the view has."""

from dataclasses import replace

import numpy as np
import pytest
from pyoxigraph import DefaultGraph, Quad, RdfFormat, Store, parse

from kg import rdf
from kg.assets import find
from kg.pipeline import quads_of
from kg.store.lookup import EvidenceOfView
from kg.views.content import Content
from kg.views.ledger import Ledger
from kg.views.quads import named
from kg.views.tables import Lists
from kg.views.view import View
from kg.views.withheld import withheld
from tests.views.booking import NAMES
from tests.views.test_views import VIEWS

OTHERS = [
    View(valid_at=VIEWS[2].valid_at, possible=True, minimum=2),
    View(valid_at=VIEWS[9].valid_at, known_at=VIEWS[8].known_at, pov=("russia",)),
    View(excluded=("publisher/wikipedia", "publisher/united-nations")),
]


@pytest.fixture(scope="module")
def packed(booked, tmp_path_factory):
    """The texts as a reader of the ledger has them."""
    path = tmp_path_factory.mktemp("ledger") / "ledger.bin"
    path.write_bytes(booked.ledger.dumps(booked.texts))
    return Ledger.read(path)[1]


@pytest.fixture(scope="module")
def evidence(past, booked) -> Store:
    """The evidence of the generation: rows that were taken back are in it, and what follows from the others."""
    asserted = quads_of(past, find(), NAMES)
    inferred = booked.reasoned.within(rdf.current(asserted, NAMES), NAMES).quads(NAMES)
    store = Store()
    store.extend([*asserted, *inferred, *(Quad(*triple) for triple in booked.merged)])
    return store


def stated(content, texts) -> set[Quad]:
    """What the view has, by its ledger."""
    lines = [b"%s .\n" % texts[number] for number in content.merge.nonzero()[0]]
    lines += [b"%s <%s> .\n" % (texts[number], graph.encode()) for graph, few in named(content) for number in few]
    return set(parse(b"".join(lines), format=RdfFormat.N_QUADS))


@pytest.mark.parametrize("view", [*VIEWS, *OTHERS], ids=str)
def test_looking_up_finds_what_the_view_has_and_nothing_else(view, booked, packed, evidence):
    content = Content(booked.ledger, view)
    later = [booked.ledger.claims.retracted[number] for number in content.held.claims]
    later += [booked.ledger.attestations.retracted[number] for number in content.held.attestations]
    if any(later):
        assert withheld(content, packed) is None, "graphs of a row that was taken back since are not in the evidence"
        return
    compare(content, booked.texts, packed, evidence)


def compare(content, texts, packed, evidence) -> frozenset[Quad]:
    """Look everything up, by pattern and quad by quad; return what had to be left out."""
    found, wanted, merge = withheld(content, packed), stated(content, texts), Store()
    assert found is not None
    left = frozenset(parse(found, format=RdfFormat.N_QUADS))
    merge.extend(quad for quad in wanted if quad.graph_name == DefaultGraph())
    seen = EvidenceOfView(merge, evidence, NAMES.base, left, {})
    assert set(seen.quads_for_pattern(None, None, None)) == wanted
    assert set(seen.quads_for_pattern(None, None, None, DefaultGraph())) == set(merge)
    assert {quad for quad in evidence if quad in seen} == wanted
    return left


def test_some_views_of_these_are_looked_up_and_some_are_not(booked, packed):
    left = [withheld(Content(booked.ledger, view), packed) for view in [*VIEWS, *OTHERS]]
    assert sum(each is None for each in left) >= 2
    assert sum(each is not None for each in left) >= 10


def test_what_a_view_cuts_from_a_graph_stays_out_though_another_graph_states_it(booked, packed, evidence):
    """One claim states what the view cuts from another claim, and what provenance and register have no more."""
    view, ledger = VIEWS[0], booked.ledger
    content = Content(ledger, view)
    own, there = ledger.claims.own, content.claims
    cut = np.flatnonzero(np.repeat(there, own.sizes) & ~content.own)[0]
    told = next(ledger.attestations.own[number][0] for number in gone(ledger.attestations.claim, there))
    spoken = np.flatnonzero(np.asarray(ledger.things.spoken) & ~content.register[first(ledger.things.own)])[0]
    taken = [own.items[cut], told, ledger.things.own[spoken][0]]
    owner = next(number for number in np.flatnonzero(there) if number != own.owners(np.array([cut]))[0])
    lists = [[*each, *taken] if number == owner else list(each) for number, each in enumerate(own)]
    forged = replace(ledger, claims=replace(ledger.claims, own=Lists.of(lists)))
    name = f"{NAMES.base}id/claim/{ledger.names['claims'][owner]}"
    stating = parse(b"".join(b"%s <%s> .\n" % (booked.texts[n], name.encode()) for n in taken), RdfFormat.N_QUADS)
    more = Store()
    more.extend([*evidence, *stating])
    left = compare(Content(forged, view), booked.texts, packed, more)
    graphs = {quad.graph_name.value.removeprefix(NAMES.base).rpartition("/")[0] for quad in left}
    assert graphs == {"id/claim", "id/graph", "id/dataset"}


def gone(claims, there):
    return (number for number, claim in enumerate(claims) if not there[claim])


def first(lists):
    return np.asarray(lists.items)[np.asarray(lists.starts)[:-1]]
