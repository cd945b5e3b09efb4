"""SHACL property paths: read from the shapes, followed over an index, written as SPARQL writes them.

Source: https://www.w3.org/TR/shacl/#property-paths
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass

from rdflib import RDF, SH, Graph, URIRef
from rdflib.term import Node

from kg.validation.index import Index

Follow = Callable[[Index, Node], Collection[Node]]
_REPEATS = {SH.zeroOrMorePath: "*", SH.oneOrMorePath: "+", SH.zeroOrOnePath: "?"}


class NoPath(ValueError):
    """A node is no well-formed path."""


@dataclass(frozen=True)
class Path:
    """One path: its node in the shapes, how to follow it there and back, its text, its predicate if it is but one."""

    node: Node
    follow: Follow
    back: Follow
    text: str
    predicate: URIRef | None = None


def read_path(shapes: Graph, node: Node, name: Callable[[URIRef], str] = URIRef.n3) -> Path:
    """Read a path; `name` writes an IRI in its text. Raises NoPath when it is not well-formed."""
    return _read(shapes, node, name, 0)


def _read(shapes: Graph, node: Node, name: Callable[[URIRef], str], depth: int) -> Path:
    if depth > 64:
        raise NoPath("the path contains itself")
    if isinstance(node, URIRef):
        predicate = node
        return Path(
            node,
            lambda index, start: index.objects(start, predicate),
            lambda index, end: index.subjects(predicate, end),
            name(node),
            node,
        )
    listed = (node, RDF.first, None) in shapes
    inverse = None if listed else shapes.value(node, SH.inversePath)
    if inverse is not None:
        inner = _read(shapes, inverse, name, depth + 1)
        return Path(node, inner.back, inner.follow, f"^{_grouped(inner)}")
    for predicate, sign in _REPEATS.items():
        repeated = None if listed else shapes.value(node, predicate)
        if repeated is not None:
            inner = _read(shapes, repeated, name, depth + 1)
            text = f"{_grouped(inner)}{sign}"
            return Path(node, _repeat(inner.follow, sign), _repeat(inner.back, sign), text)
    choice = None if listed else shapes.value(node, SH.alternativePath)
    steps = _items(shapes, node if choice is None else choice)
    if len(steps) < 2:
        raise NoPath("a sequence or an alternative has two members or more")
    parts = [_read(shapes, step, name, depth + 1) for step in steps]
    there, back = [part.follow for part in parts], [part.back for part in parts]
    if choice is None:
        return Path(node, _sequence(there), _sequence(back[::-1]), "/".join(map(_grouped, parts)))
    return Path(node, _choice(there), _choice(back), "|".join(part.text for part in parts))


def _grouped(path: Path) -> str:
    """Brackets around what would bind otherwise; a single property needs none."""
    return path.text if path.predicate is not None or path.text[-1] in "*+?" else f"({path.text})"


def _items(shapes: Graph, node: Node) -> list[Node]:
    items: list[Node] = []
    seen = set()
    while node != RDF.nil:
        first, rest = shapes.value(node, RDF.first), shapes.value(node, RDF.rest)
        if first is None or rest is None or node in seen:
            raise NoPath(f"{node.n3()} is neither a property nor a path")
        seen.add(node)
        items.append(first)
        node = rest
    return items


def _sequence(follows: list[Follow]) -> Follow:
    def follow(index: Index, start: Node) -> Collection[Node]:
        reached: Iterable[Node] = (start,)
        for step in follows:
            reached = dict.fromkeys(end for begin in reached for end in step(index, begin))
        return dict.fromkeys(reached)

    return follow


def _choice(follows: list[Follow]) -> Follow:
    def follow(index: Index, start: Node) -> Collection[Node]:
        return dict.fromkeys(end for step in follows for end in step(index, start))

    return follow


def _repeat(inner: Follow, sign: str) -> Follow:
    def follow(index: Index, start: Node) -> Collection[Node]:
        if sign == "?":
            return dict.fromkeys((start, *inner(index, start)))
        reached: dict[Node, None] = {start: None} if sign == "*" else {}
        ahead = [start]
        while ahead:
            for end in inner(index, ahead.pop()):
                if end not in reached:
                    reached[end] = None
                    ahead.append(end)
        return reached

    return follow
