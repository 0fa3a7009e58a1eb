"""The communication worksheet's charts: the audience map, what is late, what meetings take."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from playbook_helpers.core.assessment import Assessment, Row
from playbook_helpers.drawing.chart import (
    GREY,
    INK,
    LINE,
    PALE_TEAL,
    SMALL,
    TEAL,
    VERMILLION,
    WIDTH,
    Chart,
    canvas,
    drawing,
    listed,
    nice_ticks,
    numeric,
    text_of,
    wrapped,
    write,
    write_lines,
)
from playbook_helpers.drawing.kinds import ChartKind
from playbook_helpers.drawing.tables import Column, Table, number
from playbook_helpers.practices.communication.charts.audiences import audience_charts

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

MOST = 16
LEFT, RIGHT = 0.06, WIDTH - 0.1
STEP, BAR = 0.72, 0.2


def audiences(assessment: Assessment) -> list[Chart]:
    """Influence against interest, one numbered mark for each audience."""
    return audience_charts(assessment.rows.get("audiences", ()))


def overdue(assessment: Assessment) -> list[Chart]:
    """Days over (to the right) or still left (to the left) for each message with a rhythm."""
    rows = assessment.rows.get("messages", ())
    known = sorted(
        (row for row in rows if numeric(row, "days_over") is not None), key=_days, reverse=True
    )
    if not known:
        return []
    shown = known[:MOST]
    with drawing():
        figure = _days_figure(shown)
    notes = []
    if len(known) > len(shown):
        notes.append(f"{len(known) - len(shown)} more are not drawn; the table has them.")
    if missing := len(rows) - len(known):
        what = "1 message has" if missing == 1 else f"{missing} messages have"
        notes.append(f"{what} no rhythm or no last date yet.")
    reading = " ".join(f"{text_of(r, 'name')}: {days_words(_days(r))}." for r in shown)
    columns = (
        Column("name", "Message"),
        Column("audience", "To"),
        Column("owner", "Sent by"),
        Column("every_days", "Every", "days"),
        Column("last_sent", "Last sent", format="when"),
        Column("next_due", "Next due", format="when"),
        Column("days_over", "Days over"),
    )
    table = Table("When messages are due", columns, tuple(rows))
    return [Chart(figure, overdue_headline(known), reading, table, " ".join(notes))]


def meetings(assessment: Assessment) -> list[Chart]:
    """Hours a month that each meeting takes: for one person, and for all who come."""
    rows = assessment.rows.get("meetings", ())
    known = sorted(
        (row for row in rows if numeric(row, "hours_all") is not None),
        key=lambda row: numeric(row, "hours_all") or 0.0,
        reverse=True,
    )
    if not known:
        return []
    shown = known[:MOST]
    with drawing():
        figure = _hours_figure(shown)
    reading = " ".join(f"{text_of(r, 'name')}: {hours_words(r)}." for r in shown)
    left_out = len(rows) - len(known)
    note = "Travel is part of the hours where it was counted."
    if left_out:
        what = "1 meeting is" if left_out == 1 else f"{left_out} meetings are"
        note = f"{what} not drawn: people, hours or how often are not known. {note}"
    columns = (
        Column("name", "Meeting"),
        Column("people", "People"),
        Column("hours", "Hours each time"),
        Column("per_month", "Times a month"),
        Column("hours_each", "Hours a month, each person"),
        Column("hours_all", "Hours a month, all together"),
        Column("purpose", "What is decided or made there"),
    )
    table = Table("What meetings take", columns, tuple(rows))
    return [Chart(figure, hours_headline(known), reading, table, note)]


CHARTS: Mapping[str, ChartKind] = {
    "audiences": ChartKind(audiences, "one audience, with its influence and its interest"),
    "overdue": ChartKind(overdue, "one message, with how often it goes out and when it last did"),
    "meetings": ChartKind(meetings, "one meeting, with people, hours and how often it is held"),
}


# Words ----------------------------------------------------------------------------------------


def _days(row: Row) -> float:
    """Days over, or below zero the days still left."""
    return (numeric(row, "days_over") or 0.0) - (numeric(row, "days_left") or 0.0)


def days_words(days: float) -> str:
    """Days over or left, in words.

    >>> days_words(12), days_words(-1), days_words(0)
    ('12 days over', '1 day left', 'due today')
    """
    if days == 0:
        return "due today"
    count = f"{abs(days):,.0f} {'day' if abs(days) == 1 else 'days'}"
    return f"{count} over" if days > 0 else f"{count} left"


def overdue_headline(rows: Sequence[Row]) -> str:
    """The point: how many are late, and the latest of them."""
    late = [text_of(row, "name") for row in rows if _days(row) > 0]
    if not late:
        one = len(rows) == 1
        return "The message is on time" if one else f"All {len(rows)} messages are on time"
    are = "is" if len(late) == 1 else "are"
    return f"{len(late)} of {len(rows)} messages {are} late: {listed(late)}"


def hours_words(row: Row) -> str:
    """What one meeting takes, in words.

    >>> hours_words({"people": 8, "hours_each": 2.0, "hours_all": 16.0})
    '16 hours a month: 8 people, 2 hours each'
    """
    every, each = numeric(row, "hours_all") or 0.0, numeric(row, "hours_each") or 0.0
    people = int(numeric(row, "people") or 0)
    who = "1 person" if people == 1 else f"{people:,} people"
    return f"{_hours(every)} a month: {who}, {_hours(each)} each"


def _hours(value: float) -> str:
    return "1 hour" if value == 1 else f"{number(value, 1)} hours"


def hours_headline(rows: Sequence[Row]) -> str:
    """The point: what all meetings take, and which takes most."""
    total = sum(numeric(row, "hours_all") or 0.0 for row in rows)
    if len(rows) == 1:
        return f"“{text_of(rows[0], 'name')}” takes {_hours(total)} a month of people's time"
    share = 100 * (numeric(rows[0], "hours_all") or 0.0) / total if total else 0.0
    return (
        f"Meetings take {_hours(total)} a month of people's time, "
        f"{share:.0f} % of it “{text_of(rows[0], 'name')}”"
    )


# Drawing --------------------------------------------------------------------------------------


def _names(rows: Sequence[Row], room: float) -> list[list[str]]:
    return [wrapped(text_of(row, "name"), room, 2) for row in rows]


def _heights(names: Sequence[list[str]]) -> list[float]:
    return [STEP + 0.22 * (len(lines) - 1) for lines in names]


def _days_figure(rows: Sequence[Row]) -> Figure:
    names = _names(rows, RIGHT - LEFT - 1.45)
    heights = _heights(names)
    figure, axes = canvas(sum(heights) + 0.62)
    low, high = min(0.0, *map(_days, rows)), max(0.0, *map(_days, rows))
    if low == high:
        high = 1.0
    scale = (RIGHT - LEFT) / (high - low)
    zero = LEFT - low * scale
    bottom = sum(heights)
    axes.plot([zero, zero], [0.04, bottom + 0.06], color=INK, lw=1.2, zorder=4)
    y = 0.0
    for row, lines, height in zip(rows, names, heights, strict=True):
        days = _days(row)
        top = write_lines(axes, LEFT, y + 0.22, lines, weight="bold", zorder=5) + 0.1
        colour = VERMILLION if days > 0 else TEAL
        write(axes, RIGHT, y + 0.22, days_words(days), size=SMALL, ha="right", color=INK)
        _block(axes, min(zero, zero + days * scale), top, abs(days) * scale, colour)
        y += height
    axes.plot([LEFT, RIGHT], [bottom, bottom], color=LINE, lw=1)
    for tick in nice_ticks(low, high):
        x = zero + tick * scale
        axes.plot([x, x], [bottom, bottom + 0.06], color=LINE, lw=1)
        side = "left" if x < LEFT + 0.2 else "right" if x > RIGHT - 0.2 else "center"
        write(axes, x, bottom + 0.24, f"{abs(tick):,.0f}", size=SMALL, color=GREY, ha=side)
    words = "Days left, to the left of the line; days over, to the right"
    if low == 0:
        words = "Days over"
    elif high == 0:
        words = "Days left"
    write(axes, (LEFT + RIGHT) / 2, bottom + 0.47, words, size=SMALL, color=GREY, ha="center")
    return figure


def _hours_figure(rows: Sequence[Row]) -> Figure:
    names = _names(rows, RIGHT - LEFT)
    heights = [height + 0.24 for height in _heights(names)]
    figure, axes = canvas(sum(heights) + 0.62)
    most = max(numeric(row, "hours_all") or 0.0 for row in rows)
    scale = (RIGHT - LEFT) / most
    y = 0.0
    for row, lines, height in zip(rows, names, heights, strict=True):
        every, each = numeric(row, "hours_all") or 0.0, numeric(row, "hours_each") or 0.0
        top = write_lines(axes, LEFT, y + 0.22, lines, weight="bold") + 0.1
        _block(axes, LEFT, top, every * scale, PALE_TEAL)
        _block(axes, LEFT, top, min(each, every) * scale, TEAL)
        write(axes, LEFT, top + BAR + 0.2, hours_words(row), size=SMALL, color=GREY)
        y += height
    axes.plot([LEFT, RIGHT], [y, y], color=LINE, lw=1)
    for tick in nice_ticks(0, most):
        x = LEFT + tick * scale
        axes.plot([x, x], [y, y + 0.06], color=LINE, lw=1)
        side = "left" if x < LEFT + 0.2 else "right" if x > RIGHT - 0.2 else "center"
        write(axes, x, y + 0.24, number(tick), size=SMALL, color=GREY, ha=side)
    words = "Hours a month; dark: one person, light: all who come"
    write(axes, (LEFT + RIGHT) / 2, y + 0.47, words, size=SMALL, color=GREY, ha="center")
    return figure


def _block(axes: Axes, x: float, top: float, wide: float, colour: str) -> None:
    from matplotlib.patches import Rectangle

    edge = TEAL if colour == PALE_TEAL else colour
    axes.add_patch(
        Rectangle((x, top), max(wide, 0.02), BAR, facecolor=colour, edgecolor=edge, lw=1, zorder=3)
    )
