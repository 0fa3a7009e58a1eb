"""The rows of the learning assessment: what charts, tables and files read of it."""

from __future__ import annotations

from typing import TypedDict, cast

from playbook_helpers.core.assessment import Assessment


class MilestoneRow(TypedDict):
    """One milestone, and how late or early it came."""

    record: str
    name: str
    goal: str | None
    planned: str | None
    actual: str | None
    state: str
    slip: int | None
    late: bool
    days_late: int | None
    thanks: str | None
    marked: str | None
    evidence: str | None


class ReviewRow(TypedDict):
    """One look back, and what became of its lesson."""

    record: str
    name: str
    date: str | None
    side: str | None
    change: str | None
    owner: str | None
    due: str | None
    done: str | None
    state: str
    sharing: str | None


class Rows(TypedDict, total=False):
    """All rows by their name; those that there are none of may be left out."""

    milestones: tuple[MilestoneRow, ...]
    reviews: tuple[ReviewRow, ...]


def rows_of(assessment: Assessment) -> Rows:
    """The rows of an assessment of this practice, as what they are."""
    return cast(Rows, assessment.rows)
