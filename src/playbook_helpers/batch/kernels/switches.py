"""What holds for a whole process, each with a way to read it and to put it back.

For workers that stay: a fork takes these with it when it ends.
"""

from __future__ import annotations

import gc
import locale
import os
import signal
import socket
import sys
import tempfile
import warnings
from collections.abc import Callable
from contextlib import suppress
from typing import Any

Switch = tuple[Callable[[], Any], Callable[[Any], Any]]


def _mask() -> int:
    mask = os.umask(0o77)
    os.umask(mask)
    return mask


def _set_gc(wanted: tuple[bool, tuple[int, int, int]]) -> None:
    (gc.enable if wanted[0] else gc.disable)()
    gc.set_threshold(*wanted[1])


def _handlers() -> dict[int, Any]:
    return {number: signal.getsignal(number) for number in signal.valid_signals()}


def _set_handlers(wanted: dict[int, Any]) -> None:
    for number, handler in wanted.items():
        # None is a handler that is not Python's own, and nothing Python can put back.
        if handler is not None and signal.getsignal(number) is not handler:
            with suppress(OSError, ValueError):  # some cannot be handled
                signal.signal(number, handler)
    if hasattr(signal, "setitimer"):
        for timer in (signal.ITIMER_REAL, signal.ITIMER_VIRTUAL, signal.ITIMER_PROF):
            signal.setitimer(timer, 0)


def _set_pandas(_: None) -> None:
    pandas = sys.modules.get("pandas")
    if pandas is not None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # some options are on their way out
            pandas.reset_option("all")


SWITCHES: tuple[Switch, ...] = (
    (_mask, os.umask),
    (lambda: locale.setlocale(locale.LC_ALL), lambda said: locale.setlocale(locale.LC_ALL, said)),
    (lambda: tempfile.tempdir, lambda place: setattr(tempfile, "tempdir", place)),
    (socket.getdefaulttimeout, socket.setdefaulttimeout),
    (lambda: (gc.isenabled(), gc.get_threshold()), _set_gc),
    (sys.getswitchinterval, sys.setswitchinterval),
    (sys.getrecursionlimit, sys.setrecursionlimit),
    (sys.gettrace, sys.settrace),
    (sys.getprofile, sys.setprofile),
    (_handlers, _set_handlers),
    (lambda: None, _set_pandas),
)


def read() -> list[Any]:
    """How each is now."""
    return [get() for get, _ in SWITCHES]


def put_back(before: list[Any]) -> None:
    """Each as it was when `read` was called."""
    for (_, put), value in zip(SWITCHES, before, strict=True):
        put(value)
