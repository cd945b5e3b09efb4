"""A code of somebody's list as a node: what it is, what it identifies, who gives it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode, Quad

from kg.terms import FOE, RDF, RDFS, Names, slugify


@dataclass(frozen=True)
class Code:
    """One code of the list `scheme`, with the name that the list gives beside it, if any."""

    scheme: str
    text: str
    listed_name: str | None = None

    def node(self, names: Names) -> NamedNode:
        """The IRI of the identifier.

        >>> Code("iso-3166-1-alpha-2", "UA", "Ukraine").node(Names()).value
        'https://w3id.org/foedus/id/identifier/iso-3166-1-alpha-2_ua'
        """
        return names.thing(f"identifier/{self.scheme}_{slugify(self.text)}")


def identifier(code: Code, ref: str, giver: str, graph: NamedNode, names: Names) -> Iterator[Quad]:
    """Yield the node of a code that `giver` gives and that we read as the thing `ref`."""
    node = code.node(names)
    yield Quad(node, RDF["type"], FOE["Identifier"], graph)
    label = f"{code.text} ({code.listed_name})" if code.listed_name else code.text
    yield Quad(node, RDFS["label"], Literal(label, language="en"), graph)
    yield Quad(node, FOE["code"], Literal(code.text), graph)
    yield Quad(node, FOE["codeScheme"], names.concept("identifier-scheme", code.scheme), graph)
    yield Quad(node, FOE["givenBy"], names.thing(giver), graph)
    yield Quad(node, FOE["identifies"], names.thing(ref), graph)
    if code.listed_name:
        yield Quad(node, FOE["listedName"], Literal(code.listed_name), graph)
