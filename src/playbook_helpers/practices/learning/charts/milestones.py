"""The milestones chart: for each step, the day it was planned for and the day it was reached."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from statistics import median
from typing import TYPE_CHECKING

from playbook_helpers.core.assessment import Row
from playbook_helpers.core.partial_dates import last_day, spoken
from playbook_helpers.drawing.chart import (
    GREY,
    INK,
    LINE,
    PAPER,
    SMALL,
    TEAL,
    TRACK,
    VERMILLION,
    WIDTH,
    Chart,
    canvas,
    drawing,
    listed,
    nice_ticks,
    shares_of,
    text_of,
    wrapped,
    write,
    write_lines,
)
from playbook_helpers.drawing.tables import Column, Table, number

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

MOST, MOST_FIGURES = 10, 5
LEFT, RIGHT, START, END = 0.03, WIDTH - 0.03, 0.15, WIDTH - 0.2
HEAD = 0.4


def milestone_charts(rows: Sequence[Row], as_of: date) -> list[Chart]:
    """Planned against reached, in figures of at most ten; steps without any date are left out."""
    dated = [row for row in rows if row.get("planned") or row.get("actual")]
    shown = dated[: MOST * MOST_FIGURES]
    charts = []
    for part in shares_of(len(shown), MOST) if shown else []:
        some = shown[part]
        title, caption = headline(rows), "Milestones"
        if len(some) < len(dated):
            title += f" (steps {part.start + 1} to {part.stop} of {len(dated):,})"
            caption += f", {part.start + 1} to {part.stop}"
        with drawing():
            figure = _figure(some, as_of)
        left = len(rows) - len(dated)
        note = f"{left} more without a date. " * bool(left)
        note += "A month or a year is drawn at its last day."
        reading = " ".join(f"{text_of(row, 'name')}: {told(row)}." for row in some)
        charts.append(Chart(figure, title, reading, _table(some, caption), note))
    return charts


def headline(rows: Sequence[Row]) -> str:
    """The point: how many are reached, how late as a rule, and which are overdue.

    >>> headline([{"name": "Opening", "actual": "2026-03-15", "slip": 14, "late": False}])
    'The one milestone is reached; 14 days late'
    """
    reached = sum(row["actual"] is not None for row in rows)
    slips = [slip for row in rows if isinstance(slip := row.get("slip"), int)]
    late = [text_of(row, "name") for row in rows if row.get("late")]
    point = f"{reached} of {len(rows):,} milestones reached"
    if len(rows) == 1:
        point = f"The one milestone is {'' if reached else 'not yet '}reached"
    if slips:
        point += f"; {'half of them ' * (len(slips) > 1)}{slip_words(median(slips))}"
        point += " or more" * (len(slips) > 1 and median(slips) != 0)
    if late:
        point += f"; overdue: {listed(late, 2)}"
    return point


def slip_words(days: float) -> str:
    """A slip in words.

    >>> slip_words(14), slip_words(0), slip_words(-1)
    ('14 days late', 'on time', '1 day early')
    """
    if days == 0:
        return "on time"
    word = "day" if abs(days) == 1 else "days"
    return f"{number(abs(days))} {word} {'late' if days > 0 else 'early'}"


def told(row: Row) -> str:
    """Where a milestone stands, in a few words.

    >>> told({"planned": "2026-03", "actual": None, "slip": None, "days_late": 30})
    'planned for March 2026, 30 days overdue'
    """
    planned, actual, slip = row.get("planned"), row.get("actual"), row.get("slip")
    parts = [f"planned for {spoken(str(planned))}"] if planned else []
    if actual:
        how = f" ({slip_words(slip)})" if isinstance(slip, int) else ""
        parts.append(f"reached {spoken(str(actual))}{how}")
    elif isinstance(row.get("days_late"), int):
        days = int(row.get("days_late") or 0)
        parts.append(f"{days:,} day{'' if days == 1 else 's'} overdue")
    else:
        parts.append("still ahead")
    return ", ".join(parts)


def _table(rows: Sequence[Row], caption: str) -> Table:
    cells = tuple({**row, "told": told(row), "thanks": row.get("thanks") or "–"} for row in rows)
    columns = (
        Column("name", "Milestone"),
        Column("told", "Planned and reached"),
        Column("thanks", "Who is thanked", format="text"),
    )
    return Table(caption, columns, cells)


def _figure(rows: Sequence[Row], as_of: date) -> Figure:
    names = [wrapped(text_of(row, "name"), RIGHT - LEFT, 2) for row in rows]
    words = [wrapped(told(row), RIGHT - LEFT, 2, SMALL) for row in rows]
    heights = [0.87 + 0.22 * (len(n) + len(w) - 2) for n, w in zip(names, words, strict=True)]
    figure, axes = canvas(HEAD + sum(heights) + 0.5)
    days = [
        last_day(text_of(row, key)).toordinal()
        for row in rows
        for key in ("planned", "actual")
        if row.get(key)
    ]
    if any(row.get("late") for row in rows):
        days.append(as_of.toordinal())
    first, last = min(days), max(days)
    if first == last:
        first, last = first - 30, last + 30

    def at(day: float) -> float:
        return START + (END - START) * (day - first) / (last - first)

    _legend(axes)
    y = HEAD
    for row, name, line, height in zip(rows, names, words, heights, strict=True):
        axes.plot([LEFT, RIGHT], [y, y], color=TRACK, lw=1)
        end = write_lines(axes, LEFT, y + 0.24, name, weight="bold")
        places = {
            key: at(last_day(text_of(row, key)).toordinal())
            for key in ("planned", "actual")
            if row.get(key)
        }
        _dumbbell(axes, row, places, at(as_of.toordinal()), end + 0.19)
        write_lines(axes, LEFT, end + 0.45, line, size=SMALL, color=GREY)
        y += height
    _time(axes, first, last, y)
    return figure


def _legend(axes: Axes) -> None:
    axes.plot([0.1], [0.17], marker="o", ms=9, mfc=PAPER, mec=INK, mew=1.6)
    write(axes, 0.25, 0.22, "planned", size=SMALL, color=GREY)
    axes.plot([1.17], [0.17], marker="o", ms=9, color=TEAL)
    write(axes, 1.32, 0.22, "reached", size=SMALL, color=GREY)
    axes.plot([2.25, 2.6], [0.17, 0.17], color=VERMILLION, lw=2, ls=(0, (2, 1.4)))
    write(axes, 2.7, 0.22, "overdue so far", size=SMALL, color=GREY)


def _dumbbell(axes: Axes, row: Row, places: dict[str, float], today: float, y: float) -> None:
    axes.plot([START, END], [y, y], color=TRACK, lw=1, zorder=1)
    if len(places) == 2:
        axes.plot([places["planned"], places["actual"]], [y, y], color=TEAL, lw=2.4, zorder=2)
    elif row.get("late") and "planned" in places:
        dashes = (0, (2, 1.4))
        axes.plot([places["planned"], today], [y, y], color=VERMILLION, lw=2, ls=dashes, zorder=2)
    if "actual" in places:
        axes.plot([places["actual"]], [y], marker="o", ms=9, color=TEAL, zorder=3)
    if "planned" in places:
        # Open, so that the day reached shows through where both fall together.
        inner = "none" if len(places) == 2 else PAPER
        axes.plot([places["planned"]], [y], marker="o", ms=9, mfc=inner, mec=INK, mew=1.6, zorder=4)


def _time(axes: Axes, first: int, last: int, y: float) -> None:
    axes.plot([START, END], [y + 0.06, y + 0.06], color=LINE, lw=1)
    if last - first < 700:
        step = max(1, round((last - first) / 120))
        months = [
            date(year, month, 1)
            for year in range(date.fromordinal(first).year, date.fromordinal(last).year + 1)
            for month in range(1, 13, step)
        ]
        ticks = [(day.toordinal(), f"{day:%b %Y}") for day in months]
    else:
        years = nice_ticks(date.fromordinal(first).year, date.fromordinal(last).year, 6)
        ticks = [(date(int(v), 1, 1).toordinal(), str(int(v))) for v in years if v == int(v)]
    free = -1.0
    for day, words in ticks:
        x = START + (END - START) * (day - first) / (last - first)
        if START <= x <= END and x - 0.38 >= free:
            axes.plot([x, x], [y + 0.06, y + 0.12], color=LINE, lw=1)
            left = min(max(x, LEFT + 0.36), RIGHT - 0.36)
            write(axes, left, y + 0.3, words, size=SMALL, color=GREY, ha="center")
            free = left + 0.4
