"""The ontology put together for readers: classes in their hierarchy, properties, shapes, examples, concepts."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse

from kg.assets import Assets
from kg.terms import DCTERMS, FOE, OWL, RDF, RDFS, SH, SKOS

Term = Any
_KINDS = {OWL["ObjectProperty"]: "object", OWL["DatatypeProperty"]: "data"}
_PREFIXES = {
    str(FOE): "foe:",
    str(SKOS): "skos:",
    str(OWL): "owl:",
    str(RDFS): "rdfs:",
    "http://www.w3.org/2001/XMLSchema#": "xsd:",
    "http://www.w3.org/ns/prov#": "prov:",
    "http://www.opengis.net/ont/geosparql#": "geo:",
    "http://purl.org/dc/terms/": "dcterms:",
}


def handbook(assets: Assets) -> str:
    """Return the handbook as JSON: `topics` (`tree`, `classes`, `elsewhere`, `properties`, `example`) and `schemes`.

    Names of our own are local (`Membership`), others have a prefix (`skos:Concept`).
    """
    vocabulary = {path.stem: _Graph(path) for path in assets.turtle("vocabulary")}
    whole = _Graph(*assets.turtle("vocabulary"))
    asked = _constraints(_Graph(*assets.turtle("shapes")))
    topics = [
        {
            "topic": topic,
            "title": graph.text(_ontology(graph), DCTERMS["title"]).removeprefix("Foedus: "),
            "description": graph.text(_ontology(graph), DCTERMS["description"]),
            "tree": _tree(graph, whole),
            "classes": [_class(node, whole, asked) for node in graph.typed(OWL["Class"])],
            "elsewhere": _elsewhere(assets.ontology / "shapes" / f"{topic}.ttl"),
            "properties": [
                _property(node, kind, whole)
                for property_type, kind in _KINDS.items()
                for node in graph.typed(property_type)
            ],
            "example": _example(assets.ontology / "examples" / f"{topic}.ttl"),
        }
        for topic, graph in vocabulary.items()
    ]
    schemes = [_scheme(path) for path in assets.turtle("concepts")]
    return json.dumps({"topics": topics, "schemes": schemes}, indent=1, ensure_ascii=False) + "\n"


class _Graph:
    """The triples of some Turtle files, by subject and by object."""

    def __init__(self, *paths: Path) -> None:
        triples = {quad.triple for path in paths for quad in parse(path.read_bytes(), RdfFormat.TURTLE)}
        self._out: dict[tuple[Term, NamedNode], list[Term]] = defaultdict(list)
        self._in: dict[tuple[NamedNode, Term], list[Term]] = defaultdict(list)
        for triple in sorted(triples, key=str):
            self._add(triple)

    def _add(self, triple: Triple) -> None:
        self._out[triple.subject, triple.predicate].append(triple.object)
        self._in[triple.predicate, triple.object].append(triple.subject)

    def all(self, subject: Term, predicate: NamedNode) -> Sequence[Term]:
        return self._out.get((subject, predicate), ())

    def those(self, predicate: NamedNode, value: Term) -> Sequence[Term]:
        return self._in.get((predicate, value), ())

    def text(self, subject: Term, predicate: NamedNode) -> str:
        return next((each.value for each in self.all(subject, predicate) if isinstance(each, Literal)), "")

    def typed(self, kind: NamedNode) -> list[NamedNode]:
        """Terms of ours of that kind, in the order of their names."""
        return sorted((each for each in self.those(RDF["type"], kind) if _ours(each)), key=_local)


def _class(node: NamedNode, whole: _Graph, asked: Mapping[str, Sequence[Mapping[str, str]]]) -> dict[str, Any]:
    return {
        **_told(node, whole),
        "broader": _names(whole.all(node, RDFS["subClassOf"])),
        "narrower": _names(whole.those(RDFS["subClassOf"], node)),
        "disjoint": _names({*whole.all(node, OWL["disjointWith"]), *whole.those(OWL["disjointWith"], node)}),
        "properties": _names(whole.those(RDFS["domain"], node)),
        "reached": _names(whole.those(RDFS["range"], node)),
        "constraints": asked.get(_local(node), []),
    }


def _property(node: NamedNode, kind: str, whole: _Graph) -> dict[str, Any]:
    types = {_local(each) for each in whole.all(node, RDF["type"])}
    return {
        **_told(node, whole),
        "kind": kind,
        "domain": _names(whole.all(node, RDFS["domain"])),
        "range": _names(whole.all(node, RDFS["range"])),
        "broader": _names(whole.all(node, RDFS["subPropertyOf"])),
        "inverse": _names({*whole.all(node, OWL["inverseOf"]), *whole.those(OWL["inverseOf"], node)}),
        "traits": sorted(each.removesuffix("Property").lower() for each in types if each in _TRAITS),
    }


_TRAITS = {"TransitiveProperty", "SymmetricProperty", "FunctionalProperty", "AsymmetricProperty", "IrreflexiveProperty"}


def _told(node: NamedNode, graph: _Graph) -> dict[str, str]:
    return {
        "name": _local(node),
        "label": graph.text(node, RDFS["label"]),
        "definition": graph.text(node, SKOS["definition"]),
        "example": graph.text(node, SKOS["example"]),
    }


def _tree(graph: _Graph, whole: _Graph) -> list[dict[str, Any]]:
    """The classes of a topic below each other: `name`, `depth`, and `from`, the line that it hangs from, or -1."""
    own = graph.typed(OWL["Class"])
    lines: list[dict[str, Any]] = []

    def hang(node: NamedNode, depth: int, parent: int) -> None:
        lines.append({"name": _local(node), "depth": depth, "from": parent})
        here = len(lines) - 1
        for each in sorted(whole.those(RDFS["subClassOf"], node), key=_local):
            if each in own:
                hang(each, depth + 1, here)

    for root in own:
        if not any(each in own for each in whole.all(root, RDFS["subClassOf"])):
            hang(root, 0, -1)
    return lines


def _constraints(shapes: _Graph) -> Mapping[str, list[dict[str, str]]]:
    """What the shapes ask of each class: `property`, `message`, `severity`, in the order of the properties."""
    found: dict[str, list[dict[str, str]]] = defaultdict(list)
    for shape in shapes.those(RDF["type"], SH["NodeShape"]):
        for target in shapes.all(shape, SH["targetClass"]):
            for each in shapes.all(shape, SH["property"]):
                paths = [_local(path) for path in shapes.all(each, SH["path"]) if isinstance(path, NamedNode)]
                severity = [_local(level) for level in shapes.all(each, SH["severity"])]
                found[_local(target)].append(
                    {
                        "property": next(iter(paths), ""),
                        "message": shapes.text(each, SH["message"]),
                        "severity": next(iter(severity), "Violation").lower(),
                    }
                )
    return {name: sorted(rows, key=lambda row: (row["property"], row["message"])) for name, rows in found.items()}


def _elsewhere(shapes: Path) -> list[dict[str, Any]]:
    """What the shapes of a topic ask of classes that other vocabularies define."""
    asked = _constraints(_Graph(shapes)) if shapes.is_file() else {}
    return [{"name": name, "constraints": rows} for name, rows in sorted(asked.items()) if ":" in name]


def _scheme(path: Path) -> dict[str, Any]:
    graph = _Graph(path)
    (scheme,) = graph.those(RDF["type"], SKOS["ConceptScheme"])
    concepts = [
        {
            "name": each.value.rpartition("/")[2],
            "label": graph.text(each, SKOS["prefLabel"]),
            "definition": graph.text(each, SKOS["definition"]),
        }
        for each in graph.those(RDF["type"], SKOS["Concept"])
    ]
    return {
        "scheme": path.stem,
        "label": graph.text(scheme, SKOS["prefLabel"]),
        "definition": graph.text(scheme, SKOS["definition"]),
        "concepts": sorted(concepts, key=lambda concept: concept["name"]),
    }


def _ontology(graph: _Graph) -> Term:
    (ontology,) = graph.those(RDF["type"], OWL["Ontology"])
    return ontology


def _example(path: Path) -> dict[str, str]:
    """What the example says in its first line, and its Turtle without prefixes."""
    lines = path.read_text(encoding="utf-8").splitlines()
    body = [line for line in lines[1:] if not line.startswith("@prefix")]
    return {"says": lines[0].removeprefix("# "), "turtle": "\n".join(body).strip() + "\n"}


def _ours(node: Term) -> bool:
    return isinstance(node, NamedNode) and node.value.startswith(str(FOE))


def _names(nodes: Iterable[Term]) -> list[str]:
    return sorted(_local(each) for each in nodes if isinstance(each, NamedNode))


def _local(node: Term) -> str:
    """The name as the page shows it: `Membership`, `skos:Concept`."""
    for namespace, prefix in _PREFIXES.items():
        rest = str(node.value).removeprefix(namespace)
        if rest != node.value:
            return rest if prefix == "foe:" else f"{prefix}{rest}"
    return str(node.value).rpartition("#")[2].rpartition("/")[2]
