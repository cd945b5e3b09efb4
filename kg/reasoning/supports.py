"""Which graphs an inferred triple rests on: the smallest sets of graphs that suffice for it."""

from __future__ import annotations

from bisect import insort
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from heapq import heapify, heappop, heappush

from pyoxigraph import NamedNode, Triple

from kg.reasoning.derivations import Derivations

# Supports multiply: five steps with five claims each are 3,125. More than this many are not listed.
LIMIT = 16
STATED = -1  # in place of a rule: a graph of the support states the triple itself


@dataclass(frozen=True)
class Support:
    """One smallest set of graphs, sorted by IRI, and the rules whose last step takes exactly these."""

    graphs: tuple[NamedNode, ...]
    rules: tuple[str, ...]


@dataclass(frozen=True)
class Supports:
    """The supports by inference of one triple; `cut` says that there may be more than are listed."""

    listed: tuple[Support, ...]
    cut: bool


def minimal_supports(
    derivations: Derivations,
    stated: Mapping[Triple, Iterable[NamedNode]],
    leaves: Callable[[NamedNode], bool] = lambda _: True,
    limit: int = LIMIT,
) -> dict[Triple, Supports]:
    """Return the minimal supports of every triple that some step concludes.

    `stated` says which graphs state a triple; `leaves` whether a view may ever be without a graph:
    it may be without a claim, but never without the ontology or the register. A support is minimal
    if no other needs fewer of the graphs that may leave; of supports that need the same of these,
    the first in order counts. The order is: how many graphs may leave, how many graphs, then the IRIs.
    Supports in which a graph states the triple itself take part in this but are not returned.

    They are found in that order, as shortest paths are: a support of a conclusion is never before
    the supports of the premises that it unites, so circles of steps end, and the result does not
    depend on the order of the steps. A triple keeps its first `limit` supports, and what
    follows from it is made from those.
    """
    return _Search(derivations, stated, leaves, limit).result()


class _Search:
    """The search; graphs and supports are numbers, graphs in the order of their IRIs.

    A step with several premises is taken two at a time: a node beyond the triples stands for the
    first premises together, and like a triple it keeps no more than `limit` supports.
    """

    def __init__(
        self,
        derivations: Derivations,
        stated: Mapping[Triple, Iterable[NamedNode]],
        leaves: Callable[[NamedNode], bool],
        limit: int,
    ) -> None:
        self.derivations = derivations
        self.limit = limit
        self.graphs = sorted(
            {graph for triple in derivations.triples for graph in stated.get(triple, ())}, key=lambda graph: graph.value
        )
        self.leaving = frozenset(number for number, graph in enumerate(self.graphs) if leaves(graph))
        self.sets: list[tuple[int, ...]] = []
        self.claims: list[frozenset[int]] = []
        self.interned: dict[tuple[int, ...], int] = {}
        self.unions: dict[tuple[int, int], int] = {}
        self.steps: list[list[tuple[int, int, int]]] = []  # node → (other premise or -1, node reached, rule)
        self._read_steps()
        self.kept: list[dict[int, tuple[int, ...]]] = [{} for _ in self.steps]  # node → support → rules
        self.single = {rule: (rule,) for rule in range(STATED, len(derivations.rules))}  # most have one: they share it
        self.cut: set[int] = set()
        rank = {graph: number for number, graph in enumerate(self.graphs)}
        self.heap = [
            self._entry(self._support((rank[graph],)), node, STATED)
            for node, triple in enumerate(derivations.triples)
            for graph in stated.get(triple, ())
        ]

    def _read_steps(self) -> None:
        self.steps = [[] for _ in self.derivations.triples]
        pairs: dict[tuple[int, int], int] = {}
        for row in self.derivations.rows:
            first, *others = row[2:]
            for position, other in enumerate(others, start=1):
                if position == len(others):
                    self._step(first, other, row[0], row[1])
                    break
                if (first, other) not in pairs:
                    pairs[first, other] = len(self.steps)
                    self.steps.append([])
                    self._step(first, other, pairs[first, other], STATED)
                first = pairs[first, other]
            else:
                self.steps[first].append((-1, row[0], row[1]))

    def _step(self, one: int, other: int, reached: int, rule: int) -> None:
        self.steps[one].append((other, reached, rule))
        self.steps[other].append((one, reached, rule))

    def _support(self, graphs: tuple[int, ...]) -> int:
        number = self.interned.get(graphs)
        if number is None:
            number = self.interned[graphs] = len(self.sets)
            self.sets.append(graphs)
            self.claims.append(self.leaving.intersection(graphs))
        return number

    def _union(self, one: int, other: int) -> int:
        if one == other:
            return one
        key = (one, other) if one < other else (other, one)
        number = self.unions.get(key)
        if number is None:
            graphs = list(self.sets[one])
            for graph in self.sets[other]:
                if graph not in graphs:
                    insort(graphs, graph)
            number = self.unions[key] = self._support(tuple(graphs))
        return number

    def _entry(self, support: int, node: int, rule: int) -> tuple[int, int, tuple[int, ...], int, int, int]:
        graphs = self.sets[support]
        return len(self.claims[support]), len(graphs), graphs, support, node, rule

    def _run(self) -> None:
        heapify(self.heap)
        while self.heap:
            *_, support, node, rule = heappop(self.heap)
            kept = self.kept[node]
            if support in kept:
                if rule not in kept[support]:
                    kept[support] = (*kept[support], rule)
            elif any(self.claims[smaller] <= self.claims[support] for smaller in kept):
                continue
            elif len(kept) == self.limit:
                self.cut.add(node)
            else:
                kept[support] = self.single[rule]
                self._follow(node, support)

    def _follow(self, node: int, support: int) -> None:
        for other, reached, rule in self.steps[node]:
            if other == -1:
                heappush(self.heap, self._entry(support, reached, rule))
            else:
                for found in self.kept[other]:
                    heappush(self.heap, self._entry(self._union(support, found), reached, rule))

    def _spread_cuts(self) -> None:
        """What rests on a triple whose supports are cut may have more supports too, unless it needs no claim."""
        worklist = list(self.cut)
        while worklist:
            for _, reached, _ in self.steps[worklist.pop()]:
                certain = any(not self.claims[support] for support in self.kept[reached])
                if reached not in self.cut and not certain:
                    self.cut.add(reached)
                    worklist.append(reached)

    def result(self) -> dict[Triple, Supports]:
        self._run()
        self._spread_cuts()
        concluded = {row[0] for row in self.derivations.rows}
        return {
            self.derivations.triples[node]: Supports(self._listed(node), node in self.cut) for node in sorted(concluded)
        }

    def _listed(self, node: int) -> tuple[Support, ...]:
        return tuple(
            Support(
                tuple(self.graphs[graph] for graph in self.sets[support]),
                tuple(sorted(self.derivations.rules[rule] for rule in rules)),
            )
            for support, rules in self.kept[node].items()
            if STATED not in rules
        )
