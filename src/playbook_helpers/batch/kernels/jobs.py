"""What a fork server is asked to do, and what it answers: plain data, one message each.

A job names a function as "module:function", to be called in a fork as `function(job, kernel)`; it
returns JSON values. If the fork ends without an answer, `after` names the function that is called
in another fork as `function(job, ending)`, to save what there is.
"""

from __future__ import annotations

import importlib
import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from playbook_helpers.core.errors import InputError

MOST = 200_000
"""Bytes of one message; what is longer does not fit through the server's socket."""
How = Literal["answered", "timeout", "signal", "exit", "stopped"]


@dataclass(frozen=True, slots=True)
class Job:
    """One call in a fork. `environment` replaces all variables; None keeps the server's own.

    `seconds` is the time after which it is ended, `memory` the bytes it may take beyond what the
    server holds already, `output` the bytes it may print and show; 0 is no limit.
    """

    call: str
    arguments: Mapping[str, Any] = field(default_factory=dict)
    after: str = ""
    folder: str = ""
    environment: Mapping[str, str] | None = None
    seconds: float = 0.0
    memory: int = 0
    output: int = 0


@dataclass(frozen=True, slots=True)
class Ending:
    """How a fork ended, after how long; `number` is its signal or exit code, `journal` what it
    wrote down."""

    how: How
    number: int = 0
    journal: bytes = b""
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of a job: what its function returned, or None, how it ended, and its traceback."""

    value: Any
    how: How
    number: int = 0
    error: str = ""


def pack(name: str, **values: Any) -> bytes:
    """A message. Raises InputError for one that is too long."""
    data = json.dumps([name, values]).encode()
    if len(data) > MOST:
        raise InputError(
            "The job does not fit in one message", value=f"{len(data)} bytes", allowed=f"{MOST}"
        )
    return data


def unpack(data: bytes) -> tuple[str, dict[str, Any]]:
    """(name, values) of a message."""
    name, values = json.loads(data)
    return name, values


def as_values(job: Job) -> dict[str, Any]:
    """A job as JSON values, for `Job(**values)` on the other side."""
    return asdict(job)


def named(place: str) -> Callable[..., Any]:
    """The function at "module:function"."""
    module, _, name = place.partition(":")
    function: Callable[..., Any] = getattr(importlib.import_module(module), name)
    return function
