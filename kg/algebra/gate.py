"""The gate before the engine: which queries are let through, and what is said to the others.

The engine can be brought down by text alone (about 4,700 nested parentheses), so nothing native reads
a query before this.
"""

from __future__ import annotations

from collections.abc import Collection

from kg.algebra.federation import ServiceUnclear, services
from kg.algebra.outline import Outline, read
from kg.algebra.tokens import place
from kg.errors import UsageError
from kg.settings import Settings, variable


class QueryRefused(UsageError):
    """The query is understood and not run; `line` and `column` count from 1."""

    def __init__(self, message: str, line: int = 1, column: int = 1) -> None:
        self.message, self.line, self.column = message, line, column
        super().__init__(f"{line}:{column}: {message}")


class QueryTooLong(QueryRefused):
    """The text is longer than the limit."""


class QueryTooComplex(QueryRefused):
    """Brackets nest deeper, or patterns are more, than the limits."""


class FederationRefused(QueryRefused):
    """The query asks another server."""


class QueryUncitable(QueryRefused):
    """The query can be answered, but what its answer rests on cannot be told."""


class UpdateRefused(QueryRefused):
    """The text is an update, not a query."""


def look(text: str, settings: Settings, allowed: Collection[str] = ()) -> Outline:
    """Return the outline of a query that may run; `allowed` are those that its SERVICE clauses may ask.

    Raises QueryRefused where a limit or a rule stands against it, QueryUnreadable where it can't be
    SPARQL; both with line and column.
    """
    size = len(text.encode(errors="surrogatepass"))
    if size > settings.query_size:
        raise QueryTooLong(
            f"the query has {size} bytes; at most {settings.query_size} are read ({variable('query_size')}). "
            "Ask in parts, or with fewer VALUES"
        )
    outline = read(text, settings.base, settings.nesting)
    if outline.is_update:
        raise UpdateRefused(
            f"{outline.form} changes data, and this endpoint only answers queries; "
            "facts are changed in the tables, by a build",
            *place(text, text.upper().find(outline.form)),
        )
    if outline.depth > settings.nesting:
        raise QueryTooComplex(
            f"brackets nest deeper than {settings.nesting} here ({variable('nesting')}); flatten the query",
            *place(text, outline.deepest),
        )
    if outline.service is not None and not allowed:
        raise FederationRefused(
            "SERVICE is refused: this endpoint asks no other server; query the other endpoint yourself and join "
            "its answer with VALUES",
            *place(text, outline.service),
        )
    if outline.service is not None:
        try:
            outline.services = services(text, outline, settings.base, allowed)
        except ServiceUnclear as error:
            raise FederationRefused(f"SERVICE is refused: {error.message}", *place(text, error.start)) from error
        outline.stable = False
    if outline.patterns > settings.patterns:
        raise QueryTooComplex(
            f"the query has about {outline.patterns} patterns and groups, more than {settings.patterns} "
            f"({variable('patterns')}); use VALUES for lists, or ask in parts"
        )
    return outline
