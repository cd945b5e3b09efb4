"""Budgets of query time: spent, refilled, overdrawn, forgotten."""

import pytest

from kg.store import budgets
from kg.store.answers import TooMany
from kg.store.budgets import Budgets


class Clock:
    """A clock that stands until it is set."""

    now = 100.0

    def __call__(self):
        """What it shows."""
        return self.now


def test_who_has_overdrawn_waits_until_it_is_made_good():
    clock = Clock()
    accounts = Budgets(60, clock)
    accounts.check("a")
    accounts.spend("a", 70)
    with pytest.raises(TooMany, match="FOEDUS_CLIENT_SECONDS") as refused:
        accounts.check("a")
    assert refused.value.retry_after == 10
    accounts.check("b")
    clock.now += 10.5
    accounts.check("a")
    clock.now += 1000
    accounts.spend("a", 59)
    accounts.check("a")


def test_no_limit():
    accounts = Budgets(0)
    accounts.spend("a", 1e9)
    accounts.check("a")


def test_what_is_remembered_has_an_end(monkeypatch):
    monkeypatch.setattr(budgets, "MOST", 2)
    accounts = Budgets(1, Clock())
    for client in "abc":
        accounts.spend(client, 5)
    accounts.check("a")
    with pytest.raises(TooMany):
        accounts.check("c")
