"""What a change of an ontology means: terms, what follows from it, and the version step that this asks for.

What followed before and no longer follows breaks users: the first number. What follows newly, or can be said
newly: the second. Only words: the third.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from pyoxigraph import NamedNode, Quad

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
OWL = "http://www.w3.org/2002/07/owl#"
STEPS = ("none", "patch", "minor", "major")
_KINDS = {
    *(f"{OWL}{name}" for name in ("Class", "ObjectProperty", "DatatypeProperty", "AnnotationProperty")),
    *(f"{RDFS}Class", f"{RDF}Property"),
}
_LOGICAL_KINDS = {
    f"{OWL}{name}Property"
    for name in ("Functional", "InverseFunctional", "Transitive", "Symmetric", "Asymmetric", "Reflexive", "Irreflexive")
}
_LOGICAL = {f"{OWL}disjointWith", f"{OWL}inverseOf", f"{RDFS}domain", f"{RDFS}range", f"{OWL}propertyChainAxiom"}
_VERSION = re.compile(r"(\d+)\.(\d+)(?:\.(\d+))?")
Fact = tuple[str, str, str]


@dataclass(frozen=True)
class Impact:
    """Terms and consequences that are gone or new, the step that this asks for, and the step that was made."""

    terms_gone: tuple[str, ...]
    terms_new: tuple[str, ...]
    gone: tuple[Fact, ...]
    new: tuple[Fact, ...]
    step: str
    made: str
    versions: tuple[str, str]

    @property
    def enough(self) -> bool:
        """Whether the version grew as much as it has to, or there is none to compare."""
        return not all(self.versions) or STEPS.index(self.made) >= STEPS.index(self.step)


def impact(old: Iterable[Quad], new: Iterable[Quad]) -> Impact | None:
    """Compare two ontologies; None when neither declares a class or a property."""
    before, after = set(old), set(new)
    terms = _terms(before), _terms(after)
    if not any(terms):
        return None
    facts = _consequences(before), _consequences(after)
    gone, added = facts[0] - facts[1], facts[1] - facts[0]
    if terms[0] - terms[1] or gone:
        step = "major"
    elif terms[1] - terms[0] or added:
        step = "minor"
    else:
        step = "none" if before == after else "patch"
    versions = _version(before), _version(after)
    return Impact(
        tuple(sorted(terms[0] - terms[1])),
        tuple(sorted(terms[1] - terms[0])),
        tuple(sorted(gone)),
        tuple(sorted(added)),
        step,
        _made(*versions),
        versions,
    )


def _terms(quads: set[Quad]) -> set[str]:
    return {
        quad.subject.value
        for quad in quads
        if quad.predicate.value == f"{RDF}type"
        and isinstance(quad.object, NamedNode)
        and quad.object.value in _KINDS
        and isinstance(quad.subject, NamedNode)
    }


def _consequences(quads: set[Quad]) -> set[Fact]:
    """What follows among named terms: hierarchies closed, domains and ranges handed up, disjointness handed down."""
    facts: set[Fact] = set()
    above: dict[str, dict[str, set[str]]] = {f"{RDFS}subClassOf": {}, f"{RDFS}subPropertyOf": {}}
    twins = {f"{OWL}equivalentClass": f"{RDFS}subClassOf", f"{OWL}equivalentProperty": f"{RDFS}subPropertyOf"}
    for quad in quads:
        predicate, one, other = quad.predicate.value, _text(quad.subject), _text(quad.object)
        if predicate in _LOGICAL or (predicate == f"{RDF}type" and other in _LOGICAL_KINDS):
            facts.add((one, predicate, other))
        elif predicate in above:
            above[predicate].setdefault(one, set()).add(other)
        elif predicate in twins:
            links = above[twins[predicate]]
            links.setdefault(one, set()).add(other)
            links.setdefault(other, set()).add(one)
    closed = {predicate: _closed(links) for predicate, links in above.items()}
    for predicate, reached in closed.items():
        facts |= {(low, predicate, high) for low, highs in reached.items() for high in highs if low != high}
    classes, properties = closed[f"{RDFS}subClassOf"], closed[f"{RDFS}subPropertyOf"]
    for subject, predicate, value in list(facts):
        if predicate in (f"{RDFS}domain", f"{RDFS}range"):
            users = {subject, *(lower for lower, uppers in properties.items() if subject in uppers)}
            wider = {value, *classes.get(value, ())}
            facts |= {(user, predicate, each) for user in users for each in wider}
        elif predicate == f"{OWL}disjointWith":
            mine, theirs = (
                {each, *(lower for lower, uppers in classes.items() if each in uppers)} for each in (subject, value)
            )
            facts |= {(one, predicate, other) for one in mine for other in theirs}
            facts |= {(other, predicate, one) for one in mine for other in theirs}
    return facts


def _closed(links: dict[str, set[str]]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for start in links:
        reached: set[str] = set()
        ahead = [start]
        while ahead:
            for each in links.get(ahead.pop(), ()):
                if each not in reached:
                    reached.add(each)
                    ahead.append(each)
        found[start] = reached
    return found


def _text(term: object) -> str:
    return str(term.value) if isinstance(term, NamedNode) else str(term)


def _version(quads: set[Quad]) -> str:
    """The highest version number that an ontology says it has."""
    found = [
        match[0]
        for quad in quads
        if quad.predicate.value in (f"{OWL}versionInfo", f"{OWL}versionIRI")
        and (match := _VERSION.search(getattr(quad.object, "value", "")))
    ]
    return max(found, key=_numbers, default="")


def _numbers(version: str) -> tuple[int, ...]:
    match = _VERSION.search(version)
    return tuple(int(part or 0) for part in match.groups()) if match else (0, 0, 0)


def _made(old: str, new: str) -> str:
    """The step between two versions. Before 1.0.0 the second number is the one that breaks."""
    before, after = _numbers(old), _numbers(new)
    if after <= before:
        return "none"
    if after[0] > before[0] or (after[0] == 0 and after[1] > before[1]):
        return "major"
    return "minor" if after[1] > before[1] else "patch"
