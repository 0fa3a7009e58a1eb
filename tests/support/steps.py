"""How much work a function does, counted and not timed: the same on every machine."""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import FrameType
from typing import Any


def steps(work: Callable[[], object]) -> int:
    """The steps of Python that `work` takes: instructions carried out, in whatever it calls.

    What built-in functions do within one call counts as one step.

    >>> steps(lambda: [n for n in range(2000)]) / steps(lambda: [n for n in range(1000)]) < 2.1
    True
    """
    count = 0

    def step(frame: FrameType, event: str, argument: Any) -> Any:
        nonlocal count
        count += event == "opcode"
        frame.f_trace_opcodes = True
        return step

    before = sys.gettrace()
    sys.settrace(step)
    try:
        work()
    finally:
        sys.settrace(before)
    return count


def grows_evenly(work: Callable[[int], Callable[[], object]], size: int) -> bool:
    """Whether twice as much takes about twice the steps, and not four times.

    `work(size)` makes ready what is then counted. Both are done once before, so that what is kept
    from then on is counted in neither.
    """
    work(size)()
    work(2 * size)()
    return steps(work(2 * size)) < 2.6 * steps(work(size))
