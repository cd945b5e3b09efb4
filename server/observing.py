"""What the server does, as it does it: one line a request for a log, and numbers for Prometheus.

Source of the text format: https://prometheus.io/docs/instrumenting/exposition_formats/#text-based-format
"""

from __future__ import annotations

import json
import resource
import sys
import time
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from kg.settings import Settings
from server.headers import REQUEST_ID

BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
"""Upper bounds, in seconds, of the classes that requests are counted in."""
PLACES = ("/sparql", "/store", "/claims", "/receipts", "/journal", "/questions", "/health", "/metrics", "/id")
"""The first parts of addresses that are counted apart; the rest is `other`, so that no stranger makes series."""
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "QUERY"})


class Log:
    """Writes one line for each event to standard error: for people, or as JSON; never a query, never a key."""

    def __init__(self, settings: Settings) -> None:
        chosen = settings.log
        self._form = ("text" if sys.stderr.isatty() else "off") if chosen == "auto" else chosen

    def event(self, name: str, about: Mapping[str, Any]) -> None:
        """Note that something happened."""
        if self._form == "off":
            return
        at = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        if self._form == "json":
            line = json.dumps({"at": at, "event": name, **about}, ensure_ascii=False, default=str)
        else:
            line = f"{at[11:19]} {name} " + " ".join(f"{key}={_plain(value)}" for key, value in about.items())
        sys.stderr.write(line + "\n")
        sys.stderr.flush()


class Metrics:
    """Counts since the server began."""

    def __init__(self) -> None:
        self.began = time.time()
        self.requests: Counter[tuple[str, str, int]] = Counter()
        self.seconds: dict[str, list[int]] = {}
        self.sums: Counter[str] = Counter()
        self.sent = 0

    def note(self, place: str, method: str, status: int, seconds: float, size: int) -> None:
        """Count one request."""
        self.requests[place, method, status] += 1
        classes = self.seconds.setdefault(place, [0] * (len(BUCKETS) + 1))
        classes[bisect_left(BUCKETS, seconds)] += 1
        self.sums[place] += seconds  # type: ignore[assignment]
        self.sent += size

    def text(self, gauges: Mapping[str, tuple[str, float]], information: Mapping[str, str]) -> str:
        """All numbers; `gauges` are a meaning and a value by name, `information` labels of what is served."""
        return "".join(f"{line}\n" for line in self._lines(gauges, information))

    def _lines(self, gauges: Mapping[str, tuple[str, float]], information: Mapping[str, str]) -> Iterator[str]:
        yield from _head("foedus_requests_total", "counter", "Requests by place, method and status.")
        for (place, method, status), count in sorted(self.requests.items()):
            yield f'foedus_requests_total{{place="{place}",method="{method}",status="{status}"}} {count}'
        yield from _head("foedus_request_seconds", "histogram", "Seconds from a request to the end of its answer.")
        for place, classes in sorted(self.seconds.items()):
            total = 0
            for bound, count in zip((*map(str, BUCKETS), "+Inf"), classes, strict=True):
                total += count
                yield f'foedus_request_seconds_bucket{{place="{place}",le="{bound}"}} {total}'
            yield f'foedus_request_seconds_sum{{place="{place}"}} {self.sums[place]:.6f}'
            yield f'foedus_request_seconds_count{{place="{place}"}} {total}'
        yield from _head("foedus_sent_bytes_total", "counter", "Bytes of answers.")
        yield f"foedus_sent_bytes_total {self.sent}"
        for name, (meaning, value) in gauges.items():
            yield from _head(name, "gauge", meaning)
            yield f"{name} {value:g}"
        yield from _head("foedus_info", "gauge", "What is served.")
        labels = ",".join(f'{name}="{_escaped(value)}"' for name, value in information.items())
        yield f"foedus_info{{{labels}}} 1"
        yield from self._process()

    def _process(self) -> Iterator[str]:
        if not Path("/proc/self/statm").exists():  # where there is no such file system, the rest still counts
            return
        used = resource.getrusage(resource.RUSAGE_SELF)
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
        handles = sum(1 for _ in Path("/proc/self/fd").iterdir())
        memory = pages * resource.getpagesize()
        for name, kind, meaning, value in (
            ("process_cpu_seconds_total", "counter", "Seconds of processor time.", used.ru_utime + used.ru_stime),
            ("process_resident_memory_bytes", "gauge", "Memory of the web process.", memory),
            ("process_open_fds", "gauge", "File handles of the web process.", handles),
            ("process_start_time_seconds", "gauge", "When the server began.", self.began),
        ):
            yield from _head(name, kind, meaning)
            yield f"{name} {value:.3f}"


class Observed:
    """An ASGI application that notes every request in the log and in the metrics."""

    def __init__(self, app: ASGIApp, log: Log, metrics: Metrics) -> None:
        self._app, self._log, self._metrics = app, log, metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass everything through."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began, status, size = time.perf_counter(), 499, 0

        async def counted(message: Message) -> None:
            nonlocal status, size
            if message["type"] == "http.response.start":
                status = message["status"]
            else:
                size += len(message.get("body", b""))
            await send(message)

        try:
            await self._app(scope, receive, counted)
        finally:
            seconds = time.perf_counter() - began
            method = scope["method"] if scope["method"] in METHODS else "other"
            self._metrics.note(place_of(scope["path"]), method, status, seconds, size)
            about = {
                "method": method,
                "path": scope["path"][:200],
                "status": status,
                "ms": round(seconds * 1000, 1),
                "bytes": size,
                "client": scope["client"][0] if scope.get("client") else "",
                "id": scope.get(REQUEST_ID, ""),
            }
            self._log.event("request", about)


def place_of(path: str) -> str:
    """The place that a path is counted under.

    >>> place_of("/questions/crimea"), place_of("/nowhere")
    ('/questions', 'other')
    """
    if path == "/":
        return path
    return next((each for each in PLACES if path == each or path.startswith(f"{each}/")), "other")


def _head(name: str, kind: str, meaning: str) -> Iterator[str]:
    yield f"# HELP {name} {meaning}"
    yield f"# TYPE {name} {kind}"


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")


def _plain(value: Any) -> str:
    text = str(value)
    return text if text and not any(sign in text for sign in ' ="\n') else json.dumps(text, ensure_ascii=False)
