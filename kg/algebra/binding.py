"""Parameters of a stored query: values from outside become terms in its VALUES clauses, and nothing else.

A stored query is whole: `VALUES ?place { territory:crimea }` holds what it asks about by itself. Binding
replaces what stands between those braces, on the level of tokens, by terms that were read and written
anew here; no character of a caller reaches the text of a query in any other way.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple

from kg.algebra.tokens import Token, tokens
from kg.errors import UsageError
from kg.queries import Parameter, Query
from kg.settings import Settings

BASE = Settings.base
_FOE = f"{BASE}ontology#"
_XSD = "http://www.w3.org/2001/XMLSchema#"
# IRIs as RFC 3987 has them, but for hosts in brackets. Source: https://www.rfc-editor.org/rfc/rfc3987#section-2.2
_PLANES = "".join(f"{chr(0x10000 * plane)}-{chr(0x10000 * plane + 0xFFFD)}" for plane in range(1, 15))
_NAME = rf"A-Za-z0-9._~!$&'()*+,;=\xa0-\ud7ff\uf900-\ufdcf\ufdf0-\uffef{_PLANES}\-"
_PRIVATE = "\ue000-\uf8ff\U000f0000-\U000ffffd\U00100000-\U0010fffd"
_ESCAPE = "%[0-9A-Fa-f]{2}"
_IRI = re.compile(
    rf"[A-Za-z][A-Za-z0-9+.-]*:(?=.)"
    rf"(?://(?:(?:[{_NAME}:]|{_ESCAPE})*@)?(?:[{_NAME}]|{_ESCAPE})*(?::[0-9]*)?(?=[/?#]|$)|(?!//))"
    rf"(?:[{_NAME}:@/]|{_ESCAPE})*(?:\?(?:[{_NAME}:@/?{_PRIVATE}]|{_ESCAPE})*)?(?:#(?:[{_NAME}:@/?]|{_ESCAPE})*)?"
)
_REFERENCE = re.compile(r"[a-z][a-z0-9-]*(?:/[A-Za-z0-9._~-]+)+")
_LANGUAGE = re.compile(r"[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*")
_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t", "\b": "\\b", "\f": "\\f"}


class ParameterRefused(UsageError):
    """A parameter of a query is unknown, or its value is not of its type; `parameter` is its name."""

    def __init__(self, parameter: str, message: str) -> None:
        self.parameter = parameter
        super().__init__(message)


class Slot(NamedTuple):
    """Where a stored query takes a parameter: the text between the braces of one VALUES clause."""

    name: str
    begin: int
    end: int
    terms: tuple[str, ...]


def slots(text: str) -> Iterator[Slot]:
    """Yield every `VALUES ?name { … }` of a query, in order.

    >>> [(each.name, each.terms) for each in slots("ASK { VALUES ?day { 1 2 } }")]
    [('day', ('1', '2'))]
    """
    found = list(tokens(text))
    for index, token in enumerate(found[:-2]):
        variable, brace = found[index + 1 : index + 3]
        if token.text.upper() != "VALUES" or variable.kind != "variable" or brace.text != "{":
            continue
        close = next(each for each in found[index + 3 :] if each.text == "}")
        inside = found[index + 3 : found.index(close)]
        yield Slot(variable.text[1:], brace.start + 1, close.start, tuple(_terms(inside)))


def bind(query: Query, given: Mapping[str, Sequence[str]], base: str = BASE) -> str:
    """The text of a query with the values given; parameters that are not given keep what stands in the file.

    `given` has for each parameter its values as a person writes them, see `term`. Where `base` is not
    the usual one, the names of things in the query move to it. Raises ParameterRefused.
    """
    parameters = {parameter.name: parameter for parameter in query.parameters}
    text = query.text
    for name in given:
        if name not in parameters:
            known = ", ".join(parameters) or "none"
            raise ParameterRefused(name, f"{query.slug} has no parameter {name[:80]!r}; it has: {known}")
    written = {name: _written(parameters[name], values, base) for name, values in given.items() if values}
    for slot in reversed(list(slots(text))):
        if slot.name in written:
            text = f"{text[: slot.begin]} {written[slot.name]} {text[slot.end :]}"
    return rebased(text, base)


def term(parameter: Parameter, value: str, base: str = BASE) -> str:
    """One value as a SPARQL term, by the type of its parameter; raises ParameterRefused.

    >>> term(Parameter("on", "date", "2026-01-01", "The day."), "2026-02-28")
    '"2026-02-28"^^<http://www.w3.org/2001/XMLSchema#date>'
    >>> term(Parameter("who", "iri", "polity/ukraine", "The polity."), "polity/estonia")
    '<https://w3id.org/foedus/id/polity/estonia>'
    """
    written = _TYPES[parameter.type](value.strip() if parameter.type != "text" else value, base)
    if written is None or (parameter.choices and value not in parameter.choices):
        expected = f"one of {', '.join(parameter.choices)}" if parameter.choices else EXPECTED[parameter.type]
        raise ParameterRefused(
            parameter.name,
            f"{parameter.name} is {value[:80]!r}; it should be {expected}, such as {parameter.example}",
        )
    if parameter.of and not any(written.startswith(f"<{_absolute(kind, base)}/") for kind in parameter.of):
        raise ParameterRefused(
            parameter.name,
            f"{parameter.name} is {value[:80]!r}; it should be one of {' or '.join(parameter.of)}, "
            f"such as {parameter.example}",
        )
    return written


def rebased(text: str, base: str) -> str:
    """A query with the names of things, concepts and graphs below another base; terms of the ontology never move."""
    if base == BASE:
        return text
    parts, end = [], 0
    for token in tokens(text):
        if token.kind == "iri" and token.text.startswith(f"<{BASE}") and not token.text.startswith(f"<{_FOE}"):
            parts += [text[end : token.start], f"<{base}", token.text.removeprefix(f"<{BASE}")]
            end = token.start + len(token.text)
    return "".join([*parts, text[end:]])


def _written(parameter: Parameter, values: Sequence[str], base: str) -> str:
    if len(values) > 1 and not parameter.several:
        raise ParameterRefused(parameter.name, f"{parameter.name} is there {len(values)} times; send it once")
    return " ".join(dict.fromkeys(term(parameter, value, base) for value in values))


def _absolute(reference: str, base: str) -> str:
    return f"{base}{'' if reference.startswith('concept/') else 'id/'}{reference}"


def _iri(value: str, base: str) -> str | None:
    if _REFERENCE.fullmatch(value):
        return f"<{_absolute(value, base)}>"
    return f"<{value}>" if _IRI.fullmatch(value) else None


def _date(value: str, _: str) -> str | None:
    try:
        day = datetime.date.fromisoformat(value)
    except ValueError:
        return None
    return f'"{day.isoformat()}"^^<{_XSD}date>'


def _typed(pattern: str, datatype: str) -> Callable[[str, str], str | None]:
    return lambda value, _: f'"{value}"^^<{_XSD}{datatype}>' if re.fullmatch(pattern, value, re.ASCII) else None


def _text(value: str, _: str) -> str | None:
    if any(ord(character) < 32 and character not in _ESCAPES for character in value) or re.search(
        "[\ud800-\udfff]", value
    ):
        return None
    return '"' + "".join(_ESCAPES.get(character, character) for character in value) + '"'


def _language(value: str, _: str) -> str | None:
    return f'"{value.lower()}"' if _LANGUAGE.fullmatch(value) else None


def _terms(found: Sequence[Token]) -> Iterator[str]:
    """The terms of a VALUES clause; a literal and its language or datatype are one."""
    parts: list[str] = []
    for token in found:
        joined = token.kind == "language" or token.text == "^" or (parts and parts[-1].endswith("^"))
        if parts and not joined:
            yield "".join(parts)
            parts = []
        parts.append(token.text)
    if parts:
        yield "".join(parts)


_TYPES: Mapping[str, Callable[[str, str], str | None]] = {
    "iri": _iri,
    "date": _date,
    "integer": _typed(r"[+-]?[0-9]{1,18}", "integer"),
    "decimal": _typed(r"[+-]?[0-9]{1,18}(\.[0-9]{1,18})?", "decimal"),
    "boolean": _typed("true|false", "boolean"),
    "text": _text,
    "language": _language,
}
EXPECTED: Mapping[str, str] = {
    "iri": "a name of this graph (polity/ukraine) or an absolute IRI",
    "date": "a day, year-month-day",
    "integer": "a whole number",
    "decimal": "a number",
    "boolean": "true or false",
    "text": "text without control characters",
    "language": "a language tag",
}
"""The types that parameters can have, and what a value of each looks like."""
