"""The questions over HTTP: the same rows as from the command line, and snippets that run as they are shown."""

import csv
import html
import io
import re
import subprocess
import sys
from pathlib import Path
from urllib.request import Request, urlopen

import httpx
import pytest

EXPECTED = Path(__file__).parent / "expected"
SLUGS = sorted(path.stem for path in EXPECTED.glob("*.csv"))


@pytest.mark.parametrize("slug", SLUGS)
def test_rows_in_json_are_the_expected_ones(slug, served):
    document = httpx.get(f"{served}/questions/{slug}", timeout=60).json()
    expected = list(csv.reader(io.StringIO((EXPECTED / f"{slug}.csv").read_text(encoding="utf-8"))))
    assert document["columns"] == expected[0]
    assert len(document["rows"]) == len(expected) - 1
    for row, cells in zip(document["rows"], expected[1:], strict=True):
        for value, cell in zip(row.values(), cells, strict=True):
            if isinstance(value, bool):
                assert cell == str(value).lower()
            elif isinstance(value, int | float):
                assert float(cell) == pytest.approx(value)
            else:
                assert (value or "").replace("\r\n", "\n") == cell


def snippets(served: str, slug: str) -> dict[str, str]:
    with urlopen(Request(f"{served}/questions/{slug}", headers={"Accept": "text/html"}), timeout=60) as response:
        page = response.read().decode()
    found = re.findall(r"<summary>([^<]*)</summary>\s*<pre.*?><code>(.*?)</code>", page, re.DOTALL)
    return {title: html.unescape(text) for title, text in found}


def test_the_snippets_run(served):
    shown = snippets(served, "crimea")
    assert list(shown) == ["curl", "SPARQLWrapper", "rdflib", "pandas", "JavaScript"]
    for title in ("SPARQLWrapper", "rdflib", "pandas"):
        done = subprocess.run([sys.executable, "-c", shown[title]], capture_output=True, text=True, check=True)
        # A table in pandas shows just its first and last rows and columns.
        assert done.stdout.count("North Korea") == 1 or (title == "pandas" and " rows x " in done.stdout)
    done = subprocess.run(shown["curl"], shell=True, capture_output=True, text=True, check=True)
    assert "North Korea" in done.stdout
