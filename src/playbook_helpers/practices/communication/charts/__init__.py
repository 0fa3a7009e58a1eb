"""The communication worksheet's charts: the audience map, what is late, what meetings take."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from playbook_helpers.core.assessment import Assessment
from playbook_helpers.core.text import listed
from playbook_helpers.drawing.chart import Chart, number_of, numeric, text_of
from playbook_helpers.drawing.kinds import ChartKind
from playbook_helpers.drawing.rows import Rows
from playbook_helpers.drawing.scales import Scale, nice_ticks
from playbook_helpers.drawing.style import (
    GREY,
    INK,
    PALE_TEAL,
    SMALL,
    TEAL,
    VERMILLION,
    WIDTH,
)
from playbook_helpers.drawing.surface import Surface
from playbook_helpers.drawing.tables import Column, Table, number
from playbook_helpers.practices.communication.charts.audiences import audience_charts
from playbook_helpers.practices.communication.rows import MeetingRow, MessageRow, rows_of

MOST = 16
LEFT, RIGHT = 0.06, WIDTH - 0.1
BAR = 0.2


def audiences(assessment: Assessment) -> list[Chart]:
    """Influence against interest, one numbered mark for each audience."""
    return audience_charts(rows_of(assessment).get("audiences", ()))


def overdue(assessment: Assessment) -> list[Chart]:
    """Days over (to the right) or still left (to the left) for each message with a rhythm."""
    rows = rows_of(assessment).get("messages", ())
    known = sorted(
        (row for row in rows if numeric(row["days_over"]) is not None), key=_days, reverse=True
    )
    if not known:
        return []
    shown = known[:MOST]
    surface = _days_surface(shown)
    notes = []
    if len(known) > len(shown):
        notes.append(f"{len(known) - len(shown)} more are not drawn; the table has them.")
    if missing := len(rows) - len(known):
        what = "1 message has" if missing == 1 else f"{missing} messages have"
        notes.append(f"{what} no rhythm or no last date yet.")
    reading = " ".join(f"{text_of(r['name'])}: {days_words(_days(r))}." for r in shown)
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
    return [Chart(surface, overdue_headline(known), reading, table, " ".join(notes))]


def meetings(assessment: Assessment) -> list[Chart]:
    """Hours a month that each meeting takes: for one person, and for all who come."""
    rows = rows_of(assessment).get("meetings", ())
    known = sorted(
        (row for row in rows if numeric(row["hours_all"]) is not None),
        key=lambda row: number_of(row["hours_all"]),
        reverse=True,
    )
    if not known:
        return []
    shown = known[:MOST]
    surface = _hours_surface(shown)
    reading = " ".join(f"{text_of(r['name'])}: {hours_words(r)}." for r in shown)
    notes = []
    if len(known) > len(shown):
        notes.append(f"{len(known) - len(shown)} more are not drawn; the table has them.")
    if left_out := len(rows) - len(known):
        what = "1 meeting is" if left_out == 1 else f"{left_out} meetings are"
        notes.append(f"{what} not drawn: people, hours or how often are not known.")
    notes.append("Travel is part of the hours where it was counted.")
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
    return [Chart(surface, hours_headline(known), reading, table, " ".join(notes))]


CHARTS: Mapping[str, ChartKind] = {
    "audiences": ChartKind(audiences, "one audience, with its influence and its interest"),
    "overdue": ChartKind(overdue, "one message, with how often it goes out and when it last did"),
    "meetings": ChartKind(meetings, "one meeting, with people, hours and how often it is held"),
}


# Words ----------------------------------------------------------------------------------------


def _days(row: MessageRow) -> float:
    """Days over, or below zero the days still left."""
    return number_of(row["days_over"]) - number_of(row["days_left"])


def days_words(days: float) -> str:
    """Days over or left, in words.

    >>> days_words(12), days_words(-1), days_words(0)
    ('12 days over', '1 day left', 'due today')
    """
    if days == 0:
        return "due today"
    count = f"{abs(days):,.0f} {'day' if abs(days) == 1 else 'days'}"
    return f"{count} over" if days > 0 else f"{count} left"


def overdue_headline(rows: Sequence[MessageRow]) -> str:
    """The point: how many are late, and the latest of them."""
    late = [text_of(row["name"]) for row in rows if _days(row) > 0]
    if not late:
        one = len(rows) == 1
        return "The message is on time" if one else f"All {len(rows)} messages are on time"
    are = "is" if len(late) == 1 else "are"
    return f"{len(late)} of {len(rows)} messages {are} late: {listed(late)}"


def hours_words(row: MeetingRow) -> str:
    """What one meeting takes, in words.

    >>> hours_words({"people": 8, "hours_each": 2.0, "hours_all": 16.0})
    '16 hours a month: 8 people, 2 hours each'
    """
    every, each = number_of(row["hours_all"]), number_of(row["hours_each"])
    people = int(number_of(row["people"]))
    who = "1 person" if people == 1 else f"{people:,} people"
    return f"{_hours(every)} a month: {who}, {_hours(each)} each"


def _hours(value: float) -> str:
    return "1 hour" if value == 1 else f"{number(value, 1)} hours"


def hours_headline(rows: Sequence[MeetingRow]) -> str:
    """The point: what all meetings take, and which takes most."""
    total = sum(number_of(row["hours_all"]) for row in rows)
    if len(rows) == 1:
        return f"“{text_of(rows[0]['name'])}” takes {_hours(total)} a month of people's time"
    share = 100 * number_of(rows[0]["hours_all"]) / total if total else 0.0
    return (
        f"Meetings take {_hours(total)} a month of people's time, "
        f"{share:.0f} % of it “{text_of(rows[0]['name'])}”"
    )


# Drawing --------------------------------------------------------------------------------------


def _days_surface(rows: Sequence[MessageRow]) -> Surface:
    layout = Rows([text_of(row["name"]) for row in rows], 0.72, left=LEFT,
                  room=RIGHT - LEFT - 1.45, foot=0.62, first=0.22, ground=1.0)  # fmt: skip
    surface = layout.surface
    low, high = min(0.0, *map(_days, rows)), max(0.0, *map(_days, rows))
    scale = Scale(low, high if high > low else 1.0, LEFT, RIGHT)
    zero = scale(0)
    surface.line([(zero, 0.04), (zero, layout.bottom + 0.06)], INK, width=1.2)
    for row, place in zip(rows, layout.places(), strict=True):
        days = _days(row)
        surface.write(RIGHT, place.first, days_words(days), size=SMALL, side="right")
        end = scale(days)
        _block(surface, min(zero, end), place.base + 0.1, abs(end - zero),
               VERMILLION if days > 0 else TEAL)  # fmt: skip
    ticks = [(tick, f"{abs(tick):,.0f}") for tick in nice_ticks(low, scale.high)]
    layout.axis(scale, ticks, inward=True)
    words = "Days left, to the left of the line; days over, to the right"
    if low == 0:
        words = "Days over"
    elif high == 0:
        words = "Days left"
    _caption(layout, words)
    return surface


def _hours_surface(rows: Sequence[MeetingRow]) -> Surface:
    layout = Rows([text_of(row["name"]) for row in rows], 0.96, left=LEFT, room=RIGHT - LEFT,
                  foot=0.62, first=0.22)  # fmt: skip
    most = max(number_of(row["hours_all"]) for row in rows)
    scale = Scale(0, most, LEFT, RIGHT)
    for row, place in zip(rows, layout.places(), strict=True):
        every, each = number_of(row["hours_all"]), number_of(row["hours_each"])
        top = place.base + 0.1
        _block(layout.surface, LEFT, top, scale(every) - LEFT, PALE_TEAL)
        _block(layout.surface, LEFT, top, scale(min(each, every)) - LEFT, TEAL)
        layout.surface.write(LEFT, top + BAR + 0.2, hours_words(row), size=SMALL, color=GREY)
    layout.axis(scale, [(tick, number(tick)) for tick in nice_ticks(0, most)], inward=True)
    _caption(layout, "Hours a month; dark: one person, light: all who come")
    return layout.surface


def _caption(layout: Rows, words: str) -> None:
    middle = (LEFT + RIGHT) / 2
    layout.surface.write(middle, layout.bottom + 0.47, words, size=SMALL, color=GREY, side="center")


def _block(surface: Surface, x: float, top: float, wide: float, colour: str) -> None:
    edge = TEAL if colour == PALE_TEAL else colour
    surface.rectangle(x, top, max(wide, 0.02), BAR, fill=colour, stroke=edge, level=3)
