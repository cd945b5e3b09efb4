"""From the text of a query to its tree, in plain Python: no native parser, no network, linear in the text.

It reads SPARQL 1.1 queries that the engine has taken already, so it reports no mistakes of its own: what
it cannot follow raises QueryUncitable with the place.
Source: https://www.w3.org/TR/sparql11-query/#sparqlGrammar
"""

from __future__ import annotations

import dataclasses

from kg.algebra.cursor import Cursor
from kg.algebra.outline import prologue
from kg.algebra.syntax import (
    Bind,
    Data,
    Element,
    Exists,
    Expression,
    Filter,
    Group,
    InGraph,
    Item,
    Minus,
    Optional,
    Pattern,
    Query,
    Select,
    Triples,
    Union,
)
from kg.algebra.tokens import tokens
from kg.algebra.triples import PatternReader

_ENDS = ("GROUP", "HAVING", "ORDER", "LIMIT", "OFFSET", "VALUES")


def parse(text: str, base: str) -> Query:
    """Read a query; `base` resolves its relative IRIs. Raises QueryUncitable where it cannot be followed."""
    found = list(tokens(text))
    prefixes, base, begin = prologue(text, found, base)
    cursor = Cursor(text, found, begin, prefixes, base)
    try:
        query = _Parser(cursor).query()
    except RecursionError as error:
        raise cursor.lost("brackets nest too deep here") from error
    if not cursor.at_end:
        raise cursor.lost()
    return dataclasses.replace(query, private=cursor.private)


class _Parser:
    def __init__(self, cursor: Cursor) -> None:
        self._at = cursor
        self._patterns = PatternReader(cursor)

    def query(self) -> Query:
        at = self._at
        if at.word("SELECT"):
            return Query("SELECT", self._select(dataset=True))
        if at.word("ASK"):
            return Query("ASK", self._body((), dataset=True))
        if at.word("CONSTRUCT"):
            return self._construct()
        if at.word("DESCRIBE"):
            named = []
            while not at.ahead("{", "WHERE", "FROM", *_ENDS) and not at.at_end:
                named.append("*" if at.sign("*") else self._patterns.name())
            select = self._body((), dataset=True) if not at.at_end else Select(False, None, Group(()))
            return Query("DESCRIBE", select)
        raise at.lost()

    def _construct(self) -> Query:
        at = self._at
        template: tuple[Pattern, ...] | None = None
        if at.ahead("{"):
            at.expect("{")
            template = self._patterns.triples(template=True)
            at.expect("}")
        select = self._body((), dataset=True)
        if template is None:
            template = tuple(
                pattern for each in select.where.elements if isinstance(each, Triples) for pattern in each.patterns
            )
        return Query("CONSTRUCT", select, template)

    def _select(self, *, dataset: bool = False) -> Select:
        at = self._at
        distinct = at.word("DISTINCT") or at.word("REDUCED")
        if at.sign("*"):
            return self._body(None, distinct=distinct, dataset=dataset)
        items = []
        while not at.ahead("{", "WHERE", "FROM"):
            items.append(self._item())
        return self._body(tuple(items), distinct=distinct, dataset=dataset)

    def _item(self) -> Item:
        at = self._at
        if name := at.variable():
            return Item((name,), name)
        at.expect("(")
        pieces = self._until_closed()
        if len(pieces) < 3 or not isinstance(pieces[-1], str) or str(pieces[-2]).strip().upper() != "AS":
            raise at.lost()
        return Item(pieces[:-2], pieces[-1].strip())

    def _body(self, items: tuple[Item, ...] | None, *, distinct: bool = False, dataset: bool = False) -> Select:
        at = self._at
        while dataset and at.word("FROM"):
            at.word("NAMED")
            self._patterns.name()
        at.word("WHERE")
        where = self.group()
        group_by: list[Item] = []
        having: Expression = ()
        order: Expression = ()
        limit = ""
        if at.word("GROUP"):
            at.expect("BY")
            while not at.ahead("}", *_ENDS) and not at.at_end:
                group_by.append(self._key())
        if at.word("HAVING"):
            while not at.ahead("}", *_ENDS) and not at.at_end:
                having += (" ", *self._constraint(), " ")
        if at.word("ORDER"):
            at.expect("BY")
            while not at.ahead("}", *_ENDS) and not at.at_end:
                order += (" ", *self._constraint(), " ")
        while at.ahead("LIMIT", "OFFSET"):
            limit += f" {at.take().text} {at.take().text}"
        values = self._data() if at.word("VALUES") else None
        return Select(distinct, items, where, tuple(group_by), having, order, limit, values)

    def _key(self) -> Item:
        at = self._at
        if name := at.variable():
            return Item((name,), name)
        if at.ahead("("):
            at.expect("(")
            pieces = self._until_closed()
            if len(pieces) > 2 and str(pieces[-2]).strip().upper() == "AS":
                return Item(pieces[:-2], str(pieces[-1]).strip())
            return Item(("(", *pieces, ")"), None)
        return Item(self._constraint(), None)

    def group(self) -> Group:
        """`{ … }`."""
        at = self._at
        at.expect("{")
        elements: list[Element] = []
        if at.word("SELECT"):
            elements.append(self._select())
        else:
            while not at.ahead("}"):
                if not at.sign("."):
                    elements.append(self._element())
        at.expect("}")
        return Group(tuple(elements))

    def _element(self) -> Element:
        at = self._at
        if at.ahead("{"):
            branches = [self.group()]
            while at.word("UNION"):
                branches.append(self.group())
            inner = branches[0].elements
            if len(branches) == 1 and len(inner) == 1 and isinstance(inner[0], Select):
                return inner[0]
            return Union(tuple(branches))
        if at.word("OPTIONAL"):
            return Optional(self.group())
        if at.word("MINUS"):
            return Minus(self.group())
        if at.word("GRAPH"):
            return InGraph(at.variable() or self._patterns.name(), self.group())
        if at.word("FILTER"):
            return Filter(self._constraint())
        if at.word("BIND"):
            return Bind(self._item())
        if at.word("VALUES"):
            return self._data()
        return Triples(self._patterns.triples())

    def _data(self) -> Data:
        at = self._at
        names: list[str] = []
        start = at.index
        if not at.sign("("):
            names.append(at.variable() or "")
        else:
            while not at.sign(")"):
                names.append(self._patterns.name())
        head = "(" + " ".join(names) + ")" if at.found[start].text == "(" else names[0]
        at.expect("{")
        return Data(tuple(names), f"{head} {{{''.join(str(piece) for piece in self._until_closed())}}}")

    def _constraint(self) -> Expression:
        """A condition, a call, or a variable; ASC and DESC before one belong to it."""
        at = self._at
        if name := at.variable():
            return (name,)
        if exists := self._exists():
            return (exists,)
        pieces: list[str | Exists] = []
        while not at.ahead("("):
            if at.ahead("{", "}") or at.at_end:
                raise at.lost()
            piece = at.piece()
            pieces.append(piece)
            if piece.strip().upper() in ("ASC", "DESC") and (name := at.variable()):
                return (*pieces, " ", name)
        at.expect("(")
        return (*pieces, "(", *self._until_closed(), ")")

    def _until_closed(self) -> Expression:
        """The pieces of an expression up to the bracket that closes it, which is taken too."""
        at = self._at
        pieces: list[str | Exists] = []
        depth = 0
        while depth or not at.ahead(")", "}"):
            if exists := self._exists():
                pieces.append(exists)
                continue
            token = at.peek()
            depth += (token.kind == "open") - (token.kind == "close")
            pieces.append(at.piece())
        at.take()
        return tuple(pieces)

    def _exists(self) -> Exists | None:
        at = self._at
        negated = at.ahead("NOT") and at.ahead("EXISTS", after=1)
        if negated:
            at.take()
        if not at.ahead("EXISTS"):
            return None
        at.take()
        return Exists(self.group(), negated)
