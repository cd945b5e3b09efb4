"""What a view says: the triples of its merge, its named graphs, and how many claims it has, presumes and leaves out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from kg.views.closure import disputes, reach
from kg.views.holding import Held, hold
from kg.views.ledger import Ledger
from kg.views.view import View
from kg.views.viewpoints import Decision, decide


@dataclass
class Content:
    """The content of one view of a ledger, worked out as it is asked for."""

    ledger: Ledger
    view: View

    @cached_property
    def _before(self) -> Held:
        """What the view has before its viewpoints decide."""
        return hold(self.ledger, self.view)

    @cached_property
    def decision(self) -> Decision:
        """What the viewpoints decide; nothing where there is none."""
        if not self.view.pov:
            return Decision(frozenset(), frozenset(), frozenset())
        pairs = disputes(self.ledger, self._follow(self._before), self._before.claims)
        return decide(self.ledger, self._before, pairs, self.view.pov, dated=self.view.valid_at is not None)

    @cached_property
    def held(self) -> Held:
        """The claims and attestations that the view has."""
        return self._before.without(set(self.decision.excluded), self.ledger) if self.view.pov else self._before

    @cached_property
    def _sources(self) -> list[int]:
        """The sources that an attestation or a claim of the view names, and those that they repeat."""
        of, repeats = self.ledger.attestations.source, self.ledger.sources.repeats
        found = {of[number] for number in self.held.attestations}
        found.update(self.ledger.claims.sources.of_all(self.held.claims))
        waiting = list(found)
        while waiting:
            before = repeats[waiting.pop()]
            if before >= 0 and before not in found:
                found.add(before)
                waiting.append(before)
        return sorted(found)

    @cached_property
    def _things(self) -> list[int]:
        """The entries of the register: those of which something in the view speaks, and those of which nothing does."""
        return self._things_of(self.held)

    def _things_of(self, held: Held) -> list[int]:
        things = self.ledger.things
        day = self.view.recorded_at.toordinal() if self.view.recorded_at else 0
        found = set(self.ledger.claims.things.of_all(held.claims))
        found.update(self.ledger.attestations.parties.of_all(held.attestations))
        found.update(
            number
            for number, spoken in enumerate(things.spoken)
            if not spoken and not 0 < day < things.recorded[number]
        )
        return sorted(found)

    def _follow(self, held: Held) -> bytearray:
        """Flag what a set of claims states, with the register, and what follows; enough to find disputes."""
        flags = bytearray(len(self.ledger.plain))
        _flag(flags, self.ledger.base)
        _flag(flags, self.ledger.claims.own.of_all(held.claims))
        _flag(flags, self.ledger.things.own.of_all(self._things_of(held)))
        reach(self.ledger.steps, flags)
        return flags

    @cached_property
    def _reached(self) -> bytearray:
        flags = bytearray(len(self.ledger.plain))
        _flag(flags, self.ledger.base)
        for _, triples in self._stated():
            _flag(flags, triples)
        reach(self.ledger.steps, flags)
        return flags

    @cached_property
    def merge(self) -> bytearray:
        """The triples of the merge, as flags by number."""
        flags = bytearray(self._reached)
        _flag(flags, self.ledger.inferences.described.of_all(self._inferences))
        return flags

    @cached_property
    def _inferences(self) -> list[int]:
        """The inference graphs that rest on claims of the view only, and conclude something in it."""
        claims, inferences, reached = self.held.claims, self.ledger.inferences, self._reached
        return [
            number
            for number, rests_on in enumerate(inferences.claims)
            if claims.issuperset(rests_on) and any(reached[triple] for triple in inferences.conclusions[number])
        ]

    def _stated(self) -> Iterator[tuple[str, Iterator[int]]]:
        """Yield graphs, and what each states, but for the base; a graph may come in several parts."""
        ledger, held, names = self.ledger, self.held, self.ledger.names
        base = names["iri"][0]
        provenance, register = f"{base}id/graph/provenance", f"{base}id/dataset/register"
        day = self.view.recorded_at.toordinal() if self.view.recorded_at else 0
        for number in sorted(held.claims):
            own = iter(ledger.claims.own[number])
            if number in held.unconfirmed:
                cut = set(ledger.claims.confirmed[number])
                own = iter([triple for triple in own if triple not in cut])
            yield f"{base}id/claim/{names['claims'][number]}", own
        yield provenance, ledger.claims.described.of_all(held.claims)
        yield provenance, ledger.attestations.own.of_all(held.attestations)
        yield provenance, ledger.sources.own.of_all(self._sources)
        retracted = (number for number in self._sources if _gone(ledger.sources.retracted[number], day))
        yield provenance, ledger.sources.taken_back.of_all(retracted)
        yield register, ledger.things.own.of_all(self._things)
        deprecated = (number for number in self._things if _gone(ledger.things.retracted[number], day))
        yield register, ledger.things.taken_back.of_all(deprecated)

    def quads(self) -> Iterator[tuple[str, Iterator[int]]]:
        """Yield the named graphs with the numbers of their triples; a graph may come in several parts."""
        ledger = self.ledger
        provenance = f"{ledger.names['iri'][0]}id/graph/provenance"
        for graph, triples in zip(ledger.names["base"], ledger.base_graphs, strict=True):
            yield graph, iter(triples)
        yield from self._stated()
        for number in self._inferences:
            conclusions = ledger.inferences.conclusions[number]
            yield ledger.names["inferences"][number], iter([triple for triple in conclusions if self._reached[triple]])
            yield provenance, iter(ledger.inferences.described[number])

    def counts(self) -> dict[str, int]:
        """How many claims the view has, presumes, leaves out and leaves undecided, by reason."""
        held, decision = self.held, self.decision
        all_claims = len(self.ledger.claims.kind)
        counts = {
            "claims": len(held.claims),
            "presumed to hold": len(held.presumed_valid),
            "presumed known": len(held.presumed_known),
            "excluded": all_claims - len(held.claims),
            **{f"excluded: {reason}": count for reason, count in sorted(held.excluded.items())},
        }
        if self.view.pov:
            counts |= {
                "excluded: viewpoint": len(self._before.claims) - len(held.claims),
                "accepted": len(decision.accepted),
                "undecided": len(decision.undecided),
            }
        return counts


def _flag(flags: bytearray, numbers: Iterable[int]) -> None:
    for number in numbers:
        flags[number] = 1


def _gone(retracted: int, day: int) -> bool:
    """Whether something retracted had been retracted by a day; without one, it has."""
    return 0 < retracted <= day if day else bool(retracted)
