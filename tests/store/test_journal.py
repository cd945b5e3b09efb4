"""The journal keeps what was acknowledged, cuts what was half written, and refuses what was changed."""

import re
import resource

import pytest

from kg.store import journal
from kg.store.journal import Journal, JournalDamaged, Position

RECORDS = [{"by": "a", "text": "één\u2028zwei"}, {"rows": [{"b": 1, "a": "x y"}]}, {"by": "c"}]


@pytest.fixture
def written(tmp_path):
    book = Journal(tmp_path)
    book.append(RECORDS[:2])
    book.append(RECORDS[2:])
    book.close()
    return tmp_path


def test_records_come_back_in_order(written):
    entries = journal.read(written)
    assert [entry.record for entry in entries] == RECORDS
    assert [entry.position.records for entry in entries] == [1, 2, 3]
    again = Journal(written)
    assert again.position == entries[-1].position
    assert again.cut == 0
    (fourth,) = again.append([{"d": 4}])
    again.close()
    assert journal.read(written)[-1].position == fourth


def test_a_root_without_a_journal_has_no_records(tmp_path):
    assert journal.read(tmp_path) == []
    assert not (tmp_path / journal.JOURNAL).exists()


def test_a_torn_end_is_cut_kept_aside_and_told_wherever_it_tears(written):
    whole = (written / journal.JOURNAL).read_bytes()
    last = whole.rstrip(b"\n").rindex(b"\n") + 1
    for size in (last + 1, last + 20, last + 60, len(whole) - 1):
        (written / journal.JOURNAL).write_bytes(whole[:size])
        assert len(journal.read(written)) == 2
        book = Journal(written)
        assert book.cut == size - last
        assert (written / journal.TORN).read_bytes() == whole[last:size]
        book.append(RECORDS[2:])
        book.close()
        assert (written / journal.JOURNAL).read_bytes() == whole


@pytest.mark.parametrize(("old", "new"), [(b'"a":"x y"', b'"a":"x z"'), (b'"by":"a"', b'"by":"b"'), (b"\n2 ", b"\n7 ")])
def test_a_changed_record_is_refused_by_place(written, old, new):
    path = written / journal.JOURNAL
    path.write_bytes(path.read_bytes().replace(old, new, 1))
    with pytest.raises(JournalDamaged, match=re.escape("restore")):
        journal.read(written)
    with pytest.raises(JournalDamaged, match="at byte"):
        Journal(written)


def test_a_record_left_out_is_refused(written):
    path = written / journal.JOURNAL
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(lines[0] + lines[2] + lines[2])
    with pytest.raises(JournalDamaged):
        journal.read(written)


def test_a_write_that_does_not_fit_leaves_the_journal_as_it_was(written):
    path = written / journal.JOURNAL
    before = path.read_bytes()
    book = Journal(written)
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (len(before) + 40, limits[1]))
    try:
        with pytest.raises(OSError, match="too large"):
            book.append([{"long": "x" * 200}])
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert path.read_bytes() == before
    book.append([{"long": "x" * 200}])
    book.close()
    assert journal.read(written)[-1].record == {"long": "x" * 200}


def test_only_its_owner_reads_it(written):
    assert (written / journal.JOURNAL).stat().st_mode & 0o777 == 0o600
    assert Position().records == 0
