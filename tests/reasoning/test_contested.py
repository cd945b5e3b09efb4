"""When a place is contested, by whom, and when it is not."""

from __future__ import annotations

import pytest
from pyoxigraph import Triple

from kg.facts.sites import PlaceDescription, SovereigntyClaim
from kg.terms import FOE
from tests.reasoning.claims import row, thing

CRIMEA, SEVASTOPOL, HARBOUR = "territory/crimea", "territory/sevastopol", "site/harbour"
UKRAINE, RUSSIA, USSR = "polity/ukraine", "polity/russia", "polity/ussr"


def claim(claimant, place=CRIMEA, kind="sovereignty", extent="whole", **dates):
    slug = f"{claimant}-{place}-{kind}".replace("/", "-")
    return row(SovereigntyClaim, slug, claimant=claimant, claimed_place=place, claim_kind=kind, extent=extent, **dates)


def lies(place, larger):
    return row(PlaceDescription, f"{place}-in-{larger}".replace("/", "-"), place=place, located_in=[larger])


def contested_by(found, place):
    claimants = found.objects(thing(place), "contestedBy")
    assert bool(claimants) == (thing(place) in found.instances("ContestedPlace"))
    return claimants


def both(*refs):
    return {thing(ref) for ref in refs}


def test_two_claims_to_the_whole_that_hold_together(follow):
    found = follow(claim(UKRAINE, begin="1991-08-24"), claim(RUSSIA, begin="2014-03-18"))
    assert contested_by(found, CRIMEA) == both(UKRAINE, RUSSIA)
    assert found.rules_of(Triple(thing(CRIMEA), FOE["contestedBy"], thing(RUSSIA))) == {"contested-place"}


def test_claims_without_any_date_hold_on(follow):
    assert contested_by(follow(claim(UKRAINE), claim(RUSSIA)), CRIMEA) == both(UKRAINE, RUSSIA)


def test_independence_and_sovereignty_conflict(follow):
    found = follow(claim(UKRAINE), claim("polity/republic", kind="independence"))
    assert contested_by(found, CRIMEA) == both(UKRAINE, "polity/republic")


def test_both_claims_ended_after_having_held_together(follow):
    found = follow(claim(UKRAINE, begin="1990", end="2000"), claim(RUSSIA, begin="1995", end="1999"))
    assert contested_by(found, CRIMEA) == both(UKRAINE, RUSSIA)


@pytest.mark.parametrize(
    "rows",
    [
        pytest.param([claim(USSR, begin="1954", end="1991-08-24"), claim(UKRAINE, begin="1992")], id="ended before"),
        pytest.param([claim(USSR, end="1991-08-24"), claim(UKRAINE, begin="1991-08-24")], id="handed over in a day"),
        pytest.param([claim(USSR, end="1991"), claim(UKRAINE, begin="1991")], id="on some reading one after the other"),
        pytest.param([claim(USSR, end="1991"), claim(UKRAINE)], id="the later begin is not known"),
        pytest.param([claim(UKRAINE), claim(UKRAINE, kind="independence")], id="one claimant"),
        pytest.param([claim(UKRAINE), claim(RUSSIA, kind="maritime-rights")], id="rights at sea"),
        pytest.param([claim(UKRAINE, extent="part"), claim(RUSSIA, extent="part")], id="two parts"),
        pytest.param([claim(UKRAINE, extent="mostly"), claim(RUSSIA, extent="part")], id="most and a part"),
        pytest.param([claim(UKRAINE)], id="one claim"),
        pytest.param([claim(UKRAINE), claim(RUSSIA, place=SEVASTOPOL)], id="places of which nobody says how they lie"),
    ],
)
def test_no_contest(follow, rows):
    assert not follow(*rows).instances("ContestedPlace")


EARLY, LATE = {"end": "1991-08-24"}, {"begin": "1991-08-24"}


# Which of two claims a rule takes first is a matter of their names, so each case stands there in both orders.
@pytest.mark.parametrize(("one", "other"), [(UKRAINE, RUSSIA), (RUSSIA, UKRAINE)])
@pytest.mark.parametrize("first", [{}, {"extent": "part"}, {"place": SEVASTOPOL}], ids=["whole", "part", "within"])
@pytest.mark.parametrize("turned", [False, True])
def test_no_contest_where_one_ends_when_the_other_begins(follow, one, other, first, turned):
    before, after = (LATE, EARLY) if turned else (EARLY, LATE)
    rows = [claim(one, **first, **before), claim(other, **after), lies(SEVASTOPOL, CRIMEA)]
    found = follow(*rows)
    assert contested_by(found, CRIMEA) == contested_by(found, SEVASTOPOL) == set()


def test_a_claim_to_a_place_does_not_conflict_with_the_same_claimants_to_a_larger_one(follow):
    found = follow(claim(UKRAINE, place=SEVASTOPOL), claim(UKRAINE), lies(SEVASTOPOL, CRIMEA))
    assert contested_by(found, SEVASTOPOL) == set()


@pytest.mark.parametrize("extents", [("whole", "part"), ("part", "whole"), ("whole", "mostly"), ("mostly", "mostly")])
def test_a_part_is_contested_and_does_not_pass_down(follow, extents):
    one, other = extents
    found = follow(claim(UKRAINE, extent=one), claim(RUSSIA, extent=other), lies(HARBOUR, CRIMEA))
    assert contested_by(found, CRIMEA) == both(UKRAINE, RUSSIA)
    if "whole" not in (one, other):
        assert found.rules_of(Triple(thing(CRIMEA), FOE["contestedBy"], thing(RUSSIA))) == {"contested-part"}
    assert not contested_by(found, HARBOUR)


def test_a_contest_of_the_whole_passes_down_however_deep(follow):
    found = follow(claim(UKRAINE), claim(RUSSIA), lies(SEVASTOPOL, CRIMEA), lies(HARBOUR, SEVASTOPOL))
    assert contested_by(found, HARBOUR) == both(UKRAINE, RUSSIA)
    assert found.rules_of(Triple(thing(HARBOUR), FOE["contestedBy"], thing(RUSSIA))) == {"contested-within"}


def test_a_contest_does_not_pass_up_or_aside(follow):
    found = follow(
        claim(UKRAINE, SEVASTOPOL), claim(RUSSIA, SEVASTOPOL), lies(SEVASTOPOL, CRIMEA), lies(HARBOUR, CRIMEA)
    )
    assert not contested_by(found, CRIMEA)
    assert not contested_by(found, HARBOUR)


def test_a_claim_to_a_place_conflicts_with_one_to_all_of_a_larger_place(follow):
    found = follow(claim(UKRAINE, CRIMEA), claim(RUSSIA, HARBOUR, extent="part"), lies(HARBOUR, CRIMEA))
    assert contested_by(found, HARBOUR) == both(UKRAINE, RUSSIA)
    assert not contested_by(found, CRIMEA)
    assert found.rules_of(Triple(thing(HARBOUR), FOE["contestedBy"], thing(RUSSIA))) == {"contested-from-above"}


def test_a_claim_to_a_part_of_a_larger_place_reaches_nothing_in_it(follow):
    found = follow(claim(UKRAINE, CRIMEA, extent="part"), claim(RUSSIA, HARBOUR), lies(HARBOUR, CRIMEA))
    assert not contested_by(found, HARBOUR)


def test_a_retracted_claim_takes_the_contest_with_it(follow):
    found = follow(claim(UKRAINE), claim(RUSSIA))
    node = "polity-russia-territory-crimea-sovereignty#statement"
    left = [triple for triple in found.asserted if not str(triple.subject).endswith(f"{node}>")]
    assert len(left) < len(found.asserted)
    closed = found.derivations.closure(left)
    assert not [triple for triple in closed if triple.predicate == FOE["contestedBy"]]
