"""Where the ontology, the queries and the fact tables lie: in the checkout, else inside the installed package."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from kg.errors import UsageError


@dataclass(frozen=True)
class Assets:
    """Three folders: `ontology/`, `queries/` and the fact tables `data/`."""

    ontology: Path
    queries: Path
    data: Path

    def turtle(self, folder: str) -> tuple[Path, ...]:
        """The Turtle files of one folder of the ontology, by name: `vocabulary`, `concepts`, `shapes` …"""
        return tuple(sorted((self.ontology / folder).glob("*.ttl")))

    def queries_in(self, folder: str) -> tuple[Path, ...]:
        """The query files below one folder of `queries/`, by path."""
        return tuple(sorted((self.queries / folder).rglob("*.rq")))

    def with_data(self, folder: Path) -> Assets:
        """The same ontology and queries, with fact tables from another folder."""
        if not folder.is_dir():
            raise UsageError(f"{folder} is not a folder; name the one that holds the fact tables")
        return replace(self, data=folder)


def find() -> Assets:
    """Return the folders of the checkout that this package lies in, or those shipped inside the package.

    Raises UsageError when neither is there, which means that the installation is incomplete.
    """
    package = Path(__file__).resolve().parent
    for root in (package.parent, package / "_assets"):
        if (root / "ontology").is_dir() and (root / "queries").is_dir():
            return Assets(ontology=root / "ontology", queries=root / "queries", data=package / "data")
    raise UsageError(
        f"the folders ontology/ and queries/ are neither beside nor inside {package}; install foedus again"
    )
