"""The LOAD operations of an update: which documents they want, and where their triples go.

Source: https://www.w3.org/TR/sparql11-update/#load
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kg.algebra.gate import FederationRefused
from kg.algebra.outline import resolve
from kg.algebra.tokens import QueryUnreadable, Token, place, tokens


@dataclass(frozen=True)
class Load:
    """One operation: the text from `start` to `end` wants the triples of `document` in `graph` (none: the default)."""

    start: int
    end: int
    document: str
    graph: str | None
    silent: bool


def loads(text: str, base: str, allowed: Sequence[str]) -> tuple[Load, ...]:
    """The LOAD operations of an update, in order; raise FederationRefused for a document that is not allowed.

    `allowed` are addresses; one that ends in a slash allows all below it. What is no operation of the grammar is left
    for kg.algebra.look_update to refuse.
    """
    found = list(tokens(text))
    prefixes: dict[str, str] = {}
    operations: list[Load] = []
    depth = 0
    for index, token in enumerate(found):
        depth += (token.text == "{") - (token.text == "}") if token.kind in ("open", "close") else 0
        if depth or token.kind != "word":
            continue
        word, rest = token.text.upper(), found[index + 1 : index + 6]
        kinds = [each.kind for each in rest]
        if word == "BASE" and kinds[:1] == ["iri"]:
            base = resolve(rest[0], {}, base)
        elif word == "PREFIX" and kinds[:2] == ["name", "iri"]:
            prefixes[rest[0].text[:-1]] = resolve(rest[1], {}, base)
        elif word == "LOAD":
            operation = _operation(text, token, rest, prefixes, base)
            if not may(operation.document, allowed):
                raise FederationRefused(
                    f"LOAD is refused: <{operation.document}> is not among what is fetched here: {', '.join(allowed)}",
                    *place(text, token),
                )
            operations.append(operation)
    return tuple(operations)


def may(document: str, allowed: Sequence[str]) -> bool:
    """Whether a document may be fetched; a step up (`..`) in its address leads below nothing that is allowed.

    >>> may("http://example.org/data/a.ttl", ["http://example.org/data/"])
    True
    >>> may("http://example.org/data/../secret", ["http://example.org/data/"])
    False
    """
    if "/.." in document or "%2e" in document.lower() or "\\" in document:
        return False
    return any(document == each or (each.endswith("/") and document.startswith(each)) for each in allowed)


def loaded(text: str, found: Sequence[tuple[Load, bytes]]) -> str:
    """The update with an insertion of triples (N-Triples) in place of each operation.

    INSERT DATA takes no blank nodes in some stores; INSERT with an empty WHERE means the same and does.
    """
    for operation, lines in reversed(found):
        triples = lines.decode().strip()
        within = f"GRAPH <{operation.graph}> {{ {triples} }}" if operation.graph else triples
        insertion = f"INSERT {{ {within} }} WHERE {{ }}" if "_:" in triples else f"INSERT DATA {{ {within} }}"
        text = text[: operation.start] + insertion + text[operation.end :]
    return text


def _operation(text: str, start: Token, rest: Sequence[Token], prefixes: dict[str, str], base: str) -> Load:
    silent = bool(rest) and rest[0].kind == "word" and rest[0].text.upper() == "SILENT"
    rest = rest[silent:]
    if not rest or rest[0].kind not in ("iri", "name"):
        raise QueryUnreadable("LOAD is followed by the IRI of a document", *place(text, start))
    into = [each.text.upper() for each in rest[1:3]] == ["INTO", "GRAPH"]
    last = rest[3] if into and len(rest) > 3 else rest[0]
    if into and (len(rest) < 4 or last.kind not in ("iri", "name")):
        raise QueryUnreadable("INTO GRAPH is followed by the IRI of a graph", *place(text, rest[1]))
    try:
        document = resolve(rest[0], prefixes, base)
        graph = resolve(last, prefixes, base) if into else None
    except KeyError as error:
        raise QueryUnreadable(f"the prefix {error.args[0]}: is not declared", *place(text, start)) from error
    return Load(start.start, last.start + len(last.text), document, graph, silent)
