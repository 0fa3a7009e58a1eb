"""What one notebook of a batch may take: time, memory, and how much it may print and show."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from playbook_helpers.batch.kernels.allowance import Allowance, too_much
from playbook_helpers.core.errors import InputError

SHARE = 0.8
"""The part of a computer's memory that its notebooks share; the rest is everybody else's."""
LEAST_MEMORY = 512_000_000
_CGROUPS = (
    "/sys/fs/cgroup/memory.max",
    "/sys/fs/cgroup/memory/memory.limit_in_bytes",
)


@dataclass(frozen=True, slots=True)
class Limits:
    """`seconds`; `memory` and `output` in bytes. `memory` = 0 is a share of the computer's.

    Raises InputError for limits that cannot be. Memory is held to on Linux only.

    >>> Limits(output=0)
    Traceback (most recent call last):
    ...
    playbook_helpers.core.errors.InputError: The output limit is wrong
      value: 0.0
      allowed: MB, from 0.01 to 10,000
    """

    seconds: float = 300.0
    memory: int = 0
    output: int = 20_000_000

    def __post_init__(self) -> None:
        if not 1 <= self.seconds <= 7 * 86_400:
            allowed = "seconds, from 1 to a week"
            raise InputError("The time limit is wrong", value=self.seconds, allowed=allowed)
        if self.memory and not 64e6 <= self.memory <= 1e15:
            allowed = "MB, 64 or more; 0 for a share of what the computer has"
            raise InputError("The memory limit is wrong", value=self.memory / 1e6, allowed=allowed)
        if not 1e4 <= self.output <= 1e10:
            allowed = "MB, from 0.01 to 10,000"
            raise InputError("The output limit is wrong", value=self.output / 1e6, allowed=allowed)

    def shared_by(self, workers: int) -> Limits:
        """These limits on this computer, where so many notebooks run at once."""
        if self.memory:
            return self
        share = int(SHARE * machine_memory() / max(1, workers))
        return replace(self, memory=max(LEAST_MEMORY, share))

    def reason(self, error: str) -> str:
        """Why a notebook failed, from its error's name: for want of memory, or an error."""
        if not error.split(":")[0].strip().endswith("MemoryError") or not self.memory:
            return "an error"
        return f"more than its {self.memory / 1e6:,.0f} MB of memory (see --memory-limit)"

    @property
    def too_much(self) -> str:
        """What is said of a notebook that printed and showed more than it may."""
        return too_much(self.output, "it was cut off after printing and showing")


def machine_memory() -> int:
    """The bytes of memory this computer has, or its container is given."""
    import psutil  # type: ignore[import-untyped]

    least = int(psutil.virtual_memory().total)
    for place in _CGROUPS:
        with suppress(OSError, ValueError):  # "max" is no number, and no limit
            least = min(least, int(Path(place).read_text("ascii")))
    return least


def shorten(notebook: dict[str, Any], most: int) -> bool:
    """Cut off what an executed notebook shows beyond `most` bytes; whether anything was.

    For notebooks whose kernel was not told of the limit while it ran.
    """
    allowance = Allowance(most)
    for cell in notebook.get("cells", ()):
        allowance.begin()
        kept = []
        for output in cell.get("outputs", ()):
            if output["output_type"] == "stream":
                output = output | {"text": "".join(output["text"])}
            content = allowance.message(output["output_type"], output, len(json.dumps(output)))
            if content is not None:
                kept.append(content)
        if allowance.passed and "outputs" in cell:
            cell["outputs"] = kept
    return allowance.passed
