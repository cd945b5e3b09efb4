"""A client that costs little: requests over plain connections that stay open, so that servers are measured, not it."""

import asyncio
import time
from dataclasses import dataclass
from urllib.parse import quote


@dataclass(frozen=True)
class Measured:
    """What some requests took: their times in seconds, sorted, how long all took together, and how many failed."""

    times: list[float]
    seconds: float
    failed: int

    @property
    def median(self) -> float:
        """The time of the one in the middle; endless when none succeeded."""
        return self.times[len(self.times) // 2] if self.times else float("inf")

    @property
    def rate(self) -> float:
        """Answers each second."""
        return len(self.times) / self.seconds


def request(path: str, query: str, host: str) -> bytes:
    """The bytes of one GET."""
    accept = "text/turtle" if query.startswith("CONSTRUCT") else "application/sparql-results+json"
    return f"GET {path}?query={quote(query)} HTTP/1.1\r\nHost: {host}\r\nAccept: {accept}\r\n\r\n".encode()


async def measure(port: int, requests: list[bytes], clients: int, seconds: float) -> Measured:
    """Send requests from so many clients, each the next one of the list, for so long."""
    times: list[float] = []
    failed, given = 0, 0
    began = time.perf_counter()
    end = began + seconds

    async def ask() -> None:
        nonlocal failed, given
        reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=2**20)
        while (now := time.perf_counter()) < end:
            given += 1
            writer.write(requests[given % len(requests)])
            status, closing = await _read(reader)
            if status == 200:
                times.append(time.perf_counter() - now)
            else:
                failed += 1
            if closing:
                writer.close()
                reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=2**20)
        writer.close()

    await asyncio.gather(*(ask() for _ in range(clients)))
    return Measured(sorted(times), time.perf_counter() - began, failed)


async def _read(reader: asyncio.StreamReader) -> tuple[int, bool]:
    head = (await reader.readuntil(b"\r\n\r\n")).lower()
    status = int(head[9:12])
    closing = b"connection: close" in head
    if b"transfer-encoding: chunked" in head:
        while size := int((await reader.readline()).split(b";")[0], 16):
            await reader.readexactly(size + 2)
        await reader.readline()
    else:
        start = head.find(b"content-length:")
        if start >= 0:
            await reader.readexactly(int(head[start + 15 : head.index(b"\r", start)]))
        else:
            await reader.read()
            closing = True
    return status, closing
