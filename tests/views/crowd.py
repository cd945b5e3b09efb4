"""A crowd that asks in views at random: questions with citations and without, graphs, pages; which answers are errors?

    python -m tests.views.crowd http://127.0.0.1:8000 [seconds] [clients]

Start the server with FOEDUS_CLIENT_SECONDS=0: all of the crowd have one address. Errors of the server are told in full,
each kind once; 404 is what a view does not have.
"""

from __future__ import annotations

import random
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import httpx

from kg import assets, queries

GRAPHS = "SELECT ?g ?x { GRAPH ?g { ?x <https://w3id.org/foedus/ontology#claimant> ?c } } LIMIT 5"
PAGES = ("/doc/territory/crimea", "/doc/polity/ukraine", "/doc/polity/france", "/contradictions?about=territory/crimea")
FORMATS = ("text/html", "text/turtle", "application/ld+json")
POINTS_OF_VIEW = ("ukraine", "russia", "un-ga", "de-facto", "china", "united-states")
ROWS = {"Accept": "application/sparql-results+json"}


def view(dice: random.Random) -> dict[str, str]:
    """The parameters of some view, or of none."""
    day = f"{dice.randrange(1950, 2027)}-{dice.randrange(1, 13):02}-01"
    known = f"{dice.randrange(2014, 2027)}-{dice.randrange(1, 13):02}-01"
    pov = dice.choice(POINTS_OF_VIEW)
    chosen = {"valid-at": (day, 0.5), "known-at": (known, 0.4), "pov": (pov, 0.3), "min-sources": ("2", 0.1)}
    return {name: value for name, (value, often) in chosen.items() if dice.random() < often}


def asked(dice: random.Random, texts: list[str], seen: dict[str, str]) -> tuple[str, dict[str, str], dict[str, str]]:
    """One request: its path, its parameters, its headers."""
    if dice.random() < 0.3:
        path, _, query = dice.choice(PAGES).partition("?")
        given = dict([query.split("=")]) if query else {}
        return path, {**given, **seen}, {"Accept": dice.choice(FORMATS)}
    text = GRAPHS if dice.random() < 0.15 else dice.choice(texts)
    cited = dice.choice(("true", "false"))
    return "/sparql", {"query": f"{text}\n# {time.time_ns()}", "citations": cited, **seen}, ROWS


def ask(address: str, number: int, until: float) -> tuple[Counter[int], dict[str, str]]:
    """One client, who comes back to some views; returns how many answers had each status, and errors by title."""
    dice = random.Random(number)
    texts = [each.text for each in queries.read_folder(assets.find().queries_in("questions"))]
    favourites = [view(dice) for _ in range(6)]
    statuses: Counter[int] = Counter()
    errors: dict[str, str] = {}
    with httpx.Client(base_url=address, timeout=200) as client:
        while time.monotonic() < until:
            seen = dice.choice(favourites) if dice.random() < 0.6 else view(dice)
            path, given, headers = asked(dice, texts, seen)
            response = client.get(path, params=given, headers=headers)
            statuses[response.status_code] += 1
            if response.is_server_error:
                errors[response.json()["title"]] = f"{path} {given} {response.text}"
    return statuses, errors


def main() -> None:
    """Ask, and print; the exit code is 1 where the server made an error."""
    address = sys.argv[1]
    seconds, clients = (float(sys.argv[2]), int(sys.argv[3])) if len(sys.argv) > 3 else (200.0, 6)
    until, seed = time.monotonic() + seconds, time.time_ns()
    with ThreadPoolExecutor(clients) as pool:
        found = list(pool.map(lambda number: ask(address, seed + number, until), range(clients)))
    statuses = sum((each for each, _ in found), Counter[int]())
    errors = {title: told for _, each in found for title, told in each.items()}
    sys.stdout.write(f"{dict(sorted(statuses.items()))}\n")
    for told in errors.values():
        sys.stdout.write(f"{told}\n")
    sys.exit(bool(errors))


if __name__ == "__main__":
    main()
