"""Child processes of the web process that speak in frames: how they are started, how they are heard."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Mapping, Sequence
from typing import IO, Any

from kg.store import frames


async def spawn(
    module: str, arguments: Sequence[str], complaints: IO[bytes], environment: Mapping[str, str] | None = None
) -> asyncio.subprocess.Process:
    """Start a module of this program as a process of its own, its standard error going to a file.

    Of the environment it gets what is given, nothing else.
    """
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-S", "-P", "-m", module, *arguments),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=complaints,
        env={"PYTHONPATH": os.pathsep.join(filter(None, sys.path)), "PYTHONUTF8": "1", **(environment or {})},
        start_new_session=True,
    )


async def receive(process: asyncio.subprocess.Process) -> dict[str, Any] | None:
    """The header of the next frame; None when the process says nothing more."""
    frame = await receive_whole(process)
    return None if frame is None else frame[0]


async def receive_whole(process: asyncio.subprocess.Process) -> tuple[dict[str, Any], bytes] | None:
    """The next frame, header and body; None when the process says nothing more."""
    if process.stdout is None:
        return None
    try:
        header, body = frames.LENGTHS.unpack(await process.stdout.readexactly(frames.LENGTHS.size))
        fields = frames.unpack(await process.stdout.readexactly(header))
        return fields, await process.stdout.readexactly(body)
    except asyncio.IncompleteReadError:
        return None
