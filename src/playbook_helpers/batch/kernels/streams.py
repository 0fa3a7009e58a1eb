"""What a cell prints, from Python and past Python: one stream each for stdout and stderr.

The streams are ipykernel's own, with a place to send to that needs no thread and no socket.
What C code and child processes write to the descriptors 1 and 2 goes through a pipe each, whose
reading end the fork server holds too: so that after a crash nothing that was written is lost.

ipykernel sends each text with the request that its writer's context names. Whoever empties a pipe
(a thread of ours, a cell's thread that prints, the kernel after the cell) has a context of its
own, so that text would go with a request that nobody waits for, and be lost. It is written in an
empty context: there ipykernel takes the request that is being handled now.
"""

from __future__ import annotations

import codecs
import contextvars
import ctypes
import math
import os
import selectors
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from types import SimpleNamespace
from typing import Any

from ipykernel.iostream import IOPubThread, OutStream

from playbook_helpers.batch.kernels.allowance import Allowance

_CHUNK = 65_536
_AT_ONCE = 32
"""Chunks read at once, more than a pipe can hold: who writes without end may not keep the lock."""
_MOST_UNSENT = 1 << 20
"""Characters that streams may hold before they are sent."""
_PATIENCE = 0.2
"""Seconds for which the end of a line that was begun is waited for."""
NAMES = ("stdout", "stderr")


class Outlet(IOPubThread):
    """Where streams send to: at once where ipykernel would ask its thread, later where it waits.

    `note` is told of each piece of text before it is sent, as (name, text).
    """

    def __init__(
        self,
        note: Callable[[str, str], None] | None = None,
        allowance: Allowance | None = None,
    ) -> None:
        self.allowance = allowance or Allowance()
        self.thread = SimpleNamespace(is_alive=lambda: False, ident=None)  # type: ignore[assignment]
        self.io_loop = self  # type: ignore[assignment]
        self.note = note
        self.lock = threading.RLock()
        self.streams: dict[str, CellStream] = {}
        self._due: list[tuple[float, Callable[[], None]]] = []
        self._pipes: dict[int, tuple[CellStream, Any]] = {}
        self._held: list[tuple[CellStream, str]] = []
        self._unsent = 0
        self._in_cell = False
        self._begun: dict[str, tuple[str, float]] = {}
        """Stream -> a line that was begun past Python, and until when its end is waited for: what
        two processes print at once is one line after the other."""
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

    def begin(self) -> None:
        """A cell begins: what was written past Python from here on is this cell's."""
        with self.lock:
            self._in_cell = True
            self.allowance.begin()

    def end(self) -> None:
        """A cell ends: send all that it wrote, stdout first; what comes later is the next one's."""
        if not self.is_own():
            return
        # Without the lock: a full pipe is emptied by the thread that watches, which needs it.
        push()
        with self.lock:
            self.drain()
            self._show_begun(math.inf)
            self._in_cell = False
            self._due.clear()
            for stream in self.streams.values():
                stream.flush()  # type: ignore[no-untyped-call]

    def capture(self, pipes: dict[str, tuple[int, int]]) -> None:
        """Take over descriptors 1 and 2 with the given (reading, writing) ends, and watch them."""
        push()  # it was meant for where they led until now
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
        """Take in all that lies in the pipes now; between cells it is held for the next one."""
        with self.lock:
            for reading, (stream, decoder) in self._pipes.items():
                for _ in range(_AT_ONCE):
                    if not (data := _read(reading)):
                        break
                    waiting = sum(len(text) for _, text in self._held)
                    if text := self.allowance.kept(decoder.decode(data), waiting):
                        self._held.append((stream, text))
            if self._in_cell:
                held, self._held = self._held, []
                for stream, text in held:
                    self.take(stream, text)
                    begun, _ = self._begun.pop(stream.name, ("", 0.0))
                    lines, rest = _lines(begun + text)
                    if rest:
                        self._begun[stream.name] = rest, time.monotonic() + _PATIENCE
                    self._show(stream, lines)
                self._show_begun(time.monotonic())

    def take(self, stream: CellStream, text: str) -> None:
        """Write a text down before a stream takes it, and have the stream send what it holds.

        What is beyond the allowance is cut off when it is sent: that is done before it is much.
        """
        if self.note is not None and text and not self.allowance.passed:
            self.note(stream.name, self.allowance.kept(text))
        self._unsent += len(text)
        if self._unsent > _MOST_UNSENT:
            self._unsent = len(text)
            stream.flush()  # type: ignore[no-untyped-call]

    def _show_begun(self, moment: float) -> None:
        """Show lines that were begun and that nobody has gone on with until `moment`."""
        for name, (text, until) in list(self._begun.items()):
            if until <= moment:
                del self._begun[name]
                self._show(self.streams[name], text)

    def _show(self, stream: CellStream, text: str) -> None:
        if text:
            echo, stream.echo = stream.echo, None
            contextvars.Context().run(OutStream.write, stream, text)
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


def push() -> None:
    """Have written what Python's first streams and C's own stdout still hold for the descriptors.

    To a pipe they write in blocks, so that the last lines of a cell would come with a later one.
    """
    for stream in (sys.__stdout__, sys.__stderr__):
        with suppress(AttributeError, OSError, ValueError):  # a cell may have closed it
            stream.flush()  # type: ignore[union-attr]
    libc, stdout = _c_stdout()
    if stdout:
        libc.fflush(stdout)


@cache
def _c_stdout() -> tuple[Any, ctypes.c_void_p | None]:
    """C's library and its stdout, where the two have their usual names.

    Not all of C's streams: one that waits for input in another thread would have to be waited for.
    """
    with suppress(OSError, TypeError):  # TypeError: Windows has no library of the process itself
        libc = ctypes.CDLL(None)
        for name in ("stdout", "__stdoutp"):
            with suppress(ValueError):
                return libc, ctypes.c_void_p.in_dll(libc, name)
    return None, None


def _lines(text: str) -> tuple[str, str]:
    r"""Whole lines, and what is begun after them.

    >>> _lines("one\ntwo"), _lines("50%\r")
    (('one\n', 'two'), ('50%\r', ''))
    """
    end = max(text.rfind("\n"), text.rfind("\r")) + 1
    return text[:end], text[end:]


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
        self.echo = _Echo(outlet, self)
        outlet.streams[name] = self

    def fileno(self) -> int:
        """The stream as it was before: what is given to a child process as its own output."""
        if self.original < 0:
            return super().fileno()  # type: ignore[no-any-return, no-untyped-call]
        return self.original


class _Echo:
    """Has what is due sent before a stream takes more text, and tells the outlet of that text."""

    def __init__(self, outlet: Outlet, stream: CellStream) -> None:
        self._outlet, self._stream = outlet, stream

    def write(self, text: str) -> None:
        if self._outlet.is_own():
            self._outlet.settle()
            self._outlet.take(self._stream, text)

    def flush(self) -> None: ...


def install(session: Any, note: Callable[[str, str], None] | None = None) -> Outlet:
    """Put streams of a notebook in the place of sys.stdout and sys.stderr."""
    outlet = Outlet(note, session.allowance)
    sys.stdout = CellStream(session, outlet, "stdout")
    sys.stderr = CellStream(session, outlet, "stderr")
    return outlet
