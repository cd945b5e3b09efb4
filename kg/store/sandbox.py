"""What a reader may not do: grow, write files, run on when nobody waits, open a connection."""

from __future__ import annotations

import ctypes
import errno
import math
import platform
import resource
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kg.settings import MEBIBYTE

_PR_SET_NO_NEW_PRIVS, _PR_SET_SECCOMP, _FILTER = 38, 22, 2
_ALLOW, _DENY = 0x7FFF0000, 0x00050000 | errno.EACCES
_LOAD, _JUMP_IF_EQUAL, _RETURN = 0x20, 0x15, 0x06
_NUMBER, _ARCHITECTURE = 0, 4
_FORBIDDEN = {
    # audit architecture; execve, execveat, ptrace, io_uring_setup; socket, socketpair, connect
    "x86_64": (0xC000003E, (59, 322, 101, 425), (41, 53, 42)),
    "aarch64": (0xC00000B7, (221, 281, 117, 425), (198, 199, 203)),
}


class _Instruction(ctypes.Structure):
    _fields_ = (("code", ctypes.c_ushort), ("yes", ctypes.c_ubyte), ("no", ctypes.c_ubyte), ("value", ctypes.c_uint))


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("instructions", ctypes.POINTER(_Instruction)))


def confine(memory: int, *, connections: bool = False, movable: bool = False) -> bool:
    """Give up what a reader does not need; `memory` is its address space in MiB.

    With `connections` it may still open some; `movable` leaves the limit of the address space to Space. Returns whether
    the kernel denies the rest from now on; see forbid.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    most = memory * MEBIBYTE
    resource.setrlimit(resource.RLIMIT_AS, (most, resource.RLIM_INFINITY if movable else most))
    return forbid(connections=not connections)


class Space:
    """The address space that one query may take, `memory` MiB, beside what the process holds by then.

    What is held for later queries must not count against them: else a reader that holds much would end on small ones.
    """

    def __init__(self, memory: int) -> None:
        self._memory = memory * MEBIBYTE
        self._granted = 0
        self._lock = threading.Lock()
        self.renew()

    def renew(self) -> None:
        """A new query begins."""
        with self._lock:
            self._limit(_held() + self._memory + self._granted)

    @contextmanager
    def beside(self, size: int) -> Iterator[None]:
        """Something of so many bytes is made beside the queries."""
        with self._lock:
            self._granted += size
            self._limit(resource.getrlimit(resource.RLIMIT_AS)[0] + size)
        try:
            yield
        finally:
            with self._lock:
                self._granted -= size

    @staticmethod
    def _limit(size: int) -> None:
        resource.setrlimit(resource.RLIMIT_AS, (size, resource.RLIM_INFINITY))


def _held() -> int:
    """Bytes of address space that this process has; 0 where the system does not tell, and keeps no such limit."""
    try:
        pages = int(Path("/proc/self/statm").read_bytes().split()[0])
    except OSError:
        return 0
    return pages * resource.getpagesize()


def limit_processor_time(seconds: float) -> None:
    """Let the kernel end this process when it has used that much more processor time on all cores."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    soft = math.ceil(used.ru_utime + used.ru_stime + seconds) + 1
    resource.setrlimit(resource.RLIMIT_CPU, (soft, resource.RLIM_INFINITY))


def forbid(*, connections: bool = True) -> bool:
    """Deny new programs and `connections` to this process for good; False where the kernel has no such filter.

    Source: https://www.kernel.org/doc/html/latest/userspace-api/seccomp_filter.html
    """
    known = _FORBIDDEN.get(platform.machine())
    if not sys.platform.startswith("linux") or known is None:
        return False
    architecture, programs, sockets = known
    calls = (*programs, *sockets) if connections else programs
    steps = [(_LOAD, 0, 0, _ARCHITECTURE), (_JUMP_IF_EQUAL, 0, len(calls) + 2, architecture), (_LOAD, 0, 0, _NUMBER)]
    steps += [(_JUMP_IF_EQUAL, len(calls) - index, 0, call) for index, call in enumerate(calls)]
    steps += [(_RETURN, 0, 0, _ALLOW), (_RETURN, 0, 0, _DENY)]
    instructions = (_Instruction * len(steps))(*(_Instruction(*step) for step in steps))
    program = _Program(len(steps), ctypes.cast(instructions, ctypes.POINTER(_Instruction)))
    control = ctypes.CDLL(None, use_errno=True).prctl
    control.argtypes = [ctypes.c_int, ctypes.c_ulong, ctypes.c_void_p, ctypes.c_ulong, ctypes.c_ulong]
    return bool(
        control(_PR_SET_NO_NEW_PRIVS, 1, None, 0, 0) == 0
        and control(_PR_SET_SECCOMP, _FILTER, ctypes.byref(program), 0, 0) == 0
    )
