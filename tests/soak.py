"""Load for a long time, a bomb a minute: does memory stay, do file handles stay, do answers stay quick?

python -m tests.soak --minutes 10        what `make soak` runs; not part of the tests
"""

from __future__ import annotations

import argparse
import itertools
import statistics
import tempfile
import threading
import time
from pathlib import Path

import httpx

from kg import keys
from kg.store import plain
from tests.server.conftest import serving

BOMBS = (
    "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }",
    "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } ORDER BY ?c ?f ?i",
    "ASK { FILTER(" + "(" * 5000 + "1" + ")" * 5000 + ") }",
    "ASK { ?s ?p ?o FILTER(REGEX(STR(?o), '" + "(a*)*" * 50 + "b')) }",
)
KINDS = (
    "ASK {{ <http://e/{n}> <http://e/p> ?o }}",
    "SELECT ?s ?o {{ ?s <http://e/p> ?o }} ORDER BY ?s LIMIT 50",
    "SELECT (COUNT(*) AS ?n) {{ ?s <http://e/p> ?o FILTER(?o > {n}) }}",
    "CONSTRUCT {{ ?s ?p ?o }} WHERE {{ ?s ?p ?o }} LIMIT 200",
)


def main() -> None:
    """Run and print one line a minute."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--clients", type=int, default=4)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        plain.publish(root, [])
        key = keys.add(root, "soak", "contribute", "2026-11-25")
        # All clients of the soak have one address, and together ask for more than one client may.
        limits = {"FOEDUS_PATIENCE": "30", "FOEDUS_CLIENT_SECONDS": "0"}
        environment = {"FOEDUS_PLAIN": "true", "FOEDUS_WRITABLE": "true", **limits}
        with serving(root, FOEDUS_READERS="4", **environment) as server:
            run(server, key, chosen.minutes, chosen.clients)


def run(server, key: str, minutes: float, clients: int) -> None:
    """Load a server; print what it costs."""
    end = time.monotonic() + 60 * minutes
    seconds: list[float] = []
    failures: list[str] = []
    counter = itertools.count()

    def ask() -> None:
        with httpx.Client(base_url=server.address, timeout=60) as http:
            while time.monotonic() < end:
                number = next(counter)
                began = time.perf_counter()
                response = http.post("/sparql", data={"query": KINDS[number % len(KINDS)].format(n=number % 1000)})
                seconds.append(time.perf_counter() - began)
                if response.status_code != 200:
                    failures.append(f"{response.status_code} {response.text[:120]}")

    def write() -> None:
        headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/sparql-update"}
        with httpx.Client(base_url=server.address, timeout=60, headers=headers) as http:
            while time.monotonic() < end:
                number = next(counter) % 5000
                thing = f"<http://e/{number}>"
                text = f"DELETE WHERE {{ {thing} ?p ?o }} ; INSERT DATA {{ {thing} <http://e/p> {number} }}"
                response = http.post("/sparql", content=text)
                if response.status_code != 204:
                    failures.append(f"write: {response.status_code} {response.text[:120]}")
                time.sleep(0.05)

    threads = [threading.Thread(target=ask) for _ in range(clients)] + [threading.Thread(target=write)]
    for thread in threads:
        thread.start()
    print("minute  requests   p50 ms   p99 ms  web MiB  all MiB  handles  failures")
    minute = 0
    while time.monotonic() < end:
        time.sleep(max(0.0, min(60.0, end - time.monotonic())))
        httpx.post(f"{server.address}/sparql", data={"query": BOMBS[minute % len(BOMBS)]}, timeout=60)
        minute += 1
        taken, seconds[:] = list(seconds), []
        print(line(server, minute, taken, len(failures)), flush=True)
    for thread in threads:
        thread.join()
    for failure in sorted(set(failures))[:10]:
        print(f"  {failure}")


def line(server, minute: int, seconds: list[float], failures: int) -> str:
    """One minute in numbers."""
    pids = [server.process.pid, *server.readers()]
    memory = [resident(pid) for pid in pids]
    handles = sum(1 for _ in Path(f"/proc/{server.process.pid}/fd").iterdir())
    cuts = statistics.quantiles(seconds, n=100) if len(seconds) > 1 else [0.0] * 99
    return (
        f"{minute:>6}  {len(seconds):>8,}  {1000 * cuts[49]:>7.1f}  {1000 * cuts[98]:>7.1f}  {memory[0]:>7}  "
        f"{sum(memory):>7}  {handles:>7}  {failures}"
    )


def resident(pid: int) -> int:
    """Memory of a process, in MiB; 0 when it has just ended."""
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1])
    except OSError:
        return 0
    return pages * 4096 // (1024 * 1024)


if __name__ == "__main__":
    main()
