"""A query as a tree: the parts that citations, views and rewriting need to see, and text for the rest.

Names are whole IRIs (`<…>`), blank nodes of patterns are variables of their own, a sequence of properties
is one pattern a step: all of that means the same (SPARQL 1.1, sections 4.1.4, 9.3, 18.2.2.4).
Expressions stay text, but for their variables and the patterns of EXISTS.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True)
class Link:
    """One step along a property; `iri` with its angle brackets, against its direction if `inverse`."""

    iri: str
    inverse: bool = False


@dataclass(frozen=True)
class Sequence:
    """One path after the other."""

    steps: tuple[Path, ...]


@dataclass(frozen=True)
class Alternative:
    """One path or another."""

    choices: tuple[Path, ...]


@dataclass(frozen=True)
class Repeat:
    """A path `?`, `*` or `+` times."""

    path: Path
    sign: str


@dataclass(frozen=True)
class Negated:
    """One step along any property but these, in the directions that they name."""

    links: tuple[Link, ...]


Path: TypeAlias = Link | Sequence | Alternative | Repeat | Negated


@dataclass(frozen=True)
class Pattern:
    """One triple pattern; terms are text (`?x`, `<iri>`, a literal), the verb a variable or a path."""

    subject: str
    verb: str | Path
    object: str


@dataclass(frozen=True)
class Exists:
    """EXISTS or NOT EXISTS in an expression."""

    group: Group
    negated: bool


Expression: TypeAlias = tuple[str | Exists, ...]


@dataclass(frozen=True)
class Item:
    """A column: a variable, or an expression with its variable; `name` is None where GROUP BY gives none."""

    expression: Expression
    name: str | None


@dataclass(frozen=True)
class Triples:
    """Patterns that must match together."""

    patterns: tuple[Pattern, ...]


@dataclass(frozen=True)
class Filter:
    """A condition on the solutions of its group."""

    condition: Expression


@dataclass(frozen=True)
class Bind:
    """A variable that an expression gives its value."""

    item: Item


@dataclass(frozen=True)
class Data:
    """VALUES: its variables, and the text after the word."""

    variables: tuple[str, ...]
    text: str


@dataclass(frozen=True)
class Union:
    """Groups of which one must match; a single one is just a group in a group."""

    branches: tuple[Group, ...]


@dataclass(frozen=True)
class Optional:
    """A group that may match."""

    group: Group


@dataclass(frozen=True)
class Minus:
    """A group that takes solutions away."""

    group: Group


@dataclass(frozen=True)
class InGraph:
    """A group in a named graph; `name` is a variable or an IRI."""

    name: str
    group: Group


@dataclass(frozen=True)
class Select:
    """A SELECT, whole or within: `items` is None for `*`; `order` and `limit` are text behind their words."""

    distinct: bool
    items: tuple[Item, ...] | None
    where: Group
    group_by: tuple[Item, ...] = ()
    having: Expression = ()
    order: Expression = ()
    limit: str = ""
    values: Data | None = None

    @property
    def aggregates(self) -> bool:
        """Whether its rows stand for groups of solutions."""
        words = {
            piece.strip().upper() for item in self.items or () for piece in item.expression if isinstance(piece, str)
        }
        return bool(self.group_by or self.having or words & AGGREGATES)


Element: TypeAlias = Triples | Filter | Bind | Data | Union | Optional | Minus | InGraph | Select


@dataclass(frozen=True)
class Group:
    """What stands between braces, in its order."""

    elements: tuple[Element, ...]


@dataclass(frozen=True)
class Query:
    """A whole query; `template` are the triples of CONSTRUCT, `private` begins names that no variable of it has."""

    form: str
    select: Select
    template: tuple[Pattern, ...] = ()
    private: str = "?_"


AGGREGATES = frozenset(("COUNT", "SUM", "MIN", "MAX", "AVG", "SAMPLE", "GROUP_CONCAT"))


def is_variable(text: str) -> bool:
    """Whether a term, or a piece of an expression, is a variable."""
    return text[:1] == "?"


def variables(node: object) -> set[str]:
    """Every variable in a part of a query, inner SELECTs and EXISTS included."""
    return set(_variables(node))


def bindings(group: Group) -> Counter[str]:
    """How often each variable occurs where it could get a value: in patterns, BIND, VALUES, GRAPH, SELECT."""
    found: Counter[str] = Counter()
    for element in group.elements:
        match element:
            case Triples(patterns):
                for pattern in patterns:
                    found.update(_variables(pattern))
            case Bind(item) if item.name:
                found[item.name] += 1
            case Data():
                found.update(element.variables)
            case Union(branches):
                for branch in branches:
                    found.update(bindings(branch))
            case Optional(inner) | Minus(inner):
                found.update(bindings(inner))
            case InGraph(name, inner):
                found.update(bindings(inner))
                found.update(_variables(name))
            case Select():
                found.update(bindings(element.where))
                found.update(columns(element))
            case _:
                pass
    return found


def visible(group: Group) -> set[str]:
    """The variables that a group may bind for what stands around it: not those in FILTER, EXISTS, MINUS."""
    found: set[str] = set()
    for element in group.elements:
        match element:
            case Triples():
                found |= variables(element)
            case Bind(item) if item.name:
                found.add(item.name)
            case Data():
                found |= set(element.variables)
            case Union(branches):
                found = found.union(*map(visible, branches))
            case Optional(inner):
                found |= visible(inner)
            case InGraph(name, inner):
                found |= visible(inner) | variables(name)
            case Select():
                found |= set(columns(element))
            case _:
                pass
    return found


def computed(group: Group) -> set[str]:
    """The variables that a BIND or an inner SELECT of a group gives their values."""
    found: set[str] = set()
    for element in group.elements:
        match element:
            case Bind(item) if item.name:
                found.add(item.name)
            case Select():
                found |= set(columns(element))
            case Union(branches):
                found = found.union(*map(computed, branches))
            case Optional(inner) | InGraph(_, inner):
                found |= computed(inner)
            case _:
                pass
    return found


def certain(group: Group) -> set[str]:
    """Variables that every solution of a group binds, by a triple pattern; there may be more."""
    found: set[str] = set()
    for element in group.elements:
        match element:
            case Triples():
                found |= variables(element)
            case Union((first, *others)):
                found |= certain(first).intersection(*map(certain, others))
            case InGraph(name, inner):
                found |= certain(inner) | variables(name)
            case Select() if not element.aggregates:
                found |= certain(element.where) & set(columns(element))
            case _:
                pass
    return found


def columns(select: Select) -> tuple[str, ...]:
    """The variables that an inner SELECT shows."""
    if select.items is None:
        return tuple(sorted(visible(select.where) | set(select.values.variables if select.values else ())))
    return tuple(item.name for item in select.items if item.name)


def _variables(node: object) -> Iterator[str]:
    match node:
        case str():
            if is_variable(node):
                yield node
        case tuple():
            for each in node:
                yield from _variables(each)
        case Pattern(subject, verb, value):
            yield from _variables((subject, verb if isinstance(verb, str) else "", value))
        case Item(expression, name):
            yield from _variables(expression)
            if name and expression != (name,):
                yield name
        case Triples(inner) | Union(inner) | Group(inner) | Filter(inner):
            yield from _variables(inner)
        case Exists(inner) | Bind(inner) | Optional(inner) | Minus(inner):
            yield from _variables(inner)
        case Data():
            yield from node.variables
        case InGraph(name, inner):
            yield from _variables((name, inner))
        case Select():
            yield from _variables((node.items or (), node.where, node.group_by, node.having, node.order, node.values))
