"""The packages that reference data come from: which version is installed, and how the dataset describes itself."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module, metadata
from typing import Any

from pyoxigraph import Literal, NamedNode, Quad

from kg.errors import BuildFailed
from kg.terms import DCTERMS, FOE, PROV, RDF, Names


def version(package: str) -> str:
    """Return the installed version; raise BuildFailed when there is none."""
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError as error:
        raise _missing(package) from error


def load(package: str, module: str | None = None) -> Any:
    """Import a package, or a module of it; raise BuildFailed when it is not installed."""
    try:
        return import_module(module or package)
    except ModuleNotFoundError as error:
        raise _missing(package) from error


def describe(
    graph: NamedNode, names: Names, *, title: str, package: str, data_version: str | None = None, licence: str
) -> Iterator[Quad]:
    """Yield the description of a dataset graph: its title, package, version and licence (an IRI)."""
    installed = version(package)
    text = f"{installed} ({data_version})" if data_version else installed
    about = names.provenance
    yield Quad(graph, RDF["type"], FOE["Dataset"], about)
    yield Quad(graph, RDF["type"], PROV["Entity"], about)
    yield Quad(graph, DCTERMS["title"], Literal(title, language="en"), about)
    yield Quad(graph, DCTERMS["license"], NamedNode(licence), about)
    yield Quad(graph, FOE["packageName"], Literal(package), about)
    yield Quad(graph, FOE["packageVersion"], Literal(text), about)


def _missing(package: str) -> BuildFailed:
    return BuildFailed(f"the package {package} is not installed; install foedus again with its dependencies")
