"""CQ: whether competency questions parse, use terms that exist, answer, and answer what is expected."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph
from rdflib import URIRef

from kg.checking.asking import Asker, NotAnswered, TooSlow
from kg.checking.context import Context, meant, namespace_of
from kg.checking.findings import Finding, Place
from kg.checking.project import File

_IRI = re.compile(r"<([^<>\s\"{}|\\^`]*)>")
_NAME = re.compile(r"(?<![\w:<?$-])([A-Za-z][\w-]*|):([A-Za-z][\w-]*)")
_PREFIX = re.compile(r"PREFIX\s+([\w-]*):\s*<([^>]*)>", re.IGNORECASE)
_OUTSIDE = re.compile(r"""'''.*?'''|\"{3}.*?\"{3}|'[^'\n]*'|"[^"\n]*"|\#[^\n]*|<[^<>\s]*>""", re.DOTALL)
_ERROR_PLACE = re.compile(r"error at (\d+):(\d+): (.*)", re.DOTALL)


def check(context: Context) -> Iterator[Finding]:
    """Yield what is wrong with the queries of the project."""
    files = context.project.queries
    if not files:
        return
    declared = {str(subject) for file in context.files("ontology") for subject, _, _ in file.triples}
    used: set[str] = set()
    held = context.files("data", "ontology") if context.files("data") else ()
    given = [(file.source.text, file.suffix, file.base) for file in held]
    with Asker(given, context.project.configuration.seconds) as asker:
        for file in files:
            yield from _question(context, file, declared, used, asker if given else None)
    yield from _unasked(context, used, files[0])


def _question(
    context: Context, file: File, declared: set[str], used: set[str], asker: Asker | None
) -> Iterator[Finding]:
    """Check one question; its terms are added to `used`."""
    text = file.source.text
    try:
        pyoxigraph.Store().query(text)
    except SyntaxError as error:
        yield _unparsable(context, file, error)
        return
    except (ValueError, OSError, RuntimeError) as error:
        yield context.finding("CQ01", str(error), "correct the query", place=file.source.place(0), path=file.name)
        return
    terms = dict(_terms(text))
    used |= set(terms)
    for term, offset in terms.items():
        yield from _term(context, file, term, offset, declared)
    if asker is not None:
        yield from _answer(context, file, asker)


def _unparsable(context: Context, file: File, error: SyntaxError) -> Finding:
    found = _ERROR_PLACE.search(str(error.msg))
    line, column, message = (int(found[1]), int(found[2]), found[3]) if found else (1, 1, str(error.msg))
    place = file.source.token_at(line, column)
    return context.finding(
        "CQ01", f"the query does not parse: {message}", "correct it there", place=place, path=file.name
    )


def _terms(text: str) -> Iterator[tuple[str, int]]:
    """Every IRI that a query writes out or as a prefixed name, with its first offset."""
    prefixes = dict(_PREFIX.findall(text))
    plain = _OUTSIDE.sub(lambda found: " " * len(found[0]), text)
    for found in _NAME.finditer(plain):
        if found[1] in prefixes:
            yield prefixes[found[1]] + found[2], found.start()
    declarations = {match.start(2) - 1 for match in _PREFIX.finditer(text)}
    for found in _IRI.finditer(text):
        if found.start() not in declarations:
            yield found[1], found.start()


def _term(context: Context, file: File, term: str, offset: int, declared: set[str]) -> Iterator[Finding]:
    if namespace_of(term) in context.own and declared and term not in declared:
        guess = meant(term, declared)
        remedy = f"did you mean {context.project.short(guess)}?" if guess else "declare it, or correct the query"
        place = file.source.place(offset, offset + len(context.project.short(term)))
        message = f"{context.project.short(term)} is declared nowhere"
        yield context.finding("CQ02", message, remedy, place=place, focus=URIRef(term), path=file.name)


def _answer(context: Context, file: File, asker: Asker) -> Iterator[Finding]:
    whole = file.source.place(0, len(file.source.line(1)) or 1)
    try:
        answer = asker.ask(file.source.text, file.base)
    except TooSlow:
        message = f"the question was ended after {context.project.configuration.seconds:g} s, unanswered"
        remedy = "make it cheaper, or give it longer with `seconds` in the configuration"
        yield context.finding("CQ06", message, remedy, place=whole, path=file.name)
        return
    except NotAnswered as error:
        yield context.finding("CQ01", f"the query cannot be run: {error}", place=whole, path=file.name)
        return
    if answer.rows is None:
        return
    if not answer.rows:
        remedy = "correct the question, or add the data that answer it"
        yield context.finding("CQ03", "the question has no answer", remedy, place=whole, path=file.name)
    expected = _expected(context, file)
    if expected is not None and answer.rows and answer.columns:
        yield from _compare(context, file, expected, list(answer.columns), list(answer.rows), whole)


def _expected(context: Context, file: File) -> Path | None:
    folder = context.project.configuration.expected
    place = (context.project.configuration.root / folder if folder else file.path.parent) / f"{file.path.stem}.csv"
    return place if place.is_file() else None


def _compare(
    context: Context, file: File, expected: Path, names: list[str], rows: list[tuple[str, ...]], place: Place
) -> Iterator[Finding]:
    header, *wanted = [tuple(row) for row in csv.reader(io.StringIO(expected.read_text(encoding="utf-8")))] or [()]
    missing, further = sorted(set(wanted) - set(rows)), sorted(set(rows) - set(wanted))
    if list(header) != names:
        details = [f"expected the columns {', '.join(header)}; they are {', '.join(names)}"]
    else:
        details = [f"missing: {', '.join(row)}" for row in missing[:5]] + [
            f"not expected: {', '.join(row)}" for row in further[:5]
        ]
    if details:
        message = f"the answer differs from {expected.name}: {len(missing)} rows missing, {len(further)} not expected"
        remedy = "correct the data or the question; else write the expected rows anew"
        yield context.finding("CQ04", message, remedy, place=place, path=file.name, details=details)


def _unasked(context: Context, used: set[str], first: File) -> Iterator[Finding]:
    """How much of the vocabulary no question uses."""
    terms = {str(term) for term in context.classes | context.properties if namespace_of(term) in context.own}
    unasked = sorted(terms - used)
    if terms and unasked:
        share = 100 * len(unasked) / len(terms)
        shown = [context.project.short(term) for term in unasked[:20]]
        message = f"{len(unasked)} of {len(terms)} terms ({share:.0f} %) are in no question"
        yield context.finding(
            "CQ05",
            message,
            "ask about them, or ask whether they are needed",
            place=first.source.place(0),
            details=shown,
        )
