"""Who is bound, to what, through what, from when until when; and who is not."""

from __future__ import annotations

import pytest
from pyoxigraph import Literal, Triple

from kg.facts.core import GroupComposition
from kg.facts.instruments import (
    LifecycleEvent,
    ParticipationAct,
    ProvisionDescription,
    UndertakingStatement,
    Validity,
)
from kg.facts.membership import Membership
from kg.facts.negotiation import StanceStatement
from kg.terms import FOE, XSD
from tests.reasoning.claims import NAMES, row, statement, thing

UK, GERMANY, UKRAINE, NATO = "polity/united-kingdom", "polity/germany", "polity/ukraine", "organisation/nato"
TREATY, ALLIES, CONSULT = "instrument/treaty", "group/allies", "undertaking/consult"


def says(obligor=UK, kind="provision", under=TREATY, claim="says", **values):
    return row(
        UndertakingStatement,
        claim,
        undertaking=CONSULT,
        row_kind=kind,
        under=under,
        obligor=[obligor],
        beneficiary=[UKRAINE],
        kind=["consultation"],
        modality="will",
        status="in-effect",
        **values,
    )


def act(party=UK, how="ratified", on="2024-01-12", instrument=TREATY):
    slug = f"{party}-{how}-{instrument}".replace("/", "-")
    return row(ParticipationAct, slug, party=party, instrument=instrument, act=how, on=on)


def turn(transition="entered-into-force", on="2024-03-01", of=TREATY):
    return row(LifecycleEvent, f"{of}-{transition}".replace("/", "-"), lifecycle_of=of, transition=transition, on=on)


def composed(resolution="by-membership", **values):
    return row(GroupComposition, "allies", group=ALLIES, resolution=resolution, **values)


def joined(member=GERMANY, role="full-member", **dates):
    return row(Membership, f"nato-{member[7:]}", organisation=NATO, member=member, role=role, **dates)


def bound(found):
    """The obligors of the commitments, each with its node."""
    nodes = found.instances("Commitment")
    obligors = {}
    for node in nodes:
        (obligor,) = found.objects(node, "obligor")
        assert found.objects(node, "specifiedBy") == {thing(CONSULT)}
        assert not {node} & (found.instances("Thing") | found.instances("Statement"))
        obligors[obligor] = node
    assert len(obligors) == len(nodes)
    return obligors


def day(text):
    return Literal(text, datatype=XSD["date"])


def interval(found, node):
    names = ("beginEarliest", "beginLatest", "endEarliest", "endLatest")
    return [sorted(literal.value for literal in found.objects(node, name)) for name in names]


def test_a_party_that_ratified_is_bound_once_the_treaty_is_in_force(follow):
    found = follow(says(trigger="armed-attack"), act(), turn())
    ((party, node),) = bound(found).items()
    assert party == thing(UK)
    assert node.value.startswith(f"{NAMES.base}id/commitment/")
    assert found.objects(node, "boundThrough") == {statement("polity-united-kingdom-ratified-instrument-treaty")}
    assert found.objects(node, "beneficiary") == {thing(UKRAINE)}
    assert found.objects(node, "kind") == {NAMES.concept("commitment-kind", "consultation")}
    assert found.objects(node, "modality") == {NAMES.concept("modality", "will")}
    assert found.objects(node, "trigger") == {NAMES.concept("trigger", "armed-attack")}
    assert found.rules_of(Triple(node, FOE["specifiedBy"], thing(CONSULT))) == {"commitment"}
    assert found.rules_of(Triple(node, FOE["beneficiary"], thing(UKRAINE))) == {"commitment-content"}
    assert interval(found, node) == [["2024-03-01"], ["2024-03-01"], [], []]
    assert found.rules_of(Triple(node, FOE["beginLatest"], day("2024-03-01"))) == {"commitment-begin-act"}


def test_a_provision_binds_as_its_instrument_does(follow):
    article = row(ProvisionDescription, "article-1", provision="provision/article-1", provision_of=TREATY, number="1")
    assert set(bound(follow(says(under="provision/article-1"), article, act(), turn()))) == {thing(UK)}


def test_a_joint_undertaking_is_one_commitment_for_each_and_says_so(follow):
    found = follow(says(joint=True), says(GERMANY, joint=True, claim="other"), act(), act(GERMANY), turn())
    assert set(bound(found)) == {thing(UK), thing(GERMANY)}
    assert all(found.objects(node, "joint") == {Literal(True)} for node in bound(found).values())


POSITION = row(StanceStatement, "position", holder=UK, row_kind="acceptance", toward=CONSULT, kind="contribute-troops")


@pytest.mark.parametrize(
    "rows",
    [
        pytest.param([says(kind="offer"), act(), turn()], id="an offer"),
        pytest.param([says(kind="proposal"), act(), turn()], id="a proposal"),
        pytest.param([POSITION, act(), turn()], id="an acceptance"),
        pytest.param([says(), turn()], id="no act"),
        pytest.param([says(), act()], id="no effect"),
        pytest.param([says(), act(), turn("published")], id="a turn that brings nothing into effect"),
        pytest.param([says(), act(how="signed"), turn()], id="an act that does not bind"),
        pytest.param([says(), act(GERMANY), turn()], id="another's act"),
        pytest.param([says(), act(instrument="instrument/draft"), turn()], id="an act on another text"),
        pytest.param([says(), act(), turn(of="instrument/draft")], id="another text in force"),
        pytest.param([says("organisation/nato"), act(), turn(), joined(UK)], id="what its organisation says"),
        pytest.param([says(ALLIES), turn(), joined(UK)], id="a group of which nobody says who is in it"),
        pytest.param(
            [says(ALLIES), turn(), joined(UK), composed("undetermined", organisation=NATO)], id="undetermined"
        ),
        pytest.param([says(ALLIES), turn(), composed("enumerated", member=[UK])], id="listed without an act"),
        pytest.param([says(ALLIES), act(), turn(), composed("enumerated", member=[GERMANY])], id="not listed"),
        pytest.param([says(ALLIES), joined(), composed(organisation=NATO)], id="members, no effect"),
        pytest.param([says(ALLIES), turn(), joined(role="candidate"), composed(organisation=NATO)], id="a candidate"),
        pytest.param(
            [says(ALLIES), turn(), joined(end="1990"), composed(organisation=NATO)], id="a member that left before"
        ),
        pytest.param(
            [says(ALLIES), turn(on="1990-05-01"), joined(end="1990-05-01"), composed(organisation=NATO)],
            id="a member that left on the day it took effect",
        ),
        pytest.param(
            [says(ALLIES), turn(), joined(begin="2010"), composed(organisation=NATO, membership_on="2008-04-03")],
            id="a member that joined after the day named",
        ),
        pytest.param(
            [says(ALLIES), turn(), joined(begin="1955", end="1990"), composed(organisation=NATO, membership_on="2008")],
            id="a member that left before the day named",
        ),
    ],
)
def test_nobody_is_bound(follow, rows):
    assert not follow(*rows).instances("Commitment")


def test_what_binds_an_organisation_does_not_bind_its_members(follow):
    found = follow(says(NATO), act(NATO), turn(), joined(UK), joined(GERMANY))
    assert set(bound(found)) == {thing(NATO)}


def test_a_listed_party_is_bound_by_its_own_act(follow):
    found = follow(says(ALLIES), act(), turn(), composed("enumerated", member=[UK, GERMANY]))
    ((party, node),) = bound(found).items()
    assert party == thing(UK)
    assert found.rules_of(Triple(node, FOE["obligor"], party)) == {"commitment-listed"}
    assert found.objects(node, "beneficiary") == {thing(UKRAINE)}


def test_members_are_bound_through_their_membership(follow):
    found = follow(
        says(ALLIES),
        turn(on="1949-08-24"),
        composed(organisation=NATO),
        joined(UK, "founding-member", begin="1949-08-24"),
        joined(GERMANY, begin="1955-05-06"),
        joined(UKRAINE, "partner", begin="1991"),
    )
    nodes = bound(found)
    assert set(nodes) == {thing(UK), thing(GERMANY)}
    germany = nodes[thing(GERMANY)]
    assert found.objects(germany, "boundThrough") == {statement("nato-germany")}
    assert found.objects(germany, "kind") == {NAMES.concept("commitment-kind", "consultation")}
    assert interval(found, germany) == [["1955-05-06"], ["1955-05-06"], [], []]
    assert interval(found, nodes[thing(UK)])[0] == ["1949-08-24"]
    assert found.rules_of(Triple(germany, FOE["boundThrough"], statement("nato-germany"))) == {"commitment-member"}
    assert found.rules_of(Triple(germany, FOE["beginLatest"], day("1955-05-06"))) == {"commitment-begin-member"}


@pytest.mark.parametrize(
    "dates",
    [
        pytest.param({"begin": "1955"}, id="before"),
        pytest.param({"begin": "1955", "end": "2020"}, id="before and after"),
        pytest.param({"begin": "2008-04-03"}, id="from that day on"),
        pytest.param({"begin": "2008-04-03", "end": "2020"}, id="from that day on for a while"),
        pytest.param({"begin": "1955", "end": "2008-04-03"}, id="to that day"),
    ],
)
def test_a_group_of_a_named_day_has_the_members_of_that_day(follow, dates):
    composition = composed(organisation=NATO, membership_on="2008-04-03")
    found = follow(says(ALLIES), turn(on="2008-04-03"), composition, joined(**dates))
    assert set(bound(found)) == {thing(GERMANY)}


def test_a_commitment_ends_with_the_membership(follow):
    found = follow(
        says(ALLIES), turn(on="1949-08-24"), composed(organisation=NATO), joined(begin="1955-05-06", end="1966-07")
    )
    (node,) = bound(found).values()
    assert interval(found, node) == [["1955-05-06"], ["1955-05-06"], ["1966-07-01"], ["1966-07-31"]]
    assert found.rules_of(Triple(node, FOE["endLatest"], day("1966-07-31"))) == {"commitment-end-member"}


def test_imprecise_days_meet_at_both_ends(follow):
    found = follow(says(), act(on="2024"), turn(on="2024-03-15"))
    (node,) = bound(found).values()
    assert interval(found, node)[:2] == [["2024-03-15"], ["2024-12-31"]]


def test_without_a_day_of_the_act_the_begin_stays_open(follow):
    found = follow(says(), row(ParticipationAct, "acts", party=UK, instrument=TREATY, act="ratified"), turn())
    (node,) = bound(found).values()
    assert interval(found, node) == [[], [], [], []]


ENDS = {
    "commitment-end-instrument": turn("terminated", "2030-05-01"),
    "commitment-end-withdrawal": act(how="withdrew", on="2030-05-01"),
    "commitment-end-validity": row(Validity, "valid", validity_of=TREATY, end="2030-05-01"),
}


@pytest.mark.parametrize(("slug", "ending"), ENDS.items())
def test_a_commitment_ends(follow, slug, ending):
    found = follow(says(), act(), turn(), ending)
    (node,) = bound(found).values()
    assert interval(found, node) == [["2024-03-01"], ["2024-03-01"], ["2030-05-01"], ["2030-05-01"]]
    assert found.rules_of(Triple(node, FOE["endEarliest"], day("2030-05-01"))) == {slug}


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(turn("signed", "2030"), id="a turn that ends nothing"),
        pytest.param(turn("terminated", "2030", of="instrument/other"), id="the end of another text"),
        pytest.param(act(GERMANY, "withdrew", "2030"), id="another party leaves"),
        pytest.param(act(how="withdrew", on="2030", instrument="instrument/other"), id="it leaves another text"),
        pytest.param(row(Validity, "valid", validity_of="instrument/other", end="2030"), id="another text's term"),
        pytest.param(row(Validity, "valid", validity_of=TREATY, duration="P10Y"), id="a duration without an end"),
    ],
)
def test_a_commitment_goes_on(follow, other):
    found = follow(says(), act(), turn(), other)
    (node,) = bound(found).values()
    assert interval(found, node)[2:] == [[], []]


def test_a_draft_that_was_superseded_ends_nothing(follow):
    draft = says(under="instrument/draft", claim="draft-says")
    found = follow(says(), draft, act(), turn(), turn("superseded", "2023-12-01", of="instrument/draft"))
    (node,) = bound(found).values()
    assert interval(found, node)[2:] == [[], []]


def test_offers_of_the_same_undertaking_add_nothing_to_the_commitment(follow):
    offer = row(
        UndertakingStatement,
        "offer",
        undertaking=CONSULT,
        row_kind="offer",
        under=TREATY,
        obligor=[UK],
        beneficiary=[GERMANY],
        kind=["troop-presence"],
        modality="offered",
        status="offered",
    )
    found = follow(says(), offer, act(), turn())
    (node,) = bound(found).values()
    assert found.objects(node, "beneficiary") == {thing(UKRAINE)}
    assert found.objects(node, "modality") == {NAMES.concept("modality", "will")}
