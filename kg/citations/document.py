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

from collections.abc import Sequence
from typing import Any, TypeAlias

from pyoxigraph import BlankNode, Literal, NamedNode, Store

from kg.algebra import QueryUncitable, writing
from kg.citations.descriptions import Descriptions
from kg.citations.graphs import Graphs, Triple
from kg.citations.walks import Walker
from kg.citations.witnesses import Found, Key, Match, Solution, Witnesses

Json: TypeAlias = dict[str, Any]
_XSD_STRING = "http://www.w3.org/2001/XMLSchema#string"


class Document:
    """Writes down what witnesses say; `among` are the graphs of a dataset, None for all that count now.

    `merge` and `evidence` are the stores that paths are walked in.
    """

    def __init__(
        self,
        witnesses: Witnesses,
        graphs: Graphs,
        descriptions: Descriptions,
        merge: Store,
        evidence: Store,
        among: tuple[NamedNode, ...] | None,
    ) -> None:
        self._witnesses = witnesses
        self._graphs = graphs
        self._descriptions = descriptions
        self._merge = merge
        self._evidence = evidence
        self._among = among
        self._matches: list[Match] = []
        self._statements: list[Json] = []
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
        self._rests: dict[str, frozenset[str]] = {}

    def whole(self, rows: Sequence[Found]) -> Json:
        """The citations of rows, in their order."""
        self._matches = list(self._witnesses.matches)
        told = [self._row(each) for each in rows]
        described = self._descriptions.closure(self._named)
        for graph in described:
            self._named.setdefault(graph, len(self._named))
        for each in told:
            claims = each["claims"].union(*map(self._claims, each["graphs"]))
            each["claims"] = sorted(self._named[claim] for claim in claims)
            each["graphs"] = sorted(self._named[graph] for graph in each["graphs"])
        listed = [
            {"iri": graph, **{name: value for name, value in described[graph].items() if name != "from"}}
            for graph in self._named
        ]
        for each in listed:
            if "from" in described[each["iri"]]:
                each["from"] = [self._named[graph] for graph in described[each["iri"]]["from"]]
        parts = self._parts
        return {
            "cut": any("cut" in each for table in (told, parts, self._statements, self._paths) for each in table),
            "rows": told,
            "statements": self._statements,
            "paths": self._paths,
            "parts": parts,
            "absences": [
                {"kind": kind, "pattern": pattern, "with": {name[1:]: as_json(value) for name, value in bound}}
                for kind, pattern, bound in self._witnesses.absences
            ],
            "graphs": listed,
        }

    def stated(self, triple: Triple) -> Found:
        """A row that is one triple of the graph itself."""
        matches = self._witnesses.matches
        match = self._witnesses.direct(triple)
        found = Found(False)
        found.solutions[Solution((matches.setdefault(match, len(matches)),), (), ())] = None
        return found

    def _claims(self, graph: str) -> frozenset[str]:
        """The claims that a graph is or rests on; inferences rest on claims, never in a circle."""
        known = self._rests.get(graph)
        if known is None:
            told = self._descriptions.of(graph)
            own = {graph} if told["kind"] == "claim" else set()
            known = self._rests[graph] = frozenset(own.union(*map(self._claims, told.get("from", ()))))
        return known

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
            "edges": [self._statement(edge, graph) for edge in edges],  # type: ignore[arg-type]
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
            told: Json = {
                "subject": as_json(triple[0]),
                "predicate": triple[1].value,
                "object": as_json(triple[2]),
                "graphs": [self._named.setdefault(each, len(self._named)) for each in stating],
            }
            self._stating.append(stating)
            about = self._descriptions.subject(triple[0]) if len(stating) == 1 else None
            if about is not None:
                told["about"] = self._named.setdefault(about, len(self._named))
                self._about[index] = about
            self._statements.append({**told, "cut": True} if cut else told)
        return index


def as_json(term: NamedNode | BlankNode | Literal) -> dict[str, str]:
    """A term as SPARQL's JSON results write it.

    Source: https://www.w3.org/TR/sparql11-results-json/#select-encode-terms
    """
    if isinstance(term, NamedNode):
        return {"type": "uri", "value": term.value}
    if isinstance(term, BlankNode):
        return {"type": "bnode", "value": term.value}
    if term.language:
        return {"type": "literal", "value": term.value, "xml:lang": term.language}
    if term.datatype.value != _XSD_STRING:
        return {"type": "literal", "value": term.value, "datatype": term.datatype.value}
    return {"type": "literal", "value": term.value}
