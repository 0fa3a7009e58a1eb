"""How far a goal has come: percentage of targeted change, or movement away from the target.

The percentage of targeted change achieved is the measure that the United States' Healthy People
programme reports for its objectives: the change since the baseline over the change that was
aimed at, times 100 (National Center for Health Statistics, Healthy People 2020 progress tables).
Where a number has moved away from its target, that programme reports the movement as a
percentage of the baseline instead, and so does `progress`.

Two numbers cannot say whether a difference is more than chance: that needs the standard errors
of both, which a partnership rarely has. Healthy People's own classes also use statistical
significance; ours go by the numbers alone, and say so.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from playbook_helpers.core.errors import InputError

Status = Literal["met", "improving", "no_change", "getting_worse", "kept", "not_kept"]
Way = Literal["up", "down", "keep"]
STATUS_WORDS: dict[Status, str] = {
    "met": "met or exceeded",
    "improving": "improving",
    "no_change": "no change",
    "getting_worse": "getting worse",
    "kept": "kept where it was",
    "not_kept": "not kept where it was",
}


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a number has moved from its baseline towards its target.

    `percent` is the percentage of targeted change (100 is the target; None where the number has
    moved away, or where it was to stay put). `away_percent` is the size of a movement away, as a
    percentage of the baseline (None where there was none, or the baseline is 0).
    """

    baseline: float
    latest: float
    target: float
    direction: Way
    status: Status
    percent: float | None
    away_percent: float | None

    @property
    def words(self) -> str:
        """The status in words."""
        return STATUS_WORDS[self.status]

    @property
    def met(self) -> bool:
        """Whether the target is reached (or, where it was to stay put, whether it has)."""
        return self.status in ("met", "kept")


def progress(baseline: float, latest: float, target: float, *, tolerance: float = 0.0) -> Progress:
    """The progress from `baseline` to `latest` on the way to `target`, all in one unit.

    Percentage of targeted change = 100 x (latest - baseline) / (target - baseline). The direction
    follows from baseline and target; a target equal to the baseline means "keep it there", and
    then a `latest` within `tolerance` of it (same unit, default none) counts as kept.

    Raises InputError for a value that is not a finite number, and for a negative tolerance.

    >>> now = progress(18.2, 20.6, 20.1)  # Healthy People 2020, PA-2.4
    >>> round(now.percent, 1), now.words
    (126.3, 'met or exceeded')
    >>> away = progress(33.9, 35.3, 30.5)  # Healthy People 2020, NWS-9
    >>> away.percent, round(away.away_percent, 1), away.words
    (None, 4.1, 'getting worse')
    >>> progress(95, 95, 95).status
    'kept'
    """
    start, now, aim = (
        _number(name, value)
        for name, value in (("baseline", baseline), ("latest", latest), ("target", target))
    )
    slack = _number("tolerance", tolerance)
    if slack < 0:
        raise InputError("The tolerance is negative", value=tolerance, allowed="0 or more")
    moved, wanted = now - start, aim - start
    if not (math.isfinite(moved) and math.isfinite(wanted)):
        raise InputError("These numbers are too large to be compared", value=(start, now, aim))
    away = 100 * (abs(moved) / abs(start)) if start and moved else None
    away = away if away is not None and math.isfinite(away) else None
    if wanted == 0:
        kept = abs(moved) <= slack
        return Progress(
            start, now, aim, "keep", "kept" if kept else "not_kept", None, None if kept else away
        )
    direction: Way = "up" if wanted > 0 else "down"
    if moved and (moved > 0) != (wanted > 0):
        return Progress(start, now, aim, direction, "getting_worse", None, away)
    percent = 100 * (moved / wanted)
    if not math.isfinite(percent):
        raise InputError("These numbers are too large to be compared", value=(start, now, aim))
    reached = now >= aim if direction == "up" else now <= aim
    # Rounding in the division must not say 100 where the target is not reached, or less where
    # it is.
    percent = max(percent, 100.0) if reached else min(percent, math.nextafter(100.0, 0.0))
    status: Status = "met" if reached else "improving" if moved else "no_change"
    return Progress(start, now, aim, direction, status, percent, None)


def reaches(value: float, target: float, direction: Way, *, tolerance: float = 0.0) -> bool:
    """Whether one value reaches the target in the given direction.

    >>> reaches(57, 85, "up"), reaches(6.5, 7.25, "down"), reaches(95, 95, "keep")
    (False, True, True)
    """
    if direction == "keep":
        return abs(value - target) <= tolerance
    return value >= target if direction == "up" else value <= target


def _number(name: str, value: float) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise InputError(f"The {name} is not a number", value=value, allowed="a number, such as 52")
    try:
        number = float(value)
    except OverflowError:
        number = math.inf
    if not math.isfinite(number):
        raise InputError(
            f"The {name} is not a finite number", value=value, allowed="a number, such as 52"
        )
    return number
