"""Each goal against its own target, and how it has moved since the partnership's last round.

Goals count in different units and aim differently high, so nothing here sets one goal's number
beside another's: only how much of its own way each has come.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from playbook_helpers.core.assessment import Context, Head, of_type
from playbook_helpers.core.partial_dates import years_between
from playbook_helpers.core.text import folded
from playbook_helpers.practices.goals.progress import reaches
from playbook_helpers.practices.goals.records import Goal, Measurement
from playbook_helpers.practices.goals.series import GoalStatus, status_of, usable
from playbook_helpers.practices.goals.whose import is_theirs
from playbook_helpers.practices.overview.changes import last_round, year_before

Move = Literal["nearer", "further", "same", "changed", "no_new", "first", "counted_anew", ""]
MOVES: Mapping[str, str] = {
    "nearer": "nearer to its target",
    "further": "further from its target",
    "same": "no change",
    "changed": "changed; it has no target",
    "no_new": "no new value",
    "first": "first value",
    "counted_anew": "counted in a new way",
    "": "nothing to compare",
}
"""How a goal has moved since the last round -> the same in words."""
LACKS: Mapping[str, str] = {
    "target": "a target",
    "baseline": "a baseline",
    "value": "a value",
    "date": "a date",
    "owner": "an owner",
}
"""What a goal can be without -> the same in words."""


@dataclass(frozen=True, slots=True)
class GoalLine:
    """One goal in a portfolio. Values are in its own unit, percents of its own way.

    `change` is the difference to the value at the last round (`before`), within one way of
    counting. `old` is whether its latest value is more than a year older than the day looked at,
    `recent` whether any value, the baseline among them, is not.
    """

    name: str
    level: str
    unit: str
    baseline: float | None
    baseline_date: str
    latest: float | None
    latest_date: str
    target: float | None
    target_date: str
    status: str
    percent: float | None
    away_percent: float | None
    pace: str
    move: Move
    change: float | None
    before: float | None
    before_date: str
    since: date
    lacks: tuple[str, ...]
    old: bool
    behind: bool
    broken: bool
    recent: bool = True

    @property
    def newest(self) -> str:
        """The date of its newest value, be it the baseline; empty where none has a date."""
        return self.latest_date or self.baseline_date


def goal_lines(now: Sequence[Head], context: Context) -> tuple[GoalLine, ...]:
    """The goals among a partnership's current heads, oldest first.

    A measurement belongs to the oldest goal of its name; of two for one date the later written
    counts.
    """
    goals = of_type(now, Goal)
    if not goals:
        return ()
    since = last_round(now, "goals", context.as_of) or year_before(context.as_of)
    values: dict[str, dict[str, tuple[Head, Measurement]]] = defaultdict(dict)
    for head, m in of_type(now, Measurement):
        if usable(m, context.as_of):
            values[folded(m.goal)][m.date] = (head, m)
    lines = []
    for _, goal in goals:
        measured = values.pop(folded(goal.name), {})
        lines.append(_line(goal, status_of(goal, measured.values(), context.as_of), since, context))
    return tuple(lines)


def _line(goal: Goal, stands: GoalStatus, since: date, context: Context) -> GoalLine:
    latest = stands.latest
    move, before = _moved(goal, stands, since)
    vision = goal.level == "vision"
    return GoalLine(
        name=goal.name,
        level=goal.level,
        unit=goal.unit_words or ("%" if goal.unit == "percent" else ""),
        baseline=goal.baseline_value,
        baseline_date=goal.baseline_date or "",
        latest=latest.value if latest else None,
        latest_date=(latest.when or "") if latest else "",
        target=goal.target_value,
        target_date=goal.target_date or "",
        status=stands.status,
        percent=stands.percent,
        away_percent=stands.away_percent,
        pace=stands.pace or "",
        move=move,
        change=latest.value - before[0] if latest and before else None,
        before=before[0] if before else None,
        before_date=before[1] if before else "",
        since=since,
        lacks=() if vision or not is_theirs(goal) else tuple(_lacks(goal, stands)),
        old=not vision and is_old(stands, context),
        behind=_behind(stands),
        broken=stands.broken and latest is not None,
        recent=vision or _recent(goal, stands, context),
    )


def is_old(stands: GoalStatus, context: Context) -> bool:
    """Whether the latest value is over a year old: that day, or when the partnership ended."""
    if stands.latest is None or stands.latest.when is None:
        return False
    return years_between(stands.latest.when, _until(context)) > 1


def _recent(goal: Goal, stands: GoalStatus, context: Context) -> bool:
    when = (stands.latest.when if stands.latest else None) or goal.baseline_date
    return when is not None and years_between(when, _until(context)) <= 1


def _until(context: Context) -> str:
    if context.ended and context.partnership and context.partnership.ends:
        return context.partnership.ends
    return context.as_of.isoformat()


def _behind(stands: GoalStatus) -> bool:
    known = stands.needed_per_year is not None and stands.achieved_per_year is not None
    return stands.pace == "behind" and known and stands.status in ("improving", "no_change")


def _lacks(goal: Goal, stands: GoalStatus) -> list[str]:
    found = {
        "target": goal.target_value is None,
        "baseline": goal.baseline_value is None,
        "value": stands.latest is None,
        "date": goal.target_date is None,
        "owner": not (goal.owner_role or goal.owner_organisation),
    }
    return [name for name, lacking in found.items() if lacking]


def _moved(goal: Goal, stands: GoalStatus, since: date) -> tuple[Move, tuple[float, str] | None]:
    """How it has moved since the day `since`, and the value it is compared with."""
    latest = stands.latest
    if latest is None or latest.day is None:
        return "", None
    if latest.day <= since:
        return "no_new", None
    earlier = [p for p in stands.points if p.day is not None and p.day < latest.day]
    past = [p for p in earlier if p.day is not None and p.day <= since]
    same_way = [p for p in past if p.segment == latest.segment]
    if not same_way:
        return ("counted_anew" if past else "first"), None
    before = same_way[-1]
    was = (before.value, before.when or "")
    change = latest.value - before.value
    if change == 0:
        return "same", was
    if goal.target_value is None or stands.direction is None:
        return "changed", was
    if stands.direction == "keep":
        nearer = abs(latest.value - goal.target_value) < abs(before.value - goal.target_value)
    elif reaches(latest.value, goal.target_value, stands.direction) and reaches(
        before.value, goal.target_value, stands.direction
    ):
        # Beyond the target either way: it cannot come nearer, and it has not been lost.
        return "same", was
    else:
        nearer = (change > 0) == (stands.direction == "up")
    return ("nearer" if nearer else "further"), was
