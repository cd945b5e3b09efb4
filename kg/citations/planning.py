"""What to ask so that every solution tells the triples it rests on.

A query stays what it is, but shows all its variables: a triple pattern with the values of a solution is the
triple that it matched. Where only one of several groups matched (UNION, OPTIONAL), a variable that nothing
else can bind tells which. What a solution takes from an inner SELECT or from EXISTS has a plan of its own,
asked for the values that were seen: so alternatives are added up, never multiplied out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import lru_cache

from kg.algebra import QueryUncitable, parser, writing
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
    Query,
    Select,
    Triples,
    Union,
    bindings,
    certain,
    columns,
    computed,
    is_variable,
    variables,
    visible,
)
from kg.citations.plans import Absence, Citable, Part, Plan, Slot, given


@lru_cache(maxsize=128)
def plan(text: str, base: str) -> Citable:
    """Plan the citations of a query; raise QueryUncitable, saying why, where that is not possible."""
    query = parser.parse(text, base)
    planner = _Planner(query)
    if query.form == "CONSTRUCT":
        keys = tuple(sorted(variables(query.template)))
        select = query.select
        if select.aggregates or select.limit:
            raise QueryUncitable(
                "CONSTRUCT with LIMIT, OFFSET or GROUP BY has no citations; put them into an inner SELECT"
            )
        return Citable(query.form, planner.select(query.select, None, keys), query.template)
    if query.form == "SELECT":
        return Citable(query.form, planner.select(query.select, None))
    return Citable(query.form, planner.select(query.select, None, ()))


class _Planner:
    """Plans one level of a query after the other; a level is a SELECT or the pattern of an EXISTS."""

    def __init__(self, query: Query) -> None:
        self._private = query.private
        self._binders = bindings(query.select.where)
        self._made = 0

    def select(self, select: Select, graph: str | None, keys: tuple[str, ...] | None = None) -> Plan:
        """Plan a SELECT; `keys` where something else than its columns tells its rows apart."""
        for expression in (select.having, select.order, *(item.expression for item in select.group_by)):
            if any(isinstance(piece, Exists) for piece in expression):
                raise QueryUncitable("EXISTS in GROUP BY, HAVING or ORDER BY has no citations; BIND it in the pattern")
        made = Plan(writing.group(select.where), (), limited=bool(select.limit))
        if keys is not None:
            made.keys = keys
        elif select.aggregates:
            made.together = True
            self._grouped(select, made)
        else:
            made.keys = tuple(name for name in columns(select) if not name.startswith(self._private))
            made.items = tuple(item for item in select.items or () if item.expression != (item.name,))
        scope = visible(select.where) | set(select.values.variables if select.values else ())
        body = self._elements(select.where, made, graph, (), scope, whole=True)
        for item in made.items:
            self._expression(item.expression, made, graph, (), scope, None)
        if select.values:
            body += f" VALUES {select.values.text}"
        made.body = f"GRAPH {graph} {{ {body} }}" if graph else body
        made.given, made.last = given(made.keys, select.where)
        return made

    def _grouped(self, select: Select, made: Plan) -> None:
        """The keys of grouped rows: those that the SELECT shows, or else all, with a SELECT that shows them."""
        shown = {item.name for item in select.items or () if item.expression == (item.name,)}
        names, items, group_by = [], [], []
        for item in select.group_by:
            named = item if item.name else Item(item.expression, self._fresh())
            names.append(named.name or "")
            group_by.append(named)
            if named.expression != (named.name,):
                items.append(named)
        made.keys, made.items = tuple(names), tuple(items)
        hidden = tuple(name for name in names if name not in shown)
        if not hidden:
            return
        aliases = tuple(self._fresh() for _ in hidden)
        extra = tuple(Item((name,), alias) for name, alias in zip(hidden, aliases, strict=True))
        whole = Select(
            False, (*(select.items or ()), *extra), select.where, tuple(group_by), select.having, values=select.values
        )
        made.extended = writing.select(whole)
        made.extra = tuple(aliases[hidden.index(name)] if name in hidden else name for name in names)

    def _elements(
        self,
        group: Group,
        made: Plan,
        graph: str | None,
        when: tuple[str, ...],
        scope: set[str],
        *,
        whole: bool = False,
    ) -> str:
        """The text of a group; `whole` where what its filters see is what a solution shows in the end."""
        texts: list[str] = []
        kept: list[str] = []
        for index, each in enumerate(group.elements):
            if isinstance(each, Filter):
                kept += self._expression(each.condition, made, graph, when, scope, None if whole else certain(group))
            elif isinstance(each, Bind):
                before = Group(group.elements[:index])
                texts += self._expression(each.item.expression, made, graph, when, visible(before), certain(before))
            elif isinstance(each, Optional):
                texts.append(self._optional(each, Group(group.elements[:index]), group, made, graph, when, scope))
                continue
            texts.append(self._element(each, made, graph, when, scope))
        return " ".join((*texts, *kept))

    def _element(self, node: Element, made: Plan, graph: str | None, when: tuple[str, ...], scope: set[str]) -> str:
        match node:
            case Triples(patterns):
                made.slots += [Slot(each.subject, each.verb, each.object, graph, when) for each in patterns]
            case Union((single,)):
                return f"{{ {self._elements(single, made, graph, when, visible(single))} }}"
            case Union(branches):
                return " UNION ".join(self._marked(each, made, graph, when, visible(each)) for each in branches)
            case Minus(inner):
                made.absences.append(_absence("MINUS", inner, scope, when))
            case InGraph(name, inner):
                if not certain(inner) and not any(isinstance(each, Triples) for each in inner.elements):
                    raise QueryUncitable(f"GRAPH {name} has no triple that must match, so nothing in it can be cited")
                text = self._elements(inner, made, name, when, visible(inner) | variables(name))
                return f"GRAPH {name} {{ {text} }}"
            case Select():
                return self._inner(node, made, graph, when)
            case Filter() | Bind() | Data() | Optional():
                pass
        return writing.element(node)

    def _optional(
        self,
        node: Optional,
        before: Group,
        group: Group,
        made: Plan,
        graph: str | None,
        when: tuple[str, ...],
        scope: set[str],
    ) -> str:
        """Its filters see what stands before it; what may be unbound there must not be bound after it."""
        seen = visible(before) | visible(node.group) | (scope - visible(group))
        for each in node.group.elements:
            exists = (
                [piece for piece in each.condition if isinstance(piece, Exists)] if isinstance(each, Filter) else ()
            )
            for name in (variables(exists[0].group) & seen) - certain(before) - certain(node.group) if exists else ():
                if bindings(group)[name] > bindings(before)[name] + bindings(node.group)[name]:
                    raise QueryUncitable(f"EXISTS in an OPTIONAL looks at {name}, which may be bound only after it")
        return "OPTIONAL " + self._marked(node.group, made, graph, when, seen, whole=True)

    def _marked(
        self,
        group: Group,
        made: Plan,
        graph: str | None,
        when: tuple[str, ...],
        scope: set[str],
        *,
        whole: bool = False,
    ) -> str:
        """A group that may match or not, with a variable that is bound just where it does."""
        own = bindings(group)
        alone = sorted(name for name in certain(group) if own[name] == self._binders[name])
        marker = alone[0] if alone else self._fresh()
        text = self._elements(group, made, graph, (*when, marker), scope, whole=whole)
        return f"{{ {text} }}" if alone else f"{{ {text} BIND (1 AS {marker}) }}"

    def _inner(self, select: Select, made: Plan, graph: str | None, when: tuple[str, ...]) -> str:
        inner = self.select(select, graph)
        if inner.extended:
            keys, text = inner.extra, inner.extended
            if select.limit:
                raise QueryUncitable("an inner SELECT with LIMIT must show what it groups by, to be cited")
        else:
            keys, text = inner.keys, writing.select(select)
        if graph and is_variable(graph):
            inner.keys, keys = (*inner.keys, graph), (*keys, graph)
            inner.given = (*inner.given, graph) if inner.given else ()
        keys, binds = self._keep(keys, certain(select.where) | set(inner.extra))
        made.parts.append(Part("SELECT", inner, keys, _absence("SELECT", select.where, set(), when), when))
        return f"{{ {{ {text} }} {' '.join(binds)} }}" if binds else f"{{ {text} }}"

    def _keep(self, names: Sequence[str], sure: set[str] | None) -> tuple[tuple[str, ...], list[str]]:
        """Variables that stay what they are here, though something else may bind a name that is unbound here."""
        copies = {name: self._fresh() for name in names if sure is not None and name not in sure}
        binds = [f"BIND ({name} AS {copy})" for name, copy in copies.items()]
        return tuple(copies.get(name, name) for name in names), binds

    def _expression(
        self,
        expression: Expression,
        made: Plan,
        graph: str | None,
        when: tuple[str, ...],
        scope: set[str],
        sure: set[str] | None,
    ) -> list[str]:
        """Plan each EXISTS; returns what the group must keep for them, see `_keep`."""
        binds: list[str] = []
        for piece in expression:
            if not isinstance(piece, Exists):
                continue
            absence = _absence("NOT EXISTS", piece.group, scope, when)
            if piece.negated and len(expression) == 1:
                made.absences.append(absence)
                continue
            inner = Plan(absence.pattern, absence.variables, number=self._fresh())
            outside, self._binders = self._binders, Counter()  # no variable is known to be bound by this group alone
            seen = visible(piece.group) | set(absence.variables)
            body = self._elements(piece.group, inner, graph, (), seen, whole=True)
            self._binders = outside
            if graph:
                body = f"GRAPH {graph} {{ {body} }}"
                if is_variable(graph):
                    inner.keys = (*inner.keys, graph)
            inner.body, inner.given = body, inner.keys
            if computed(piece.group) & set(inner.keys):
                raise QueryUncitable("EXISTS with an inner SELECT or BIND of a variable from outside has no citations")
            keys, kept = self._keep(inner.keys, sure if sure is None else {*sure, graph or ""})
            binds += kept
            made.parts.append(Part("EXISTS", inner, keys, absence, when))
        return binds

    def _fresh(self) -> str:
        self._made += 1
        return f"{self._private}m{self._made}"


def _absence(kind: str, group: Group, scope: set[str], when: tuple[str, ...]) -> Absence:
    shared = tuple(sorted(variables(group) & scope))
    return Absence(kind, writing.group(group), shared, when)
