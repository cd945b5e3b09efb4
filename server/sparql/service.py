"""What the endpoint says of itself when it is asked nothing: the SPARQL 1.1 Service Description.

Source: https://www.w3.org/TR/sparql11-service-description/
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from kg.store.formats import GRAPHS, RESULTS

PREFIXES: dict[str, str] = {
    "sd": "http://www.w3.org/ns/sparql-service-description#",
    "void": "http://rdfs.org/ns/void#",
    "dcterms": "http://purl.org/dc/terms/",
    "format": "http://www.w3.org/ns/formats/",
    "entailment": "http://www.w3.org/ns/entailment/",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
}
_FORMATS: Mapping[str, str] = {
    "json": "SPARQL_Results_JSON",
    "xml": "SPARQL_Results_XML",
    "csv": "SPARQL_Results_CSV",
    "tsv": "SPARQL_Results_TSV",
    "turtle": "Turtle",
    "ntriples": "N-Triples",
    "jsonld": "JSON-LD",
    "rdfxml": "RDF_XML",
    "trig": "TriG",
    "nquads": "N-Quads",
}
"""Our formats in W3C's list of unique IRIs for file formats: https://www.w3.org/ns/formats/."""
_COUNTS: Mapping[str, str] = {"merged triples": "triples", "things": "entities", "classes": "classes"}


def describe(
    endpoint: str, title: str, counts: Mapping[str, Any], languages: Iterable[str], features: Iterable[str]
) -> str:
    """The description of the service at an address, as N-Triples.

    `endpoint` and `title` hold nothing that needs an escape. `counts` are those of the generation's
    manifest; `languages` and `features` are local names of sd:Language and sd:Feature individuals.
    """
    service, dataset, default = f"<{endpoint}>", "_:dataset", "_:default"
    triples = [
        (service, "rdf:type", "sd:Service"),
        (service, "dcterms:title", f'"{title}"@en'),
        (service, "sd:endpoint", service),
        *((service, "sd:supportedLanguage", f"sd:{name}") for name in languages),
        *((service, "sd:feature", f"sd:{name}") for name in features),
        *((service, "sd:resultFormat", f"format:{_FORMATS[each.name]}") for each in (*RESULTS, *GRAPHS)),
        (service, "sd:defaultEntailmentRegime", "entailment:Simple"),
        (service, "sd:defaultDataset", dataset),
        (dataset, "rdf:type", "sd:Dataset"),
        (dataset, "sd:defaultGraph", default),
        (default, "rdf:type", "sd:Graph"),
    ]
    integer = "<http://www.w3.org/2001/XMLSchema#integer>"
    triples += [
        (default, f"void:{name}", f'"{int(counts[ours])}"^^{integer}')
        for ours, name in _COUNTS.items()
        if ours in counts
    ]
    return "".join(f"{' '.join(map(_whole, triple))} .\n" for triple in triples)


def _whole(term: str) -> str:
    """A term with its prefix written out."""
    prefix, _, local = term.partition(":")
    return f"<{PREFIXES[prefix]}{local}>" if prefix in PREFIXES else term
