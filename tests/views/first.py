"""What the first question in a view waits for, and what later ones take: one view of each kind, and the plain graph.

    python -m tests.views.first http://127.0.0.1:8000

The first question asks for citations, which needs no more of a view than the question alone. Views that were made
before answer at once: throw out the folder `views` of the root for new ones. No two questions are the same text, so
none is answered from memory.
"""

from __future__ import annotations

import statistics
import sys
import time

import httpx

COUNT = "PREFIX foe: <https://w3id.org/foedus/ontology#> SELECT (COUNT(*) AS ?n) { ?m a foe:Membership }"
PAGE = "/doc/territory/crimea"
POINT = "SELECT ?p ?o { <https://w3id.org/foedus/id/polity/ukraine> ?p ?o }"
VIEWS = (
    {},
    {"pov": "ukraine"},
    {"pov": "un-ga"},
    {"valid-at": "2024-07-01"},
    {"valid-at": "1990-01-01"},
    {"known-at": "2022-01-01"},
    {"known-at": "2025-11-30"},
    {"recorded-at": "2026-11-24"},
    {"min-sources": "2"},
    {"certainty": "verified"},
    {"exclude-source": "cia-world-factbook"},
    {"pov": "russia", "valid-at": "2015-01-01"},
)


def seconds(client: httpx.Client, query: str, view: dict[str, str], cited: str = "false") -> float:
    """One question."""
    began = time.perf_counter()
    params = {"query": f"{query} # {time.time_ns()}", "citations": cited, **view}
    client.get("/sparql", params=params, headers={"Accept": "application/sparql-results+json"}).raise_for_status()
    return time.perf_counter() - began


def page(client: httpx.Client, view: dict[str, str]) -> float:
    """One page, asked for the first time."""
    began = time.perf_counter()
    client.get(PAGE, params=view, headers={"Accept": "text/html"}).raise_for_status()
    return time.perf_counter() - began


def main() -> None:
    """Measure and print."""
    with httpx.Client(base_url=sys.argv[1], timeout=300) as client:
        for view in VIEWS:
            first = seconds(client, POINT, view, "true")
            shown = page(client, view)
            count = statistics.median(seconds(client, COUNT, view) for _ in range(5))
            point = statistics.median(seconds(client, POINT, view) for _ in range(15))
            cited = statistics.median(seconds(client, POINT, view, "true") for _ in range(5))
            asked = "&".join(f"{name}={value}" for name, value in view.items()) or "plain"
            sys.stdout.write(
                f"{first:6.1f} s first, then page {shown * 1000:6.1f} ms, count {count * 1000:5.1f} ms, "
                f"point {point * 1000:5.1f} ms, with citations {cited * 1000:5.1f} ms  {asked}\n"
            )
            sys.stdout.flush()


if __name__ == "__main__":
    main()
