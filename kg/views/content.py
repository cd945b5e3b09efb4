"""What a view says: the quads that are in it, and how many claims it has, presumes and leaves out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from kg.views.closure import disputes, reach
from kg.views.holding import Held, hold
from kg.views.ledger import Ledger
from kg.views.tables import Column, Flags, Numbers, flags, numbers
from kg.views.view import View
from kg.views.viewpoints import Decision, decide


@dataclass
class Content:
    """The content of one view of a ledger, worked out as it is asked for. Flags say what is in it, by number."""

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
        pairs = disputes(self.ledger, self._follow(self._before), self.flagged(self._before.claims))
        return decide(self.ledger, self._before, pairs, self.view.pov, dated=self.view.valid_at is not None)

    @cached_property
    def held(self) -> Held:
        """The claims and attestations that the view has."""
        return self._before.without(set(self.decision.excluded), self.ledger) if self.view.pov else self._before

    def flagged(self, claims: Iterable[int]) -> Flags:
        """Claims as flags."""
        return flags(len(self.ledger.claims.kind), _numbers(claims))

    @cached_property
    def claims(self) -> Flags:
        """The claims of the view."""
        return self.flagged(self.held.claims)

    @cached_property
    def own(self) -> Flags:
        """Which triples of the graphs of claims are there, by their place in the ledger's list of all of them."""
        claims = self.ledger.claims
        there = flags(len(claims.own.items), claims.own.places_of_all(np.flatnonzero(self.claims)))
        unconfirmed = _numbers(self.held.unconfirmed)
        places = claims.own.places_of_all(unconfirmed)
        cut = np.isin(numbers(claims.own.items)[places], claims.confirmed.of_all(unconfirmed))
        there[places[cut]] = False
        return there

    @cached_property
    def _sources(self) -> Numbers:
        """The sources that an attestation or a claim of the view names, and those that they repeat."""
        of, repeats = numbers(self.ledger.attestations.source), self.ledger.sources.repeats
        found = {*of[_numbers(self.held.attestations)].tolist()}
        found.update(self.ledger.claims.sources.of_all(np.flatnonzero(self.claims)).tolist())
        waiting = list(found)
        while waiting:
            before = repeats[waiting.pop()]
            if before >= 0 and before not in found:
                found.add(before)
                waiting.append(before)
        return _numbers(found)

    @cached_property
    def _things(self) -> Numbers:
        return self._things_of(self.held)

    def _things_of(self, held: Held) -> Numbers:
        """The entries of the register: those of which something in the view speaks, and those of which nothing does."""
        things = self.ledger.things
        there = (numbers(things.spoken) == 0) & ~self._later(things.recorded)
        there[self.ledger.claims.things.of_all(_numbers(held.claims))] = True
        there[self.ledger.attestations.parties.of_all(_numbers(held.attestations))] = True
        return np.flatnonzero(there)

    def _later(self, recorded: Column) -> Flags:
        """What was recorded after the day of the view; without one, nothing was."""
        day = self.view.recorded_at.toordinal() if self.view.recorded_at else 0
        return np.greater(numbers(recorded), day) if day else np.zeros(len(recorded), np.bool_)

    def _gone(self, rows: Numbers, retracted: Column) -> Numbers:
        """Those of some rows that had been retracted by the day of the view; without one, that have been."""
        there = numbers(retracted)[rows]
        kept: Numbers = rows[(there > 0) & ~self._later(retracted)[rows]]
        return kept

    def _follow(self, held: Held) -> Flags:
        """Flag what a set of claims states, with the register, and what follows; enough to find disputes."""
        found = flags(len(self.ledger.plain), numbers(self.ledger.base))
        found[self.ledger.claims.own.of_all(_numbers(held.claims))] = True
        found[self.ledger.things.own.of_all(self._things_of(held))] = True
        reach(self.ledger.steps, found)
        return found

    @cached_property
    def _told(self) -> Flags:
        """The triples that the provenance graph states, but for those about inferences."""
        ledger, held, sources = self.ledger, self.held, self._sources
        told = np.zeros(len(ledger.plain), np.bool_)
        told[ledger.claims.described.of_all(np.flatnonzero(self.claims))] = True
        told[ledger.attestations.own.of_all(_numbers(held.attestations))] = True
        told[ledger.sources.own.of_all(sources)] = True
        told[ledger.sources.taken_back.of_all(self._gone(sources, ledger.sources.retracted))] = True
        return told

    @cached_property
    def register(self) -> Flags:
        """The triples that the register states."""
        things = self.ledger.things
        told = flags(len(self.ledger.plain), things.own.of_all(self._things))
        told[things.taken_back.of_all(self._gone(self._things, things.retracted))] = True
        return told

    @cached_property
    def _reached(self) -> Flags:
        found: Flags = self._told | self.register
        found[numbers(self.ledger.base)] = True
        found[numbers(self.ledger.claims.own.items)[self.own]] = True
        reach(self.ledger.steps, found)
        return found

    @cached_property
    def conclusions(self) -> Flags:
        """Which conclusions the inference graphs have, by their place in the ledger's list of all of them.

        An inference graph is there where it rests on claims of the view only, and concludes something in it.
        """
        inferences = self.ledger.inferences
        there = self._reached[numbers(inferences.conclusions.items)]
        both: Flags = there & np.repeat(self._founded, inferences.conclusions.sizes)
        return both

    @cached_property
    def _founded(self) -> Flags:
        """The inference graphs that rest on claims of the view only."""
        rests_on = self.ledger.inferences.claims
        found: Flags = rests_on.how_many(~self.claims[numbers(rests_on.items)]) == 0
        return found

    @cached_property
    def _described(self) -> Numbers:
        """The triples that say how the inference graphs of the view came about."""
        inferences = self.ledger.inferences
        there = inferences.conclusions.how_many(self.conclusions) > 0
        return inferences.described.of_all(np.flatnonzero(there))

    @cached_property
    def provenance(self) -> Flags:
        """The triples that the provenance graph states."""
        told = self._told.copy()
        told[self._described] = True
        return told

    @cached_property
    def merge(self) -> Flags:
        """The triples of the merge."""
        found = self._reached.copy()
        found[self._described] = True
        return found

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


def _numbers(found: Iterable[int]) -> Numbers:
    return np.array(sorted(found), np.int64)
