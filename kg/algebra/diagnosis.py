"""Where a query that the engine cannot parse is wrong, and how to say it.

The engine's parser reports the furthest character that it looked at, and it looks as far ahead as the
keywords it tries are long: often beyond the mistake. So the query is parsed once more with its tokens
moved apart, further than any keyword is long; then that character lies in the token that is wrong.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Sequence
from typing import NamedTuple

from kg.algebra.tokens import Token, place, tokens

_APART = " " * 40
_POSITION = re.compile(r"error at (\d+):(\d+): (.*)", re.DOTALL)


class Diagnosis(NamedTuple):
    """What is wrong with a query; `line` and `column` count from 1."""

    message: str
    line: int
    column: int


def diagnose(text: str, complaint: str, parse: Callable[[str], str | None]) -> Diagnosis:
    """Find the token at which a query goes wrong.

    `complaint` is what the engine's parser said of `text`, `parse` gives what it says of another text.
    """
    found = [*tokens(text), Token("end", "", len(text))]
    apart, starts = _spread(found)
    again = parse(apart)
    position = _POSITION.match(again or "")
    if position is None:
        named = _POSITION.match(complaint)
        return Diagnosis(_sentence(named[3] if named else complaint) or complaint, *_numbers(named))
    index = bisect_right(starts, int(position[2]) - 1) - 1
    sentence, expected = _sentence(position[3]), _signs(position[3])
    if index < 0 or found[index].kind == "end":
        message = sentence or "the query ends too early" + _open_bracket(text, found)
        return Diagnosis(message, *place(text, len(text.rstrip())))
    wrong = found[index]
    if sentence.startswith("IRI parsing failed"):
        return _bad_iri(text, found, index)
    message = sentence or f"{_short(wrong.text)} cannot stand here" + (f"; expected {expected}" if expected else "")
    if wrong.kind == "close" and not sentence:
        message += _open_bracket(text, found[:index], wrong)
    return Diagnosis(message, *place(text, wrong))


def _spread(found: Sequence[Token]) -> tuple[str, list[int]]:
    """Lay the tokens out on one line, apart wherever space may stand; and where each begins."""
    parts: list[str] = []
    starts: list[int] = []
    length = 0
    before = Token("space", "", 0)
    for token in found:
        touching = token.start == before.start + len(before.text)
        glued = touching and (
            token.kind in ("sign", "language", "number")
            or before.text in ("^", "<<", ".")
            or before.kind == "number"
            or token.text == ">>"
        )
        gap = "" if glued else _APART
        starts.append(length + len(gap))
        parts += (gap, token.text)
        length += len(gap) + len(token.text)
        before = token
    return "".join(parts).replace("\n", " ").replace("\r", " ") + _APART, starts


def _sentence(expected: str) -> str:
    """The parser's own sentence among what it expected, such as `IRI parsing failed`; else nothing."""
    listed = re.sub(r"\[[^\]]*\]", "", expected.removeprefix("expected one of ").removeprefix("expected "))
    sentences = [part.strip() for part in re.split(r",\s+|\n\|", listed)]
    return "; ".join(part for part in sentences if " " in part and part[0] not in "\"'")


def _signs(expected: str) -> str:
    listed = expected.removeprefix("expected one of ").removeprefix("expected ").split(", ")
    signs = [re.sub(r'^"(.*)"$', r"\1", each) for each in listed]
    return " or ".join(signs) if len(signs) <= 3 and all(sign in "{}()[].;," for sign in signs) else ""


def _bad_iri(text: str, found: Sequence[Token], index: int) -> Diagnosis:
    for token in reversed(found[: index + 1]):
        if token.kind == "iri":
            break
        if token.text == "<" and text[token.start + 1 : token.start + 2].strip():
            message = "this IRI is not closed, or has a character that an IRI may not have: space, quotes, braces …"
            return Diagnosis(message, *place(text, token))
    return Diagnosis(f"{_short(found[index].text)} is not a valid IRI", *place(text, found[index]))


def _open_bracket(text: str, found: Sequence[Token], closing: Token | None = None) -> str:
    still_open: list[Token] = []
    for token in found:
        if token.kind == "open":
            still_open.append(token)
        elif token.kind == "close" and still_open:
            still_open.pop()
    if not still_open:
        return "" if closing is None else "; no bracket is open"
    opening = still_open[-1]
    if closing is not None and opening.text + closing.text in ("()", "[]", "{}", "<<>>"):
        return "; something is missing before it"
    line, column = place(text, opening)
    return f"; the {opening.text} at {line}:{column} is not closed"


def _short(text: str) -> str:
    return repr(text if len(text) <= 40 else f"{text[:37]}…")


def _numbers(named: re.Match[str] | None) -> tuple[int, int]:
    return (int(named[1]), int(named[2])) if named else (1, 1)
