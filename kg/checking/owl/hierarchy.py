"""The global restrictions of OWL 2 DL on properties: which are simple, and whether their order is regular.

Source: https://www.w3.org/TR/owl2-syntax/#Global_Restrictions_on_Axioms_in_OWL_2_DL
"""

from __future__ import annotations

from collections.abc import Iterator

from rdflib import OWL, RDFS
from rdflib.term import Node

from kg.checking.owl.vocabulary import Declared

_SIMPLE_ONLY = (
    *(OWL.FunctionalProperty, OWL.InverseFunctionalProperty, OWL.IrreflexiveProperty, OWL.AsymmetricProperty),
)
_COUNTED = (
    *(OWL.cardinality, OWL.minCardinality, OWL.maxCardinality),
    *(OWL.qualifiedCardinality, OWL.minQualifiedCardinality, OWL.maxQualifiedCardinality, OWL.hasSelf),
)
Breach = tuple[Node, str]


def composite(declared: Declared) -> set[Node]:
    """The object properties that are not simple: transitive ones, chains, what is above them, and their inverses."""
    found: set[Node] = {*declared.kind(OWL.TransitiveProperty), *declared.graph.having(OWL.propertyChainAxiom)}
    found |= {OWL.topObjectProperty, OWL.bottomObjectProperty} & declared.objects
    above = _links(declared)
    ahead = list(found)
    while ahead:
        for each in above.get(ahead.pop(), set()):
            if each not in found:
                found.add(each)
                ahead.append(each)
    return found


def breaches(declared: Declared) -> Iterator[Breach]:
    """Yield uses of a composite property where only a simple one may stand, and cycles in the order of properties."""
    not_simple = composite(declared)
    for kind in _SIMPLE_ONLY:
        for each in declared.kind(kind):
            if each in not_simple:
                yield each, f"is a {_local(kind)} and not simple: it is transitive, a chain, or above one"
    for word in _COUNTED:
        for restriction in declared.graph.having(word):
            for each in declared.graph.objects(restriction, OWL.onProperty):
                if each in not_simple:
                    yield each, f"stands in a restriction with owl:{_local(word)} and is not simple"
    for one in declared.graph.having(OWL.propertyDisjointWith):
        for each in (one, *declared.graph.objects(one, OWL.propertyDisjointWith)):
            if each in not_simple:
                yield each, "is disjoint with another property and not simple"
    yield from _irregular(declared)


def _irregular(declared: Declared) -> Iterator[Breach]:
    """Chains whose properties cannot be put in an order in which each follows those that it is made of."""
    before: dict[Node, set[Node]] = {}

    def put(small: Node, large: Node) -> None:
        before.setdefault(large, set()).add(small)

    same = _equivalents(declared)
    for small in declared.graph.having(RDFS.subPropertyOf):
        for large in declared.graph.objects(small, RDFS.subPropertyOf):
            if same.get(small, small) != same.get(large, large) and small not in declared.data:
                put(same.get(small, small), same.get(large, large))
    strict: set[tuple[Node, Node]] = set()
    for whole in declared.graph.having(OWL.propertyChainAxiom):
        for head in declared.graph.objects(whole, OWL.propertyChainAxiom):
            links = declared.items(head)
            if len(links) < 2:
                yield whole, "has a chain of fewer than two properties"
                continue
            if links == [whole, whole]:
                continue
            inner = links[1:] if links[0] == whole else links[:-1] if links[-1] == whole else links
            for each in inner:
                strict.add((same.get(each, each), same.get(whole, whole)))
                put(same.get(each, each), same.get(whole, whole))
    for small, large in sorted(strict, key=str):
        if small == large or _reaches(before, small, large):
            yield large, "has a chain that contains what the property is made from: the order is not regular"


def _reaches(before: dict[Node, set[Node]], start: Node, wanted: Node) -> bool:
    seen, ahead = {start}, [start]
    while ahead:
        for each in before.get(ahead.pop(), set()):
            if each == wanted:
                return True
            if each not in seen:
                seen.add(each)
                ahead.append(each)
    return False


def _equivalents(declared: Declared) -> dict[Node, Node]:
    """Each property's representative among those that are equivalent, or its inverse."""
    found: dict[Node, Node] = {}
    for predicate in (OWL.equivalentProperty, OWL.inverseOf):
        for one in declared.graph.having(predicate):
            for other in declared.graph.objects(one, predicate):
                target = found.get(one, one)
                for node, named in list(found.items()):
                    if named == found.get(other, other):
                        found[node] = target
                found[other] = target
                found.setdefault(one, target)
    return found


def _links(declared: Declared) -> dict[Node, set[Node]]:
    """What a property makes composite when it is: those above it, its equivalents and inverses."""
    found: dict[Node, set[Node]] = {}
    for predicate, both in ((RDFS.subPropertyOf, False), (OWL.equivalentProperty, True), (OWL.inverseOf, True)):
        for one in declared.graph.having(predicate):
            for other in declared.graph.objects(one, predicate):
                found.setdefault(one, set()).add(other)
                if both:
                    found.setdefault(other, set()).add(one)
    return found


def _local(term: Node) -> str:
    return str(term).rpartition("#")[2]
