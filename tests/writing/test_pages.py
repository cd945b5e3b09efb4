"""What the pages about writing and operations say is so."""

import contextlib
import re
import shlex
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import httpx

from kg import keys
from kg.store import plain
from tests.server.conftest import serving
from tests.test_documentation import CHECKOUT, blocks, commands

WRITING, OPERATIONS = CHECKOUT / "docs" / "writing.md", CHECKOUT / "docs" / "operations.md"


@contextlib.contextmanager
def started(arguments: list[str], root: Path, small: Path):
    """Run a `foedus serve` of a page, at a free port; gives its address."""
    command = [sys.executable, "-m", "kg.cli", *arguments, "--port", "0", "--from", str(root), "--facts", str(small)]
    with subprocess.Popen(command, cwd=CHECKOUT, stderr=subprocess.PIPE, text=True) as server:
        try:
            lines = iter(server.stderr or ())
            found = next(match for line in lines if (match := re.search(r"serves \S+ at (http://\S+?:\d+)", line)))
            yield found[1]
        finally:
            server.terminate()
            server.communicate(timeout=60)


def test_the_page_about_writing_works(foedus, root, small):
    add, serve, export, listing, revoke = [shlex.split(line)[1:] for line in commands(WRITING)]
    here = {"FOEDUS_DATA_DIRECTORY": str(root)}
    key = foedus(*add, **here).stdout.strip()
    (claim,) = blocks(WRITING, "trig")
    (request,) = blocks(WRITING, "http")
    method, path, _ = request.splitlines()[0].split()
    headers = dict(line.split(": ") for line in request.splitlines()[1:]) | {"Authorization": f"Bearer {key}"}
    with started(serve, root, small) as address:
        response = httpx.request(method, f"{address}{path}", content=claim, headers=headers, timeout=60)
        assert response.status_code == 201, response.text
        again = httpx.request(method, f"{address}{path}", content=claim, headers=headers, timeout=60)
        assert again.status_code == 200
    exported = foedus(*export, "--facts", small, **here)
    assert exported.stdout.startswith("2 rows added"), exported.stderr
    assert "me  contribute" in foedus(*listing, **here).stdout
    assert foedus(*revoke, **here).returncode == 0
    assert foedus(*listing, **here).stdout == ""


def test_the_program_about_writing_works(tmp_path):
    plain.publish(tmp_path, [])
    key = keys.add(tmp_path, "alice", "contribute", "2026-11-25")
    (program,) = blocks(WRITING, "python")
    with serving(tmp_path, FOEDUS_PLAIN="true", FOEDUS_WRITABLE="true") as server:
        text = f"KEY = {key!r}\n" + program.replace("http://127.0.0.1:8000", server.address)
        subprocess.run([sys.executable, "-c", text], check=True, timeout=60)
        assert server.get("ASK { <http://example.org/a> ?p 1 }", "application/json").json()["boolean"]


def test_the_page_about_operations_works(foedus, root, small, tmp_path):
    serve, backup, restore = [shlex.split(line)[1:] for line in commands(OPERATIONS)]
    assert dict(pairwise(serve))["--settings"] == "docs/deployment/foedus.toml"
    here = {"FOEDUS_DATA_DIRECTORY": str(root)}
    with started(serve, root, small) as address:
        assert httpx.get(f"{address}/health/live", timeout=30).status_code == 200
        assert foedus(*backup, **here).returncode == 0
    assert foedus(*restore, **here).returncode == 0
    assert (tmp_path / "backups" / "today" / "backup.json").is_file()
