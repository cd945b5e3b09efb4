"""What follows: rules read from files, run to one fixpoint, each conclusion with the graphs it rests on. Pure."""

from __future__ import annotations

from kg.reasoning.derivations import Derivation, Derivations
from kg.reasoning.fixpoint import derive
from kg.reasoning.growing import Growing
from kg.reasoning.inference import Inference
from kg.reasoning.reasoner import Deriving, Reasoned, canonical, reason
from kg.reasoning.rules import Rule, read_rules

__all__ = [
    "Derivation",
    "Derivations",
    "Deriving",
    "Growing",
    "Inference",
    "Reasoned",
    "Rule",
    "canonical",
    "derive",
    "read_rules",
    "reason",
]
