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
from kg.store.generation import REMOTE, Generation
from kg.store.plain import PLAIN
from kg.store.publication import publishing
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
    """Make a generation of `root` the current one that has nothing but the address of a store."""
    documents = {
        REMOTE: json.dumps(dataclasses.asdict(remote)).encode() + b"\n",
        PLAIN: json.dumps({"union": remote.union}).encode() + b"\n",
    }
    with publishing(root) as publisher:
        return publisher.publish("remote", lambda _: None, documents, {})


def check(name: str, address: str) -> None:
    """Raise UsageError for an address that is none, or tells a password; nothing at all is fine."""
    if not address:
        return
    parts = urlsplit(address)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.fragment:
        raise UsageError(f"{name} is {address!r}; it should be the address of an endpoint, http://… or https://…")
    if parts.username or parts.password:
        raise UsageError(f"{name} has a password in it, which logs would show; put it into {USER} and {PASSWORD}")
