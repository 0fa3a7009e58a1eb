"""Ways to choose a target's number: ten percent better, or a change of a set size.

Both are among the methods that Healthy People documents for its objectives: a ten percent
improvement on the baseline (Healthy People 2010 and 2020), and, for proportions, the change that
makes Cohen's h equal 0.10 (Healthy People 2030 data methodology, PHI-04 and PHI-05). Cohen's h is
the difference of two proportions after the arcsine transformation (Cohen 1988, Statistical Power
Analysis for the Behavioral Sciences): h = 2 asin(sqrt(p2)) - 2 asin(sqrt(p1)).
"""

from __future__ import annotations

import math
from typing import Literal

from playbook_helpers.core.errors import InputError


def ten_percent_improvement(
    baseline: float, *, direction: Literal["up", "down"] = "up", percent: float = 10.0
) -> float:
    """The target that is `percent` percent better than the baseline, unrounded.

    Healthy People rounds it to the baseline's own decimals.

    >>> round(ten_percent_improvement(68.7), 1), round(ten_percent_improvement(82.4), 1)
    (75.6, 90.6)
    >>> round(ten_percent_improvement(33.9, direction="down"), 1)
    30.5
    """
    for name, value in (("baseline", baseline), ("percent", percent)):
        if not math.isfinite(value):
            raise InputError(f"The {name} is not a finite number", value=value)
    if direction not in ("up", "down"):
        raise InputError("There is no such direction", value=direction, allowed="up, down")
    change = abs(baseline) * percent / 100
    return baseline + change if direction == "up" else baseline - change


def cohens_h(baseline: float, target: float) -> float:
    """Cohen's h from one proportion to another (each 0 to 1); positive when it goes up.

    >>> round(cohens_h(0.824, 0.86), 2), round(cohens_h(0.672, 0.718), 2)
    (0.1, 0.1)
    """
    return _angle("target", target) - _angle("baseline", baseline)


def target_by_h(baseline: float, h: float = 0.10) -> float:
    """The proportion (0 to 1) that lies `h` from `baseline`; a negative `h` goes down.

    Raises InputError if no proportion lies so far away.

    >>> round(target_by_h(0.824), 2), round(target_by_h(0.672), 3)
    (0.86, 0.718)
    """
    if not math.isfinite(h):
        raise InputError("The change h is not a finite number", value=h)
    angle = _angle("baseline", baseline) + h
    if not 0 <= angle <= math.pi:
        raise InputError(
            "No proportion lies that far from the baseline",
            value=h,
            allowed=f"h from {-_angle('baseline', baseline):.3f} to "
            f"{math.pi - _angle('baseline', baseline):.3f} for a baseline of {baseline}",
        )
    return math.sin(angle / 2) ** 2


def _angle(name: str, proportion: float) -> float:
    if not 0 <= proportion <= 1:  # NaN fails this too
        raise InputError(
            f"The {name} is not a proportion",
            value=proportion,
            allowed="0 to 1 (write 82.4% as 0.824)",
        )
    return 2 * math.asin(math.sqrt(proportion))
