"""Contradictions as RDF: the pairs, what both sides state, and who attested which when, in N-Triples."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from kg.terms import FOE, RDF, RDFS
from server.rows import Row, Term

_TITLE = "http://purl.org/dc/terms/title"
_DERIVED = "http://www.w3.org/ns/prov#wasDerivedFrom"
_ESCAPES = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"})


def triples(pairs: Iterable[Row], statements: Iterable[Row], attestations: Iterable[Row]) -> Iterator[str]:
    """Lines of N-Triples of the rows of `contradictions`, `statements-of-claims` and `attestations-of-claims`.

    A contradiction between statements is a node of its own; a contested place has its claimants. The days by
    which the attestations were reported, in their order, are how the disagreement developed.
    """
    for row in pairs:
        inference, rule, subject = row["inference"], row["rule"], row["subject"]
        if "contradiction" in row:
            node = row["contradiction"]
            yield _line(node, RDF.iri("type"), Term("uri", FOE.iri("Contradiction")))
            yield _line(node, FOE.iri("aboutMatter"), subject)
            yield from (_line(node, FOE.iri("contradicting"), row[side]) for side in ("first", "second"))
            if "property" in row:
                yield _line(node, FOE.iri("onProperty"), row["property"])
        else:
            yield from (_line(subject, FOE.iri("contestedBy"), row[side]) for side in ("claimant", "rival"))
        if "subjectLabel" in row:
            yield _line(subject, RDFS.iri("label"), row["subjectLabel"])
        yield _line(inference, FOE.iri("rule"), rule)
        yield _line(rule, RDFS.iri("label"), row["ruleLabel"])
        for claim, statement in (("one", "first"), ("other", "second")):
            yield _line(inference, _DERIVED, row[claim])
            yield _line(row[claim], FOE.iri("states"), row[statement])
    for row in statements:
        yield _line(row["statement"], row["says"].value, row["value"])
    for row in attestations:
        attestation, source = row["attestation"], row["source"]
        yield _line(attestation, FOE.iri("attests"), row["claim"])
        yield _line(attestation, FOE.iri("source"), source)
        yield _line(source, _TITLE, row["title"])
        for name, predicate in (("earliest", "reportedEarliest"), ("latest", "reportedLatest")):
            if name in row:
                yield _line(attestation, FOE.iri(predicate), row[name])


def _line(subject: Term, predicate: str, value: Term) -> str:
    return f"{_written(subject)} <{predicate}> {_written(value)} .\n"


def _written(term: Term) -> str:
    if term.kind == "uri":
        return f"<{term.value}>"
    if term.kind == "bnode":
        return f"_:{term.value}"
    text = f'"{term.value.translate(_ESCAPES)}"'
    if term.language:
        return f"{text}@{term.language}"
    return f"{text}^^<{term.datatype}>" if term.datatype else text
