"""A place in the tokens of a query, and the few moves that reading them takes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from kg.algebra.gate import QueryUncitable
from kg.algebra.outline import resolve
from kg.algebra.tokens import Token, place

_END = Token("end", "", -1)


class Cursor:
    """Goes through tokens from `index`; names are resolved by `prefixes` and `base` as they are taken.

    `private` begins the names of the variables that reading makes; no variable of the query does.
    """

    def __init__(self, text: str, found: Sequence[Token], index: int, prefixes: Mapping[str, str], base: str) -> None:
        self.text = text
        self.found = found
        self.index = index
        self._prefixes = prefixes
        self._base = base
        self._fresh = 0
        self.private = "?_"
        while self.private in text:
            self.private += "_"

    @property
    def at_end(self) -> bool:
        """Whether every token is taken."""
        return self.index >= len(self.found)

    def peek(self, after: int = 0) -> Token:
        """The next token, or the one some tokens after it; raise QueryUncitable at the end."""
        if self.index + after >= len(self.found):
            if after:
                return _END
            raise self.lost("the query ends too early")
        return self.found[self.index + after]

    def take(self) -> Token:
        """Take the next token."""
        token = self.peek()
        self.index += 1
        return token

    def ahead(self, *texts: str, after: int = 0) -> bool:
        """Whether one of these keywords or signs comes next."""
        if self.index + after >= len(self.found):
            return False
        token = self.found[self.index + after]
        return (token.text.upper() if token.kind == "word" else token.text) in texts and token.kind != "string"

    def word(self, text: str) -> bool:
        """Take a keyword if it comes next."""
        if self.ahead(text) and self.peek().kind == "word":
            self.index += 1
            return True
        return False

    def sign(self, text: str) -> bool:
        """Take a sign or bracket if it comes next."""
        if self.ahead(text):
            self.index += 1
            return True
        return False

    def expect(self, text: str) -> None:
        """Take this keyword or sign; raise QueryUncitable when another comes."""
        if not self.sign(text):
            raise self.lost()

    def variable(self) -> str | None:
        """Take a variable if one comes next, as `?name`."""
        if not self.at_end and self.peek().kind == "variable":
            return "?" + self.take().text[1:]
        return None

    def iri(self) -> str | None:
        """Take an IRI if one comes next, as `<…>`."""
        if not self.at_end and self.peek().kind in ("iri", "name"):
            return f"<{resolve(self.take(), self._prefixes, self._base)}>"
        return None

    def piece(self) -> str:
        """Take a token as it stands in an expression: names whole, and with space before it where there was some."""
        before = self.found[self.index - 1]
        token = self.peek()
        gap = " " if before.start + len(before.text) != token.start else ""
        if token.kind == "variable":
            return self.variable() or ""
        if token.kind in ("iri", "name"):
            return gap + (self.iri() or "")
        return gap + self.take().text + (" " if token.kind == "word" and not self.ahead("(") else "")

    def fresh(self) -> str:
        """A variable that the query does not have."""
        self._fresh += 1
        return f"{self.private}b{self._fresh}"

    def blank(self, label: str) -> str:
        """The variable that stands for a blank node of a pattern."""
        return f"{self.private}l{label.encode().hex()}"

    def touching(self) -> bool:
        """Whether the next token follows the one before without space."""
        if self.at_end:
            return False
        before = self.found[self.index - 1]
        return before.start + len(before.text) == self.found[self.index].start

    def lost(self, why: str = "") -> QueryUncitable:
        """The error that says where reading ends."""
        token = self.found[min(self.index, len(self.found) - 1)] if self.found else Token("end", "", 0)
        message = why or f"citations do not follow a query with {token.text[:40]!r} here"
        return QueryUncitable(f"{message}; ask without citations", *place(self.text, token))
