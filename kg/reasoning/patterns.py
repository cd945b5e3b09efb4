"""What a rule's query looks for: a CONSTRUCT read into branches of triple patterns, with nothing negative in them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pyoxigraph as ox
from rdflib.namespace import XSD
from rdflib.paths import Path as PropertyPath
from rdflib.plugins.sparql.parserutils import CompValue
from rdflib.term import BNode, Literal, URIRef, Variable

from kg.reasoning.expressions import NotAllowed, text_of, variables_of

Slot = ox.NamedNode | ox.Literal | ox.Variable

# What SPARQL offers beyond the fragment of rules, and why a rule cannot have it.
REFUSED = {
    "AggregateJoin": "GROUP BY and aggregates count what is there, and a count changes when a claim is added",
    "Graph": "GRAPH is not allowed; rules read what all graphs together say",
    "LeftJoin": "OPTIONAL keeps a solution because something is absent; write one rule a case, or a UNION",
    "Minus": "MINUS takes away a solution because something is there; adding a claim could lose a conclusion",
    "OrderBy": "ORDER BY has no meaning for a set of conclusions",
    "ServiceGraphPattern": "SERVICE asks another endpoint; a rule may only read this graph",
}
NESTED = "a nested SELECT, with or without LIMIT and COUNT, hides the premises; write its patterns in the rule itself"


@dataclass(frozen=True)
class Pattern:
    """One triple pattern; its variables are `pyoxigraph.Variable`."""

    subject: Slot
    predicate: Slot
    object: Slot

    @property
    def slots(self) -> tuple[Slot, Slot, Slot]:
        """Subject, predicate, object."""
        return self.subject, self.predicate, self.object

    @property
    def variables(self) -> tuple[str, ...]:
        """The names of the variables, each once, in order."""
        return tuple(dict.fromkeys(slot.value for slot in self.slots if isinstance(slot, ox.Variable)))

    def __str__(self) -> str:
        return " ".join(map(str, self.slots)) + " ."


@dataclass(frozen=True)
class Branch:
    """One way to match a rule: all its patterns must match, all its filters must hold.

    `steps` are the VALUES, BIND and FILTER clauses as SPARQL text, in the order in which they apply;
    `listed` are the variables that VALUES binds, `computed` those that BIND does.
    """

    patterns: tuple[Pattern, ...] = ()
    steps: tuple[str, ...] = ()
    listed: frozenset[str] = frozenset()
    computed: frozenset[str] = frozenset()

    @property
    def variables(self) -> frozenset[str]:
        """The names of all variables that a solution may bind."""
        return self.listed.union(self.computed, *(pattern.variables for pattern in self.patterns))

    def then(self, step: str, computed: frozenset[str] = frozenset()) -> Branch:
        """Return the branch with one more step."""
        return Branch(self.patterns, (*self.steps, step), self.listed, self.computed | computed)

    def joined(self, other: Branch) -> Branch:
        """Return both branches as one.

        A variable of BIND may occur in neither other patterns nor other groups, so that the order
        of evaluation never matters.
        """
        twice = sorted((self.computed & other.variables) | (other.computed & self.variables))
        if twice:
            raise NotAllowed(f"?{twice[0]} is bound by BIND and matched elsewhere; put BIND last, or use FILTER")
        return Branch(
            self.patterns + other.patterns,
            self.steps + other.steps,
            self.listed | other.listed,
            self.computed | other.computed,
        )


def branches(node: CompValue) -> Iterator[Branch]:
    """Yield the branches of a parsed group: a UNION is one branch a side, so that premises are exact.

    Raises NotAllowed for everything outside the fragment: basic graph patterns, FILTER, BIND, VALUES, UNION.
    """
    match node.name:
        case "BGP":
            yield Branch(tuple(map(pattern, sorted(node.triples, key=str))))
        case "Join":
            rights = tuple(branches(node.p2))
            for left in branches(node.p1):
                for right in rights:
                    yield left.joined(right)
        case "Union":
            yield from branches(node.p1)
            yield from branches(node.p2)
        case "Filter":
            for branch in branches(node.p):
                _check_known(branch, node.expr)
                yield branch.then(f"FILTER({text_of(node.expr)})")
        case "Extend":
            for branch in branches(node.p):
                _check_known(branch, node.expr)
                yield branch.then(f"BIND({text_of(node.expr)} AS ?{node.var})", frozenset({str(node.var)}))
        case "ToMultiSet" if node.p.name == "values":
            yield _values(node.p)
        case "ToMultiSet":
            raise NotAllowed(NESTED)
        case _:
            raise NotAllowed(REFUSED.get(node.name, f"{node.name} is not allowed in a rule"))


def pattern(triple: tuple[Any, Any, Any]) -> Pattern:
    """Turn a triple of rdflib's algebra into a pattern; a blank node stands for a variable."""
    return Pattern(*map(slot, triple))


def slot(node: Any) -> Slot:
    """Turn one place of a pattern from rdflib's into pyoxigraph's form."""
    if isinstance(node, Variable):
        return ox.Variable(str(node))
    if isinstance(node, BNode):
        return ox.Variable(f"_{node}")
    if isinstance(node, URIRef):
        return ox.NamedNode(str(node))
    if isinstance(node, Literal):
        if node.language:
            return ox.Literal(str(node), language=node.language)
        return ox.Literal(str(node), datatype=ox.NamedNode(str(node.datatype or XSD.string)))
    if isinstance(node, PropertyPath):
        raise NotAllowed("a property path hides the triples between its ends; write them as patterns")
    raise NotAllowed(f"{node!r} cannot stand in a triple pattern")


def _check_known(branch: Branch, expression: Any) -> None:
    unknown = sorted(set(variables_of(expression)) - branch.variables)
    if unknown:
        raise NotAllowed(f"?{unknown[0]} is not bound in the same group, in every branch of the UNION before it")


def _values(node: CompValue) -> Branch:
    names = sorted({str(name) for row in node.res for name in row})
    rows = []
    for row in node.res:
        terms = [row[Variable(name)] for name in names]
        if "UNDEF" in terms:
            raise NotAllowed("UNDEF leaves a variable unbound; write one rule a case, or a UNION")
        rows.append(f"({' '.join(map(text_of, terms))})")
    head = " ".join(f"?{name}" for name in names)
    return Branch(steps=(f"VALUES ({head}) {{ {' '.join(rows)} }}",), listed=frozenset(names))
