"""Where everything stands in JSON-LD: a reader of JSON that keeps offsets, and the terms that a local context explains.

It follows `@id`, `@type`, `@vocab`, `@base`, prefixes and aliases; what it cannot expand has no place.
Source: https://www.w3.org/TR/json-ld11/
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from kg.checking.layout import RDF, XSD, Key, Layout, Span, Statement, resolved

_SPACE = re.compile(r"[ \t\r\n]*")
_STRING = re.compile(r'"(?:[^"\\]|\\.)*"')
_PLAIN = re.compile(r"[-+.\w]+")


@dataclass(frozen=True)
class _Value:
    """A JSON value with its range; members of an object have the range of their key too."""

    value: Any
    span: Span


def read_json_layout(text: str, base: str) -> Layout:
    """Read a JSON-LD text; one that is no JSON has no places."""
    try:
        document, _ = _read(text, _skip(text, 0))
    except (ValueError, IndexError, RecursionError):
        return Layout()
    layout = Layout()
    _walk(document, {}, base, layout, [0])
    return layout


def _skip(text: str, position: int) -> int:
    found = _SPACE.match(text, position)
    return found.end() if found else position


def _read(text: str, start: int) -> tuple[_Value, int]:
    if text[start] == "{":
        members: list[tuple[str, Span, _Value]] = []
        position = _skip(text, start + 1)
        while text[position] != "}":
            key, end = _string(text, position)
            span = (position, end)
            position = _skip(text, _skip(text, end) + 1)
            value, position = _read(text, position)
            members.append((key, span, value))
            position = _skip(text, position)
            if text[position] == ",":
                position = _skip(text, position + 1)
        return _Value(members, (start, start + 1)), position + 1
    if text[start] == "[":
        items: list[_Value] = []
        position = _skip(text, start + 1)
        while text[position] != "]":
            item, position = _read(text, position)
            items.append(item)
            position = _skip(text, position)
            if text[position] == ",":
                position = _skip(text, position + 1)
        return _Value(tuple(items), (start, start + 1)), position + 1
    if text[start] == '"':
        string, end = _string(text, start)
        return _Value(string, (start, end)), end
    found = _PLAIN.match(text, start)
    if found is None:
        raise ValueError(text[start])
    return _Value(json.loads(found[0]), found.span()), found.end()


def _string(text: str, start: int) -> tuple[str, int]:
    found = _STRING.match(text, start)
    if found is None:
        raise ValueError(text[start])
    return json.loads(found[0], strict=False), found.end()


def _plain(value: _Value) -> Any:
    if isinstance(value.value, list):
        return {key: _plain(inner) for key, _, inner in value.value}
    return [_plain(item) for item in value.value] if isinstance(value.value, tuple) else value.value


def _expand(word: str, context: dict[str, Any], base: str | None) -> str | None:
    """The IRI of a word: a term, a compact IRI, an IRI, or, with a base, a relative one."""
    known = context.get(word)
    known = known.get("@id", word) if isinstance(known, dict) else known
    if isinstance(known, str) and known != word:
        return known if known.startswith("@") else _expand(known, context, base)
    prefix, colon, rest = word.partition(":")
    if colon:
        start = context.get(prefix)
        start = start.get("@id") if isinstance(start, dict) else start
        return f"{start}{rest}" if isinstance(start, str) and not rest.startswith("//") else word
    if base is not None:
        return resolved(base, word)
    vocabulary = context.get("@vocab")
    return f"{vocabulary}{word}" if isinstance(vocabulary, str) else None


def _walk(value: _Value, context: dict[str, Any], base: str, layout: Layout, made: list[int]) -> Key | None:
    if isinstance(value.value, tuple):
        for item in value.value:
            _walk(item, context, base, layout, made)
        return None
    if not isinstance(value.value, list):
        return None
    for key, _, inner in value.value:
        if key == "@context":
            local = _plain(inner)
            for each in local if isinstance(local, list) else [local]:
                if isinstance(each, dict):
                    context = {**context, **each}
            base = resolved(base, str(context.get("@base") or ""))
    members = [(_alias(key, context), key, span, inner) for key, span, inner in value.value]
    subject, subject_span = None, value.span
    for name, _, _, inner in members:
        if name == "@id" and isinstance(inner.value, str):
            iri = _expand(inner.value, context, base)
            subject, subject_span = ("b", iri[2:]) if iri and iri.startswith("_:") else ("i", iri or ""), inner.span
    if subject is None:
        made[0] += 1
        subject = ("b", f"anonymous{made[0]}")
    for name, key, span, inner in members:
        if name in ("@graph", "@included"):
            _walk(inner, context, base, layout, made)
        elif name == "@type":
            for each in inner.value if isinstance(inner.value, tuple) else (inner,):
                iri = _expand(str(each.value), context, None)
                if iri:
                    spans = (subject_span, span, each.span)
                    layout.statements.append(Statement(subject, ("i", f"{RDF}type"), ("i", iri), spans))
        elif not name.startswith("@"):
            iri = _expand(key, context, None)
            if iri:
                for told, where in _objects(inner, key, context, base, layout, made):
                    layout.statements.append(Statement(subject, ("i", iri), told, (subject_span, span, where)))
    return subject


def _alias(key: str, context: dict[str, Any]) -> str:
    known = context.get(key)
    known = known.get("@id") if isinstance(known, dict) else known
    return known if isinstance(known, str) and known.startswith("@") else key


def _objects(
    value: _Value, key: str, context: dict[str, Any], base: str, layout: Layout, made: list[int]
) -> Iterator[tuple[Key, Span]]:
    defined = context.get(key)
    kind = defined.get("@type", "") if isinstance(defined, dict) else ""
    for each in value.value if isinstance(value.value, tuple) else (value,):
        inner = each.value
        if isinstance(inner, list):
            named = {_alias(name, context): (span, item) for name, span, item in inner}
            if "@value" in named:
                item = named["@value"][1]
                told = named["@type"][1].value if "@type" in named else ""
                language = str(named["@language"][1].value).lower() if "@language" in named else ""
                yield _literal(item.value, _expand(str(told), context, None) or "" if told else "", language), item.span
            else:
                node = _walk(each, context, base, layout, made)
                if node:
                    where = named["@id"][1].span if "@id" in named else each.span
                    yield node, where
        elif isinstance(inner, str) and kind in ("@id", "@vocab"):
            iri = _expand(inner, context, base if kind == "@id" else None)
            if iri:
                yield ("i", iri), each.span
        else:
            datatype = _expand(kind, context, None) or "" if kind and not kind.startswith("@") else ""
            language = "" if datatype or not isinstance(inner, str) else str(context.get("@language") or "").lower()
            yield _literal(inner, datatype, language), each.span


def _literal(value: Any, datatype: str, language: str) -> Key:
    if isinstance(value, bool):
        return ("l", "true" if value else "false", datatype or f"{XSD}boolean", "")
    if isinstance(value, int):
        return ("l", str(value), datatype or f"{XSD}integer", "")
    if language:
        return ("l", str(value), f"{RDF}langString", language)
    return ("l", str(value), "" if datatype == f"{XSD}string" else datatype, "")
