"""Every edge on some walk that a property path matches between two nodes.

The path is read as a finite automaton; what can be reached from the begin and leads to the end, in the product
of graph and automaton, is on some matching walk.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode

from kg.algebra.syntax import Alternative, Link, Negated, Path, Repeat, Sequence
from kg.store.lookup import Lookup

Term: TypeAlias = NamedNode | BlankNode | Literal
Edge: TypeAlias = tuple[NamedNode | BlankNode, NamedNode, Term]
Node: TypeAlias = tuple[Term, int]
STEPS = 20_000
"""How many steps of the search are made before it is cut."""


class Walker:
    """Finds the edges of walks in one graph of a store; `graph` is None for the merge."""

    def __init__(self, store: Lookup, graphs: tuple[NamedNode, ...] | None, path: Path) -> None:
        self._store = store
        self._graphs = graphs
        self._moves: list[list[tuple[Link | Negated | None, int]]] = [[]]
        self._end = self._build(path, 0)

    def edges(self, begin: Term, end: Term) -> tuple[list[Edge], bool]:
        """The edges, sorted, and whether the search was cut."""
        start: Node = (begin, 0)
        seen = {start}
        came: dict[Node, list[tuple[Node, Edge | None]]] = {}
        pending = [start]
        steps, cut = 0, False
        while pending and not cut:
            here = pending.pop()
            for there, edge in self._steps(here):
                came.setdefault(there, []).append((here, edge))
                if there not in seen:
                    seen.add(there)
                    pending.append(there)
                steps += 1
            cut = steps > STEPS
        found: set[Edge] = set()
        back = [(end, self._end)]
        visited = set(back)
        while back:
            for before, edge in came.get(back.pop(), ()):
                if edge is not None:
                    found.add(edge)
                if before not in visited:
                    visited.add(before)
                    back.append(before)
        return sorted(found, key=str), cut

    def _state(self) -> int:
        self._moves.append([])
        return len(self._moves) - 1

    def _build(self, path: Path, start: int) -> int:
        """Add the automaton of a path behind a state; returns the state at its end."""
        match path:
            case Link() | Negated():
                end = self._state()
                self._moves[start].append((path, end))
            case Sequence(steps):
                end = start
                for step in steps:
                    end = self._build(step, end)
            case Alternative(choices):
                end = self._state()
                for choice in choices:
                    self._moves[self._build(choice, self._after(start))].append((None, end))
            case Repeat(inner, sign):
                begin = self._after(start)
                last = self._build(inner, begin)
                end = self._state()
                self._moves[last].append((None, end))
                if sign in "*?":
                    self._moves[begin].append((None, end))
                if sign in "*+":
                    self._moves[last].append((None, begin))
        return end

    def _after(self, start: int) -> int:
        state = self._state()
        self._moves[start].append((None, state))
        return state

    def _steps(self, here: Node) -> Iterator[tuple[Node, Edge | None]]:
        node, state = here
        for test, following in self._moves[state]:
            if test is None:
                yield (node, following), None
            elif isinstance(test, Link):
                yield from self._along(node, NamedNode(test.iri[1:-1]), test.inverse, following, frozenset())
            else:
                for turned in (False, True):
                    links = [link.iri[1:-1] for link in test.links if link.inverse == turned]
                    if links or (not turned and not any(link.inverse for link in test.links)):
                        yield from self._along(node, None, turned, following, frozenset(links))

    def _along(
        self, node: Term, predicate: NamedNode | None, turned: bool, following: int, but: frozenset[str]
    ) -> Iterator[tuple[Node, Edge | None]]:
        for graph in self._graphs if self._graphs is not None else (DefaultGraph(),):
            if turned:
                found = self._store.quads_for_pattern(None, predicate, node, graph)
            elif isinstance(node, Literal):
                return
            else:
                found = self._store.quads_for_pattern(node, predicate, None, graph)
            for quad in found:
                if quad.predicate.value in but:
                    continue
                other = quad.subject if turned else quad.object
                # The stubs let an object be a triple term, which Term leaves out.
                yield (other, following), (quad.subject, quad.predicate, quad.object)  # type: ignore[misc]
