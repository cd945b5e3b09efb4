"""What follows from what, as the ledger keeps it: inferences, the steps of the derivation table, disputes."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from pyoxigraph import NamedNode, Quad, Triple

from kg.reasoning import Inference, Reasoned
from kg.terms import FOE
from kg.views import ledger as parts
from kg.views.tables import Lists

_CLAIMANT, _CONTESTED_BY, _CONTRADICTS = (FOE[name] for name in ("claimant", "contestedBy", "contradicts"))


@dataclass(frozen=True)
class Following:
    """What was reasoned, with the numbers of all triples, in their order, and of claims, by their graphs."""

    reasoned: Reasoned
    number: Mapping[Triple, int]
    claims: Mapping[str, int]

    def inferences(self, described: Sequence[Sequence[Quad]]) -> parts.Inferences:
        """What each inference rests on and concludes; `described` is what the provenance graph says of it."""

        def claims(inference: Inference) -> list[int]:
            found = (self.claims.get(graph.value) for graph in inference.rests_on)
            return [claim for claim in found if claim is not None]

        inferences = self.reasoned.inferences
        return parts.Inferences(
            claims=Lists.of(map(claims, inferences)),
            conclusions=Lists.of([self.number[triple] for triple in each.conclusions] for each in inferences),
            described=Lists.of([self.number[quad.triple] for quad in each] for each in described),
        )

    def steps(self, base: Iterable[int]) -> parts.Steps:
        """The table of derivations, without what follows from `base`, which every view has."""
        derivations = self.reasoned.derivations
        triples = list(self.number)
        mine = [self.number[triple] for triple in derivations.triples]
        always = derivations.closure(triples[number] for number in base)
        given = bytearray(len(triples))
        for triple in always:
            given[self.number[triple]] = 1
        rows = {
            (mine[row[0]], tuple(sorted(premise for number in row[2:] if not given[premise := mine[number]])))
            for row in derivations.rows
        }
        kept = sorted(row for row in rows if row[1] and not given[row[0]])
        free = [(number, ()) for number, there in enumerate(given) if there]
        uses: dict[int, list[int]] = {}
        steps = [*free, *kept]
        for position, (_, premises) in enumerate(steps):
            for premise in premises:
                uses.setdefault(premise, []).append(position)
        used = sorted(uses)
        return parts.Steps(
            conclusion=array("I", (row[0] for row in steps)),
            premises=Lists.of(row[1] for row in steps),
            used=array("I", used),
            uses=Lists.of(uses[number] for number in used),
        )

    def disputes(self) -> parts.Disputes:
        """Pairs of claims that cannot both hold, with what says so."""
        found: set[tuple[int, int, tuple[int, ...]]] = set()
        derivations = self.reasoned.derivations
        telling = {
            number
            for number, triple in enumerate(derivations.triples)
            if triple.predicate == _CONTRADICTS or triple.predicate == _CONTESTED_BY
        }
        for row in derivations.rows:
            if row[0] not in telling:
                continue
            step = derivations.step(row)
            predicate = step.conclusion.predicate
            if predicate == _CONTRADICTS and step.rule != "prp-symp":
                ends = {self._stated(step.conclusion.subject), self._stated(step.conclusion.object)}
            elif predicate == _CONTESTED_BY:
                claiming = (premise for premise in step.premises if premise.predicate == _CLAIMANT)
                ends = {self._stated(premise.subject) for premise in claiming}
            else:
                continue
            ends.discard(None)
            if len(ends) == 2:
                one, other = sorted(end for end in ends if end is not None)
                found.add((one, other, tuple(sorted(self.number[premise] for premise in step.premises))))
        disputes = sorted(found)
        return parts.Disputes(
            one=array("I", (each[0] for each in disputes)),
            other=array("I", (each[1] for each in disputes)),
            premises=Lists.of(each[2] for each in disputes),
        )

    def _stated(self, statement: object) -> int | None:
        iri = statement.value.partition("#")[0] if isinstance(statement, NamedNode) else ""
        return self.claims.get(iri)
