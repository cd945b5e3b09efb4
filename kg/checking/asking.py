"""Puts questions to a project's data in a process of its own, so that one that takes too long can be ended.

The two speak in lines of JSON: first the files, then a question a line; an answer a line comes back.
"""

from __future__ import annotations

import json
import queue
import subprocess
import sys
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Any

import pyoxigraph

# A name of pyoxigraph's format for each ending of a file that it reads; what is left is RDF/XML.
_FORMATS = {".ttl": "TURTLE", ".trig": "TRIG", ".nt": "N_TRIPLES", ".nq": "N_QUADS", ".jsonld": "JSON_LD"}


class TooSlow(Exception):
    """A question was ended at its deadline."""


class NotAnswered(Exception):
    """A question could not be run; the text says why."""


@dataclass(frozen=True)
class Answer:
    """The rows of a SELECT with their columns; for ASK `rows` is None, for CONSTRUCT and DESCRIBE one row a triple."""

    columns: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] | None = None


class Asker:
    """A process that holds data in one default graph and answers questions about them, one after the other."""

    def __init__(self, files: Sequence[tuple[str, str, str]], seconds: float) -> None:
        """Take the text, the ending and the base of each file, and how long a question may take."""
        self._files = files
        self._seconds = seconds
        self._process: subprocess.Popen[bytes] | None = None
        self._answers: queue.Queue[bytes] = queue.Queue()

    def __enter__(self) -> Asker:
        """Nothing is started before the first question."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        """End the process."""
        self._end()

    def ask(self, text: str, base: str) -> Answer:
        """Answer one query. Raises TooSlow at the deadline, NotAnswered when it cannot be run."""
        process = self._process or self._start()
        self._send(process, {"query": text, "base": base})
        try:
            line = self._answers.get(timeout=self._seconds)
        except queue.Empty:
            self._end()
            raise TooSlow from None
        if not line:
            self._end()
            raise NotAnswered("the process that ran it came to an end; it may have run out of memory")
        told = json.loads(line)
        if "error" in told:
            raise NotAnswered(told["error"])
        rows = told["rows"]
        return Answer(tuple(told["columns"]), None if rows is None else tuple(map(tuple, rows)))

    def _start(self) -> subprocess.Popen[bytes]:
        process = self._process = subprocess.Popen(
            [sys.executable, "-m", "kg.checking.asking"], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        answers = self._answers = queue.Queue()

        def listen() -> None:
            assert process.stdout is not None
            for line in process.stdout:
                answers.put(line)
            answers.put(b"")

        threading.Thread(target=listen, daemon=True).start()
        self._send(process, {"files": list(self._files)})
        # Loading counts against no question; an end of the process is left for the question to find.
        if not answers.get():
            answers.put(b"")
        return process

    @staticmethod
    def _send(process: subprocess.Popen[bytes], message: dict[str, Any]) -> None:
        assert process.stdin is not None
        try:
            process.stdin.write(json.dumps(message).encode() + b"\n")
            process.stdin.flush()
        except OSError:
            # The listener has seen the end, and says so.
            pass

    def _end(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            for pipe in (self._process.stdin, self._process.stdout):
                if pipe is not None:
                    pipe.close()
            self._process = None


def _load(files: list[tuple[str, str, str]]) -> pyoxigraph.Store:
    store = pyoxigraph.Store()
    for text, suffix, base in files:
        rdf_format = getattr(pyoxigraph.RdfFormat, _FORMATS.get(suffix, "RDF_XML"))
        quads = pyoxigraph.parse(text.encode(), rdf_format, base_iri=base, rename_blank_nodes=True)
        store.extend(pyoxigraph.Quad(quad.subject, quad.predicate, quad.object) for quad in quads)
    return store


def _answer(store: pyoxigraph.Store, text: str, base: str) -> dict[str, Any]:
    try:
        found = store.query(text, base_iri=base)
        if isinstance(found, pyoxigraph.QueryBoolean):
            return {"columns": [], "rows": None}
        if isinstance(found, pyoxigraph.QueryTriples):
            return {"columns": [], "rows": [[str(triple)] for triple in found]}
        names = [variable.value for variable in found.variables]
        rows = [["" if row[name] is None else row[name].value for name in names] for row in found]
        return {"columns": names, "rows": rows}
    except (SyntaxError, ValueError, OSError, RuntimeError) as error:
        return {"error": str(error)}


def _serve() -> None:
    """Answer until the parent closes the pipe."""
    store = pyoxigraph.Store()
    for line in sys.stdin.buffer:
        message = json.loads(line)
        if "files" in message:
            store = _load(message["files"])
            told: dict[str, Any] = {"loaded": len(store)}
        else:
            told = _answer(store, message["query"], message["base"])
        sys.stdout.buffer.write(json.dumps(told).encode() + b"\n")
        sys.stdout.buffer.flush()


if __name__ == "__main__":
    _serve()
