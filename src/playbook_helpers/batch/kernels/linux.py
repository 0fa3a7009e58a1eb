"""What Linux offers for keeping processes in hand, by number: prctl, limits, children."""

from __future__ import annotations

import ctypes
import os
import signal
import sys
from contextlib import suppress
from functools import cache
from pathlib import Path

_DEATH_SIGNAL, _SUBREAPER = 1, 36


@cache
def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)


def can_fork() -> bool:
    """Whether a fork server is safe here: Linux, with descriptors for processes."""
    if sys.platform != "linux" or not hasattr(os, "pidfd_open"):
        return False
    try:
        os.close(os.pidfd_open(os.getpid()))
        os.close(os.memfd_create("playbook"))
    except OSError:
        return False
    return True


def die_with_parent(parent: int) -> None:
    """Have this process killed when its parent ends; at once if it has ended already."""
    _libc().prctl(_DEATH_SIGNAL, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:
        os._exit(1)


def adopt_orphans(wanted: bool) -> None:
    """Have what descendants leave behind become this process's own children, or no longer."""
    _libc().prctl(_SUBREAPER, int(wanted), 0, 0, 0)


def limit_memory(more: int) -> None:
    """Let this process take `more` bytes beyond the address space it has now."""
    import resource  # not there on Windows

    pages = int(Path("/proc/self/statm").read_text().split()[0])
    most = pages * resource.getpagesize() + more
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    if hard != resource.RLIM_INFINITY:
        most = min(most, hard)
    resource.setrlimit(resource.RLIMIT_AS, (most, hard))


def unlimited_memory() -> None:
    """Take back `limit_memory`: what has failed for want of memory takes some to be told."""
    import resource

    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (hard, hard))


def give_back() -> None:
    """Give memory that is free inside this process back to the system."""
    with suppress(AttributeError):  # other libraries than GNU's do not know how
        _libc().malloc_trim(0)


def children() -> list[int]:
    """The numbers of this process's children, zombies too."""
    pid = os.getpid()
    try:
        return [int(n) for n in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []


def session_of(pid: int) -> int:
    """The session a process belongs to; 0 if it is gone."""
    try:
        return os.getsid(pid)
    except (ProcessLookupError, PermissionError):
        return 0
