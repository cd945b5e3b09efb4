"""NOT EXISTS as MINUS, where both give the same solutions.

The engine evaluates a NOT EXISTS of several patterns anew for each solution, a MINUS once: seconds against
milliseconds on large graphs. The two mean the same where

- what must not exist is triple patterns alone: no FILTER in it sees variables from outside, no path of length zero
  matches a term that the graph does not have;
- some variable of it has a value in every solution of the group around it, so that MINUS never meets a solution that it
  has nothing in common with;
- the group is evaluated by itself: it is neither that of an OPTIONAL nor in an EXISTS, and its graph is no variable.

Queries whose answers depend on the order of solutions (LIMIT, SAMPLE, GROUP_CONCAT) stay as they are.
Source: https://www.w3.org/TR/sparql11-query/#neg-notexists-minus
"""

from __future__ import annotations

import re
from dataclasses import replace

from kg.algebra import writing
from kg.algebra.parser import parse
from kg.algebra.syntax import (
    Alternative,
    Data,
    Element,
    Exists,
    Filter,
    Group,
    InGraph,
    Minus,
    Path,
    Pattern,
    Query,
    Repeat,
    Select,
    Sequence,
    Triples,
    Union,
    is_variable,
    variables,
)

_ORDERED = ("SAMPLE", "GROUP_CONCAT")


class _Ordered(Exception):
    """The answer may depend on the order of solutions."""


def with_minus(text: str, base: str) -> str | None:
    """The same query with MINUS for each NOT EXISTS of several patterns; None where there is none that may be replaced.

    For SELECT and ASK. Raises what kg.algebra.parser.parse raises.

    >>> with_minus("SELECT ?s { ?s <a:p> ?o FILTER NOT EXISTS { ?s <a:q> ?x . ?x <a:r> 1 } }", "http://example.org/")
    'SELECT ?s { ?s <a:p> ?o . MINUS { ?s <a:q> ?x . ?x <a:r> 1 . } }'
    """
    query = parse(text, base)
    if query.form not in ("SELECT", "ASK") or _hides_names(query):
        return None
    try:
        found = _select(query.select)
    except _Ordered:
        return None
    if found == query.select:
        return None
    return f"ASK {writing.group(found.where)}" if query.form == "ASK" else writing.select(found)


def _hides_names(query: Query) -> bool:
    """Whether `*` would show what was a blank node in the text, and is a variable in the tree."""
    return query.select.items is None and any(name.startswith(query.private) for name in variables(query.select.where))


def _select(node: Select) -> Select:
    pieces = [piece.upper() for item in node.items or () for piece in item.expression if isinstance(piece, str)]
    if node.limit or any(word in piece for piece in pieces for word in _ORDERED):
        raise _Ordered
    return replace(node, where=_group(node.where))


def _group(node: Group) -> Group:
    elements = tuple(map(_element, node.elements))
    certain = set().union(*map(_certain, elements))
    kept: list[Element] = []
    taken: list[Element] = []
    for each in elements:
        denied = _denied(each)
        if denied is not None and variables(denied) & certain:
            taken.append(Minus(denied))
        else:
            kept.append(each)
    return Group((*kept, *taken))


def _element(node: Element) -> Element:
    """An element with those of its groups rewritten that are evaluated by themselves."""
    match node:
        case Union(branches):
            return Union(tuple(map(_group, branches)))
        case Minus(group):
            return Minus(_group(group))
        case InGraph(name, group) if not is_variable(name):
            return InGraph(name, _group(group))
        case Select():
            return _select(node)
        case _:
            return node


def _denied(node: Element) -> Group | None:
    """What a filter denies, if it is nothing but NOT EXISTS of several patterns."""
    if not isinstance(node, Filter):
        return None
    denied = [piece for piece in node.condition if isinstance(piece, Exists)]
    around = "".join("E" if isinstance(piece, Exists) else piece for piece in node.condition)
    sign = re.fullmatch(r"[\s(]*+(!?)[\s(]*+E[\s)]*+", around)
    if len(denied) != 1 or sign is None or denied[0].negated == bool(sign[1]):
        return None
    patterns = _patterns(denied[0].group)
    several = patterns is not None and len(patterns) > 1
    return denied[0].group if several and not any(map(_may_be_empty, patterns or ())) else None


def _patterns(group: Group) -> list[Pattern] | None:
    """The patterns of a group that has nothing else, but for graphs with a name."""
    found: list[Pattern] = []
    for each in group.elements:
        match each:
            case Triples(patterns):
                found += patterns
            case InGraph(name, inner) if not is_variable(name):
                within = _patterns(inner)
                if within is None:
                    return None
                found += within
            case _:
                return None
    return found


def _may_be_empty(pattern: Pattern) -> bool:
    return not isinstance(pattern.verb, str) and _zero(pattern.verb)


def _zero(path: Path) -> bool:
    """Whether a path may have no step, in any part of it."""
    match path:
        case Repeat(inner, sign):
            return sign in "*?" or _zero(inner)
        case Sequence(steps):
            return any(map(_zero, steps))
        case Alternative(choices):
            return any(map(_zero, choices))
        case _:
            return False


def _certain(node: Element) -> set[str]:
    """The variables that have a value in every solution of an element."""
    match node:
        case Triples():
            return variables(node)
        case Data():
            return set() if "UNDEF" in node.text.upper() else set(node.variables)
        case Union(branches):
            return set.intersection(*(set().union(*map(_certain, branch.elements)) for branch in branches))
        case InGraph(name, group):
            return {name, *_all(group)} if is_variable(name) else _all(group)
        case Select():
            if node.items is None:
                return _all(node.where)
            plain = {item.name for item in node.items if item.name and item.expression == (item.name,)}
            return plain & _all(node.where)
        case _:
            return set()


def _all(group: Group) -> set[str]:
    return set().union(*map(_certain, group.elements))
