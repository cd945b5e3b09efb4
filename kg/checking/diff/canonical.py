"""Blank nodes named by what is said about them, so that those that stay the same have the same name in both versions.

Each group of blank nodes that hang together is canonicalised for itself (RDFC-1.0) and named by the
digest of it; so a change in one group renames no other. Source: https://www.w3.org/TR/rdf-canon/
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import TypeVar

from pyoxigraph import BlankNode, CanonicalizationAlgorithm, Dataset, Quad

_T = TypeVar("_T")


def canonical(quads: Iterable[Quad]) -> set[Quad]:
    """The quads with blank nodes named by content; two groups that say the same become one."""
    kept: set[Quad] = set()
    group_of: dict[BlankNode, list[Quad]] = {}
    for quad in quads:
        blank = [term for term in (quad.subject, quad.object, quad.graph_name) if isinstance(term, BlankNode)]
        if not blank:
            kept.add(quad)
            continue
        groups = {id(group): group for node in blank if (group := group_of.get(node)) is not None}
        largest = max(groups.values(), key=len, default=[])
        largest.append(quad)
        for group in groups.values():
            if group is not largest:
                largest.extend(group)
                for each in group:
                    group_of.update((node, largest) for node in _blank(each))
        group_of.update((node, largest) for node in blank)
    for group in {id(group): group for group in group_of.values()}.values():
        kept |= _named(group)
    return kept


def _blank(quad: Quad) -> list[BlankNode]:
    return [term for term in (quad.subject, quad.object, quad.graph_name) if isinstance(term, BlankNode)]


def _named(group: list[Quad]) -> set[Quad]:
    dataset = Dataset(group)
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    text = "\n".join(sorted(map(str, dataset)))
    digest = hashlib.sha256(text.encode()).hexdigest()[:12]

    def named(term: _T) -> _T | BlankNode:
        return BlankNode(f"{digest}{term.value}") if isinstance(term, BlankNode) else term

    return {Quad(named(quad.subject), quad.predicate, named(quad.object), named(quad.graph_name)) for quad in dataset}
