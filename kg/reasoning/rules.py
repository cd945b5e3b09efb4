"""What a rule is: a CONSTRUCT query whose every solution is a conclusion with its premises."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox
from pyparsing import ParseException
from rdflib.plugins.sparql.algebra import translateQuery
from rdflib.plugins.sparql.parser import parseQuery
from rdflib.term import BNode, URIRef, Variable

from kg.errors import UnreadableInput
from kg.queries import Query, read_query
from kg.reasoning.expressions import NotAllowed
from kg.reasoning.patterns import Branch, Pattern, branches, pattern
from kg.terms import DCTERMS, FOE, RDF, RDFS, Names


@dataclass(frozen=True)
class Rule:
    """A monotone rule: from triples that match one of its branches follow the triples of its template.

    `base` stands before relative IRIs, also before those that the rule makes with `IRI(…)`.
    """

    slug: str
    summary: str
    description: str
    tags: tuple[str, ...]
    template: tuple[Pattern, ...]
    branches: tuple[Branch, ...]
    base: str


def read_rules(paths: Iterable[Path], names: Names) -> tuple[Rule, ...]:
    """Read rule files and return the rules by slug.

    Raises UnreadableInput naming the file when one is not SPARQL, not a CONSTRUCT, could lose a
    conclusion when a triple is added, or has the name of another.
    """
    rules: dict[str, Rule] = {}
    for path in paths:
        rule = read_rule(path, names)
        if rule.slug in rules:
            raise UnreadableInput(f"{path}: there is another rule named {rule.slug}; rename this file")
        rules[rule.slug] = rule
    return tuple(rules[slug] for slug in sorted(rules))


def read_rule(path: Path, names: Names) -> Rule:
    """Read one rule file; its BASE stands for the base that `names` has."""
    query = read_query(path)
    try:
        return _rule(query, names)
    except ParseException as error:
        place = f"{path}:{error.lineno}:{error.column}"
        raise UnreadableInput(f"{place}: this is not SPARQL: {error.msg}") from error
    except NotAllowed as error:
        raise UnreadableInput(f"{path}: {error}") from error


def _rule(query: Query, names: Names) -> Rule:
    parsed = parseQuery(query.text)
    for declaration in parsed[0]:
        if declaration.name == "Base":
            declaration["iri"] = URIRef(names.base)
    algebra = translateQuery(parsed).algebra
    if algebra.name != "ConstructQuery":
        raise NotAllowed("a rule is a CONSTRUCT query: what follows, then WHERE it follows from what")
    if algebra.datasetClause:
        raise NotAllowed("FROM is not allowed; rules read what all graphs together say")
    if algebra.p.name != "Project":
        raise NotAllowed("LIMIT, OFFSET, ORDER BY and HAVING have no place in a rule")
    found = tuple(branches(algebra.p.p))
    template = tuple(_conclusion(triple) for triple in sorted(algebra.template, key=str))
    _check(template, found)
    return Rule(query.slug, query.summary, query.description, query.tags, template, found, names.base)


def _conclusion(triple: tuple[object, object, object]) -> Pattern:
    if any(isinstance(node, BNode) for node in triple):
        raise NotAllowed("a blank node in the template would be another on every run; make an IRI from a digest")
    if not isinstance(triple[1], URIRef | Variable):
        raise NotAllowed("a conclusion's predicate must be an IRI or a variable")
    return pattern(triple)


def _check(template: tuple[Pattern, ...], found: tuple[Branch, ...]) -> None:
    for branch in found:
        if not branch.patterns:
            raise NotAllowed("a branch without a triple pattern has no premises; nothing follows from nothing")
        for conclusion in template:
            unknown = sorted(set(conclusion.variables) - branch.variables)
            if unknown:
                raise NotAllowed(f"?{unknown[0]} in the template is not bound in every branch")


def describe(rules: Iterable[Rule], names: Names) -> list[ox.Quad]:
    """Return what the provenance graph says about the rules themselves."""
    quads: list[ox.Quad] = []
    for rule in rules:
        subject = names.rule(rule.slug)
        statements: list[tuple[ox.NamedNode, ox.NamedNode | ox.Literal]] = [
            (RDF["type"], FOE["Rule"]),
            (RDFS["label"], ox.Literal(rule.summary, language="en")),
        ]
        if rule.description:
            statements.append((DCTERMS["description"], ox.Literal(rule.description, language="en")))
        quads.extend(ox.Quad(subject, predicate, term, names.provenance) for predicate, term in statements)
    return quads
