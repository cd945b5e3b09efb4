"""The tokens of Turtle and TriG, and the escapes in them. Source: https://www.w3.org/TR/turtle/#sec-grammar"""

from __future__ import annotations

import re

_LOCAL = r"%[0-9A-Fa-f]{2}|\\[_~.\-!$&'()*+,;=/?\#@%]"
TOKEN = re.compile(
    rf"""
    (?P<space>(?:[ \t\r\n]+|\#[^\n\r]*)+)
  | (?P<iri><[^<>\s]*>)
  | (?P<long>\"{{3}}(?:(?:\"{{1,2}})?(?:[^"\\]|\\.))*\"{{3,5}}|'{{3}}(?:(?:'{{1,2}})?(?:[^'\\]|\\.))*'{{3,5}})
  | (?P<string>"(?:[^"\\\n\r]|\\.)*"|'(?:[^'\\\n\r]|\\.)*')
  | (?P<at>@[A-Za-z]+(?:-[A-Za-z0-9]+)*)
  | (?P<type>\^\^)
  | (?P<bnode>_:\w(?:[\w.\-·]*[\w\-·])?)
  | (?P<number>[+-]?(?:\d+\.\d*[eE][+-]?\d+|\.?\d+[eE][+-]?\d+|\d*\.\d+|\d+))(?![\w:])
  | (?P<name>(?:[^\W\d_](?:[\w.\-·]*[\w\-·])?)?:
      (?:(?:[\w:]|{_LOCAL})(?:(?:[\w\-:.·]|{_LOCAL})*(?:[\w\-:·]|{_LOCAL}))?)?)
  | (?P<word>[A-Za-z]+)
  | (?P<mark>[.;,()\[\]{{}}=])
    """,
    re.VERBOSE | re.DOTALL,
)
_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))", re.DOTALL)
_ESCAPED = {"t": "\t", "b": "\b", "n": "\n", "r": "\r", "f": "\f"}


def unescaped(text: str) -> str:
    """A text with its escapes replaced by what they stand for."""
    if "\\" not in text:
        return text

    def plain(found: re.Match[str]) -> str:
        code = found[1] or found[2]
        return chr(int(code, 16)) if code else _ESCAPED.get(found[3], found[3])

    return _ESCAPE.sub(plain, text)
