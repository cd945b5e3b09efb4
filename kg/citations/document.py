"""Citations as JSON: rows of solutions, and tables of what these have in common, each thing told once.

rows        of each row: `mode` (any or all of its `solutions`), `graphs` and `claims` in all, `cut`
solutions   numbers into the tables below: `statements`, `paths`, `parts`, `notFound`
statements  a triple, and the `graphs` of which any one states it
paths       what a property path led along: every edge, by number of its statement
parts       an inner SELECT or EXISTS: like a row
absences    what was looked for and not found
graphs      every graph named above, and those that inferences rest on
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

from pyoxigraph import NamedNode, Store

from kg.algebra import QueryUncitable, writing
from kg.citations.descriptions import Descriptions
from kg.citations.graphs import Graphs, Triple, as_json
from kg.citations.walks import Walker
from kg.citations.witnesses import Found, Key, Match, Solution, Witnesses
from kg.store.lookup import Lookup

Json: TypeAlias = dict[str, Any]


class Document:
    """Writes down what witnesses say; `among` are the graphs of a dataset, None for all that count now.

    Paths are walked in `merge`, and those within named graphs in `evidence`.
    """

    def __init__(
        self,
        witnesses: Witnesses,
        graphs: Graphs,
        descriptions: Descriptions,
        merge: Store,
        evidence: Lookup,
        among: tuple[NamedNode, ...] | None,
    ) -> None:
        self._witnesses = witnesses
        self._graphs = graphs
        self._descriptions = descriptions
        self._merge = merge
        self._evidence = evidence
        self._among = among
        self._matches: list[Match] = []
        self._statements: list[str] = []
        self._cut = False
        self._stating: list[tuple[str, ...]] = []
        self._statement_numbers: dict[tuple[Triple, str | None], int] = {}
        self._matched: dict[int, tuple[str, int]] = {}
        self._paths: list[Json] = []
        self._walkers: dict[tuple[int, str | None], Walker] = {}
        self._parts: list[Json] = []
        self._part_numbers: dict[tuple[int, Key], int] = {}
        self._part_graphs: list[tuple[set[str], set[str]]] = []
        self._about: dict[int, str] = {}
        self._named: dict[str, int] = {}

    def whole(self, rows: Sequence[Found], bounds: Mapping[str, int]) -> str:
        """The citations of rows, in their order, as JSON; made of text that is kept from answer to answer."""
        self._matches = list(self._witnesses.matches)
        told = [self._row(each) for each in rows]
        for graph in self._descriptions.closure(self._named):
            self._named.setdefault(graph, len(self._named))
        for each in told:
            claims = each["claims"].union(*map(self._descriptions.claims, each["graphs"]))
            each["claims"] = sorted(self._named[claim] for claim in claims)
            each["graphs"] = sorted(self._named[graph] for graph in each["graphs"])
        absences = [
            {"kind": kind, "pattern": pattern, "with": {name[1:]: as_json(value) for name, value in bound}}
            for kind, pattern, bound in self._witnesses.absences
        ]
        cut = self._cut or any("cut" in each for table in (told, self._parts, self._paths) for each in table)
        tables = (
            f'"rows":{_text(told)}',
            f'"statements":[{",".join(self._statements)}]',
            f'"paths":{_text(self._paths)}',
            f'"parts":{_text(self._parts)}',
            f'"absences":{_text(absences)}',
            f'"graphs":[{",".join(map(self._graph, self._named))}]',
            f'"cut":{_text(cut)}',
            f'"bounds":{_text(bounds)}',
        )
        return f"{{{','.join(tables)}}}"

    def _graph(self, graph: str) -> str:
        """One graph; what an inference rests on by number."""
        told, rests = self._descriptions.text(graph)
        return f'{told},"from":{[self._named[each] for each in rests]}}}' if rests else f"{told}}}"

    def stated(self, triple: Triple) -> Found:
        """A row that is one triple of the graph itself."""
        matches = self._witnesses.matches
        match = self._witnesses.direct(triple)
        found = Found(False)
        found.solutions[Solution((matches.setdefault(match, len(matches)),), (), ())] = None
        return found

    def _row(self, found: Found) -> Json:
        graphs: set[str] = set()
        claims: set[str] = set()
        told: Json = {"mode": "all" if found.together else "any"}
        told["solutions"] = [self._solution(each, graphs, claims) for each in found.solutions]
        told["graphs"], told["claims"] = graphs, claims
        if found.cut:
            told["cut"] = True
        return told

    def _solution(self, solution: Solution, graphs: set[str], claims: set[str]) -> Json:
        statements: list[int] = []
        paths: list[int] = []
        for number in solution.statements:
            table, index = self._match(number)
            (statements if table == "statement" else paths).append(index)
            for each in self._paths[index]["edges"] if table == "path" else (index,):
                graphs.update(self._stating[each])
                if each in self._about:
                    claims.add(self._about[each])
        parts: list[int] = []
        absences = list(solution.absences)
        for number, key in solution.parts:
            part, inner = self._witnesses.parts[number], self._witnesses.inner[number, key]
            if inner.solutions or inner.cut:
                index = self._part(number, key, inner)
                parts.append(index)
                graphs.update(self._part_graphs[index][0])
                claims.update(self._part_graphs[index][1])
            else:
                bound = tuple(
                    (name, value)
                    for name, value in zip(part.plan.keys, key, strict=True)
                    if value is not None and name in part.absence.variables
                )
                absences.append(self._witnesses.absent(part.absence, bound))
        told = {"statements": statements, "paths": paths, "parts": parts, "notFound": absences}
        return {name: numbers for name, numbers in told.items() if numbers}

    def _part(self, number: int, key: Key, found: Found) -> int:
        index = self._part_numbers.get((number, key))
        if index is None:
            told = self._row(found)
            index = self._part_numbers[number, key] = len(self._parts)
            self._part_graphs.append((told.pop("graphs"), told.pop("claims")))
            self._parts.append({"kind": self._witnesses.parts[number].kind, **told})
        return index

    def _match(self, number: int) -> tuple[str, int]:
        known = self._matched.get(number)
        if known is None:
            _, subject, predicate, value, graph = self._matches[number]
            name = graph.value if isinstance(graph, NamedNode) else None
            if isinstance(predicate, NamedNode):
                # A match is typed for paths too; this branch is a single triple, since its verb is an IRI.
                known = "statement", self._statement((subject, predicate, value), name)  # type: ignore[arg-type]
            else:
                known = "path", self._path(number, name)
            self._matched[number] = known
        return known

    def _path(self, number: int, graph: str | None) -> int:
        slot, begin, _, end, _ = self._matches[number]
        if isinstance(slot.verb, str):
            raise QueryUncitable("a solution does not tell what one of its patterns matched")
        walker = self._walkers.get((id(slot), graph))
        if walker is None:
            if graph is not None:
                walker = Walker(self._evidence, (NamedNode(graph),), slot.verb)
            elif self._among is not None:
                walker = Walker(self._evidence, self._among, slot.verb)
            else:
                walker = Walker(self._merge, None, slot.verb)
            self._walkers[id(slot), graph] = walker
        edges, cut = walker.edges(begin, end)
        told = {
            "from": as_json(begin),
            "path": writing.path(slot.verb),
            "to": as_json(end),
            "edges": [self._statement(edge, graph) for edge in edges],
        }
        self._paths.append({**told, "cut": True} if cut else told)
        return len(self._paths) - 1

    def _statement(self, triple: Triple, graph: str | None) -> int:
        index = self._statement_numbers.get((triple, graph))
        if index is None:
            stating, cut = ((graph,), False) if graph is not None else self._graphs.stating(triple, self._among)
            if not stating:
                raise QueryUncitable(f"no graph states {' '.join(map(str, triple))}, so nothing can be cited for it")
            index = self._statement_numbers[triple, graph] = len(self._statements)
            text = (
                f'{self._graphs.text(triple)},"graphs":{[self._named.setdefault(e, len(self._named)) for e in stating]}'
            )
            self._stating.append(stating)
            about = self._descriptions.subject(triple[0]) if len(stating) == 1 else None
            if about is not None:
                text += f',"about":{self._named.setdefault(about, len(self._named))}'
                self._about[index] = about
            self._cut = self._cut or cut
            self._statements.append(f'{text},"cut":true}}' if cut else f"{text}}}")
        return index


def _text(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
