"""What hundreds of dates asked at random do to somebody else: point queries alone, and while four clients ask them.

    python -m tests.views.dates http://127.0.0.1:8000 [how many dates]

The dates lie between 1990 and 2027, on both axes. The somebody else asks one point query after the other about the
plain graph, each with a text of its own, so that none is answered from memory.
"""

from __future__ import annotations

import datetime
import random
import statistics
import sys
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import httpx

POINT = "SELECT ?p ?o {{ <https://w3id.org/foedus/id/polity/{name}> ?p ?o }} # {number}"
NAMES = ("ukraine", "estonia", "japan", "kosovo", "france", "poland", "india", "serbia")
MEMBERS = "PREFIX foe: <https://w3id.org/foedus/ontology#> SELECT (COUNT(*) AS ?n) { ?m a foe:Membership }"
ACCEPT = {"Accept": "application/sparql-results+json"}


def points(client: httpx.Client, stop: threading.Event, least: int) -> list[float]:
    """Milliseconds of point queries, until told to stop and at least so many."""
    spent: list[float] = []
    while len(spent) < least or not stop.is_set():
        query = POINT.format(name=NAMES[len(spent) % len(NAMES)], number=time.time_ns())
        began = time.perf_counter()
        client.post("/sparql", data={"query": query}, headers=ACCEPT).raise_for_status()
        spent.append(1000 * (time.perf_counter() - began))
        time.sleep(0.01)
    return spent


def dates(address: str, number: int, count: int) -> list[tuple[int, float]]:
    """Status and seconds of the answers to a client that asks for random dates."""
    dice, found = random.Random(number), []
    with httpx.Client(base_url=address, timeout=180) as client:
        for _ in range(count):
            day = datetime.date(1990, 1, 1) + datetime.timedelta(days=dice.randrange(37 * 365))
            axis = dice.choice(("valid-at", "known-at"))
            began = time.perf_counter()
            response = client.get("/sparql", params={"query": MEMBERS, axis: day.isoformat()}, headers=ACCEPT)
            found.append((response.status_code, time.perf_counter() - began))
    return found


def told(name: str, spent: list[float], unit: str) -> str:
    ordered = sorted(spent)
    middle, late = statistics.median(ordered), ordered[int(len(ordered) * 0.99) - 1]
    return f"{name}: {len(spent)} answers, median {middle:.1f} {unit}, 99th percentile {late:.1f} {unit}\n"


def main() -> None:
    """Measure and print."""
    address, count = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 300
    stop = threading.Event()
    with httpx.Client(base_url=address, timeout=60) as client, ThreadPoolExecutor(5) as pool:
        stop.set()
        sys.stdout.write(told("point queries alone", points(client, stop, 500), "ms"))
        stop.clear()
        began = time.perf_counter()
        other = pool.submit(points, client, stop, 1)
        clients = [pool.submit(dates, address, number, count // 4) for number in range(4)]
        answers = [each for one in clients for each in one.result()]
        took = time.perf_counter() - began
        stop.set()
        sys.stdout.write(told("point queries meanwhile", other.result(), "ms"))
    sys.stdout.write(told("dates", [seconds for _, seconds in answers], "s"))
    sys.stdout.write(f"{dict(Counter(status for status, _ in answers))} in {took:.0f} s\n")


if __name__ == "__main__":
    main()
