"""Frames on a pipe: the lengths of header and body, a header in JSON, a body in bytes."""

from __future__ import annotations

import json
import struct
from typing import Any, BinaryIO

LENGTHS = struct.Struct(">IQ")


def pack(header: dict[str, Any], body: bytes = b"") -> bytes:
    """The start of a frame, without the body itself."""
    text = json.dumps(header, ensure_ascii=False).encode(errors="surrogatepass")
    return LENGTHS.pack(len(text), len(body)) + text


def read(stream: BinaryIO) -> tuple[dict[str, Any], bytes] | None:
    """Read one frame; None at the end of the stream."""
    start = stream.read(LENGTHS.size)
    if len(start) < LENGTHS.size:
        return None
    header, body = LENGTHS.unpack(start)
    fields: dict[str, Any] = json.loads(stream.read(header))
    return fields, stream.read(body)


def write(stream: BinaryIO, header: dict[str, Any], body: bytes = b"") -> None:
    """Write one frame."""
    stream.write(pack(header, body))
    stream.write(body)
    stream.flush()


def unpack(header: bytes) -> dict[str, Any]:
    """Read the header of a frame."""
    fields: dict[str, Any] = json.loads(header)
    return fields
