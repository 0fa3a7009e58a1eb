"""A goal's values for groups of people: each with its range, what is small hidden, gaps tested.

A value for a group never tells of one person: from fewer than five people nothing is shown, nor
where the share comes to a single one, and what could be worked out from a total is hidden with it.
A gap is told where chance does not explain it, corrected for the number of groups.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, replace

from playbook_helpers.core.assessment import Head
from playbook_helpers.core.distributions import exact_interval, fisher, holm
from playbook_helpers.core.partial_dates import last_day
from playbook_helpers.core.suppression import HIDDEN_WORDS, Cell, Sum, suppressed
from playbook_helpers.core.text import folded
from playbook_helpers.practices.goals.records import Goal, GroupValue

CHANCE = 0.05
_ALL = ""


@dataclass(frozen=True, slots=True)
class ShownGroup:
    """One group's latest value. Hidden ones have neither value nor number of people.

    `apart` says that it differs from all other groups together by more than chance; `others` is
    then the share of these. Ranges and gaps are told of percentages with their number of people.
    """

    group: str
    by: str
    date: str
    record: str
    source: str = ""
    value: float | None = None
    n: int | None = None
    low: float | None = None
    high: float | None = None
    target: float | None = None
    hidden: str = ""
    apart: bool = False
    others: float | None = None


def by_group(goal: Goal, measured: Iterable[tuple[Head, GroupValue]]) -> tuple[ShownGroup, ...]:
    """The latest values for groups, those of one kind and one date together, in their own order."""
    latest: dict[str, dict[str, tuple[Head, GroupValue]]] = defaultdict(dict)
    for head, m in sorted(measured, key=lambda held: (last_day(held[1].date), held[0].client_time)):
        latest[folded(m.by)][folded(m.group)] = (head, m)
    found: list[ShownGroup] = []
    for groups in latest.values():
        newest = max(last_day(m.date) for _, m in groups.values())
        now = [(head, m) for head, m in groups.values() if last_day(m.date) == newest]
        # By name: which group is hidden beside a small one may not follow from the counts.
        now.sort(key=lambda held: folded(held[1].group))
        found += _compared(goal, _shown(goal, now))
    return tuple(found)


def _shown(goal: Goal, now: Sequence[tuple[Head, GroupValue]]) -> list[tuple[ShownGroup, int]]:
    """Each group with how many of it there are that count; what may not be shown is hidden."""
    cells: dict[Hashable, Cell] = {folded(m.group): Cell(m.out_of or 0) for _, m in now}
    named = tuple(cells)
    cells[_ALL] = Cell(sum(cell.n for cell in cells.values()))
    hidden = suppressed(cells, [Sum(_ALL, named)])
    shown = []
    for head, m in now:
        n, percent = m.out_of or 0, goal.unit == "percent"
        count = round(m.value * n / 100) if percent else 0
        base = ShownGroup(
            m.group, m.by, m.date, head.record, m.source or "",
            target=goal.target_value if m.target_value is None else m.target_value,
        )  # fmt: skip
        one = percent and (count == 1 or n - count == 1)
        if not n or folded(m.group) in hidden or one:
            why = HIDDEN_WORDS if n else "nobody has said of how many people"
            shown.append((replace(base, hidden=why), 0))
            continue
        told = replace(base, value=m.value, n=n)
        if percent and 0 <= count <= n:
            low, high = exact_interval(count, n)
            told = replace(told, low=100 * low, high=100 * high)
        shown.append((told, count))
    return shown


def _compared(goal: Goal, shown: Sequence[tuple[ShownGroup, int]]) -> list[ShownGroup]:
    """The groups with those that chance does not explain marked, each against all the others."""
    counted = [(v, count) for v, count in shown if v.low is not None and v.n]
    if goal.unit != "percent" or len(counted) < 2:
        return [value for value, _ in shown]
    people = sum(v.n or 0 for v, _ in counted)
    those = sum(count for _, count in counted)
    rest = {id(v): (those - count, people - (v.n or 0)) for v, count in counted}
    chances = holm([fisher(count, v.n or 0, *rest[id(v)]) for v, count in counted])
    far = {id(v) for (v, _), chance in zip(counted, chances, strict=True) if chance <= CHANCE}
    return [
        replace(v, apart=True, others=100 * rest[id(v)][0] / rest[id(v)][1]) if id(v) in far else v
        for v, _ in shown
    ]
