"""SPARQL over a handful of triples, evaluated as slowly as its definition reads, with why-provenance.

A solution is a mapping with its alternatives: sets of uses, of which any one gives the solution. A use is a
triple, and the graph that it must come from where the query says GRAPH.
Queries are trees of tuples; `text` writes them down.
"""

from __future__ import annotations

from collections import defaultdict
from itertools import product

ZERO = frozenset({frozenset()})


def is_variable(term):
    return isinstance(term, str) and term.startswith("?")


def text(term):
    return str(term) if isinstance(term, int) or is_variable(term) else f"<urn:{term}>"


def write(group):
    return "{ " + " ".join(map(_write, group)) + " }"


def _write(item):
    match item:
        case ("triple", s, p, o):
            return f"{text(s)} {text(p)} {text(o)} ."
        case ("path", s, sign, p, q, o):
            p, q = text(p), text(q)
            path = {"|": f"{p}|{q}", "/": f"{p}/{q}", "^": f"^{p}", "!": f"!{p}"}.get(sign, f"{p}{sign}")
            return f"{text(s)} {path} {text(o)} ."
        case ("filter", variable, value):
            return f"FILTER ({variable} != {text(value)})"
        case ("exists", negated, inner):
            return f"FILTER {'NOT ' * negated}EXISTS {write(inner)}"
        case ("told", inner, variable):
            return f"BIND (EXISTS {write(inner)} AS {variable})"
        case ("union", one, other):
            return f"{write(one)} UNION {write(other)}"
        case ("optional", inner):
            return f"OPTIONAL {write(inner)}"
        case ("minus", inner):
            return f"MINUS {write(inner)}"
        case ("bind", variable, new):
            return f"BIND ({variable} AS {new})"
        case ("values", variable, terms):
            return f"VALUES {variable} {{ {' '.join(map(text, terms))} }}"
        case ("graph", name, inner):
            return f"GRAPH {text(name)} {write(inner)}"
        case ("select", *_):
            return f"{{ {select(item)} }}"
    raise AssertionError(item)


def select(node):
    _, distinct, names, counted, group, limit = node
    shown = " ".join(names) + (f" (COUNT({counted[0]}) AS {counted[1]})" if counted else "")
    tail = " GROUP BY " + " ".join(names) if counted and names else ""
    if limit:
        tail += f" ORDER BY {' '.join(names)} LIMIT {limit}"
    return f"SELECT {'DISTINCT ' * distinct}{shown} WHERE {write(group)}{tail}"


class Oracle:
    """`graphs` are sets of triples by name; the default graph is their union."""

    def __init__(self, graphs):
        self.graphs = graphs
        self.merge = frozenset().union(*graphs.values())

    def rows(self, node):
        """The rows of a SELECT as mappings with alternatives."""
        _, distinct, names, counted, group, limit = node
        found = self.group(group, None)
        if counted:
            return self._counted(found, names, counted)
        rows = [({name: m[name] for name in names if name in m}, why) for m, why in found]
        united = defaultdict(frozenset)
        for m, why in rows:
            united[frozen(m)] |= why
        if distinct:
            rows = [(dict(m), why) for m, why in united.items()]
        if limit:
            rows.sort(key=lambda row: [_order(row[0].get(name)) for name in names])
            rows = rows[:limit]
        return [(m, united[frozen(m)]) for m, _ in rows]

    def _counted(self, found, names, counted):
        what, alias = counted
        groups = defaultdict(list) if names else {(): []}
        for m, why in found:
            groups.setdefault(tuple(m.get(name) for name in names), []).append((m, why))
        rows = []
        for key, members in groups.items():
            row = {name: value for name, value in zip(names, key, strict=True) if value is not None}
            row[alias] = sum(what == "*" or what in m for m, _ in members)
            rows.append((row, frozenset({frozenset().union(*(use for _, why in members for use in why))})))
        return rows

    def group(self, group, graph):
        """The solutions of a group, in the graph of that name, or in the merge."""
        found = [({}, ZERO)]
        for item in group:
            match item:
                case ("optional", inner):
                    found = self._optional(found, inner, graph)
                case ("minus", inner):
                    taken = [m for m, _ in self.group(inner, graph)]
                    found = [(m, why) for m, why in found if not any(_shares(m, t) for t in taken)]
                case ("bind", variable, new):
                    found = [({**m, new: m[variable]} if variable in m else m, why) for m, why in found]
                case ("told", inner, new):
                    found = [self._told(m, why, inner, new, graph) for m, why in found]
                case ("filter", *_) | ("exists", *_):
                    pass
                case _:
                    found = _join(found, self._item(item, graph))
        return self._filtered(found, group, graph)

    def _filtered(self, found, group, graph):
        for item in group:
            match item:
                case ("filter", variable, value):
                    found = [(m, why) for m, why in found if variable in m and m[variable] != value]
                case ("exists", negated, inner):
                    found = [kept for m, why in found if (kept := self._exists(m, why, negated, inner, graph))]
        return found

    def _item(self, item, graph):
        match item:
            case ("triple", s, p, o):
                return self._triples(s, p, o, graph)
            case ("path", s, sign, p, q, o):
                return self._path(s, sign, p, q, o, graph)
            case ("union", one, other):
                return self.group(one, graph) + self.group(other, graph)
            case ("values", variable, terms):
                return [({variable: each}, ZERO) for each in terms]
            case ("graph", name, inner):
                names = self.graphs if is_variable(name) else [name]
                return [
                    ({**m, name: each} if is_variable(name) else m, why)
                    for each in names
                    for m, why in self.group(inner, each)
                    if m.get(name, each) == each
                ]
            case ("select", *_):
                assert graph is None
                return self.rows(item)
        raise AssertionError(item)

    def _in(self, graph):
        return self.merge if graph is None else self.graphs.get(graph, frozenset())

    def _triples(self, s, p, o, graph):
        found = []
        for triple in self._in(graph):
            m = {}
            for term, value in zip((s, p, o), triple, strict=True):
                if is_variable(term) and m.setdefault(term, value) != value:
                    break
                if not is_variable(term) and term != value:
                    break
            else:
                found.append((m, frozenset({frozenset({(triple, graph)})})))
        return found

    def _path(self, s, sign, p, q, o, graph):
        triples = self._in(graph)
        nodes = {end for t in triples for end in (t[0], t[2])} | {each for each in (s, o) if not is_variable(each)}
        pairs = []
        for begin, end in product(nodes, nodes):
            ends = [({}, begin, s), ({}, end, o)]
            m = {term: value for _, value, term in ends if is_variable(term)}
            if (not is_variable(s) and s != begin) or (not is_variable(o) and o != end) or (s == o and begin != end):
                continue
            pairs += [(m, why) for why in self._walks(triples, begin, sign, p, q, end, graph)]
        return pairs

    def _walks(self, triples, begin, sign, p, q, end, graph):
        """One entry a solution: several for sequences, as the engine has it one for everything else."""
        here = [t for t in triples if (t[0], t[2]) == (begin, end)]
        one = [frozenset({frozenset({(t, graph)})}) for t in here if t[1] == p]
        if sign == "|":
            either = frozenset({(t, graph) for t in here if t[1] in (p, q)})
            return [frozenset({either})] if either else []
        if sign == "/":
            firsts = [t for t in triples if t[0] == begin and t[1] == p]
            seconds = [t for t in triples if t[2] == end and t[1] == q]
            return [frozenset({frozenset({(a, graph), (b, graph)})}) for a in firsts for b in seconds if a[2] == b[0]]
        if sign == "^":
            return [frozenset({frozenset({(t, graph)})}) for t in triples if t == (end, p, begin)]
        if sign == "!":
            others = frozenset({(t, graph) for t in here if t[1] != p})
            return [frozenset({others})] if others else []
        steps = [t for t in triples if t[1] == p]
        if sign == "?":
            if begin == end:
                return [frozenset({frozenset({(t, graph) for t in here if t[1] == p})})]
            return one
        ahead, back = _reach(steps, begin, 0, 2), _reach(steps, end, 2, 0)
        edges = frozenset({(t, graph) for t in steps if t[0] in ahead and t[2] in back})
        holds = bool(edges) or (sign == "*" and begin == end)
        return [frozenset({edges})] if holds else []

    def _optional(self, found, inner, graph):
        """A filter in an optional group sees what stands before the group, too."""
        right = self.group([item for item in inner if item[0] not in ("filter", "exists")], graph)
        joined = []
        for left in found:
            joined += self._filtered(_join([left], right), inner, graph) or [left]
        return joined

    def _solutions(self, mapping, inner, graph):
        return self.group([_substitute(item, mapping) for item in inner], graph)

    def _exists(self, mapping, why, negated, inner, graph):
        found = self._solutions(mapping, inner, graph)
        if negated:
            return None if found else (mapping, why)
        return (mapping, _times(why, frozenset().union(*(each for _, each in found)))) if found else None

    def _told(self, mapping, why, inner, new, graph):
        found = self._exists(mapping, why, False, inner, graph)
        return ({**mapping, new: True}, found[1]) if found else ({**mapping, new: False}, why)


def _reach(steps, start, from_end, to_end):
    seen, waiting = {start}, [start]
    while waiting:
        here = waiting.pop()
        for t in steps:
            if t[from_end] == here and t[to_end] not in seen:
                seen.add(t[to_end])
                waiting.append(t[to_end])
    return seen


def _substitute(item, mapping):
    if isinstance(item, tuple):
        return tuple(_substitute(each, mapping) for each in item)
    if isinstance(item, list):
        return [_substitute(each, mapping) for each in item]
    return mapping.get(item, item) if is_variable(item) else item


def _times(one, other):
    return frozenset(a | b for a in one for b in other)


def _join(one, other):
    return [
        ({**a, **b}, _times(x, y))
        for a, x in one
        for b, y in other
        if all(a[name] == b[name] for name in a.keys() & b.keys())
    ]


def _shares(one, other):
    common = one.keys() & other.keys()
    return bool(common) and all(one[name] == other[name] for name in common)


def _order(value):
    return (0, "") if value is None else (2, value) if isinstance(value, int) else (1, value)


def frozen(mapping):
    return frozenset(mapping.items())
