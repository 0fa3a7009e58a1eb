"""The rows of the communication assessment: what charts, tables and files read of it."""

from __future__ import annotations

from typing import TypedDict, cast

from playbook_helpers.core.assessment import Assessment


class AudienceRow(TypedDict):
    """One audience, and whether it is reached."""

    record: str
    name: str
    community: bool
    influence: int | None
    interest: int | None
    place: str
    messages: int
    reached: bool
    can_answer: bool


class MessageRow(TypedDict):
    """One message, and when it is due."""

    record: str
    name: str
    audience: str
    channel: str | None
    every_days: int | None
    owner: str | None
    last_sent: str | None
    next_due: str | None
    days_over: int | None
    days_left: int | None
    asks_back: bool | None


class MeetingRow(TypedDict):
    """One meeting, and what it costs in hours."""

    record: str
    name: str
    people: int | None
    hours: float | None
    per_month: float | None
    hours_each: float | None
    hours_all: float | None
    next_due: str | None
    purpose: str | None


class StoryRow(TypedDict):
    """One story, and whether it may be told; never its words."""

    record: str
    name: str
    scope: str | None
    expires: str | None
    may_be_told: bool
    problem: str | None


class Rows(TypedDict, total=False):
    """All rows by their name; those that there are none of may be left out."""

    audiences: tuple[AudienceRow, ...]
    messages: tuple[MessageRow, ...]
    meetings: tuple[MeetingRow, ...]
    stories: tuple[StoryRow, ...]


def rows_of(assessment: Assessment) -> Rows:
    """The rows of an assessment of this practice, as what they are."""
    return cast(Rows, assessment.rows)
