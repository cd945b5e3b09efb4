"""What an update would do, seen without running it, and the graphs of the protocol written into it.

Sources: https://www.w3.org/TR/sparql11-update/, https://www.w3.org/TR/sparql11-protocol/#update-operation
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kg.algebra.gate import FederationRefused, QueryRefused, QueryTooComplex
from kg.algebra.tokens import QueryUnreadable, Token, place, tokens
from kg.settings import Settings, variable

_STARTS = ("INSERT", "DELETE", "LOAD", "CLEAR", "DROP", "CREATE", "ADD", "MOVE", "COPY", "WITH")


class UpdateUnfit(QueryRefused):
    """The update cannot be combined with the graphs that the request names."""


@dataclass(frozen=True)
class Update:
    """An update that has passed the gate: its text, and what each operation is (`INSERT DATA`, `DELETE WHERE` …)."""

    text: str
    operations: tuple[str, ...]


def look_update(text: str, settings: Settings, using: Sequence[str] = (), named: Sequence[str] = ()) -> Update:
    """Let an update through, with the graphs of the protocol as USING in each operation that has a WHERE.

    Raises QueryUnreadable, QueryTooComplex, FederationRefused (SERVICE, LOAD), and UpdateUnfit where the text
    has USING or WITH of its own: the protocol forbids both together.
    """
    found = list(tokens(text))
    _check_nesting(text, found, settings)
    operations, inserted = _operations(text, found, "".join(_clauses(using, named)))
    for position, clause in sorted(inserted, reverse=True):
        text = f"{text[:position]} {clause} {text[position:]}"
    return Update(text, operations)


def _clauses(using: Sequence[str], named: Sequence[str]) -> list[str]:
    return [*(f"USING <{iri}> " for iri in using), *(f"USING NAMED <{iri}> " for iri in named)]


def _check_nesting(text: str, found: Sequence[Token], settings: Settings) -> None:
    depth = 0
    for token in found:
        depth += len(token.text) if token.kind == "open" else 0
        depth -= len(token.text) if token.kind == "close" else 0
        if depth > settings.nesting:
            raise QueryTooComplex(
                f"brackets nest deeper than {settings.nesting} here ({variable('nesting')}); flatten the update",
                *place(text, token),
            )
        if token.kind in ("word", "name") and "SERVICE" in token.text.upper().partition(":")[0]:
            raise FederationRefused("SERVICE is refused: no other server is asked here", *place(text, token))


def _operations(text: str, found: Sequence[Token], clause: str) -> tuple[tuple[str, ...], list[tuple[int, str]]]:
    """The operations, and what to write where so that the clause counts in each."""
    names: list[str] = []
    inserted: list[tuple[int, str]] = []
    depth = 0
    for index, token in enumerate(found):
        depth += (token.kind == "open" and token.text == "{") - (token.kind == "close" and token.text == "}")
        if depth or token.kind != "word":
            continue
        word = token.text.upper()
        following = found[index + 1].text.upper() if index + 1 < len(found) else ""
        if "LOAD" in word:
            raise FederationRefused("LOAD is refused: nothing is fetched here; send the data", *place(text, token))
        if clause and word in ("USING", "WITH"):
            raise UpdateUnfit(
                f"{word} stands in the update, and the request names graphs as well; do one of both",
                *place(text, token),
            )
        if word == "WHERE" and clause:
            if names and names[-1] == "DELETE WHERE":
                pattern = _braces(text, found, index + 1)
                inserted.append((token.start, f"{pattern} {clause}"))
            else:
                inserted.append((token.start, clause))
        if word in _STARTS:
            name = f"{word} {following}" if following in ("DATA", "WHERE") else word
            if not (word == "INSERT" and names and names[-1] in ("DELETE", "WITH") and following == "{"):
                names.append(name)
    if not names:
        raise QueryUnreadable("an update begins with INSERT, DELETE, CLEAR …, after its PREFIX lines", 1, 1)
    return tuple(names), inserted


def _braces(text: str, found: Sequence[Token], begin: int) -> str:
    """The text of the group that begins at a token."""
    depth = 0
    for token in found[begin:]:
        depth += (token.text == "{") - (token.text == "}")
        if not depth:
            return text[found[begin].start : token.start + 1]
    raise QueryUnreadable("a { is never closed", *place(text, found[begin] if begin < len(found) else len(text)))
