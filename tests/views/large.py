"""Write fact tables of any size: ours, and made-up memberships of made-up organisations beside them.

    python -m tests.views.large /tmp/large 84000
    foedus build --facts /tmp/large --into /tmp/large-graph

The members are our polities and the sources are ours, one or two to each membership, as with real ones, and most dates
are known. What the rows say is made up; nothing of them belongs in a graph that somebody reads.
"""

from __future__ import annotations

import csv
import random
import shutil
import sys
from collections.abc import Iterable
from pathlib import Path

from kg.assets import find

RECORDED = "2026-11-24"
ORGANISATION = ("id", "type", "name", "recorded")
MEMBERSHIP = ("claim", "recorded", "begin", "end", "organisation", "member", "role")
ATTESTATION = ("id", "claim", "source", "certainty", "assertion", "recorded")


def ids(folder: Path, kind: str) -> list[str]:
    """The ids of one kind that the tables of a folder define."""
    found: list[str] = []
    for file in sorted(folder.glob("*.csv")):
        with file.open(encoding="utf-8", newline="") as text:
            found.extend(row["id"] for row in csv.DictReader(text) if row["id"].startswith(f"{kind}/"))
    return found


def write(file: Path, header: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> None:
    """Write one table."""
    with file.open("w", encoding="utf-8", newline="") as text:
        csv.writer(text, lineterminator="\n").writerows([header, *rows])


def enlarge(ours: Path, folder: Path, count: int) -> None:
    """Copy our tables to a folder that is not there yet, and add `count` memberships, the same for the same count."""
    shutil.copytree(ours, folder)
    dice = random.Random(count)
    polities, sources = ids(ours / "things", "polity"), ids(ours / "sources", "source")
    organisations, memberships, attestations = [], [], []
    for number in range(count):
        nth, member = divmod(number, len(polities))
        organisation, claim = f"organisation/made-up-{nth}", f"made-up-{nth}-{member}"
        if member == 0:
            organisations.append((organisation, "Organisation", f"Made-up organisation {nth}", RECORDED))
        begin = dice.randrange(1945, 2025)
        end = str(dice.randrange(begin + 1, 2027)) if dice.random() < 0.2 else ""
        day = f"{begin}-{dice.randrange(1, 13):02}-{dice.randrange(1, 29):02}"
        memberships.append((claim, RECORDED, day, end, organisation, polities[member], "full-member"))
        for source in dice.sample(sources, dice.choice((1, 1, 2))):
            of = f"{claim}-{source.removeprefix('source/')}"
            attestations.append((of, f"claim/{claim}", source, "remembered", "stated", RECORDED))
    write(folder / "things" / "made-up.csv", ORGANISATION, organisations)
    write(folder / "memberships" / "made-up.csv", MEMBERSHIP, memberships)
    write(folder / "attestations" / "made-up.csv", ATTESTATION, attestations)


if __name__ == "__main__":
    enlarge(find().data, Path(sys.argv[1]), int(sys.argv[2]))
