"""The writer of a plain dataset: updates one after the other, synced and shown in groups.

    python -m kg.store.plain_writer <root> <base> <nesting>

Every request gets `durable`, when what it did is on the disk, or why it did nothing; and `visible`, when a
generation shows it. Each is a transaction of its own, so that one that fails takes no other with it.
"""

from __future__ import annotations

import dataclasses
import signal
import sys
import time
import traceback
from pathlib import Path
from typing import Any

from kg.algebra import QueryRefused, look_update
from kg.algebra.tokens import QueryUnreadable
from kg.errors import FoedusError
from kg.settings import Settings
from kg.store import sandbox
from kg.store.inbox import Asked, Inbox
from kg.store.live import Live
from kg.store.misreading import misread
from kg.store.publication import publishing

PAUSE, LATEST = 0.05, 1.0
"""Seconds without a request after which what is durable is shown, and how long it may take at most."""
APART = 0.1
"""Seconds between one generation and the next: for each, every reader starts anew."""
_FULL = ("no space left", "file too large", "disk quota")


def main() -> None:
    """Hold the root and write until standard input ends."""
    root, base, nesting = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
    inbox = Inbox()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    sandbox.forbid()
    settings = dataclasses.replace(Settings(), base=base, nesting=nesting)
    try:
        with publishing(root, "a server that writes") as publisher:
            live = Live(publisher)
            inbox.tell({"ready": True, "cut": 0, "behind": False})
            inbox.tell({"loaded": True})
            inbox.listen()
            _Work(inbox, live, settings).run()
    except FoedusError as error:
        inbox.tell({"failed": type(error).__name__, "message": str(error)})
    except (OSError, RuntimeError) as error:
        inbox.tell({"failed": "OSError", "message": f"{root}: {error}"})


class _Work:
    """Groups of requests; what nobody waits to see is shown when there is a pause, or after a second."""

    def __init__(self, inbox: Inbox, live: Live, settings: Settings) -> None:
        self._inbox, self._live, self._settings = inbox, live, settings
        self._unseen: list[int] = []
        self._since = time.monotonic()
        self._shown = 0.0

    def run(self) -> None:
        while (group := self._inbox.group(PAUSE if self._unseen else None)) is not None:
            waited_for = self._apply(group)
            while waited_for and (early := self._since_shown()) < APART:
                more = self._inbox.group(APART - early)
                if not more:
                    break
                self._apply(more)
            if self._unseen and (waited_for or not group or time.monotonic() - self._since > LATEST):
                self._show()
        if self._unseen:
            self._show()

    def _apply(self, group: list[Asked]) -> bool:
        """Apply requests one after the other, sync them, and tell; whether somebody waits to see one."""
        answers: list[tuple[Asked, dict[str, Any]]] = []
        for asked in group:
            self._inbox.tell({"number": asked.number, "stage": "begun"})
            answers.append((asked, _one(self._live, asked, self._settings)))
        if any("failed" not in answer for _, answer in answers):
            try:
                self._live.sync()
            except OSError as error:
                self._live.give_up()
                answers = [(asked, answer if "failed" in answer else _failure(error)) for asked, answer in answers]
        for asked, answer in answers:
            failed = "failed" in answer
            self._inbox.tell({"number": asked.number, "stage": "durable", "final": failed, **answer})
            if not failed:
                if not self._unseen:
                    self._since = time.monotonic()
                self._unseen.append(asked.number)
        return any("failed" not in answer and not asked.wanted.get("hurry") for asked, answer in answers)

    def _since_shown(self) -> float:
        return time.monotonic() - self._shown

    def _show(self) -> None:
        self._shown = time.monotonic()
        try:
            told: dict[str, Any] = {"generation": self._live.publish()}
        except (OSError, RuntimeError) as error:
            self._live.give_up()
            told = {"generation": None, "message": str(error)}
        for number in self._unseen:
            self._inbox.tell({"number": number, "stage": "visible", "final": True, **told})
        self._unseen.clear()


def _one(live: Live, asked: Asked, settings: Settings) -> dict[str, Any]:
    wanted = asked.wanted
    try:
        match wanted["kind"]:
            case "update":
                text = asked.body.decode()
                update = look_update(text, settings, wanted["using"], wanted["using_named"])
                live.update(update.text, settings.base)
                return {"new": False, "there": True}
            case "put" if wanted["graph"] is None:
                live.replace_all(asked.body)
            case "post" if wanted["graph"] is None:
                live.add_all(asked.body)
            case "put":
                return {"new": live.put(wanted["graph"], asked.body), "there": True}
            case "post":
                return {"new": live.add(wanted["graph"], asked.body), "there": True}
            case "delete":
                return {"new": False, "there": live.drop(wanted["graph"])}
    except SyntaxError as error:
        told = misread(asked.body.decode(), settings.base)
        return told or {"failed": "syntax", "message": str(error.msg), "line": 1, "column": 1}
    except (QueryRefused, QueryUnreadable) as error:
        kind = type(error).__name__
        return {"failed": kind, "message": error.message, "line": error.line, "column": error.column}
    except (OSError, RuntimeError, ValueError, MemoryError) as error:
        failure = _failure(error)
        if failure["failed"] == "full":
            live.give_up()
        return failure
    return {"new": False, "there": True}


def _failure(error: Exception) -> dict[str, Any]:
    message = str(error)
    full = any(sign in message.lower() for sign in _FULL)
    return {"failed": "full" if full else "evaluation", "message": message}


if __name__ == "__main__":
    try:
        main()
    except Exception:
        traceback.print_exc()
        sys.exit(1)
