"""Shapes turned so that pySHACL looks at just the nodes that fail them."""

from __future__ import annotations

from collections.abc import Iterable

from rdflib import OWL, RDF, RDFS, SH, BNode, Graph, URIRef
from rdflib.term import Node

from kg.validation.engine import Failing, Judgement
from kg.validation.reading import union

TARGETS = (SH.targetClass, SH.targetNode, SH.targetObjectsOf, SH.targetSubjectsOf)


def retargeted(shapes: Graph, judgement: Judgement, most: int | None) -> tuple[Graph | None, list[Failing]]:
    """The shapes with just the failing nodes as targets, None when there are none, and what is left out beyond `most`.

    Shapes that the fast engine cannot judge keep their targets.
    """
    if not judgement.failing and not judgement.beyond:
        return None, []
    copy, left, count = union((shapes,)), [], 0
    for shape in {subject for target in TARGETS for subject in shapes.subjects(target)} | _classes(shapes):
        if shape in judgement.beyond:
            continue
        for target in TARGETS:
            copy.remove((shape, target, None))
        for kind in (RDFS.Class, OWL.Class):
            copy.remove((shape, RDF.type, kind))
    for shape, failing in judgement.failing.items():
        for focus, wrong in failing.items():
            if most is None or count < most or not all(each.certain for each in wrong):
                copy.add((shape, SH.targetNode, focus))
                count += 1
            else:
                left.extend(wrong)
    return copy, left


def named(shapes: Graph, failing: Iterable[Node]) -> dict[Node, Node]:
    """Give failing shapes without a name one for the while, and return which is which.

    pySHACL writes out a nameless shape in each of its results, with all its targets, so that the time would
    grow with the square of the results. Shapes that others refer to stay as they are: messages show them.
    """
    names: dict[Node, Node] = {}
    for shape in failing:
        if isinstance(shape, BNode) and (None, None, shape) not in shapes:
            name = URIRef(f"urn:foedus:shape:{len(names)}")
            names[name] = shape
            for _, predicate, value in list(shapes.triples((shape, None, None))):
                shapes.remove((shape, predicate, value))
                shapes.add((name, predicate, value))
    return names


def renamed(report: Graph, names: dict[Node, Node]) -> Graph:
    """A report with the shapes as they were."""
    for name, shape in names.items():
        for subject, predicate, _ in list(report.triples((None, None, name))):
            report.remove((subject, predicate, name))
            report.add((subject, predicate, shape))
    return report


def _classes(shapes: Graph) -> set[Node]:
    """The shapes that are classes too, and so have their instances as targets."""
    return {
        shape
        for kind in (RDFS.Class, OWL.Class)
        for shape in shapes.subjects(RDF.type, kind)
        if (shape, RDF.type, SH.NodeShape) in shapes or (shape, SH.property, None) in shapes
    }
