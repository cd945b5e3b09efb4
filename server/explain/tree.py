"""The chain from a row to its sources, as a tree: row, ways, triples, claims or inferences, attestations."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from server.pages.citations import says

WAYS = 3
"""How many ways to a row are told; for a row that counts, how many of its solutions."""
INFERENCES = 40
"""How many inferences of a row are followed step by step."""
_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r"}
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
        self._derived: Mapping[tuple[int, int], Mapping[str, Any]] = {}
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

    def inferred(self, number: int) -> list[tuple[int, int]]:
        """The statements of one row that are inferred, each with a graph that infers it: numbers of the document."""
        graphs = self._citations["graphs"]
        pairs = (
            (statement, graph)
            for statement in _statements(self._citations["rows"][number], self._citations)
            for graph in self._citations["statements"][statement]["graphs"][:GRAPHS]
            if graphs[graph]["kind"] == "inference"
        )
        return list(dict.fromkeys(pairs))[:INFERENCES]

    def triple(self, statement: int) -> str:
        """A statement of the document as N-Triples, without the full stop."""
        found = self._citations["statements"][statement]
        predicate = found["predicate"]
        verb = predicate if isinstance(predicate, str) else predicate["value"]
        return f"{_n_triples(found['subject'])} <{verb}> {_n_triples(found['object'])}"

    def graph(self, number: int) -> str:
        """The IRI of a graph of the document."""
        return str(self._citations["graphs"][number]["iri"])

    def know(self, steps: Mapping[tuple[int, int], Mapping[str, Any]]) -> None:
        """Take the steps to inferred statements, as kg.citations.steps tells them."""
        self._derived = steps
        self._numbers = {each["iri"]: number for number, each in enumerate(self._citations["graphs"])}

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
        children = [self._because(number, each) for each in graphs[:GRAPHS]] + _more(
            len(graphs) - GRAPHS, "graphs state it"
        )
        if "about" in statement:
            children.append(self._graph(statement["about"]))
        return Node("triple", self._triple(statement), children=children)

    def _because(self, statement: int, graph: int) -> Node:
        step = self._derived.get((statement, graph))
        return self._graph(graph) if step is None else self._step(step, self.graph(graph))

    def _step(self, step: Mapping[str, Any], iri: str | None = None) -> Node:
        """A rule with the triples that it was applied to, each with the graphs that state it, or a rule again."""
        rule = step["rule"]
        premises = [Node("triple", self._triple(each), children=self._grounds(each)) for each in step["premises"]]
        return Node("inference", f"Rule: {rule['label']}", iri or rule["iri"], self._link(rule["iri"]), premises)

    def _grounds(self, step: Mapping[str, Any]) -> list[Node]:
        if "rule" in step:
            return [self._step(step)]
        graphs = step["graphs"]
        told = [
            self._graph(self._numbers[each])
            if each in self._numbers
            else Node("graph", f"the graph: {self._name(each)}", each, self._link(each))
            for each in graphs[:GRAPHS]
        ]
        return told + _more(len(graphs) - GRAPHS, "graphs state it")

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


def _statements(row: Mapping[str, Any], citations: Mapping[str, Any]) -> Iterator[int]:
    """The statements that the tree of a row shows."""
    for solution in row["solutions"][:WAYS]:
        yield from solution.get("statements", ())
        for number in solution.get("paths", ()):
            yield from citations["paths"][number]["edges"]
        for number in solution.get("parts", ()):
            yield from _statements(citations["parts"][number], citations)


def _n_triples(term: Mapping[str, str]) -> str:
    if term["type"] == "uri":
        return f"<{term['value']}>"
    if term["type"] == "bnode":
        return f"_:{term['value']}"
    text = "".join(_ESCAPES.get(character, character) for character in term["value"])
    if "xml:lang" in term:
        return f'"{text}"@{term["xml:lang"]}'
    return f'"{text}"^^<{term["datatype"]}>' if "datatype" in term else f'"{text}"'


def _more(count: int, of: str) -> list[Node]:
    return [Node("more", f"and {count:,} more {of}")] if count > 0 else []
