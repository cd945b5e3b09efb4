"""Data and queries for the benchmark: states, treaties and their parties, as many triples as asked for."""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass

E = "http://example.org/"
XSD = "http://www.w3.org/2001/XMLSchema#"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
WORDS = ("pact", "accord", "treaty", "border", "river", "mutual", "defence", "trade")
WORDS += ("neutral", "zone", "island", "strait", "council", "assembly", "arms")
EACH = 10
"""Triples of one treaty, about."""


def triples(number: int) -> Iterator[str]:
    """Lines of N-Triples, about that many; the same for the same number."""
    chance = random.Random(7)
    states = max(50, number // 2000)
    for state in range(states):
        yield f"<{E}state/{state}> <{E}type> <{E}State> .\n"
        yield f'<{E}state/{state}> <{RDFS}label> "State {state}"@en .\n'
        yield f"<{E}state/{state}> <{E}within> <{E}region/{state % 20}> .\n"
        yield f"<{E}state/{state}> <{E}borders> <{E}state/{(state * 7 + 1) % states}> .\n"
    for treaty in range((number - 4 * states) // EACH):
        name = f"<{E}treaty/{treaty}>"
        words = " ".join(chance.choices(WORDS, k=4))
        yield f"{name} <{E}type> <{E}Treaty> .\n"
        yield f'{name} <{RDFS}label> "{words} {treaty}"@en .\n'
        day = f"{1900 + treaty % 120}-{1 + treaty % 12:02}-{1 + treaty % 28:02}"
        yield f'{name} <{E}signed> "{day}"^^<{XSD}date> .\n'
        yield f'{name} <{E}articles> "{chance.randrange(1, 90)}"^^<{XSD}integer> .\n'
        yield f"{name} <{E}kind> <{E}kind/{chance.randrange(12)}> .\n"
        yield f"{name} <{E}amends> <{E}treaty/{treaty // 2}> .\n"
        for party in chance.sample(range(states), 4):
            yield f"{name} <{E}party> <{E}state/{party}> .\n"


@dataclass(frozen=True)
class Kind:
    """One kind of query: `text` makes the query of a number, so that no two are the same when asked cold."""

    name: str
    text: Callable[[int], str]


def kinds(number: int) -> list[Kind]:
    """The kinds of query over the data of `number` triples."""
    treaties = (number - 4 * max(50, number // 2000)) // EACH
    states = max(50, number // 2000)
    return [
        Kind("point", lambda n: f"SELECT ?p ?o {{ <{E}treaty/{n * 7919 % treaties}> ?p ?o }}"),
        Kind(
            "star join",
            lambda n: (
                f"SELECT ?t ?l ?d {{ ?t <{E}party> <{E}state/{n % states}> ; <{E}kind> <{E}kind/{n % 12}> ; "
                f"<{RDFS}label> ?l ; <{E}signed> ?d ; <{E}articles> ?a FILTER(?a > {n % 60}) }}"
            ),
        ),
        Kind("path", lambda n: f"SELECT ?x {{ <{E}treaty/{n * 7919 % treaties}> <{E}amends>+ ?x }}"),
        Kind(
            "aggregate",
            lambda n: (
                f"SELECT ?r (COUNT(*) AS ?n) (AVG(?a) AS ?m) {{ ?t <{E}kind> <{E}kind/{n % 12}> ; <{E}articles> ?a "
                f"; <{E}party> ?s . ?s <{E}within> ?r FILTER(?a > {n // 12 % 50}) }} GROUP BY ?r ORDER BY ?r"
            ),
        ),
        Kind(
            "text",
            lambda n: (
                f"SELECT ?t ?l {{ ?t <{RDFS}label> ?l FILTER(CONTAINS(?l, '{WORDS[n % 15]} "
                f"{WORDS[n // 15 % 15]} {WORDS[n // 225 % 15]}')) }} LIMIT 50"
            ),
        ),
        Kind(
            "large result",
            lambda n: (
                f"SELECT ?t ?l ?a {{ ?t <{E}articles> ?a ; <{RDFS}label> ?l FILTER(?a != {n % 100}) }} "
                f"LIMIT {20_000 + n % 50}"
            ),
        ),
        Kind(
            "negation",
            lambda n: (
                f"SELECT (COUNT(*) AS ?n) {{ ?t <{E}kind> <{E}kind/{n % 12}> ; <{E}articles> ?a "
                f"FILTER(?a > {n // 12 % 80}) "
                f"FILTER NOT EXISTS {{ ?o <{E}amends> ?t . ?o <{E}kind> <{E}kind/{n % 11}> }} }}"
            ),
        ),
        Kind(
            "construct",
            lambda n: (
                f"CONSTRUCT {{ ?t <{E}between> ?s ; <{RDFS}label> ?l }} {{ ?t <{E}kind> <{E}kind/{n % 12}> ; "
                f"<{E}party> ?s ; <{RDFS}label> ?l }} LIMIT {2000 + n % 997}"
            ),
        ),
    ]
