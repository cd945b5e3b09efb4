"""Which two statements about one matter cannot both be right, and which can."""

from __future__ import annotations

from decimal import Decimal

import pytest
from pyoxigraph import Triple

from kg.facts.instruments import LifecycleEvent, ParticipationAct, Validity
from kg.facts.membership import Membership
from kg.facts.negotiation import Occurrence, ProgressAssessment
from kg.terms import FOE
from tests.reasoning.claims import row, statement, thing


def membership(claim, **values):
    return row(
        Membership,
        claim,
        **{"organisation": "organisation/nato", "member": "polity/germany", "role": "full-member", **values},
    )


def turn(claim, on, transition="entered-into-force"):
    return row(LifecycleEvent, claim, lifecycle_of="instrument/treaty", transition=transition, on=on)


def act(claim, on, kind="acceded"):
    return row(ParticipationAct, claim, party="polity/germany", instrument="instrument/treaty", act=kind, on=on)


def talks(claim, status="held", **dates):
    return row(Occurrence, claim, occurrence_of="event/talks", status=status, **dates)


def validity(claim, **values):
    return row(Validity, claim, validity_of="instrument/treaty", **values)


def progress(claim, least, most=None, on="2025-12-28", speaker="person/zelenskyy", qualifier="exactly"):
    return row(
        ProgressAssessment,
        claim,
        progress_of="instrument/plan",
        assessed_by=speaker,
        minimum=Decimal(least) if least else None,
        maximum=Decimal(most or least),
        qualifier=qualifier,
        on=on,
    )


CONTRADICTING = {
    "contradiction-membership-begin": [membership("a", begin="1955-05-06"), membership("b", begin="1955-05-09")],
    "contradiction-membership-end": [membership("a", end="1966"), membership("b", end="1967-01")],
    "contradiction-lifecycle": [turn("a", "1954-11-17"), turn("b", "1954-11-18")],
    "contradiction-participation": [act("a", "1955-05"), act("b", "1955-06")],
    "contradiction-occurrence-begin": [talks("a", begin="2022-03-28"), talks("b", "ongoing", begin="2022-03-29")],
    "contradiction-occurrence-end": [talks("a", end="2022-03-29"), talks("b", end="2022-03-30")],
    "contradiction-validity": [validity("a", duration="P10Y"), validity("b", duration="P15Y")],
    "contradiction-open-ended": [validity("a", open_ended=True), validity("b", duration="P15Y")],
    "contradiction-progress": [progress("a", "0.9"), progress("b", "0.95")],
}


@pytest.mark.parametrize(("slug", "rows"), CONTRADICTING.items())
def test_two_statements_make_one_contradiction(follow, slug, rows):
    found = follow(*rows)
    (node,) = found.instances("Contradiction")
    one, other = statement("a"), statement("b")
    assert found.objects(node, "contradicting") == {one, other}
    (matter,) = found.objects(node, "aboutMatter")
    assert {matter} == found.objects(one, "concerns") == found.objects(other, "concerns")
    assert len(found.objects(node, "onProperty")) == 1
    assert found.objects(one, "contradicts") == {other}
    assert found.objects(other, "contradicts") == {one}
    assert found.rules_of(Triple(node, FOE["contradicting"], one)) == {slug}
    assert not {node} & (found.instances("Statement") | found.instances("Thing") | found.instances("Claim"))


@pytest.mark.parametrize(("slug", "rows"), CONTRADICTING.items())
def test_the_order_of_the_statements_makes_no_other_node(follow, slug, rows):
    """The node is named after the pair, whichever of the two says which."""
    one, other = (row_.__class__(**{**vars(row_), "claim": name}) for row_, name in zip(rows, "ba", strict=True))
    assert follow(one, other).instances("Contradiction") == follow(*rows).instances("Contradiction")


@pytest.mark.parametrize(
    "rows",
    [
        pytest.param(
            [membership("a", begin="1955-05-06"), membership("b", begin="1955-05")], id="one within the other"
        ),
        pytest.param([membership("a", begin="1955"), membership("b")], id="no begin"),
        pytest.param(
            [membership("a", begin="1955"), membership("b", begin="1990", strand="united")], id="another strand"
        ),
        pytest.param(
            [membership("a", begin="1955"), membership("b", begin="1950", role="observer")], id="another role"
        ),
        pytest.param(
            [membership("a", begin="1955"), membership("b", begin="1982", member="polity/spain")], id="another member"
        ),
        pytest.param([turn("a", "2025-12-24", "published"), turn("b", "2025-12-25", "published")], id="many times"),
        pytest.param([turn("a", "1949-04-04", "adopted"), turn("b", "1949-08-24")], id="another turn"),
        pytest.param([act("a", "2025-01", "consulted"), act("b", "2025-02", "consulted")], id="an act without effect"),
        pytest.param([act("a", "1955-01"), act("b", "1955-05", "signed")], id="another act"),
        pytest.param(
            [talks("a", "planned", begin="2026-01"), talks("b", begin="2026-02")], id="a plan that was put off"
        ),
        pytest.param([validity("a", duration="P1Y"), validity("b", duration="P12M")], id="the same duration"),
        pytest.param([validity("a", open_ended=False), validity("b", duration="P1Y")], id="not open-ended"),
        pytest.param([validity("a", open_ended=True, duration="P15Y")], id="one statement of both"),
        pytest.param([progress("a", "0.9", on="2025-12-27"), progress("b", "0.95")], id="another day"),
        pytest.param([progress("a", "0.9"), progress("b", "0.95", speaker="person/trump")], id="another speaker"),
        pytest.param([progress("a", "0.9", qualifier="about"), progress("b", "0.95")], id="a rough share"),
        pytest.param([progress("a", "0.9"), progress("b", "0.8", "0.95", qualifier="between")], id="a share within"),
    ],
)
def test_both_can_be_right(follow, rows):
    found = follow(*rows)
    assert not found.instances("Contradiction")
    assert not [triple for triple in found.triples if triple.predicate == FOE["contradicts"]]


ON_A_DAY = {
    "membership begin": lambda name, day: membership(name, begin=day),
    "membership end": lambda name, day: membership(name, end=day),
    "lifecycle": turn,
    "participation": act,
    "occurrence begin": lambda name, day: talks(name, begin=day),
    "occurrence end": lambda name, day: talks(name, end=day),
}


@pytest.mark.parametrize(
    ("one", "other"), [("2014-05-17", "2014-05-17"), ("2014-05-17", "2014-05"), ("2014-05", "2014-05-17")]
)
@pytest.mark.parametrize("stated", ON_A_DAY.values(), ids=ON_A_DAY)
def test_days_that_can_be_one_day_make_none(follow, stated, one, other):
    assert not follow(stated("a", one), stated("b", other)).instances("Contradiction")


def test_three_dates_make_three_contradictions_about_one_matter(follow):
    rows = [membership(str(number), begin=f"1955-05-0{number}") for number in (1, 2, 3)]
    found = follow(*rows)
    nodes = found.instances("Contradiction")
    assert len(nodes) == 3
    assert {matter for node in nodes for matter in found.objects(node, "aboutMatter")} == {
        thing("membership/nato_germany")
    }
