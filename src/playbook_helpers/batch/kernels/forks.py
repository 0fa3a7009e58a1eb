"""The process that forks: it has made a kernel and imported what notebooks need, and waits.

It has no threads, opens no store, and runs no cell itself. It forks when its owner says so, and
tells how each fork has ended. When its owner is gone, it ends every fork and itself.
"""

from __future__ import annotations

import atexit
import gc
import json
import os
import pickle
import selectors
import signal
import socket
import sys
import traceback
import weakref
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Any

from playbook_helpers.batch.kernels import linux
from playbook_helpers.batch.kernels.cells import CellKernel, begin, create, nowhere
from playbook_helpers.batch.kernels.forkserver import Job, named, whole
from playbook_helpers.batch.kernels.preload import load, slow_import_skipped
from playbook_helpers.batch.kernels.streams import NAMES
from playbook_helpers.batch.kernels.wire import write_all

_MOST_LEFT = 1 << 20
"""Bytes of output kept that a fork had written when it died, and nobody had read."""


@dataclass(slots=True)
class Fork:
    """A running fork, and what the server holds of it: a descriptor each."""

    pid: int
    watch: int
    """Can be read once the fork has ended."""
    line: int
    """Can be read once nobody waits for the job any more."""
    journal: int
    pipes: dict[str, int]

    def descriptors(self) -> list[int]:
        """All of them."""
        return [self.watch, self.line, self.journal, *self.pipes.values()]


class Server:
    """Forks for its owner until that is gone."""

    def __init__(self, owner: socket.socket, kernel: CellKernel | None) -> None:
        self.owner, self.kernel = owner, kernel
        self.forks: dict[int, Fork] = {}
        self.chooser = selectors.DefaultSelector()
        self.chooser.register(owner, selectors.EVENT_READ)

    def run(self) -> None:
        """Serve until the owner is gone."""
        while True:
            for key, _ in self.chooser.select():
                fork: Fork | None = key.data
                if fork is None:
                    said, handed, _, _ = socket.recv_fds(self.owner, 16, 3)
                    if not said:
                        return
                    self._fork(*handed)
                elif fork.pid not in self.forks:
                    continue  # both of its descriptors were ready
                elif key.fd == fork.watch:
                    self._ended(fork)
                else:
                    self.chooser.unregister(fork.line)
                    os.kill(fork.pid, signal.SIGKILL)

    def _fork(self, line: int, page: int, journal: int) -> None:
        ends = {name: os.pipe() for name in NAMES}
        parent, pid = os.getpid(), os.fork()
        if pid == 0:
            try:
                others = [each for fork in self.forks.values() for each in fork.descriptors()]
                _close(self.owner.fileno(), line, *others)
                linux.die_with_parent(parent)
                _run(self.kernel, page, journal, ends)
            except BaseException:  # whatever it is, it ends this fork only and is told
                write_all(journal, json.dumps(["error", traceback.format_exc()]).encode() + b"\n")
            finally:
                os._exit(70)
        _close(page, *(writing for _, writing in ends.values()))
        pipes = {name: reading for name, (reading, _) in ends.items()}
        fork = self.forks[pid] = Fork(pid, os.pidfd_open(pid), line, journal, pipes)
        self.chooser.register(fork.watch, selectors.EVENT_READ, fork)
        self.chooser.register(fork.line, selectors.EVENT_READ, fork)

    def _ended(self, fork: Fork) -> None:
        _, status = os.waitpid(fork.pid, 0)
        del self.forks[fork.pid]
        self.end_strays()
        for descriptor in (fork.watch, fork.line):
            with suppress(KeyError):  # the line of one that was killed
                self.chooser.unregister(descriptor)
        write_all(fork.journal, _left(fork.pipes))
        with suppress(OSError):  # nobody may wait for it any more
            os.write(fork.line, str(os.waitstatus_to_exitcode(status)).encode())
        _close(*fork.descriptors())

    def end_strays(self) -> None:
        """End processes that no running fork can answer for: what ended forks left behind.

        Whatever they leave behind comes to this process in its turn.
        """
        for _ in range(20):
            strays = [
                pid
                for pid in linux.children()
                if pid not in self.forks and linux.session_of(pid) not in self.forks
            ]
            if not strays:
                return
            for pid in strays:
                with suppress(ProcessLookupError, PermissionError):
                    os.kill(pid, signal.SIGKILL)
                with suppress(ChildProcessError):
                    os.waitpid(pid, 0)


def _run(
    kernel: CellKernel | None, page: int, journal: int, ends: dict[str, tuple[int, int]]
) -> None:
    """Run the job of a page in this fork, answer, and end; never returns."""
    # Only the owner writes a page, and only its own server gets it.
    job: Job = pickle.loads(whole(page))  # noqa: S301
    os.ftruncate(page, 0)
    os.setsid()
    empty = os.open(os.devnull, os.O_RDONLY)
    os.dup2(empty, 0)
    os.close(empty)
    if job.environment is not None:
        os.environ.clear()
        os.environ.update(job.environment)
    if job.folder:
        os.chdir(job.folder)
    if job.memory:
        linux.limit_memory(job.memory)
    if kernel is not None:
        begin(kernel, nowhere, partial(write_all, journal), pipes=ends, output=job.output)
    value = named(job.call)(job, kernel)
    os.lseek(page, 0, os.SEEK_SET)
    write_all(page, json.dumps(value).encode() + b"\n")
    # What the notebook asked to be done at the end of its Python.
    atexit._run_exitfuncs()
    os._exit(0)


def _left(pipes: dict[str, int]) -> bytes:
    """What a dead fork had written and nobody has read, as lines of its journal."""
    lines = b""
    for name, reading in pipes.items():
        os.set_blocking(reading, False)
        data = b""
        with suppress(BlockingIOError):
            while len(data) < _MOST_LEFT and (more := os.read(reading, 65_536)):
                data += more
        if data:
            text = data.decode("utf8", "replace")
            lines += json.dumps(["text", name, text]).encode() + b"\n"
    return lines


def _close(*descriptors: int) -> None:
    for descriptor in descriptors:
        with suppress(OSError):
            os.close(descriptor)


def main(owner: int) -> None:
    """Serve the owner at the other end of the socket of that number."""
    line = socket.socket(fileno=owner)
    settings: dict[str, Any] = pickle.loads(line.recv(1 << 18))  # noqa: S301 - our owner's
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    linux.adopt_orphans(True)
    kernel = create() if settings["kernel"] else None
    first: Job | None = settings["first"]
    with slow_import_skipped():
        load(settings["modules"])
        if first is not None:
            named(first.call)(first, kernel)
    sys.argv = ["ipykernel_launcher.py"]
    # From here on only what a notebook registers is run when a notebook's Python ends.
    atexit._clear()
    atexit.register(weakref.finalize._exitfunc)  # type: ignore[attr-defined]
    linux.give_back()
    gc.collect()
    gc.freeze()
    server = Server(line, kernel)
    line.send(b"ready")
    try:
        server.run()
    except BaseException:  # told in the log, which the owner reads
        os.write(2, traceback.format_exc().encode())
    finally:
        server.forks.clear()
        server.end_strays()
        os._exit(0)
