"""Views of the whole graph, each beside a graph built anew from the rows that the view has by definition.

    python -m tests.views.equality [how many views] [seed]

Most views are of a date at random on one axis or on both, some from a viewpoint or by their evidence. Each takes about
ten seconds. Whatever differs is told, and the end is then 1.
"""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Iterator
from datetime import date, timedelta

from kg.assets import find
from kg.reasoning import read_rules
from kg.views.content import Content
from kg.views.quads import named
from kg.views.view import View
from tests.views.booking import NAMES, book, real_facts
from tests.views.oracle import Rebuilt, reasoned_within, rebuilt_view

VIEWPOINTS = ("ukraine", "russia", "de-facto", "un-ga", "china", "united-states", "wikipedia", "maldives", "serbia")

SHOWN = 12
"""How many differences of one view are shown."""


def views(seed: int) -> Iterator[View]:
    """Views at random, without end."""
    dice = random.Random(seed)

    def day(first: int) -> date:
        return date(first, 1, 1) + timedelta(days=dice.randrange((2028 - first) * 365))

    while True:
        asked: dict[str, object] = {}
        axes = dice.choice(("known", "valid", "both", "both"))
        if axes != "valid":
            asked["known_at"] = day(2010)
        if axes != "known":
            asked |= {"valid_at": day(1940), "possible": dice.random() < 0.3}
        if dice.random() < 0.3:
            asked["pov"] = tuple(sorted(dice.sample(VIEWPOINTS, dice.choice((1, 1, 2)))))
        if dice.random() < 0.2:
            asked |= dice.choice(({"minimum": 2}, {"verified": True}, {"excluded": ("publisher/wikipedia",)}))
        yield View(**asked)  # type: ignore[arg-type]


def differences(content: Content, expected: Rebuilt, texts: list[bytes]) -> list[str]:
    """What only the view (-) or only the graph built anew (+) has: claims, triples of the merge, quads of graphs."""
    names = content.ledger.names["claims"]
    quads = [*expected.asserted, *expected.reasoned.quads(NAMES)]
    pairs: list[tuple[set[str], set[str]]] = [
        ({names[number] for number in content.held.claims}, {row.claim for row in expected.facts.claims}),
        (
            {text.decode() for text, there in zip(texts, content.merge, strict=True) if there},
            {str(triple) for triple in expected.merge},
        ),
        (
            {f"{texts[number].decode()} {graph}" for graph, numbers in named(content) for number in numbers},
            {f"{quad.triple} {quad.graph_name.value}" for quad in quads},
        ),
    ]
    return [
        f"{sign} {each}"
        for view, anew in pairs
        for sign, only in (("-", view - anew), ("+", anew - view))
        for each in sorted(only)
    ]


def main() -> None:
    """Compare, and print each view with how many claims it has."""
    count, seed = (int(sys.argv[place]) if len(sys.argv) > place else usual for place, usual in ((1, 20), (2, 1)))
    facts, differ = real_facts(), 0
    booked = book(facts, read_rules(find().queries_in("rules"), NAMES))
    for number, view in zip(range(1, count + 1), views(seed), strict=False):
        began = time.monotonic()
        content = Content(booked.ledger, view)
        found = differences(content, rebuilt_view(facts, view, reasoned_within(booked.reasoned)), booked.texts)
        differ += bool(found)
        told = f"{number}: {view}: {len(content.held.claims):,} of {len(facts.claims):,} claims"
        told += f", {len(found)} statements differ" if found else ", the same"
        sys.stdout.write(f"{told} ({time.monotonic() - began:.0f} s)\n")
        sys.stdout.writelines(f"    {each}\n" for each in found[:SHOWN])
        sys.stdout.flush()
    sys.exit(differ > 0)


if __name__ == "__main__":
    main()
