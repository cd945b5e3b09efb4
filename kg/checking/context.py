"""What every check works with: the project, positions in it, and a way to make findings of the catalogue's severity."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cached_property
from typing import Any

from rdflib import OWL, RDF, RDFS, BNode, Literal, URIRef
from rdflib.term import Node

from kg.checking.catalogue import checks
from kg.checking.findings import Finding, Place, Related, Severity
from kg.checking.positions import Positions
from kg.checking.project import File, Project
from kg.validation.report import Report

KNOWN = {
    "owl": str(OWL),
    "rdf": str(RDF),
    "rdfs": str(RDFS),
    "sh": "http://www.w3.org/ns/shacl#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "dcterms": "http://purl.org/dc/terms/",
    "prov": "http://www.w3.org/ns/prov#",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "schema": "https://schema.org/",
    "geo": "http://www.opengis.net/ont/geosparql#",
    "time": "http://www.w3.org/2006/time#",
    "vann": "http://purl.org/vocab/vann/",
    "dcat": "http://www.w3.org/ns/dcat#",
    "void": "http://rdfs.org/ns/void#",
    "org": "http://www.w3.org/ns/org#",
    "dc": "http://purl.org/dc/elements/1.1/",
}
CLASSES = (OWL.Class, RDFS.Class)
PROPERTIES = (OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty, RDF.Property)
# Words that use a class, or a property, as their value.
CLASS_USES = {RDF.type, RDFS.subClassOf, RDFS.domain, RDFS.range, OWL.disjointWith, OWL.equivalentClass}
PROPERTY_USES = {RDFS.subPropertyOf, OWL.inverseOf, OWL.equivalentProperty, OWL.onProperty}


@dataclass
class Context:
    """One run of the checks over one project; pySHACL is asked about `confirmed` failing nodes, by default all."""

    project: Project
    confirmed: int | None = None
    positions: Positions = field(init=False)
    timings: dict[str, tuple[float, int]] = field(default_factory=dict)
    report: Report | None = None

    def __post_init__(self) -> None:
        """Nothing is read before it is asked for."""
        self.positions = Positions(self.project)

    def finding(
        self,
        name: str,
        message: str,
        remedy: str = "",
        *,
        place: Place | None = None,
        focus: Node | None = None,
        severity: Severity | None = None,
        path: str = "",
        value: Node | None = None,
        shape: Node | None = None,
        related: Iterable[Related] = (),
        details: Iterable[str] = (),
    ) -> Finding:
        """Make a finding; its severity is that of the configuration, else `severity`, else the catalogue's."""
        configured: Mapping[str, Severity] = self.project.configuration.severities
        return Finding(
            id=name,
            severity=configured.get(name) or severity or checks()[name].severity,
            message=message,
            remedy=remedy,
            place=place,
            focus="" if focus is None else self.term(focus),
            path=path,
            value="" if value is None else self.term(value),
            shape="" if shape is None else self.term(shape),
            related=tuple(related),
            details=tuple(details),
        )

    def at(self, name: str, term: Node, message: str, remedy: str, predicate: Node | None = None) -> Finding:
        """Make a finding about a term of the ontology, where it is described."""
        place = self.positions.of(term, predicate)
        return self.finding(name, message, remedy, place=place, focus=term)

    def term(self, node: Node) -> str:
        """A term as people write it; a blank node by the shortest way that leads to it."""
        if isinstance(node, URIRef):
            return self.project.short(str(node))
        if isinstance(node, Literal):
            kind = (
                f"@{node.language}"
                if node.language
                else f"^^{self.project.short(node.datatype)}"
                if node.datatype
                else ""
            )
            return '"' + str(node).replace('"', '\\"') + '"' + kind
        return self._way(node)

    def _way(self, node: Node, depth: int = 0) -> str:
        owner = self._owners.get(node) if depth < 8 else None
        if owner is None:
            return "[]"
        subject, predicate = owner
        start = self._way(subject, depth + 1) if isinstance(subject, BNode) else self.project.short(str(subject))
        return f"{start} / {self.project.short(str(predicate))}"

    @cached_property
    def _owners(self) -> dict[Node, tuple[Node, Node]]:
        return {
            value: (subject, predicate)
            for file in self.project.files
            for subject, predicate, value in file.triples
            if isinstance(value, BNode)
        }

    @cached_property
    def classes(self) -> set[URIRef]:
        """The named classes that the ontology declares."""
        return self._declared(CLASSES)

    @cached_property
    def properties(self) -> set[URIRef]:
        """The properties that the ontology declares."""
        return self._declared(PROPERTIES)

    @cached_property
    def own(self) -> tuple[str, ...]:
        """The namespaces of the project: those of the configuration, else those of the declared terms.

        Ontologies declare a few terms of others, too. So a namespace that no `owl:Ontology` is named after
        counts only when at least half of the predicates and classes used in it are declared.
        """
        stated = self.project.configuration.namespaces
        if stated:
            return stated
        declared = self.classes | self.properties
        found = {namespace_of(term) for term in declared} - set(KNOWN.values())
        headers = {str(header).rstrip("#/") for header in self.project.ontology.subjects(RDF.type, OWL.Ontology)}
        foreign = {space for space in found if space.rstrip("#/") not in headers}
        used = self._used(foreign)
        return tuple(
            sorted(
                space for space in found if space not in foreign or 2 * len(used[space] & declared) >= len(used[space])
            )
        )

    def _used(self, spaces: set[str]) -> dict[str, set[Node]]:
        """The predicates and the classes that the project uses or declares, by namespace."""
        found: dict[str, set[Node]] = {space: set() for space in spaces}
        for file in self.files():
            for subject, predicate, value in file.triples:
                terms = [predicate]
                if predicate in CLASS_USES | PROPERTY_USES:
                    terms += [value, subject] if value in (*CLASSES, *PROPERTIES) else [value]
                for term in terms:
                    if isinstance(term, URIRef) and (space := namespace_of(term)) in found:
                        found[space].add(term)
        return found

    def _declared(self, kinds: Iterable[Node]) -> set[URIRef]:
        ontology = self.project.ontology
        return {term for kind in kinds for term in ontology.subjects(RDF.type, kind) if isinstance(term, URIRef)}

    def files(self, *purposes: str) -> list[File]:
        """The RDF files for some purposes, or all of them."""
        return self.project.having(*(purposes or ("data", "ontology", "shapes")))


def names_of(space: Any) -> set[str]:
    """The local names that rdflib knows in one of its closed namespaces."""
    return {*space.__annotations__, *getattr(space, "_extras", ())}


def namespace_of(iri: str) -> str:
    """The namespace of a term: up to the last # or /."""
    return iri[: max(iri.rfind("#"), iri.rfind("/")) + 1]


def meant(word: str, known: Iterable[str]) -> str:
    """What a misspelt word may have meant, as an end of a sentence."""
    close = get_close_matches(word, list(known), n=1, cutoff=0.75)
    return close[0] if close else ""
