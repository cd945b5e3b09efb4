"""From rows, quads and steps to the ledger of a generation."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Sequence
from itertools import chain

from pyoxigraph import NamedNode, Quad, Triple

from kg.facts.claims import Lasting
from kg.facts.evidence import SourceComparison
from kg.facts.tables import Facts
from kg.rdf import attestation_links
from kg.reasoning import Reasoned
from kg.reasoning.rules import describe
from kg.terms import FOE, PROV, Names, slugify
from kg.views import ledger as parts
from kg.views.following import Following
from kg.views.ledger import REMEMBERED, VERIFIED, Ledger
from kg.views.rows import dates_of, event, ordinal, stances, viewpoint
from kg.views.tables import Lists

_LINKS = (PROV["hadPrimarySource"], PROV["qualifiedPrimarySource"], PROV["wasAttributedTo"])
_TAKEN_BACK = (FOE["retracted"], PROV["invalidatedAtTime"])
_AS_OF = FOE["asOf"]
_DEPRECATED = "http://www.w3.org/2002/07/owl#deprecated"


def entries(
    facts: Facts, asserted: Iterable[Quad], reasoned: Reasoned, plain: Iterable[Triple], names: Names
) -> tuple[Ledger, list[bytes]]:
    """Return the ledger and the texts of its triples.

    `asserted` are the quads of all rows, of retracted ones too, `reasoned` is what follows from all of
    them together, `plain` the merge of what is current.
    """
    return _Bookkeeping(facts, list(asserted), reasoned, names).ledger(plain)


class _Bookkeeping:
    """Numbers everything, and sorts the quads by the row that they are there for."""

    def __init__(self, facts: Facts, asserted: Sequence[Quad], reasoned: Reasoned, names: Names) -> None:
        self.facts, self.reasoned, self.base_iri = facts, reasoned, names.base
        self.claims = sorted(facts.claims, key=lambda row: row.claim)
        self.attestations = sorted(facts.attestations, key=lambda row: row.id)
        self.sources = sorted(facts.sources, key=lambda row: row.id)
        self.things = sorted(facts.things, key=lambda row: row.id)
        self.publishers = sorted({slugify(row.publisher) for row in self.sources})
        by_id = {row.id: row for row in self.sources}
        links = [attestation_links(row, by_id[row.source], names) for row in self.attestations]
        described = [list(inference.provenance(names)) for inference in reasoned.inferences]
        rules = [quad.triple for quad in describe(reasoned.rules, names)]
        self.number: dict[Triple, int] = {}
        for triple in chain(
            reasoned.derivations.triples,
            (quad.triple for quad in asserted),
            chain.from_iterable(links),
            (quad.triple for each in described for quad in each),
            rules,
        ):
            self.number.setdefault(triple, len(self.number))
        self.triples = list(self.number)
        self.texts = [str(triple).encode() for triple in self.triples]
        self.place = {
            **{f"{names.base}id/claim/{row.claim}": ("claim", place) for place, row in enumerate(self.claims)},
            **{f"{names.base}id/attestation/{row.id}": ("att", place) for place, row in enumerate(self.attestations)},
            **{f"{names.base}id/{row.id}": ("source", place) for place, row in enumerate(self.sources)},
            **{f"{names.base}id/{row.id}": ("thing", place) for place, row in enumerate(self.things)},
            **{f"{names.base}id/publisher/{slug}": ("publisher", place) for place, slug in enumerate(self.publishers)},
        }
        self.sorted: dict[tuple[str, int], list[int]] = {}
        self.base: dict[NamedNode, list[int]] = {}
        self._sort(asserted, names)
        always = self.base.setdefault(names.provenance, [])
        always.extend({self.number[triple] for triple in rules} - set(always))
        self.links = [[self.number[triple] for triple in each] for each in links]
        self.described = described

    def _sort(self, asserted: Iterable[Quad], names: Names) -> None:
        tables = {names.provenance, names.register}
        for quad in asserted:
            graph, subject, triple = quad.graph_name, quad.subject, quad.triple
            assert isinstance(graph, NamedNode)
            if graph in tables:
                place = self.place.get(subject.value) if isinstance(subject, NamedNode) else None
                if place is None:
                    self.base.setdefault(graph, []).append(self.number[triple])
                elif place[0] != "claim" or quad.predicate not in _LINKS:
                    self.sorted.setdefault(place, []).append(self.number[triple])
            elif (place := self.place.get(graph.value)) is not None:
                self.sorted.setdefault(("graph", place[1]), []).append(self.number[triple])
            else:
                self.base.setdefault(graph, []).append(self.number[triple])

    def _split(self, kind: str, count: int, taken_back: Callable[[Triple], bool]) -> tuple[Lists, Lists]:
        """The triples of every row of a kind: those that it always has, and those that say it was taken back."""
        stays, goes = [], []
        for place in range(count):
            numbers = self.sorted.get((kind, place), ())
            back = {number for number in numbers if taken_back(self.triples[number])}
            stays.append(sorted(number for number in numbers if number not in back))
            goes.append(sorted(back))
        return Lists.of(stays), Lists.of(goes)

    def ledger(self, plain: Iterable[Triple]) -> tuple[Ledger, list[bytes]]:
        base = array("I", sorted({number for numbers in self.base.values() for number in numbers}))
        graphs = sorted(self.base, key=lambda graph: graph.value)
        claims = {graph: number for graph, (kind, number) in self.place.items() if kind == "claim"}
        following = Following(self.reasoned, self.number, claims)
        ledger = Ledger(
            names={
                "claims": [row.claim for row in self.claims],
                "attestations": [row.id for row in self.attestations],
                "sources": [row.id for row in self.sources],
                "things": [row.id for row in self.things],
                "publishers": [f"publisher/{slug}" for slug in self.publishers],
                "inferences": [inference.graph.value for inference in self.reasoned.inferences],
                "base": [graph.value for graph in graphs],
                "iri": [self.base_iri],
            },
            viewpoints=[viewpoint(row) for row in self.facts.viewpoints if row.retracted is None],
            stances=stances(self.claims),
            claims=self._claims(),
            attestations=self._attestations(),
            sources=self._sources(),
            things=self._things(),
            inferences=following.inferences(self.described),
            steps=following.steps(base),
            disputes=following.disputes(),
            base_graphs=Lists.of(sorted(self.base[graph]) for graph in graphs),
            base=base,
            plain=array("B", (0,)) * len(self.texts),
        )
        for triple in plain:
            ledger.plain[self.number[triple]] = 1
        return ledger, self.texts

    def _claims(self) -> parts.Claims:
        place = {row.claim: number for number, row in enumerate(self.claims)}
        dates = [dates_of(row) for row in self.claims]
        described, taken_back = self._split("claim", len(self.claims), lambda triple: triple.predicate in _TAKEN_BACK)
        graphs = [self.sorted.get(("graph", number), ()) for number in range(len(self.claims))]
        cut = [isinstance(row, Lasting) for row in self.claims]
        return parts.Claims(
            kind=array("B", (each[0] for each in dates)),
            begin_earliest=array("i", (each[1] for each in dates)),
            begin_latest=array("i", (each[2] for each in dates)),
            end_earliest=array("i", (each[3] for each in dates)),
            end_latest=array("i", (each[4] for each in dates)),
            as_of=array("i", (each[5] for each in dates)),
            event=array("i", (event(row) for row in self.claims)),
            recorded=array("i", (ordinal(row.recorded) for row in self.claims)),
            retracted=array("i", (ordinal(row.retracted) for row in self.claims)),
            about=array(
                "i", (place[row.compares.slug] if isinstance(row, SourceComparison) else -1 for row in self.claims)
            ),
            own=Lists.of(map(sorted, graphs)),
            confirmed=Lists.of(
                [number for number in numbers if lasting and self.triples[number].predicate == _AS_OF]
                for lasting, numbers in zip(cut, graphs, strict=True)
            ),
            described=described,
            taken_back=taken_back,
            things=Lists.of(self._mentioned(numbers, "thing") for numbers in graphs),
            sources=Lists.of(self._mentioned(numbers, "source") for numbers in graphs),
        )

    def _mentioned(self, numbers: Iterable[int], kind: str) -> list[int]:
        found = set()
        for number in numbers:
            triple = self.triples[number]
            for term in (triple.subject, triple.object):
                if isinstance(term, NamedNode) and (place := self.place.get(term.value)) and place[0] == kind:
                    found.add(place[1])
        return sorted(found)

    def _attestations(self) -> parts.Attestations:
        claims = {f"claim/{row.claim}": number for number, row in enumerate(self.claims)}
        sources = {row.id: number for number, row in enumerate(self.sources)}
        published = {row.id: row.published for row in self.sources}
        things = {row.id: number for number, row in enumerate(self.things)}
        own, taken_back = self._split("att", len(self.attestations), lambda triple: triple.predicate in _TAKEN_BACK)
        days = [row.reported or published[row.source] for row in self.attestations]
        return parts.Attestations(
            claim=array("I", (claims[row.claim] for row in self.attestations)),
            source=array("I", (sources[row.source] for row in self.attestations)),
            known=array("i", (ordinal(day.latest) if day else 0 for day in days)),
            certainty=array(
                "B", (VERIFIED if row.certainty == "verified" else REMEMBERED for row in self.attestations)
            ),
            recorded=array("i", (ordinal(row.recorded) for row in self.attestations)),
            retracted=array("i", (ordinal(row.retracted) for row in self.attestations)),
            parties=Lists.of(
                [things[ref] for ref in (row.speaker, row.on_behalf_of) if ref] for row in self.attestations
            ),
            own=Lists.of([*stays, *links] for stays, links in zip(own, self.links, strict=True)),
            taken_back=taken_back,
        )

    def _sources(self) -> parts.Sources:
        number = {row.id: place for place, row in enumerate(self.sources)}
        repeats = [number[row.reprint_of] if row.reprint_of else -1 for row in self.sources]
        own, taken_back = self._split("source", len(self.sources), lambda triple: triple.predicate in _TAKEN_BACK)
        publishers = [self.sorted.get(("publisher", place), []) for place in range(len(self.publishers))]
        publisher = [self.publishers.index(slugify(row.publisher)) for row in self.sources]
        return parts.Sources(
            root=array("i", (_root(place, repeats) for place in range(len(self.sources)))),
            repeats=array("i", repeats),
            publisher=array("i", publisher),
            recorded=array("i", (ordinal(row.recorded) for row in self.sources)),
            retracted=array("i", (ordinal(row.retracted) for row in self.sources)),
            own=Lists.of([*stays, *publishers[of]] for stays, of in zip(own, publisher, strict=True)),
            taken_back=taken_back,
        )

    def _things(self) -> parts.Things:
        elsewhere = self._kept_by_datasets()
        spoken = {
            number
            for place, numbers in self.sorted.items()
            if place[0] == "graph"
            for number in self._mentioned(numbers, "thing")
        }
        number = {row.id: place for place, row in enumerate(self.things)}
        spoken |= {number[ref] for row in self.attestations for ref in (row.speaker, row.on_behalf_of) if ref}
        own, taken_back = self._split("thing", len(self.things), lambda triple: triple.predicate.value == _DEPRECATED)
        return parts.Things(
            spoken=array("B", (place in spoken and place not in elsewhere for place in range(len(self.things)))),
            recorded=array("i", (ordinal(row.recorded) for row in self.things)),
            retracted=array("i", (ordinal(row.retracted) for row in self.things)),
            own=own,
            taken_back=taken_back,
        )

    def _kept_by_datasets(self) -> set[int]:
        """The things that reference data and the table of viewpoints name: every view has those whole.

        A body that gives codes is among them, so that what it is never rests on a claim that speaks of it.
        """
        return set(self._mentioned({number for numbers in self.base.values() for number in numbers}, "thing"))


def _root(place: int, repeats: Sequence[int]) -> int:
    seen = {place}
    while repeats[place] >= 0 and repeats[place] not in seen:
        place = repeats[place]
        seen.add(place)
    return place
