"""The writer of the graph: a process that holds the root, judges writes in groups, and publishes what is durable.

    python -m kg.writing.process <root> <base> <folder of the tables, or empty>

Every request gets `durable` with its outcome, and `visible` when a generation shows it, where it changed
anything. The end of standard input ends the process, after what waits has been done.
"""

from __future__ import annotations

import errno
import signal
import sys
import traceback
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from kg import assets
from kg.errors import FoedusError
from kg.store import sandbox
from kg.store.inbox import Asked, Inbox
from kg.store.journal import Journal
from kg.store.publication import publishing
from kg.terms import Names
from kg.writing import sent
from kg.writing.graph import Graph, Write
from kg.writing.outcomes import ACCEPTED
from kg.writing.retraction import retraction

AGAIN = 5.0
"""Seconds after which a publication that failed, for want of space perhaps, is tried again."""


def main() -> None:
    """Hold the root and write until standard input ends."""
    root, base, tables = Path(sys.argv[1]), sys.argv[2], sys.argv[3]
    inbox = Inbox()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    sandbox.forbid()
    found = assets.find()
    try:
        with publishing(root, "a server that writes") as publisher:
            journal = Journal(root)
            graph = Graph(found.with_data(Path(tables)) if tables else found, publisher, journal, base)
            inbox.tell({"ready": True, "cut": journal.cut, "behind": graph.behind})
            inbox.listen()
            graph.load()
            inbox.tell({"loaded": True})
            _Work(inbox, graph, Names(base)).run()
            journal.close()
    except FoedusError as error:
        inbox.tell({"failed": type(error).__name__, "message": str(error)})
    except OSError as error:
        inbox.tell({"failed": "OSError", "message": f"{error.filename or root}: {error.strerror}"})


class _Work:
    def __init__(self, inbox: Inbox, graph: Graph, names: Names) -> None:
        self._inbox, self._graph, self._names = inbox, graph, names
        self._unseen: list[int] = []

    def run(self) -> None:
        while (group := self._inbox.group(AGAIN if self._graph.behind else None)) is not None:
            if group:
                self._commit(group)
            self._publish()

    def _commit(self, group: list[Asked]) -> None:
        for asked in group:
            self._inbox.tell({"number": asked.number, "stage": "begun"})
        today = datetime.now(UTC).date().isoformat()
        writes = [self._write(asked, today) for asked in group]
        try:
            outcomes = self._graph.commit(writes)
        except OSError as error:
            self._full(group, error)
            return
        for asked, outcome in zip(group, outcomes, strict=True):
            accepted = outcome.status == ACCEPTED
            stage = {"stage": "durable", "final": not accepted}
            self._inbox.tell({"number": asked.number, **stage, "outcome": outcome.as_json()})
            if accepted:
                self._unseen.append(asked.number)

    def _write(self, asked: Asked, today: str) -> Write:
        wanted = asked.wanted
        if wanted["kind"] == "retract":
            what = retraction(wanted["refs"], today)
        else:
            what = sent.read(asked.body, self._names, today)
        return Write(what, wanted["by"], wanted.get("dry_run", False), wanted.get("report", "nt"))

    def _publish(self) -> None:
        if not self._graph.behind:
            return
        try:
            self._graph.publish()
        except (OSError, RuntimeError) as error:
            self._tell_unseen({"generation": None, "message": str(error)})
        else:
            self._tell_unseen({"generation": self._graph.generation})

    def _tell_unseen(self, told: dict[str, Any]) -> None:
        for number in self._unseen:
            self._inbox.tell({"number": number, "stage": "visible", "final": True, **told})
        self._unseen.clear()

    def _full(self, group: list[Asked], error: OSError) -> None:
        full = error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
        for asked in group:
            failed = {"failed": "full" if full else "unwritable", "message": error.strerror}
            self._inbox.tell({"number": asked.number, "stage": "durable", "final": True, **failed})


if __name__ == "__main__":
    try:
        main()
    except Exception:
        traceback.print_exc()
        sys.exit(1)
