"""What is outside a profile."""

from __future__ import annotations

from dataclasses import dataclass

from rdflib.term import Node


@dataclass(frozen=True)
class Breach:
    """What is outside a profile: at which node, by which predicate, and why. What breaks DL breaks RL."""

    profile: str
    node: Node
    message: str
    predicate: Node | None = None
