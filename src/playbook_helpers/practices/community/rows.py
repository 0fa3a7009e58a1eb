"""The rows of the community assessment: what charts, tables and files read of it."""

from __future__ import annotations

from typing import TypedDict, cast

from playbook_helpers.core.assessment import Assessment


class ActivityRow(TypedDict):
    """One activity: who was asked, who came, what say they had."""

    record: str
    name: str
    type: str
    date: str | None
    decision: str | None
    level: str | None
    level_words: str | None
    promise: str | None
    invited: int | None
    attended: int | None
    completed: int | None
    response: float | None
    margin: float | None
    sampling_words: str | None
    paid: bool | None
    cost_each: float | None
    source: str | None


class GroupRow(TypedDict):
    """One group of the community, and its share among those who took part."""

    trait: str
    group: str
    n: int | None
    sample_share: float | None
    low: float | None
    high: float | None
    few: bool
    community_share: float
    ratio: float | None
    weight: float | None
    capped: bool
    hidden: str
    total: int
    waiting: int
    source: str


class HeardRow(TypedDict):
    """One thing that people said, and what came of it."""

    record: str
    what: str
    activity: str | None
    heard_on: str | None
    outcome: str | None
    outcome_words: str
    decided_on: str | None
    done_on: str | None
    told_on: str | None
    days_to_answer: int | None
    days_open: int | None
    owner: str | None


class LoopRow(TypedDict):
    """One step from what was heard to an answer, and how far things got."""

    step: str
    count: int
    of: int


class Rows(TypedDict, total=False):
    """All rows by their name; those that there are none of may be left out."""

    activities: tuple[ActivityRow, ...]
    groups: tuple[GroupRow, ...]
    heard: tuple[HeardRow, ...]
    loop: tuple[LoopRow, ...]


def rows_of(assessment: Assessment) -> Rows:
    """The rows of an assessment of this practice, as what they are."""
    return cast(Rows, assessment.rows)
