"""A server makes some days of a large graph as views before somebody asks."""

import asyncio
import shutil
from pathlib import Path

import pytest

from kg.settings import Settings
from kg.store import generation
from kg.store.generation import VIEW_ABOUT
from kg.views.view import Calendar
from server import preparing
from server.app import create_app
from server.preparing import days

CALENDAR = Calendar(
    valid=range(719_163, 719_263),
    known=[730_000],
    recorded=[],
    claims=1,
    viewpoints=[],
    sources=[],
    publishers=[],
)


def test_days_are_spread_over_those_on_which_something_changes():
    asked = [str(view) for view in days(CALENDAR, 3)]
    assert asked == ["valid-at=1970-03-17", "valid-at=1970-02-20", "valid-at=1970-01-26", "known-at=1999-09-03"]


def test_a_calendar_without_days_asks_for_none():
    assert list(days(Calendar([], [], [], 0, [], [], []), 3)) == []


@pytest.fixture
def root(viewed_root, tmp_path) -> Path:
    """A root with nothing but a generation."""
    shutil.copytree(viewed_root, tmp_path / "root", symlinks=True, ignore=shutil.ignore_patterns("views"))
    return tmp_path / "root"


def made(root: Path) -> set[str]:
    return {path.parent.name for path in (root / "views").glob("*/[!.]*/" + VIEW_ABOUT)}


def wanted(root: Path) -> set[str]:
    calendar = Calendar.read(generation.current(root).path)
    normal = [calendar.normal(view).digest for view in days(calendar, 2)]
    return {f"{digest}.{store}" for digest in normal for store in ("merge", "evidence")}


async def serve(root: Path, enough: set[str]) -> None:
    """Run the application until so much is made, a minute at most, and half a second at least."""
    app = create_app(Settings(data_directory=root, views_prepared=2))
    async with app.router.lifespan_context(app):
        for _ in range(120):
            await asyncio.sleep(0.5)
            if enough <= made(root):
                return


def test_a_large_graph_is_prepared_and_a_small_one_is_not(root, monkeypatch):
    monkeypatch.setattr(preparing, "PAUSE", 0.05)
    asyncio.run(serve(root, set()))
    assert made(root) == set()
    monkeypatch.setattr(preparing, "LARGE", 0)
    asyncio.run(serve(root, wanted(root)))
    assert made(root) == wanted(root) != set()
