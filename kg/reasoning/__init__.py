"""What follows: rules read from files, run to one fixpoint, each conclusion with the graphs it rests on. Pure."""

from __future__ import annotations

from kg.reasoning.derivations import Derivation, Derivations
from kg.reasoning.inference import Inference
from kg.reasoning.reasoner import Reasoned, canonical, reason
from kg.reasoning.rules import Rule, read_rules

__all__ = ["Derivation", "Derivations", "Inference", "Reasoned", "Rule", "canonical", "read_rules", "reason"]
