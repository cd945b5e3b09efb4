"""How to ask a question from elsewhere: lines to copy for the clients that people use."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import NamedTuple
from urllib.parse import urlencode

from kg.queries import Query


class Snippet(NamedTuple):
    """One way to ask: for whom, and the text to copy."""

    title: str
    text: str


def address(origin: str, question: Query, given: Mapping[str, Sequence[str]], **more: str) -> str:
    """Where a question with these parameters answers."""
    parts = urlencode([*((name, each) for name, values in given.items() for each in values), *more.items()])
    return f"{origin}/questions/{question.slug}{'?' if parts else ''}{parts}"


def snippets(origin: str, question: Query, given: Mapping[str, Sequence[str]], text: str) -> tuple[Snippet, ...]:
    """The snippets of a question: `origin` is where this server answers, `text` the bound query."""
    rows = address(origin, question, given)
    endpoint, csv = f"{origin}/sparql", address(origin, question, given, format="csv")
    query = "\n".join(line for line in text.splitlines() if not line.startswith("#+")).strip()
    quoted = f'r"""\n{query}\n"""' if '"""' not in query and not query.endswith('"') else repr(query)
    return (
        Snippet("curl", f"curl -s {_shell(rows)} -H 'Accept: text/csv'"),
        Snippet(
            "SPARQLWrapper",
            "from SPARQLWrapper import JSON, SPARQLWrapper\n\n"
            f'endpoint = SPARQLWrapper("{endpoint}")\n'
            f"endpoint.setQuery({quoted})\n"
            "endpoint.setReturnFormat(JSON)\n"
            'for row in endpoint.queryAndConvert()["results"]["bindings"]:\n'
            '    print({name: term["value"] for name, term in row.items()})',
        ),
        Snippet(
            "rdflib",
            "from rdflib import Graph\nfrom rdflib.plugins.stores.sparqlstore import SPARQLStore\n\n"
            f'graph = Graph(SPARQLStore("{endpoint}"))\n'
            f"for row in graph.query({quoted}):\n"
            "    print(row.asdict())",
        ),
        Snippet("pandas", f"import pandas\n\ntable = pandas.read_csv({json.dumps(csv)})\nprint(table)"),
        Snippet(
            "JavaScript",
            f"const answer = await fetch({json.dumps(rows)}, {{ headers: {{ Accept: 'application/json' }} }});\n"
            "const { rows } = await answer.json();\nconsole.table(rows);",
        ),
    )


def _shell(text: str) -> str:
    return "'" + text.replace("'", "'\\''") + "'"
