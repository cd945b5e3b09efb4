"""The text of a tree: SPARQL that any engine reads, without prefixes."""

from __future__ import annotations

from kg.algebra.syntax import (
    Alternative,
    Bind,
    Data,
    Element,
    Expression,
    Filter,
    Group,
    InGraph,
    Item,
    Link,
    Minus,
    Negated,
    Optional,
    Path,
    Pattern,
    Repeat,
    Select,
    Sequence,
    Triples,
    Union,
)


def group(node: Group) -> str:
    """A group with its braces."""
    return f"{{ {' '.join(map(element, node.elements))} }}"


def element(node: Element) -> str:
    """One element of a group."""
    match node:
        case Triples(patterns):
            return " ".join(map(pattern, patterns))
        case Filter(condition):
            return f"FILTER ({expression(condition)})"
        case Bind(inner):
            return f"BIND {item(inner)}"
        case Data():
            return f"VALUES {node.text}"
        case Union(branches):
            return " UNION ".join(map(group, branches))
        case Optional(inner):
            return f"OPTIONAL {group(inner)}"
        case Minus(inner):
            return f"MINUS {group(inner)}"
        case InGraph(name, inner):
            return f"GRAPH {name} {group(inner)}"
        case Select():
            return f"{{ {select(node)} }}"


def pattern(node: Pattern) -> str:
    """One triple pattern with its full stop."""
    verb = node.verb if isinstance(node.verb, str) else path(node.verb)
    return f"{node.subject} {verb} {node.object} ."


def path(node: Path) -> str:
    """A property path."""
    match node:
        case Link(iri, turned):
            return f"^{iri}" if turned else iri
        case Sequence(steps):
            return "(" + "/".join(map(path, steps)) + ")"
        case Alternative(choices):
            return "(" + "|".join(map(path, choices)) + ")"
        case Repeat(inner, sign):
            return f"({path(inner)}){sign}"
        case Negated(links):
            return "!(" + "|".join(map(path, links)) + ")"


def expression(node: Expression) -> str:
    """An expression, with the patterns of EXISTS."""
    return "".join(
        piece if isinstance(piece, str) else f" {'NOT ' if piece.negated else ''}EXISTS {group(piece.group)}"
        for piece in node
    )


def item(node: Item) -> str:
    """A column: `?x`, or `(… AS ?x)`."""
    if node.name is None:
        return f"({expression(node.expression)})"
    return node.name if node.expression == (node.name,) else f"({expression(node.expression)} AS {node.name})"


def select(node: Select) -> str:
    """An inner SELECT without braces."""
    parts = ["SELECT", "DISTINCT" if node.distinct else ""]
    parts.append("*" if node.items is None else " ".join(map(item, node.items)))
    parts.append(group(node.where))
    if node.group_by:
        parts.append("GROUP BY " + " ".join(map(item, node.group_by)))
    if node.having:
        parts.append(f"HAVING {expression(node.having)}")
    if node.order:
        parts.append(f"ORDER BY {expression(node.order)}")
    parts.append(node.limit)
    if node.values:
        parts.append(f"VALUES {node.values.text}")
    return " ".join(filter(None, parts))
