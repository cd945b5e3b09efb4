"""The quads that are gone and new between two versions, by resource, and how they are shown."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pyoxigraph import BlankNode, Literal, NamedNode, Quad

from kg.checking.diff.canonical import canonical
from kg.checking.diff.impact import Impact, impact
from kg.checking.diff.sides import Quads


@dataclass(frozen=True)
class Change:
    """One statement that is gone or new, about one resource."""

    sign: str
    quad: Quad


@dataclass(frozen=True)
class Difference:
    """All changes by resource, in the order of names, and what they mean where an ontology changed."""

    changes: Mapping[str, tuple[Change, ...]]
    impact: Impact | None
    prefixes: Mapping[str, str]

    @property
    def count(self) -> tuple[int, int]:
        """How many statements are gone, and how many are new."""
        signs = [change.sign for changes in self.changes.values() for change in changes]
        return signs.count("-"), signs.count("+")


def compare(old: Quads, new: Quads, prefixes: Mapping[str, str]) -> Difference:
    """Compare two versions; blank nodes are the same when the same is said about them."""
    before, after = canonical(old), canonical(new)
    gone, added = before - after, after - before
    owners = {quad.object: quad.subject for quad in gone | added if isinstance(quad.object, BlankNode)}
    owners |= {quad.object: quad.subject for quad in before | after if isinstance(quad.object, BlankNode)}
    grouped: dict[str, list[Change]] = {}
    for sign, quads in (("-", gone), ("+", added)):
        for quad in quads:
            node: Any = quad.subject
            for _ in range(64):
                if not isinstance(node, BlankNode) or node not in owners:
                    break
                node = owners[node]
            grouped.setdefault(str(node), []).append(Change(sign, quad))

    def place(change: Change) -> tuple[str, bool, str]:
        return str(change.quad.predicate), change.sign != "-", str(change.quad)

    order = {name: tuple(sorted(grouped[name], key=place)) for name in sorted(grouped)}
    return Difference(order, impact(before, after), prefixes)


def as_text(difference: Difference) -> str:
    """For a terminal: each resource with what is gone and new."""
    lines: list[str] = []
    for name, changes in difference.changes.items():
        lines.append(_short(difference, name))
        lines += [f"  {change.sign} {_statement(difference, change.quad)}" for change in changes]
        lines.append("")
    return "\n".join([*lines, *_summary(difference)]) + "\n"


def as_markdown(difference: Difference) -> str:
    """For a pull request: a summary, and a diff block."""
    lines = ["# What changed", "", *(f"- {line}" for line in _summary(difference)), ""]
    for name, changes in difference.changes.items():
        lines += [f"### {_short(difference, name)}".replace("<", "&lt;"), "", "```diff"]
        lines += [f"{change.sign} {_statement(difference, change.quad)}" for change in changes]
        lines += ["```", ""]
    return "\n".join(lines)


def as_json(difference: Difference) -> str:
    """For programs: N-Quads by resource, and the impact."""
    told = difference.impact
    document = {
        "removed": difference.count[0],
        "added": difference.count[1],
        "resources": [
            {
                "resource": name,
                "removed": [str(change.quad) for change in changes if change.sign == "-"],
                "added": [str(change.quad) for change in changes if change.sign == "+"],
            }
            for name, changes in difference.changes.items()
        ],
        "impact": None
        if told is None
        else {
            "termsRemoved": told.terms_gone,
            "termsAdded": told.terms_new,
            "noLongerFollows": told.gone,
            "newlyFollows": told.new,
            "step": told.step,
            "stepMade": told.made,
            "versions": told.versions,
        },
    }
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def _summary(difference: Difference) -> Iterator[str]:
    gone, new = difference.count
    yield f"{gone} statements gone, {new} new, about {len(difference.changes)} resources"
    told = difference.impact
    if told is None:
        return
    for what, facts in (("no longer follows", told.gone), ("newly follows", told.new)):
        for fact in facts[:20]:
            yield f"{what}: {' '.join(_short(difference, f'<{part}>' if ':' in part else part) for part in fact)}"
        if len(facts) > 20:
            yield f"{what}: … and {len(facts) - 20} more"
    versions = " → ".join(each or "none" for each in told.versions)
    yield f"version step: {told.step} is needed, {told.made} was made ({versions})"


def _statement(difference: Difference, quad: Quad) -> str:
    graph = "" if not isinstance(quad.graph_name, NamedNode) else f" in {_short(difference, str(quad.graph_name))}"
    subject = "" if isinstance(quad.subject, NamedNode) else f"{_short(difference, str(quad.subject))} "
    value = (
        _literal(difference, quad.object) if isinstance(quad.object, Literal) else _short(difference, str(quad.object))
    )
    return f"{subject}{_short(difference, str(quad.predicate))} {value}{graph}"


def _literal(difference: Difference, literal: Literal) -> str:
    if literal.language or literal.datatype.value.endswith("#string"):
        return str(literal)
    return f'"{literal.value}"^^{_short(difference, str(literal.datatype))}'


def _short(difference: Difference, term: str) -> str:
    iri = term[1:-1] if term.startswith("<") else ""
    for prefix, namespace in difference.prefixes.items():
        rest = iri.removeprefix(namespace)
        if iri and rest != iri and rest.replace("-", "").replace("_", "").isalnum():
            return f"{prefix}:{rest}"
    return term if not term.startswith("_:") else "[]"
