"""A fork server: one warm process, and a fork of it for each job. This is its owner's side.

`forks` is the other side. A job's function runs in a fork of its own; what it returns comes back
on a page (a file in memory) that went there with the job. While it runs it may write a journal,
another file in memory: whatever happens to the fork, its owner still has that. Each job has a
line, a socket. Its end, on the owner's side, ends the fork; on the server's side, it says that
the server is gone. So nothing has to be counted, watched or cleaned up on either side.

Safe to use from several threads.
"""

from __future__ import annotations

import atexit
import importlib
import json
import os
import pickle
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import IO, Any, Literal, Self

from playbook_helpers.core.errors import PlaybookError

START_SECONDS = 120.0
How = Literal["answered", "timeout", "signal", "exit", "stopped"]


class ServerEnded(PlaybookError):
    """The fork server has ended with jobs in hand, or could not be started."""


@dataclass(frozen=True, slots=True)
class Job:
    """One call in a fork of the function at `call` ("module:function"), as `function(job, kernel)`.

    It returns JSON values. `environment` replaces all variables; None keeps the server's own.
    `seconds` is the time after which the fork is ended, `memory` the bytes it may take beyond
    what the server holds already, `output` the bytes it may print and show; 0 is no limit.
    """

    call: str
    arguments: Mapping[str, Any] = field(default_factory=dict)
    folder: str = ""
    environment: Mapping[str, str] | None = None
    seconds: float = 0.0
    memory: int = 0
    output: int = 0


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of a job: what its function returned, or None, and how the fork ended.

    `number` is its signal or exit code, `journal` what it wrote down if it ended without an
    answer, `seconds` how long it took.
    """

    value: Any
    how: How
    number: int = 0
    journal: bytes = b""
    seconds: float = 0.0

    @property
    def error(self) -> str:
        """The traceback of a function that raised."""
        last = self.journal[-100_000:].rstrip(b"\n").rpartition(b"\n")[2]
        return str(json.loads(last)[1]) if last.startswith(b'["error"') else ""


class ForkServer:
    """A fork server, started by its first job.

    `modules` are imported in it, and `first` is done in it, once and before any fork.
    `environment` is the server's own; jobs may bring theirs. Without `kernel` no kernel is made
    in it, and a job's function gets None.
    """

    def __init__(
        self,
        *,
        modules: Sequence[str] = (),
        first: Job | None = None,
        environment: Mapping[str, str] | None = None,
        kernel: bool = True,
    ) -> None:
        self.settings: dict[str, Any] = {
            "modules": tuple(modules),
            "first": first,
            "kernel": kernel,
        }
        self.environment = dict(environment or os.environ)
        self.closed = threading.Event()
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._socket: socket.socket | None = None
        self._log: IO[bytes] | None = None
        self._fault: ServerEnded | None = None
        self._second: ForkServer | None = None
        self._second_lock = threading.Lock()

    @property
    def pid(self) -> int:
        """The server's process; 0 if none is running."""
        return self._process.pid if self._process and self._process.poll() is None else 0

    def start(self) -> None:
        """Start the server if none is running. Raises ServerEnded if it cannot be."""
        with self._lock:
            if self.closed.is_set():
                raise ServerEnded("The fork server has been closed")
            if self._fault is not None:
                raise self._fault  # what could not start once cannot start for the next job
            if not self.pid:
                try:
                    self._start()
                except ServerEnded as error:
                    self._fault = error
                    raise

    def run(self, job: Job) -> Answer:
        """Run a job to its end. Raises ServerEnded if the server dies under it."""
        with self.begin(job) as running:
            return running.result()

    def run_alone(self, job: Job) -> Answer:
        """Run a job in a server of its own, whose end takes no other job with it.

        For a job that a server had in hand when it died: it may be the one that killed it. Raises
        ServerEnded where it dies again.
        """
        with self._second_lock:
            with self._lock:
                if self.closed.is_set():
                    return Answer(None, "stopped")
                self._second = ForkServer(environment=self.environment, **self.settings)
            try:
                return self._second.run(job)
            except ServerEnded:
                if self.closed.is_set():
                    return Answer(None, "stopped")
                raise
            finally:
                self._second.close()

    def begin(self, job: Job) -> Running:
        """Hand over a job."""
        self.start()
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        page, journal = os.memfd_create("playbook-job"), os.memfd_create("playbook-journal")
        os.write(page, pickle.dumps(job))
        running = Running(self, job.seconds, ours, page, journal)
        assert self._socket is not None
        with theirs, suppress(OSError):  # the line says then that the server is gone
            socket.send_fds(self._socket, [b"run"], [theirs.fileno(), page, journal])
        return running

    def close(self) -> None:
        """End the server and every fork; wait until they are gone.

        Jobs in hand are answered with how="stopped".
        """
        with self._lock:
            self.closed.set()
            if self._second is not None:
                self._second.close()
            self._end()

    def last_words(self) -> str:
        """The last line that the server wrote about itself."""
        if self._log is None:
            return ""
        try:
            size = self._log.seek(0, os.SEEK_END)
            self._log.seek(max(0, size - 10_000))
            lines = self._log.read().decode("utf8", "replace").strip().splitlines()
        except (OSError, ValueError):  # closed, in another thread
            return ""
        return lines[-1] if lines else ""

    def _start(self) -> None:
        self._end()
        self._log = tempfile.TemporaryFile()  # noqa: SIM115 - closed in `_end`
        self._socket, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        code = f"from {__package__} import forks; forks.main({theirs.fileno()})"
        with theirs:
            # -P: the working folder is no place to import from.
            self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
                [sys.executable, "-P", "-c", code],
                pass_fds=(theirs.fileno(),),
                stdin=subprocess.DEVNULL,
                stdout=self._log,
                stderr=self._log,
                env=self.environment,
                start_new_session=True,
            )
        self._socket.settimeout(START_SECONDS)
        said = b""
        with suppress(OSError):
            self._socket.send(pickle.dumps(self.settings))
            said = self._socket.recv(64)
        self._socket.settimeout(None)
        if said != b"ready":
            words = self.last_words()
            self._end()
            raise ServerEnded("The fork server did not start", value=words or None)

    def _end(self) -> None:
        if self._socket is not None:
            self._socket.close()
        if self._process is not None:
            try:
                self._process.wait(5)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        if self._log is not None:
            self._log.close()


class Running:
    """A job in hand. Closing it ends the fork."""

    def __init__(
        self, server: ForkServer, seconds: float, line: socket.socket, page: int, journal: int
    ) -> None:
        self._server, self._seconds, self._line = server, seconds, line
        self._page, self._journal = page, journal
        self._begun = time.monotonic()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._line.close()
        os.close(self._page)
        os.close(self._journal)

    def wait(self, seconds: float) -> bool:
        """Wait for that long, or until the fork has ended; whether it has."""
        self._line.settimeout(seconds)
        try:
            self._line.recv(1, socket.MSG_PEEK)
        except (TimeoutError, BlockingIOError):  # the latter where `seconds` is 0
            return False
        return True

    def written(self, place: int = 0) -> bytes:
        """What stands in the journal from a place on."""
        return os.pread(self._journal, os.fstat(self._journal).st_size, place)

    def end(self) -> None:
        """Have the fork killed; its result can be waited for then."""
        with suppress(OSError):  # there is no server any more
            self._line.shutdown(socket.SHUT_WR)

    def result(self) -> Answer:
        """Wait for the end. Raises ServerEnded if the server dies before."""
        late = False
        try:
            self._line.settimeout(self._seconds or None)
            said = self._line.recv(64)
        except TimeoutError:
            late = True
            self._line.settimeout(None)
            self.end()
            said = self._line.recv(64)
        if not said and self._server.closed.is_set():
            return Answer(None, "stopped")
        if not said:
            words = self._server.last_words() or None
            told = "The process that runs the notebooks ended while this one ran"
            raise ServerEnded(told, value=words)
        seconds = time.monotonic() - self._begun
        answer = whole(self._page)
        if answer.endswith(b"\n"):
            return Answer(json.loads(answer), "answered", seconds=seconds)
        code = int(said)
        how: How = "timeout" if late else "signal" if code < 0 else "exit"
        return Answer(None, how, abs(code), self.written(), seconds)


def whole(file: int) -> bytes:
    """All that stands in a file in memory."""
    return os.pread(file, os.fstat(file).st_size, 0)


def named(place: str) -> Callable[..., Any]:
    """The function at "module:function"."""
    module, _, name = place.partition(":")
    function: Callable[..., Any] = getattr(importlib.import_module(module), name)
    return function


_shared: dict[tuple[int, bool], ForkServer] = {}
_lock = threading.Lock()


def shared_server(modules: Sequence[str] = (), *, kernel: bool = True) -> ForkServer:
    """The one fork server of this process for notebooks that are run one by one.

    Who asks first names the `modules` that it is to have ready.
    """
    with _lock:
        key = os.getpid(), kernel  # a process that was forked has no use for its parent's
        if key not in _shared:
            _shared[key] = ForkServer(modules=modules, kernel=kernel)
            atexit.register(_shared[key].close)
        return _shared[key]
