"""Where a node, a triple or a literal stands: only files that hold findings are read again for that."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

from rdflib import RDF, BNode, Literal, URIRef
from rdflib.term import Node

from kg.checking.findings import Place
from kg.checking.jsonlayout import read_json_layout
from kg.checking.layout import RDF as RDF_NAMESPACE
from kg.checking.layout import Key, Layout, Statement
from kg.checking.project import File, Project
from kg.checking.turtle import read_layout
from kg.checking.xmllayout import read_xml_layout

_TURTLE = (".ttl", ".trig", ".nt", ".nq")


class Positions:
    """Looks places up in the files of a project, and remembers what it has read."""

    def __init__(self, project: Project) -> None:
        self._project = project
        self._layouts: dict[int, Layout] = {}
        self._indexes: dict[int, dict[Key, list[Statement]]] = {}

    def layout(self, file: File) -> Layout:
        """Everything that stands in a file, with its offsets."""
        found = self._layouts.get(file.number)
        if found is None:
            text = file.source.text
            if file.suffix in _TURTLE:
                found = read_layout(text, file.base)
            elif file.suffix in (".rdf", ".owl", ".xml"):
                found = read_xml_layout(text, file.base)
            else:
                found = read_json_layout(text, file.base)
            self._layouts[file.number] = found
        return found

    def of(
        self, subject: Node, predicate: Node | None = None, value: Node | None = None, among: tuple[str, ...] = ()
    ) -> Place | None:
        """The place of a triple: its value if that is given, else its predicate, else its subject.

        `among` are purposes of files to look in.
        """
        best: tuple[int, Place] | None = None
        for file in self._files(subject):
            if among and not file.serves(*among):
                continue
            found = self._in(file, subject, predicate, value)
            if found and (best is None or found[0] > best[0]):
                best = found
        return best[1] if best else self._as_value(subject)

    def literal(self, file: File, value: Literal) -> Place | None:
        """Where a literal first stands in a file."""
        wanted = key_of(value)
        for each in self.layout(file).statements:
            if each.object == wanted:
                return file.source.place(*each.spans[2])
        return None

    def use(self, file: File, term: Node) -> Place | None:
        """Where a term first stands in a file, as whatever."""
        wanted = key_of(term)
        for each in self.layout(file).statements:
            for key, span in zip((each.subject, each.predicate, each.object), each.spans, strict=True):
                if key == wanted:
                    return file.source.place(*span)
        return None

    def _in(self, file: File, subject: Node, predicate: Node | None, value: Node | None) -> tuple[int, Place] | None:
        statements = self._statements(file).get(key_of(subject), [])
        wanted = None if predicate is None else key_of(predicate)
        told = None if value is None else key_of(value)
        best: tuple[int, Place] | None = None
        for each in statements:
            if wanted is not None and each.predicate == wanted:
                rank, span = (4, each.spans[2]) if each.object == told else (3 if told is None else 2, each.spans[1])
            else:
                rank, span = (1 if each.predicate == ("i", str(RDF.type)) else 0), each.spans[0]
            if best is None or rank > best[0]:
                best = rank, file.source.place(*span)
        return best

    def _as_value(self, node: Node) -> Place | None:
        for file in self._project.files:
            if file.problem is None and any(triple[2] == node for triple in file.triples):
                return self.use(file, node)
        return None

    def _statements(self, file: File) -> dict[Key, list[Statement]]:
        found = self._indexes.get(file.number)
        if found is None:
            found = self._indexes[file.number] = {}
            for each in self.layout(file).statements:
                found.setdefault(each.subject, []).append(each)
        return found

    def _files(self, subject: Node) -> Iterator[File]:
        for number in self._subjects.get(subject, ()):
            yield self._project.files[number]

    @cached_property
    def _subjects(self) -> dict[Node, list[int]]:
        """Which files describe which node."""
        found: dict[Node, list[int]] = {}
        for file in self._project.files:
            last = None
            for subject, _, _ in file.triples:
                if subject is not last:
                    numbers = found.setdefault(subject, [])
                    if not numbers or numbers[-1] != file.number:
                        numbers.append(file.number)
                    last = subject
        return found


def key_of(node: Node) -> Key:
    """A term as layouts have it; a blank node by its number within its file."""
    if isinstance(node, BNode):
        return ("b", node.rpartition("n")[2])
    if isinstance(node, Literal):
        if node.language:
            return ("l", str(node), f"{RDF_NAMESPACE}langString", str(node.language).lower())
        return ("l", str(node), str(node.datatype or ""), "")
    assert isinstance(node, URIRef)
    return ("i", str(node))
