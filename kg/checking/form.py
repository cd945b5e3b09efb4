"""FMT: the form of hand-made Turtle and queries; nothing is written anew."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from kg.checking.context import Context
from kg.checking.findings import Finding
from kg.checking.project import File

_TRAILING = re.compile(r"[ \t]+(?=\r?$)", re.MULTILINE)
_TAB = re.compile(r"^ *\t+", re.MULTILINE)
_TEXT = (".ttl", ".trig", ".rq", ".sparql")


def check(context: Context) -> Iterator[Finding]:
    """Yield lines whose form differs from what most tools write."""
    for file in context.project.files:
        if file.suffix in _TEXT and file.problem is None and file.path.suffix != ".gz":
            yield from _file(context, file)


def _file(context: Context, file: File) -> Iterator[Finding]:
    text, source = file.source.text, file.source
    for pattern, name, message, remedy in (
        (_TRAILING, "FMT01", "the line ends with spaces", "remove them"),
        (_TAB, "FMT02", "the line is indented with a tab", "indent with spaces"),
    ):
        found = list(pattern.finditer(text))
        if found:
            told = message if len(found) == 1 else f"{message}, as {len(found) - 1} others do"
            yield context.finding(name, told, remedy, place=source.place(*found[0].span()), path=file.name)
    position = text.find("\r\n")
    if position >= 0:
        place = source.place(position)
        yield context.finding("FMT03", "lines end with CR LF", "end them with LF", place=place, path=file.name)
    if text and not text.endswith("\n"):
        place = source.place(max(len(text) - 1, 0), len(text))
        yield context.finding(
            "FMT04", "the last line does not end", "end it with a line break", place=place, path=file.name
        )
    if text.startswith("\ufeff"):
        place = source.place(0)
        yield context.finding(
            "FMT05", "the file begins with a byte order mark", "remove it", place=place, path=file.name
        )
    declared = re.findall(r"^@prefix ([\w.-]*):", text, re.MULTILINE)
    if declared != sorted(declared):
        wrong = next(late for early, late in pairwise(declared) if late < early)
        place = source.place(text.find(f"@prefix {wrong}:"))
        message = f"the prefix {wrong}: is not in alphabetical order"
        yield context.finding("FMT06", message, "sort the prefixes", place=place, path=file.name)
