"""W3C's SPARQL query, syntax and results-format tests against the live server, over HTTP."""

import dataclasses
import re

import pytest

from . import suites
from .exceptions import EXCEPTIONS
from .results import from_json, from_text, from_xml, graph_of, read, same, stored
from .suites import WEB

OLD = "algebra ask basic bnode-coreference boolean-effective-value bound cast construct dataset distinct expr-builtin"
OLD += " expr-equals expr-ops graph i18n open-world optional optional-filter reduced regex solution-seq sort"
OLD += " syntax-sparql1 syntax-sparql2 syntax-sparql3 syntax-sparql4 syntax-sparql5 triple-match type-promotion"
NEW = "aggregates bind bindings construct csv-tsv-res exists functions grouping json-res negation project-expression"
NEW += " property-path subquery syntax-fed syntax-query"
SUITES = [*(f"dawg-data-r2/{name}" for name in OLD.split()), *(f"sparql11/{name}" for name in NEW.split())]
NOTHING = f"{WEB}nothing"


@pytest.mark.parametrize("suite", SUITES)
def test_suite(live, folder, suite):
    cases = suites.cases(folder, suite)
    assert cases
    wrong = {case.name: problem for case in cases if (problem := check(live, folder, case)) is not None}
    expected = {name for name in EXCEPTIONS if name.startswith(f"{suite}#")}
    unexpected = {name: problem for name, problem in wrong.items() if name not in expected}
    assert not unexpected, "\n".join(f"{name}: {problem[:200]}" for name, problem in unexpected.items())
    assert expected <= set(wrong), "listed as an exception, but it passes now"


def check(live, folder, case):
    """What is wrong with the answer to a test, or None."""
    text = suites.path(folder, case.request).read_text(encoding="utf-8")
    if "Syntax" in case.kind:
        response = live.post("/sparql", data={"query": text, "default-graph-uri": NOTHING})
        # What the parser took, and only then was refused: functions that are unknown, and SERVICE.
        taken = response.status_code != 200 and response.json()["type"].endswith(
            ("/evaluation", "/federation", "/store-failed")
        )
        fine = response.status_code == 200 or taken
        return None if fine == ("Positive" in case.kind) else f"{response.status_code} {response.text[:300]}"
    response = ask(live, folder, case, text)
    if response.status_code != 200:
        return f"{response.status_code} {response.text[:300]}"
    media_type = response.headers["content-type"].partition(";")[0]
    path = suites.path(folder, case.result)
    expected = read(path, case.result)
    match media_type:
        case "application/sparql-results+json":
            found = from_json(response.content)
        case "application/sparql-results+xml":
            found = from_xml(response.content)
        case "text/csv":
            found = from_text(response.content, ",")
        case "text/tab-separated-values":
            found = from_text(response.content, "\t")
        case _:
            found, expected = graph_of(response.content), stored(path.read_bytes(), path.suffix, case.result)
    if "REDUCED" in text:  # may leave out what is there twice, or not
        found, expected = (
            dataclasses.replace(each, rows=tuple(dict.fromkeys(each.rows))) for each in (found, expected)
        )
    return None if same(found, expected) else f"{found} is not {expected}"


def ask(live, folder, case, text):
    """Send the query of a test, with its graphs named by the protocol unless it names them itself."""
    formats = {".csv": "text/csv", ".tsv": "text/tab-separated-values", ".srj": "application/sparql-results+json"}
    rows = formats.get(suites.path(folder, case.result).suffix, "application/sparql-results+xml")
    form = {"query": f"BASE <{case.request}>\n{text}"}
    if case.data or case.graphs:
        form["default-graph-uri"] = list(case.data) or [NOTHING]
        form["named-graph-uri"] = [name for name, _ in case.graphs]
    elif not re.search(r"\bFROM\b", text):
        form["default-graph-uri"] = [NOTHING]
    return live.post("/sparql", data=form, headers={"Accept": f"{rows}, application/n-triples"})
