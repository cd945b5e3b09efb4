"""The command as CI runs it: exit codes, formats into files, baseline, changes since a revision, explanations."""

import json
import subprocess
from pathlib import Path
from xml.etree import ElementTree

import pytest

from kg.checking.outputs import NAMES

CASES = Path(__file__).parent / "cases"
SHAPES = """\
@prefix ex: <https://example.org/ns#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .

ex:S a sh:NodeShape ; sh:targetClass ex:P ; sh:property [ sh:path ex:p ; sh:minCount 1 ; sh:message "Say p." ] .
"""
DATA = "@prefix ex: <https://example.org/ns#> .\n\n[] a ex:P .\n\n    ex:long\n    a ex:P .\n"


@pytest.fixture
def project(tmp_path):
    (tmp_path / "shapes.ttl").write_text(SHAPES, encoding="utf-8")
    (tmp_path / "data.ttl").write_text(DATA, encoding="utf-8")
    return tmp_path


def test_a_finding_is_shown_with_its_line_and_a_caret(foedus, project):
    done = foedus("check")
    assert done.returncode == 1, done.stderr
    assert "data.ttl:3:1: error[SHA01]: Say p.\n 3 | [] a ex:P .\n   | ^\n" in done.stdout
    assert "data.ttl:5:5: error[SHA01]: Say p.\n 5 |     ex:long\n   |     ^^^^^^^\n" in done.stdout
    assert "shapes.ttl:4:74: the shape asks for sh:minCount here" in done.stdout
    assert "1 shapes, 1 data (by convention" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ((), 1),
        (("--fail-on", "never"), 0),
        (("--only", "SYN"), 0),
        (("--skip", "SHA"), 0),
        (("--only", "NONE"), 2),
        (("--format", "nothing"), 2),
        (("missing.ttl",), 2),
        (("broken.ttl",), 3),
        (("broken.toml.d",), 2),
    ],
)
def test_exit_codes(foedus, project, arguments, code):
    (project / "broken.toml.d").mkdir()
    (project / "broken.toml.d" / "foedus.toml").write_text("[check]\nunknown = 1\n", encoding="utf-8")
    if "broken.ttl" in arguments:
        (project / "broken.ttl").write_text("<a> <b> .\n", encoding="utf-8")
    done = foedus("check", *arguments)
    assert done.returncode == code, (done.stdout, done.stderr)
    assert "Traceback" not in done.stderr


def test_every_format_at_once(foedus, project):
    files = [f"--format={name}=out/{name}" for name in NAMES]
    assert foedus("check", *files).returncode == 1
    out = project / "out"
    assert {path.name for path in out.iterdir()} == set(NAMES)
    document = json.loads((out / "json").read_text(encoding="utf-8"))
    (first, second) = [each for each in document["findings"] if each["id"] == "SHA01"]
    assert first["place"] == {"file": "data.ttl", "line": 3, "column": 1, "endLine": 3, "endColumn": 2}
    assert first["related"][0]["place"]["file"] == "shapes.ttl"
    assert second["focus"] == "ex:long"
    (suite,) = ElementTree.parse(out / "junit").getroot().findall("testsuite[@name='SHA']")
    assert suite.get("failures") == "2"
    assert "::error file=data.ttl,line=3,col=1" in (out / "github").read_text(encoding="utf-8")
    gitlab = json.loads((out / "gitlab").read_text(encoding="utf-8"))
    assert len({each["fingerprint"] for each in gitlab}) == len(gitlab)
    assert "## SHA01" in (out / "markdown").read_text(encoding="utf-8")
    assert (out / "html").read_text(encoding="utf-8").endswith("</html>\n")
    assert "sh:ValidationReport" in (out / "shacl").read_text(encoding="utf-8")


def test_a_baseline_accepts_what_is_known_though_lines_move(foedus, project):
    assert foedus("check", "--update-baseline", "--baseline", "known.json", "--only", "SHA01").returncode == 0
    (project / "data.ttl").write_text("\n\n" + DATA, encoding="utf-8")
    done = foedus("check", "--baseline", "known.json", "--only", "SHA01,BAS")
    assert done.returncode == 0, done.stdout
    assert "2 accepted by the baseline" in done.stdout
    (project / "data.ttl").write_text(DATA.replace("ex:long\n    a ex:P", "ex:new a ex:P"), encoding="utf-8")
    done = foedus("check", "--baseline", "known.json", "--only", "SHA01,BAS")
    assert done.returncode == 1
    assert "ex:new" in done.stdout
    assert "BAS01" in done.stdout


def test_changed_since_shows_what_the_change_concerns(foedus, project):
    def git(*arguments: str) -> None:
        named = ["-c", "user.name=a", "-c", "user.email=a@example.org", *arguments]
        subprocess.run(["git", "-C", project, *named], check=True, capture_output=True)

    git("init", "--quiet")
    git("add", ".")
    git("commit", "--quiet", "--message", "first")
    assert foedus("check", "--changed-since", "HEAD").returncode == 0
    (project / "more.ttl").write_text("@prefix ex: <https://example.org/ns#> .\nex:more a ex:P .\n", encoding="utf-8")
    done = foedus("check", "--changed-since", "HEAD")
    assert done.returncode == 1
    assert "more.ttl:2:1: error[SHA01]" in done.stdout
    assert "data.ttl" not in done.stdout
    assert foedus("check", "--changed-since", "no-such").returncode == 2


def test_what_a_change_far_away_breaks_is_shown(foedus, tmp_path):
    """A type that is taken away makes a node fail that stands two files further on; what failed before is left out."""

    def git(*arguments: str) -> None:
        named = ["-c", "user.name=a", "-c", "user.email=a@example.org", *arguments]
        subprocess.run(["git", "-C", tmp_path, *named], check=True, capture_output=True)

    prefixes = "@prefix ex: <https://example.org/ns#> .\n@prefix sh: <http://www.w3.org/ns/shacl#> .\n"
    shapes = "ex:S a sh:NodeShape ; sh:targetClass ex:A ; sh:property ex:S-p .\n"
    shapes += "ex:S-p sh:path ( ex:p ex:q ) ; sh:class ex:B ; sh:message 'Point at a B.' .\n"
    texts = {
        "shapes": shapes,
        "first": "ex:a a ex:A ; ex:p ex:b .\nex:old a ex:A ; ex:p ex:older .\n",
        "second": "ex:b ex:q ex:c .\nex:older ex:q ex:oldest .\n",
        "third": "ex:c a ex:B .\nex:d a ex:B .\n",
    }
    for name, text in texts.items():
        (tmp_path / f"{name}.ttl").write_text(prefixes + text, encoding="utf-8")
    git("init", "--quiet")
    git("add", ".")
    git("commit", "--quiet", "--message", "first")
    (tmp_path / "third.ttl").write_text(f"{prefixes}ex:d a ex:B .\n", encoding="utf-8")
    done = foedus("check", "--only", "SHA01", "--changed-since", "HEAD")
    assert done.returncode == 1
    assert "first.ttl:3:" in done.stdout
    assert "first.ttl:4:" not in done.stdout


def test_a_check_explains_itself(foedus):
    done = foedus("check", "--explain", "sha02")
    assert done.returncode == 0
    assert done.stdout.startswith("SHA02 A shape targets nothing\n")
    assert foedus("check", "--explain", "NOPE").returncode == 2


def test_why_an_alternative_failed(foedus, tmp_path):
    (tmp_path / "all.ttl").write_text(
        """@prefix ex: <https://example.org/ns#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
ex:S a sh:NodeShape ; sh:targetNode ex:a ; sh:property [ sh:path ex:p ; sh:or ( [ sh:datatype xsd:integer ] ex:N ) ] .
ex:N a sh:NodeShape ; sh:property [ sh:path ex:q ; sh:minCount 1 ] .
""",
        encoding="utf-8",
    )
    (tmp_path / "data.ttl").write_text("@prefix ex: <https://example.org/ns#> .\nex:a ex:p ex:b .\n", encoding="utf-8")
    done = foedus("check")
    assert "data.ttl:2:11: error[SHA01]" in done.stdout
    assert "ex:b fails sh:datatype xsd:integer" in done.stdout
    assert "2. ex:N: ex:q fails sh:minCount 1" in done.stdout.replace('"1"^^xsd:integer', "1")


def test_timings_name_shapes(foedus, project):
    assert "ex:S (2 nodes)" in foedus("check", "--timings").stderr.replace("ex:S / sh:property", "ex:S")
