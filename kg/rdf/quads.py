"""Rows as quads: the register, one graph a claim, and the provenance graph."""

from __future__ import annotations

from collections.abc import Iterator

from pyoxigraph import Literal, NamedNode, Quad, Triple

from kg.facts.claims import Claim
from kg.facts.core import Thing
from kg.facts.evidence import Attestation, Source
from kg.facts.tables import Facts
from kg.facts.viewpoints import Viewpoint
from kg.rdf.values import dated, day, pairs
from kg.terms import DCTERMS, FOE, GEO, OWL, PROV, RDF, RDFS, SKOS, WIKIDATA, XSD, Names, kebab, lower_camel, slugify

DATA_LICENCE = NamedNode("https://creativecommons.org/licenses/by/4.0/")
# Columns whose emptiness says something itself, and says it in RDF, because rules look at what is there only.
OPEN_WHERE_EMPTY = ("end", "membership_on")


def fact_quads(facts: Facts, names: Names) -> Iterator[Quad]:
    """Yield the quads of all rows, each once per row that states it."""
    for thing in facts.things:
        yield from _thing(thing, names)
    yield from _dataset(names.register, "The register of things", names)
    for viewpoint in facts.viewpoints:
        yield from _viewpoint(viewpoint, names)
    if facts.viewpoints:
        yield from _dataset(names.viewpoints, "The table of viewpoints", names)
    for claim in facts.claims:
        yield from claim_quads(claim, names)
        yield from _about_claim(claim, names)
    for source in facts.sources:
        yield from _source(source, names)
    published = {source.id: source for source in facts.sources}
    for attestation in facts.attestations:
        yield from _attestation(attestation, published[attestation.source], names)


def claim_quads(claim: Claim, names: Names) -> Iterator[Quad]:
    """Yield what one claim states, in its own graph."""
    graph = names.claim(claim.claim)
    node = _node(claim, names)
    if claim.MATTER:
        matter = names.thing(f"{kebab(claim.CLASS)}/{claim.matter}")
        yield Quad(node, RDF["type"], FOE[claim.node_class], graph)
        yield Quad(node, FOE["concerns"], matter, graph)
        yield Quad(matter, RDF["type"], FOE["Matter"], graph)
    skipped = {"claim", "recorded", "retracted", "replaces"}
    for column in claim.columns():
        value = getattr(claim, column.name)
        if column.name in skipped or (not claim.MATTER and value == claim.subject):
            continue
        for predicate, term in pairs(column, value, names):
            yield Quad(node, predicate, term, graph)
    for name in OPEN_WHERE_EMPTY:
        if getattr(claim, name, claim) is None:
            yield Quad(node, FOE[f"{lower_camel(name)}Open"], Literal(True), graph)
    latitude, longitude = getattr(claim, "latitude", None), getattr(claim, "longitude", None)
    if latitude is not None and longitude is not None:
        geometry = NamedNode(f"{graph.value}#geometry")
        wkt = Literal(f"POINT({longitude} {latitude})", datatype=GEO["wktLiteral"])
        yield Quad(node, GEO["hasGeometry"], geometry, graph)
        yield Quad(geometry, RDF["type"], GEO["Geometry"], graph)
        yield Quad(geometry, GEO["asWKT"], wkt, graph)


def _node(claim: Claim, names: Names) -> NamedNode:
    if claim.MATTER:
        return NamedNode(f"{names.claim(claim.claim).value}#statement")
    return names.thing(claim.subject)


def _about_claim(claim: Claim, names: Names) -> Iterator[Quad]:
    graph, subject = names.provenance, names.claim(claim.claim)
    yield Quad(subject, RDF["type"], FOE["Claim"], graph)
    yield Quad(subject, RDF["type"], PROV["Entity"], graph)
    yield Quad(subject, FOE["states"], _node(claim, names), graph)
    yield Quad(subject, FOE["recorded"], day(claim.recorded), graph)
    yield Quad(subject, PROV["generatedAtTime"], _midnight(claim.recorded.isoformat()), graph)
    if claim.retracted:
        yield Quad(subject, FOE["retracted"], day(claim.retracted), graph)
        yield Quad(subject, PROV["invalidatedAtTime"], _midnight(claim.retracted.isoformat()), graph)
    if claim.replaces:
        yield Quad(subject, PROV["wasRevisionOf"], names.thing(claim.replaces), graph)


def _attestation(row: Attestation, source: Source, names: Names) -> Iterator[Quad]:
    graph, subject, claim = names.provenance, names.thing(f"attestation/{row.id}"), names.thing(row.claim)
    yield Quad(subject, RDF["type"], FOE["Attestation"], graph)
    yield Quad(subject, FOE["attests"], claim, graph)
    yield Quad(subject, RDF["type"], PROV["PrimarySource"], graph)
    yield Quad(subject, PROV["entity"], names.thing(row.source), graph)
    if row.retracted is None:
        for triple in attestation_links(row, source, names):
            yield Quad(triple.subject, triple.predicate, triple.object, graph)
    reported = row.reported or source.published
    if reported:
        for predicate, term in dated("reported", reported):
            yield Quad(subject, predicate, term, graph)
    for column in row.columns():
        if column.name not in {"id", "claim", "reported"}:
            for predicate, term in pairs(column, getattr(row, column.name), names):
                yield Quad(subject, predicate, term, graph)


def past_quads(facts: Facts, names: Names) -> Iterator[Quad]:
    """Yield what the provenance graph said while rows stood that are retracted now, and does not say any more."""
    published = {source.id: source for source in facts.sources}
    for row in facts.attestations:
        if row.retracted is not None:
            for triple in attestation_links(row, published[row.source], names):
                yield Quad(triple.subject, triple.predicate, triple.object, names.provenance)


def attestation_links(row: Attestation, source: Source, names: Names) -> tuple[Triple, ...]:
    """Return what the provenance graph says of a claim because of one attestation, while that stands."""
    claim = names.thing(row.claim)
    return (
        Triple(claim, PROV["hadPrimarySource"], names.thing(row.source)),
        Triple(claim, PROV["qualifiedPrimarySource"], names.thing(f"attestation/{row.id}")),
        Triple(claim, PROV["wasAttributedTo"], names.thing(row.speaker or _publisher(source))),
    )


def _source(row: Source, names: Names) -> Iterator[Quad]:
    graph, subject, publisher = names.provenance, names.thing(row.id), names.thing(_publisher(row))
    yield Quad(subject, RDF["type"], FOE["Source"], graph)
    yield Quad(subject, RDF["type"], PROV["Entity"], graph)
    yield Quad(subject, DCTERMS["title"], Literal(row.title), graph)
    yield Quad(subject, DCTERMS["publisher"], publisher, graph)
    yield Quad(subject, PROV["wasAttributedTo"], publisher, graph)
    yield Quad(publisher, RDF["type"], FOE["Publisher"], graph)
    yield Quad(publisher, RDFS["label"], Literal(row.publisher), graph)
    for column in row.columns():
        if column.name not in {"id", "title", "publisher"}:
            for predicate, term in pairs(column, getattr(row, column.name), names):
                yield Quad(subject, predicate, term, graph)


def _publisher(source: Source) -> str:
    return f"publisher/{slugify(source.publisher)}"


def _thing(row: Thing, names: Names) -> Iterator[Quad]:
    graph, subject = names.register, names.thing(row.id)
    yield Quad(subject, RDF["type"], FOE[row.type], graph)
    yield Quad(subject, RDFS["label"], Literal(row.name, language="en"), graph)
    if row.short_name:
        yield Quad(subject, FOE["shortName"], Literal(row.short_name, language="en"), graph)
    if row.wikidata:
        yield Quad(subject, SKOS["exactMatch"], WIKIDATA[row.wikidata], graph)
    if row.retracted:
        yield Quad(subject, OWL["deprecated"], Literal(True), graph)


def _viewpoint(row: Viewpoint, names: Names) -> Iterator[Quad]:
    graph, subject = names.viewpoints, names.thing(row.id)
    yield Quad(subject, RDF["type"], FOE["Viewpoint"], graph)
    yield Quad(subject, RDFS["label"], Literal(row.name, language="en"), graph)
    if row.retracted:
        yield Quad(subject, OWL["deprecated"], Literal(True), graph)
    for column in row.columns():
        if column.name not in {"id", "name", "recorded", "retracted"}:
            for predicate, term in pairs(column, getattr(row, column.name), names):
                yield Quad(subject, predicate, term, graph)


def _dataset(subject: NamedNode, title: str, names: Names) -> Iterator[Quad]:
    graph = names.provenance
    yield Quad(subject, RDF["type"], FOE["Dataset"], graph)
    yield Quad(subject, RDF["type"], PROV["Entity"], graph)
    yield Quad(subject, DCTERMS["title"], Literal(title, language="en"), graph)
    yield Quad(subject, DCTERMS["license"], DATA_LICENCE, graph)


def _midnight(day_text: str) -> Literal:
    return Literal(f"{day_text}T00:00:00Z", datatype=XSD["dateTime"])
