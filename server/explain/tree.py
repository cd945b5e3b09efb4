"""The chain from a row to its sources, as a tree: row, ways, triples, claims or inferences, attestations."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from server.pages.citations import says

WAYS = 3
"""How many ways to a row are told; for a row that counts, how many of its solutions."""
GRAPHS = 6
"""How many graphs of one triple, or claims of one inference, are told."""
_NOUNS = {"dataset": "the dataset", "vocabulary": "the vocabulary", "provenance": "the provenance graph"}


@dataclass(frozen=True)
class Node:
    """One step: `kind` is answer, way, triple, path, claim, source, inference, graph, absence or more."""

    kind: str
    text: str
    iri: str | None = None
    link: str | None = None
    children: list[Node] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """The node and all below it; what is empty is left out."""
        told: dict[str, Any] = {"kind": self.kind, "text": self.text}
        told |= {name: value for name, value in (("iri", self.iri), ("link", self.link)) if value}
        return told | ({"because": [each.as_json() for each in self.children]} if self.children else {})


class Explanation:
    """Reads a document with citations; `name` says an IRI shortly, `link` where it leads."""

    def __init__(
        self, document: Mapping[str, Any], name: Callable[[str], str], link: Callable[[str], str | None]
    ) -> None:
        self._document = document
        self._citations: Mapping[str, Any] = document["citations"]
        self._name = name
        self._link = link

    @property
    def rows(self) -> int:
        """How many rows there are to explain."""
        return len(self._citations["rows"])

    @property
    def holds(self) -> bool:
        """Whether an ASK was answered with yes; true of other forms."""
        return bool(self._document.get("boolean", True))

    def row(self, number: int, title: str | None = None) -> Node:
        """The tree of one row, counted from 0."""
        row = self._citations["rows"][number]
        return Node("answer", title or self._answer(number), children=self._ways(row))

    def _answer(self, number: int) -> str:
        if "boolean" in self._document:
            return "Yes" if self._document["boolean"] else "No"
        if "triples" in self._document:
            return self._triple(self._document["triples"][number])
        binding = self._document["results"]["bindings"][number]
        names = [name for name in self._document["head"]["vars"] if name in binding]
        return ", ".join(f"{name}: {self._term(binding[name])}" for name in names) or "a row without values"

    def _ways(self, row: Mapping[str, Any]) -> list[Node]:
        solutions: Sequence[Mapping[str, Any]] = row["solutions"]
        if len(solutions) == 1:
            return self._steps(solutions[0])
        noun = "Solution" if row["mode"] == "all" else "Way"
        told = [
            Node("way", f"{noun} {number} of {len(solutions)}", children=self._steps(each))
            for number, each in enumerate(solutions[:WAYS], start=1)
        ]
        return told + _more(len(solutions) - WAYS, f"{noun.lower()}s")

    def _steps(self, solution: Mapping[str, Any]) -> list[Node]:
        steps = [self._statement(number) for number in solution.get("statements", ())]
        for number in solution.get("paths", ()):
            path = self._citations["paths"][number]
            text = f"{self._term(path['from'])} leads to {self._term(path['to'])} along {self._shortened(path['path'])}"
            steps.append(Node("path", text, children=[self._statement(edge) for edge in path["edges"]]))
        for number in solution.get("parts", ()):
            part = self._citations["parts"][number]
            steps.append(Node("way", f"Inner {part['kind']}", children=self._ways(part)))
        for number in solution.get("notFound", ()):
            absence = self._citations["absences"][number]
            steps.append(Node("absence", f"Looked for and not found: {self._shortened(absence['pattern'])}"))
        return steps

    def _statement(self, number: int) -> Node:
        statement = self._citations["statements"][number]
        graphs = statement["graphs"]
        children = [self._graph(each) for each in graphs[:GRAPHS]] + _more(len(graphs) - GRAPHS, "graphs state it")
        if "about" in statement:
            children.append(self._graph(statement["about"]))
        return Node("triple", self._triple(statement), children=children)

    def _graph(self, number: int) -> Node:
        graph = self._citations["graphs"][number]
        iri, kind = graph["iri"], graph["kind"]
        end = iri.rpartition("/")[2]
        if kind == "claim":
            sources = [self._source(each) for each in graph.get("attestations", ())]
            retracted = f", retracted {graph['retracted']}" if "retracted" in graph else ""
            return Node("claim", f"Claim {end}{retracted}", iri, self._link(iri), sources)
        if kind == "inference":
            rests = [self._citations["graphs"][each]["kind"] for each in graph["from"]]
            claims = [each for each, of in zip(graph["from"], rests, strict=True) if of in ("claim", "inference")]
            children = [self._graph(each) for each in claims[:GRAPHS]] + _more(len(claims) - GRAPHS, "claims")
            terms = sorted(
                self._citations["graphs"][each]["iri"].rpartition("/")[2]
                for each, of in zip(graph["from"], rests, strict=True)
                if of not in ("claim", "inference")
            )
            if terms:
                children.append(Node("graph", f"and what the vocabulary and the datasets say: {', '.join(terms)}"))
            return Node("inference", f"Rule: {graph['rule']['label']}", iri, self._link(graph["rule"]["iri"]), children)
        title = graph.get("title") or end
        return Node("graph", f"{_NOUNS.get(kind, 'the graph')}: {title}", iri, self._link(iri))

    @staticmethod
    def _source(attestation: Mapping[str, Any]) -> Node:
        told = says(attestation)
        text = f"{f'{told.who}, in ' if told.who else ''}{told.title}{f' ({told.about})' if told.about else ''}"
        return Node("source", text, attestation["iri"], told.address)

    def _triple(self, triple: Mapping[str, Any]) -> str:
        predicate = triple["predicate"]
        verb = self._name(predicate) if isinstance(predicate, str) else self._term(predicate)
        return f"{self._term(triple['subject'])} {verb} {self._term(triple['object'])}"

    def _term(self, term: Mapping[str, str]) -> str:
        if term["type"] == "uri":
            return self._name(term["value"])
        return f"“{term['value']}”" if term["type"] == "literal" else f"_:{term['value']}"

    def _shortened(self, pattern: str) -> str:
        return " ".join(
            self._name(word[1:-1]) if word.startswith("<") and word.endswith(">") else word for word in pattern.split()
        )


def _more(count: int, of: str) -> list[Node]:
    return [Node("more", f"and {count:,} more {of}")] if count > 0 else []
