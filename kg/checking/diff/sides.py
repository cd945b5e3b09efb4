"""One side of a comparison: a file, a folder, a generation, or a path at a git revision; read without the network."""

from __future__ import annotations

import gzip
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph

from kg.errors import UnreadableInput, UsageError
from kg.validation.reading import FORMATS

Quads = set[pyoxigraph.Quad]
_DUMP = "dump.nq.gz"


def read_side(text: str) -> Quads:
    """Read all quads that `text` names: `FILE`, `FOLDER` or `REVISION:PATH`.

    A folder that holds a generation is read from its dump. Raises UsageError when there is no such
    thing, UnreadableInput when a file does not parse.
    """
    path = Path(text)
    if path.exists():
        return {quad for name, content in _files(path) for quad in _quads(name, content)}
    revision, colon, inside = text.partition(":")
    if not colon:
        raise UsageError(f"{text} does not exist; name a file, a folder, or REVISION:PATH")
    return {quad for name, content in _at(revision, inside or ".") for quad in _quads(name, content)}


def _files(path: Path) -> Iterator[tuple[str, bytes]]:
    if path.is_file():
        yield str(path), path.read_bytes()
    elif (path / _DUMP).is_file():
        yield str(path / _DUMP), (path / _DUMP).read_bytes()
    else:
        for each in sorted(path.rglob("*")):
            hidden = any(part.startswith(".") for part in each.relative_to(path).parts)
            if each.is_file() and not hidden and _format(each.name) and each.suffix not in (".json", ".xml"):
                yield str(each), each.read_bytes()


def _at(revision: str, inside: str) -> Iterator[tuple[str, bytes]]:
    listed = _git("ls-tree", "-r", "-z", "--full-tree", "--name-only", revision, "--", _full(inside)).decode()
    names = [name for name in listed.split("\0") if name and _format(name)]
    if not names:
        raise UsageError(f"{inside} has no RDF file at {revision}; name a path that has one there")
    for name in names:
        yield f"{revision}:{name}", _git("show", f"{revision}:{name}")


def _full(inside: str) -> str:
    top = Path(_git("rev-parse", "--show-toplevel").decode().strip())
    return Path(inside).resolve().relative_to(top).as_posix()


def _git(*arguments: str) -> bytes:
    try:
        done = subprocess.run(["git", *arguments], capture_output=True, check=False)
    except FileNotFoundError as error:
        raise UsageError("a revision is read by git, which is not installed") from error
    if done.returncode:
        said = done.stderr.decode(errors="replace").strip().splitlines()
        raise UsageError(f"git cannot read that: {said[0] if said else arguments}; name a revision and a path in it")
    return done.stdout


def _format(name: str) -> pyoxigraph.RdfFormat | None:
    return FORMATS.get(Path(name.removesuffix(".gz")).suffix.lower())


def _quads(name: str, content: bytes) -> Iterator[pyoxigraph.Quad]:
    rdf_format = _format(name)
    if rdf_format is None:
        raise UnreadableInput(f"{name} is no RDF format; name it {', '.join(FORMATS)}")
    if name.endswith(".gz"):
        content = gzip.decompress(content)
    try:
        # One base for both sides, so that relative IRIs do not differ by folder.
        yield from pyoxigraph.parse(content, rdf_format, base_iri="file:///", rename_blank_nodes=True)
    except SyntaxError as error:
        raise UnreadableInput(f"{name}:{error.lineno}:{error.offset}: {error.msg}; correct the text there") from error
