"""The commands as a person runs them: what they print, and what they return."""

import json
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

COMMANDS = ("build", "validate", "query", "serve")


@pytest.mark.parametrize("command", ["", *COMMANDS])
def test_help_teaches(foedus, command):
    done = foedus(*command.split(), "--help")
    assert done.returncode == 0
    assert "foedus" in done.stdout
    assert "Examples" in done.stdout or "First steps" in done.stdout


def test_wrong_usage_is_2(foedus):
    assert foedus("buidl").returncode == 2
    done = foedus("query")
    assert done.returncode == 2
    assert "--list" in done.stderr
    done = foedus("query", "no-such-question")
    assert done.returncode == 2
    assert "us-offer-to-ukraine" in done.stderr


def test_nothing_built_says_what_to_do(foedus):
    for command in (("query", "ASK { ?s ?p ?o }"), ("validate",), ("serve",)):
        done = foedus(*command)
        assert done.returncode == 1
        assert "foedus build" in done.stderr
        assert "Traceback" not in done.stderr


@pytest.fixture(scope="module")
def there(tmp_path_factory, small):
    """A folder with the small tables built, for the tests that only read."""
    root = tmp_path_factory.mktemp("built")
    done = subprocess.run(
        [sys.executable, "-m", "kg.cli", "build", "--facts", small, "--into", root, "--json"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return root, json.loads(done.stdout)


def test_the_report_counts(there):
    _, report = there
    assert report["fresh"] is True
    assert report["counts"]["claims"] == 4
    assert report["counts"]["attestations"] == 5
    assert report["counts"]["inferred quads"] > 0
    assert set(report["seconds"]) >= {"read", "quads", "infer", "merge", "write"}


def test_a_second_build_has_nothing_to_do(foedus, there, small):
    root, report = there
    began = time.monotonic()
    done = foedus("build", "--facts", small, "--into", root, "--if-changed")
    assert done.returncode == 0
    assert f"Nothing has changed: generation {report['generation']}" in done.stdout
    assert time.monotonic() - began < 10


def copied(small: Path, folder: Path) -> Path:
    for path in small.rglob("*.csv"):
        target = folder / path.relative_to(small)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(path.read_bytes())
    return folder


def test_bad_rows_stop_the_build_and_the_old_generation_stays(foedus, there, small, tmp_path):
    root, _ = there
    before = (root / "current").resolve()
    bad = copied(small, tmp_path / "bad")
    table = bad / "memberships" / "walk.csv"
    table.write_text(table.read_text().replace("full-member", "ful-member").replace("1955-05-06", "1955-05-36"))
    done = foedus("build", "--facts", bad, "--into", root)
    assert done.returncode == 1
    assert done.stdout == ""
    lines = done.stderr.splitlines()
    assert "3 mistakes in the fact tables" in lines[0]
    assert all(re.match(r"memberships/walk\.csv:\d+:\d+: ", line) for line in lines[1:])
    assert any("did you mean full-member?" in line for line in lines)
    assert (root / "current").resolve() == before
    answer = foedus("query", "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", FOEDUS_DATA_DIRECTORY=str(root))
    assert answer.returncode == 0


def test_a_build_that_violates_a_shape_is_not_published(foedus, small, tmp_path):
    bad = copied(small, tmp_path / "bad")
    (bad / "control-situations").mkdir()
    (bad / "control-situations" / "walk.csv").write_text(
        "claim,recorded,controller,controlled_place,manner,extent,share\n"
        "crimea-control,2026-11-24,polity/russia,territory/crimea,occupies,part,7\n"
    )
    attestations = bad / "attestations" / "walk.csv"
    row = "crimea-control-a,claim/crimea-control,source/list-a,,verified,stated,2026-11-24\n"
    attestations.write_text(attestations.read_text() + row)
    done = foedus("build", "--facts", bad, "--into", tmp_path / "root")
    assert done.returncode == 1
    assert "crimea-control#statement" in done.stderr
    assert "foe:share" in done.stderr
    assert not (tmp_path / "root" / "current").exists()


def test_a_place_that_cannot_be_written_and_a_folder_without_tables_are_plain_errors(foedus, small, tmp_path):
    (tmp_path / "file").write_text("")
    (tmp_path / "empty").mkdir()
    for arguments, says in (
        (("--facts", small, "--into", tmp_path / "file" / "root"), "Not a directory"),
        (("--facts", tmp_path / "empty", "--into", tmp_path / "root"), "has no fact table"),
    ):
        done = foedus("build", *arguments)
        assert done.returncode == 1
        assert says in done.stderr
        assert "Traceback" not in done.stderr


def test_a_killed_build_leaves_the_old_generation(foedus, there, small, tmp_path):
    root, _ = there
    before = (root / "current").resolve()
    changed = copied(small, tmp_path / "changed")
    things = changed / "things" / "walk.csv"
    things.write_text(things.read_text() + "polity/poland,Polity,Poland,2026-11-24\n")
    command = [sys.executable, "-m", "kg.cli", "build", "--facts", str(changed), "--into", str(root)]
    for begun in (lambda: True, lambda: any((root / "generations").glob(".unfinished-*"))):
        build = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(0.3)
        while not begun() and build.poll() is None:
            time.sleep(0.001)
        build.send_signal(signal.SIGKILL)
        assert build.wait() == -signal.SIGKILL
        assert (root / "current").resolve() == before
    done = foedus("build", "--facts", changed, "--into", root)
    assert done.returncode == 0, done.stderr
    assert (root / "current").resolve() != before
    assert not [path for path in (root / "generations").iterdir() if path.name.startswith(".")]
    assert foedus("build", "--facts", small, "--into", root).returncode == 0


def test_two_builds_are_the_same_bytes(foedus, small, tmp_path):
    dumps = []
    for seed in ("1", "2"):
        root = tmp_path / seed
        assert foedus("build", "--facts", small, "--into", root, PYTHONHASHSEED=seed).returncode == 0
        generation = root / "current"
        dumps.append([(generation / name).read_bytes() for name in ("dump.nq.gz", "derivations.txt")])
    assert dumps[0] == dumps[1]


def test_validate_returns_0_1_and_3(foedus, there, tmp_path):
    root, _ = there
    done = foedus("validate", FOEDUS_DATA_DIRECTORY=str(root))
    assert done.returncode == 0
    assert re.search(r"Checked the generation that was built last: [\d,]+ triples", done.stdout)
    assert re.search(r"^\d+ quality queries: ", done.stdout, re.MULTILINE)
    whole = foedus("validate", "--format", "turtle", FOEDUS_DATA_DIRECTORY=str(root))
    assert "ValidationReport" in whole.stdout
    wrong = tmp_path / "wrong.ttl"
    wrong.write_text("@prefix foe: <https://w3id.org/foedus/ontology#> .\n<https://example.org/m> a foe:Membership .\n")
    done = foedus("validate", wrong)
    assert done.returncode == 1
    assert f"{wrong}:2:1: error[SHA01]" in done.stdout
    assert "https://example.org/m" in done.stdout
    report = foedus("validate", wrong, "--format", "turtle")
    assert "ValidationReport" in report.stdout
    broken = tmp_path / "broken.ttl"
    broken.write_text("@prefix foe: <https://w3id.org/foedus/ontology#> .\nfoe:a foe:b ;;; foe\n")
    done = foedus("validate", broken)
    assert done.returncode == 3
    assert re.search(r"broken\.ttl:2:\d+", done.stderr)
    assert foedus("validate", "absent.ttl").returncode == 3


def test_validate_without_a_file_says_what_check_says_of_the_generation(foedus, there, tmp_path):
    root, _ = there
    shapes = tmp_path / "shapes.ttl"
    shapes.write_text(
        "@prefix ex: <https://example.org/> .\n@prefix foe: <https://w3id.org/foedus/ontology#> .\n"
        "@prefix sh: <http://www.w3.org/ns/shacl#> .\n"
        "ex:Never a sh:NodeShape ; sh:targetClass foe:Membership ;\n"
        '    sh:property [ sh:path ex:never ; sh:minCount 1 ; sh:message "Say never." ] .\n'
    )
    done = foedus("validate", "--shapes", shapes, FOEDUS_DATA_DIRECTORY=str(root))
    assert done.returncode == 1
    assert "error[SHA01]: Say never." in done.stdout
    assert f"{shapes}:5:38: the shape asks for sh:minCount here" in done.stdout
    shapes.write_text("ex:Never a sh:NodeShape .")
    done = foedus("validate", "--shapes", shapes, FOEDUS_DATA_DIRECTORY=str(root))
    assert done.returncode == 3
    assert f"{shapes}:1:" in done.stderr
    assert foedus("validate", "--shapes", tmp_path / "absent.ttl", FOEDUS_DATA_DIRECTORY=str(root)).returncode == 3


def test_query_takes_names_files_texts_and_standard_input(foedus, there, tmp_path):
    root, _ = there
    place = {"FOEDUS_DATA_DIRECTORY": str(root)}
    text = "PREFIX foe: <https://w3id.org/foedus/ontology#>\nSELECT ?m { ?m a foe:Membership } ORDER BY ?m\n"
    file = tmp_path / "q.rq"
    file.write_text(text)
    answers = [
        foedus("query", text, **place).stdout,
        foedus("query", file, **place).stdout,
        foedus("query", "-", given=text, **place).stdout,
    ]
    assert len(set(answers)) == 1
    assert answers[0].splitlines()[0] == "m"
    assert len(answers[0].splitlines()) == 3
    table = foedus("query", text, "--format", "table", **place).stdout
    assert "claim/germany-nato-6-may#statement" in table
    assert table.endswith("2 rows\n")
    rows = json.loads(foedus("query", text, "--format", "json", **place).stdout)
    assert len(rows["results"]["bindings"]) == 2
    shown = foedus("query", "crimea", "--show", **place).stdout
    assert "SELECT" in shown
    turtle = foedus("query", "CONSTRUCT { ?s a ?t } WHERE { ?s a ?t } LIMIT 1", **place).stdout
    assert turtle.strip().endswith(".")
    assert foedus("query", "ASK { ?s ?p ?o }", "--format", "table", **place).stdout == "yes\n"
    assert foedus("query", "--list").stdout.count("\n") >= 20


def test_query_errors_say_where(foedus, there):
    root, _ = there
    place = {"FOEDUS_DATA_DIRECTORY": str(root)}
    done = foedus("query", "SELECT ?s WHERE {\n ?s ?p }", **place)
    assert done.returncode == 3
    assert re.search(r"\b2\b", done.stderr)
    done = foedus("query", "SELECT * { ?s ?p ?o }", "--format", "turtle", **place)
    assert done.returncode == 2
    assert "json" in done.stderr
    done = foedus("query", "absent.rq")
    assert done.returncode == 3


def test_a_query_that_runs_too_long_is_ended(foedus, built):
    bomb = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
    began = time.monotonic()
    place = str(built.path.parent.parent)
    # With memory enough that the deadline comes first, however fast the machine is.
    done = foedus("query", bomb, "--deadline", "1", FOEDUS_DATA_DIRECTORY=place, FOEDUS_MEMORY="16384")
    assert done.returncode == 1
    assert "deadline" in done.stderr
    assert time.monotonic() - began < 6
