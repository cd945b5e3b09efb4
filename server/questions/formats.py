"""The formats of a question's answer: plain rows besides those of SPARQL."""

from __future__ import annotations

import dataclasses
import json
from typing import Any

from kg.queries import Query
from kg.store.answers import Answer
from kg.store.formats import CSV, GRAPHS, JSON, TSV, XML, Format
from server import rows

ROWS = Format("json", "application/json", "application/json", ("text/json",))
SPARQL_JSON = dataclasses.replace(JSON, name="sparql-json", aliases=())
SPARQL_XML = dataclasses.replace(XML, name="xml")
HTML = Format("html", "text/html", "text/html; charset=utf-8", ("application/xhtml+xml",))
ROW_FORMATS = (ROWS, SPARQL_JSON, SPARQL_XML, CSV, TSV)


def offered(form: str) -> tuple[Format, ...]:
    """What an answer comes as, by the form of its query, the preferred format first."""
    return (*(ROW_FORMATS if form in ("SELECT", "ASK") else GRAPHS), HTML)


def document(question: Query, given: dict[str, list[str]], answer: Answer) -> bytes:
    """The rows of an answer in SPARQL JSON, as a document for programs that know no RDF."""
    head: dict[str, Any] = {
        "question": question.slug,
        "summary": question.summary,
        "parameters": {name: values if len(values) > 1 else values[0] for name, values in given.items()},
        "generation": answer.generation,
    }
    found = json.loads(answer.body)
    if "boolean" in found:
        head["answer"] = found["boolean"]
    else:
        variables, those = rows.read(answer.body)
        head |= {"columns": variables, "rows": rows.plain(variables, those)}
    if "citations" in found:
        head["citations"] = found["citations"]
    return json.dumps(head, ensure_ascii=False, indent=1).encode() + b"\n"
