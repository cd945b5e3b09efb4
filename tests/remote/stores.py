"""Stores to stand in front of, each in a folder of its own: Oxigraph's server, ours, Virtuoso where it is installed."""

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from kg import keys
from kg.store import plain

NAMES = ["oxigraph", "foedus"]
if shutil.which("virtuoso-t") or os.environ.get("FOEDUS_VIRTUOSO") == "required":
    NAMES.append("virtuoso")

VIRTUOSO = """\
[Database]
DatabaseFile = {folder}/virtuoso.db
ErrorLogFile = {folder}/virtuoso.log
LockFile = {folder}/virtuoso.lck
TransactionFile = {folder}/virtuoso.trx
xa_persistent_file = {folder}/virtuoso.pxa
[TempDatabase]
DatabaseFile = {folder}/temporary.db
TransactionFile = {folder}/temporary.trx
[Parameters]
ServerPort = 127.0.0.1:{sql}
NumberOfBuffers = 4000
MaxDirtyBuffers = 3000
[HTTPServer]
ServerPort = 127.0.0.1:{port}
ServerThreads = 10
[SPARQL]
ResultSetMaxRows = {most}
"""


@dataclass
class Elsewhere:
    """A running store: the settings that name it, and what it wants to know of us."""

    name: str
    settings: dict[str, str]
    secrets: dict[str, str] = field(default_factory=dict)

    @property
    def environment(self) -> dict[str, str]:
        """Both, for the process of a server."""
        return {**self.settings, **self.secrets}


def free_port() -> int:
    with socket.socket() as any_port:
        any_port.bind(("127.0.0.1", 0))
        return any_port.getsockname()[1]


@contextlib.contextmanager
def running(name: str, folder: Path, **more) -> Iterator[Elsewhere]:
    """Run a store until the block ends."""
    with STARTS[name](folder, **more) as store:
        yield store


@contextlib.contextmanager
def _process(command: list[str], folder: Path, address: str, environment: dict[str, str] | None = None):
    with (folder / "said").open("wb") as said:
        process = subprocess.Popen(command, cwd=folder, stdout=said, stderr=said, env=environment)
        try:
            until = time.monotonic() + 60
            while True:
                with contextlib.suppress(httpx.TransportError):
                    httpx.get(address)
                    break
                assert process.poll() is None, (folder / "said").read_text(errors="replace")
                assert time.monotonic() < until, f"{command[0]} does not answer"
                time.sleep(0.1)
            yield
        finally:
            process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(10)
            process.kill()
            process.wait()


@contextlib.contextmanager
def _oxigraph(folder: Path) -> Iterator[Elsewhere]:
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    program = Path(sys.executable).with_name("oxigraph")
    with _process([str(program), "serve", "--location", "data", "--bind", f"127.0.0.1:{port}"], folder, address):
        yield Elsewhere("oxigraph", {"FOEDUS_STORE": f"{address}/query", "FOEDUS_STORE_UPDATE": f"{address}/update"})


@contextlib.contextmanager
def _virtuoso(folder: Path, most: int = 100_000) -> Iterator[Elsewhere]:
    port, sql = free_port(), free_port()
    address = f"http://127.0.0.1:{port}"
    (folder / "virtuoso.ini").write_text(VIRTUOSO.format(folder=folder, port=port, sql=sql, most=most))
    with _process(["virtuoso-t", "+configfile", "virtuoso.ini", "+foreground"], folder, f"{address}/sparql"):
        yield Elsewhere(
            "virtuoso",
            {
                "FOEDUS_STORE": f"{address}/sparql",
                "FOEDUS_STORE_UPDATE": f"{address}/sparql-auth",
                "FOEDUS_STORE_GRAPHS": f"{address}/sparql-graph-crud-auth",
                "FOEDUS_STORE_UNION": "true",
            },
            {"FOEDUS_STORE_USER": "dba", "FOEDUS_STORE_PASSWORD": "dba"},
        )


@contextlib.contextmanager
def _foedus(folder: Path) -> Iterator[Elsewhere]:
    root = folder / "root"
    plain.publish(root, [])
    key = keys.add(root, "front", "contribute", "2026-11-26")
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-m", "kg.cli", "serve", "--plain", "--writable", "--from", "root", "--port", str(port)]
    environment = {**os.environ, "FOEDUS_PRIVATE": "true", "FOEDUS_CLIENT_SECONDS": "0"}
    with _process(command, folder, f"{address}/health/live", environment):
        yield Elsewhere(
            "foedus",
            {"FOEDUS_STORE": f"{address}/sparql", "FOEDUS_STORE_GRAPHS": f"{address}/store"},
            {"FOEDUS_STORE_TOKEN": key},
        )


STARTS = {"oxigraph": _oxigraph, "virtuoso": _virtuoso, "foedus": _foedus}
