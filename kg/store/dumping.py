"""The dumps of a generation are written: whole and by dataset, in four formats, with checksums and lists of changes.

Where they lie, kg.store.dumps says.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import os
import re
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from heapq import merge
from pathlib import Path
from typing import IO, cast

from pyoxigraph import DefaultGraph, Quad, RdfFormat, Store, Triple, parse, serialize

from kg.store.dumps import DUMPS, SUMS, base_name, folder
from kg.store.generation import Generation
from kg.store.nanopublications import nanopublications
from kg.store.reifiers import reified
from kg.terms import BASE, Names

_FORMS = {
    "nq": RdfFormat.N_QUADS,
    "trig": RdfFormat.TRIG,
    "ttl": RdfFormat.TURTLE,
    "jsonld": RdfFormat.JSON_LD,
}
_UNFINISHED = ".unfinished-"
_DATASET = re.compile(rb"<[^>]*/id/dataset/([a-z0-9-]+)> \.\n$")


def write(root: Path, generation: Generation, version: str, tell: Callable[[str], None]) -> Path:
    """Write all dumps of a generation and return their folder; `tell` hears the name of each file.

    The folder appears when it is complete. Equal generations give equal bytes.
    """
    target, start = folder(root, generation), base_name(version, generation)
    unfinished = target.with_name(f"{_UNFINISHED}{target.name}")
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(parents=True)
    for name, content in _files(root, generation):
        tell(f"{start}.{name}")
        with _packed(unfinished / f"{start}.{name}") as file:
            content(file)
    lines = [f"{digest(path)}  {path.name}\n" for path in sorted(unfinished.iterdir())]
    (unfinished / SUMS).write_text("".join(lines), encoding="ascii")
    shutil.rmtree(target, ignore_errors=True)
    unfinished.rename(target)
    return target


def digest(path: Path) -> str:
    """The SHA-256 of a file, in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def changes(before: Iterable[bytes], after: Iterable[bytes]) -> Iterator[tuple[bool, bytes]]:
    r"""What two sorted dumps have not in common: whether it was added, and the line.

    >>> list(changes([b"a\n", b"b\n"], [b"b\n", b"c\n"]))
    [(False, b'a\n'), (True, b'c\n')]
    """
    marked = merge(((line, False) for line in before), ((line, True) for line in after))
    held: tuple[bytes, bool] | None = None
    for line, added in marked:
        if held is not None and held[0] == line:
            held = None
            continue
        if held is not None:
            yield held[1], held[0]
        held = (line, added)
    if held is not None:
        yield held[1], held[0]


def _files(root: Path, generation: Generation) -> Iterator[tuple[str, Callable[[IO[bytes]], None]]]:
    def quads(file: IO[bytes]) -> None:
        with gzip.open(generation.dump) as dump:
            shutil.copyfileobj(dump, file)

    def rewritten(form: RdfFormat) -> Callable[[IO[bytes]], None]:
        def write_all(file: IO[bytes]) -> None:
            with gzip.open(generation.dump) as dump:
                serialize(parse(cast(IO[bytes], dump), format=RdfFormat.N_QUADS), file, form)

        return write_all

    def merged(file: IO[bytes]) -> None:
        lines = io.BytesIO()
        Store.read_only(str(generation.merge)).dump(lines, RdfFormat.N_TRIPLES, from_graph=DefaultGraph())
        text = b"".join(sorted(lines.getvalue().splitlines(keepends=True)))
        serialize(parse(text, format=RdfFormat.N_TRIPLES), file, RdfFormat.TURTLE)

    names = Names(_base(generation))
    yield "nq.gz", quads
    yield "trig.gz", rewritten(RdfFormat.TRIG)
    yield "jsonld.gz", rewritten(RdfFormat.JSON_LD)

    def made(
        convert: Callable[[Iterable[Quad]], Iterable[Quad | Triple]], form: RdfFormat
    ) -> Callable[[IO[bytes]], None]:
        def write_made(file: IO[bytes]) -> None:
            with gzip.open(generation.dump) as dump:
                quads = parse(cast(IO[bytes], dump), format=RdfFormat.N_QUADS)
                serialize(cast(Iterable[Quad], convert(quads)), file, form)

        return write_made

    yield "ttl.gz", merged
    yield "reifiers.nt.gz", made(lambda quads: reified(quads, names), RdfFormat.N_TRIPLES)
    yield "nanopublications.trig.gz", made(lambda quads: nanopublications(quads, names), RdfFormat.TRIG)
    for dataset in _datasets(generation):
        text = _only(generation, dataset)
        for suffix, form in _FORMS.items():
            yield f"{dataset.decode()}.{suffix}.gz", _formed(text, form)
    for name, before in _published(root, generation):
        for added, word in ((True, "added"), (False, "removed")):
            yield f"{word}-since-{name}.nq.gz", _changed(before, generation.dump, added)


def _base(generation: Generation) -> str:
    """What names of the generation begin with, as its build reports it."""
    try:
        return str(json.loads(generation.document("report.json"))["base"])
    except FileNotFoundError:
        return BASE


def _datasets(generation: Generation) -> list[bytes]:
    with gzip.open(generation.dump) as dump:
        return sorted({found[1] for line in dump if (found := _DATASET.search(line))})


def _only(generation: Generation, dataset: bytes) -> bytes:
    """The quads of one dataset, sorted as in the dump."""
    with gzip.open(generation.dump) as dump:
        return b"".join(line for line in dump if (found := _DATASET.search(line)) and found[1] == dataset)


def _formed(text: bytes, form: RdfFormat) -> Callable[[IO[bytes]], None]:
    """The quads of one graph in a format; in Turtle the graph goes without saying."""

    def write_formed(file: IO[bytes]) -> None:
        quads = parse(text, format=RdfFormat.N_QUADS)
        if form == RdfFormat.N_QUADS:
            file.write(text)
        elif form.supports_datasets:
            serialize(quads, file, form)
        else:
            serialize((quad.triple for quad in quads), file, form)

    return write_formed


def _changed(before: Path, after: Path, added: bool) -> Callable[[IO[bytes]], None]:
    def write_changes(file: IO[bytes]) -> None:
        with gzip.open(before) as old, gzip.open(after) as new:
            file.writelines(line for is_new, line in changes(old, new) if is_new == added)

    return write_changes


def _published(root: Path, generation: Generation) -> list[tuple[str, Path]]:
    """The generations that were dumped before, each with its quads: what mirrors may have."""
    others = sorted((root / DUMPS).glob("[!.]*"))
    return [
        (other.name, quads)
        for other in others
        if other.name != generation.name
        for quads in sorted(other.glob(f"foedus-*-{other.name}.nq.gz"))[:1]
    ]


@contextmanager
def _packed(path: Path) -> Iterator[IO[bytes]]:
    with path.open("wb") as file:
        with gzip.GzipFile(fileobj=file, mode="wb", filename="", mtime=0) as packed:
            yield cast(IO[bytes], packed)
        file.flush()
        os.fsync(file.fileno())
