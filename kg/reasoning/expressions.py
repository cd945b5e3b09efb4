"""Expressions of SPARQL: which a rule may use, and their text again from rdflib's parsed form."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from rdflib.plugins.sparql.parserutils import CompValue
from rdflib.term import Node, Variable

from kg.errors import UnreadableInput

# Functions of their arguments alone: the same on every run, whatever else the graph holds.
BUILTINS = frozenset(
    {
        "ABS",
        "BOUND",
        "CEIL",
        "COALESCE",
        "CONCAT",
        "CONTAINS",
        "DATATYPE",
        "DAY",
        "ENCODE_FOR_URI",
        "FLOOR",
        "IF",
        "IRI",
        "ISIRI",
        "ISLITERAL",
        "ISNUMERIC",
        "LANG",
        "LANGMATCHES",
        "LCASE",
        "MONTH",
        "REGEX",
        "REPLACE",
        "ROUND",
        "SAMETERM",
        "SHA256",
        "STR",
        "STRAFTER",
        "STRBEFORE",
        "STRDT",
        "STRENDS",
        "STRLANG",
        "STRLEN",
        "STRSTARTS",
        "SUBSTR",
        "UCASE",
        "URI",
        "YEAR",
    }
)
# The order in which rdflib names the arguments of its functions.
_ARGUMENTS = ("text", "arg", "arg1", "arg2", "arg3", "pattern", "start", "length", "replacement", "flags")


class NotAllowed(UnreadableInput):
    """A rule's query has something that a rule may not have; the text says what and why."""


def text_of(node: Any) -> str:
    """Write an expression as SPARQL, fully bracketed, with IRIs in full.

    Raises NotAllowed for functions whose value depends on more than their arguments.
    """
    if isinstance(node, Node):
        return str(node.n3())
    if not isinstance(node, CompValue):
        raise NotAllowed(f"the expression {node!r} cannot be read")
    if node.name == "RelationalExpression":
        return f"({text_of(node.expr)} {node.op} {_operand(node.other)})"
    if node.name in _CHAINS:
        operators = _CHAINS[node.name] or node.op
        return _chain(node, operators)
    if node.name in _UNARY:
        return f"({_UNARY[node.name]} {text_of(node.expr)})"
    if node.name == "Function":
        return f"{text_of(node.iri)}({', '.join(map(text_of, node.expr))})"
    if node.name in {"Builtin_EXISTS", "Builtin_NOTEXISTS"}:
        raise NotAllowed("EXISTS looks at the rest of the graph: only what is there may count, never what is not")
    name = node.name.removeprefix("Builtin_").upper()
    if name not in BUILTINS:
        raise NotAllowed(f"{name} is not a function of its arguments alone, or is not needed in rules")
    return f"{name}({', '.join(_arguments(node))})"


def variables_of(node: Any) -> Iterator[str]:
    """Yield the names of the variables in an expression."""
    if isinstance(node, Variable):
        yield str(node)
    elif isinstance(node, CompValue):
        for value in node.values():
            yield from variables_of(value)
    elif isinstance(node, list):
        for value in node:
            yield from variables_of(value)


_CHAINS: dict[str, str | None] = {
    "ConditionalOrExpression": "||",
    "ConditionalAndExpression": "&&",
    "AdditiveExpression": None,
    "MultiplicativeExpression": None,
}
_UNARY = {"UnaryNot": "!", "UnaryMinus": "-", "UnaryPlus": "+"}


def _operand(node: Any) -> str:
    return f"({', '.join(map(text_of, node))})" if isinstance(node, list) else text_of(node)


def _chain(node: CompValue, operators: str | list[str]) -> str:
    signs = [operators] * len(node.other) if isinstance(operators, str) else operators
    rest = "".join(f" {sign} {text_of(other)}" for sign, other in zip(signs, node.other, strict=True))
    return f"({text_of(node.expr)}{rest})"


def _arguments(node: CompValue) -> Iterator[str]:
    for name in _ARGUMENTS:
        if name in node and node[name] is not None:
            value = node[name]
            yield from map(text_of, value if isinstance(value, list) else [value])
