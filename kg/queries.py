"""Queries as data: a `.rq` file is a header in YAML behind `#+` and one SPARQL query."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from kg.errors import UnreadableInput, UsageError


@dataclass(frozen=True)
class Parameter:
    """A variable of the query that a caller may bind: its name, the kind of term, and an example value."""

    name: str
    type: str
    example: str
    description: str


@dataclass(frozen=True)
class Query:
    """One query file. `slug` is its name; `text` is the whole file, valid SPARQL as stored."""

    slug: str
    summary: str
    description: str
    tags: tuple[str, ...]
    parameters: tuple[Parameter, ...]
    text: str

    @property
    def body(self) -> str:
        """The query without its header."""
        return "\n".join(line for line in self.text.splitlines() if not line.startswith("#+")).strip() + "\n"


def read_query(path: Path) -> Query:
    """Read one query file.

    The header's keys are `summary`, `description`, `tags` and `parameters` (each with `name`,
    `type`, `example`, `description`). Raises UnreadableInput when it is missing or not YAML.
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
        lines += [f"[The query](questions/{query.slug}.rq)"]
    return "\n".join(lines) + "\n"


def _parameter(path: Path, item: Any) -> Parameter:
    try:
        return Parameter(
            name=str(item["name"]),
            type=str(item["type"]),
            example=str(item["example"]),
            description=_one_line(item["description"]),
        )
    except (KeyError, TypeError) as error:
        raise UnreadableInput(
            f"{path}: a parameter needs name, type, example and description; {error} is missing"
        ) from error


def _one_line(text: object) -> str:
    return " ".join(str(text).split())
