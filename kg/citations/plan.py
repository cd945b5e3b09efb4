"""What to ask so that every solution tells the triples it rests on.

A query stays what it is, but shows all its variables: a triple pattern with the values of a solution is the
triple that it matched. Where only one of several groups matched (UNION, OPTIONAL), a variable that nothing
else can bind tells which. What a solution takes from an inner SELECT or from EXISTS has a plan of its own,
asked for the values that were seen: so alternatives are added up, never multiplied out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

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
    Path,
    Pattern,
    Query,
    Select,
    Triples,
    Union,
    bindings,
    certain,
    columns,
    is_variable,
    matching,
    variables,
    visible,
)


@dataclass(frozen=True)
class Slot:
    """A triple pattern of the query: what it matched counts where every variable of `when` is bound."""

    subject: str
    verb: str | Path
    object: str
    graph: str | None
    when: tuple[str, ...]


@dataclass(frozen=True)
class Absence:
    """A pattern that must not match; `variables` are those that the solution gives it."""

    kind: str
    pattern: str
    variables: tuple[str, ...]
    when: tuple[str, ...]


@dataclass(frozen=True)
class Part:
    """An inner SELECT or EXISTS: `keys` are the variables of the solution, in the order of the plan's keys."""

    kind: str
    plan: Plan
    keys: tuple[str, ...]
    absence: Absence
    when: tuple[str, ...]


@dataclass
class Plan:
    """A query for solutions, and how to read one.

    `keys` tell the row that a solution belongs to, `given` are those of them that VALUES may bind, `items`
    those that are computed. `together`: a row rests on all of its solutions, else on any one. `limited`:
    the query shows only some of its rows. `extended` is the SELECT that shows the keys of aggregated rows
    where the query itself does not, with `extra` keys behind its columns.
    """

    pattern: str
    keys: tuple[str, ...]
    items: tuple[Item, ...] = ()
    body: str = ""
    slots: list[Slot] = field(default_factory=list)
    parts: list[Part] = field(default_factory=list)
    absences: list[Absence] = field(default_factory=list)
    given: tuple[str, ...] = ()
    together: bool = False
    limited: bool = False
    lateral: bool = False
    extended: str | None = None
    extra: tuple[str, ...] = ()

    @property
    def variables(self) -> tuple[str, ...]:
        """The variables that a solution must show, each once."""
        needed = [*self.keys, *(item.name for item in self.items if item.name)]
        for slot in self.slots:
            ends = (slot.subject, slot.object, slot.graph, slot.verb)
            needed += [each for each in ends if isinstance(each, str) and is_variable(each)]
            needed += slot.when
        for part in self.parts:
            needed += [*part.keys, *part.when, *part.absence.variables]
        for absence in self.absences:
            needed += [*absence.variables, *absence.when]
        return tuple(dict.fromkeys(needed))

    def query(self, keys: Sequence[str] = ()) -> str:
        """The text; `keys` are the rows of a VALUES over `given`, if it should be asked for some only."""
        computed = {item.name: writing.item(item) for item in self.items}
        shown = " ".join(computed.get(name, name) for name in self.variables) or "*"
        values = f"VALUES ({' '.join(self.given)}) {{ {' '.join(keys)} }}" if keys and self.given else ""
        inner = f"LATERAL {{ {self.body} }}" if self.lateral and values else self.body
        return f"SELECT {shown} WHERE {{ {values} {inner} }}"


@dataclass(frozen=True)
class Citable:
    """A query whose answer can be cited: `names` are the columns by which its rows are told apart."""

    form: str
    plan: Plan
    template: tuple[Pattern, ...] = ()


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
        body = self._elements(select.where, made, graph, (), scope)
        for item in made.items:
            self._expression(item.expression, made, graph, (), scope)
        if select.values:
            body += f" VALUES {select.values.text}"
        made.body = f"GRAPH {graph} {{ {body} }}" if graph else body
        made.given = _given(made.keys, select.where)
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

    def _elements(self, group: Group, made: Plan, graph: str | None, when: tuple[str, ...], scope: set[str]) -> str:
        return " ".join(self._element(each, made, graph, when, scope) for each in group.elements)

    def _element(self, node: Element, made: Plan, graph: str | None, when: tuple[str, ...], scope: set[str]) -> str:
        match node:
            case Triples(patterns):
                made.slots += [Slot(each.subject, each.verb, each.object, graph, when) for each in patterns]
            case Filter(condition):
                self._expression(condition, made, graph, when, scope)
            case Bind(item):
                self._expression(item.expression, made, graph, when, scope)
            case Union((single,)):
                return f"{{ {self._elements(single, made, graph, when, visible(single))} }}"
            case Union(branches):
                return " UNION ".join(self._marked(each, made, graph, when, visible(each)) for each in branches)
            case Optional(inner):
                return "OPTIONAL " + self._marked(inner, made, graph, when, scope)
            case Minus(inner):
                made.absences.append(_absence("MINUS", inner, scope, when))
            case InGraph(name, inner):
                if not certain(inner) and not any(isinstance(each, Triples) for each in inner.elements):
                    raise QueryUncitable(f"GRAPH {name} has no triple that must match, so nothing in it can be cited")
                text = self._elements(inner, made, name, when, visible(inner) | variables(name))
                return f"GRAPH {name} {{ {text} }}"
            case Select():
                return self._inner(node, made, graph, when)
            case Data():
                pass
        return writing.element(node)

    def _marked(self, group: Group, made: Plan, graph: str | None, when: tuple[str, ...], scope: set[str]) -> str:
        """A group that may match or not, with a variable that is bound just where it does."""
        own = bindings(group)
        alone = sorted(name for name in certain(group) if own[name] == self._binders[name])
        marker = alone[0] if alone else self._fresh()
        text = self._elements(group, made, graph, (*when, marker), scope)
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
        made.parts.append(Part("SELECT", inner, keys, _absence("SELECT", select.where, set(), when), when))
        return f"{{ {text} }}"

    def _expression(
        self, expression: Expression, made: Plan, graph: str | None, when: tuple[str, ...], scope: set[str]
    ) -> None:
        for piece in expression:
            if not isinstance(piece, Exists):
                continue
            absence = _absence("NOT EXISTS", piece.group, scope, when)
            if piece.negated and len(expression) == 1:
                made.absences.append(absence)
                continue
            inner = Plan(absence.pattern, absence.variables, lateral=True)
            outside, self._binders = self._binders, Counter()  # no variable is known to be bound by this group alone
            body = self._elements(piece.group, inner, graph, (), visible(piece.group) | set(absence.variables))
            self._binders = outside
            if graph:
                body = f"GRAPH {graph} {{ {body} }}"
                if is_variable(graph):
                    inner.keys = (*inner.keys, graph)
            inner.body, inner.given = body, _given(inner.keys, piece.group)
            made.parts.append(Part("EXISTS", inner, inner.keys, absence, when))

    def _fresh(self) -> str:
        self._made += 1
        return f"{self._private}m{self._made}"


def _absence(kind: str, group: Group, scope: set[str], when: tuple[str, ...]) -> Absence:
    shared = tuple(sorted(variables(group) & scope))
    return Absence(kind, writing.group(group), shared, when)


def _given(keys: Sequence[str], group: Group) -> tuple[str, ...]:
    """The keys that VALUES may bind beside a group: those that its patterns bind, and no BIND."""
    matched, bound = matching(group)
    return tuple(name for name in keys if name in matched and name not in bound)
