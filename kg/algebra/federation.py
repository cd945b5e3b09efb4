"""The SERVICE clauses of a query: whom they ask, what, and what takes their place once that is answered.

Source: https://www.w3.org/TR/sparql11-federated-query/
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from kg.algebra.outline import Outline, prologue, resolve
from kg.algebra.tokens import Token, tokens

_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}
_BARRED = re.compile(r'[<>"{}|^`\\\x00-\x20]')


@dataclass(frozen=True)
class Service:
    """One clause: the text from `start` to `end` asks `target` the query `asked`; if `silent`, it may fail.

    A pattern without variables is asked as an ASK: `rows` says whether the answer has any. `within` are the clauses
    in its own group, placed in `asked`: they are asked first, and from here.
    """

    start: int
    end: int
    target: str
    asked: str
    silent: bool
    rows: bool
    within: tuple[Service, ...] = ()


class ServiceUnclear(Exception):
    """A clause that cannot be understood, or asks somebody who may not be asked; `start` is where it stands."""

    def __init__(self, message: str, start: int) -> None:
        self.message, self.start = message, start
        super().__init__(message)


def services(text: str, outline: Outline, base: str, allowed: Collection[str]) -> tuple[Service, ...]:
    """The SERVICE clauses of a query, in order; raise ServiceUnclear.

    Only what is written as the grammar has it is understood: the engine's parser takes more, and whatever might
    be a clause and is not understood here is refused.
    """
    found = list(tokens(text))
    prefixes, base, begin = prologue(text, found, base)
    if any(_BARRED.search(iri) for iri in (base, *prefixes.values())):
        raise ServiceUnclear("an IRI of the prologue has a character that no IRI may have", outline.service or 0)
    declared = f"BASE <{base}> " + "".join(f"PREFIX {name}: <{iri}> " for name, iri in prefixes.items())
    reading = _Reading(text, found, prefixes, base, declared, allowed)
    clauses: list[Service] = []
    index = begin
    while index < len(found):
        if _mentions(found, index):
            clause, index = reading.clause(index)
            clauses.append(clause)
        else:
            index += 1
    if not clauses and outline.service is not None:
        raise ServiceUnclear("this SERVICE is not written as the grammar has it", outline.service)
    return tuple(clauses)


def blanked(text: str, clauses: Sequence[Service]) -> str:
    """The query with empty groups for its clauses, everything else where it was: for telling where it is wrong."""
    for each in reversed(clauses):
        gone = re.sub(r"[^\n\r]", " ", text[each.start : each.end])
        text = f"{text[: each.start]}{{}}{gone[2:]}{text[each.end :]}"
    return text


def replaced(text: str, groups: Sequence[tuple[Service, str]]) -> str:
    """The query with a group in place of each clause."""
    for clause, group in reversed(groups):
        text = text[: clause.start] + group + text[clause.end :]
    return text


def nothing_known() -> str:
    """The group for a SILENT clause that failed: one solution that binds nothing."""
    return "{ VALUES () { () } }"


def group_of(answer: Mapping[str, Any], skolem: str) -> str:
    """The group with the solutions of an answer in SPARQL's JSON.

    Blank nodes become IRIs that begin with `skolem`: a query cannot name them otherwise.
    Source: https://www.w3.org/TR/rdf11-concepts/#section-skolemization

    >>> group_of({"head": {"vars": ["s"]}, "results": {"bindings": [{"s": {"type": "literal", "value": "a"}}, {}]}}, "")
    '{ VALUES (?s) { ("a") (UNDEF) } }'
    """
    if "boolean" in answer:
        return "{ VALUES () { () } }" if answer["boolean"] else "{ VALUES () { } }"
    names = answer["head"]["vars"]
    rows = (
        f"({' '.join(_term(row[name], skolem) if name in row else 'UNDEF' for name in names)})"
        for row in answer["results"]["bindings"]
    )
    return f"{{ VALUES ({' '.join(f'?{name}' for name in names)}) {{ {' '.join(rows)} }} }}"


def _term(term: Mapping[str, Any], skolem: str) -> str:
    value = term["value"]
    if term["type"] == "triple":
        return f"<<( {' '.join(_term(value[name], skolem) for name in ('subject', 'predicate', 'object'))} )>>"
    if term["type"] == "uri":
        return f"<{_BARRED.sub(lambda found: f'%{ord(found[0]):02X}', value)}>"
    if term["type"] == "bnode":
        return f"<{skolem}{value}>"
    text = f'"{"".join(_escaped(character) for character in value)}"'
    if "xml:lang" in term:
        direction = f"--{term['its:dir']}" if "its:dir" in term else ""
        return f"{text}@{term['xml:lang']}{direction}"
    return f"{text}^^<{term['datatype']}>" if "datatype" in term else text


def _escaped(character: str) -> str:
    return _ESCAPES.get(character) or (f"\\u{ord(character):04X}" if character < " " else character)


def _mentions(found: Sequence[Token], index: int) -> bool:
    """Whether the engine might see a SERVICE here: it does not ask for space between words."""
    token = found[index]
    if token.kind == "word":
        return "SERVICE" in token.text.upper()
    following = found[index + 1].text if index + 1 < len(found) else ""
    return token.kind == "name" and following == "{" and "SERVICE" in token.text.partition(":")[0].upper()


@dataclass(frozen=True)
class _Reading:
    """A query whose clauses are read: its text and tokens, what it declares, and who may be asked."""

    text: str
    found: Sequence[Token]
    prefixes: Mapping[str, str]
    base: str
    declared: str
    allowed: Collection[str]

    def clause(self, index: int) -> tuple[Service, int]:
        """The clause that begins at a token, and the index of the token behind it."""
        found, start = self.found, self.found[index].start
        if found[index].kind != "word" or found[index].text.upper() != "SERVICE":
            raise ServiceUnclear("write SERVICE with space around it", start)
        rest = index + 1
        silent = rest < len(found) and found[rest].kind == "word" and found[rest].text.upper() == "SILENT"
        rest += silent
        if rest + 1 >= len(found) or found[rest].kind not in ("iri", "name") or found[rest + 1].text != "{":
            raise ServiceUnclear("SERVICE is followed by the IRI of who is asked and a group in braces", start)
        target = resolve(found[rest], self.prefixes, self.base)
        if target not in self.allowed:
            raise ServiceUnclear(f"<{target}> is not asked from here; {_may_be(self.allowed)}", start)
        return self._group(start, target, rest + 1, silent=silent)

    def _group(self, start: int, target: str, begin: int, *, silent: bool) -> tuple[Service, int]:
        found, depth, variables, within = self.found, 0, False, []
        index = begin
        while index < len(found):
            token = found[index]
            if index > begin and _mentions(found, index):
                inner, index = self.clause(index)
                within.append(inner)
                variables = variables or inner.rows
                continue
            depth += (token.text == "{") - (token.text == "}") if token.kind in ("open", "close") else 0
            variables = variables or token.kind == "variable"
            index += 1
            if not depth:
                asked = f"{self.declared}{'SELECT * WHERE' if variables else 'ASK'} "
                moved = len(asked) - found[begin].start
                placed = (replace(each, start=each.start + moved, end=each.end + moved) for each in within)
                end = token.start + 1
                asked += self.text[found[begin].start : end]
                return Service(start, end, target, asked, silent, variables, tuple(placed)), index
        raise ServiceUnclear("the group of this SERVICE is never closed", start)


def _may_be(allowed: Collection[str]) -> str:
    return f"those that are: {', '.join(f'<{each}>' for each in sorted(allowed))}"
