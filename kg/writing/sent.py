"""What somebody sent: quads, and the rows that they can be read as."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar

from pyoxigraph import BlankNode, DefaultGraph, NamedNode, Quad, RdfFormat, parse

from kg import reasoning
from kg.rdf.rows import Misfit, Read, rows
from kg.terms import FOE, Names

Term = TypeVar("Term")


@dataclass(frozen=True)
class Sent:
    """Quads without blank nodes, literals as stores write them, and how they read."""

    quads: tuple[Quad, ...]
    read: Read


def read(content: bytes, names: Names, today: str) -> Sent:
    """Read N-Quads that the parsing process wrote.

    A blank node that a claim states is that claim's statement, which has an IRI of its own. Any other, and
    any quad in the default graph, is a misfit: nothing would say who claims it.
    """
    parsed = list(parse(content, RdfFormat.N_QUADS))
    statements = {
        quad.object: NamedNode(f"{quad.subject.value}#statement")
        for quad in parsed
        if quad.predicate == FOE["states"]
        and isinstance(quad.object, BlankNode)
        and isinstance(quad.subject, NamedNode)
    }

    def named(term: Term) -> Term | NamedNode:
        return statements.get(term, term) if isinstance(term, BlankNode) else term

    misfits: dict[str, Misfit] = {}
    kept: list[Quad] = []
    for quad in parsed:
        subject, object_ = named(quad.subject), named(quad.object)
        if quad.graph_name == DefaultGraph():
            misfits.setdefault(str(subject), _without_graph(str(subject), names))
        elif isinstance(subject, NamedNode) and not isinstance(object_, BlankNode):
            kept.append(Quad(subject, quad.predicate, object_, quad.graph_name))
        else:
            remedy = "give it an IRI; only what a claim states (foe:states) is named for you"
            misfits.setdefault(str(quad.subject), Misfit(str(subject), "a blank node has no name to ask for", remedy))
    quads = reasoning.canonical(kept)
    found = rows(quads, names, today)
    found.misfits[:0] = misfits.values()
    return Sent(tuple(quads), found)


def _without_graph(subject: str, names: Names) -> Misfit:
    return Misfit(
        subject.strip("<>"),
        "it stands in no graph, so nothing says who claims it",
        f"put what is claimed into the graph of the claim, {names.base}id/claim/SLUG, what is said about the claim, "
        f"its attestation and source into {names.provenance.value}, and a new thing into {names.register.value}",
    )
