"""The work of a reader that answers with citations: the plain answer first, then what each of its rows rests on."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from pyoxigraph import (
    NamedNode,
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    QueryTriples,
    Triple,
    parse_query_results,
)

from kg.algebra import QueryUncitable
from kg.algebra.syntax import Link, Pattern, is_variable
from kg.citations.document import Document
from kg.citations.graphs import MOST, as_json
from kg.citations.planning import plan
from kg.citations.plans import Absence, Citable
from kg.citations.remembered import known
from kg.citations.witnesses import ALTERNATIVES, SOLUTIONS, TOGETHER, Found, Key, Solution, Term, Witnesses, term
from kg.store.asked import Asked
from kg.store.formats import PAGE
from kg.store.generation import MERGE
from kg.store.output import Output, page
from kg.store.tasks import Session

BOUNDS = {"solutionsOfARow": ALTERNATIVES, "solutionsTogether": TOGETHER, "solutions": SOLUTIONS, "graphs": MOST}
"""How much is told at most; whatever is left out is marked with `cut`."""


def answer(session: Session, wanted: dict[str, Any], text: str, output: Output) -> None:
    """Write the answer to a query with a member `citations`; raise QueryUncitable where it has none.

    SELECT and ASK: JSON results, or the page format, with that member. CONSTRUCT and DESCRIBE: the
    `triples` and, aligned with them, their citations.
    """
    asked = Asked(session.stores[wanted["store"]], wanted)
    try:
        citable = plan(text, wanted["base"])
    except QueryUncitable:
        asked.run(text)  # what is no query at all is a mistake of its own kind, with the engine's words
        raise
    graphs, descriptions = known(session, wanted["base"])

    def solutions(query: str) -> QuerySolutions:
        found = asked.run(query)
        if not isinstance(found, QuerySolutions):
            raise QueryUncitable("the pattern of the query gives no solutions")
        return found

    witnesses = Witnesses(solutions)
    among = tuple(NamedNode(iri) for iri in wanted["default_graphs"]) if wanted["default_graphs"] is not None else None
    evidence = session.evidence
    document = Document(witnesses, graphs, descriptions, session.stores[MERGE], evidence, among)
    result = asked.run(text)
    shown: int | None = wanted["rows"] if wanted["media_type"] == PAGE.media_type else None
    told: bytes | dict[str, Any]
    if isinstance(result, QueryTriples):
        triples = list(result if wanted["selection"] is None else asked.described())
        rows = _constructed(citable, witnesses, document, triples[:shown])
        told = _triples(triples, shown)
    elif isinstance(result, QueryBoolean):
        rows = _rows(citable, witnesses, [()])
        told = {"boolean": bool(result)} if shown is not None else {"head": {}, "boolean": bool(result)}
    else:
        body = result.serialize(format=QueryResultsFormat.JSON)
        read = parse_query_results(body, QueryResultsFormat.JSON)
        if body is None or not isinstance(read, QuerySolutions):
            raise QueryUncitable("the answer has no rows")
        names = [variable.value for variable in read.variables]
        table: list[Key] = [tuple(row) for row in read]
        rows = _selected(citable, witnesses, solutions, names, table[:shown])
        told = body if shown is None else page(names, table, shown)
    _write(told, document.whole(rows, BOUNDS), output)


def _rows(citable: Citable, witnesses: Witnesses, keys: list[Key]) -> list[Found]:
    """Rows that keys of the plan tell apart. A false ASK and a count of nothing say what was not found."""
    found = witnesses.rows(citable.plan, keys, restricted=citable.plan.limited)
    for key, each in found.items():
        if not each.solutions and not each.cut:
            if key:
                raise QueryUncitable("a row of the answer has no solution that tells what it rests on")
            nothing = witnesses.absent(Absence(citable.form, citable.plan.pattern, (), ()), ())
            each.solutions[Solution((), (), (nothing,))] = None
    return [found[key] for key in keys]


def _selected(
    citable: Citable,
    witnesses: Witnesses,
    solutions: Callable[[str], QuerySolutions],
    names: list[str],
    table: list[Key],
) -> list[Found]:
    """The rows of a SELECT."""
    wanted = citable.plan
    columns = {f"?{name}": index for index, name in enumerate(names)}
    if wanted.extended is None:
        positions = [columns[name] for name in wanted.keys]
        return _rows(citable, witnesses, [tuple(row[index] for index in positions) for row in table])
    grouped: dict[Key, list[Key]] = {}
    shown = solutions(wanted.extended)
    position = {f"?{variable.value}": index for index, variable in enumerate(shown.variables)}
    seen = [position[f"?{name}"] for name in names]
    keys = [position[name] for name in wanted.extra]
    for solution in shown:
        row = tuple(solution)
        grouped.setdefault(tuple(row[index] for index in seen), []).append(tuple(row[index] for index in keys))
    found = witnesses.rows(wanted, [key for row in set(table) for key in grouped[row]])
    return [_united([found[key] for key in grouped[row]]) for row in table]


def _united(found: Sequence[Found]) -> Found:
    """Groups that one row shows, as one."""
    united = Found(True, cut=any(each.cut for each in found))
    for each in found:
        united.solutions |= each.solutions
    return united


def _constructed(citable: Citable, witnesses: Witnesses, document: Document, triples: list[Triple]) -> list[Found]:
    """The rows of CONSTRUCT are its triples; those of DESCRIBE are triples of the graph."""
    if citable.form == "DESCRIBE":
        # The stubs let an object be a triple term, which Term leaves out.
        return [document.stated((each.subject, each.predicate, each.object)) for each in triples]  # type: ignore[arg-type]
    made: dict[tuple[object, ...], Found] = {}
    plan = citable.plan
    for key, found in witnesses.rows(plan, None).items():
        values = dict(zip(plan.keys, key, strict=True))
        for pattern in citable.template:
            here = made.setdefault(_instance(pattern, values), Found(False))
            here.solutions |= found.solutions
            here.cut = here.cut or found.cut
    return [made[each.subject, each.predicate, each.object] for each in triples]


def _instance(pattern: Pattern, values: Mapping[str, Term | None]) -> tuple[object, ...]:
    verb = pattern.verb.iri if isinstance(pattern.verb, Link) else str(pattern.verb)
    ends = (pattern.subject, verb, pattern.object)
    return tuple(values[each] if is_variable(each) else term(each) for each in ends)


def _triples(triples: list[Triple], shown: int | None) -> dict[str, Any]:
    if shown is not None:
        return {**page(["subject", "predicate", "object"], triples, shown), "triples": True}
    ends = ("subject", "predicate", "object")
    return {"triples": [dict(zip(ends, (as_json(term) for term in triple), strict=True)) for triple in triples]}


def _write(told: bytes | dict[str, Any], citations: str, output: Output) -> None:
    """Put the citations behind the last member of the answer, which stays as the engine wrote it."""
    body = told if isinstance(told, bytes) else json.dumps(told, ensure_ascii=False).encode()
    output.write(body.rstrip()[:-1])
    output.write(b',"citations":')
    output.write(citations.encode())
    output.write(b"}")
