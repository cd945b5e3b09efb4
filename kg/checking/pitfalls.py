"""PIT: modelling that reasoners accept and that is rarely meant."""

from __future__ import annotations

from collections.abc import Iterator

from rdflib import OWL, RDF, RDFS, URIRef
from rdflib.term import Node

from kg.checking.context import Context, namespace_of
from kg.checking.findings import Finding


def check(context: Context) -> Iterator[Finding]:
    """Yield cycles, orphans, wrong inverses, terms of two kinds, several domains or ranges."""
    for predicate, what in ((RDFS.subClassOf, "class"), (RDFS.subPropertyOf, "property")):
        for cycle in _cycles(context, predicate):
            names = " → ".join(context.term(each) for each in (*cycle, cycle[0]))
            message = f"a {what} is below itself: {names}"
            yield context.at("PIT01", cycle[0], message, "remove a step; equivalence has words of its own", predicate)
    yield from _kinds(context)
    yield from _inverses(context)
    for term in sorted(context.properties):
        for predicate, what in ((RDFS.domain, "domains"), (RDFS.range, "ranges")):
            named = [each for each in context.project.ontology.objects(term, predicate) if isinstance(each, URIRef)]
            if len(named) > 1 and namespace_of(term) in context.own:
                message = f"{context.term(term)} has {len(named)} {what}, which means all of them at once"
                yield context.at("PIT05", term, message, "keep one, or name their common superclass", predicate)
    yield from _orphans(context)


def _cycles(context: Context, predicate: URIRef) -> Iterator[list[Node]]:
    """Each cycle once, beginning with its first name. That a term is below itself alone is true of every term."""
    ontology = context.project.ontology
    done: set[Node] = set()
    for start in sorted(ontology.having(predicate), key=str):
        if start in done or not isinstance(start, URIRef):
            continue
        way: dict[Node, None] = {start: None}
        ahead = [iter(ontology.objects(start, predicate))]
        while ahead:
            following = next(ahead[-1], None)
            if following is None:
                ahead.pop()
                done.add(way.popitem()[0])
            elif following == next(reversed(way)):
                continue
            elif following in way:
                order = list(way)
                cycle = order[order.index(following) :]
                first = cycle.index(min(cycle, key=str))
                yield cycle[first:] + cycle[:first]
            elif following not in done:
                way[following] = None
                ahead.append(iter(ontology.objects(following, predicate)))


def _kinds(context: Context) -> Iterator[Finding]:
    ontology = context.project.ontology
    objects, data = (set(ontology.subjects(RDF.type, kind)) for kind in (OWL.ObjectProperty, OWL.DatatypeProperty))
    for term in sorted(objects & data, key=str):
        message = f"{context.term(term)} is an object property and a datatype property"
        yield context.at("PIT02", term, message, "split it into two properties", RDF.type)
    for term in sorted((objects | data) & context.classes, key=str):
        message = f"{context.term(term)} is a class and a property"
        yield context.at("PIT02", term, message, "give one of the two another name", RDF.type)


def _inverses(context: Context) -> Iterator[Finding]:
    ontology = context.project.ontology
    for one in sorted(ontology.having(OWL.inverseOf), key=str):
        for other in ontology.objects(one, OWL.inverseOf):
            if one == other:
                message = f"{context.term(one)} is its own inverse"
                yield context.at("PIT03", one, message, "say that with owl:SymmetricProperty", OWL.inverseOf)
                continue
            for mine, theirs in ((RDFS.domain, RDFS.range), (RDFS.range, RDFS.domain)):
                here, there = set(ontology.objects(one, mine)), set(ontology.objects(other, theirs))
                if here and there and not here & there:
                    message = (
                        f"{context.term(one)} and {context.term(other)} are inverses, and the {mine.fragment} of one "
                        f"is not the {theirs.fragment} of the other"
                    )
                    yield context.at("PIT03", one, message, "correct one of them", mine)


def _orphans(context: Context) -> Iterator[Finding]:
    """Classes that stand alone: above or below nothing, in no axiom, no instance and no shape."""
    linked = {
        term
        for file in context.files()
        for subject, predicate, value in file.triples
        for term in ((subject, value) if predicate == RDFS.subClassOf else (value,))
        if predicate not in (RDFS.isDefinedBy, RDFS.seeAlso)
    }
    for term in sorted(context.classes - linked):
        if namespace_of(term) in context.own:
            message = f"{context.term(term)} is connected with nothing"
            yield context.at("PIT04", term, message, "give it a superclass, a property or a use")
