"""Reading grows with the rows, not with their square: twenty thousand made-up memberships beside ours."""

import time
from pathlib import Path

from kg.assets import find
from kg.pipeline import read_facts
from kg.terms import Names
from tests.views.large import enlarge


def seconds_to_read(folder: Path, count: int) -> float:
    """Processor time to read our tables and so many memberships more."""
    tables = folder / str(count)
    enlarge(find().data, tables, count)
    began = time.process_time()
    facts = read_facts(find().with_data(tables), Names())
    assert sum(1 for each in facts.claims if each.claim.startswith("made-up-")) == count
    return time.process_time() - began


def test_reading_grows_with_the_rows(tmp_path: Path) -> None:
    few, more, many = (seconds_to_read(tmp_path, count) for count in (0, 5_000, 20_000))
    assert many - few < 8 * max(more - few, 0.25), "four times the rows, more than eight times the time"
