"""The full-text index of a generation: names of things in all languages, and claims in words; written once.

SQLite's FTS5, in one file beside the stores; kg.store.search reads it.
Source: https://www.sqlite.org/fts5.html
"""

from __future__ import annotations

import re
import sqlite3
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

from pyoxigraph import Literal, NamedNode, Quad

from kg.store.search import INDEX
from kg.terms import DCTERMS, FOE, PROV, RDF, RDFS, SKOS, Names

_SCHEMA = """
CREATE TABLE entry (id INTEGER PRIMARY KEY, iri TEXT NOT NULL, kind TEXT NOT NULL, name TEXT NOT NULL, claim INTEGER);
CREATE TABLE told (id INTEGER PRIMARY KEY, entry INTEGER NOT NULL, language TEXT NOT NULL, text TEXT NOT NULL);
CREATE VIRTUAL TABLE words USING fts5(text, tokenize = "unicode61 remove_diacritics 2", prefix = '2 3', detail = full);
"""
_TYPE, _STATES, _RETRACTED, _SHORT = RDF["type"], FOE["states"], FOE["retracted"], FOE["shortName"]
_SUBCLASS, _SOURCE = RDFS["subClassOf"], PROV["hadPrimarySource"]
_LABELS = (RDFS["label"], SKOS["prefLabel"], SKOS["altLabel"], DCTERMS["title"], _SHORT)


def index(quads: Iterable[Quad], names: Names) -> bytes:
    """The index over the named graphs of a generation; retracted claims are not in it."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / INDEX
        with closing(sqlite3.connect(path)) as database:
            database.executescript(_SCHEMA)
            number = 0
            for entry, each in enumerate(_entries(quads, names), 1):
                database.execute(
                    "INSERT INTO entry VALUES (?, ?, ?, ?, ?)", (entry, each.iri, each.kind, each.name, each.claim)
                )
                for language, text in each.texts:
                    number += 1
                    database.execute("INSERT INTO told VALUES (?, ?, ?, ?)", (number, entry, language, text))
                    database.execute("INSERT INTO words (rowid, text) VALUES (?, ?)", (number, text))
            database.execute("INSERT INTO words (words) VALUES ('optimize')")
            database.commit()
        return path.read_bytes()


class _Entry(NamedTuple):
    iri: str
    kind: str
    name: str
    claim: int
    texts: list[tuple[str, str]]


def _entries(quads: Iterable[Quad], names: Names) -> Iterator[_Entry]:
    told = _Told(quads, names)
    for node in sorted(told.labels, key=lambda each: each.value):
        if node.value.startswith(names.base) and "/.well-known/" not in node.value:
            texts = sorted({(each.language or "", each.value) for each in told.labels[node]})
            yield _Entry(node.value, told.kind(node), told.name(node), 0, texts)
    for claim in sorted(told.stated, key=lambda each: each.value):
        name, text = told.summary(claim)
        yield _Entry(claim.value, told.kind(told.stated[claim]), name, 1, [("en", text)])


class _Told:
    """What the index needs, gathered in one pass."""

    def __init__(self, quads: Iterable[Quad], names: Names) -> None:
        self.labels: dict[NamedNode, list[Literal]] = defaultdict(list)
        self.stated: dict[NamedNode, NamedNode] = {}
        self._named: dict[NamedNode, str] = {}
        self._types: dict[NamedNode, set[NamedNode]] = defaultdict(set)
        self._wider: dict[NamedNode, set[NamedNode]] = defaultdict(set)
        self._content: dict[NamedNode, list[Quad]] = defaultdict(list)
        self._sources: dict[NamedNode, set[NamedNode]] = defaultdict(set)
        retracted = set()
        claims, inferences = f"{names.base}id/claim/", f"<{names.base}id/inference/"
        for quad in quads:
            subject, predicate, value, graph = quad.subject, quad.predicate, quad.object, quad.graph_name
            if not isinstance(subject, NamedNode):
                continue
            if predicate in _LABELS and isinstance(value, Literal):
                self.labels[subject].append(value)
                if predicate != _SHORT and value.language in ("en", None):
                    self._named.setdefault(subject, value.value)
            elif predicate == _TYPE and isinstance(value, NamedNode):
                if not str(graph).startswith(inferences):
                    self._types[subject].add(value)
            elif predicate == _SUBCLASS and isinstance(value, NamedNode):
                self._wider[subject].add(value)
            elif predicate == _STATES and isinstance(value, NamedNode):
                self.stated[subject] = value
            elif predicate == _RETRACTED:
                retracted.add(subject)
            elif predicate == _SOURCE and isinstance(value, NamedNode):
                self._sources[subject].add(value)
            if isinstance(graph, NamedNode) and graph.value.startswith(claims):
                self._content[graph].append(quad)
        for claim in retracted:
            self.stated.pop(claim, None)

    def kind(self, node: NamedNode) -> str:
        """The local name of the narrowest class of a node."""
        types = {each for each in self._types[node] if each.value.startswith(FOE)} or self._types[node]
        wider = {above for each in types for above in self._above(each)}
        narrow = sorted(each.value for each in types - wider) or sorted(each.value for each in types)
        return re.split(r"[#/]", narrow[0])[-1] if narrow else ""

    def name(self, node: NamedNode) -> str:
        """What a node is called, in English where that is known."""
        if node in self._named:
            return self._named[node]
        labels = sorted(each.value for each in self.labels.get(node, []))
        return labels[0] if labels else re.split(r"[#/]", node.value)[-1]

    def summary(self, claim: NamedNode) -> tuple[str, str]:
        """A claim's name, and all that it says in words: kinds, names, texts, sources."""
        kind = self.name(FOE[self.kind(self.stated[claim])])
        things: list[str] = []
        concepts: list[str] = []
        texts = [kind]
        for quad in sorted(self._content[claim], key=str):
            if isinstance(quad.object, Literal):
                if quad.object.datatype.value.endswith(("#string", "#langString", "#date")):
                    texts.append(quad.object.value)
            elif isinstance(quad.object, NamedNode) and quad.object in self.labels:
                if quad.predicate != RDF["type"]:
                    (concepts if "/concept/" in quad.object.value else things).append(self.name(quad.object))
                texts += [each.value for each in self.labels[quad.object] if each.language in ("en", None)]
        texts += [self.name(each) for each in sorted(self._sources[claim], key=str)]
        if "#statement" not in self.stated[claim].value:
            things.insert(0, self.name(self.stated[claim]))
        shown = ", ".join(dict.fromkeys([*things, *concepts]))
        return f"{kind}: {shown}" if shown else kind, " · ".join(dict.fromkeys(texts))

    def _above(self, kind: NamedNode) -> Iterable[NamedNode]:
        seen: set[NamedNode] = set()
        waiting = list(self._wider[kind])
        while waiting:
            each = waiting.pop()
            if each not in seen:
                seen.add(each)
                waiting += self._wider[each]
        return seen - {kind}
