"""Scales: where a value lies in a picture, and the round values that stand beside one."""

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Scale:
    """A stretch of a picture, from `start` to `end` in inches, on which values from `low` to
    `high` lie.

    >>> Scale(0, 100, 1.0, 5.0)(25)
    2.0
    """

    low: float
    high: float
    start: float
    end: float

    def __call__(self, value: float) -> float:
        """Where a value lies, in inches."""
        return self.start + (self.end - self.start) * (value - self.low) / (self.high - self.low)


def nice_ticks(low: float, high: float, most: int = 5) -> list[float]:
    """Round values between `low` and `high`, at most `most` of them, and two where there are two.

    They are multiples of 1, 2, 2.5 or 5 times a power of ten.

    >>> nice_ticks(0, 100)
    [0.0, 25.0, 50.0, 75.0, 100.0]
    """
    span = high - low
    if not span > 0:
        return [float(low)] if span == 0 else []
    power = math.floor(math.log10(span / (most - 1)))
    steps = [(part, p) for p in (power - 1, power, power + 1) for part in (1, 2, 2.5, 5)]
    enough = next(
        place
        for place, (part, p) in enumerate(steps)
        if part * 10.0**p >= span / (most - 1) * (1 - 1e-12)
    )
    found: list[float] = []
    for part, p in reversed(steps[: enough + 1]):
        step, slack = part * 10.0**p, span * 1e-9
        first, last = math.ceil((low - slack) / step), math.floor((high + slack) / step)
        # Worked out anew for each, so that no error adds up: 0.3 and not 0.30000000000000004.
        found = [round(place * step, max(0, 2 - p)) for place in range(first, last + 1)]
        if len(found) >= 2:
            break
    return found
