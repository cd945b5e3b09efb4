"""Facts with everything that a view must get right, and the ledger of their graph."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date, timedelta

import pytest

from kg.assets import find
from kg.facts.evidence import SourceComparison
from kg.facts.tables import Facts
from kg.reasoning import read_rules
from kg.terms import Names
from tests.views.booking import Booked, book, real_facts

NAMES = Names()
PLACES = ("crimea", "kosovo", "chagos", "zaporizhzhia", "nagorno", "sevastopol", "abkhazia", "nine-dash", "donbas")
KEPT = ("budapest", "coalition-of-the-willing", "council-of-europe", "us-guarantee", "mar-a-lago", "90-percent", "95")


@pytest.fixture(scope="session")
def rules():
    return read_rules(find().queries_in("rules"), NAMES)


@pytest.fixture(scope="session")
def all_facts() -> Facts:
    return real_facts()


@pytest.fixture(scope="session")
def past(all_facts) -> Facts:
    """Some hundred real claims, recorded on different days, a part of them and of their attestations taken back."""
    chance = random.Random(7)
    chosen = [row for row in all_facts.claims if any(word in row.claim for word in (*PLACES, *KEPT))]
    comparisons = [row for row in all_facts.claims if isinstance(row, SourceComparison)]
    others = [row for row in all_facts.claims if not isinstance(row, SourceComparison) and row not in chosen]
    chosen += chance.sample(others, 60)
    names = {f"claim/{row.claim}" for row in chosen}
    chosen += [row for row in comparisons if row.compares in names and row not in chosen]
    first = date(2026, 11, 1)

    def recorded(row):
        day = first + timedelta(days=chance.randrange(12))
        gone = day + timedelta(days=chance.randrange(8)) if chance.random() < 0.1 else None
        return replace(row, recorded=day, retracted=gone)

    claims = tuple(map(recorded, chosen))
    names = {f"claim/{row.claim}" for row in claims}
    attestations = tuple(recorded(row) for row in all_facts.attestations if row.claim in names)
    standing = {row.claim for row in attestations if row.retracted is None}
    attestations = tuple(row if row.claim in standing else replace(row, retracted=None) for row in attestations)
    things = tuple(
        replace(row, recorded=first, retracted=date(2026, 11, 9) if chance.random() < 0.05 else None)
        for row in all_facts.things
    )
    withdrawn = tuple(
        replace(row, recorded=first, retracted=date(2026, 11, 9) if chance.random() < 0.05 else None)
        for row in all_facts.sources
    )
    return replace(
        all_facts, claims=claims, attestations=attestations, things=things, sources=withdrawn, identifiers=()
    )


@pytest.fixture(scope="session")
def booked(past, rules) -> Booked:
    return book(past, rules)
