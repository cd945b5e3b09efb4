"""The dataset as a whole: VoID, DCAT-AP and schema.org, made of what the generation holds and of its dumps.

Source: https://www.w3.org/TR/void/, https://semiceu.github.io/DCAT-AP/releases/3.0.0/
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from kg.settings import Settings
from kg.store import dumps
from kg.store.generation import DUMP, MANIFEST, Generation
from kg.terms import FOE
from server.rows import Row

LICENCE = "https://creativecommons.org/licenses/by/4.0/"
TITLE = "Foedus: states, alliances, commitments and contested sites"
DESCRIPTION = (
    "An open knowledge graph of states, alliances, commitments and contested sites. Every statement lies in a named "
    "graph that says who claims it, in which source and when; no side's view is the default."
)
KEYWORDS = ("alliances", "commitments", "contested territories", "provenance", "security guarantees", "treaties")
_THEMES = ("GOVE", "INTR")
_MEDIA = {
    "nq": "application/n-quads",
    "nt": "application/n-triples",
    "trig": "application/trig",
    "ttl": "text/turtle",
    "jsonld": "application/ld+json",
}
_NAMES = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dcterms": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "owl": "http://www.w3.org/2002/07/owl#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "spdx": "http://spdx.org/rdf/terms#",
    "void": "http://rdfs.org/ns/void#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "iana": "https://www.iana.org/assignments/media-types/",
    "theme": "http://publications.europa.eu/resource/authority/data-theme/",
    "language": "http://publications.europa.eu/resource/authority/language/",
    "frequency": "http://publications.europa.eu/resource/authority/frequency/",
}


@dataclass(frozen=True)
class Distribution:
    """One file that can be taken: its name, its media type inside the compression, bytes and SHA-256."""

    name: str
    media_type: str
    size: int
    sha256: str


@dataclass(frozen=True)
class Statistics:
    """What a generation holds: rows of the queries `statistics-…`."""

    classes: Sequence[Row]
    properties: Sequence[Row]
    links: Sequence[Row]
    datasets: Sequence[Row]


def distributions(settings: Settings, generation: Generation) -> list[Distribution]:
    """The files of a generation: the quads always, the others once `foedus dump` has written them."""
    root = settings.data_directory
    sums = _sums(root, generation)
    found = [
        Distribution(path.name, _media_type(path.name), path.stat().st_size, sums.get(path.name, ""))
        for path in dumps.listed(root, generation)
        if path.name != dumps.SUMS
    ]
    quads = quads_name(generation)
    if not any(each.name == quads for each in found):
        size = (generation.path / DUMP).stat().st_size
        found.insert(0, Distribution(quads, _MEDIA["nq"], size, str(generation.manifest()["dump"])))
    return found


def quads_name(generation: Generation) -> str:
    """The name under which the quads of a generation are offered."""
    return f"{dumps.base_name(version('foedus'), generation)}.nq.gz"


def described(
    here: str, settings: Settings, generation: Generation, statistics: Statistics, files: Sequence[Distribution]
) -> str:
    """The description in N-Triples; `here` is the address of the server that answers."""
    return "".join(
        f"{subject} {_iri(name)} {value} .\n"
        for subject, name, value in _triples(here, settings.base, generation, statistics, files)
    )


def _triples(
    here: str, base: str, generation: Generation, statistics: Statistics, files: Sequence[Distribution]
) -> Iterator[tuple[str, str, str]]:
    dataset, catalogue, service = f"<{base}id/dataset/foedus>", f"<{base}>", f"<{here}/sparql>"
    publisher = f"<{base}#maintainers>"
    counts = generation.manifest()["counts"]
    changed = datetime.datetime.fromtimestamp((generation.path / MANIFEST).stat().st_mtime, datetime.UTC)
    day = _literal(changed.date().isoformat(), "date")
    for node, kinds in ((dataset, ("void:Dataset", "dcat:Dataset")), (catalogue, ("dcat:Catalog",))):
        yield from ((node, "rdf:type", _iri(kind)) for kind in kinds)
        yield node, "dcterms:title", _text(TITLE)
        yield node, "dcterms:description", _text(DESCRIPTION)
        yield node, "dcterms:publisher", publisher
        yield node, "dcterms:license", f"<{LICENCE}>"
        yield node, "dcterms:modified", day
        yield node, "dcterms:language", _iri("language:ENG")
        yield node, "foaf:homepage", f"<{here}/>"
    yield publisher, "rdf:type", _iri("foaf:Agent")
    yield publisher, "foaf:name", _text("The Foedus maintainers")
    yield catalogue, "dcat:dataset", dataset
    yield catalogue, "dcat:service", service
    yield service, "rdf:type", _iri("dcat:DataService")
    yield service, "dcterms:title", _text("SPARQL endpoint of Foedus")
    yield service, "dcat:endpointURL", service
    yield service, "dcat:endpointDescription", service
    yield service, "dcat:servesDataset", dataset
    yield service, "dcterms:license", f"<{LICENCE}>"
    yield from ((dataset, "dcat:keyword", _text(word)) for word in KEYWORDS)
    yield from ((dataset, "dcat:theme", _iri(f"theme:{theme}")) for theme in _THEMES)
    yield dataset, "dcterms:accrualPeriodicity", _iri("frequency:IRREG")
    yield dataset, "dcat:landingPage", f"<{here}/doc/dataset/foedus>"
    yield dataset, "dcat:version", _literal(f"{version('foedus')}-{generation.name}")
    yield dataset, "owl:versionInfo", _literal(f"{version('foedus')}-{generation.name}")
    yield dataset, "void:sparqlEndpoint", service
    yield dataset, "void:uriSpace", _literal(base)
    yield dataset, "void:uriRegexPattern", _literal(f"^{base}(id|concept)/")
    yield dataset, "void:vocabulary", f"<{FOE}>"
    yield dataset, "void:rootResource", f"<{base}id/organisation/nato>"
    yield dataset, "void:exampleResource", f"<{base}id/territory/crimea>"
    yield dataset, "void:triples", _number(counts["merged triples"])
    yield dataset, "void:classes", _number(len(statistics.classes))
    yield dataset, "void:properties", _number(len(statistics.properties))
    if "things" in counts:
        yield dataset, "void:entities", _number(counts["things"])
    yield from _partitions(dataset, base, statistics)
    for each in files:
        yield from _distribution(dataset, here, each)


def _partitions(dataset: str, base: str, statistics: Statistics) -> Iterator[tuple[str, str, str]]:
    about = f"{base}doc/dataset/foedus"
    for kind, rows, measure in (
        ("class", statistics.classes, "void:entities"),
        ("property", statistics.properties, "void:triples"),
    ):
        for number, row in enumerate(rows, 1):
            part = f"<{about}#{kind}-{number}>"
            yield dataset, f"void:{kind}Partition", part
            yield part, f"void:{kind}", f"<{row[kind].value}>"
            yield part, measure, _number(row["count"].value)
    for number, row in enumerate(statistics.links, 1):
        links, target = f"<{about}#links-{number}>", f"<{about}#links-{number}-target>"
        yield dataset, "void:subset", links
        yield links, "rdf:type", _iri("void:Linkset")
        yield links, "void:linkPredicate", f"<{row['property'].value}>"
        yield links, "void:subjectsTarget", dataset
        yield links, "void:objectsTarget", target
        yield links, "void:triples", _number(row["count"].value)
        yield target, "rdf:type", _iri("void:Dataset")
        yield target, "void:uriSpace", _literal(row["target"].value)
    for row in statistics.datasets:
        part = f"<{row['dataset'].value}>"
        yield dataset, "void:subset", part
        yield part, "rdf:type", _iri("void:Dataset")
        yield part, "dcterms:title", _text(row["title"].value)
        if "licence" in row and row["licence"].kind == "uri":
            yield part, "dcterms:license", f"<{row['licence'].value}>"


def _distribution(dataset: str, here: str, each: Distribution) -> Iterator[tuple[str, str, str]]:
    file = f"<{here}/dumps/{each.name}>"
    yield dataset, "void:dataDump", file
    yield dataset, "dcat:distribution", file
    yield file, "rdf:type", _iri("dcat:Distribution")
    yield file, "dcterms:title", _text(each.name)
    yield file, "dcat:accessURL", file
    yield file, "dcat:downloadURL", file
    yield file, "dcat:mediaType", _iri(f"iana:{each.media_type}")
    yield file, "dcat:compressFormat", _iri("iana:application/gzip")
    yield file, "dcat:byteSize", _literal(str(each.size), "nonNegativeInteger")
    yield file, "dcterms:license", f"<{LICENCE}>"
    if each.sha256:
        checksum = f"<{here}/dumps/{each.name}#sha256>"
        yield file, "spdx:checksum", checksum
        yield checksum, "rdf:type", _iri("spdx:Checksum")
        yield checksum, "spdx:algorithm", _iri("spdx:checksumAlgorithm_sha256")
        yield checksum, "spdx:checksumValue", _literal(each.sha256, "hexBinary")


def _sums(root: Path, generation: Generation) -> dict[str, str]:
    path = dumps.folder(root, generation) / dumps.SUMS
    if not path.is_file():
        return {}
    lines = (line.split() for line in path.read_text(encoding="ascii").splitlines())
    return {name: digest for digest, name in lines}


def _media_type(name: str) -> str:
    return _MEDIA[name.removesuffix(".gz").rpartition(".")[2]]


def _iri(name: str) -> str:
    prefix, _, local = name.partition(":")
    return f"<{_NAMES[prefix]}{local}>"


def _literal(text: str, datatype: str | None = None) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\r", "\\r")
    return f'"{escaped}"' + (f"^^<{_NAMES['xsd']}{datatype}>" if datatype else "")


def _text(text: str) -> str:
    return f"{_literal(text)}@en"


def _number(value: object) -> str:
    return _literal(str(int(str(value))), "integer")
