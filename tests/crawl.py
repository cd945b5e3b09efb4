"""Visit every page that can be reached from `/`: `make links`, or `python -m tests.crawl [ADDRESS] [--each N]`.

Every address answers, and every fragment that a page links to is there. It prints how many pages there are of
each kind and how long they took. Addresses are visited as they are found; `--each N` visits N of each kind only. Of
the addresses that show a page again, in another language or format, fifty of each kind are visited.
"""

from __future__ import annotations

import argparse
import asyncio
import html
import os
import re
import subprocess
import sys
import threading
import time
from collections import Counter, defaultdict, deque
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from urllib.parse import unquote

import httpx

_LINK = re.compile(r'<a\s[^>]*?href="(/[^"]*)"')
SAME = {"_profile", "format", "lang"}
"""Parameters that show a page again, in another format or language."""
_ANCHOR = re.compile(r'\sid="([^"]+)"')


@dataclass
class Crawl:
    """What was found: addresses as they were discovered, the anchors of pages, what was wrong, and how long it took."""

    each: int
    again: int
    waiting: deque[str] = field(default_factory=lambda: deque(["/"]))
    known: set[str] = field(default_factory=lambda: {"/"})
    anchors: dict[str, set[str]] = field(default_factory=dict)
    wanted: dict[tuple[str, str], str] = field(default_factory=dict)
    found: dict[str, str] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)
    seconds: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    kinds: Counter[str] = field(default_factory=Counter)

    async def visit(self, client: httpx.AsyncClient, address: str) -> None:
        """Fetch one page and note where it leads."""
        started = time.perf_counter()
        async with client.stream("GET", address) as response:
            self.seconds[kind_of(address)].append(time.perf_counter() - started)
            if response.status_code != 200:
                self.wrong.append(
                    f"{address} answers {response.status_code} (from {self.found.get(address, 'nowhere')})"
                )
                return
            if not response.headers["content-type"].startswith("text/html"):
                return
            await response.aread()
            text = response.text
        self.anchors[address] = set(_ANCHOR.findall(text))
        for link in _LINK.findall(text):
            target, _, fragment = html.unescape(link).partition("#")
            if fragment:
                self.wanted.setdefault((target, unquote(fragment)), address)
            if target not in self.known:
                self.known.add(target)
                self.found[target] = address
                kind = kind_of(target)
                self.kinds[kind] += 1
                most = self.again if set(_names(target)) & SAME else self.each
                if not most or self.kinds[kind] <= most:
                    self.waiting.append(target)

    async def run(self, base: str, clients: int) -> None:
        """Visit until nothing waits."""
        limits = httpx.Limits(max_connections=clients)
        async with httpx.AsyncClient(
            base_url=base, headers={"Accept": "text/html"}, follow_redirects=True, timeout=120, limits=limits
        ) as client:
            running: set[asyncio.Task[None]] = set()
            while self.waiting or running:
                while self.waiting and len(running) < clients:
                    running.add(asyncio.create_task(self.visit(client, self.waiting.popleft())))
                done, running = await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)
                for task in done:
                    task.result()
                visited = sum(map(len, self.seconds.values()))
                if sys.stderr.isatty() and visited % 50 == 0:
                    sys.stderr.write(f"\r{visited} visited, {len(self.waiting)} waiting ")
        for (target, fragment), origin in self.wanted.items():
            there = self.anchors.get(target)
            # A name redirects to its document; what it is followed to is the same page under another address.
            if there is not None and fragment not in there:
                self.wrong.append(f"{origin} links to {target}#{fragment}, which is not there")


@contextmanager
def served() -> Iterator[str]:
    """A server on the graph that was built last, for as long as the crawl takes, with patience for many clients."""
    environment = {**os.environ, "FOEDUS_READERS": "3", "FOEDUS_DEADLINE": "60", "FOEDUS_PATIENCE": "120"}
    command = [sys.executable, "-m", "kg.cli", "serve", "--port", "0"]
    with subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True) as server:
        assert server.stderr is not None
        found = re.search(r"http://127\.0\.0\.1:\d+", server.stderr.readline())
        assert found, "the server does not start; run foedus build first"
        # What it logs from here on would fill the pipe, and stop it.
        threading.Thread(target=server.stderr.read, daemon=True).start()
        yield found[0]
        server.terminate()


def kind_of(address: str) -> str:
    """The kind of a page: the first two parts of its path, and the names of its parameters."""
    path = address.partition("?")[0]
    parts = path.strip("/").split("/")
    names = _names(address)
    many = parts[0] in ("id", "doc", "concept", "dumps", "browse", "generations")
    return "/" + "/".join(parts[: 2 if many else 1]) + (f"?{'&'.join(names)}" if names else "")


def _names(address: str) -> list[str]:
    return sorted({pair.partition("=")[0] for pair in address.partition("?")[2].split("&") if pair})


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("address", nargs="?", help="where the server is (default: one that is started for it)")
    parser.add_argument("--each", metavar="N", type=int, default=0, help="visit N pages of each kind (default: all)")
    parser.add_argument("--clients", metavar="N", type=int, default=4, help="how many at once (default: 4)")
    parser.add_argument(
        "--again",
        metavar="N",
        type=int,
        default=50,
        help="visit N of each kind that is a page again, in another language or format; 0: all (default: 50)",
    )
    options = parser.parse_args()
    crawl = Crawl(options.each, options.again if not options.each else min(options.each, options.again or options.each))
    with nullcontext(options.address) if options.address else served() as address:
        try:
            asyncio.run(crawl.run(address, options.clients))
        except KeyboardInterrupt:
            print(f"interrupted; {len(crawl.waiting)} addresses were still to be visited")
    for kind, spent in sorted(crawl.seconds.items(), key=lambda pair: -len(pair[1]))[:60]:
        ordered = sorted(spent)
        middle, late = ordered[len(ordered) // 2], ordered[int(len(ordered) * 0.99)]
        print(f"{len(spent):6} {1000 * middle:7.0f} ms {1000 * late:7.0f} ms  {kind}")
    visited = sum(map(len, crawl.seconds.values()))
    print(f"{visited} pages of {len(crawl.seconds)} kinds, {len(crawl.known)} addresses known")
    for line in crawl.wrong[:50]:
        print(line)
    print(f"{len(crawl.wrong)} faults")
    return 1 if crawl.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
