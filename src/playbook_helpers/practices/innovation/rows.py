"""The rows of the innovation assessment: what charts, tables and files read of it."""

from __future__ import annotations

from typing import TypedDict, cast

from playbook_helpers.core.assessment import Assessment


class AssumptionRow(TypedDict):
    """One assumption, how much hangs on it, and how well it is known."""

    record: str
    name: str
    type: str | None
    importance: int | None
    evidence: int | None
    risk: int | None
    test: str
    tested: bool


class ExperimentRow(TypedDict):
    """One experiment: its pass line, its result, and what was decided."""

    record: str
    name: str
    state: str
    assumption: str | None
    measure: str | None
    pass_line: float | None
    pass_side: str | None
    unit: str | None
    unit_words: str | None
    before: float | None
    line: str
    starts: str | None
    ends: str | None
    stop_rule: bool
    cost_cap: float | None
    harm: bool
    moved: int
    moved_to: str
    value: float | None
    n: int | None
    low: float | None
    high: float | None
    problem: str | None
    passed: bool | None
    clear: bool | None
    known_on: str | None
    learned: str | None
    decision: str | None
    decision_words: str | None
    decided_on: str | None
    days_to_decision: int | None
    assumption_missing: bool


class MovedRow(TypedDict):
    """A pass line that was moved."""

    record: str
    name: str
    on: str | None
    was: str
    line: str
    when: str
    late: bool
    was_value: float | None


class Rows(TypedDict, total=False):
    """All rows by their name; those that there are none of may be left out."""

    assumptions: tuple[AssumptionRow, ...]
    experiments: tuple[ExperimentRow, ...]
    moved: tuple[MovedRow, ...]


def rows_of(assessment: Assessment) -> Rows:
    """The rows of an assessment of this practice, as what they are."""
    return cast(Rows, assessment.rows)
