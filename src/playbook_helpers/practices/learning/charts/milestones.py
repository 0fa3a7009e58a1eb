"""The milestones chart: for each step, the day it was planned for and the day it was reached."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from statistics import median

from playbook_helpers.core.partial_dates import last_day, spoken
from playbook_helpers.core.text import listed
from playbook_helpers.drawing.chart import Chart, text_of
from playbook_helpers.drawing.rows import STEP, Rows, in_parts
from playbook_helpers.drawing.scales import Scale, nice_ticks
from playbook_helpers.drawing.style import (
    GREY,
    INK,
    LINE,
    PAPER,
    SMALL,
    TEAL,
    TRACK,
    VERMILLION,
    WIDTH,
)
from playbook_helpers.drawing.surface import Surface
from playbook_helpers.drawing.tables import Column, Table, number
from playbook_helpers.drawing.words import width_of, wrapped
from playbook_helpers.practices.learning.rows import MilestoneRow

MOST, MOST_FIGURES = 10, 5
LEFT, RIGHT, START, END = 0.03, WIDTH - 0.03, 0.15, WIDTH - 0.2
HEAD = 0.4
GAP = 0.06
"""Between the words of two months, in inches, at least."""


def milestone_charts(rows: Sequence[MilestoneRow], as_of: date) -> list[Chart]:
    """Planned against reached, in figures of at most ten; steps without any date are left out."""
    dated = [row for row in rows if row["planned"] or row["actual"]]
    left = len(rows) - len(dated)
    note = f"{left} more without a date. " * bool(left)
    note += "A month or a year is drawn at its last day."
    return [
        Chart(
            _picture(part.rows, as_of),
            headline(rows) + part.title,
            " ".join(f"{text_of(row['name'])}: {state_words(row)}." for row in part.rows),
            _table(part.rows, f"Milestones{part.caption}"),
            f"{part.note} {note}".strip(),
        )
        for part in in_parts(dated, MOST, MOST_FIGURES, "steps")
    ]


def headline(rows: Sequence[MilestoneRow]) -> str:
    """The point: how many are reached, how late as a rule, and which are overdue.

    >>> headline([{"name": "Opening", "actual": "2026-03-15", "slip": 14, "late": False}])
    'The one milestone is reached; 14 days late'
    """
    reached = sum(row["actual"] is not None for row in rows)
    slips = [slip for row in rows if isinstance(slip := row["slip"], int)]
    late = [text_of(row["name"]) for row in rows if row["late"]]
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


def state_words(row: MilestoneRow) -> str:
    """Where a milestone stands, in a few words.

    >>> state_words({"planned": "2026-03", "actual": None, "slip": None, "days_late": 30})
    'planned for March 2026, 30 days overdue'
    """
    planned, actual, slip = row["planned"], row["actual"], row["slip"]
    parts = [f"planned for {spoken(str(planned))}"] if planned else []
    if actual:
        how = f" ({slip_words(slip)})" if isinstance(slip, int) else ""
        parts.append(f"reached {spoken(str(actual))}{how}")
    elif isinstance(row["days_late"], int):
        days = int(row["days_late"] or 0)
        parts.append(f"{days:,} day{'' if days == 1 else 's'} overdue")
    else:
        parts.append("still ahead")
    return ", ".join(parts)


def _table(rows: Sequence[MilestoneRow], caption: str) -> Table:
    cells = tuple(
        {**row, "state_words": state_words(row), "thanks": row["thanks"] or "–"} for row in rows
    )
    columns = (
        Column("name", "Milestone"),
        Column("state_words", "Planned and reached"),
        Column("thanks", "Who is thanked", format="text"),
    )
    return Table(caption, columns, cells)


def _picture(rows: Sequence[MilestoneRow], as_of: date) -> Surface:
    words = [wrapped(state_words(row), RIGHT - LEFT, 2, SMALL) for row in rows]
    talls = [0.87 + STEP * (len(lines) - 1) for lines in words]
    layout = Rows([text_of(row["name"]) for row in rows], talls, room=RIGHT - LEFT, head=HEAD,
                  foot=0.5, first=0.24, rules="all")  # fmt: skip
    surface = layout.surface
    days = [_days(row) for row in rows]
    every = [day for held in days for day in held.values()]
    if any(row["late"] for row in rows):
        every.append(as_of.toordinal())
    first, last = min(every), max(every)
    if first == last:
        first, last = first - 30, last + 30
    scale = Scale(first, last, START, END)
    _legend(surface)
    for row, held, lines, place in zip(rows, days, words, layout.places(), strict=True):
        places = {key: scale(day) for key, day in held.items()}
        _dumbbell(surface, row, places, scale(as_of.toordinal()), place.base + 0.19)
        surface.write_lines(LEFT, place.base + 0.45, lines, size=SMALL, color=GREY)
    _time(surface, scale, first, last, layout.bottom + 0.06)
    return surface


def _days(row: MilestoneRow) -> dict[str, int]:
    return {
        key: last_day(text_of(row.get(key))).toordinal()
        for key in ("planned", "actual")
        if row.get(key)
    }


def _legend(surface: Surface) -> None:
    _planned(surface, 0.1, 0.17)
    surface.write(0.25, 0.22, "planned", size=SMALL, color=GREY)
    surface.mark(1.17, 0.17, size=9, fill=TEAL)
    surface.write(1.32, 0.22, "reached", size=SMALL, color=GREY)
    surface.line([(2.25, 0.17), (2.6, 0.17)], VERMILLION, width=2, dash=(2, 1.4))
    surface.write(2.7, 0.22, "overdue so far", size=SMALL, color=GREY)


def _planned(surface: Surface, x: float, y: float, fill: str = PAPER) -> None:
    surface.mark(x, y, size=9, fill=fill, stroke=INK, width=1.6)


def _dumbbell(
    surface: Surface, row: MilestoneRow, places: Mapping[str, float], today: float, y: float
) -> None:
    surface.line([(START, y), (END, y)], TRACK)
    planned, actual = places.get("planned"), places.get("actual")
    if planned is not None and actual is not None:
        surface.line([(planned, y), (actual, y)], TEAL, width=2.4)
    elif row["late"] and planned is not None:
        surface.line([(planned, y), (today, y)], VERMILLION, width=2, dash=(2, 1.4))
    if actual is not None:
        surface.mark(actual, y, size=9, fill=TEAL)
    if planned is not None:
        # Open, so that the day reached shows through where both fall together.
        _planned(surface, planned, y, PAPER if actual is None else "")


def _time(surface: Surface, scale: Scale, first: int, last: int, y: float) -> None:
    surface.line([(START, y), (END, y)], LINE)
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
    free = LEFT
    for day, words in ticks:
        x, wide = scale(day), width_of(words, SMALL)
        left = min(max(x - wide / 2, LEFT), RIGHT - wide)
        if START <= x <= END and left >= free:
            surface.line([(x, y), (x, y + 0.06)], LINE)
            middle = left + wide / 2
            surface.write(middle, y + 0.24, words, size=SMALL, color=GREY, side="center")
            free = left + wide + GAP
