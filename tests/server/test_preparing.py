"""A server makes some days of a large graph as views before somebody asks."""

import asyncio
import dataclasses
from pathlib import Path

from kg.settings import Settings
from kg.store import generation
from kg.store.generation import VIEW_ABOUT
from kg.views.view import Calendar
from server import preparing
from server.app import create_app
from server.preparing import prepared

CALENDAR = Calendar(
    valid=[],
    known=[],
    recorded=[],
    valid_spread=range(719_163, 719_263),
    known_spread=[730_000],
    claims=1,
    viewpoints=[],
    sources=[],
    publishers=[],
)
BLANK = dataclasses.replace(CALENDAR, valid_spread=[], known_spread=[])


def test_days_are_about_as_many_claims_apart():
    asked = [str(view) for view in prepared(CALENDAR, 3)]
    days = ["valid-at=1970-04-10", "known-at=1999-09-03", "valid-at=1970-03-08", "valid-at=1970-02-03"]
    assert asked == [*days, "certainty=verified", "min-sources=2"]


def test_a_calendar_without_days_asks_for_none():
    assert [str(view) for view in prepared(BLANK, 3)] == ["certainty=verified", "min-sources=2"]


def made(root: Path) -> set[str]:
    return {path.parent.name for path in (root / "views").glob("*/[!.]*/" + VIEW_ABOUT)}


def wanted(root: Path) -> set[str]:
    calendar = Calendar.read(generation.current(root).path)
    normal = [calendar.normal(view).digest for view in prepared(calendar, 2)]
    return {f"{digest}.merge" for digest in normal}


async def serve(root: Path, enough: set[str]) -> None:
    """Run the application until so much is made, a minute at most, and half a second at least."""
    app = create_app(Settings(data_directory=root, views_prepared=2))
    async with app.router.lifespan_context(app):
        for _ in range(120):
            await asyncio.sleep(0.5)
            if enough <= made(root):
                return


def test_a_large_graph_is_prepared_and_a_small_one_is_not(unviewed_root, monkeypatch):
    monkeypatch.setattr(preparing, "PAUSE", 0.05)
    asyncio.run(serve(unviewed_root, set()))
    assert made(unviewed_root) == set()
    monkeypatch.setattr(preparing, "LARGE", 0)
    asyncio.run(serve(unviewed_root, wanted(unviewed_root)))
    assert made(unviewed_root) == wanted(unviewed_root) != set()
