"""What citations cost: each question over HTTP without and with them, and the ratio.

    python -m tests.citations.cost http://127.0.0.1:8000 [rounds]

The server should have stood for FOEDUS_SETTLING seconds, so that readers hold the merge in memory. No two requests
are the same text: the server keeps its answers, and an answer that is kept costs nothing, with citations or without.
"""

import itertools
import math
import sys
import time

import httpx

from kg import assets, queries

_NUMBERS = itertools.count()


def seconds(client: httpx.Client, text: str, headers: dict[str, str], rounds: int) -> float:
    """The shortest time of some rounds; endless where the server did not answer within its deadline."""
    best = math.inf
    for _ in range(rounds):
        fresh = f"{text}\n# {time.time_ns()} {next(_NUMBERS)}\n"
        began = time.perf_counter()
        response = client.post("/sparql", data={"query": fresh}, headers=headers)
        if response.status_code == httpx.codes.GATEWAY_TIMEOUT:
            return math.inf
        response.raise_for_status()
        best = min(best, time.perf_counter() - began)
    return best


def main() -> None:
    """Measure and print, the dearest last."""
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 5
    accept = {"Accept": "application/sparql-results+json"}
    figures = []
    with httpx.Client(base_url=sys.argv[1], timeout=120) as client:
        for question in queries.read_folder(assets.find().queries_in("questions")):
            plain = seconds(client, question.text, accept, rounds)
            cited = seconds(client, question.text, {**accept, "Prefer": "include=citations"}, rounds)
            if math.isinf(cited):
                sys.stdout.write(
                    f"no answer with citations within the deadline ({plain:.1f} s without): {question.slug}\n"
                )
            else:
                figures.append((cited / plain, plain, cited, question.slug))
    figures.sort()
    for ratio, plain, cited, slug in figures:
        sys.stdout.write(f"{ratio:6.1f} x  {plain * 1000:8.1f} ms  {cited * 1000:8.1f} ms  {slug}\n")
    mean = math.exp(sum(math.log(ratio) for ratio, *_ in figures) / len(figures))
    within = sum(ratio <= 3 for ratio, *_ in figures)
    sys.stdout.write(f"{mean:6.1f} x  geometric mean; at most 3 x: {within} of {len(figures)}\n")


if __name__ == "__main__":
    main()
