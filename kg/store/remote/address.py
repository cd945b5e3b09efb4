"""Where a store on another machine is, and what its default graph means."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from kg.errors import UsageError
from kg.settings import Settings, variable
from kg.store.generation import CURRENT, GENERATIONS, MANIFEST, PLAIN, REMOTE, Generation
from kg.store.remote.credentials import PASSWORD, USER


@dataclass(frozen=True)
class Remote:
    """A SPARQL 1.1 store: the addresses of its query, update and Graph Store endpoints.

    Without one for graphs, whole graphs are written by updates. `union` says that its default graph is the
    union of the others. `documents` are those that may be fetched, for a process that does nothing else.
    """

    query: str
    update: str
    graphs: str
    union: bool
    documents: Sequence[str] = ()

    @classmethod
    def of_settings(cls, settings: Settings) -> Remote:
        """The store that the settings name; raise UsageError for an address that is none."""
        for name in ("store", "store_update", "store_graphs"):
            check(variable(name), getattr(settings, name))
        return cls(settings.store, settings.store_update or settings.store, settings.store_graphs, settings.store_union)

    @classmethod
    def of_generation(cls, found: Generation) -> Remote | None:
        """The store that a generation stands for, if it stands for one."""
        try:
            return cls(**json.loads(found.document(REMOTE)))
        except FileNotFoundError:
            return None


def publish(root: Path, remote: Remote) -> Path:
    """Make a generation of `root` the current one that has nothing but the address of a store; return its directory.

    Written here and not by kg.store.publication, since the web process, which has no engine, does this, too.
    """
    directory = root / GENERATIONS / "remote"
    directory.mkdir(parents=True, exist_ok=True)
    manifest = {"name": directory.name, "engine": "elsewhere", "counts": {}, "journal": {"records": 0, "digest": ""}}
    told = {REMOTE: dataclasses.asdict(remote), PLAIN: {"union": remote.union}, MANIFEST: manifest}
    for name, content in told.items():
        draft = directory / f".{name}"
        draft.write_text(json.dumps(content) + "\n", encoding="utf-8")
        draft.replace(directory / name)
    link = root / f".{CURRENT}"
    link.unlink(missing_ok=True)
    link.symlink_to(Path(GENERATIONS) / directory.name, target_is_directory=True)
    link.replace(root / CURRENT)
    return directory.absolute()


def check(name: str, address: str) -> None:
    """Raise UsageError for an address that is none, or tells a password; nothing at all is fine."""
    if not address:
        return
    parts = urlsplit(address)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.fragment:
        raise UsageError(f"{name} is {address!r}; it should be the address of an endpoint, http://… or https://…")
    if parts.username or parts.password:
        raise UsageError(f"{name} has a password in it, which logs would show; put it into {USER} and {PASSWORD}")
