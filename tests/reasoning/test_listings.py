"""What a list of members does: it contradicts what cannot hold beside it, and binds nobody."""

from __future__ import annotations

import pytest
from pyoxigraph import Triple

from kg.facts.membership import Membership, MembershipListing
from kg.terms import FOE
from tests.reasoning.claims import row, statement, thing


def membership(**values):
    return row(
        Membership,
        "membership",
        **{"organisation": "organisation/nato", "member": "polity/germany", "role": "full-member", **values},
    )


def listing(**values):
    return row(
        MembershipListing,
        "listing",
        **{
            "listed_in": "organisation/nato",
            "listed_party": "polity/germany",
            "listed_as": "full-member",
            "as_of": "2026-01-17",
            **values,
        },
    )


CONTRADICTING = [
    pytest.param("contradiction-listing-end", "endEarliest", membership(end="2020-01-31"), listing(), id="has left"),
    pytest.param(
        "contradiction-listing-end",
        "endEarliest",
        membership(end="2018-05-19", role="participant"),
        listing(listed_as="participant"),
        id="takes part no longer",
    ),
    pytest.param(
        "contradiction-listing-role",
        "role",
        membership(begin="2017-06-09"),
        listing(listed_as="observer"),
        id="no observer any more",
    ),
    pytest.param(
        "contradiction-listing-role",
        "role",
        membership(begin="2017-06-09", role="partner"),
        listing(),
        id="no member yet",
    ),
    pytest.param(
        "contradiction-listing-role",
        "role",
        membership(begin="2026-01-17"),
        listing(listed_as="observer"),
        id="no observer from that day on",
    ),
]


@pytest.mark.parametrize(("rule", "property_", "member", "listed"), CONTRADICTING)
def test_a_list_contradicts_a_membership_that_cannot_hold_beside_it(follow, rule, property_, member, listed):
    found = follow(member, listed)
    (node,) = found.instances("Contradiction")
    assert found.objects(node, "contradicting") == {statement("listing"), statement("membership")}
    assert found.objects(node, "aboutMatter") == {thing("membership/nato_germany")}
    assert found.objects(node, "onProperty") == {FOE[property_]}
    assert found.objects(statement("membership"), "contradicts") == {statement("listing")}
    assert rule in found.rules_of(Triple(node, FOE["contradicting"], statement("listing")))


@pytest.mark.parametrize(
    ("member", "listed"),
    [
        pytest.param(membership(begin="1955-05-06"), listing(), id="they agree"),
        pytest.param(membership(end="2026"), listing(), id="may have left after"),
        pytest.param(membership(end="2026-01-17"), listing(), id="left on that day"),
        pytest.param(
            membership(begin="2011", strand="talks"), listing(listed_as="observer"), id="a member in one strand only"
        ),
        pytest.param(membership(end="2020-01-31"), listing(listed_as="partner"), id="was a member, is a partner"),
        pytest.param(membership(end="1969-12-12", strand="first"), listing(), id="one of several periods"),
        pytest.param(membership(begin="2026"), listing(listed_as="observer"), id="may have joined after"),
        pytest.param(membership(), listing(listed_as="observer"), id="no begin"),
        pytest.param(
            membership(begin="2011", role="suspended-member", strand="suspension"),
            listing(),
            id="suspended in a strand",
        ),
        pytest.param(
            membership(begin="1955", member="polity/spain"), listing(listed_as="observer"), id="another party"
        ),
        pytest.param(
            membership(begin="1955"), listing(listed_as="observer", listed_in="organisation/osce"), id="elsewhere"
        ),
    ],
)
def test_a_list_and_a_membership_can_both_be_right(follow, member, listed):
    assert follow(member, listed).instances("Contradiction") == set()


def test_no_membership_follows_from_a_list(follow):
    found = follow(listing())
    assert found.instances("MembershipListing") == {statement("listing")}
    assert found.instances("Membership") == set()
    assert not {triple for triple in found.triples if triple.predicate in (FOE["member"], FOE["organisation"])}
