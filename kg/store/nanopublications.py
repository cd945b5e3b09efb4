"""The claims as nanopublications: of each claim its assertion, where it comes from, and how it was published here.

The assertion is the claim's own graph, under its own name; the other graphs and the nanopublication have
names behind `#`. Each stands by itself: it repeats what is known of its sources.
Source: http://nanopub.net/guidelines/working_draft/
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from pyoxigraph import Literal, NamedNode, Quad

from kg.terms import BASE, DCTERMS, FOE, PROV, RDF, XSD, Names, Namespace

NP = Namespace("http://www.nanopub.org/nschema#")
LICENCE = NamedNode("https://creativecommons.org/licenses/by/4.0/")


def nanopublications(quads: Iterable[Quad], names: Names | None = None) -> Iterator[Quad]:
    """The quads of all nanopublications, one after the other, by the names of their claims."""
    names = names or Names(BASE)
    stated: dict[NamedNode, list[Quad]] = defaultdict(list)
    about: dict[NamedNode, list[Quad]] = defaultdict(list)
    start = f"{names.base}id/claim/"
    for quad in quads:
        graph = quad.graph_name
        if graph == names.provenance and isinstance(quad.subject, NamedNode):
            about[quad.subject].append(quad)
        elif isinstance(graph, NamedNode) and graph.value.startswith(start):
            stated[graph].append(quad)
    for claim in sorted(stated, key=lambda each: each.value):
        yield from _one(claim, stated[claim], about, names)


def _one(claim: NamedNode, stated: list[Quad], about: dict[NamedNode, list[Quad]], names: Names) -> Iterator[Quad]:
    whole, head, provenance, publication = (
        NamedNode(f"{claim.value}#{part}") for part in ("nanopublication", "head", "provenance", "publication")
    )
    yield Quad(whole, RDF["type"], NP["Nanopublication"], head)
    yield Quad(whole, NP["hasAssertion"], claim, head)
    yield Quad(whole, NP["hasProvenance"], provenance, head)
    yield Quad(whole, NP["hasPublicationInfo"], publication, head)
    yield from stated
    recorded = None
    for quad in _described(claim, about):
        yield Quad(quad.subject, quad.predicate, quad.object, provenance)
        if quad.subject == claim and quad.predicate == FOE["recorded"] and isinstance(quad.object, Literal):
            recorded = quad.object.value
    if recorded:
        created = Literal(f"{recorded}T00:00:00Z", datatype=XSD["dateTime"])
        yield Quad(whole, DCTERMS["created"], created, publication)
    yield Quad(whole, DCTERMS["license"], LICENCE, publication)
    yield Quad(whole, DCTERMS["publisher"], NamedNode(names.base), publication)


def _described(claim: NamedNode, about: dict[NamedNode, list[Quad]]) -> Iterator[Quad]:
    """What the provenance graph says of a claim, its attestations, their sources, and who publishes these."""
    yield from about[claim]
    told = {claim}
    pending = [claim]
    for follow in (PROV["qualifiedPrimarySource"], PROV["entity"], DCTERMS["publisher"]):
        reached = [quad.object for node in pending for quad in about.get(node, ()) if quad.predicate == follow]
        pending = [node for node in dict.fromkeys(reached) if isinstance(node, NamedNode) and node not in told]
        told.update(pending)
        for node in pending:
            yield from about.get(node, ())
