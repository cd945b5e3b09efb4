"""From quads to conclusions: the one joint fixpoint, what each conclusion rests on, and the graphs that say so."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode, Quad, Store, Triple

from kg.errors import BuildFailed
from kg.reasoning.constructs import check_covered
from kg.reasoning.derivations import Derivations
from kg.reasoning.fixpoint import derive
from kg.reasoning.inference import Inference, inferences
from kg.reasoning.rules import Rule, describe
from kg.reasoning.supports import minimal_supports
from kg.terms import XSD, Names

Deriving = Callable[[Iterable[Triple], Sequence[Rule]], Derivations]


@dataclass(frozen=True)
class Reasoned:
    """All that follows: the table of steps, and an inference graph for each smallest set of graphs and rule."""

    derivations: Derivations
    inferences: tuple[Inference, ...]
    rules: tuple[Rule, ...]

    def quads(self, names: Names) -> Iterator[Quad]:
        """Yield the inference graphs, and what the provenance graph says about them and about the rules."""
        for inference in self.inferences:
            yield from inference.quads()
            yield from inference.provenance(names)
        yield from describe(self.rules, names)

    def within(self, quads: Iterable[Quad], names: Names) -> Reasoned:
        """Return what follows from some of the quads alone, as `reason` would, with no step found anew.

        A step from some of the triples is a step from all of them, and one from all that these reach is
        one from these: rules are monotone.
        """
        stated = _stated(quads)
        derivations = self.derivations.among(self.derivations.closure(stated))
        return Reasoned(derivations, _inferences(derivations, stated, names), self.rules)


def reason(quads: Iterable[Quad], rules: Sequence[Rule], names: Names, deriving: Deriving = derive) -> Reasoned:
    """Reason over all graphs together, current and retracted.

    `deriving` makes the table of steps; `Growing.derive` makes the same, faster where it has made one before.

    A triple that one graph states and that follows from others has inference graphs too: when the
    graph that states it is retracted, or left out of a view, the others still say why it holds, and
    nothing needs to be derived again. What a graph of the support states itself is not repeated.
    Which triples hold without some claims is `derivations.closure` of those that are left.

    Raises BuildFailed where the ontology uses what the rules do not cover, and where a literal is
    not written as stores write it; `canonical` corrects that.
    """
    kept = list(quads)
    _check(kept)
    stated = _stated(kept)
    check_covered(stated)
    derivations = deriving(stated, rules)
    return Reasoned(derivations, _inferences(derivations, stated, names), tuple(rules))


def _stated(quads: Iterable[Quad]) -> dict[Triple, tuple[NamedNode, ...]]:
    """Which graphs state a triple; triples that one graph alone states share the tuple that says so."""
    stated: dict[Triple, tuple[NamedNode, ...]] = {}
    alone: dict[NamedNode, tuple[NamedNode, ...]] = {}
    for quad in quads:
        triple, graph = quad.triple, quad.graph_name
        if isinstance(graph, NamedNode):
            others = stated.get(triple)
            stated[triple] = (*others, graph) if others else alone.setdefault(graph, (graph,))
    return stated


def _inferences(
    derivations: Derivations, stated: Mapping[Triple, Iterable[NamedNode]], names: Names
) -> tuple[Inference, ...]:
    claims = f"{names.base}id/claim/"
    supports = minimal_supports(derivations, stated, leaves=lambda graph: graph.value.startswith(claims))
    return inferences(supports, names)


def canonical(quads: Iterable[Quad]) -> list[Quad]:
    """Return the quads with literals as the store writes them: `1.50` is `1.5`, `P12M` is `P1Y`.

    The store keeps the value, not the text, so a set of triples made from a store and one made
    from files are equal only if the literals were written so from the start.
    """
    kept = list(quads)
    other = _rewritten(kept)
    if not other:
        return kept
    return [
        Quad(quad.subject, quad.predicate, other.get(quad.object, quad.object), quad.graph_name)
        if isinstance(quad.object, Literal)
        else quad
        for quad in kept
    ]


def _rewritten(quads: Sequence[Quad]) -> dict[object, Literal]:
    literals = {quad.object for quad in quads if isinstance(quad.object, Literal)}
    plain = XSD["string"]
    numbered = {
        NamedNode(f"urn:foedus:{number}"): literal
        for number, literal in enumerate(sorted(literals, key=str))
        if literal.datatype != plain
    }
    store = Store()
    store.extend(Quad(name, name, literal) for name, literal in numbered.items())
    read = ((numbered[quad.predicate], quad.object) for quad in store)
    return {before: after for before, after in read if before != after and isinstance(after, Literal)}


def _check(quads: Sequence[Quad]) -> None:
    for before, after in sorted(_rewritten(quads).items(), key=str):
        raise BuildFailed(f"the store would write {before} as {after}; write it so from the start")
