"""Whether the server lives, whether it can answer, and what it serves."""

from __future__ import annotations

import contextlib
import json
from importlib.metadata import version

from kg.errors import FoedusError
from kg.settings import Settings
from kg.store.readers import Readers
from kg.store.writer import Writer
from server.headers import SHARED
from server.observing import Metrics
from server.replies import Reply

SANDBOX = {
    True: "on: the kernel denies connections and programs to readers",
    False: "off: this kernel has no filter of system calls; only the analysis of queries refuses SERVICE",
    None: "unknown: no reader lives",
}
ELSEWHERE = "in part: readers ask the store, so they may open connections; the kernel denies programs, where it can"


def live() -> Reply:
    """200 as long as the process answers at all."""
    return _json(200, {"live": True})


def ready(settings: Settings, readers: Readers, writer: Writer | None) -> Reply:
    """200 when everything that the settings ask for can be done: queries, and writes where they are on."""
    told = json.loads(report(settings, readers, writer).body)
    wanted = ("ready", *(("writer",) if writer is not None else ()))
    fine = told["ready"] and (writer is None or told["writer"]["ready"])
    return _json(200 if fine else 503, {name: told[name] for name in (*wanted, "detail") if name in told})


def report(settings: Settings, readers: Readers, writer: Writer | None = None) -> Reply:
    """200 when queries can be answered, else 503; the body says which generation, with its counts."""
    living = len(readers.pids)
    health: dict[str, object] = {
        "live": True,
        "ready": False,
        "readers": {"wanted": settings.readers, "living": living},
        "waiting": readers.waiting,
        "sandbox": ELSEWHERE if settings.store else SANDBOX[readers.confined],
        **({"store": settings.store} if settings.store else {}),
    }
    try:
        generation = readers.generation()
        manifest = generation.manifest()
        health |= {"generation": generation.name, "counts": manifest["counts"]}
        health |= {} if settings.store else {"engine": manifest["engine"]}
        health["ready"] = living > 0
    except (FoedusError, OSError) as error:
        health["detail"] = str(error)
    if writer is not None:
        health["writer"] = {
            "ready": writer.loaded and writer.pid is not None,
            "waiting": writer.waiting,
            **({"detail": writer.trouble} if writer.trouble else {}),
        }
    return _json(200 if health["ready"] else 503, health)


def metrics(settings: Settings, readers: Readers, writer: Writer | None, counted: Metrics) -> Reply:
    """Everything that is counted, for Prometheus."""
    gauges = {
        "foedus_readers": ("Reader processes that live.", float(len(readers.pids))),
        "foedus_readers_wanted": ("Reader processes that should live.", float(settings.readers)),
        "foedus_queries_waiting": ("Queries that wait for a reader.", float(readers.waiting)),
    }
    information = {"version": version("foedus"), "generation": ""}
    with contextlib.suppress(FoedusError, OSError):
        generation = readers.generation()
        manifest = generation.manifest()
        information["generation"] = generation.name
        gauges["foedus_quads"] = ("Quads in the generation that is served.", float(manifest["counts"]["quads"]))
        shown = manifest.get("journal", {"records": 0})["records"]
        gauges["foedus_journal_records_visible"] = ("Records of the journal that are visible.", float(shown))
    if writer is not None:
        gauges["foedus_writer_ready"] = ("1 when writes are taken.", float(writer.loaded and writer.pid is not None))
        gauges["foedus_writes_waiting"] = ("Writes on their way.", float(writer.waiting))
    headers = {"Content-Type": "text/plain; version=0.0.4; charset=utf-8", "Cache-Control": "no-store"}
    return Reply(200, counted.text(gauges, information).encode(), headers)


def _json(status: int, told: dict[str, object]) -> Reply:
    body = json.dumps(told, ensure_ascii=False, indent=2).encode() + b"\n"
    return Reply(status, body, {"Content-Type": "application/json", "Cache-Control": "no-store", **SHARED})
