"""Quality queries: silent on the real graph, each finds its fault in a small bad graph, and the build listens."""

import re
from pathlib import Path

import pytest
from pyoxigraph import RdfFormat, Store

from kg import assets, pipeline, queries
from kg.errors import BuildFailed, UnreadableInput
from kg.pipeline.checks import inspect_generation
from kg.validation import ask

PATHS = assets.find().queries_in("quality")
BAD = Path(__file__).parent / "quality"
EX = "https://example.org/"


def test_there_are_enough_and_each_has_its_bad_graph():
    assert len(PATHS) >= 25
    assert {path.stem for path in PATHS} == {path.stem for path in BAD.glob("*.ttl")}


@pytest.fixture(scope="module")
def real(built):
    """The merge of the real graph."""
    return Store.read_only(str(built.path / "merge"))


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_the_real_graph_gives_no_row(path, real):
    findings = ask([queries.read_query(path)], real)
    assert findings.found == (), findings.text()


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_a_bad_graph_gives_the_rows_that_its_first_line_names(path):
    bad = BAD / f"{path.stem}.ttl"
    first, _, _ = bad.read_text(encoding="utf-8").partition("\n")
    named = re.fullmatch(r"# Returns ([\w/, ]+)\.", first)
    assert named, first
    store = Store()
    store.load(bad.read_bytes(), format=RdfFormat.TURTLE)
    findings = ask([queries.read_query(path)], store)
    assert {finding.row[0][1].strip("<>") for finding in findings.found} == {EX + each for each in named[1].split(", ")}


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_the_header_says_what_holds_and_what_to_do(path):
    query = queries.read_query(path)
    assert query.summary.endswith(".")
    assert re.match(r"(No|Every|Nothing|Nobody|Everything|What) ?", query.summary)
    assert len(query.description) > 40
    assert query.tags
    assert "ORDER BY" in query.body
    assert "GRAPH" not in query.body, "they are asked of the merge"


def test_an_unknown_severity_is_refused(tmp_path):
    path = tmp_path / "rule.rq"
    path.write_text("#+ summary: No rule.\n#+ severity: fatal\nSELECT * WHERE { ?s ?p ?o }\n")
    with pytest.raises(UnreadableInput, match="write one of violation, warning"):
        queries.read_query(path)


def copied(small: Path, folder: Path) -> Path:
    for path in small.rglob("*.csv"):
        target = folder / path.relative_to(small)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(path.read_bytes())
    return folder


def append(table: Path, row: str) -> None:
    table.write_text(f"{table.read_text()}{row}\n")


def test_a_violation_stops_the_build_and_a_warning_is_told(found, small, tmp_path):
    """A source that nobody uses is told; one source with two overlapping memberships is not published."""
    tables = copied(small, tmp_path / "tables")
    append(
        tables / "sources" / "walk.csv", "source/list-d,D,Delta,2024,https://example.org/d,false,reference,2026-11-24"
    )
    built = pipeline.build(found.with_data(tables), tmp_path / "root")
    assert [warning for warning in built.report.warnings if "source-that-nobody-uses" in warning]
    findings = inspect_generation(tmp_path / "root", found)
    assert findings.conforms
    assert [finding.query for finding in findings.found if "list-d" in str(finding)] == ["source-that-nobody-uses"]

    both = "germany-nato-d,claim/germany-nato-9-may,source/list-a,,verified,stated,2026-11-24"
    append(tables / "attestations" / "walk.csv", both)
    with pytest.raises(BuildFailed, match=r"memberships-that-overlap(.|\n)*germany-nato-9-may"):
        pipeline.build(found.with_data(tables), tmp_path / "root")
    assert (tmp_path / "root" / "current").resolve() == built.path.resolve()
