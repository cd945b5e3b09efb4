"""The grammar of OWL 2 RL on triples: what may be a subclass, a superclass, and an equivalent class.

Source: https://www.w3.org/TR/owl2-profiles/#OWL_2_RL
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from rdflib import OWL, RDF, RDFS, BNode, URIRef
from rdflib.term import Node

from kg.checking.owl.breach import Breach
from kg.checking.owl.vocabulary import NOT_IN_RL, Declared

_MAXIMA = (OWL.maxCardinality, OWL.maxQualifiedCardinality)


class Rl:
    """The grammar of OWL 2 RL, for an ontology that is in OWL 2 DL."""

    def __init__(self, declared: Declared) -> None:
        self._declared = declared
        self._graph = declared.graph

    def breaches(self) -> Iterator[Breach]:
        """Yield what no ontology in OWL 2 RL may say."""
        for node in self._graph.having(RDFS.subClassOf):
            yield from self._demand(node, node, self._sub, "as a subclass", RDFS.subClassOf)
            for each in self._graph.objects(node, RDFS.subClassOf):
                yield from self._demand(node, each, self._super, "as a superclass", RDFS.subClassOf)
        for node in self._graph.having(OWL.equivalentClass):
            for each in (node, *self._graph.objects(node, OWL.equivalentClass)):
                if not self._declared.is_data_range(each):
                    yield from self._demand(node, each, self._equal, "as an equivalent class", OWL.equivalentClass)
        for node in self._graph.having(OWL.disjointWith):
            for each in (node, *self._graph.objects(node, OWL.disjointWith)):
                yield from self._demand(node, each, self._sub, "as a disjoint class", OWL.disjointWith)
        for predicate, what in ((RDFS.domain, "as a domain"), (RDFS.range, "as a range")):
            for node in self._graph.having(predicate):
                if node not in self._declared.annotations:
                    for each in self._graph.objects(node, predicate):
                        if not self._declared.is_data_range(each):
                            yield from self._demand(node, each, self._super, what, predicate, thing=True)
        for node in self._graph.having(RDF.type):
            for each in self._graph.objects(node, RDF.type):
                if isinstance(each, BNode):
                    yield from self._demand(node, each, self._super, "as a type", RDF.type)
        for node in self._declared.kind(OWL.ReflexiveProperty):
            yield Breach("RL", node, "is reflexive, which OWL 2 RL cannot say", RDF.type)
        for node in self._graph.having(OWL.disjointUnionOf):
            yield Breach("RL", node, "is a disjoint union, which OWL 2 RL cannot say", OWL.disjointUnionOf)
        for node in self._graph.having(OWL.hasKey):
            yield from self._demand(node, node, self._sub, "with a key", OWL.hasKey)
        for node in self._declared.kind(OWL.AllDisjointClasses):
            for head in self._graph.objects(node, OWL.members):
                for each in self._declared.items(head):
                    yield from self._demand(node, each, self._sub, "as a disjoint class", OWL.members)
        yield from self._datatypes()

    def _datatypes(self) -> Iterator[Breach]:
        for predicate in (RDFS.range, OWL.someValuesFrom, OWL.allValuesFrom, OWL.onDataRange):
            for node in self._graph.having(predicate):
                for each in self._graph.objects(node, predicate):
                    if self._declared.is_data_range(each) and not self._range(each):
                        yield Breach(
                            "RL", node, f"has a data range that OWL 2 RL does not have: {each.n3()}", predicate
                        )

    def _range(self, node: Node) -> bool:
        if isinstance(node, URIRef):
            return node not in NOT_IN_RL
        head = self._declared.value(node, OWL.intersectionOf)
        return head is not None and all(self._range(each) for each in self._declared.items(head))

    def _demand(
        self,
        node: Node,
        each: Node,
        grammar: Callable[[Node], bool],
        what: str,
        predicate: Node,
        *,
        thing: bool = False,
    ) -> Iterator[Breach]:
        if thing and each == OWL.Thing:
            return
        if not grammar(each):
            name = each.n3() if isinstance(each, URIRef) else "an expression"
            yield Breach("RL", node, f"has {name} {what}, which OWL 2 RL does not allow", predicate)

    def _sub(self, node: Node) -> bool:
        if isinstance(node, URIRef):
            return node != OWL.Thing
        return (
            self._combined(node, self._sub, union=True)
            or self._one_of(node)
            or self._some(node)
            or self._has_value(node)
        )

    def _super(self, node: Node) -> bool:
        if isinstance(node, URIRef):
            return node != OWL.Thing
        negated = self._declared.value(node, OWL.complementOf)
        if negated is not None:
            return self._sub(negated)
        every = self._declared.value(node, OWL.allValuesFrom)
        if every is not None:
            return self._declared.is_data_range(every) or self._super(every)
        return self._combined(node, self._super, union=False) or self._has_value(node) or self._at_most(node)

    def _equal(self, node: Node) -> bool:
        if isinstance(node, URIRef):
            return node != OWL.Thing
        return self._combined(node, self._equal, union=False) or self._has_value(node)

    def _combined(self, node: Node, grammar: Callable[[Node], bool], *, union: bool) -> bool:
        for predicate in (OWL.intersectionOf, OWL.unionOf) if union else (OWL.intersectionOf,):
            head = self._declared.value(node, predicate)
            if head is not None:
                return all(grammar(each) for each in self._declared.items(head))
        return False

    def _one_of(self, node: Node) -> bool:
        return self._declared.value(node, OWL.oneOf) is not None

    def _some(self, node: Node) -> bool:
        filler = self._declared.value(node, OWL.someValuesFrom)
        return filler is not None and (filler == OWL.Thing or self._declared.is_data_range(filler) or self._sub(filler))

    def _has_value(self, node: Node) -> bool:
        return self._declared.value(node, OWL.hasValue) is not None

    def _at_most(self, node: Node) -> bool:
        for predicate in _MAXIMA:
            most = self._declared.value(node, predicate)
            if most is not None:
                filler = self._declared.value(node, OWL.onClass)
                return str(most) in ("0", "1") and (filler in (None, OWL.Thing) or self._sub(filler))
        return False
