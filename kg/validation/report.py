"""What a validation found, for people as text and for machines as a SHACL report."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import islice

from rdflib import SH, Graph, Literal
from rdflib.term import Node, URIRef

SEVERITIES = ("Violation", "Warning", "Info")


@dataclass(frozen=True)
class Result:
    """One node that does not keep one shape.

    `severity` and `component` are local names in the SHACL namespace; `path` is a SPARQL path such
    as `foe:member` or `^foe:attests`, and None where the node itself is at fault.
    """

    focus: Node
    path: str | None
    value: Node | None
    message: str
    severity: str
    shape: Node
    component: str

    @property
    def order(self) -> tuple[int, str, str, str, str, str]:
        """By severity, then by node, so that two runs list alike."""
        rank = SEVERITIES.index(self.severity) if self.severity in SEVERITIES else len(SEVERITIES)
        value = "" if self.value is None else written(self.value)
        return rank, written(self.focus), self.path or "", value, written(self.shape), self.component


@dataclass(frozen=True)
class Report:
    """All results, in order. The graph conforms when none of them is a violation.

    From the fast engine there are also the seconds and the number of focus nodes of each targeted
    shape, the shapes that it left to pySHACL, each with the reason, and where the two disagree.
    """

    results: tuple[Result, ...]
    graph: Graph = field(compare=False, repr=False)
    seconds: Mapping[Node, float] = field(default_factory=dict, compare=False, repr=False)
    focused: Mapping[Node, int] = field(default_factory=dict, compare=False, repr=False)
    beyond: Mapping[Node, str] = field(default_factory=dict, compare=False, repr=False)
    disagreements: tuple[str, ...] = field(default=(), compare=False)

    @property
    def conforms(self) -> bool:
        """True when no result is a violation; warnings and infos are reported only."""
        return all(result.severity != "Violation" for result in self.results)

    @property
    def partial(self) -> bool:
        """Whether the graph has not all results, because pySHACL was not asked about all nodes or gave up."""
        return sum(1 for _ in self.graph.objects(None, SH.result)) < len(self.results)

    def count(self, severity: str) -> int:
        """How many results have that severity."""
        return sum(result.severity == severity for result in self.results)

    @property
    def turtle(self) -> str:
        """The SHACL validation report. Source: https://www.w3.org/TR/shacl/#validation-report"""
        return self.graph.serialize(format="turtle")

    def text(self, limit: int | None = None) -> str:
        """The results for a person: each node once, and under it what is wrong and what to do.

        At most `limit` nodes are shown; the last line counts all results.
        """
        nodes: dict[Node, list[Result]] = {}
        for result in self.results:
            nodes.setdefault(result.focus, []).append(result)
        lines: list[str] = []
        for focus, found in islice(nodes.items(), limit):
            lines.append(self._short(focus))
            lines.extend(line for result in found for line in self._lines(result))
        if limit is not None and len(nodes) > limit:
            lines.append(f"… and {len(nodes) - limit} more nodes")
        counts = [(self.count(severity), severity.lower()) for severity in SEVERITIES]
        told = ", ".join(f"{count} {name}{'s' if count != 1 else ''}" for count, name in counts if count)
        lines.append(f"conforms: {told}" if self.conforms and told else told or "conforms")
        return "\n".join(lines) + "\n"

    def _lines(self, result: Result) -> list[str]:
        at = f" {result.path}" if result.path else ""
        value = "" if result.value is None else f" {self._short(result.value)}"
        return [
            f"  {result.severity}{at}{value}",
            f"    {result.message}",
            f"    ({self._short(result.shape)}, {result.component})",
        ]

    def _short(self, node: Node) -> str:
        if isinstance(node, URIRef):
            for prefix, namespace in self.graph.namespaces():
                rest = node.removeprefix(namespace)
                if prefix and rest != node and rest.replace("-", "").replace("_", "").isalnum():
                    return f"{prefix}:{rest}"
        return written(node)


def written(node: Node) -> str:
    """A term as N-Triples has it, also when its text does not fit its datatype."""
    if isinstance(node, Literal):
        tail = f"@{node.language}" if node.language else f"^^<{node.datatype}>" if node.datatype else ""
        return json.dumps(str(node), ensure_ascii=False) + tail
    return node.n3()
