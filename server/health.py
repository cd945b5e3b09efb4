"""Whether the server lives, whether it can answer, and what it serves."""

from __future__ import annotations

import json

from kg.errors import FoedusError
from kg.settings import Settings
from kg.store.readers import Readers
from server.headers import SHARED
from server.replies import Reply

SANDBOX = {
    True: "on: the kernel denies connections and programs to readers",
    False: "off: this kernel has no filter of system calls; only the analysis of queries refuses SERVICE",
    None: "unknown: no reader lives",
}


def report(settings: Settings, readers: Readers) -> Reply:
    """200 when queries can be answered, else 503; the body says which generation, with its counts."""
    living = len(readers.pids)
    health: dict[str, object] = {
        "live": True,
        "ready": False,
        "readers": {"wanted": settings.readers, "living": living},
        "waiting": readers.waiting,
        "sandbox": SANDBOX[readers.confined],
    }
    try:
        generation = readers.generation()
        manifest = generation.manifest()
        health |= {"generation": generation.name, "engine": manifest["engine"], "counts": manifest["counts"]}
        health["ready"] = living > 0
    except (FoedusError, OSError) as error:
        health["detail"] = str(error)
    body = json.dumps(health, ensure_ascii=False, indent=2).encode() + b"\n"
    headers = {"Content-Type": "application/json", "Cache-Control": "no-store", **SHARED}
    return Reply(200 if health["ready"] else 503, body, headers)
