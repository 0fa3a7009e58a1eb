"""The fork server: one warm process, and a fork of it for each job.

`python -m playbook_helpers.batch.kernels.forkserver N`, N a socket to its owner. It has created the
shell and imported what notebooks need; it has no threads, opens no store, and runs no cell itself.
It waits for jobs, forks, keeps the time, and answers when a fork has ended. When its owner is
gone, it ends every fork and itself.
"""

from __future__ import annotations

import atexit
import gc
import json
import math
import os
import selectors
import signal
import socket
import sys
import time
import traceback
import weakref
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from playbook_helpers.batch.kernels import cells, linux
from playbook_helpers.batch.kernels.jobs import Ending, How, Job, named, pack, unpack
from playbook_helpers.batch.kernels.streams import NAMES
from playbook_helpers.batch.kernels.warmth import slow_import_skipped
from playbook_helpers.batch.kernels.wire import write_all
from playbook_helpers.core.errors import InputError

AFTER_SECONDS = 60.0
"""What saving the rest of a notebook may take."""
_MOST_LEFT = 1 << 20
_FDS = 4


@dataclass(slots=True)
class Fork:
    """A running fork, and the server's ends of what connects the two."""

    number: int
    job: Job
    pid: int
    watch: int
    answer: int
    journal: int
    pipes: dict[str, int]
    begun: float
    deadline: float
    ending: Ending | None = None
    """In a fork that saves the rest of another: how that one ended."""
    late: bool = False
    stopped: bool = False


@dataclass(slots=True)
class Waiting:
    """A job that waits for a place."""

    number: int
    job: Job
    handed: list[int] = field(default_factory=list)
    ending: Ending | None = None


class Server:
    """Takes jobs from its owner and runs at most `places` of them at once."""

    def __init__(self, owner: socket.socket, kernel: cells.CellKernel, places: int) -> None:
        self.owner = owner
        self.kernel = kernel
        self.places = places
        self.pid = os.getpid()
        self.waiting: list[Waiting] = []
        self.forks: dict[int, Fork] = {}
        self.chooser = selectors.DefaultSelector()
        self.chooser.register(owner, selectors.EVENT_READ)

    def run(self) -> None:
        """Serve until the owner is gone."""
        while True:
            deadline = min((fork.deadline for fork in self.forks.values()), default=math.inf)
            wait = None if deadline == math.inf else max(0.0, deadline - time.monotonic())
            for key, _ in self.chooser.select(wait):
                if key.fileobj is self.owner:
                    if not self._hear():
                        return
                elif key.fd in self.forks:
                    self._ended(self.forks[key.fd])
            self._keep_time()
            while self.waiting and len(self.forks) < self.places:
                self._fork(self.waiting.pop(0))

    def _hear(self) -> bool:
        """Take one message from the owner; False if it is gone or has said goodbye."""
        try:
            data, handed, _, _ = socket.recv_fds(self.owner, 1 << 18, _FDS)
        except OSError:
            return False
        if not data:
            return False
        name, values = unpack(data)
        if name == "run":
            self.waiting.append(Waiting(values["number"], Job(**values["job"]), list(handed)))
        elif name == "stop":
            waiting, self.waiting = self.waiting, []
            for each in waiting:
                _close(*each.handed)
                self._answer(each.number, None, "stopped")
            for fork in self.forks.values():
                fork.stopped = True
                linux.kill_session(fork.pid)
        return name != "quit"

    def _keep_time(self) -> None:
        moment = time.monotonic()
        for fork in self.forks.values():
            if fork.deadline <= moment:
                fork.late, fork.deadline = True, math.inf
                linux.kill_session(fork.pid)

    def _answer(
        self, number: int, value: Any, how: How, code: int = 0, journal: bytes = b""
    ) -> None:
        error = _error(journal)
        try:
            message = pack("answer", number=number, value=value, how=how, code=code, error=error)
        except InputError:  # an answer that is too long for its way
            message = pack("answer", number=number, value=None, how="exit", code=code, error="")
        with suppress(OSError):
            self.owner.send(message)

    # Forking ------------------------------------------------------------------------------------

    def _fork(self, place: Waiting) -> None:
        job = place.job
        answer, answering = os.pipe()
        journal = os.memfd_create("playbook-journal")
        ends = {name: os.pipe() for name in NAMES}
        pid = os.fork()
        if pid == 0:
            try:
                _close(answer, *self._own_descriptors())
                inside = Inside(self, place, answering, journal, ends)
                inside.run()
            except BaseException:  # whatever it is, it ends this fork only and is told
                inside.write(json.dumps(["error", traceback.format_exc()]).encode() + b"\n")
            finally:
                os._exit(70)
        _close(answering, *(writing for _, writing in ends.values()), *place.handed)
        watch = os.pidfd_open(pid)
        seconds = AFTER_SECONDS if place.ending else job.seconds
        begun = time.monotonic()
        fork = Fork(
            number=place.number,
            job=job,
            pid=pid,
            watch=watch,
            answer=answer,
            journal=journal,
            pipes={name: reading for name, (reading, _) in ends.items()},
            begun=begun,
            deadline=begun + seconds if seconds else math.inf,
            ending=place.ending,
        )
        self.forks[watch] = fork
        self.chooser.register(watch, selectors.EVENT_READ)

    def _own_descriptors(self) -> list[int]:
        """What a fork has no business with."""
        held = [self.owner.fileno(), *(fd for each in self.waiting for fd in each.handed)]
        for fork in self.forks.values():
            held += [fork.watch, fork.answer, fork.journal, *fork.pipes.values()]
        return held

    # Ending -------------------------------------------------------------------------------------

    def _ended(self, fork: Fork) -> None:
        linux.kill_session(fork.pid)  # before it is waited for, while its number is its own
        _, status = os.waitpid(fork.pid, 0)
        self.chooser.unregister(fork.watch)
        del self.forks[fork.watch]
        self._end_strays()
        said = _drain(fork.answer, 1 << 20)
        code = os.waitstatus_to_exitcode(status)
        how: How = "signal" if code < 0 else "exit"
        how = "stopped" if fork.stopped else "timeout" if fork.late else how
        if said.endswith(b"\n"):
            self._answer(fork.number, json.loads(said), "answered")
        elif fork.ending is not None:
            self._answer(fork.number, None, how, abs(code), _whole(fork.journal))
        elif fork.job.after and not fork.stopped:
            journal = _whole(fork.journal) + _left(fork.pipes)
            ending = Ending(how, abs(code), journal, time.monotonic() - fork.begun)
            self.waiting.insert(0, Waiting(fork.number, fork.job, ending=ending))
        else:
            self._answer(fork.number, None, how, abs(code), _whole(fork.journal))
        _close(fork.watch, fork.answer, fork.journal, *fork.pipes.values())

    def _end_strays(self) -> None:
        """End what ended forks left behind: processes that no running fork can answer for."""
        known = {fork.pid for fork in self.forks.values()}
        for _ in range(20):
            strays = [
                pid
                for pid in linux.children()
                if pid not in known and linux.session_of(pid) not in known
            ]
            if not strays:
                return
            for pid in strays:
                with suppress(ProcessLookupError, PermissionError):
                    os.kill(pid, signal.SIGKILL)
                with suppress(ChildProcessError):
                    os.waitpid(pid, 0)

    def end_all(self) -> None:
        """Kill every fork and what came of it."""
        for fork in list(self.forks.values()):
            linux.kill_session(fork.pid)
            with suppress(ChildProcessError):
                os.waitpid(fork.pid, 0)
            del self.forks[fork.watch]
        self._end_strays()


class Inside:
    """The life of one fork, from its first step to its exit."""

    def __init__(
        self,
        server: Server,
        place: Waiting,
        answering: int,
        journal: int,
        ends: dict[str, tuple[int, int]],
    ) -> None:
        self.server, self.place = server, place
        self.answering, self.journal, self.ends = answering, journal, ends

    def run(self) -> None:
        """Run the job, answer, and end; never returns."""
        job = self.place.job
        os.setsid()
        linux.die_with_parent(self.server.pid)
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
        if self.place.ending is not None:
            value = named(job.after)(job, self.place.ending)
        else:
            cells.begin(
                self.server.kernel,
                cells.nowhere,
                note=self._note,
                pipes=self.ends,
                output=job.output,
            )
            self.server.kernel.fork = self
            value = named(job.call)(job, self.server.kernel)
        write_all(self.answering, json.dumps(value).encode() + b"\n")
        # What the notebook asked to be done at the end of its Python.
        atexit._run_exitfuncs()
        os._exit(0)

    def write(self, line: bytes) -> None:
        """Write one line of the journal."""
        write_all(self.journal, line)

    def _note(self, name: str, text: str) -> None:
        self.write(json.dumps(["text", name, text]).encode() + b"\n")


def _left(pipes: dict[str, int]) -> bytes:
    """What a dead fork had written and nobody has read, as lines of its journal."""
    lines = b""
    for name, reading in pipes.items():
        os.set_blocking(reading, False)
        text = _drain(reading, _MOST_LEFT).decode("utf8", "replace")
        if text:
            lines += json.dumps(["text", name, text]).encode() + b"\n"
    return lines


def _drain(reading: int, most: int) -> bytes:
    os.set_blocking(reading, False)
    data = b""
    with suppress(BlockingIOError):
        while len(data) < most and (more := os.read(reading, 65_536)):
            data += more
    return data


def _whole(journal: int) -> bytes:
    return os.pread(journal, os.fstat(journal).st_size, 0)


def _error(journal: bytes) -> str:
    """The traceback at the end of a journal."""
    last = journal[-100_000:].rstrip(b"\n").rpartition(b"\n")[2]
    return str(json.loads(last)[1]) if last.startswith(b'["error"') else ""


def _close(*descriptors: int) -> None:
    for descriptor in descriptors:
        with suppress(OSError):
            os.close(descriptor)


def warm(kernel: cells.CellKernel, modules: list[str], calls: list[str]) -> None:
    """Import what notebooks need inside the shell, and call what makes the first use quick."""
    with slow_import_skipped():
        for module in modules:
            kernel.shell.run_cell(f"__import__({module!r});", silent=True, store_history=False)
        for call in calls:
            named(call)()


def main() -> None:
    """Serve the owner at the other end of the socket whose number is the argument."""
    owner = socket.socket(fileno=int(sys.argv[1]))
    _, settings = unpack(owner.recv(1 << 18))
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    linux.adopt_orphans()
    kernel = cells.create()
    warm(kernel, settings["modules"], settings["calls"])
    sys.argv = ["ipykernel_launcher.py"]
    # From here on only what a notebook registers is run when a notebook's Python ends.
    atexit._clear()
    atexit.register(weakref.finalize._exitfunc)  # type: ignore[attr-defined]
    gc.collect()
    gc.freeze()
    linux.join_pages()
    server = Server(owner, kernel, settings["places"])
    owner.send(pack("ready", pid=os.getpid()))
    try:
        server.run()
    except BaseException:  # told in the log, which the owner reads
        os.write(2, traceback.format_exc().encode())
    finally:
        server.end_all()
        os._exit(0)


if __name__ == "__main__":
    main()
