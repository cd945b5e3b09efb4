"""The words of SPARQL: where each token of a query begins, and of which kind it is.

Linear in the length of the text, without native code: it looks at queries before any parser does.
Source: https://www.w3.org/TR/sparql11-query/#sparqlGrammar, productions 139 to 173.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from kg.errors import UnreadableInput

_CHAR = r"[\w\-\u0080-\U0010ffff]"
_PREFIX = rf"[A-Za-z_\u0080-\U0010ffff](?:{_CHAR}|\.+(?={_CHAR}))*+"
_LOCAL = r"(?:[\w:\u0080-\U0010ffff]|%[0-9A-Fa-f]{2}|\\[_~.\-!$&'()*+,;=/?\#@%])"
_TOKEN = re.compile(
    rf"""
      (?P<space>[ \t\r\n]++ | \#[^\r\n]*+)
    | (?P<iri><(?:[^<>"{{}}|^`\\\x00-\x20]|\\u[0-9A-Fa-f]{{4}}|\\U[0-9A-Fa-f]{{8}})*+>)
    | (?P<string>\"\"\"(?:\"{{0,2}}(?:[^"\\]|\\.))*+\"\"\" | \'\'\'(?:\'{{0,2}}(?:[^'\\]|\\.))*+\'\'\'
                | \"(?!\"\")(?:[^"\\\r\n]|\\.)*+\" | \'(?!\'\')(?:[^'\\\r\n]|\\.)*+\')
    | (?P<variable>[?$][\w\u0080-\U0010ffff]++)
    | (?P<blank>_:[\w\u0080-\U0010ffff](?:{_CHAR}|\.+(?={_CHAR}))*+)
    | (?P<name>(?:{_PREFIX})?:(?:{_LOCAL}(?:{_LOCAL}|-|\.+(?={_LOCAL}|-))*+)?)
    | (?P<word>{_PREFIX})
    | (?P<number>[0-9]++)
    | (?P<language>@[A-Za-z][A-Za-z0-9-]*+)
    | (?P<open>[(\[{{]|<<)
    | (?P<close>[)\]}}]|>>)
    | (?P<sign>.)
    """,
    re.VERBOSE | re.DOTALL,
)


class Token(NamedTuple):
    """One token: its kind (a group of the pattern above), its text, and where it begins, from 0."""

    kind: str
    text: str
    start: int


class QueryUnreadable(UnreadableInput):
    """The query is not SPARQL; `line` and `column` count from 1, as an editor does."""

    def __init__(self, message: str, line: int, column: int) -> None:
        self.message, self.line, self.column = message, line, column
        super().__init__(f"{line}:{column}: {message}")


def tokens(text: str) -> Iterator[Token]:
    """Yield the tokens of a query without space and comments; raise QueryUnreadable at a string that is not closed."""
    for match in _TOKEN.finditer(text):
        kind = match.lastgroup
        if kind is None or kind == "space":
            continue
        found = match.group()
        if kind == "sign" and found in "\"'":
            raise QueryUnreadable(
                f"the string that begins here is not closed; end it with {found}", *place(text, match)
            )
        yield Token(kind, found, match.start())


def place(text: str, at: re.Match[str] | Token | int) -> tuple[int, int]:
    r"""Line and column of a position, both from 1.

    >>> place("ASK\n{ ?s }", 6)
    (2, 3)
    """
    start = at if isinstance(at, int) else at.start if isinstance(at, Token) else at.start()
    line_start = text.rfind("\n", 0, start) + 1
    return text.count("\n", 0, start) + 1, start - line_start + 1
