"""The servers that are measured: how each is started on a file of N-Triples, and where it answers."""

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

TOOLS = Path(".cache/bench/bin")
NGINX = "/usr/sbin/nginx"
MOST_FOR_RDFLIB = 200_000
CONFIGURATION = Path(__file__).parent.parent.parent / "docs" / "nginx.conf"


@dataclass(frozen=True)
class Server:
    """A running server: its name, its port, the path of its endpoint, and seconds until it answered."""

    name: str
    port: int
    path: str
    start: float


@contextlib.contextmanager
def running(name: str, command: list[str], port: int, path: str, patience: float = 300) -> Iterator[Server]:
    """Start a server, wait until it listens, end it at last."""
    began = time.perf_counter()
    environment = {
        **os.environ,
        "FOEDUS_READERS": os.environ.get("FOEDUS_READERS", "2"),
        "FOEDUS_MEMORY": "8192",
        "FOEDUS_MEMORY_TRIPLES": "20000000",
        "FOEDUS_SETTLING": "0",
        "FOEDUS_CLIENT_SECONDS": "0",
        "FOEDUS_CLIENT_QUERIES": "10000",
        "FOEDUS_DEADLINE": "60",
        "FOEDUS_PATIENCE": "60",
    }
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        while True:
            if process.poll() is not None or time.perf_counter() - began > patience:
                raise RuntimeError(f"{name} did not start: {' '.join(command)}")
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
                break
            time.sleep(0.05)
        yield Server(name, port, path, time.perf_counter() - began)
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def free_port() -> int:
    """A port that nothing listens at."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return int(listening.getsockname()[1])


@contextlib.contextmanager
def foedus(data: Path, folder: Path) -> Iterator[Server]:
    """Foedus, with --plain."""
    port = free_port()
    command = [sys.executable, "-m", "kg.cli", "serve", "--plain", str(data), "--port", str(port)]
    with running("foedus", command, port, "/sparql") as server:
        time.sleep(5 + data.stat().st_size / 5_000_000)  # readers take the data into memory
        yield server


@contextlib.contextmanager
def oxigraph(data: Path, folder: Path) -> Iterator[Server]:
    """`oxigraph serve -l`, on disk, loaded before."""
    store = folder / "oxigraph"
    load = [str(TOOLS / "oxigraph"), "load", "--location", str(store), "--file", str(data)]
    subprocess.run(load, check=True, capture_output=True)
    port = free_port()
    command = [str(TOOLS / "oxigraph"), "serve", "--location", str(store), "--bind", f"127.0.0.1:{port}"]
    with running("oxigraph", command, port, "/query") as server:
        yield server
    shutil.rmtree(store)


@contextlib.contextmanager
def rdflib_endpoint(data: Path, folder: Path) -> Iterator[Server]:
    """`rdflib-endpoint serve`, with rdflib's own store."""
    port = free_port()
    command = [str(TOOLS / "rdflib-endpoint"), "serve", str(data), "--host", "127.0.0.1", "--port", str(port)]
    with running("rdflib-endpoint", command, port, "/") as server:
        yield server


@contextlib.contextmanager
def behind_nginx(data: Path, folder: Path) -> Iterator[Server]:
    """Foedus behind the caching proxy of docs/nginx.conf."""
    with foedus(data, folder) as server:
        port = free_port()
        text = CONFIGURATION.read_text(encoding="utf-8")
        text = text.replace("127.0.0.1:8000", f"127.0.0.1:{server.port}").replace(
            "listen 8080", f"listen 127.0.0.1:{port}"
        )
        text = text.replace("/var/cache/nginx/foedus", str(folder / "cache"))
        written = folder / "nginx.conf"
        user = "user root;\n" if os.getuid() == 0 else ""
        pid = f"{user}pid {folder / 'nginx.pid'};\nerror_log {folder / 'error.log'};\n"
        written.write_text(f"daemon off;\n{pid}events {{ }}\nhttp {{\naccess_log off;\n{text}\n}}\n", encoding="utf-8")
        with running("foedus behind nginx", [NGINX, "-c", str(written)], port, "/sparql") as proxy:
            yield proxy
