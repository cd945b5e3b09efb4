"""Queries as data: a `.rq` file is a header in YAML behind `#+` and one SPARQL query."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from kg.errors import UnreadableInput, UsageError

SEVERITIES = ("violation", "warning")
TYPES = ("iri", "date", "integer", "decimal", "boolean", "text", "language")
"""What a parameter can be."""


@dataclass(frozen=True)
class Parameter:
    """A variable of the query that a caller may bind, in its clause `VALUES ?name { … }`.

    `type` is one of TYPES; `of` names the kinds of things that an `iri` may be (`polity`,
    `concept/modality`), `choices` the values that there are, `several` whether it takes more than one.
    """

    name: str
    type: str
    example: str
    description: str
    of: tuple[str, ...] = ()
    choices: tuple[str, ...] = ()
    several: bool = False


@dataclass(frozen=True)
class Query:
    """One query file. `slug` is its name; `text` is the whole file, valid SPARQL as stored.

    `severity` says what a row of a quality query means: a `violation` stops a build, a `warning` is told.
    """

    slug: str
    summary: str
    description: str
    tags: tuple[str, ...]
    parameters: tuple[Parameter, ...]
    text: str
    severity: str = "violation"

    @property
    def body(self) -> str:
        """The query without its header."""
        return "\n".join(line for line in self.text.splitlines() if not line.startswith("#+")).strip() + "\n"


def read_query(path: Path) -> Query:
    """Read one query file.

    The header's keys are `summary`, `description`, `tags`, `parameters` (each with `name`, `type`,
    `example`, `description`, perhaps `of`, `choices`, `several`) and, for quality queries, `severity`.
    Raises UnreadableInput when it is missing or not YAML.
    """
    text = path.read_text(encoding="utf-8")
    header = "\n".join(line[2:].removeprefix(" ") for line in text.splitlines() if line.startswith("#+"))
    try:
        fields = yaml.safe_load(header)
    except yaml.YAMLError as error:
        where = getattr(error, "problem_mark", None)
        place = f"{path}:{where.line + 1}:{where.column + 4}" if where else str(path)
        problem = getattr(error, "problem", error)
        raise UnreadableInput(f"{place}: the header is not YAML: {problem}; quote a text with a colon in it") from error
    if not isinstance(fields, dict) or not fields.get("summary"):
        raise UnreadableInput(f"{path}:1:1: there is no '#+ summary:' line; every query says what it answers")
    return Query(
        slug=path.stem,
        summary=_one_line(fields["summary"]),
        description=_one_line(fields.get("description", "")),
        tags=tuple(map(str, fields.get("tags") or ())),
        parameters=tuple(_parameter(path, item) for item in fields.get("parameters") or ()),
        text=text,
        severity=_severity(path, fields.get("severity", SEVERITIES[0])),
    )


def read_folder(paths: Iterable[Path]) -> tuple[Query, ...]:
    """Read query files in the order given."""
    return tuple(read_query(path) for path in paths)


def find(slug: str, queries: Iterable[Query]) -> Query:
    """Return the query of that name; raise UsageError naming those that there are."""
    known = {query.slug: query for query in queries}
    if slug not in known:
        raise UsageError(f"there is no question {slug!r}; there are: {', '.join(known)}")
    return known[slug]


def catalogue(queries: Iterable[Query]) -> str:
    """Return the questions as a Markdown page: what each asks, how to read the answer, its tags."""
    lines = [
        "# Questions",
        "",
        "What a researcher asks of this graph. Each is one file in `questions/`: its header says what it answers and",
        "how to read the answer, its expected rows stand in `tests/questions/expected/`. `foedus query NAME` runs one.",
        "This page is made from the headers: `foedus query --list --markdown > queries/README.md`.",
    ]
    for query in queries:
        tags = ", ".join(query.tags)
        lines += ["", f"## {query.slug}", "", f"**{query.summary}**", "", query.description, "", f"Tags: {tags}."]
        for each in query.parameters:
            lines += [f"`{each.name}` ({each.type}, such as `{each.example}`): {each.description}  "]
        lines += [f"[The query](questions/{query.slug}.rq)"]
    return "\n".join(lines) + "\n"


def _severity(path: Path, text: object) -> str:
    if text not in SEVERITIES:
        raise UnreadableInput(f"{path}: severity is {text!r}; write one of {', '.join(SEVERITIES)}")
    return str(text)


def _parameter(path: Path, item: Any) -> Parameter:
    try:
        parameter = Parameter(
            name=str(item["name"]),
            type=str(item["type"]),
            example=_plain(item["example"]),
            description=_one_line(item["description"]),
            of=tuple(map(str, item.get("of") or ())),
            choices=tuple(map(_plain, item.get("choices") or ())),
            several=bool(item.get("several")),
        )
    except (KeyError, TypeError) as error:
        raise UnreadableInput(
            f"{path}: a parameter needs name, type, example and description; {error} is missing"
        ) from error
    if parameter.type not in TYPES:
        raise UnreadableInput(f"{path}: {parameter.name} has type {parameter.type!r}; types are {', '.join(TYPES)}")
    return parameter


def _plain(value: object) -> str:
    """A value of the header as a caller writes it: YAML reads `true` and `2026-01-01` as more than text."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _one_line(text: object) -> str:
    return " ".join(str(text).split())
