"""Views over HTTP: the same question as of different days and from different viewpoints, made once, kept in bounds."""

import json
import shutil
import threading

import pytest

from kg.settings import Settings
from kg.store import generation
from kg.store.answers import StoreUnreadable
from kg.store.generation import CURRENT
from kg.views import shelf
from kg.views.view import View
from tests.server.conftest import serving

QUERY = """PREFIX foe: <https://w3id.org/foedus/ontology#>
SELECT ?claimant WHERE { ?claim foe:claimedPlace ?place ; foe:claimant ?claimant } ORDER BY ?claimant"""
CONTESTED = "ASK { ?place a <https://w3id.org/foedus/ontology#ContestedPlace> }"
GRAPHS = (
    "SELECT DISTINCT ?graph WHERE { GRAPH ?graph { ?claim <https://w3id.org/foedus/ontology#claimant> ?claimant } }"
)


def claimants(response) -> list[str]:
    assert response.status_code == 200, response.text
    return [row["claimant"]["value"].rpartition("/")[2] for row in response.json()["results"]["bindings"]]


def ask(viewed, query=QUERY, **view):
    params = {"query": query, "format": "json", **{name.replace("_", "-"): value for name, value in view.items()}}
    return viewed.client.get("/sparql", params=params)


def test_the_same_query_as_of_two_days_and_from_two_viewpoints(viewed):
    assert claimants(ask(viewed)) == ["russia", "ukraine"]
    assert claimants(ask(viewed, valid_at="2014-01-01")) == ["ukraine"]
    assert claimants(ask(viewed, known_at="2023-06-01")) == []
    assert claimants(ask(viewed, pov="russia")) == ["russia"]
    assert claimants(ask(viewed, pov="ukraine")) == ["ukraine"]
    assert claimants(ask(viewed, pov=["ukraine", "russia"])) == ["russia", "ukraine"]


def test_contested_is_that_of_the_view(viewed):
    answers = {
        view: ask(viewed, CONTESTED, **dict(view)).json()["boolean"]
        for view in ((), (("pov", "germany"),), (("pov", "russia"),), (("valid_at", "2014-01-01"),))
    }
    assert answers == {
        (): True,
        (("pov", "germany"),): True,
        (("pov", "russia"),): False,
        (("valid_at", "2014-01-01"),): False,
    }


def test_the_answer_says_what_the_view_has(viewed):
    answer = ask(viewed, pov="germany", known_at="2030-01-01")
    assert answer.headers["foedus-view"] == "known-at=2030-01-01; pov=germany"
    counts = dict(part.split("=") for part in answer.headers["foedus-view-claims"].split(", "))
    assert counts["held"] == "4"
    assert counts["undecided"] == "4"
    assert counts["excluded"] == "0"
    assert "Foedus-View-Claims" in answer.headers["access-control-expose-headers"]
    assert "foedus-view" not in ask(viewed).headers


def test_named_graphs_are_those_of_the_view(viewed):
    answer = ask(viewed, GRAPHS, pov="ukraine")
    assert answer.headers["foedus-store"] == "evidence"
    assert [row["graph"]["value"] for row in answer.json()["results"]["bindings"]] == [
        "https://w3id.org/foedus/id/claim/crimea-ukraine"
    ]


def test_citations_and_pages_of_a_view_need_no_store_of_its_graphs(unviewed_root):
    """What states a triple is looked up in the evidence of the generation, unless that may lack some of it."""
    folders = unviewed_root / "views"
    with serving(unviewed_root, FOEDUS_DEADLINE="20", FOEDUS_PATIENCE="60") as served:
        told = []
        for number in range(2):
            params = {"query": f"{QUERY} # {number}", "format": "json", "citations": "true", "pov": "ukraine"}
            citations = served.client.get("/sparql", params=params).json()["citations"]
            accept = {"Accept": ["text/html", "text/turtle"][number]}
            place = served.client.get("/doc/territory/crimea", params={"pov": "ukraine"}, headers=accept)
            assert place.status_code == 200, place.text
            told.append([(graph["iri"], graph["kind"]) for graph in citations["graphs"]])
            if not number:
                assert [path.suffix for path in folders.glob("*/*")] == [".merge"]
                for path in folders.glob("*/*/withheld.nq"):
                    path.unlink()
        assert ("https://w3id.org/foedus/id/claim/crimea-ukraine", "claim") in told[0]
        assert not any("crimea-russia" in iri for iri, _ in told[0])
        assert told[0] == told[1]
        assert {path.suffix for path in folders.glob("*/*")} == {".merge", ".evidence"}


def test_a_form_and_a_body_may_name_the_view(viewed):
    form = viewed.client.post("/sparql", data={"query": QUERY, "pov": "russia"}, headers={"Accept": "application/json"})
    assert claimants(form) == ["russia"]
    headers = {"Content-Type": "application/sparql-query", "Accept": "application/json"}
    body = viewed.client.post("/sparql", params={"pov": "ukraine"}, content=QUERY, headers=headers)
    assert claimants(body) == ["ukraine"]


def test_etags_differ_between_views_and_hold_within_one(viewed):
    plain, one, other = ask(viewed), ask(viewed, pov="russia"), ask(viewed, pov="ukraine")
    assert len({answer.headers["etag"] for answer in (plain, one, other)}) == 3
    params = {"query": QUERY, "format": "json", "pov": "russia"}
    again = viewed.client.get("/sparql", params=params, headers={"If-None-Match": one.headers["etag"]})
    assert again.status_code == 304
    same = ask(viewed, valid_at="2014-01-01")
    assert same.headers["etag"] == ask(viewed, valid_at="2013-12-31").headers["etag"]


@pytest.mark.parametrize(
    ("view", "says"),
    [
        ({"pov": "ukrain"}, "did you mean ukraine?"),
        ({"valid-at": "yesterday"}, "write YYYY-MM-DD"),
        ({"exclude-source": "source/list-z"}, "did you mean source/list-"),
        ({"min-sources": "many"}, "a number from 1 to 1000"),
    ],
)
def test_a_view_that_is_none_is_a_problem_with_a_remedy(viewed, view, says):
    answer = viewed.client.get("/sparql", params={"query": QUERY, **view})
    assert answer.status_code == 400
    problem = answer.json()
    assert problem["type"].endswith("problem/view")
    assert says in problem["detail"]
    page = viewed.client.get("/", params={"query": QUERY, **view})
    assert page.status_code == 400
    assert says in page.text.replace("&#39;", "'")


def test_the_page_shows_the_view_and_keeps_it(viewed):
    page = viewed.client.get("/", params={"query": QUERY, "pov": "ukraine", "valid-at": ""})
    assert page.status_code == 200
    assert "polity/ukraine" in page.text
    assert "polity/russia" not in page.text
    assert "<code>pov=ukraine</code>" in page.text
    assert 'name="pov" list="viewpoints" value="ukraine"' in page.text
    assert "pov=ukraine&amp;format=csv" in page.text
    sent = viewed.client.get("/sparql", params={"query": QUERY, "pov": "ukraine"}, headers={"Accept": "text/html"})
    assert sent.status_code == 303
    assert sent.headers["location"].endswith("&pov=ukraine")


def test_a_view_that_many_ask_for_at_once_is_made_once(viewed, viewed_root):
    before = made(viewed_root)
    answers = []
    threads = [
        threading.Thread(target=lambda: answers.append(ask(viewed, min_sources="2", recorded_at="2026-11-24")))
        for _ in range(6)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [answer.status_code for answer in answers] == [200] * 6
    assert len(made(viewed_root) - before) == 1


def test_queries_of_the_plain_graph_do_not_wait_for_views(viewed):
    """Hundreds of days asked at random: one process makes views, readers go on answering others."""
    waiting = [
        threading.Thread(
            target=lambda day=day: ask(viewed, valid_at="2014-03-20", known_at=f"20{day}-12-01", min_sources="1")
        )
        for day in range(10, 26)
    ]
    for thread in waiting:
        thread.start()
    plain = [ask(viewed) for _ in range(10)]
    for thread in waiting:
        thread.join()
    assert [claimants(answer) for answer in plain] == [["russia", "ukraine"]] * 10


def test_views_that_take_too_much_space_are_thrown_out(unviewed_root, monkeypatch):
    monkeypatch.setattr(shelf, "RECENT", 0.0)
    monkeypatch.setattr(shelf, "MEBIBYTE", 1024)
    ample = shelf.Shelf(Settings(data_directory=unviewed_root, views_space=1_048_576))
    current = generation.current(unviewed_root)
    first = ample.make(current, View(minimum=2), "evidence").path
    second = ample.make(current, View(pov=("ukraine",)), "evidence").path
    leftover = unviewed_root / "views" / "gone" / "x.evidence"
    shutil.copytree(second, leftover)
    ample.tidy()
    assert (first.exists(), second.exists(), leftover.exists()) == (True, True, False)
    space = int(ample.filled() * 1_048_576)
    shelf.Shelf(Settings(data_directory=unviewed_root, views_space=space)).tidy()
    assert (first.exists(), second.exists()) == (False, True)


def test_a_shelf_that_is_closed_makes_nothing_and_waits_for_nothing(unviewed_root):
    closed = shelf.Shelf(Settings(data_directory=unviewed_root))
    closed.close()
    with pytest.raises(StoreUnreadable):
        closed.make(generation.current(unviewed_root), View(minimum=2), "merge")
    assert not list((unviewed_root / "views").glob("*/*"))


def made(viewed_root) -> set[str]:
    return {path.parent.name for path in (viewed_root / "views").glob("*/*/about.json")}


def test_a_view_tells_about_itself_on_disk(viewed_root, viewed):
    ask(viewed, pov="russia")
    about = [json.loads(path.read_bytes()) for path in (viewed_root / "views").glob("*/*/about.json")]
    assert any(each["parameters"] == [["pov", "russia"]] for each in about)
    assert (viewed_root / CURRENT).exists()


def test_views_lists_what_each_viewpoint_decides(viewed):
    answer = viewed.client.get("/views")
    assert answer.headers["content-type"] == "application/json"
    document = answer.json()
    assert document["claims"] == 4
    decided = {each["pov"]: each["claims"] for each in document["viewpoints"]}
    assert decided["russia"] == {"accepted": 1, "excluded": 1, "undecided": 2}
    assert decided["germany"] == {"accepted": 0, "excluded": 0, "undecided": 4}
    assert decided["beta"] == {"accepted": 1, "excluded": 1, "undecided": 2}
    assert document["days"]["valid-at"]["first"] == "1955-05-06"
    again = viewed.client.get("/views", headers={"If-None-Match": answer.headers["etag"]})
    assert again.status_code == 304
    page = viewed.client.get("/views", headers={"Accept": "text/html"})
    assert page.status_code == 200
    assert "<code>russia</code>" in page.text
    assert all(name in page.text for name in document["parameters"])
