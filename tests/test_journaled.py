"""What the journal says is in the build; exported, it is in the tables, and the graph is the same."""

import csv
import json

import pytest

from kg import pipeline
from kg.errors import BadFacts, BuildFailed
from kg.facts.amendments import Added, Amendments, as_record
from kg.facts.values import read_date
from kg.pipeline.export import export
from kg.store.journal import Journal

ROWS = (
    Added("things", {"id": "polity/france", "type": "Polity", "name": "France, Republic", "recorded": "2026-11-25"}),
    Added(
        "memberships",
        {
            "claim": "france-nato",
            "recorded": "2026-11-25",
            "replaces": "claim/germany-nato-9-may",
            "organisation": "organisation/nato",
            "member": "polity/france",
            "role": "full-member",
            "begin": "1949-08",
        },
    ),
    Added(
        "attestations",
        {
            "id": "france-nato-a",
            "claim": "claim/france-nato",
            "source": "source/list-a",
            "certainty": "verified",
            "assertion": "stated",
            "recorded": "2026-11-25",
        },
    ),
)
CHANGE = Amendments(ROWS, {"claim/germany-nato-9-may": read_date("2026-11-25")})


def write(root, *changes):
    root.mkdir(exist_ok=True)
    book = Journal(root)
    book.append([{"at": "2026-11-25T12:00:00Z", "by": "test", **as_record(change)} for change in changes])
    book.close()


@pytest.fixture(scope="module")
def journaled(found, small, tmp_path_factory):
    root = tmp_path_factory.mktemp("journaled")
    write(root, CHANGE)
    return root, pipeline.build(found.with_data(small), root)


def test_a_build_has_what_the_journal_says(journaled, found, small):
    root, built = journaled
    assert built.report.counts["claims"] == 5
    assert built.report.counts["claims retracted"] == 1
    assert built.report.counts["things"] == 6
    manifest = json.loads((built.path / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["journal"]["records"] == 1
    again = pipeline.build(found.with_data(small), root, only_if_changed=True)
    assert not again.report.fresh


def test_exported_rows_read_back_equal_alone_and_with_the_journal(journaled, foedus, found, small, tmp_path):
    root, built = journaled
    for path in small.rglob("*.csv"):
        target = tmp_path / "tables" / path.relative_to(small)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(path.read_text(encoding="utf-8"), encoding="utf-8")
    done = foedus("export", "--from", root, "--facts", tmp_path / "tables", "--into", tmp_path / "tables")
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[0] == "3 rows added, 1 row retracted"
    with (tmp_path / "tables" / "memberships" / "walk.csv").open(encoding="utf-8") as file:
        assert [row["retracted"] for row in csv.DictReader(file)] == ["", "2026-11-25"]
    both = pipeline.build(found.with_data(tmp_path / "tables"), root)
    alone = pipeline.build(found.with_data(tmp_path / "tables"), tmp_path / "alone")
    dumps = {(each.path / "dump.nq.gz").read_bytes() for each in (built, both, alone)}
    assert len(dumps) == 1
    exported = export(found.with_data(tmp_path / "tables"), pipeline.amended(root).amendments, tmp_path / "tables")
    assert (exported.added, exported.retracted) == (0, 0)


def test_a_journal_that_does_not_fit_the_tables_says_where(found, small, tmp_path):
    write(tmp_path / "a", Amendments(ROWS[1:]))
    with pytest.raises(BadFacts, match="journal:1:1: polity/france is not defined"):
        pipeline.build(found.with_data(small), tmp_path / "a")
    write(tmp_path / "b", Amendments((), {"claim/nowhere": read_date("2026-11-25")}))
    with pytest.raises(BuildFailed, match="claim/nowhere"):
        pipeline.build(found.with_data(small), tmp_path / "b")
