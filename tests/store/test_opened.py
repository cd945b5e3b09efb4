"""Views are taken into memory one at a time, few stay open, and none pushes out one that is asked more."""

import json
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from pyoxigraph import NamedNode, Quad, Store

from kg.store import opened
from kg.store.generation import MERGE, VIEW_ABOUT, VIEW_STORE
from kg.store.opened import OpenViews
from kg.store.sandbox import Space
from kg.store.tasks import Session

TRIPLES = 10


@pytest.fixture
def folders(tmp_path) -> list[str]:
    """Ten views."""
    found = []
    for number in range(10):
        folder = tmp_path / f"{number}.{MERGE}"
        folder.mkdir()
        store = Store(folder / VIEW_STORE)
        ends = [NamedNode(f"http://example.org/{number}/{each}") for each in range(TRIPLES)]
        store.extend(Quad(end, end, end) for end in ends)
        (folder / VIEW_ABOUT).write_text(json.dumps({"store": MERGE, "triples": TRIPLES}), encoding="utf-8")
        found.append(str(folder))
    return found


@pytest.fixture
def views(monkeypatch) -> Iterator[OpenViews]:
    """Views of which one fits into memory; the address space of the tests stays as it is."""
    monkeypatch.setattr(Space, "_limit", staticmethod(lambda _: None))
    made = OpenViews(TRIPLES, Space(1024))
    yield made
    for view in made._views.values():
        view.held.close()


def use(views: OpenViews, folder: str, times: int = 1) -> None:
    """Open a view some times, and wait until nothing is being loaded."""
    for _ in range(times):
        session = views.open(folder, Session({}))
        assert len(session.stores[MERGE]) == TRIPLES
        while views._one.locked():
            time.sleep(0.01)


def held(views: OpenViews) -> list[str]:
    return [Path(folder).stem for folder, view in views._views.items() if view.memory is not None]


def test_the_third_question_takes_a_view_into_memory(views, folders):
    use(views, folders[0], 2)
    assert held(views) == []
    use(views, folders[0])
    assert held(views) == ["0"]


def test_a_view_takes_the_place_of_one_that_is_asked_less(views, folders):
    use(views, folders[0], 5)
    views._views[folders[0]].remembered["read"] = "from memory"
    use(views, folders[1], 5)
    assert held(views) == ["0"], "as often is not more often"
    use(views, folders[1])
    assert held(views) == ["1"]
    assert views._views[folders[0]].remembered == {}, "nothing may keep the store in memory"


def test_views_asked_in_turn_do_not_push_out_each_other(views, folders, monkeypatch):
    loads = []
    monkeypatch.setattr(opened, "in_memory", lambda store, *_: loads.append(1) or store)
    for _ in range(20):
        for folder in folders[:4]:
            use(views, folder)
    assert len(loads) <= 5


def test_many_views_make_no_queue_of_loading(views, folders, monkeypatch):
    """Only one is being loaded, whatever is asked meanwhile; those that were thrown out are let go."""
    go = threading.Event()
    monkeypatch.setattr(opened, "in_memory", lambda store, *_: go.wait(10) and store)
    before = threading.active_count()
    for _ in range(3):
        for folder in folders:
            views.open(folder, Session({}))
            views.open(folder, Session({}))
            views.open(folder, Session({}))
    assert threading.active_count() <= before + 1
    assert len(views._views) == opened.MOST
    go.set()
    while views._one.locked():
        time.sleep(0.01)
