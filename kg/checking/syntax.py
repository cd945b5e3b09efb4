"""SYN: files that do not parse, literals that do not fit their datatype, IRIs, language tags, fact tables."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rdflib import RDF, Literal, URIRef

from kg import rdf
from kg.checking.context import Context
from kg.checking.findings import Finding, Place
from kg.checking.project import File
from kg.checking.sources import Source
from kg.errors import BadFacts
from kg.facts.reader import read_tables
from kg.terms import Names

_TAG = re.compile(r"(?:[a-z]{2,3}|x|i)(?:-[a-z0-9]{1,8})*", re.IGNORECASE)
_BLANK = re.compile(r"[\s<>\"{}|\\^`]|%(?![0-9A-Fa-f]{2})")


def check(context: Context) -> Iterator[Finding]:
    """Yield what is wrong with the text of the files."""
    for file in context.project.files:
        if file.purpose == "table":
            yield from _tables(context, file)
        elif file.problem is not None:
            message, place = file.problem
            yield context.finding("SYN01", message, "correct the text there", place=place)
        else:
            yield from _terms(context, file)


def _terms(context: Context, file: File) -> Iterator[Finding]:
    seen: set[object] = set()
    for triple in file.triples:
        for term in triple:
            if term in seen:
                continue
            if isinstance(term, Literal):
                seen.add(term)
                # Every text is a value of rdf:HTML. Source: https://www.w3.org/TR/rdf11-concepts/#section-html
                if term.ill_typed and term.datatype != RDF.HTML:
                    yield context.finding(
                        "SYN02",
                        f"{context.term(term)} is no {context.project.short(str(term.datatype))}",
                        "correct the text or the datatype",
                        place=context.positions.literal(file, term),
                        value=term,
                    )
                if term.language and not _TAG.fullmatch(term.language):
                    yield context.finding(
                        "SYN04",
                        f"@{term.language} is no language tag",
                        "write a tag of BCP 47, such as @en or @pt-BR",
                        place=context.positions.literal(file, term),
                        value=term,
                    )
            elif isinstance(term, URIRef):
                seen.add(term)
                if term.startswith("file:") or _BLANK.search(term):
                    relative = term.startswith("file:")
                    yield context.finding(
                        "SYN03",
                        "a relative IRI without a base: it names another thing on every machine"
                        if relative
                        else f"<{term}> has a character that no IRI has",
                        "declare @base, or write the whole IRI" if relative else "encode the character with %",
                        place=context.positions.use(file, term),
                        path=term.rpartition("/")[2] if relative else str(term),
                    )


def _tables(context: Context, file: File) -> Iterator[Finding]:
    """The mistakes of a folder of fact tables, each at its cell."""
    concepts = [each.path for each in context.files("ontology") if each.path.parent.name == "concepts"]
    try:
        read_tables(file.path, rdf.concept_codes(concepts, Names()))
    except BadFacts as error:
        for fault in error.faults:
            path = file.path / fault.file
            place = Place(f"{file.name}/{fault.file}", fault.line, fault.column, fault.line, fault.column + 1)
            if path.is_file():
                source = Source(place.file, path.read_text(encoding="utf-8", errors="replace"))
                cell = re.match(r'"[^"]*"|[^,]*', source.line(fault.line)[fault.column - 1 :])
                width = max(len(cell[0]) if cell else 1, 1)
                place = Place(place.file, fault.line, fault.column, fault.line, fault.column + width)
            yield context.finding("SYN05", fault.message, fault.remedy, place=place)
