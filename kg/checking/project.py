"""The files of a project, read once: what each is for, its triples, and the union of those for one purpose."""

from __future__ import annotations

import gzip
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from rdflib import OWL, RDF, RDFS, SH, SKOS, BNode, Graph
from rdflib.term import Node

from kg.checking.configuration import Configuration
from kg.checking.findings import Place
from kg.checking.sources import Source
from kg.errors import UnreadableInput, UsageError
from kg.validation.index import Index
from kg.validation.reading import FORMATS, triples

QUERY_ENDINGS = (".rq", ".sparql")
_SKIPPED = {"node_modules", "__pycache__", "build", "dist", "venv", "site-packages"}
_ONTOLOGY = {
    *(OWL.Ontology, OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty),
    *(RDFS.Class, RDF.Property, SKOS.ConceptScheme),
}
_SHAPES = {SH.NodeShape, SH.PropertyShape}
Triple = tuple[Node, Node, Node]


@dataclass(eq=False)
class File:
    """One file: its path, the name that findings have, what it is for (data, ontology, shapes, query), and its content.

    A file that holds shapes among classes is ontology, and `also` shapes. `problem` says why it could
    not be parsed, and where.
    """

    path: Path
    name: str
    number: int
    purpose: str = "data"
    also: str = ""
    triples: list[Triple] = field(default_factory=list, repr=False)
    prefixes: dict[str, str] = field(default_factory=dict)
    problem: tuple[str, Place] | None = None

    def serves(self, *purposes: str) -> bool:
        """Whether the file is for one of the purposes."""
        return self.purpose in purposes or (self.also in purposes and bool(self.also))

    @property
    def suffix(self) -> str:
        """The ending that tells the format, without `.gz`."""
        return Path(self.path.stem).suffix.lower() if self.path.suffix == ".gz" else self.path.suffix.lower()

    @property
    def base(self) -> str:
        """The address that relative IRIs are resolved against."""
        return self.path.resolve().as_uri()

    @cached_property
    def source(self) -> Source:
        """The text, undecodable bytes replaced."""
        content = self.path.read_bytes()
        if self.path.suffix == ".gz":
            content = gzip.decompress(content)
        return Source(self.name, content.decode("utf-8", errors="replace"))


@dataclass
class Project:
    """All files that are checked, and the configuration that chose them."""

    configuration: Configuration
    files: list[File]

    def having(self, *purposes: str) -> list[File]:
        """The RDF files for a purpose that could be read."""
        return [file for file in self.files if file.serves(*purposes) and file.problem is None]

    @cached_property
    def queries(self) -> list[File]:
        """The query files."""
        return [file for file in self.files if file.purpose == "query"]

    @cached_property
    def data(self) -> Index:
        """What is validated: the data, and for subclasses and concepts the ontology."""
        return Index(triple for file in self.having("data", "ontology") for triple in file.triples)

    @cached_property
    def ontology(self) -> Index:
        """The triples of the ontology files."""
        return Index(triple for file in self.having("ontology") for triple in file.triples)

    @cached_property
    def shapes(self) -> Graph:
        """The triples of the shape files, with their prefixes."""
        graph = Graph()
        for file in self.having("shapes"):
            for triple in file.triples:
                graph.add(triple)
            for prefix, namespace in file.prefixes.items():
                graph.bind(prefix, namespace)
        return graph

    @cached_property
    def prefixes(self) -> dict[str, str]:
        """Every prefix, the first declaration of each."""
        found: dict[str, str] = {}
        for file in self.files:
            for prefix, namespace in file.prefixes.items():
                found.setdefault(prefix, namespace)
        return found

    def short(self, iri: str) -> str:
        """An IRI with its prefix where it has one."""
        best = max(
            (
                (prefix, namespace)
                for prefix, namespace in self.prefixes.items()
                if namespace and iri.startswith(namespace)
            ),
            key=lambda pair: len(pair[1]),
            default=None,
        )
        if best is None or not iri.removeprefix(best[1]).replace("-", "").replace("_", "").isalnum():
            return f"<{iri}>"
        return f"{best[0]}:{iri.removeprefix(best[1])}"

    def told(self) -> str:
        """What was found, in a sentence."""
        counts = [
            (len([file for file in self.files if file.serves(purpose)]), name)
            for purpose, name in (
                ("ontology", "ontology"),
                ("shapes", "shapes"),
                ("data", "data"),
                ("query", "queries"),
                ("table", "table folders"),
            )
        ]
        parts = ", ".join(f"{count} {name}" for count, name in counts if count) or "nothing"
        how = (
            self.configuration.file.name if self.configuration.file else "by convention; foedus.toml can say otherwise"
        )
        return f"Checked {len(self.files)} files: {parts} ({how})."


def read_project(
    configuration: Configuration,
    paths: Iterable[Path] = (),
    ontology: Iterable[Path] = (),
    shapes: Iterable[Path] = (),
) -> Project:
    """Find and read the files: those under `paths`, else those that the configuration names, else all below its root.

    A file counts as shapes when it has a SHACL shape, as ontology when it declares classes or
    properties, and as data otherwise; patterns in the configuration go first. Files in `ontology` and
    `shapes` are read as such. Raises UsageError when a path does not exist.
    """
    given = list(paths)
    chosen = dict(_chosen(configuration, given))
    chosen.update(dict.fromkeys(ontology, "ontology") | dict.fromkeys(shapes, "shapes"))
    files: list[File] = []
    for path, purpose in chosen.items():
        file = File(path, _name(path), len(files), purpose or _by_ending(path))
        if file.purpose not in ("query", "table"):
            _read(file, guess=not purpose)
        files.append(file)
    return Project(configuration, files)


def _chosen(configuration: Configuration, paths: list[Path]) -> Iterator[tuple[Path, str]]:
    """Every file with its purpose, empty where the file has to be looked at."""
    stated: dict[Path, str] = {}
    for purpose in ("data", "ontology", "shapes", "queries", "tables"):
        for pattern in getattr(configuration, purpose):
            found = sorted(configuration.root.glob(pattern))
            if not found:
                raise UsageError(f"{configuration.file}: {purpose} names {pattern}, and there is no such file")
            for path in found:
                stated[path.resolve()] = {"queries": "query", "tables": "table"}.get(purpose, purpose)
    if stated and (not paths or [path.resolve() for path in paths] == [configuration.root.resolve()]):
        yield from ((_relative(path), purpose) for path, purpose in stated.items())
        return
    excluded = {path.resolve() for pattern in configuration.exclude for path in configuration.root.glob(pattern)}
    for start in paths:
        within = start.resolve()
        for path, purpose in stated.items():
            if purpose == "table" and path.is_relative_to(within):
                yield _relative(path), purpose
    for start in paths or [_relative(configuration.root)]:
        if not start.exists():
            raise UsageError(f"{start} does not exist; name files or folders that do")
        for path in [start] if start.is_file() else sorted(_below(start)):
            if path.resolve() not in excluded:
                yield path, stated.get(path.resolve(), "")


def _below(folder: Path) -> Iterator[Path]:
    for where, folders, names in os.walk(folder):
        folders[:] = [each for each in folders if not each.startswith(".") and each not in _SKIPPED]
        for name in names:
            path = Path(where, name)
            suffix = Path(path.stem).suffix if path.suffix == ".gz" else path.suffix
            if suffix in QUERY_ENDINGS or (suffix in FORMATS and suffix not in (".json", ".xml")):
                yield path


def _by_ending(path: Path) -> str:
    return "query" if path.suffix in QUERY_ENDINGS else "table" if path.is_dir() else "data"


def _name(path: Path) -> str:
    return path.as_posix()


def _relative(path: Path) -> Path:
    """As seen from where the command runs, when it is below."""
    return path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path


def _read(file: File, *, guess: bool) -> None:
    rdf_format = FORMATS.get(file.suffix)
    if rdf_format is None:
        known = ", ".join(FORMATS)
        file.problem = f"{file.suffix or 'no ending'} is no RDF format; name it {known}", Place(file.name)
        return
    names: dict[Node, BNode] = {}

    def named(node: Node) -> Node:
        return names.setdefault(node, BNode(f"f{file.number}n{len(names)}")) if isinstance(node, BNode) else node

    try:
        content = file.path.read_bytes()
        if file.path.suffix == ".gz":
            content = gzip.decompress(content)
        kinds: set[Node] = set()
        for subject, predicate, value in triples(content, rdf_format, file.name, file.base, file.prefixes):
            file.triples.append((named(subject), predicate, named(value)))
            if predicate == RDF.type:
                kinds.add(value)
            elif predicate in (SH.targetClass, SH.path):
                kinds.add(SH.NodeShape)
    except UnreadableInput as error:
        file.triples.clear()
        file.problem = _problem(file, error)
        return
    except OSError as error:
        file.problem = f"it cannot be read: {error.strerror or error}", Place(file.name)
        return
    if guess:
        terms = kinds & (_ONTOLOGY - {OWL.Ontology})
        shapes = bool(kinds & _SHAPES)
        file.purpose = "shapes" if shapes and not terms else "ontology" if kinds & _ONTOLOGY else "data"
        file.also = "shapes" if shapes and terms else ""


def _problem(file: File, error: UnreadableInput) -> tuple[str, Place]:
    cause = error.__cause__
    line, column = getattr(cause, "lineno", None) or 1, getattr(cause, "offset", None) or 1
    message = str(getattr(cause, "msg", None) or cause or error).removeprefix(f"{file.name}: ")
    if cause is None:
        return str(error).removeprefix(f"{file.name}:"), Place(file.name)
    if not isinstance(cause, SyntaxError):
        column += 1
    return message.rstrip("."), file.source.token_at(line, column)
