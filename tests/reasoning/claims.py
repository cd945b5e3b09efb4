"""Claims in few words, and what follows from them with the ontology and all rules."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from pyoxigraph import NamedNode, Quad, Triple

from kg.facts.claims import Claim
from kg.facts.values import Code, Edtf, Ref, read_edtf
from kg.rdf.quads import claim_quads
from kg.reasoning import Derivations, Rule, canonical
from kg.reasoning.fixpoint import derive
from kg.terms import FOE, RDF, Names

NAMES = Names()
DAY = date(2026, 11, 24)
DATES = {"begin", "end", "as_of", "on", "membership_on"}


def row(kind: type[Claim], claim: str, /, **values: Any) -> Claim:
    """Make a row from plain texts: dates in EDTF, references with a slash, everything else a code."""
    columns = {column.name: column for column in kind.columns()}
    made: dict[str, Any] = {}
    for name, value in values.items():
        column = columns[name]
        many = value if isinstance(value, list) else [value]
        read = [_value(column.type, text) for text in many]
        made[name] = tuple(read) if column.many else read[0]
    return kind(claim=claim, recorded=DAY, **made)


def _value(kind: type, value: Any) -> Any:
    if not isinstance(value, str):
        return value
    return {Edtf: read_edtf, Ref: Ref, Code: Code}.get(kind, kind)(value)


class Follows:
    """The closure of some claims, and questions to it in slugs."""

    def __init__(self, rules: Sequence[Rule], vocabulary: Sequence[Quad], rows: Sequence[Claim]) -> None:
        quads = canonical([*vocabulary, *(quad for claim in rows for quad in claim_quads(claim, NAMES))])
        self.asserted = {quad.triple for quad in quads}
        self.derivations: Derivations = derive(self.asserted, rules)
        self.triples = self.derivations.closure(self.asserted)

    def objects(self, subject: NamedNode, name: str) -> set[Any]:
        """The objects of a property of ours."""
        return {t.object for t in self.triples if t.subject == subject and t.predicate == FOE[name]}

    def instances(self, name: str) -> set[Any]:
        """The instances of a class of ours."""
        return {t.subject for t in self.triples if t.predicate == RDF["type"] and t.object == FOE[name]}

    def rules_of(self, triple: Triple) -> set[str]:
        """The rules whose last step concludes a triple."""
        return {step.rule for step in self.derivations.steps_to(triple)}


def thing(ref: str) -> NamedNode:
    return NAMES.thing(ref)


def statement(claim: str) -> NamedNode:
    return NamedNode(f"{NAMES.claim(claim).value}#statement")
