"""Whether an ontology is in OWL 2 DL, and in OWL 2 RL."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from kg.checking.owl import hierarchy
from kg.checking.owl.breach import Breach
from kg.checking.owl.dl import Dl
from kg.checking.owl.rl import Rl
from kg.checking.owl.vocabulary import Declared
from kg.validation.index import Index


def breaches(graph: Index) -> Iterator[Breach]:
    """Yield everything that takes an ontology out of OWL 2 DL, and then what takes it out of OWL 2 RL.

    What breaks DL breaks RL too, and is told once, as a breach of DL.
    """
    declared = Declared(graph)
    seen: set[Breach] = set()
    order = (Breach("DL", node, message) for node, message in hierarchy.breaches(declared))
    for breach in chain(Dl(declared).breaches(), order, Rl(declared).breaches()):
        if breach not in seen:
            seen.add(breach)
            yield breach


def profiles(graph: Index) -> frozenset[str]:
    """The profiles that an ontology keeps: DL, RL, both or none."""
    broken = {breach.profile for breach in breaches(graph)}
    if "DL" in broken:
        return frozenset()
    return frozenset({"DL"} if "RL" in broken else {"DL", "RL"})
