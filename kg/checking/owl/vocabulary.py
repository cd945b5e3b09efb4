"""What an ontology declares, and the words that OWL 2 keeps for itself.

Source: https://www.w3.org/TR/owl2-syntax/#IRIs
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property

from rdflib import OWL, RDF, RDFS, XSD, BNode, Literal, URIRef
from rdflib.term import Node

from kg.validation.index import Index

RESERVED = (str(OWL), str(RDF), str(RDFS), str(XSD))
_XSD_MAP = (
    *("decimal", "integer", "nonNegativeInteger", "nonPositiveInteger", "positiveInteger", "negativeInteger", "long"),
    *("int", "short", "byte", "unsignedLong", "unsignedInt", "unsignedShort", "unsignedByte", "double", "float"),
    *("string", "normalizedString", "token", "language", "Name", "NCName", "NMTOKEN", "boolean", "hexBinary"),
    *("base64Binary", "anyURI", "dateTime", "dateTimeStamp"),
)
# The datatypes of OWL 2 DL, and those of them that OWL 2 RL leaves out.
DATATYPES = frozenset(
    {
        *(URIRef(f"{XSD}{name}") for name in _XSD_MAP),
        *(RDFS.Literal, URIRef(f"{OWL}real"), URIRef(f"{OWL}rational"), RDF.XMLLiteral, URIRef(f"{RDF}PlainLiteral")),
        URIRef(f"{RDF}langString"),
    }
)
NOT_IN_RL = frozenset({URIRef(f"{OWL}real"), URIRef(f"{OWL}rational")})
BUILT_IN_CLASSES = frozenset({OWL.Thing, OWL.Nothing})
BUILT_IN_PROPERTIES = {
    OWL.ObjectProperty: {OWL.topObjectProperty, OWL.bottomObjectProperty},
    OWL.DatatypeProperty: {OWL.topDataProperty, OWL.bottomDataProperty},
    OWL.AnnotationProperty: {
        *(RDFS.label, RDFS.comment, RDFS.seeAlso, RDFS.isDefinedBy, OWL.deprecated, OWL.versionInfo),
        *(OWL.priorVersion, OWL.backwardCompatibleWith, OWL.incompatibleWith),
    },
}


@dataclass(frozen=True, eq=False)
class Declared:
    """The declarations of an ontology, read from its triples."""

    graph: Index

    def kind(self, kind: Node) -> Collection[Node]:
        """The nodes with that type."""
        return self.graph.subjects(RDF.type, kind)

    @cached_property
    def classes(self) -> set[Node]:
        """Named classes, those built in included."""
        return {*(each for each in self.kind(OWL.Class) if isinstance(each, URIRef)), *BUILT_IN_CLASSES}

    @cached_property
    def objects(self) -> set[Node]:
        """Object properties; the kinds that only object properties have declare one, too."""
        kinds = (
            *(OWL.ObjectProperty, OWL.TransitiveProperty, OWL.SymmetricProperty, OWL.AsymmetricProperty),
            *(OWL.ReflexiveProperty, OWL.IrreflexiveProperty, OWL.InverseFunctionalProperty),
        )
        found = {each for kind in kinds for each in self.kind(kind)}
        return found | BUILT_IN_PROPERTIES[OWL.ObjectProperty]

    @cached_property
    def data(self) -> set[Node]:
        """Datatype properties."""
        return {*self.kind(OWL.DatatypeProperty), *BUILT_IN_PROPERTIES[OWL.DatatypeProperty]}

    @cached_property
    def annotations(self) -> set[Node]:
        """Annotation properties."""
        return {*self.kind(OWL.AnnotationProperty), *BUILT_IN_PROPERTIES[OWL.AnnotationProperty]}

    @cached_property
    def datatypes(self) -> set[Node]:
        """Datatypes that the ontology declares, and those of OWL 2."""
        return {*(each for each in self.kind(RDFS.Datatype) if isinstance(each, URIRef)), *DATATYPES}

    def items(self, head: Node) -> list[Node]:
        """The members of a list; an endless one ends where it began."""
        found: list[Node] = []
        seen = {head}
        while head != RDF.nil:
            found.extend(self.graph.objects(head, RDF.first))
            head = next(iter(self.graph.objects(head, RDF.rest)), RDF.nil)
            if head in seen:
                break
            seen.add(head)
        return found

    def value(self, node: Node, predicate: Node) -> Node | None:
        """One value of a predicate."""
        return next(iter(self.graph.objects(node, predicate)), None)

    def is_object(self, node: Node) -> bool:
        """Whether a node is an object property or the inverse of one."""
        return node in self.objects or (isinstance(node, BNode) and self.value(node, OWL.inverseOf) is not None)

    def is_data_range(self, node: Node) -> bool:
        """Whether a node is a data range rather than a class."""
        return (
            node in self.datatypes or RDFS.Datatype in self.graph.objects(node, RDF.type) or isinstance(node, Literal)
        )


def reserved(node: Node) -> bool:
    """Whether OWL keeps a word for itself."""
    return isinstance(node, URIRef) and str(node).startswith(RESERVED)
