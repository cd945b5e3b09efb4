"""The reader: a process that opens one generation, answers one query after the other, and can be killed at any time.

    python -m kg.store.reader <generation> <MiB of memory> <triples held in memory> <seconds until then> <of views>

Standard input carries frames with queries, standard output frames with answers or errors; the first
frame says that the stores are open. The end of standard input ends the process.
"""

from __future__ import annotations

import fcntl
import json
import os
import sys
import threading
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

from pyoxigraph import Store

from kg.algebra import QueryRefused
from kg.algebra.diagnosis import diagnose
from kg.store import frames, sandbox
from kg.store.generation import EVIDENCE, MANIFEST, MERGE
from kg.store.geosparql import functions
from kg.store.opened import OpenViews, in_memory
from kg.store.output import Output, TooLarge, TooManyRows
from kg.store.sandbox import Space
from kg.store.tasks import TASKS, NoSuchGraph, Session, Task, TaskFailed

_LOADING = 30
"""Seconds of processor time that taking the merge into memory may take beside a query."""


def main() -> None:
    """Open the stores and answer until standard input ends."""
    generation, memory = Path(sys.argv[1]), int(sys.argv[2])
    most_triples, settling = int(sys.argv[3]), float(sys.argv[4])
    source, sink = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    confined = sandbox.confine(memory, movable=True)
    space = Space(memory)
    views = OpenViews(int(sys.argv[5]), space)
    with (generation / MANIFEST).open("rb") as manifest:
        fcntl.flock(manifest, fcntl.LOCK_SH)
        stores = {name: Store.read_only(str(generation / name)) for name in (MERGE, EVIDENCE)}
        triples = json.load(manifest)["counts"]["merged triples"]
        if triples <= most_triples:
            settle = threading.Timer(settling, take_into_memory, (stores, triples, space))
            settle.daemon = True
            settle.start()
        session = Session(stores, folder=str(generation))
        frames.write(sink, {"ready": True, "confined": confined})
        while frame := frames.read(source):
            wanted, text = frame
            space.renew()
            sandbox.limit_processor_time(2 * wanted["deadline"] + _LOADING)
            try:
                asked = views.open(wanted["view"], session) if wanted["view"] else session
            except OSError as error:
                frames.write(sink, {"error": "store", "message": str(error)})
                continue
            frames.write(sink, *answer(asked, wanted, text.decode()))


def take_into_memory(stores: dict[str, Store], triples: int, space: Space) -> None:
    """Replace the merge on disk by one in memory, where the engine is several times faster.

    Queries go on being answered from disk meanwhile.
    """
    stores[MERGE] = in_memory(stores[MERGE], triples, space)


def answer(
    session: Session, wanted: dict[str, Any], text: str, tasks: Mapping[str, Task] = TASKS
) -> tuple[dict[str, Any], bytes]:
    """Run one query; the header says `ok`, or which `error` with a message and perhaps line and column.

    A task that is not in the table is a function `module:name` of a higher layer.
    """
    output = Output(wanted["largest"])
    functions().exhausted = False
    try:
        module, _, name = wanted["task"].partition(":")
        if name:
            getattr(import_module(module), name)(session, wanted, text, output)
        else:
            tasks[wanted["task"]](session, wanted, text, output)
        if functions().exhausted:
            raise MemoryError
    except QueryRefused as error:
        return {"error": "uncitable", "message": error.message, "line": error.line, "column": error.column}, b""
    except TaskFailed as error:
        return {"error": error.kind, "message": error.message}, b""
    except NoSuchGraph:
        return {"error": "graph"}, b""
    except SyntaxError as error:
        return _syntax_error(session.stores[wanted["store"]], str(error), text, wanted["base"]), b""
    except TooLarge:
        return {"error": "large"}, b""
    except TooManyRows:
        return {"error": "rows"}, b""
    except MemoryError:
        output.parts.clear()
        return {"error": "memory"}, b""
    except OSError as error:
        return {"error": "store", "message": str(error)}, b""
    except (RuntimeError, ValueError) as error:
        return {"error": "evaluation", "message": str(error)}, b""
    return {"ok": True}, b"".join(output.parts)


def _syntax_error(store: Store, complaint: str, text: str, base: str) -> dict[str, Any]:
    def parse(spread: str) -> str | None:
        try:
            store.query(spread, base_iri=base)
        except SyntaxError as error:
            return str(error)
        return None

    return {"error": "syntax", **diagnose(text, complaint, parse)._asdict()}


if __name__ == "__main__":
    main()
