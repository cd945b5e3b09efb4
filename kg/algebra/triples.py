"""Triple patterns and property paths, from tokens to the tree."""

from __future__ import annotations

from kg.algebra.cursor import Cursor
from kg.algebra.syntax import Alternative, Link, Negated, Path, Pattern, Repeat, Sequence

_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_TYPE, _FIRST, _REST, _NIL = (f"<{_RDF}{name}>" for name in ("type", "first", "rest", "nil"))
_KEYWORDS = ("OPTIONAL", "MINUS", "GRAPH", "FILTER", "BIND", "VALUES", "SERVICE", "UNION", "LATERAL")


class PatternReader:
    """Reads the triples of patterns and of templates."""

    def __init__(self, cursor: Cursor) -> None:
        self._at = cursor
        self._out: list[Pattern] = []
        self._template = False

    def triples(self, *, template: bool = False) -> tuple[Pattern, ...]:
        """Patterns up to what is none."""
        at = self._at
        self._out, self._template = [], template
        while not at.ahead("}", "{") and not (at.peek().kind == "word" and at.ahead(*_KEYWORDS)):
            compound = at.ahead("[")
            subject = self._node()
            if not compound or not at.ahead(".", "}", "{", *_KEYWORDS):
                self._properties(subject)
            if not at.sign("."):
                break
        if at.ahead("SERVICE", "LATERAL") and at.peek().kind == "word":
            raise at.lost()
        found, self._out = tuple(self._out), []
        return found

    def name(self) -> str:
        """A variable or an IRI."""
        found = self._at.variable() or self._at.iri()
        if found is None:
            raise self._at.lost()
        return found

    def _properties(self, subject: str) -> None:
        at = self._at
        while not at.ahead("]", ".", "}"):
            verb = at.variable() or self._path()
            self._object(subject, verb)
            while at.sign(","):
                self._object(subject, verb)
            if not at.sign(";"):
                return
            while at.sign(";"):
                pass

    def _object(self, subject: str, verb: str | Path) -> None:
        value = self._node()
        if isinstance(verb, str):
            self._out.append(Pattern(subject, verb, value))
        else:
            self._follow(subject, verb, value)

    def _follow(self, subject: str, path: Path, value: str) -> None:
        """A sequence is one pattern a step, an inverse step the pattern turned round."""
        match path:
            case Sequence(steps):
                ends = [subject, *(self._at.fresh() for _ in steps[1:]), value]
                for index, step in enumerate(steps):
                    self._follow(ends[index], step, ends[index + 1])
            case Link(iri, True):
                self._out.append(Pattern(value, Link(iri), subject))
            case _:
                self._out.append(Pattern(subject, path, value))

    def _node(self) -> str:
        at = self._at
        token = at.peek()
        if found := at.variable() or at.iri():
            return found
        if token.kind == "blank":
            at.take()
            if self._template:
                raise at.lost("a blank node in a template is another in each solution")
            return at.blank(token.text[2:])
        if at.sign("["):
            if self._template:
                raise at.lost("a blank node in a template is another in each solution")
            node = at.fresh()
            self._properties(node)
            at.expect("]")
            return node
        if at.sign("("):
            return self._list()
        return self._literal()

    def _list(self) -> str:
        at = self._at
        if at.sign(")"):
            return _NIL
        if self._template:
            raise at.lost("a list in a template has blank nodes, others in each solution")
        first = node = at.fresh()
        while True:
            item = self._node()
            following = _NIL if at.sign(")") else at.fresh()
            self._out += [Pattern(node, Link(_FIRST), item), Pattern(node, Link(_REST), following)]
            if following == _NIL:
                return first
            node = following

    def _literal(self) -> str:
        at = self._at
        token = at.take()
        if token.kind == "string":
            if not at.at_end and at.peek().kind == "language":
                return token.text + at.take().text
            if at.ahead("^") and at.ahead("^", after=1):
                at.take()
                at.take()
                return f"{token.text}^^{self.name()}"
            return token.text
        if token.kind == "word" and token.text.lower() in ("true", "false"):
            return token.text.lower()
        if token.text in ("+", "-", ".") and at.touching() and (at.peek().kind == "number" or at.ahead(".")):
            return token.text + self._number(at.take().text, after_point=token.text == ".")
        if token.kind == "number":
            return self._number(token.text, after_point=False)
        at.index -= 1
        raise at.lost()

    def _number(self, digits: str, *, after_point: bool) -> str:
        at = self._at
        if not after_point and digits != "." and at.ahead(".") and at.touching():
            following = at.peek(1)
            if following.kind == "number" and following.start == at.peek().start + 1:
                digits += at.take().text + at.take().text
        elif digits == ".":
            digits += at.take().text
        if not at.at_end and at.touching() and at.peek().kind == "word" and at.peek().text[0] in "eE":
            digits += at.take().text
            if digits[-1] in "eE" and at.ahead("+", "-"):
                digits += at.take().text + at.take().text
        return digits

    def _path(self) -> Path:
        choices = [self._sequence()]
        while self._at.sign("|"):
            choices.append(self._sequence())
        return choices[0] if len(choices) == 1 else Alternative(tuple(choices))

    def _sequence(self) -> Path:
        steps = [self._step()]
        while self._at.sign("/"):
            steps.append(self._step())
        return steps[0] if len(steps) == 1 else Sequence(tuple(steps))

    def _step(self) -> Path:
        at = self._at
        if at.sign("^"):
            return inverse(self._repeated())
        return self._repeated()

    def _repeated(self) -> Path:
        at = self._at
        path: Path
        if at.sign("!"):
            path = self._negated()
        elif at.sign("("):
            path = self._path()
            at.expect(")")
        else:
            path = Link(self._property())
        for sign in "*+?":
            if at.sign(sign):
                return Repeat(path, sign)
        return path

    def _negated(self) -> Negated:
        at = self._at
        if not at.sign("("):
            return Negated((self._link(),))
        links = []
        while not at.sign(")"):
            links.append(self._link())
            at.sign("|")
        return Negated(tuple(links))

    def _link(self) -> Link:
        turned = self._at.sign("^")
        return Link(self._property(), turned)

    def _property(self) -> str:
        at = self._at
        if at.peek().kind == "word" and at.peek().text == "a":
            at.take()
            return _TYPE
        found = at.iri()
        if found is None:
            raise at.lost()
        return found


def inverse(path: Path) -> Path:
    """The path from its end to its begin.

    >>> inverse(Sequence((Link("<p>"), Link("<q>"))))
    Sequence(steps=(Link(iri='<q>', inverse=True), Link(iri='<p>', inverse=True)))
    """
    match path:
        case Link(iri, turned):
            return Link(iri, not turned)
        case Sequence(steps):
            return Sequence(tuple(inverse(each) for each in reversed(steps)))
        case Alternative(choices):
            return Alternative(tuple(inverse(each) for each in choices))
        case Repeat(inner, sign):
            return Repeat(inverse(inner), sign)
        case Negated(links):
            return Negated(tuple(Link(each.iri, not each.inverse) for each in links))
