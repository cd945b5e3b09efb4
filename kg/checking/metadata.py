"""META: what an ontology says about itself; the FAIR checks that work without a network."""

from __future__ import annotations

from collections.abc import Iterator

from rdflib import DC, DCTERMS, OWL, RDF, RDFS, URIRef

from kg.checking.context import Context
from kg.checking.findings import Finding

_VANN = "http://purl.org/vocab/vann/"
_CC = "http://creativecommons.org/ns#"
_SCHEMA = "https://schema.org/"
_WANTED: tuple[tuple[str, str, str, tuple[URIRef, ...]], ...] = (
    ("META02", "title", "dcterms:title", (DCTERMS.title, DC.title, RDFS.label)),
    ("META03", "licence", "dcterms:license", (DCTERMS.license, DCTERMS.rights, DC.rights, URIRef(f"{_CC}license"))),
    ("META04", "version", "owl:versionIRI", (OWL.versionIRI, OWL.versionInfo)),
    (
        "META05",
        "description",
        "dcterms:description",
        (DCTERMS.description, DCTERMS.abstract, DC.description, RDFS.comment),
    ),
    (
        "META06",
        "creator",
        "dcterms:creator",
        (DCTERMS.creator, DCTERMS.publisher, DC.creator, URIRef(f"{_SCHEMA}author")),
    ),
    ("META07", "preferred prefix", "vann:preferredNamespacePrefix", (URIRef(f"{_VANN}preferredNamespacePrefix"),)),
    ("META08", "date", "dcterms:created", (DCTERMS.created, DCTERMS.issued, DCTERMS.modified, DC.date)),
)


def check(context: Context) -> Iterator[Finding]:
    """Yield what ontologies leave unsaid."""
    for file in context.files("ontology"):
        ontologies = sorted(
            {subject for subject, predicate, value in file.triples if (predicate, value) == (RDF.type, OWL.Ontology)},
            key=str,
        )
        if not ontologies and any(value == OWL.Class for _, _, value in file.triples):
            message = f"{file.name} declares classes and no owl:Ontology"
            yield context.finding("META01", message, "say what it is: <…> a owl:Ontology", place=file.source.place(0))
        for each in ontologies:
            for name, what, predicate, accepted in _WANTED:
                if not any(context.project.ontology.objects(each, term) for term in accepted):
                    yield context.at(name, each, f"the ontology {context.term(each)} has no {what}", f"add {predicate}")
