"""Where everything stands in RDF/XML: elements and attributes with their offsets, as statements.

Blank nodes are told by their `rdf:nodeID` only. Source: https://www.w3.org/TR/rdf-syntax-grammar/
"""

from __future__ import annotations

from dataclasses import dataclass
from xml.parsers import expat

from kg.checking.layout import RDF, Key, Layout, Span, Statement, resolved

_SYNTAX = {f"{RDF}{name}" for name in ("about", "ID", "nodeID", "resource", "datatype", "parseType")}
_LANGUAGE = "http://www.w3.org/XML/1998/namespace|lang"


def read_xml_layout(text: str, base: str) -> Layout:
    """Read an RDF/XML text that is well-formed; a text that is not has no places."""
    reader = _Reader(text, base)
    parser = expat.ParserCreate("utf-8", "|")
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.text
    reader.parser = parser
    try:
        parser.Parse(text.encode("utf-8"), True)
    except expat.ExpatError:
        return Layout()
    return reader.layout


@dataclass(eq=False)
class _Open:
    """An element that is open: root, node, property, or filled for a property whose value was told; its term."""

    kind: str
    term: Key
    span: Span
    text: str = ""
    datatype: str = ""
    language: str = ""


class _Reader:
    parser: expat.XMLParserType

    def __init__(self, text: str, base: str) -> None:
        self._bytes = text.encode("utf-8")
        self._base = base
        self._ascii = len(self._bytes) == len(text)
        self._made = 0
        self._open: list[_Open] = []
        self.layout = Layout()

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        name = tag.replace("|", "")
        span = self._span()
        plain = {key.replace("|", "", 1): value for key, value in attributes.items()}
        base = attributes.get("http://www.w3.org/XML/1998/namespace|base")
        if base:
            self._base = base
        parent = self._open[-1] if self._open else None
        if name == f"{RDF}RDF":
            self._open.append(_Open("root", ("i", ""), span))
        elif parent is None or parent.kind in ("root", "property"):
            subject = self._subject(plain)
            if parent is not None and parent.kind == "property":
                self._tell(parent, subject, span)
                parent.kind = "filled"
            if name != f"{RDF}Description":
                self._add(subject, ("i", f"{RDF}type"), ("i", name), (span, span, span))
            for key, value in attributes.items():
                predicate = key.replace("|", "", 1)
                if "|" in key and predicate not in _SYNTAX and not key.startswith("http://www.w3.org/XML"):
                    self._add(subject, ("i", predicate), ("l", value, "", ""), (span, span, span))
            self._open.append(_Open("node", subject, span))
        elif parent.kind == "node":
            language = attributes.get(_LANGUAGE, "")
            entry = _Open("property", ("i", name), span, "", plain.get(f"{RDF}datatype", ""), language)
            self._open.append(entry)
            if f"{RDF}resource" in plain:
                self._tell(entry, ("i", resolved(self._base, plain[f"{RDF}resource"])), span)
                entry.kind = "filled"
            elif f"{RDF}nodeID" in plain:
                self._tell(entry, ("b", plain[f"{RDF}nodeID"]), span)
                entry.kind = "filled"
        else:
            self._open.append(_Open("node", self._subject(plain), span))

    def end(self, _tag: str) -> None:
        entry = self._open.pop()
        if entry.kind == "property" and self._open:
            language = entry.language.lower()
            kind = f"{RDF}langString" if language else entry.datatype
            self._open.append(entry)
            self._tell(entry, ("l", entry.text, kind, language), entry.span)
            self._open.pop()

    def text(self, data: str) -> None:
        if self._open and self._open[-1].kind == "property":
            self._open[-1].text += data

    def _tell(self, entry: _Open, value: Key, span: Span) -> None:
        node = self._open[self._open.index(entry) - 1]
        self._add(node.term, entry.term, value, (node.span, entry.span, span))

    def _add(self, subject: Key, predicate: Key, value: Key, spans: tuple[Span, Span, Span]) -> None:
        self.layout.statements.append(Statement(subject, predicate, value, spans))

    def _subject(self, attributes: dict[str, str]) -> Key:
        if f"{RDF}about" in attributes:
            return ("i", resolved(self._base, attributes[f"{RDF}about"]))
        if f"{RDF}ID" in attributes:
            return ("i", resolved(self._base, f"#{attributes[f'{RDF}ID']}"))
        self._made += 1
        return ("b", attributes.get(f"{RDF}nodeID", f"anonymous{self._made}"))

    def _span(self) -> Span:
        start = self.parser.CurrentByteIndex
        end = self._bytes.find(b">", start) + 1
        if self._ascii:
            return start, end
        before = len(self._bytes[:start].decode("utf-8", errors="replace"))
        return before, before + len(self._bytes[start:end].decode("utf-8", errors="replace"))
