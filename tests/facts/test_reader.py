"""A bad row stops the reading with every mistake placed; good rows come back typed."""

from datetime import date
from pathlib import Path

import pytest

from kg.errors import BadFacts
from kg.facts.membership import Membership
from kg.facts.reader import read_tables

CODES = {
    "membership-role": {"full-member", "observer"},
    "certainty": {"verified", "remembered"},
    "assertion": {"stated", "reported"},
    "source-type": {"news"},
    "acceptance": {"own-claims", "published-claims"},
}
GOOD = {
    "things/all.csv": (
        "id,type,name,recorded\n"
        "organisation/nato,Alliance,North Atlantic Treaty Organization,2026-11-24\n"
        "polity/germany,Polity,Germany,2026-11-24\n"
    ),
    "sources/all.csv": (
        "id,title,publisher,published,address,mirror,source_type,recorded\n"
        "source/list,A list,A publisher,2023,https://example.org/list,false,news,2026-11-24\n"
    ),
    "memberships/all.csv": (
        "claim,recorded,organisation,member,role,begin,end\n"
        "germany-in-nato,2026-11-24,organisation/nato,polity/germany,full-member,1955-05-06,\n"
    ),
    "attestations/all.csv": (
        "id,claim,source,certainty,assertion,recorded\n"
        "germany-in-nato-list,claim/germany-in-nato,source/list,verified,stated,2026-11-24\n"
    ),
    "viewpoints/all.csv": (
        "id,name,accepts,viewpoint_of,accepted_publisher,recorded\n"
        "viewpoint/germany,Germany,own-claims,polity/germany,,2026-11-24\n"
        "viewpoint/publisher,A publisher,published-claims,,A publisher,2026-11-24\n"
    ),
}


@pytest.fixture
def tables(tmp_path):
    def write(changes: dict[str, tuple[str, str]] | None = None) -> Path:
        for name, text in GOOD.items():
            old, new = (changes or {}).get(name, ("", ""))
            assert old in text
            path = tmp_path / name
            path.parent.mkdir(exist_ok=True)
            path.write_text(text.replace(old, new, 1) if old else text + new, encoding="utf-8")
        return tmp_path

    return write


def faults(folder: Path) -> list[str]:
    with pytest.raises(BadFacts) as caught:
        read_tables(folder, CODES)
    return [str(fault) for fault in caught.value.faults]


def test_good_rows_come_back_typed(tables):
    facts = read_tables(tables(), CODES)
    (claim,) = facts.claims
    assert isinstance(claim, Membership)
    assert claim.begin is not None
    assert claim.begin.earliest == date(1955, 5, 6)
    assert claim.matter == "nato_germany"
    assert claim.end is None
    assert len(facts.things) == 2
    assert [viewpoint.accepts for viewpoint in facts.viewpoints] == [("own-claims",), ("published-claims",)]


@pytest.mark.parametrize(
    ("file", "old", "new", "cell", "says", "remedy"),
    [
        ("memberships/all.csv", "full-member", "ful-member", "2:5", "not in the scheme", "did you mean full-member?"),
        ("memberships/all.csv", "1955-05-06", "1955-05-36", "2:6", "day of the calendar", "as its column"),
        ("memberships/all.csv", "polity/germany", "polity/germani", "2:4", "not defined", "did you mean polity/germ"),
        ("memberships/all.csv", "polity/germany", "source/list", "2:4", "cannot name a source", "polity"),
        ("memberships/all.csv", "1955-05-06,", "1955-05-06,1954", "2:7", "on no reading", "check both"),
        ("memberships/all.csv", ",role,", ",rôle,", "1:5", "no column", "role"),
        ("memberships/all.csv", "full-member", "", "2:5", "role is empty", "fill it in"),
        ("memberships/all.csv", "germany-in-nato,", "Germany_in_NATO,", "2:1", "not a slug", "another id"),
        ("attestations/all.csv", "source/list", "source/zzz", "2:3", "not defined", "add source/zzz"),
        (
            "attestations/all.csv",
            "germany-in-nato-list,claim/germany-in-nato",
            "x,claim/y",
            "2:2",
            "not defined",
            "add",
        ),
        ("sources/all.csv", "https://", "", "2:5", "not an address", "as its column"),
        ("viewpoints/all.csv", "viewpoint/germany", "polity/france", "2:1", "does not begin with viewpoint/", "write"),
        ("viewpoints/all.csv", "own-claims,polity/germany", "own-claims,", "2:3", "needs viewpoint_of", "fill in"),
        ("viewpoints/all.csv", ",,A publisher", ",,A publishr", "3:5", "no source is published", "did you mean A pub"),
        ("things/all.csv", "Alliance", "Polity", "2:2", "is not a Polity", "Alliance"),
        ("things/all.csv", "polity/germany", "organisation/nato", "3:1", "defined already", "another id"),
        ("things/all.csv", "Germany,", '"Germany,', "3:3", "never closed", "close or double"),
        ("things/all.csv", "Germany,", "Germany", "3:1", "3 cells where there are 4", "commas"),
    ],
)
def test_a_bad_cell_is_placed_and_explained(tables, file, old, new, cell, says, remedy):
    folder = tables({file: (old, new)})
    line, number = map(int, cell.split(":"))
    before = (folder / file).read_text(encoding="utf-8").splitlines()[line - 1].split(",")[: number - 1]
    place = f"{line}:{sum(len(text) + 1 for text in before) + 1}"
    found = faults(folder)
    placed = [fault for fault in found if fault.startswith(f"{file}:{place}:")]
    assert placed, found
    assert says in placed[0]
    assert remedy in placed[0]


@pytest.mark.parametrize("file", ["memberships/all.csv", "sources/all.csv", "things/all.csv", "attestations/all.csv"])
def test_one_bad_cell_is_one_fault(tables, file):
    assert len(faults(tables({file: ("2026-11-24", "2026-11-31")}))) == 1


def test_a_claim_without_source_is_a_fault(tables):
    row = "orphan,2026-11-24,organisation/nato,polity/germany,observer,,\n"
    assert faults(tables({"memberships/all.csv": ("", row)})) == [
        "memberships/all.csv:3:1: no source for orphan; add an attestation of claim/orphan"
    ]


def test_every_mistake_is_listed_at_once(tables):
    folder = tables({"memberships/all.csv": ("full-member", "x"), "sources/all.csv": ("news", "nws")})
    (folder / "membership").mkdir()
    texts = faults(folder)
    assert any("this folder is not a table; did you mean memberships?" in text for text in texts)
    assert any(text.startswith("sources/all.csv:2:") and "did you mean news?" in text for text in texts)
    assert len(texts) >= 3


def test_an_interval_need_only_have_one_reading(tables):
    folder = tables({"memberships/all.csv": ("1955-05-06,", "1955-05,1955")})
    assert len(read_tables(folder, CODES).claims) == 1
