"""When things are due: the next time of each message and meeting, and the calendar's events."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from playbook_helpers.core.assessment import Context, Head, current, of_type
from playbook_helpers.core.partial_dates import last_day
from playbook_helpers.practices.communication.calendar import Event
from playbook_helpers.practices.communication.records import Meeting, Message

AHEAD = timedelta(days=731)
"""How far the calendar goes where the partnership has no end: about two years."""
MONTH = 365.2425 / 12
"""Days in a month, on average."""


def next_due(last: str | None, every_days: int | None) -> date | None:
    """When something is due again; None where its rhythm or its last time is not known.

    A last time known to the month or year counts as its last day: nothing is called late too
    soon.

    >>> next_due("2027-03-01", 30), next_due("9999-12-31", 30)
    (datetime.date(2027, 3, 31), None)
    """
    if last is None or every_days is None:
        return None
    try:
        return last_day(last) + timedelta(days=every_days)
    except OverflowError:
        return None


def times_a_month(meeting: Meeting) -> float | None:
    """How often a month: as written down, else from the number of days between two meetings.

    >>> round(times_a_month(Meeting(name="Team", every_days=7)), 3)
    4.348
    """
    if meeting.per_month is not None:
        return meeting.per_month
    return MONTH / meeting.every_days if meeting.every_days else None


def rhythm(heads: Iterable[Head], context: Context) -> tuple[Event, ...]:
    """The calendar's events: each message and meeting that has a rhythm, from its next time.

    What is overdue stands on `context.as_of`. Events go on up to the partnership's end.
    """
    now = current(heads)
    found = []
    for head, message in of_type(now, Message):
        to = f"To: {message.audience}."
        notes = _joined(message.says, to, _by(message.owner))
        due = next_due(message.last_sent, message.every_days)
        found.append((head, message.name, message.every_days, due, notes))
    for head, meeting in of_type(now, Meeting):
        notes = _joined(meeting.purpose, _by(meeting.owner))
        due = next_due(meeting.last_held, meeting.every_days)
        found.append((head, meeting.name, meeting.every_days, due, notes))
    end = _end(context)
    return tuple(
        Event(head.record, name, day, every, notes, end)
        for head, name, every, due, notes in found
        if every and (day := max(due or context.as_of, context.as_of)) <= end
    )


def _end(context: Context) -> date:
    about = context.partnership
    if about is not None and about.ends is not None:
        return last_day(about.ends)
    try:
        return context.as_of + AHEAD
    except OverflowError:
        return context.as_of


def _joined(*parts: str | None) -> str:
    return "\n".join(part for part in parts if part)


def _by(owner: str | None) -> str:
    return f"By: {owner}." if owner else ""
