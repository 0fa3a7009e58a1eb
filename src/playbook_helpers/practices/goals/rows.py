"""The rows of the goals assessment: what charts, tables and files read of it."""

from __future__ import annotations

from typing import TypedDict, cast

from playbook_helpers.core.assessment import Assessment


class ProgressRow(TypedDict):
    """One goal: where it started, where it stands, where it is to be."""

    record: str
    name: str
    sentence: str
    level: str
    indicator: str | None
    unit: str | None
    unit_words: str | None
    direction: str | None
    baseline_value: float | None
    baseline_date: str | None
    target_value: float | None
    target_date: str | None
    latest_value: float | None
    latest_date: str | None
    percent: float | None
    away_percent: float | None
    status: str
    status_words: str
    achieved_per_year: float | None
    needed_per_year: float | None
    pace: str | None
    owner: str
    measurements: int
    broken: bool


class SeriesRow(TypedDict):
    """One value of one goal."""

    record: str
    goal: str
    date: str | None
    day: str | None
    value: float
    segment: int
    met: bool
    baseline: bool
    source: str


class CheckRow(TypedDict):
    """One element that a goal needs, and whether its sentence or its fields say it."""

    record: str
    name: str
    element: str
    in_sentence: str
    span: str
    reason: str
    in_fields: bool


class SentenceRow(TypedDict):
    """What was read in one goal's sentence."""

    name: str
    sentence: str
    metric: str
    baseline: str
    target: str
    deadline: str
    owner: str


class GroupRow(TypedDict):
    """One group's latest value of one goal; hidden ones have neither value nor people."""

    record: str
    goal: str
    unit: str | None
    by: str
    group: str
    date: str
    value: float | None
    low: float | None
    high: float | None
    n: int | None
    target: float | None
    apart: bool
    hidden: str
    source: str


class Rows(TypedDict, total=False):
    """All rows by their name; those that there are none of may be left out."""

    progress: tuple[ProgressRow, ...]
    series: tuple[SeriesRow, ...]
    checks: tuple[CheckRow, ...]
    sentences: tuple[SentenceRow, ...]
    groups: tuple[GroupRow, ...]


def rows_of(assessment: Assessment) -> Rows:
    """The rows of an assessment of this practice, as what they are."""
    return cast(Rows, assessment.rows)
