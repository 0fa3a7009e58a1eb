"""What a cell prints, from Python and past Python: one stream each for stdout and stderr.

The streams are ipykernel's own, with a place to send to that needs no thread and no socket.
What C code and child processes write to the descriptors 1 and 2 goes through a pipe each, whose
reading end the fork server holds too: so that after a crash nothing that was written is lost.
"""

from __future__ import annotations

import codecs
import os
import selectors
import sys
import threading
import time
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

from ipykernel.iostream import IOPubThread, OutStream

_CHUNK = 65_536
NAMES = ("stdout", "stderr")


class Outlet(IOPubThread):
    """Where streams send to: at once where ipykernel would ask its thread, later where it waits.

    `note` is told of each piece of text before it is sent, as (name, text).
    """

    def __init__(self, note: Callable[[str, str], None] | None = None) -> None:
        self.thread = SimpleNamespace(is_alive=lambda: False, ident=None)  # type: ignore[assignment]
        self.io_loop = self  # type: ignore[assignment]
        self.note = note
        self.lock = threading.RLock()
        self.streams: dict[str, CellStream] = {}
        self._due: list[tuple[float, Callable[[], None]]] = []
        self._pipes: dict[int, tuple[CellStream, Any]] = {}
        self._pid = os.getpid()

    def is_own(self) -> bool:
        """Whether this is the notebook's process, and not one that a cell forked."""
        return os.getpid() == self._pid

    # What OutStream asks of its thread and of the thread's loop ---------------------------------

    def schedule(self, f: Callable[[], Any]) -> None:
        """Call at once."""
        f()

    def call_later(self, delay: float, f: Callable[[], None]) -> None:
        """Keep for later: `settle` calls what is due."""
        self._due.append((time.monotonic() + delay, f))

    # --------------------------------------------------------------------------------------------

    def settle(self) -> None:
        """Send what has waited long enough, and take in what was written past Python."""
        with self.lock:
            moment = time.monotonic()
            while self._due and self._due[0][0] <= moment:
                self._due.pop(0)[1]()
            self.drain()

    def flush(self) -> None:
        """Send everything, stdout first, as the kernel does at the end of a cell."""
        if not self.is_own():
            return
        with self.lock:
            self.drain()
            self._due.clear()
            for stream in self.streams.values():
                stream.flush()  # type: ignore[no-untyped-call]

    def capture(self, pipes: dict[str, tuple[int, int]]) -> None:
        """Take over descriptors 1 and 2 with the given (reading, writing) ends, and watch them."""
        for number, name in enumerate(NAMES, 1):
            reading, writing = pipes[name]
            stream = self.streams[name]
            stream.original = os.dup(number)
            os.dup2(writing, number)
            os.close(writing)
            os.set_blocking(reading, False)
            self._pipes[reading] = (stream, codecs.getincrementaldecoder("utf-8")("replace"))
        threading.Thread(target=self._watch, daemon=True, name="IOPub").start()

    def release(self) -> None:
        """Give descriptors 1 and 2 back and stop watching; what is left is taken in first."""
        with self.lock:
            self.drain()
            pipes, self._pipes = self._pipes, {}
            for reading, (stream, _) in pipes.items():
                os.dup2(stream.original, NAMES.index(stream.name) + 1)
                os.close(stream.original)
                os.close(reading)

    def drain(self) -> None:
        """Take in all that lies in the pipes now."""
        with self.lock:
            for reading, (stream, decoder) in self._pipes.items():
                while data := _read(reading):
                    text = decoder.decode(data)
                    if self.note is not None and text:
                        self.note(stream.name, text)
                    echo, stream.echo = stream.echo, None
                    stream.write(text)
                    stream.echo = echo

    def _watch(self) -> None:
        """Read so that nobody who writes has to wait, and send in time while a cell runs."""
        chooser = selectors.DefaultSelector()
        try:
            for reading in self._pipes:
                chooser.register(reading, selectors.EVENT_READ)
            while self._pipes:
                chooser.select(0.2)
                self.settle()
        except (OSError, ValueError):
            return  # a cell has closed what was ours
        finally:
            chooser.close()


def _read(descriptor: int) -> bytes:
    try:
        return os.read(descriptor, _CHUNK)
    except BlockingIOError:
        return b""


class CellStream(OutStream):
    """sys.stdout or sys.stderr of a notebook."""

    def __init__(self, session: Any, outlet: Outlet, name: str) -> None:
        super().__init__(session, outlet, name, watchfd=False)  # type: ignore[no-untyped-call]
        self.original = -1
        # OutStream tells its echo of each text before it keeps it: so tracebacks stay its own.
        self.echo = _Echo(outlet, name)
        outlet.streams[name] = self

    def fileno(self) -> int:
        """The stream as it was before: what is given to a child process as its own output."""
        if self.original < 0:
            return super().fileno()  # type: ignore[no-any-return, no-untyped-call]
        return self.original


class _Echo:
    """Has what is due sent before a stream takes more text, and tells the outlet of that text."""

    def __init__(self, outlet: Outlet, name: str) -> None:
        self._outlet, self._name = outlet, name

    def write(self, text: str) -> None:
        if self._outlet.is_own():
            self._outlet.settle()
            if self._outlet.note is not None and text:
                self._outlet.note(self._name, text)

    def flush(self) -> None: ...


def install(session: Any, note: Callable[[str, str], None] | None = None) -> Outlet:
    """Put streams of a notebook in the place of sys.stdout and sys.stderr."""
    outlet = Outlet(note)
    sys.stdout = CellStream(session, outlet, "stdout")
    sys.stderr = CellStream(session, outlet, "stderr")
    return outlet
