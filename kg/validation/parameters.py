"""The values of a shape's parameters, read as what SHACL says they are; each error names the shape."""

from __future__ import annotations

from collections.abc import Iterator

from rdflib import Graph, Literal
from rdflib.term import Node

from kg.errors import UnreadableInput
from kg.validation.compiled import Shape


def only(shape: Shape, name: str, values: tuple[Node, ...]) -> Node:
    """The one value of a parameter; UnreadableInput when there are several."""
    if len(values) != 1:
        raise UnreadableInput(f"the shape {shape.node.n3()} has {len(values)} values of {name}; keep one")
    return values[0]


def number(shape: Shape, name: str, values: tuple[Node, ...]) -> int:
    """The one value, a whole number; UnreadableInput when it is none."""
    value = only(shape, name, values)
    if not isinstance(value, Literal) or not isinstance(value.value, int):
        raise UnreadableInput(f"the shape {shape.node.n3()} has {name} {value.n3()}; write a whole number")
    return value.value


def listed(shape: Shape, name: str, graph: Graph, head: Node) -> Iterator[Node]:
    """The members of a list; UnreadableInput when it has no end."""
    try:
        yield from graph.items(head)
    except ValueError as error:
        raise UnreadableInput(f"the shape {shape.node.n3()} has an endless list in {name}; correct it") from error
