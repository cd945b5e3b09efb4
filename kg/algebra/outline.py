"""The outline of a query: its form, its prefixes, its dataset, how deep and how long it is."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple
from urllib.parse import urljoin

from kg.algebra.tokens import QueryUnreadable, Token, place, tokens

FORMS = ("SELECT", "ASK", "CONSTRUCT", "DESCRIBE")
UPDATES = ("INSERT", "DELETE", "LOAD", "CLEAR", "DROP", "CREATE", "ADD", "MOVE", "COPY", "WITH")
VOLATILE = ("NOW", "RAND", "UUID", "BNODE")

_PREFIXED = "!+-^"
"""Signs that the engine's parser goes one level deeper for."""
_ABSOLUTE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")


class Dataset(NamedTuple):
    """The graphs that a query looks at: those merged into its default graph, and those that GRAPH sees."""

    default: tuple[str, ...]
    named: tuple[str, ...]


@dataclass
class Outline:
    """What one pass over the tokens of a query tells.

    `form` is one of FORMS, or of UPDATES. `service` is where SERVICE stands, from 0, `services` are the clauses
    that may be asked (kg.algebra.federation.Service). `depth` is the
    deepest nesting of brackets, `deepest` where it is reached. `patterns` counts the groups and the
    triples of their patterns, roughly. `stable` is false where two runs may differ (NOW, RAND …).
    """

    form: str
    prefixes: dict[str, str] = field(default_factory=dict)
    dataset: Dataset | None = None
    looks_at_graphs: bool = False
    service: int | None = None
    services: tuple[Any, ...] = ()
    depth: int = 0
    deepest: int = 0
    patterns: int = 0
    stable: bool = True

    @property
    def is_update(self) -> bool:
        """Whether it would change the graph."""
        return self.form in UPDATES


def read(text: str, base: str, deepest_allowed: int) -> Outline:
    """Read the outline of a query; `base` resolves its relative IRIs.

    The engine's parser does not ask for space between keywords (`trueGRAPH?g{…}` is a GRAPH to it), so
    GRAPH, FROM and SERVICE are looked for inside words too. Stops at nesting deeper than allowed.
    Raises QueryUnreadable where the text can't be a query: no form, an undeclared prefix.
    """
    found = list(tokens(text))
    prefixes, base, begin = prologue(text, found, base)
    outline = Outline(form=_form(text, found, begin), prefixes=prefixes)
    depth = run = 0
    for index in range(begin, len(found)):
        kind, token, start = found[index]
        run = run + 1 if kind == "sign" and token in _PREFIXED else 0  # `!!!?x` nests as `!(!(!?x))` does
        if kind == "open":
            depth += len(token)
            outline.patterns += token == "{"
        elif kind == "close":
            depth -= len(token)
        elif kind == "sign":
            outline.patterns += token in ".;"
        elif kind == "word":
            _word(outline, token.upper(), start)
        elif kind == "name":
            _name(text, outline, found, index)
        if depth + run > outline.depth or (kind == "iri" and "(" in token):
            outline.depth = max(depth + run + (_hidden(token) if kind == "iri" else 0), outline.depth)
            outline.deepest = start
            if outline.depth > deepest_allowed:
                break
    else:
        outline.dataset = _dataset(found[begin:], prefixes, base) if outline.looks_at_graphs else None
    return outline


def resolve(token: Token, prefixes: Mapping[str, str], base: str) -> str:
    """The IRI that a token stands for: `<…>` or a prefixed name whose prefix is declared."""
    if token.kind == "iri":
        iri = _unescape(token.text[1:-1])
        resolved = iri if _ABSOLUTE.match(iri) else urljoin(base, iri)
        return f"{resolved}#" if iri.endswith("#") and not resolved.endswith("#") else resolved
    prefix, local = token.text.split(":", 1)
    return prefixes[prefix] + re.sub(r"\\(.)", r"\1", local)


def prologue(text: str, found: Sequence[Token], base: str) -> tuple[dict[str, str], str, int]:
    """The prefixes and the base that a query declares, and the index of the first token behind them."""
    prefixes: dict[str, str] = {}
    index = 0
    while index < len(found) and found[index].kind == "word":
        word, rest = found[index].text.upper(), found[index + 1 : index + 3]
        kinds = [token.kind for token in rest]
        if word == "BASE" and kinds[:1] == ["iri"]:
            base = resolve(rest[0], {}, base)
            index += 2
        elif word == "PREFIX" and kinds == ["name", "iri"] and rest[0].text.endswith(":"):
            prefixes[rest[0].text[:-1]] = resolve(rest[1], {}, base)
            index += 3
        elif word == "VERSION" and kinds[:1] == ["string"]:
            index += 2
        elif word in ("BASE", "PREFIX"):
            shape = "BASE <iri>" if word == "BASE" else "PREFIX name: <iri>"
            raise QueryUnreadable(f"this {word} line is not complete; write {shape}", *place(text, found[index]))
        else:
            break
    return prefixes, base, index


def _form(text: str, found: Sequence[Token], begin: int) -> str:
    if begin == len(found):
        raise QueryUnreadable(
            "the query is empty" if not begin else "nothing follows the PREFIX lines", *place(text, len(text))
        )
    first = found[begin]
    for form in (*FORMS, *UPDATES):
        if first.kind == "word" and first.text.upper().startswith(form):
            return form
    raise QueryUnreadable(
        f"a query begins with SELECT, ASK, CONSTRUCT or DESCRIBE, after its PREFIX lines; here stands "
        f"{first.text[:40]!r}",
        *place(text, first),
    )


def _word(outline: Outline, word: str, start: int) -> None:
    if "GRAPH" in word or "FROM" in word:
        outline.looks_at_graphs = True
    if "SERVICE" in word and outline.service is None:
        outline.service = start
    if any(name in word for name in VOLATILE):
        outline.stable = False


def _name(text: str, outline: Outline, found: Sequence[Token], index: int) -> None:
    prefix = found[index].text.split(":", 1)[0]
    if prefix not in outline.prefixes and not outline.is_update:
        raise QueryUnreadable(
            f"the prefix {prefix}: is not declared; add PREFIX {prefix}: <…> at the top", *place(text, found[index])
        )
    shouted = prefix.upper()
    if "GRAPH" in shouted or "FROM" in shouted:
        outline.looks_at_graphs = True
    if "SERVICE" in shouted and index + 1 < len(found) and found[index + 1].text == "{":
        outline.service = found[index].start


def _dataset(found: Sequence[Token], prefixes: Mapping[str, str], base: str) -> Dataset | None:
    default: list[str] = []
    named: list[str] = []
    depth = 0
    for index, token in enumerate(found):
        depth += (token.kind == "open") - (token.kind == "close")
        if depth or token.kind != "word" or token.text.upper() != "FROM":
            continue
        following = found[index + 1 : index + 3]
        graphs = default
        if following and following[0].text.upper() == "NAMED":
            following, graphs = following[1:], named
        if following and following[0].kind in ("iri", "name"):
            graphs.append(resolve(following[0], prefixes, base))
    return Dataset(tuple(dict.fromkeys(default)), tuple(dict.fromkeys(named))) if default or named else None


def _hidden(token: str) -> int:
    """How deep brackets nest in what looks like an IRI: to the engine it may be `?a <((…)) && ?b> ?c`."""
    depth = deepest = 0
    for character in token:
        depth += (character in "([") - (character in ")]")
        deepest = max(deepest, depth)
    return deepest


def _unescape(text: str) -> str:
    return re.sub(r"\\u(.{4})|\\U(.{8})", lambda match: chr(int(match[1] or match[2], 16)), text)
