"""A partnership's goals put together: each goal with its check, its values and its sheets."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from playbook_helpers.core.assessment import Context, Head, current, of_type
from playbook_helpers.core.partial_dates import first_day
from playbook_helpers.core.text import folded
from playbook_helpers.practices.goals.by_group import ShownGroup, by_group
from playbook_helpers.practices.goals.check import GoalCheck, check_goal
from playbook_helpers.practices.goals.records import Goal, GroupValue, IndicatorSheet, Measurement
from playbook_helpers.practices.goals.series import GoalStatus, status_of, usable


@dataclass(frozen=True, slots=True)
class AssessedGoal:
    """One goal as the assessment sees it."""

    head: Head
    goal: Goal
    check: GoalCheck
    standing: GoalStatus
    sheets: tuple[tuple[Head, IndicatorSheet], ...] = ()
    groups: tuple[ShownGroup, ...] = ()
    """The latest values for groups of people."""
    namesakes: tuple[Head, ...] = ()
    """Other goals of the same name, where this is the first of them."""


@dataclass(frozen=True, slots=True)
class GoalSet:
    """All of a partnership's goals, and the records that belong to none."""

    context: Context
    goals: tuple[AssessedGoal, ...]
    heads: tuple[Head, ...]
    orphans: tuple[tuple[Head, Measurement], ...] = ()
    orphan_sheets: tuple[tuple[Head, IndicatorSheet], ...] = ()
    later: tuple[tuple[Head, Measurement], ...] = ()
    twice: tuple[tuple[Head, Measurement, Measurement], ...] = ()
    counts: dict[str, int] = field(default_factory=dict)


def goal_set(heads: Iterable[Head], context: Context) -> GoalSet:
    """Put the goals together from their heads, oldest goal first.

    A measurement belongs to the goal whose short name it gives, whatever the case; where two
    goals share a name, to the older one. Of two measurements of one goal with the same date the
    later written counts.
    """
    mine = [head for head in heads if head.practice == "goals"]
    now = current(mine)
    goals = of_type(now, Goal)
    known = {folded(goal.name) for _, goal in goals}
    sheets: dict[str, list[tuple[Head, IndicatorSheet]]] = defaultdict(list)
    for head, sheet in of_type(now, IndicatorSheet):
        sheets[folded(sheet.goal)].append((head, sheet))
    values: dict[str, dict[str, tuple[Head, Measurement]]] = defaultdict(dict)
    grouped: dict[str, list[tuple[Head, GroupValue]]] = defaultdict(list)
    for head, value in of_type(now, GroupValue):
        if first_day(value.date) <= context.as_of:
            grouped[folded(value.goal)].append((head, value))
    orphans, later, twice = [], [], []
    measured = of_type(now, Measurement)
    for head, m in measured:
        name = folded(m.goal)
        if name not in known:
            orphans.append((head, m))
        elif not usable(m, context.as_of):
            later.append((head, m))
        else:
            before = values[name].get(m.date)
            if before is not None and before[1].value != m.value:
                twice.append((head, before[1], m))
            values[name][m.date] = (head, m)
    namesakes: dict[str, list[Head]] = defaultdict(list)
    for head, goal in goals:
        namesakes[folded(goal.name)].append(head)
    seen = []
    taken: set[str] = set()
    for head, goal in goals:
        name = folded(goal.name)
        first = name not in taken
        taken.add(name)
        seen.append(
            AssessedGoal(
                head,
                goal,
                check_goal(goal, context, record=head.record),
                status_of(goal, values[name].values() if first else (), context.as_of),
                tuple(sheets[name]) if first else (),
                by_group(goal, grouped[name]) if first else (),
                tuple(namesakes[name][1:]) if first else (),
            )
        )
    return GoalSet(
        context,
        tuple(seen),
        tuple(mine),
        tuple(orphans),
        tuple(pair for name, pairs in sheets.items() if name not in known for pair in pairs),
        tuple(later),
        tuple(twice),
        {
            "goal": len(goals),
            "indicator_sheet": sum(len(pairs) for pairs in sheets.values()),
            "measurement": len(measured),
            **({"group_value": n} if (n := len(of_type(now, GroupValue))) else {}),
        },
    )
