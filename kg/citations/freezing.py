"""A frozen answer: what was asked of which data, what came, which claims it rested on; under a digest of all that.

Pure: documents with citations in, records out. A record says the same wherever it was made from the same
data, so two who freeze the same answer get the same digest.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kg.algebra import QueryUncitable, parser

Json = dict[str, Any]
VERSION = 1
"""Of what records look like; part of the digest."""


@dataclass(frozen=True)
class Asked:
    """What is frozen: a query, or a question with its parameters, in a view (its parameters, sorted)."""

    query: str
    question: str | None
    title: str
    parameters: Mapping[str, Sequence[str]]
    view: Sequence[tuple[str, str]]


def record(asked: Asked, document: Mapping[str, Any], generation: str, data: str, base: str) -> Json:
    """Make the record of an answer: `data` is the SHA-256 of the dump of its generation, `base` is for relative IRIs.

    Rows stand as they came where the query orders them, else sorted by their canonical text. Raises
    QueryUncitable for blank nodes, which have no name to compare them by.
    """
    form, rows = _rows(document)
    ordered = bool(parser.parse(asked.query, base).select.order)
    told = [{"row": row, "claims": claims} for row, claims in zip(rows, _claims(document), strict=True)]
    if not ordered:
        told.sort(key=lambda each: canonical(each["row"]))
    content: Json = {
        "version": VERSION,
        "question": asked.question,
        "title": asked.title,
        "parameters": {name: list(values) for name, values in sorted(asked.parameters.items())},
        "query": asked.query,
        "view": [list(pair) for pair in asked.view],
        "generation": generation,
        "data": data,
        "form": form,
        "variables": document.get("head", {}).get("vars", []),
        "ordered": ordered,
        "results": told,
    }
    return content | {"digest": digest(content)}


def canonical(value: object) -> str:
    """JSON with one way to write everything: names sorted, no space, no escapes that are not needed.

    Source: https://www.rfc-editor.org/rfc/rfc8785 (of which it is a part: there are no numbers here but small ones)
    """
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def digest(content: Mapping[str, Any]) -> str:
    """SHA-256 of a record without its digest and the day it was frozen, in hex."""
    kept = {name: value for name, value in content.items() if name not in ("digest", "frozen")}
    return hashlib.sha256(canonical(kept).encode()).hexdigest()


def compared(frozen: Mapping[str, Any], now: Mapping[str, Any]) -> Json:
    """How the answer differs now: rows removed and added, each with the claims that it rested or rests on.

    `same` says that the rows are the same; `sameData` that the data is. Rows of an ordered answer that only
    changed places are told as `reordered`.
    """
    before, after = _counted(frozen["results"]), _counted(now["results"])
    removed, added = before - after, after - before
    told: Json = {
        "same": not removed and not added,
        "sameData": frozen["data"] == now["data"],
        "frozenGeneration": frozen["generation"],
        "generation": now["generation"],
        "removed": _those(frozen["results"], removed),
        "added": _those(now["results"], added),
    }
    orders = [[each["row"] for each in one["results"]] for one in (frozen, now)]
    told["reordered"] = told["same"] and frozen["ordered"] and orders[0] != orders[1]
    return told


def claims(difference: Mapping[str, Any]) -> list[str]:
    """The claims that a difference names, sorted."""
    rows = (*difference["removed"], *difference["added"])
    return sorted({claim for each in rows for claim in each["claims"]})


def _rows(document: Mapping[str, Any]) -> tuple[str, list[Any]]:
    if "boolean" in document:
        return "ASK", [document["boolean"]]
    if "triples" in document:
        return "CONSTRUCT", [_named(each) for each in document["triples"]]
    return "SELECT", [_named(each) for each in document["results"]["bindings"]]


def _named(row: Json) -> Json:
    if any(term["type"] == "bnode" for term in row.values()):
        raise QueryUncitable("an answer with blank nodes cannot be frozen: they have no name to compare them by")
    return row


def _claims(document: Mapping[str, Any]) -> Iterable[list[str]]:
    graphs = document["citations"]["graphs"]
    return ([graphs[number]["iri"] for number in row["claims"]] for row in document["citations"]["rows"])


def _counted(results: Sequence[Mapping[str, Any]]) -> Counter[str]:
    return Counter(canonical(each["row"]) for each in results)


def _those(results: Sequence[Mapping[str, Any]], wanted: Counter[str]) -> list[Mapping[str, Any]]:
    left = Counter(wanted)
    found = []
    for each in results:
        key = canonical(each["row"])
        if left[key] > 0:
            left[key] -= 1
            found.append(each)
    return found
