"""Why an ontology contradicts itself: a set of axioms that does, and of which none can be left out."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from rdflib import OWL, RDF, RDFS, BNode, Literal
from rdflib.term import Node

from kg.checking.owl.vocabulary import DATATYPES

Triple = tuple[Node, Node, Node]
_DECLARATIONS = {
    *(OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty, OWL.NamedIndividual),
    *(OWL.Ontology, RDFS.Datatype),
}
_BATCH = 12


@dataclass(frozen=True)
class Axiom:
    """One axiom: the triple that it begins with, and the blank nodes under it."""

    root: Triple
    triples: tuple[Triple, ...]


def axioms(triples: Iterable[Triple]) -> tuple[list[Axiom], list[Triple]]:
    """Take triples apart into axioms and declarations; annotations and what HermiT cannot read are left out."""
    below: dict[Node, list[Triple]] = {}
    named: list[Triple] = []
    pointed: set[Node] = set()
    for triple in triples:
        if isinstance(triple[2], Literal) and not _readable(triple[2]):
            continue
        if isinstance(triple[0], BNode):
            below.setdefault(triple[0], []).append(triple)
        else:
            named.append(triple)
        if isinstance(triple[2], BNode):
            pointed.add(triple[2])

    def under(node: Node, seen: set[Node]) -> list[Triple]:
        if node in seen or not isinstance(node, BNode):
            return []
        seen.add(node)
        return [each for triple in below.get(node, ()) for each in (triple, *under(triple[2], seen))]

    declarations = [triple for triple in named if triple[1] == RDF.type and triple[2] in _DECLARATIONS]
    skipped = {id(triple) for triple in declarations}
    found = [
        Axiom(triple, (triple, *under(triple[2], set())))
        for triple in named
        if id(triple) not in skipped and triple[1] not in (RDFS.label, RDFS.comment, OWL.imports)
    ]
    found += [Axiom(below[node][0], tuple(under(node, set()))) for node in below if node not in pointed]
    return found, declarations


def minimal(whole: list[Axiom], contradicts: Callable[[list[list[Axiom]]], int | None]) -> list[Axiom]:
    """The smallest set that still contradicts itself when any axiom is taken away.

    `contradicts` returns the index of the first set that does. Chunks are taken away, and halved when
    none can be: about as many steps as the logarithm of the axioms times the size of the answer.
    """
    size = max(len(whole) // 2, 1)
    while True:
        chunks = [whole[start : start + size] for start in range(0, len(whole), size)]
        removed = None
        for start in range(0, len(chunks), _BATCH):
            tried = chunks[start : start + _BATCH]
            rests = [[axiom for axiom in whole if axiom not in chunk] for chunk in tried]
            found = contradicts(rests)
            if found is not None:
                removed = rests[found]
                break
        if removed is not None:
            whole = removed
            size = min(size, max(len(whole) // 2, 1))
        elif size == 1:
            return whole
        else:
            size = max(size // 2, 1)


def text(axiom_set: Iterable[Axiom], declarations: Iterable[Triple], more: Iterable[Triple] = ()) -> str:
    """Axioms and declarations in N-Triples."""
    lines = [*declarations, *(triple for axiom in axiom_set for triple in axiom.triples), *more]
    return "".join(f"{' '.join(_written(term) for term in triple)} .\n" for triple in dict.fromkeys(lines))


def _written(term: Node) -> str:
    if isinstance(term, Literal):
        escaped = str(term).translate({ord("\\"): "\\\\", ord('"'): '\\"', ord("\n"): "\\n", ord("\r"): "\\r"})
        kind = f"@{term.language}" if term.language else f"^^<{term.datatype}>" if term.datatype else ""
        return f'"{escaped}"{kind}'
    return term.n3()


def _readable(literal: Literal) -> bool:
    return literal.language is not None or literal.datatype is None or literal.datatype in DATATYPES
