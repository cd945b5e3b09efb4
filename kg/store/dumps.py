"""Where the dumps of a generation lie; kg.store.dumping writes them.

A build writes one dump, the sorted N-Quads of all graphs. The others cost minutes and several times its
size, so they are written when somebody wants to publish them:

    <root>/dumps/<generation>/foedus-<version>-<generation>.nq.gz, .trig.gz, .ttl.gz, .jsonld.gz
                              foedus-<version>-<generation>.reifiers.nt.gz, .nanopublications.trig.gz
                              foedus-<version>-<generation>.<dataset>.nq.gz, .trig.gz, .ttl.gz, .jsonld.gz
                              foedus-<version>-<generation>.added-since-<other>.nq.gz, .removed-since-<other>.nq.gz
                              SHA256SUMS
"""

from __future__ import annotations

import re
from pathlib import Path

from kg.store.generation import Generation

DUMPS = "dumps"
SUMS = "SHA256SUMS"
_NAME = re.compile(r"foedus-[A-Za-z0-9._-]+\.gz|SHA256SUMS")


def base_name(version: str, generation: Generation) -> str:
    """How the files of a generation begin.

    >>> base_name("0.1.0", Generation(Path("/x/abc")))
    'foedus-0.1.0-abc'
    """
    return f"foedus-{version}-{generation.name}"


def folder(root: Path, generation: Generation) -> Path:
    """Where the dumps of a generation are, once they are written."""
    return root / DUMPS / generation.name


def listed(root: Path, generation: Generation) -> list[Path]:
    """The files that were written for a generation, by name."""
    place = folder(root, generation)
    return sorted(path for path in place.glob("*") if _NAME.fullmatch(path.name)) if place.is_dir() else []


def find(root: Path, name: str) -> Path | None:
    """The file of that name, of whatever generation; None where there is none."""
    if not _NAME.fullmatch(name) or name == SUMS:
        return None
    return next((path for path in sorted((root / DUMPS).glob(f"[!.]*/{name}")) if path.is_file()), None)
