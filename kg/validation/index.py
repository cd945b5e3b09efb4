"""The triples of a data graph by predicate, in terms of rdflib: small for millions, quick to follow both ways."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from rdflib import RDF, RDFS
from rdflib.term import Node

Pattern = tuple[Node | None, Node | None, Node | None]
_NONE: tuple[Node, ...] = ()


class Index:
    """A set of triples that can be added to.

    A subject with one value of a property holds it bare, one with several holds a dictionary without
    values, which is an ordered set: so a million triples take about 400 MB. The way back from objects
    is made for a predicate when it is first asked for.
    """

    def __init__(self, triples: Iterable[tuple[Node, Node, Node]] = ()) -> None:
        self._forward: dict[Node, dict[Node, Node | dict[Node, None]]] = {}
        self._backward: dict[Node, dict[Node, Node | dict[Node, None]]] = {}
        self._subclasses: dict[Node, frozenset[Node]] = {}
        self._predicates_of: dict[Node, list[Node]] | None = None
        self.size = 0
        self.add(triples)

    def add(self, triples: Iterable[tuple[Node, Node, Node]]) -> None:
        """Add triples; those that are there already change nothing."""
        forward = self._forward
        added = 0
        for subject, predicate, value in triples:
            values = forward.get(predicate)
            if values is None:
                values = forward[predicate] = {}
            added += _put(values, subject, value)
        if added:
            self.size += added
            self._backward.clear()
            self._subclasses.clear()
            self._predicates_of = None

    def __contains__(self, triple: tuple[Node, Node, Node]) -> bool:
        """Whether that triple is there."""
        subject, predicate, value = triple
        return value in self.objects(subject, predicate)

    def objects(self, subject: Node, predicate: Node) -> Collection[Node]:
        """The values that a subject has for a predicate."""
        return _several(self._forward.get(predicate, {}).get(subject))

    def subjects(self, predicate: Node, value: Node) -> Collection[Node]:
        """The subjects that have that value for a predicate."""
        return _several(self._reverse(predicate).get(value))

    def having(self, predicate: Node) -> Collection[Node]:
        """The subjects that have any value for a predicate."""
        return self._forward.get(predicate, {}).keys()

    def values(self, predicate: Node) -> Collection[Node]:
        """Everything that is a value of a predicate."""
        return self._reverse(predicate).keys()

    def predicates(self) -> Collection[Node]:
        """Every predicate."""
        return self._forward.keys()

    def predicates_of(self, subject: Node) -> Collection[Node]:
        """The predicates of which a subject has values."""
        if self._predicates_of is None:
            self._predicates_of = {}
            for predicate, values in self._forward.items():
                for each in values:
                    self._predicates_of.setdefault(each, []).append(predicate)
        return self._predicates_of.get(subject, _NONE)

    def subclasses(self, of: Node) -> frozenset[Node]:
        """A class and all that are below it by `rdfs:subClassOf`."""
        found = self._subclasses.get(of)
        if found is None:
            reached, ahead = {of}, [of]
            while ahead:
                for each in self.subjects(RDFS.subClassOf, ahead.pop()):
                    if each not in reached:
                        reached.add(each)
                        ahead.append(each)
            found = self._subclasses[of] = frozenset(reached)
        return found

    def instances(self, of: Node) -> dict[Node, None]:
        """The SHACL instances of a class, each once. Source: https://www.w3.org/TR/shacl/#dfn-shacl-instance"""
        found: dict[Node, None] = {}
        for each in sorted(self.subclasses(of), key=str):
            found.update(dict.fromkeys(self.subjects(RDF.type, each)))
        return found

    def match(self, pattern: Pattern) -> Iterator[tuple[Node, Node, Node]]:
        """Yield the triples that have the given terms where the pattern is not None."""
        subject, predicate, value = pattern
        for each in [predicate] if predicate is not None else list(self._forward):
            if subject is not None:
                for found in self.objects(subject, each):
                    if value is None or found == value:
                        yield subject, each, found
            elif value is not None:
                for found in self.subjects(each, value):
                    yield found, each, value
            else:
                for start in list(self.having(each)):
                    for found in self.objects(start, each):
                        yield start, each, found

    def _reverse(self, predicate: Node) -> dict[Node, Node | dict[Node, None]]:
        found = self._backward.get(predicate)
        if found is None:
            found = self._backward[predicate] = {}
            for subject, values in self._forward.get(predicate, {}).items():
                for value in values if isinstance(values, dict) else (values,):
                    _put(found, value, subject)
        return found


def _put(values: dict[Node, Node | dict[Node, None]], key: Node, value: Node) -> bool:
    """Add a value; return whether it is new."""
    there = values.get(key)
    if there is None:
        values[key] = value
        return True
    if isinstance(there, dict):
        before = len(there)
        there[value] = None
        return len(there) > before
    if there == value:
        return False
    values[key] = {there: None, value: None}
    return True


def _several(found: Node | dict[Node, None] | None) -> Collection[Node]:
    if found is None:
        return _NONE
    return found if isinstance(found, dict) else (found,)
