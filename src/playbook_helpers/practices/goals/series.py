"""A goal's values in order of time, in stretches that were counted in one way.

A series break starts a new stretch. Nothing is compared across one: not progress, not pace, not
whether the target was met.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from playbook_helpers.core.assessment import Head
from playbook_helpers.core.partial_dates import first_day, last_day, years_between
from playbook_helpers.practices.goals.pace import MARGIN, Pacing, pace
from playbook_helpers.practices.goals.progress import Way, progress, reaches
from playbook_helpers.practices.goals.records import Goal, Measurement
from playbook_helpers.practices.goals.trend import Trend, Value, trend_of
from playbook_helpers.practices.goals.wording import direction_of

STATUSES = {
    "met": "met or exceeded",
    "met_then_lost": "met, then lost again",
    "improving": "improving",
    "no_change": "no change",
    "getting_worse": "getting worse",
    "kept": "kept where it was",
    "not_kept": "not kept where it was",
    "no_target": "no target yet",
    "no_baseline": "no baseline yet",
    "no_measurement": "not measured yet",
    "series_break": "the way of counting changed",
}
"""Status of a goal -> the same in words."""


@dataclass(frozen=True, slots=True)
class Point:
    """One value of a goal's indicator. `day` is None only for a baseline without a date."""

    when: str | None
    day: date | None
    value: float
    segment: int = 0
    baseline: bool = False
    met: bool = False
    source: str = ""
    record: str = ""


@dataclass(frozen=True, slots=True)
class GoalStatus:
    """Where a goal stands: its points, and what can be said of them together."""

    points: tuple[Point, ...]
    status: str
    direction: Way | None
    latest: Point | None = None
    percent: float | None = None
    away_percent: float | None = None
    achieved_per_year: float | None = None
    needed_per_year: float | None = None
    pace: Pacing | None = None
    broken: bool = False
    measurements: int = 0
    first_met: Point | None = None
    trend: Trend | None = None


def usable(measurement: Measurement, as_of: date) -> bool:
    """Whether a measurement belongs to the time up to `as_of`.

    A month or a year counts as soon as it has begun.
    """
    return first_day(measurement.date) <= as_of


def status_of(goal: Goal, measured: Iterable[tuple[Head, Measurement]], as_of: date) -> GoalStatus:
    """Where `goal` stands by `as_of`; measurements dated later are left out."""
    values = [(head, m) for head, m in measured if usable(m, as_of)]
    way = direction_of(goal)
    points = _points(goal, values, way)
    start = next((p for p in points if p.baseline), None)
    later = [p for p in points if not p.baseline and _after(p, start)]
    latest = later[-1] if later else None
    return _judged(goal, points, way, start, latest, len(values), as_of)


def _after(point: Point, start: Point | None) -> bool:
    return start is None or start.day is None or (point.day is not None and point.day > start.day)


def _points(goal: Goal, values: list[tuple[Head, Measurement]], way: Way | None) -> list[Point]:
    raw = sorted(values, key=lambda hm: (last_day(hm[1].date), len(hm[1].date), hm[0].client_time))
    points: list[Point] = []
    start = _start(goal)
    placed = start is None
    segment = 0
    for head, m in raw:
        day = last_day(m.date)
        same_day = start is not None and start.day == day
        # On the day of a break the baseline was counted in the new way if it has its value.
        joins = same_day and start is not None and m.value == start.value
        before = start is not None and (start.day is None or start.day < day or same_day)
        if not placed and start is not None and before and not (m.series_break and joins):
            points.append(_in(start, segment))
            placed = True
        segment += m.series_break and bool(points)
        if not placed and start is not None and joins:
            points.append(_in(start, segment))
            placed = True
        if not joins:
            points.append(
                Point(m.date, day, m.value, segment, source=m.source or "", record=head.record)
            )
    if not placed and start is not None:
        points.append(_in(start, segment))
    return _met(goal, points, way)


def _start(goal: Goal) -> Point | None:
    if goal.baseline_value is None:
        return None
    day = last_day(goal.baseline_date) if goal.baseline_date else None
    return Point(
        goal.baseline_date, day, goal.baseline_value, baseline=True, source=goal.source or ""
    )


def _in(point: Point, segment: int) -> Point:
    return Point(point.when, point.day, point.value, segment, True, source=point.source)


def _met(goal: Goal, points: list[Point], way: Way | None) -> list[Point]:
    """The points with whether each reaches the target, in the stretch where that can be said."""
    if goal.target_value is None or way is None or not points:
        return points
    start = next((p for p in points if p.baseline), None)
    segment = start.segment if start else points[-1].segment
    return [
        Point(
            p.when,
            p.day,
            p.value,
            p.segment,
            p.baseline,
            p.segment == segment and not p.baseline and reaches(p.value, goal.target_value, way),
            p.source,
            p.record,
        )
        for p in points
    ]


def _judged(
    goal: Goal,
    points: list[Point],
    way: Way | None,
    start: Point | None,
    latest: Point | None,
    measurements: int,
    as_of: date,
) -> GoalStatus:
    def said(status: str, **more: object) -> GoalStatus:
        return GoalStatus(
            tuple(points),
            status,
            way,
            latest,
            measurements=measurements,
            **more,  # type: ignore[arg-type]
        )

    achieved = _within(points, latest)
    broken = start is not None and latest is not None and start.segment != latest.segment
    if goal.target_value is None:
        return said("no_target", achieved_per_year=achieved, broken=broken)
    if latest is None:
        return said("no_measurement")
    met = [p for p in points if p.met and _after(p, start)]
    first_met = met[0] if met else None
    if start is None or goal.baseline_value is None:
        status = "met" if latest.met else "met_then_lost" if first_met else "no_baseline"
        pacing: Pacing | None = "met" if latest.met else None
        return said(status, achieved_per_year=achieved, pace=pacing, first_met=first_met)
    if broken:
        return said("series_break", achieved_per_year=achieved, broken=True)
    moved = progress(goal.baseline_value, latest.value, goal.target_value)
    pacing_ = pace(
        goal.baseline_value,
        latest.value,
        goal.target_value,
        baseline_date=goal.baseline_date,
        latest_date=latest.when,
        target_date=goal.target_date,
        as_of=as_of,
    )
    lost = first_met is not None and not moved.met and moved.direction != "keep"
    trend = _trend(goal, points, latest)
    told = pacing_.status
    if trend and told in ("ahead", "on_pace", "behind"):
        if trend.untold:
            told = None
        elif told != "behind" and not _still_arrives(goal, latest, trend):
            told = "behind"
    return said(
        "met_then_lost" if lost else moved.status,
        percent=moved.percent,
        away_percent=moved.away_percent,
        achieved_per_year=pacing_.achieved_per_year,
        needed_per_year=pacing_.needed_per_year,
        pace=None if lost else told,
        first_met=first_met,
        trend=trend,
    )


def _trend(goal: Goal, points: list[Point], latest: Point) -> Trend | None:
    """What the values counted like the latest can carry, from the baseline on."""
    if goal.baseline_date is None or goal.target_value is None:
        return None
    start = next(place for place, p in enumerate(points) if p.baseline)
    same = [p for p in points[start:] if p.segment == latest.segment]
    values = [Value(p.when, p.day, p.value) for p in same if p.when and p.day]
    return trend_of(values, goal.target_value, goal.target_date)


def _still_arrives(goal: Goal, latest: Point, trend: Trend) -> bool:
    """Whether the speed of the latest values too would reach the target in time."""
    if trend.recent is None or latest.when is None or not goal.target_date:
        return True
    lands = latest.value + trend.recent * years_between(latest.when, goal.target_date)
    start, aim = goal.baseline_value or 0.0, goal.target_value or 0.0
    return (lands - start) / (aim - start) >= 1 - MARGIN if aim != start else False


def _within(points: list[Point], latest: Point | None) -> float | None:
    """Change per year within the latest value's own stretch, from its first dated value."""
    if latest is None or latest.when is None:
        return None
    same = [p for p in points if p.segment == latest.segment and p.when is not None]
    first = same[0] if same else None
    if first is None or first.when is None or first.when == latest.when:
        return None
    years = years_between(first.when, latest.when)
    return (latest.value - first.value) / years if years > 0 else None
