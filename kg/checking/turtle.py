"""Where everything stands in Turtle and TriG, and so in N-Triples and N-Quads: every term with its offsets.

It reads what pyoxigraph has found well-formed, in the same order, so that the n-th blank node here is the
n-th blank node there. Source: https://www.w3.org/TR/turtle/#sec-grammar
"""

from __future__ import annotations

import re
from contextlib import suppress

from kg.checking.layout import RDF, XSD, Emit, Key, Layout, Prefix, Span, Statement, in_order, resolved
from kg.checking.tokens import TOKEN, unescaped


class Lost(Exception):
    """The reader does not understand the text at an offset; positions end there."""


def read_layout(text: str, base: str) -> Layout:
    """Read a Turtle or TriG text; where it is not understood, what was read before is returned."""
    reader = _Reader(text, base)
    with suppress(Lost, RecursionError):
        reader.document()
    return reader.layout


class _Reader:
    def __init__(self, text: str, base: str) -> None:
        self._text = text
        self._base = base
        self._declared: dict[str, Prefix] = {}
        self._labels: dict[str, int] = {}
        self._made = 0
        self._told: list[tuple[int, Statement]] = []
        self._step = 0
        self.layout = Layout()
        self._end = 0
        self._kind, self._start, self._token = "", 0, ""
        self._next()

    def document(self) -> None:
        try:
            while self._kind:
                self._statement()
        finally:
            self.layout.statements.extend(in_order(self._told))

    def _next(self) -> None:
        """Go to the next token that is no space."""
        self._end = self._start + len(self._token)
        self._step += 1
        position = self._end
        while position < len(self._text):
            found = TOKEN.match(self._text, position)
            if found is None:
                raise Lost
            if found.lastgroup != "space":
                self._kind, self._start, self._token = str(found.lastgroup), position, found[0]
                return
            position = found.end()
        self._kind, self._start, self._token = "", position, ""

    def _take(self, token: str) -> None:
        if self._token != token:
            raise Lost
        self._next()

    def _statement(self) -> None:
        word = self._token.lower()
        if word in ("@prefix", "@base") or (self._kind == "word" and word in ("prefix", "base", "version")):
            self._directive(word)
        elif word == "graph" and self._kind == "word":
            self._next()
            self._term()
            self._graph()
        elif self._token == "{":
            self._graph()
        else:
            self._triples(named=True)

    def _directive(self, word: str) -> None:
        start = self._start
        self._next()
        if word.endswith("prefix"):
            name = self._token.removesuffix(":")
            self._next()
            prefix = Prefix(name, self._resolve(self._token), (start, self._start + len(self._token)))
            self._declared[name] = prefix
            self.layout.prefixes.append(prefix)
        elif word.endswith("base"):
            self._base = self._resolve(self._token)
        self._next()
        if word.startswith("@"):
            self._take(".")

    def _graph(self) -> None:
        self._take("{")
        while self._token != "}":
            self._triples()
        self._take("}")

    def _triples(self, *, named: bool = False) -> None:
        """One subject with its predicates, the full stop after it, and where `named` a graph's name with the graph."""
        start = self._start
        if self._token == "[":
            subject, span, _ = self._anonymous()
            if self._token in (".", "}"):
                if self._token == ".":
                    self._next()
                return
        elif self._token == "(":
            subject, span = self._collection(None)
        else:
            subject, span, _ = self._term()
        if named and self._token == "{":
            self._graph()
            return
        self._predicates(subject, span or (start, start + 1))
        if self._token == ".":
            self._next()
        elif self._token != "}" and self._kind:
            # N-Quads: the fourth term is the graph.
            self._term()
            self._take(".")

    def _predicates(self, subject: Key, subject_span: Span) -> None:
        while True:
            while self._token == ";":
                self._next()
            if self._token in (".", "]", "}"):
                return
            start = self._start
            if self._token == "a":
                predicate: Key = ("i", f"{RDF}type")
                self._next()
            else:
                predicate = self._term()[0]
            predicate_span = (start, self._end)

            def emit(
                value: Key, span: Span, step: int, predicate: Key = predicate, predicate_span: Span = predicate_span
            ) -> None:
                self._emit(subject, predicate, value, (subject_span, predicate_span, span), step)

            self._object(emit)
            while self._token == ",":
                self._next()
                self._object(emit)
            if self._token != ";":
                return

    def _object(self, emit: Emit) -> None:
        if self._token == "[":
            emit(*self._anonymous())
        elif self._token == "(":
            self._collection(emit)
        else:
            emit(*self._term())

    def _anonymous(self) -> tuple[Key, Span, int]:
        node, span = self._blank(), (self._start, self._start + 1)
        self._take("[")
        if self._token != "]":
            self._predicates(node, span)
        step = self._step
        self._take("]")
        return node, span, step

    def _collection(self, emit: Emit | None) -> tuple[Key, Span]:
        """A list; it is told as soon as its first member is, which is when pyoxigraph tells it."""
        span = (self._start, self._start + 1)
        self._take("(")
        if self._token == ")":
            nil: Key = ("i", f"{RDF}nil")
            if emit:
                emit(nil, span, self._step)
            self._next()
            return nil, span
        head = cell = self._blank()
        first, rest = ("i", f"{RDF}first"), ("i", f"{RDF}rest")
        if emit:
            emit(head, span, self._step)
        while True:

            def told(value: Key, where: Span, step: int, here: Key = cell) -> None:
                self._emit(here, first, value, (span, where, where), step)

            self._object(told)
            if self._token == ")":
                self._emit(cell, rest, ("i", f"{RDF}nil"), (span, span, span), self._step)
                self._next()
                return head, span
            following = self._blank()
            self._emit(cell, rest, following, (span, span, span), self._step)
            cell = following

    def _term(self) -> tuple[Key, Span, int]:
        kind, token, start, step = self._kind, self._token, self._start, self._step
        if kind == "iri":
            key: Key = ("i", self._resolve(token))
        elif kind == "name":
            key = ("i", self._expand(token))
        elif kind == "bnode":
            number = self._labels.get(token)
            if number is None:
                self._made += 1
                number = self._labels[token] = self._made
            key = ("b", str(number))
        elif kind in ("string", "long"):
            return self._literal(kind)
        elif kind == "number":
            name = "double" if "e" in token.lower() else "decimal" if "." in token else "integer"
            key = ("l", token, f"{XSD}{name}", "")
        elif kind == "word" and token in ("true", "false"):
            key = ("l", token, f"{XSD}boolean", "")
        else:
            raise Lost
        self._next()
        return key, (start, self._end), step

    def _literal(self, kind: str) -> tuple[Key, Span, int]:
        start = self._start
        quotes = 3 if kind == "long" else 1
        text = unescaped(self._token[quotes:-quotes])
        self._next()
        datatype, language, step = "", "", self._step
        if self._kind == "at":
            datatype, language = f"{RDF}langString", self._token[1:].lower()
            self._next()
        elif self._kind == "type":
            self._next()
            step = self._step
            datatype = self._term()[0][1]
        return ("l", text, "" if datatype == f"{XSD}string" else datatype, language), (start, self._end), step

    def _blank(self) -> Key:
        self._made += 1
        return ("b", str(self._made))

    def _resolve(self, token: str) -> str:
        iri = unescaped(token[1:-1])
        return iri if re.match(r"[A-Za-z][A-Za-z0-9+.-]*:", iri) else resolved(self._base, iri)

    def _expand(self, token: str) -> str:
        name, _, local = token.partition(":")
        prefix = self._declared.get(name)
        if prefix is None:
            raise Lost
        prefix.used = True
        return prefix.namespace + re.sub(r"\\(.)", r"\1", local)

    def _emit(self, subject: Key, predicate: Key, value: Key, spans: tuple[Span, Span, Span], step: int) -> None:
        self._told.append((step, Statement(subject, predicate, value, spans)))
