"""Parameters become a view, or a plain refusal that says what to write."""

from datetime import date

import pytest

from kg.views.view import PARAMETERS, Calendar, View, ViewRefused, read

CALENDAR = Calendar(
    valid=[date(1955, 5, 6).toordinal(), date(2014, 3, 18).toordinal()],
    known=[date(2011, 11, 30).toordinal()],
    recorded=[date(2026, 11, 24).toordinal()],
    claims=4,
    viewpoints=[{"slug": "ukraine"}, {"slug": "un-ga"}],
    sources=["source/list-a"],
    publishers=["publisher/alpha"],
)


def test_every_parameter_is_read_and_written_back():
    given = {
        "valid-at": ["2026-01-06"],
        "known-at": ["2026-01-07"],
        "recorded-at": ["2026-11-24"],
        "pov": ["ukraine", "viewpoint/un-ga,ukraine"],
        "min-sources": ["2"],
        "certainty": ["verified"],
        "exclude-source": ["source/b", "publisher/a"],
        "possible": ["true"],
    }
    view = read(given)
    assert view.pov == ("ukraine", "un-ga")
    assert {name for name, _ in view.parameters()} == set(PARAMETERS)
    again: dict[str, list[str]] = {}
    for name, value in view.parameters():
        again.setdefault(name, []).append(value)
    assert read(again) == view
    assert read(again).digest == view.digest


def test_the_empty_view_is_the_plain_graph():
    assert not read({})
    assert not read({"valid-at": [""], "pov": [""], "certainty": ["remembered"], "min-sources": ["1"]})
    assert View(minimum=2)


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"valid-at": ["2026-02-30"]}, "write YYYY-MM-DD"),
        ({"known-at": ["20260101"]}, "write YYYY-MM-DD"),
        ({"known-at": ["2026-01-01", "2026-01-02"]}, "2 times; send it once"),
        ({"min-sources": ["0"]}, "a number from 1 to 1000"),
        ({"min-sources": ["two"]}, "a number from 1 to 1000"),
        ({"certainty": ["sure"]}, "write verified"),
        ({"possible": ["yes"], "valid-at": ["2026-01-01"]}, "neither true nor false"),
        ({"possible": ["true"]}, "add valid-at"),
    ],
)
def test_what_cannot_be_read_is_refused_with_a_remedy(given, says):
    with pytest.raises(ViewRefused, match=says):
        read(given)


def test_days_are_taken_back_to_the_last_on_which_anything_changed():
    view = CALENDAR.normal(View(valid_at=date(2000, 1, 1), known_at=date(2030, 1, 1), recorded_at=date(2020, 1, 1)))
    assert view == View(valid_at=date(1955, 5, 6), known_at=date(2011, 11, 30), recorded_at=date.min)
    same = CALENDAR.normal(View(valid_at=date(1999, 1, 1), known_at=date(2025, 1, 1), recorded_at=date(1900, 1, 1)))
    assert same.digest == view.digest


@pytest.mark.parametrize(
    ("view", "says"),
    [
        (View(pov=("ukrain",)), "did you mean ukraine"),
        (View(pov=("atlantis",)), "GET /views"),
        (View(excluded=("list-b",)), "did you mean source/list-a"),
        (View(excluded=("publisher/zzz",)), "foe:Source lists them"),
    ],
)
def test_what_a_generation_does_not_have_is_refused_with_a_remedy(view, says):
    with pytest.raises(ViewRefused, match=says):
        CALENDAR.normal(view)


def test_sources_are_named_shortly_or_by_their_iri():
    iri = "https://w3id.org/foedus/id/source/list-a"
    assert CALENDAR.normal(View(excluded=("list-a", iri))).excluded == ("source/list-a",)


def test_a_generation_from_before_there_were_views_says_so(tmp_path):
    with pytest.raises(ViewRefused, match="foedus build"):
        Calendar.read(tmp_path)
