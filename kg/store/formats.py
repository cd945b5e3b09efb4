"""The formats of answers: media types, and which fit which form of query."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Format:
    """One format: `name` is its short name in addresses, `aliases` are other media types that ask for it."""

    name: str
    media_type: str
    content_type: str
    aliases: tuple[str, ...] = ()


JSON = Format(
    "json", "application/sparql-results+json", "application/sparql-results+json", ("application/json", "text/json")
)
XML = Format("xml", "application/sparql-results+xml", "application/sparql-results+xml", ("application/xml", "text/xml"))
CSV = Format("csv", "text/csv", "text/csv; charset=utf-8; header=present")
TSV = Format("tsv", "text/tab-separated-values", "text/tab-separated-values; charset=utf-8; header=present")
TURTLE = Format("turtle", "text/turtle", "text/turtle; charset=utf-8", ("application/x-turtle",))
N_TRIPLES = Format("ntriples", "application/n-triples", "application/n-triples", ("text/plain",))
JSON_LD = Format("jsonld", "application/ld+json", "application/ld+json", ("application/json", "text/json"))
RDF_XML = Format("rdfxml", "application/rdf+xml", "application/rdf+xml", ("application/xml", "text/xml"))
TRIG = Format("trig", "application/trig", "application/trig; charset=utf-8", ("application/x-trig",))
N_QUADS = Format("nquads", "application/n-quads", "application/n-quads", ("text/x-nquads",))
ABOUT = Format("about", "application/vnd.foedus.about+json", "application/json")
"""What is said about one name, for the pages: see kg.store.about."""
PAGE = Format("page", "application/vnd.foedus.page+json", "application/json")
"""The first rows of an answer for the page, of whatever form: see kg.store.output."""

RESULTS = (JSON, XML, CSV, TSV)
GRAPHS = (TURTLE, N_TRIPLES, JSON_LD, RDF_XML, TRIG, N_QUADS)
DATASETS = (TRIG, N_QUADS, JSON_LD)
"""The formats that can hold named graphs."""


def offered(form: str) -> tuple[Format, ...]:
    """The formats for a form of query, the preferred one first.

    >>> [each.name for each in offered("ASK")]
    ['json', 'xml', 'csv', 'tsv']
    """
    return RESULTS if form in ("SELECT", "ASK") else GRAPHS
