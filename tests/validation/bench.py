"""Time both engines on the same data and compare every result: `python -m tests.validation.bench 100000`.

The data are made up: persons, organisations, memberships and documents, judged by thirteen node shapes with
two SPARQL constraints; one statement in five hundred is wrong. The reference is left to finish, however long
it takes; `--fast` leaves it out, for sizes where it takes hours.
"""

from __future__ import annotations

import argparse
import random
import resource
import sys
import time
import warnings
from collections import Counter

from pyoxigraph import RdfFormat
from rdflib import Graph

from kg.validation import Report, validate
from kg.validation.index import Index
from kg.validation.reading import parse

PREFIXES = """
@prefix ex: <http://example.org/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
SHAPES = (
    PREFIXES
    + '''
<http://example.org/> sh:declare [ sh:prefix "ex" ; sh:namespace "http://example.org/"^^xsd:anyURI ] .

ex:Named a sh:NodeShape ; sh:targetClass ex:Person ;
    sh:property [ sh:path rdfs:label ; sh:minCount 1 ; sh:uniqueLang true ; sh:languageIn ( "en" "uk" ) ] .
ex:Born a sh:NodeShape ; sh:targetClass ex:Person ;
    sh:property [ sh:path ex:born ; sh:maxCount 1 ; sh:datatype xsd:date ; sh:minExclusive "1800-01-01"^^xsd:date ] .
ex:Mailed a sh:NodeShape ; sh:targetSubjectsOf ex:mail ;
    sh:property [ sh:path ex:mail ; sh:pattern "^[^@]+@[^@]+$" ; sh:maxLength 40 ] .
ex:Knowing a sh:NodeShape ; sh:targetSubjectsOf ex:knows ;
    sh:property [ sh:path ex:knows ; sh:class ex:Person ; sh:nodeKind sh:IRI ] .
ex:Organised a sh:NodeShape ; sh:targetClass ex:Organisation ;
    sh:property [ sh:path [ sh:inversePath ex:in ] ; sh:minCount 1 ; sh:class ex:Membership ] .
ex:Founded a sh:NodeShape ; sh:targetClass ex:Organisation ;
    sh:property [ sh:path ex:founded ; sh:lessThan ex:dissolved ] .
ex:Kind a sh:NodeShape ; sh:targetClass ex:Organisation ;
    sh:property [ sh:path ex:kind ; sh:in ( ex:alliance ex:union ex:forum ) ; sh:minCount 1 ] .
ex:Joined a sh:NodeShape ; sh:targetClass ex:Membership ;
    sh:property [ sh:path ex:of ; sh:minCount 1 ; sh:maxCount 1 ; sh:class ex:Person ] ;
    sh:property [ sh:path ex:in ; sh:minCount 1 ; sh:maxCount 1 ; sh:class ex:Organisation ] .
ex:Period a sh:NodeShape ; sh:targetClass ex:Membership ;
    sh:or ( [ sh:property [ sh:path ex:end ; sh:maxCount 0 ] ] [ sh:property [ sh:path ex:begin ; sh:minCount 1 ] ] ) .
ex:Ends a sh:NodeShape ; sh:targetClass ex:Membership ;
    sh:sparql [ sh:prefixes <http://example.org/> ; sh:message "It ends before it begins." ;
        sh:select """SELECT $this ?value WHERE {
            $this ex:begin ?begin . $this ex:end ?value . FILTER (?value < ?begin) }""" ] .
ex:Age a sh:NodeShape ; sh:targetClass ex:Membership ;
    sh:sparql [ sh:prefixes <http://example.org/> ; sh:message "It begins before the person was born." ;
        sh:select """SELECT $this WHERE {
            $this ex:of ?person . $this ex:begin ?begin . ?person ex:born ?born . FILTER (?begin < ?born) }""" ] .
ex:Written a sh:NodeShape ; sh:targetObjectsOf ex:wrote ;
    sh:property [ sh:path rdfs:label ; sh:minLength 3 ; sh:datatype xsd:string ] ; sh:not [ sh:class ex:Person ] .
ex:Pages a sh:NodeShape ; sh:targetClass ex:Document ;
    sh:property [ sh:path ex:pages ; sh:datatype xsd:integer ; sh:minInclusive 1 ; sh:maxInclusive 5000 ] .
'''
)


def facts(size: int, share: float) -> bytes:
    """Turtle of about `size` triples, with that share of the statements wrong; the same for the same arguments."""
    dice, lines = random.Random(size), [PREFIXES]
    people = size // 19

    def wrong() -> bool:
        return dice.random() < share

    def day(first: int, last: int) -> str:
        return f'"{dice.randint(first, last)}-{dice.randint(1, 12):02}-{dice.randint(1, 28):02}"^^xsd:date'

    for number in range(people // 40 + 1):
        kind = "club" if wrong() else dice.choice(("alliance", "union", "forum"))
        gone = f" ; ex:dissolved {day(1940, 1949) if wrong() else day(2000, 2020)}" if number % 3 else ""
        lines.append(f"ex:o{number} a ex:Organisation ; ex:kind ex:{kind} ; ex:founded {day(1950, 1999)}{gone} .")
    for number in range(people):
        born = day(1700, 1790) if wrong() else day(1900, 1980)
        mail = f"p{number}" if wrong() else f"p{number}@example.org"
        known = "ex:o0" if wrong() else f"ex:p{dice.randrange(people)}"
        label = f'"Person {number}"@{"fr" if wrong() else "en"}, "Особа {number}"@uk'
        if wrong():
            label += f', "Another {number}"@en'
        lines.append(
            f'ex:p{number} a ex:Person ; rdfs:label {label} ; ex:born {born} ; ex:mail "{mail}" ; '
            f"ex:knows {known} ; ex:wrote ex:d{number} ."
        )
        title = f'"D{number}"@en' if wrong() else f'"Document {number}"'
        lines.append(
            f"ex:d{number} a ex:Document ; rdfs:label {title} ; ex:pages {-1 if wrong() else number % 900 + 1} ."
        )
        begin = "" if wrong() else f"; ex:begin {day(1850, 1890) if wrong() else day(1985, 2000)} "
        end = day(1981, 1984) if wrong() else day(2001, 2025)
        of = "" if wrong() else f"; ex:of ex:p{number} "
        lines.append(f"ex:m{number} a ex:Membership {of}; ex:in ex:o{number // 40} {begin}; ex:end {end} .")
        second = f"; ex:of ex:p{dice.randrange(people)} ; ex:in ex:o{dice.randrange(people // 40 + 1)}"
        lines.append(f"ex:n{number} a ex:Membership {second} ; ex:begin {day(2002, 2010)} .")
    return "\n".join(lines).encode()


def results(report: Report) -> Counter[tuple[object, ...]]:
    """All that a result says but for the names of its blank nodes (there are none in these data)."""
    return Counter(
        (each.focus, each.path, each.value, each.component, each.severity, each.message) for each in report.results
    )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("triples", nargs="*", type=int, default=[10_000, 100_000])
    parser.add_argument(
        "--wrong", metavar="SHARE", type=float, default=0.002, help="how much is wrong (default: 0.002)"
    )
    parser.add_argument("--fast", action="store_true", help="leave the reference out")
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    shapes, same = parse(SHAPES.encode(), RdfFormat.TURTLE), True
    for size in options.triples:
        started = time.perf_counter()
        data = parse(facts(size, options.wrong), RdfFormat.TURTLE)
        read, spent, found = time.perf_counter() - started, {}, {}
        for engine in ("fast",) if options.fast else ("fast", "reference"):
            started = time.perf_counter()
            found[engine] = results(validate(Index(data), shapes, Graph(), engine=engine))
            spent[engine] = time.perf_counter() - started
            print(
                f"{len(data):,} triples, {engine}: {spent[engine]:.1f} s, {found[engine].total():,} results", flush=True
            )
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
        print(f"{len(data):,} triples: read in {read:.1f} s, peak {peak:.2f} GB")
        if len(found) == 2:
            same = same and found["fast"] == found["reference"]
            ratio = spent["reference"] / spent["fast"]
            print(f"the same results: {found['fast'] == found['reference']}; ratio {ratio:.0f}")
    return 0 if same else 1


if __name__ == "__main__":
    sys.exit(main())
