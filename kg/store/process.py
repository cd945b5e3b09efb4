"""One reader process, seen from outside: start it, ask it, end it when the time is over."""

from __future__ import annotations

import contextlib
import dataclasses
import json
import os
import select
import signal
import subprocess
import sys
import tempfile
import time
from typing import Any

from kg.algebra import QueryUncitable, QueryUnreadable
from kg.errors import FoedusError
from kg.settings import MEBIBYTE, Settings, variable
from kg.store import frames
from kg.store.answers import (
    Answer,
    AnswerCut,
    AnswerTooLarge,
    DeadlinePassed,
    GraphMissing,
    OutOfMemory,
    QueryUnanswerable,
    ReaderLost,
    RemoteBusy,
    RemoteFailed,
    Request,
    StoreUnreadable,
)
from kg.store.generation import Generation
from kg.store.remote.credentials import authorities, credentials

STARTING = 30.0
ARENAS = "2"
"""In how many parts glibc keeps what is free: each takes 64 MiB of address space, and the engine has many threads."""
_STARVED = ("memory allocation", "MemoryError", "std::bad_alloc", "std::system_error")
"""What the complaint of a process says that could not have more memory, or a thread more."""


class Reader:
    """A reader process on one generation.

    Not for use by two threads at once, but for `kill`, which any thread may call. Whoever makes one
    closes it.
    """

    def __init__(self, generation: Generation, settings: Settings) -> None:
        """Start the process and wait until its stores are open; raise StoreUnreadable when they do not open."""
        self.generation = generation
        self._memory = settings.memory
        self._ended = False
        self._taken = bytearray()
        self.confined = False
        """Whether the kernel keeps the process from opening connections."""
        self._complaints = tempfile.TemporaryFile()  # noqa: SIM115 - closed by close()
        self._process = subprocess.Popen(
            [sys.executable, "-S", "-P", "-m", *_program(generation, settings)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._complaints,
            env={
                "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),
                "PYTHONUTF8": "1",
                "OPENBLAS_NUM_THREADS": "1",
                "MALLOC_ARENA_MAX": ARENAS,
                **(authorities(os.environ) if generation.is_remote else {}),
                **(credentials(os.environ) if settings.store else {}),
            },
            start_new_session=True,
            bufsize=0,
        )
        if self._process.stdin is None or self._process.stdout is None:
            raise StoreUnreadable("the pipes to the reader are missing")
        self._input, self._output = self._process.stdin.fileno(), self._process.stdout.fileno()
        os.set_blocking(self._input, False)
        os.set_blocking(self._output, False)
        try:
            ready, _ = self._receive(time.monotonic() + STARTING)
            self.confined = bool(ready.get("confined"))
        except FoedusError as error:
            complaint = [line for line in self._complained() if line.strip()]
            self.close()
            if not complaint and (self._process.returncode or 0) == -signal.SIGKILL and isinstance(error, ReaderLost):
                raise  # somebody ended it; the store has nothing to do with it
            raise StoreUnreadable(
                f"{generation.path} cannot be opened: {complaint[-1] if complaint else error}; run `foedus build`"
            ) from error

    @property
    def pid(self) -> int:
        """The process id."""
        return self._process.pid

    @property
    def alive(self) -> bool:
        """Whether the process still runs."""
        return not self._ended and self._process.poll() is None

    def ask(self, request: Request) -> Answer:
        """Run one query.

        Raises QueryUnreadable, QueryUncitable, QueryUnanswerable, AnswerTooLarge, OutOfMemory, StoreUnreadable; the
        process lives on after them. After DeadlinePassed and ReaderLost, and after OutOfMemory at times,
        it has ended: see `alive`.
        """
        self.begin(request)
        return self.finish()

    @property
    def output(self) -> int:
        """The descriptor that can be read when an answer begins to arrive."""
        return self._output

    def begin(self, request: Request) -> None:
        """Send a query, as far as the pipe takes it at once; `finish` sends the rest. Raises ReaderLost."""
        header = {each.name: getattr(request, each.name) for each in dataclasses.fields(request)}
        text = header.pop("text").encode(errors="replace")
        self._asked, self._began = request, time.monotonic()
        self._rest = memoryview(frames.pack(header, text) + text)
        self._taken.clear()
        with contextlib.suppress(BlockingIOError):
            self._write()

    @property
    def sent(self) -> bool:
        """Whether all of the query that was begun has been sent."""
        return not self._rest

    def arrived(self) -> Answer | None:
        """The answer to the query that was begun, if all of it is there; never waits. Raises what `ask` raises."""
        if self._rest:
            return None
        with contextlib.suppress(BlockingIOError):
            self._fill()
        start = frames.LENGTHS.size
        if len(self._taken) < start or len(self._taken) < start + sum(frames.LENGTHS.unpack(self._taken[:start])):
            return None
        return self.finish()

    def finish(self) -> Answer:
        """Wait for the answer to the query that was begun; see `ask`."""
        until = self._began + self._asked.deadline
        try:
            while self._rest:
                self._wait(self._input, select.POLLOUT, until)
                with contextlib.suppress(BlockingIOError):
                    self._write()
            result, body = self._receive(until)
        except TimeoutError as error:
            raise self.overdue() from error
        if "error" in result:
            raise self._error(result, self._asked)
        seconds = time.monotonic() - self._began
        return Answer(body, self._asked.media_type, self._asked.store, self.generation.name, seconds)

    @property
    def is_overdue(self) -> bool:
        """Whether the deadline of the query that was begun has passed."""
        return time.monotonic() >= self._began + self._asked.deadline

    def overdue(self) -> DeadlinePassed:
        """End the process, since its deadline has passed; returns the error that says so."""
        self.kill()
        return DeadlinePassed(
            f"the query was ended after {self._asked.deadline:g} s, the deadline ({variable('deadline')}); "
            "make it more selective, or add a LIMIT"
        )

    def kill(self) -> None:
        """End the process at once; whoever waits for its answer gets ReaderLost."""
        self._ended = True
        self._process.kill()

    def close(self) -> None:
        """End the process and give back everything."""
        self.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()
        self._complaints.close()

    def _write(self) -> None:
        try:
            self._rest = self._rest[os.write(self._input, self._rest) :]
        except BrokenPipeError as error:
            raise self._lost() from error

    def _fill(self) -> None:
        part = os.read(self._output, 65536)
        if not part:
            raise self._lost()
        self._taken += part

    def _receive(self, until: float) -> tuple[dict[str, Any], bytes]:
        header, body = frames.LENGTHS.unpack(self._take(frames.LENGTHS.size, until))
        fields: dict[str, Any] = json.loads(bytes(self._take(header, until)))
        return fields, bytes(self._take(body, until))

    def _take(self, size: int, until: float) -> bytearray:
        taken = bytearray(size)
        view, filled = memoryview(taken), min(size, len(self._taken))
        view[:filled] = self._taken[:filled]
        del self._taken[:filled]
        while filled < size:
            self._wait(self._output, select.POLLIN, until)
            try:
                count = os.readv(self._output, [view[filled:]])
            except BlockingIOError:
                continue
            if not count:
                raise self._lost()
            filled += count
        return taken

    @staticmethod
    def _wait(descriptor: int, event: int, until: float) -> None:
        poll = select.poll()
        poll.register(descriptor, event)
        if not poll.poll(max(0.0, until - time.monotonic()) * 1000):
            raise TimeoutError

    def _lost(self) -> FoedusError:
        code = self._process.wait()
        if any(sign in line for line in self._complained() for sign in _STARVED):
            return self._out_of_memory()
        if code == -signal.SIGXCPU:
            return DeadlinePassed("the query was ended: it used more processor time than its deadline allows")
        cause = signal.Signals(-code).name if code < 0 else f"exit code {code}"
        return ReaderLost(
            f"the process that worked on the query ended ({cause}); another has taken its place. If the same query "
            "ends it again, ask in smaller parts"
        )

    def _error(self, result: dict[str, Any], request: Request) -> FoedusError:
        message = result.get("message", "")
        match result["error"]:
            case "syntax":
                return QueryUnreadable(message, result["line"], result["column"])
            case "uncitable":
                return QueryUncitable(message, result["line"], result["column"])
            case "large":
                return AnswerTooLarge(
                    f"the answer is larger than {request.largest // MEBIBYTE} MiB ({variable('answer_size')}); "
                    "ask for it in parts with ORDER BY, LIMIT and OFFSET, or take the dump"
                )
            case "rows":
                return AnswerTooLarge(
                    f"the answer has more than {request.most_rows:,} rows ({variable('answer_rows')}); "
                    "ask for it in parts with ORDER BY, LIMIT and OFFSET, or take the dump"
                )
            case "graph":
                return GraphMissing(f"there is no graph <{request.text}>; GRAPH ?g lists those that there are")
            case "memory":
                return self._out_of_memory()
            case "remote":
                return RemoteFailed(message)
            case "busy":
                return RemoteBusy(message)
            case "cut":
                return AnswerCut(message)
            case "slow":
                return DeadlinePassed(
                    f"{message}, the deadline ({variable('deadline')}); make the query more selective"
                )
            case "store":
                return StoreUnreadable(f"the store could not be read: {message}")
            case _:
                return QueryUnanswerable(f"the query could not be evaluated: {message}")

    def _out_of_memory(self) -> OutOfMemory:
        return OutOfMemory(
            f"the query needs more than {self._memory} MiB ({variable('memory')}); make it more selective, or sort and "
            "group less"
        )

    def _complained(self) -> list[str]:
        file = self._complaints.fileno()
        size = os.fstat(file).st_size
        return os.pread(file, 65536, max(0, size - 65536)).decode(errors="replace").splitlines()


def _program(generation: Generation, settings: Settings) -> list[str]:
    """The module that reads a generation, and what it is told."""
    if generation.is_remote:
        return ["kg.store.remote.reader", str(generation.path), str(settings.memory)]
    told = (generation.path, settings.memory, settings.memory_triples, settings.settling, settings.views_triples)
    return ["kg.store.reader", *map(str, told)]
