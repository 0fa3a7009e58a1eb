"""Is it fast enough? What was achieved per year against what is needed per year to the date."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date
from typing import Literal

from playbook_helpers.core.errors import InputError
from playbook_helpers.core.partial_dates import check_when, last_day, years_between
from playbook_helpers.practices.goals.progress import Way, progress

Pacing = Literal["ahead", "on_pace", "behind", "past_date", "met"]
PACING_WORDS: dict[Pacing, str] = {
    "ahead": "faster than needed",
    "on_pace": "as fast as needed",
    "behind": "slower than needed",
    "past_date": "the date has passed",
    "met": "met",
}
MARGIN = 0.05
"""How near to the target a straight line must land to count as on pace: within 5% of the change
aimed at. A convention of the playbook, so that rounding does not decide."""


@dataclass(frozen=True, slots=True)
class Pace:
    """What was achieved per year and what is needed per year from now on, in the goal's unit.

    `projected` is where a straight line through baseline and latest would be at the target date:
    arithmetic, not a forecast. Values are None where there are no dates to work with.
    """

    status: Pacing | None
    direction: Way
    achieved_per_year: float | None
    needed_per_year: float | None
    projected: float | None = None

    @property
    def words(self) -> str:
        """The status in words; empty where there is none."""
        return PACING_WORDS[self.status] if self.status else ""


def pace(
    baseline: float,
    latest: float,
    target: float,
    *,
    baseline_date: str | None = None,
    latest_date: str | None = None,
    target_date: str | None = None,
    as_of: date | None = None,
) -> Pace:
    """The pace so far against the pace still needed.

    Dates are partial (2027, 2027-03 or 2027-03-31), each counted as the last day of its period.
    Achieved per year = (latest - baseline) / years between them; needed per year = (target -
    latest) / years from the latest value to the target date. `as_of` tells whether the target
    date has passed (if not given, only the latest value's own date does). All three values must
    have been counted in one way: never work out a pace across a series break.

    Raises InputError for values that are no finite numbers and dates that are no partial dates.

    >>> p = pace(44, 57, 85, baseline_date="2005", latest_date="2014", target_date="2020")
    >>> round(p.achieved_per_year, 2), round(p.needed_per_year, 2), p.status
    (1.44, 4.67, 'behind')
    """
    now = progress(baseline, latest, target)
    for name, when in (
        ("baseline", baseline_date),
        ("latest", latest_date),
        ("target", target_date),
    ):
        if when is not None:
            _check(name, when)
    achieved = _per_year(latest - baseline, baseline_date, latest_date)
    if now.met:
        return Pace("met", now.direction, achieved, 0.0)
    needed = _per_year(target - latest, latest_date, target_date)
    if target_date is None:
        return Pace(None, now.direction, achieved, None)
    over = as_of is not None and last_day(target_date) < as_of
    if over or (latest_date is not None and needed is None):
        return Pace("past_date", now.direction, achieved, None)
    if achieved is None or needed is None or latest_date is None:
        return Pace(None, now.direction, achieved, needed)
    projected = latest + achieved * years_between(latest_date, target_date)
    if not math.isfinite(projected):
        return Pace(None, now.direction, achieved, needed)
    wanted = target - baseline
    if wanted == 0:  # to stay put, and it has not
        return Pace("behind", now.direction, achieved, needed, projected)
    landed = (projected - baseline) / wanted
    status: Pacing = (
        "ahead" if landed > 1 + MARGIN else "on_pace" if landed >= 1 - MARGIN else "behind"
    )
    return Pace(status, now.direction, achieved, needed, projected)


def _per_year(change: float, start: str | None, end: str | None) -> float | None:
    if start is None or end is None:
        return None
    years = years_between(start, end)
    if years <= 0:
        return None
    rate = change / years
    return rate if math.isfinite(rate) else None


def _check(name: str, when: str) -> None:
    try:
        check_when(when)
    except (ValueError, TypeError):
        raise InputError(
            f"The {name} date is not a date",
            value=when,
            allowed="a year, a month or a day: 2027, 2027-03 or 2027-03-31",
        ) from None
