"""The owner's side of a fork server: start it, hand it jobs, wait for answers.

Safe to use from several threads. A server that dies fails the jobs it had in hand with
`ServerEnded`; the next job starts another server, and those may be run again, each `alone`.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Mapping, Sequence
from concurrent.futures import Future, InvalidStateError
from contextlib import suppress
from itertools import count
from typing import Any

from playbook_helpers.batch.kernels.jobs import Answer, Job, as_values, pack, unpack
from playbook_helpers.core.errors import PlaybookError

START_SECONDS = 120.0


class ServerEnded(PlaybookError):
    """The fork server has ended with jobs in hand, or could not be started."""


class ForkServer:
    """A fork server with `places` forks at once, started at the first job.

    `modules` are imported and `calls` ("module:function") called in it once, before any fork.
    `environment` is the server's own; jobs may bring theirs.
    """

    def __init__(
        self,
        places: int = 1,
        *,
        modules: Sequence[str] = (),
        calls: Sequence[str] = (),
        environment: Mapping[str, str] | None = None,
    ) -> None:
        self.settings = {"places": places, "modules": list(modules), "calls": list(calls)}
        self.environment = dict(environment or os.environ)
        self._lock = threading.Lock()
        self._numbers = count(1)
        self._running: _Running | None = None
        self._alone: _Running | None = None
        self._one_alone = threading.Lock()
        self._closed = False
        self._broken: ServerEnded | None = None

    @property
    def pid(self) -> int:
        """The server's process; 0 if none is running."""
        running = self._running
        return running.process.pid if running and running.alive else 0

    def start(self) -> None:
        """Start the server if none is running. Raises ServerEnded if it cannot be."""
        with self._lock:
            self._ready()

    def submit(self, job: Job, handed: Sequence[int] = ()) -> Future[Answer]:
        """Hand over a job, and descriptors for it to use; its answer, later."""
        with self._lock:
            return self._ready().send(next(self._numbers), job, handed)

    def alone(self, job: Job) -> Answer:
        """Run a job in a server of its own, whose end takes no other job with it; its answer.

        For a job that a server had in hand when it died: it may be the one that killed it. Raises
        ServerEnded where it dies again.
        """
        with self._one_alone:
            with self._lock:
                if self._closed:
                    raise ServerEnded("The fork server has been closed")
                running = _Running(self.settings | {"places": 1}, self.environment)
                future = running.send(next(self._numbers), job, ())
                self._alone = running
            try:
                return future.result()
            finally:
                with self._lock:
                    self._alone = None
                running.close()

    def stop(self) -> None:
        """End all jobs in hand; each is answered with how="stopped"."""
        with self._lock:
            for running in (self._running, self._alone):
                if running and running.alive:
                    running.say(pack("stop"))

    def close(self) -> None:
        """End the server and every fork; wait until they are gone."""
        with self._lock:
            self._closed = True
            if self._running:
                self._running.close()

    def _ready(self) -> _Running:
        if self._closed:
            raise ServerEnded("The fork server has been closed")
        if self._broken is not None:
            raise self._broken  # what could not start once cannot start for the next job
        if self._running is None or not self._running.alive:
            if self._running is not None:
                self._running.close()
            try:
                self._running = _Running(self.settings, self.environment)
            except ServerEnded as error:
                self._broken = error
                raise
        return self._running


class _Running:
    """One server process, and the thread that hears its answers."""

    def __init__(self, settings: Mapping[str, Any], environment: Mapping[str, str]) -> None:
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        for end in (ours, theirs):
            end.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1 << 20)
        self.socket = ours
        self.waiting: dict[int, Future[Answer]] = {}
        self.alive = True
        self._lock = threading.Lock()
        self._log = tempfile.TemporaryFile()  # noqa: SIM115 - closed in `close`
        module = __name__.replace("link", "forkserver")
        # -P: the working folder is no place to import from.
        self.process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
            [sys.executable, "-P", "-m", module, str(theirs.fileno())],
            pass_fds=(theirs.fileno(),),
            stdin=subprocess.DEVNULL,
            stdout=self._log,
            stderr=self._log,
            env=dict(environment),
            start_new_session=True,
        )
        theirs.close()
        try:
            self.socket.settimeout(START_SECONDS)
            self.socket.send(pack("settings", **settings))
            name, _ = unpack(self.socket.recv(1 << 18) or b'["", {}]')
            self.socket.settimeout(None)
        except OSError:
            name = ""
        if name != "ready":
            said = self._last_words()
            self.close()
            raise ServerEnded("The fork server did not start", value=said or None)
        threading.Thread(target=self._hear, daemon=True, name="playbook-fork-server").start()

    def say(self, message: bytes, handed: Sequence[int] = ()) -> None:
        socket.send_fds(self.socket, [message], list(handed))

    def send(self, number: int, job: Job, handed: Sequence[int]) -> Future[Answer]:
        message = pack("run", number=number, job=as_values(job))
        future: Future[Answer] = Future()
        with self._lock:
            if not self.alive:
                raise ServerEnded("The fork server has ended")
            self.waiting[number] = future
        try:
            self.say(message, handed)
        except OSError:
            self._dead()
        return future

    def _hear(self) -> None:
        while True:
            try:
                data = self.socket.recv(1 << 21)
            except OSError:
                data = b""
            if not data:
                self._dead()
                return
            _, values = unpack(data)
            with self._lock:
                future = self.waiting.pop(values["number"], None)
            if future is not None:
                told = (values[name] for name in ("value", "how", "code", "error"))
                future.set_result(Answer(*told))

    def _dead(self) -> None:
        with self._lock:
            self.alive = False
            waiting, self.waiting = self.waiting, {}
        for future in waiting.values():
            error = ServerEnded("The process that runs the notebooks ended while this one ran")
            error.value = self._last_words() or None
            with suppress(InvalidStateError):
                future.set_exception(error)

    def _last_words(self) -> str:
        """The last line that the server wrote about itself."""
        try:
            size = self._log.seek(0, os.SEEK_END)
            self._log.seek(max(0, size - 10_000))
            lines = self._log.read().decode("utf8", "replace").strip().splitlines()
        except (OSError, ValueError):
            return ""
        return lines[-1] if lines else ""

    def close(self) -> None:
        with suppress(OSError):
            self.say(pack("quit"))
        with suppress(OSError):
            self.socket.shutdown(socket.SHUT_RDWR)
        try:
            self.process.wait(5)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self._dead()
        self.socket.close()
        self._log.close()
