"""What a series of values can carry: whether there is enough of it to speak of a pace at all.

Two values say what changed between two days. That it goes on like that is said only where enough
of the goal's time has passed, both ends were counted at the same time of year, and the latest
values move as the whole does.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Literal

from playbook_helpers.core.partial_dates import years_between

LEAST_SHARE = 0.2
"""Share of the time from start to deadline that must have passed before a pace is told."""
SAME_SEASON = 2
"""Months that two dates may lie apart in the year and still be the same time of it."""
SEASON_FADES = 3.0
"""Years after which what differs between seasons is small beside what has changed."""
SMALL = 0.1
"""A move of less than this share of the way to the target is within the usual ups and downs."""
LARGE = 0.25
"""A move of at least this share of the way is worth acting on, once it is confirmed."""
STEADY = 0.5
"""Least share of all ups and downs that is net change, where the values go one way."""
Untold = Literal["early", "season", "unsteady", ""]


@dataclass(frozen=True, slots=True)
class Value:
    """One value of the series with its partial date."""

    when: str
    day: date
    value: float


@dataclass(frozen=True, slots=True)
class Trend:
    """What can be said of a series that was counted in one way, its start the first value.

    `untold` names why no pace is told: too early, another season, or values that go up and down.
    `peak` is the value from which it has turned back, `since` the one from which `recent` per year
    is worked out. Shares are of the way from start to target, positive towards it.
    """

    values: int
    passed: float | None = None
    untold: Untold = ""
    recent: float | None = None
    since: Value | None = None
    peak: Value | None = None
    moved: float = 0.0
    confirmed: bool = False
    """Whether the last two moves both led away."""

    @property
    def small(self) -> bool:
        """Whether the move since the start is within the usual ups and downs."""
        return abs(self.moved) < SMALL

    @property
    def grave(self) -> bool:
        """Whether it has moved away so far, and in more than one value, that waiting does harm."""
        return self.moved <= -LARGE and self.confirmed


def trend_of(series: Sequence[Value], target: float, due: str | None) -> Trend:
    """What `series` (in order of time) can carry on the way to `target` by `due`.

    >>> def at(*told): return [Value(str(y), date(y, 12, 31), v) for y, v in told]
    >>> trend_of(at((2020, 50), (2021, 60), (2022, 57), (2023, 54)), 80, "2026").peak.value
    60
    >>> trend_of(at((2020, 50), (2021, 53)), 80, "2030").untold
    'early'
    """
    first, last = series[0], series[-1]
    wanted = target - first.value
    if not wanted or len(series) < 2:
        return Trend(len(series))
    moves = [(b.value - a.value) / wanted for a, b in pairwise(series)]
    moved = sum(moves)
    span = years_between(first.when, last.when)
    whole = years_between(first.when, due) if due else 0.0
    passed = span / whole if whole > 0 else None
    peak = max(series, key=lambda one: (one.value - first.value) / wanted)
    fell = (peak.value - last.value) / wanted
    turned = peak is not last and peak is not first and fell >= max(SMALL, 0.1 * moved)
    since = peak if turned else series[-3] if len(series) > 3 else series[-2]
    years = years_between(since.when, last.when)
    ups = sum(map(abs, moves))
    untold: Untold = ""
    if passed is not None and passed < LEAST_SHARE:
        untold = "early"
    elif span < SEASON_FADES and _months_apart(first.when, last.when) > SAME_SEASON:
        untold = "season"
    elif len(series) > 2 and ups and abs(moved) / ups < STEADY and not turned:
        untold = "unsteady"
    return Trend(
        len(series),
        passed,
        untold,
        (last.value - since.value) / years if years > 0 and len(series) > 2 else None,
        since if len(series) > 2 else None,
        peak if turned else None,
        moved,
        len(moves) > 1 and max(moves[-2:]) < 0,
    )


def _months_apart(a: str, b: str) -> int:
    """How far two dates lie apart in the year; 0 where one of them is a whole year."""
    if len(a) == 4 or len(b) == 4:
        return 0
    apart = abs(int(a[5:7]) - int(b[5:7]))
    return min(apart, 12 - apart)
