"""The store of a view has the quads of the view and no others, whatever it was made from."""

import json
import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from pyoxigraph import DefaultGraph, NamedNode, Quad, RdfFormat, Store, parse

from kg import assets, pipeline
from kg.store import generation
from kg.store.generation import EVIDENCE, MERGE, VIEW_ABOUT, VIEW_STORE, VIEW_WITHHELD
from kg.store.opened import OpenViews
from kg.store.sandbox import Space
from kg.store.tasks import Session
from kg.views import building
from kg.views import ledger as ledgers
from kg.views.building import Maker
from kg.views.content import Content
from kg.views.ledger import Ledger
from kg.views.origins import nearest
from kg.views.quads import flags_of, named
from kg.views.view import View

D = date.fromisoformat
VIEWS = [
    View(pov=("ukraine",)),
    View(pov=("russia",)),
    View(valid_at=D("2014-02-10")),
    View(valid_at=D("2014-03-20")),
    View(valid_at=D("2014-03-20"), known_at=D("2023-01-01")),
    View(minimum=2),
    View(minimum=2, verified=True),
]


def make(root: Path, shelf: Path, view: View, store: str) -> Path:
    """Make a view as the server does; return its folder."""
    folder = shelf / f"{view.digest}.{store}"
    given: dict[str, list[str]] = {}
    for name, value in view.parameters():
        given.setdefault(name, []).append(value)
    made_of = [str(generation.current(root).path), str(folder), store, "4096"]
    command = [sys.executable, "-m", "kg.views.building", *made_of]
    subprocess.run(command, input=json.dumps(given), text=True, check=True)
    return folder


def expected(root: Path, view: View, store: str) -> set[Quad]:
    """What the ledger says is in the view."""
    ledger, texts = Ledger.read(generation.current(root).path / ledgers.FILE)
    content = Content(ledger, view)
    lines = [b"%s .\n" % texts.text(number) for number in content.merge.nonzero()[0].tolist()]
    if store == EVIDENCE:
        lines += [
            b"%s <%s> .\n" % (texts.text(number), graph.encode())
            for graph, numbers in named(content)
            for number in numbers.tolist()
        ]
    return set(parse(b"".join(lines), format=RdfFormat.N_QUADS))


@pytest.mark.parametrize("store", [MERGE, EVIDENCE])
def test_views_made_one_after_the_other_hold_what_the_ledger_says(viewed_root, tmp_path, store):
    origins = []
    for view in VIEWS:
        folder = make(viewed_root, tmp_path, view, store)
        made, wanted = Store.read_only(str(folder / VIEW_STORE)), expected(viewed_root, view, store)
        assert set(made) == wanted, view
        graphs = {graph.value for graph in made.named_graphs()}
        assert graphs == {quad.graph_name.value for quad in wanted if not isinstance(quad.graph_name, DefaultGraph)}
        about = json.loads((folder / VIEW_ABOUT).read_bytes())
        assert about["triples"] == len(wanted)
        origins.append(about["origin"])
    assert origins[0] == "plain", "little differs from the plain store"
    assert VIEWS[2].digest in origins[4], "a view near one that is there is made from it"


@pytest.mark.parametrize("way", ["loaded", "compacted"])
@pytest.mark.parametrize("store", [MERGE, EVIDENCE])
def test_so_does_one_that_is_loaded_from_nothing_or_compacted(viewed_root, tmp_path, store, way, monkeypatch):
    monkeypatch.setattr(building, "LOADED", 100_000)
    ledger, texts = Ledger.read(generation.current(viewed_root).path / ledgers.FILE)
    content = Content(ledger, VIEWS[4])
    flags = flags_of(content, store)
    with nearest(generation.current(viewed_root).path, tmp_path, store, ledger, flags) as plain:
        origin = plain if way == "compacted" else None
        assert Maker(content, texts, store, tmp_path / "made", 0.0).make(flags, origin)[1] == 0
    assert set(Store.read_only(str(tmp_path / "made"))) == expected(viewed_root, VIEWS[4], store)


@pytest.fixture(scope="module")
def retracted_root(small, tmp_path_factory) -> Path:
    """A root of which one claim was taken back two days after it was recorded."""
    folder = tmp_path_factory.mktemp("tables") / "small"
    shutil.copytree(small, folder)
    table = folder / "sovereignty-claims" / "walk.csv"
    row = "crimea-russia,2026-11-24,"
    table.write_text(table.read_text(encoding="utf-8").replace(f"{row},", f"{row}2026-11-26,"), encoding="utf-8")
    root = tmp_path_factory.mktemp("retracted")
    pipeline.build(assets.find().with_data(folder), root)
    return root


@pytest.mark.parametrize("day", ["2026-11-25", "2026-11-26"])
def test_where_rows_were_taken_back_the_graphs_of_a_view_are_those_that_it_has(
    retracted_root, tmp_path, day, monkeypatch
):
    """Before the day the claim is in the view, and what follows from it is not in the evidence of the generation."""
    view = View(recorded_at=D(day))
    merge, evidence = (make(retracted_root, tmp_path, view, store) for store in (MERGE, EVIDENCE))
    wanted = expected(retracted_root, view, EVIDENCE)
    russia = NamedNode("https://w3id.org/foedus/id/claim/crimea-russia")
    assert any(quad.graph_name == russia for quad in wanted) == (day == "2026-11-25")
    assert set(Store.read_only(str(evidence / VIEW_STORE))) == wanted
    assert json.loads((evidence / VIEW_ABOUT).read_bytes())["origin"] == "", "the plain evidence has what no view has"
    assert (merge / VIEW_WITHHELD).is_file() == (day == "2026-11-26")
    if day == "2026-11-26":
        generation_store = generation.current(retracted_root).evidence
        monkeypatch.setattr(Space, "_limit", staticmethod(lambda _: None))
        plain = Session({EVIDENCE: Store.read_only(str(generation_store))})
        views = OpenViews(0, Space(1024))
        assert set(views.open(str(merge), plain).evidence.quads_for_pattern(None, None, None)) == wanted
        views._views[str(merge)].held.close()
