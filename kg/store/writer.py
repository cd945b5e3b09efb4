"""The writer seen from the web process: one child that writes, started again when it ends, asked in order."""

from __future__ import annotations

import asyncio
import contextlib
import os
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from kg.errors import FoedusError
from kg.settings import Settings, variable
from kg.store import frames
from kg.store.answers import DeadlinePassed, TooBusy
from kg.store.child import receive, spawn
from kg.store.generation import RootHeld

STARTING = 120.0
ENDING = 20.0
"""Seconds that a writer gets to finish what it has begun when the server ends."""


ENDED = "the server is ending; what was sent may still be taken. Send it again then: a claim that was taken counts once"
"""What is said to those whose write is not finished when the server has waited long enough."""


class WriterLost(FoedusError):
    """The process that writes ended while it worked; what was sent may have been taken."""


class WriteUncertain(FoedusError):
    """The store on another machine did not say in time whether it has taken a write."""


class WriterUnready(FoedusError):
    """The process that writes can't be started."""


class DiskFull(FoedusError):
    """There is no space for what was sent; nothing of it is kept."""


@dataclass
class Submission:
    """One write on its way: what the writer said of it, stage by stage."""

    header: dict[str, Any]
    body: bytes
    durable: asyncio.Future[dict[str, Any]]
    final: asyncio.Future[dict[str, Any]]
    begun: bool = False
    timer: asyncio.TimerHandle | None = field(default=None, repr=False)

    def fail(self, error: FoedusError) -> None:
        """Let whoever waits know that it came to nothing, or that nothing is known."""
        for future in (self.durable, self.final):
            if not future.done():
                future.set_exception(error)
                future.exception()  # whoever waits for one stage only does not look at the other

    def settle(self, told: dict[str, Any]) -> None:
        """Note a stage."""
        if told["stage"] == "durable" and not self.durable.done():
            self.durable.set_result(told)
        if told.get("final") and not self.final.done():
            self.final.set_result(told)


class Writer:
    """Keeps one writer process, and passes it what is to be written; used from one event loop.

    `module` is the program, `arguments` what it is told, `environment` what it has beside
    Python's own variables. Where there is a `deadline`, a write that runs longer than that many seconds ends the
    process, and that write with it; those behind it are asked of the next one.
    """

    def __init__(
        self,
        settings: Settings,
        module: str,
        arguments: Sequence[str],
        deadline: float | None = None,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        self._settings = settings
        self._deadline = deadline
        self._module, self._arguments = module, tuple(arguments)
        self._environment = dict(environment or {})
        self._process: asyncio.subprocess.Process | None = None
        self._complaints = tempfile.TemporaryFile()  # noqa: SIM115 - closed by close()
        self._open: dict[int, Submission] = {}
        self._undecided: set[int] = set()  # neither durable nor refused yet; the others only wait to be visible
        self._number = 0
        self._keeper: asyncio.Task[None] | None = None
        self._closing = False
        self._overdue: set[int] = set()
        self.loaded = False
        self.trouble: str | None = None
        self.told: Callable[[str, dict[str, Any]], None] = lambda _event, _about: None

    async def start(self) -> None:
        """Start the process; raise RootHeld when another one writes here, WriterUnready when it cannot start."""
        await self._spawn()
        self._keeper = asyncio.get_running_loop().create_task(self._keep())

    async def close(self) -> None:
        """Let the process finish what it was given, and end it."""
        self._closing = True
        if self._process is not None and self._process.stdin is not None:
            with contextlib.suppress(OSError, RuntimeError):
                self._process.stdin.close()
        if self._keeper is not None:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(ENDING):
                    await asyncio.shield(self._keeper)
            self._kill()
            await asyncio.gather(self._keeper, return_exceptions=True)
        self._complaints.close()

    @property
    def pid(self) -> int | None:
        """The process id, while there is one."""
        running = self._process is not None and self._process.returncode is None
        return self._process.pid if running and self._process else None

    @property
    def waiting(self) -> int:
        """How many writes are on their way to be durable."""
        return len(self._undecided)

    def submit(self, wanted: dict[str, Any], body: bytes = b"") -> Submission:
        """Pass a write on; raise TooBusy when too many are on their way, WriterUnready when there is no writer."""
        if self._closing:
            raise WriterUnready("the server is ending; send it again in a moment")
        if self.waiting >= self._settings.waiting:
            raise TooBusy(f"{self.waiting} writes are waiting already ({variable('waiting')}); try again in a while")
        loop = asyncio.get_running_loop()
        self._number += 1
        header = {**wanted, "number": self._number}
        submission = Submission(header, body, loop.create_future(), loop.create_future())
        self._open[self._number] = submission
        self._undecided.add(self._number)
        self._send(submission)
        return submission

    def _send(self, submission: Submission) -> None:
        process = self._process
        if process is not None and process.stdin is not None and process.returncode is None:
            with contextlib.suppress(OSError, RuntimeError):
                process.stdin.write(frames.pack(submission.header, submission.body) + submission.body)

    async def _spawn(self) -> None:
        self.loaded = False
        self._complaints.truncate(0)
        self._process = await spawn(self._module, self._arguments, self._complaints, self._environment)
        try:
            async with asyncio.timeout(STARTING):
                told = await receive(self._process)
        except TimeoutError:
            told = None
        if told is None or "failed" in told:
            self._kill()
            await self._process.wait()
            message = told["message"] if told else f"the writer did not start: {self._complained()}"
            raise (RootHeld if told and told["failed"] == "RootHeld" else WriterUnready)(message)
        self.trouble = None
        self.told("writer started", {"pid": self._process.pid, **told})

    async def _keep(self) -> None:
        """Read what the writer says until it ends; then start another one, unless the server ends."""
        delay = 0.1
        while True:
            while self._process is not None and (told := await receive(self._process)) is not None:
                delay = 0.1
                self._note(told)
            if self._process is not None:
                await self._process.wait()
            self._lost()
            if self._closing:
                return
            while not await self._respawned():
                await asyncio.sleep(delay)
                delay = min(5.0, 2 * delay)

    async def _respawned(self) -> bool:
        try:
            await self._spawn()
        except FoedusError as error:
            self.trouble = str(error)
            self.told("writer not started", {"reason": self.trouble})
            for number in list(self._open):
                self._open.pop(number).fail(WriterUnready(self.trouble))
            self._undecided.clear()
            return self._closing
        for submission in self._open.values():
            self._send(submission)
        return True

    def _note(self, told: dict[str, Any]) -> None:
        if "loaded" in told:
            self.loaded = True
            self.told("writer loaded", {})
            return
        if "failed" in told and "number" not in told:
            self.trouble = told["message"]
            return
        submission = self._open.get(told["number"])
        if submission is None:
            return
        if told["stage"] == "begun":
            submission.begun = True
            if self._deadline is not None:
                loop = asyncio.get_running_loop()
                submission.timer = loop.call_later(self._deadline, self._overrun, told["number"])
            return
        if told["stage"] == "durable" and submission.timer:
            submission.timer.cancel()
        submission.settle(told)
        if submission.durable.done() or submission.final.done():
            self._undecided.discard(told["number"])
        if told.get("final"):
            del self._open[told["number"]]

    def _overrun(self, number: int) -> None:
        self._overdue.add(number)
        self._kill()

    def _lost(self) -> None:
        """The process has ended: what it had begun is settled, what it had not is kept for the next one."""
        self.loaded = False
        if not self._closing:
            self.told("writer ended", {"begun": sum(each.begun for each in self._open.values())})
        for number, submission in list(self._open.items()):
            if submission.timer:
                submission.timer.cancel()
            if submission.durable.done() and not submission.final.done():
                submission.settle({"stage": "visible", "final": True, "generation": None})
                del self._open[number]
            elif number in self._overdue:
                submission.fail(
                    DeadlinePassed(
                        f"the write was ended after {self._deadline:g} s "
                        f"({variable('write_deadline')}), and nothing of it is kept; make it smaller"
                    )
                )
                del self._open[number]
            elif submission.begun or self._closing:
                submission.fail(
                    WriterLost(
                        "the process that writes ended while it worked on this; it may or may not have been taken. "
                        "Send a claim again: if it was taken, it counts once"
                    )
                )
                del self._open[number]
        self._overdue.clear()
        self._undecided &= self._open.keys()

    def _kill(self) -> None:
        if self._process is not None and self._process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                self._process.kill()

    def _complained(self) -> str:
        size = os.fstat(self._complaints.fileno()).st_size
        lines = os.pread(self._complaints.fileno(), 4096, max(0, size - 4096)).decode(errors="replace").splitlines()
        return next((line for line in reversed(lines) if line.strip()), "it said nothing")
