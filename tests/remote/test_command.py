"""`foedus serve --store`, as the page about it says, and what it refuses."""

import contextlib
import re
import shlex
import subprocess
import sys
import time
from pathlib import Path

import httpx

from kg.store import plain
from kg.store.remote.address import Remote, publish
from tests.test_documentation import CHECKOUT, commands

from .stores import free_port

PAGE = CHECKOUT / "docs" / "another-store.md"


@contextlib.contextmanager
def started(arguments, folder):
    """A command of the page, run until the block ends."""
    program = Path(sys.executable).with_name(arguments[0])
    with (folder / f"{arguments[0]}.said").open("w+") as said:
        process = subprocess.Popen([program, *arguments[1:]], cwd=folder, stdout=said, stderr=said)
        try:
            yield Path(said.name)
        finally:
            process.terminate()
            process.wait(20)


def answering(address):
    """Wait until somebody answers there."""
    until = time.monotonic() + 30
    while time.monotonic() < until:
        with contextlib.suppress(httpx.TransportError):
            return httpx.get(address)
        time.sleep(0.1)
    raise AssertionError(address)


def test_the_commands_of_the_page(tmp_path):
    port = str(free_port())
    oxigraph, foedus = (shlex.split(line.replace("7878", port)) for line in commands(PAGE))
    with started(oxigraph, tmp_path):
        answering(f"http://127.0.0.1:{port}/")
        data = "<http://example.org/a> <http://example.org/b> 5 ."
        stored = httpx.put(
            f"http://127.0.0.1:{port}/store?default", content=data, headers={"Content-Type": "text/turtle"}
        )
        assert stored.status_code == 204
        with started([*foedus, "--port", "0"], tmp_path) as said:
            until = time.monotonic() + 30
            while not (address := re.search(r"http://\S+?:\d+(?= )", said.read_text())):
                assert time.monotonic() < until
                time.sleep(0.1)
            asked = {"query": "SELECT ?o { ?s ?p ?o }"}
            assert httpx.get(f"{address[0]}/sparql", params=asked, headers={"Accept": "text/csv"}).text == "o\r\n5\r\n"


def test_what_does_not_go_together(foedus, tmp_path):
    store = ("--store", "http://127.0.0.1:1/query")
    for arguments, said in (
        ((*store, "data.ttl"), "dataset held here"),
        ((*store, "--union"), "--store-union"),
        ((*store, "--writable"), "name it with --from"),
        (("--store", "example.org"), "the address of an endpoint"),
    ):
        done = foedus("serve", *arguments)
        assert done.returncode == 2, done.stderr
        assert said in done.stderr
    (tmp_path / "data.ttl").write_text("<http://example.org/a> <http://example.org/b> 5 .")
    plain.publish(tmp_path / "held", [tmp_path / "data.ttl"])
    publish(tmp_path / "elsewhere", Remote("http://127.0.0.1:1/query", "http://127.0.0.1:1/query", "", union=False))
    done = foedus("serve", *store, "--from", "held")
    assert done.returncode == 2
    assert "a dataset of its own" in done.stderr
    done = foedus("serve", "--plain", "--from", "elsewhere")
    assert done.returncode == 2
    assert "give --store" in done.stderr
