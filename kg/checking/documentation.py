"""DOC: whether every class and property of the project has a name and a definition that people can read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from rdflib import DCTERMS, RDFS, SKOS, Literal

from kg.checking.context import Context, namespace_of
from kg.checking.findings import Finding

_LABELS = (RDFS.label, SKOS.prefLabel)
_DEFINITIONS = (SKOS.definition, RDFS.comment, DCTERMS.description)


def check(context: Context) -> Iterator[Finding]:
    """Yield terms without label or definition, and labels that compete."""
    ontology = context.project.ontology
    texts: dict[str, str] = {}
    for term in sorted(context.classes | context.properties):
        if namespace_of(term) not in context.own:
            continue
        labels = [value for predicate in _LABELS for value in ontology.objects(term, predicate)]
        definitions = [value for predicate in _DEFINITIONS for value in ontology.objects(term, predicate)]
        name = context.term(term)
        if not labels:
            yield context.at("DOC01", term, f"{name} has no label", 'add rdfs:label "…"@en')
        if not definitions:
            yield context.at("DOC02", term, f"{name} has no definition", 'add skos:definition "…"@en')
        tags = Counter(label.language or "" for label in labels if isinstance(label, Literal))
        for tag, count in tags.items():
            if count > 1 and len({str(label) for label in labels}) > 1:
                said = f"in {tag}" if tag else "without a language"
                yield context.at("DOC03", term, f"{name} has {count} labels {said}", "keep one", RDFS.label)
            if not tag:
                yield context.at(
                    "DOC04", term, f"a label of {name} has no language", "add a tag, such as @en", RDFS.label
                )
        for each in definitions:
            other = texts.setdefault(str(each), name)
            if other != name:
                remedy = "say what tells the two apart"
                yield context.at("DOC05", term, f"{name} has the definition of {other}", remedy, SKOS.definition)
