"""What the documentation says is so: its commands run, its queries answer, its tables are those of the code."""

import json
import re
import shlex
import subprocess
import sys
from itertools import pairwise
from pathlib import Path
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import pytest
import yaml

from kg.facts.tables import TABLES
from kg.settings import Settings, table
from kg.store.formats import GRAPHS, RESULTS
from kg.store.local import query_generation
from server.errors import KINDS
from server.linked_data.profiles import SUFFIXES

CHECKOUT = Path(__file__).resolve().parent.parent
PAGES = [
    path
    for path in sorted(CHECKOUT.rglob("*.md"))
    if not {".venv", "node_modules"} & set(path.relative_to(CHECKOUT).parts)
    and not path.relative_to(CHECKOUT).parts[0].startswith(".")
]


def blocks(path: Path, language: str) -> list[str]:
    """The fenced blocks of a page in one language."""
    return re.findall(rf"(?ms)^```{language}\n(.*?)^```", path.read_text(encoding="utf-8"))


def test_there_is_documentation():
    assert len(PAGES) >= 8


@pytest.mark.parametrize("page", PAGES, ids=lambda path: str(path.relative_to(CHECKOUT)))
def test_links_between_pages_lead_somewhere(page):
    for target in re.findall(r"\]\(([^)#\s]+)", page.read_text(encoding="utf-8")):
        if not re.match(r"[a-z]+:", target):
            assert (page.parent / target).exists(), f"{page.name} links to {target}"


def test_ten_provenance_queries_answer_from_named_graphs(root):
    found = blocks(CHECKOUT / "docs" / "provenance-in-plain-sparql.md", "sparql")
    assert len(found) == 10
    settings = Settings(data_directory=root)
    for text in found:
        assert "GRAPH" in text
        assert "foe:" not in text
        answer = query_generation(settings, text)
        assert answer.store == "evidence"
        assert answer.body.count(b"\n") > 1, text


def commands(page: Path) -> list[str]:
    """The command lines of a page, without comments."""
    lines = [line for block in blocks(page, "sh") for line in block.splitlines()]
    return [shlex.join(shlex.split(line, comments=True)) for line in lines if line.strip()]


def like_curl(arguments: list[str], served: str) -> bytes:
    """Do what curl does with the few options that the README uses, at the address that is served here."""
    address = next(each for each in arguments if each.startswith("http")).replace("http://127.0.0.1:8000", served)
    options = dict(pairwise(arguments))
    name, _, file = options["--data-urlencode"].partition("@")
    header, _, value = options["-H"].partition(": ")
    data = urlencode({name: (CHECKOUT / file).read_text(encoding="utf-8")}).encode()
    with urlopen(Request(address, data, {header: value}), timeout=30) as response:
        body: bytes = response.read()
    return body


def test_the_page_of_the_endpoint_is_the_endpoint(served):
    page = CHECKOUT / "docs" / "endpoint.md"
    (line,) = commands(page)
    assert like_curl(shlex.split(line)[1:], served).count(b"\n") > 2
    (program,) = blocks(page, "python")
    run = [sys.executable, "-c", program.replace("http://127.0.0.1:8000", served)]
    done = subprocess.run(run, capture_output=True, text=True, check=True)
    assert done.stdout.count("https://w3id.org/foedus/id/") == 3
    rows = re.findall(r"(?m)^\| (\d{3}) \| `([a-z-]+)` \| (.*?) \| (.*?) \|$", page.read_text(encoding="utf-8"))
    assert rows == [(str(each.status), each.name, each.title, each.remedy) for each in KINDS.values()]
    formats = re.findall(r"(?m)^\| `([a-z]+)` \| `(.*?)` \|", page.read_text(encoding="utf-8"))
    assert formats == [(each.name, each.media_type) for each in (*RESULTS, *GRAPHS)]


def test_the_page_about_plain_datasets_works():
    serve, *asks = [shlex.split(line) for line in commands(CHECKOUT / "docs" / "plain.md")]
    assert serve[0] == "foedus"
    assert len(asks) == 2
    command = [sys.executable, "-m", "kg.cli", *serve[1:-1], "0"]
    server = subprocess.Popen(command, cwd=CHECKOUT, stderr=subprocess.PIPE, text=True)
    try:
        assert server.stderr is not None
        announced = server.stderr.readline()
        found = re.search(r"http://127\.0\.0\.1:\d+", announced)
        assert found, announced
        for _, *arguments in asks:
            options = dict(pairwise(arguments))
            header, _, value = options["-H"].partition(": ")
            data = (
                urlencode([tuple(options["--data-urlencode"].split("=", 1))]) if "--data-urlencode" in options else None
            )
            address = arguments[-1].replace("http://127.0.0.1:8001", found[0])
            request = Request(address, data.encode() if data else None, {header: value})
            with urlopen(request, timeout=30) as response:
                assert response.read().count(b"\n") > 1
    finally:
        server.terminate()
        server.communicate(timeout=30)


def test_the_page_of_linked_data_is_what_the_server_does(served):
    page = CHECKOUT / "docs" / "linked-data.md"
    line, dump = commands(page)
    assert dump == "foedus dump"
    _, address, accept = [each for each in shlex.split(line)[1:] if each != "-H"]
    header, _, value = accept.partition(": ")
    with urlopen(Request(address.replace("http://127.0.0.1:8000", served), headers={header: value})) as response:
        assert b"foe:claimant" in response.read()
    (program,) = blocks(page, "python")
    run = [sys.executable, "-c", program.replace("http://127.0.0.1:8000", served)]
    done = subprocess.run(run, capture_output=True, text=True, check=True)
    assert "https://w3id.org/foedus/id/polity/ukraine" in done.stdout
    (query,) = blocks(page, "sparql")
    asked = Request(f"{served}/sparql?{urlencode({'query': query})}", headers={"Accept": "text/csv"})
    with urlopen(asked, timeout=60) as response:
        assert b"/id/polity/cote-d-ivoire" in response.read()
    text = page.read_text(encoding="utf-8")
    formats = re.findall(r"(?m)^\| `([a-z]+)` \| `(.*?/.*?)` \|", text)
    assert formats == [(suffix, each.media_type) for suffix, each in SUFFIXES.items()]


def test_the_commands_of_the_readme_run(foedus, root, served, tmp_path):
    (tmp_path / "ontology").symlink_to(CHECKOUT / "ontology")
    ran = 0
    for line in commands(CHECKOUT / "README.md"):
        program, *arguments = shlex.split(line)
        if program == "make":
            assert (
                subprocess.run(["make", "-n", *arguments], cwd=CHECKOUT, capture_output=True, check=False).returncode
                == 0
            )
        elif program == "foedus":
            done = foedus(*arguments, FOEDUS_DATA_DIRECTORY=str(root))
            assert done.returncode == 0, (line, done.stderr)
        else:
            assert program == "curl", f"no test knows how to run {line}"
            assert like_curl(arguments, served).count(b"\n") > 2
        ran += 1
    assert ran >= 6


def test_the_commands_of_the_page_of_views_run(foedus, root):
    ran = [shlex.split(line)[1:] for line in commands(CHECKOUT / "docs" / "views.md") if line.startswith("foedus ")]
    for arguments in ran:
        done = foedus(*arguments, FOEDUS_DATA_DIRECTORY=str(root))
        assert done.returncode == 0, (arguments, done.stderr)
        assert done.stdout.count("\n") > 1
    assert len(ran) >= 3


def test_what_the_page_of_views_says_has_changed_has_changed(served):
    text = (CHECKOUT / "docs" / "views.md").read_text(encoding="utf-8")
    (address,) = re.findall(r"(?m)^GET (/questions/\S+)$", text)
    with urlopen(f"{served}{address}&format=json", timeout=120) as response:
        found = json.load(response)
    assert f"{len(found['added'])} rows by the second" in text
    assert found["removed"] == []
    assert found["unchanged"] == 0
    causes = {cause["claim"].rpartition("/")[2] for row in found["added"] for cause in row["because"]}
    assert "us-military-backstop" in causes
    assert any(claim.startswith("berlin-us-offer-") for claim in causes)
    assert all(row["because"] for row in found["added"])


def test_the_readme_shows_the_real_answer(foedus, root):
    text = (CHECKOUT / "README.md").read_text(encoding="utf-8")
    shown = re.findall(r"(?ms)^```console\n\$ foedus (.*?)\n(.*?)^```", text)
    assert shown
    for command, output in shown:
        done = foedus(*shlex.split(command), FOEDUS_DATA_DIRECTORY=str(root))
        assert done.stdout.rstrip() == output.rstrip()


def test_the_readme_counts_what_is_there(built):
    rows = re.findall(r"(?m)^\| ([a-z ]+) \| ([0-9,]+) \|$", (CHECKOUT / "README.md").read_text(encoding="utf-8"))
    assert len(rows) >= 8
    assert {name: int(count.replace(",", "")) for name, count in rows} == {
        name: built.report.counts[name] for name, _ in rows
    }


def test_the_readme_says_how_good_it_is(built):
    survey = json.loads((built.path / "survey.json").read_text(encoding="utf-8"))
    tables, missing = survey["totals"][1], survey["missing"]
    (told,) = re.findall(r"(?ms)^How good is it\? (.*?)\n\n", (CHECKOUT / "README.md").read_text(encoding="utf-8"))
    assert re.findall(r"[0-9][0-9,]*%?", told) == [
        f"{tables['claims']:,}",
        f"{tables['verified'] / tables['claims']:.0%}",
        f"{tables['single_sourced'] / tables['claims']:.0%}",
        f"{missing['claims known from copies only']:,}",
        f"{missing['claims without a dated source']:,}",
    ]


def test_the_page_of_questions_is_made_from_their_headers(foedus):
    made = foedus("query", "--list", "--markdown").stdout
    assert (CHECKOUT / "queries" / "README.md").read_text(encoding="utf-8") == made


def test_the_settings_page_is_the_settings():
    page = (CHECKOUT / "docs" / "settings.md").read_text(encoding="utf-8")
    rows = re.findall(r"(?m)^\| `(FOEDUS_\w+)` \| `(.*?)` \| (.*?) \|$", page)
    assert tuple(rows) == table()


def test_every_column_is_defined_in_the_readme_of_the_tables():
    page = (CHECKOUT / "kg" / "data" / "README.md").read_text(encoding="utf-8")
    sections = dict(re.findall(r"(?ms)^## ([a-z-]+)\n(.*?)(?=^## |\Z)", page))
    for row in TABLES:
        defined = re.findall(r"(?m)^\| `?([a-z_]+)`? \| ([^|]*)\|", sections[row.TABLE])
        names = [name for name, _ in defined if name != "column"]
        assert names == [column.name for column in row.columns()], row.TABLE


def test_the_citation_file_is_right():
    cited = yaml.safe_load((CHECKOUT / "CITATION.cff").read_text(encoding="utf-8"))
    declared = re.search(r'(?m)^version = "(.*)"', (CHECKOUT / "pyproject.toml").read_text(encoding="utf-8"))
    assert declared
    assert cited["version"] == declared[1]
