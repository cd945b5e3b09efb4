"""Inference graphs: what follows from one set of graphs by one rule, and what is said about it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256

from pyoxigraph import Literal, NamedNode, Quad, Triple

from kg.reasoning.supports import Supports
from kg.terms import FOE, PROV, RDF, Names


@dataclass(frozen=True)
class Inference:
    """The triples whose last step is by one rule, from one smallest set of graphs.

    `cut` says that one of them has, or may have, more supports than there are inference graphs for.
    """

    graph: NamedNode
    rule: NamedNode
    rests_on: tuple[NamedNode, ...]
    conclusions: tuple[Triple, ...]
    cut: bool

    def quads(self) -> Iterator[Quad]:
        """Yield the conclusions, in the inference's own graph."""
        for triple in self.conclusions:
            yield Quad(triple.subject, triple.predicate, triple.object, self.graph)

    def provenance(self, names: Names) -> Iterator[Quad]:
        """Yield what the provenance graph says about the inference."""
        about = names.provenance
        yield Quad(self.graph, RDF["type"], FOE["Inference"], about)
        yield Quad(self.graph, RDF["type"], PROV["Entity"], about)
        yield Quad(self.graph, FOE["rule"], self.rule, about)
        for graph in self.rests_on:
            yield Quad(self.graph, PROV["wasDerivedFrom"], graph, about)
        if self.cut:
            yield Quad(self.graph, FOE["supportsCut"], Literal(True), about)


def inferences(supports: Mapping[Triple, Supports], names: Names) -> tuple[Inference, ...]:
    """Gather the conclusions by rule and support, sorted by the graph's IRI."""
    gathered: dict[tuple[str, tuple[NamedNode, ...]], list[Triple]] = {}
    for triple, found in supports.items():
        for support in found.listed:
            for rule in support.rules:
                gathered.setdefault((rule, support.graphs), []).append(triple)
    made = (
        Inference(
            graph=names.inference(digest(rule, graphs)),
            rule=names.rule(rule),
            rests_on=graphs,
            conclusions=tuple(sorted(conclusions, key=str)),
            cut=any(supports[triple].cut for triple in conclusions),
        )
        for (rule, graphs), conclusions in gathered.items()
    )
    return tuple(sorted(made, key=lambda inference: inference.graph.value))


def digest(rule: str, graphs: Iterable[NamedNode]) -> str:
    """Return the name of an inference: 32 hex digits of the SHA-256 of the rule and the sorted IRIs, one a line."""
    lines = [rule, *sorted(graph.value for graph in graphs)]
    return sha256("\n".join(lines).encode()).hexdigest()[:32]
