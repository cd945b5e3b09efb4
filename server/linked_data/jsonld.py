"""A description as compact JSON-LD: the thing at the root, its statements inside, each with the claim that states it.

The shape is a frame, written directly: what a JavaScript developer walks is one object. Expanded, it is
the same graph as the Turtle; a test compares them.
Source: https://www.w3.org/TR/json-ld11/
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from kg.terms import FOE, RDF, RDFS, XSD
from server.linked_data import context
from server.linked_data.about import TYPE, About, Literal, Statement, Value, by_subject

_STATES, _ATTESTS = FOE.iri("states"), FOE.iri("attests")
_KEYS = context.shortened()
_NATIVE = {f"{XSD}boolean": {"true": True, "false": False}}


def framed(about: About, *, plain: bool) -> dict[str, Any]:
    """The document; `plain` is without who says so."""
    content: Iterable[Statement] = () if about.cut else about.content
    told = [*about.direct, *content, *about.statements, *about.links, *(() if plain else about.evidence)]
    mentioned = {term for each in told for term in (each.graph, each.subject, each.predicate, each.object)}
    names = [each for each in about.names if each.subject in mentioned and not each.subject.startswith(FOE)]
    nodes = by_subject(dict.fromkeys(each._replace(graph="") for each in (*told, *names)))
    frame = _Frame(nodes)
    root = frame.node(about.iri, ())
    statements = [frame.node(iri, ()) for iri in dict.fromkeys(each.subject for each in about.statements)]
    rest = [frame.node(iri, ()) for iri in nodes if iri not in frame.done]
    if statements or rest:
        root[context.INCLUDED] = [*statements, *rest]
    return {"@context": context_iri(), **root}


def context_iri(base: str = "https://w3id.org/foedus/") -> str:
    """Where the context is published."""
    return f"{base}context/{context.VERSION}.jsonld"


def dumped(document: dict[str, Any]) -> bytes:
    """A document as bytes."""
    return json.dumps(document, ensure_ascii=False, indent=1).encode(errors="replace") + b"\n"


class _Frame:
    """Writes each node once, where it is met first: links to what is written elsewhere are references."""

    def __init__(self, nodes: dict[str, list[Statement]]) -> None:
        self._nodes = nodes
        self.done: set[str] = set()
        self._back: dict[tuple[str, str], list[str]] = {}
        for subject, statements in nodes.items():
            for each in statements:
                if each.predicate in (_STATES, _ATTESTS) and isinstance(each.object, str):
                    self._back.setdefault((each.predicate, each.object), []).append(subject)

    def node(self, iri: str, omitted: tuple[tuple[str, str], ...]) -> dict[str, Any]:
        """A node with all that is said of it; `omitted` are links that its place in the document says already."""
        self.done.add(iri)
        written: dict[str, Any] = {"id": iri}
        for each in self._nodes.get(iri, ()):
            if (each.predicate, each.object) not in omitted:
                self._add(written, each.predicate, each.object)
        for key, predicate in ((context.CLAIM, _STATES), (context.ATTESTATIONS, _ATTESTS)):
            back = [one for one in self._back.get((predicate, iri), ()) if one not in self.done]
            if back:
                written[key] = [self.node(one, ((predicate, iri),)) for one in back]
        return written

    def _add(self, written: dict[str, Any], predicate: str, value: Value) -> None:
        if predicate == TYPE:
            assert isinstance(value, str)
            _append(written, "type", value.removeprefix(FOE) if value.startswith(FOE) else _compact(value))
            return
        key = _KEYS.get(predicate) or (
            predicate.removeprefix(FOE) if predicate.startswith(FOE) else _compact(predicate)
        )
        if isinstance(value, Literal):
            if key in context.LANGUAGE_MAPS:
                _map(written, key, value)
            else:
                _append(written, key, _literal(key, value))
            return
        _append(written, key, self._link(key, value))

    def _link(self, key: str, iri: str) -> Any:
        """A link: only the IRI where the context says that the value is one, else a small object with the name."""
        if key in context.LINKS:
            return iri
        only_names = self._nodes.get(iri)
        if only_names and all(each.predicate in _NAMES for each in only_names):
            return self.node(iri, ())
        return {"id": iri}


_NAMES = (RDFS.iri("label"), "http://www.w3.org/2004/02/skos/core#prefLabel")


def _literal(key: str, value: Literal) -> Any:
    if value.language:
        return {"@value": value.value, "@language": value.language}
    if value.datatype is None:
        return value.value
    if key in context.DATED and value.datatype == f"{XSD}date":
        return value.value
    if key == "address" and value.datatype == f"{XSD}anyURI":
        return value.value
    native = _NATIVE.get(value.datatype, {}).get(value.value)
    if native is not None:
        return native
    if value.datatype == f"{XSD}integer" and str(int(value.value)) == value.value and abs(int(value.value)) < 2**53:
        return int(value.value)
    return {"@value": value.value, "@type": _compact(value.datatype)}


def _compact(iri: str) -> str:
    for prefix, start in context.PREFIXES.items():
        local = iri.removeprefix(start)
        if local != iri and local and not local.startswith("//"):
            return f"{prefix}:{local}"
    return iri


def _append(written: dict[str, Any], key: str, value: Any) -> None:
    if key not in written:
        written[key] = value
    elif isinstance(written[key], list):
        written[key].append(value)
    else:
        written[key] = [written[key], value]


def _map(written: dict[str, Any], key: str, value: Literal) -> None:
    """Add a text to a language map; `@none` for those without a language."""
    languages = written.setdefault(key, {})
    _append(languages, value.language or "@none", value.value)


__all__ = ["RDF", "context_iri", "dumped", "framed"]
