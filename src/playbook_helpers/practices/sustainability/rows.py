"""The rows of the sustainability assessment: what charts, tables and files read of it."""

from __future__ import annotations

from typing import TypedDict, cast

from playbook_helpers.core.assessment import Assessment


class FundRow(TypedDict):
    """One source of money as it is written down."""

    record: str
    name: str
    funder: str | None
    type: str | None
    amount: float | None
    currency: str | None
    starts: str | None
    ends: str | None
    signed: bool
    likelihood: float | None
    restricted_to: str | None
    over: bool
    counted: bool


class SourceRow(TypedDict):
    """What one source brings in the months ahead."""

    source: str
    amount: float
    signed: float
    share: float
    ends: str | None
    basis: str
    currency: str | None


class MonthRow(TypedDict):
    """One month of one way in which the money may go."""

    case: str
    month: str
    income: float
    cost: float
    free: float
    held: float
    out: bool
    source: str
    currency: str | None


class TaskRow(TypedDict):
    """One task, and who can do it."""

    record: str
    task: str
    able: int | None
    role: str | None
    deputy: str | None
    written: bool | None
    alone: bool | None
    step: str | None
    due: str | None
    overdue: bool


class ContinuingRow(TypedDict):
    """One thing that has to go on."""

    record: str
    name: str
    type: str
    rhythm: str | None
    owner: str | None
    next: str | None
    overdue: bool
    paid_by: str | None


class SocialValueRow(TypedDict):
    """The social value for each 1 put in, and what it rests on."""

    low: float
    central: float
    high: float
    present_value: float
    inputs: float
    net: float
    currency: str | None
    discount_low: float
    discount: float
    discount_high: float
    conventions: str


class OutcomeRow(TypedDict):
    """One change, with what is taken off its worth."""

    name: str
    group: str
    quantity: float
    worth: float
    deadweight: float
    displacement: float
    attribution: float
    drop_off: float
    duration: float
    proxy_source: str


class TornadoRow(TypedDict):
    """One assumption, and what the ratio would be at either end of it."""

    assumption: str
    at_low: float | None
    at_high: float | None
    width: float
    central: float
    break_even: float | None


class ReckoningRow(TypedDict):
    """One part of how the ratio came about, in words."""

    part: str
    words: str


class PublishedRow(TypedDict):
    """A ratio that somebody published."""

    name: str
    ratio: float
    net: float | None
    basis: str | None
    source: str | None


class Rows(TypedDict, total=False):
    """All rows by their name; those that there are none of may be left out."""

    funds: tuple[FundRow, ...]
    sources: tuple[SourceRow, ...]
    runway: tuple[MonthRow, ...]
    capacity: tuple[TaskRow, ...]
    continuing: tuple[ContinuingRow, ...]
    social_value: tuple[SocialValueRow, ...]
    outcomes: tuple[OutcomeRow, ...]
    tornado: tuple[TornadoRow, ...]
    reckoning: tuple[ReckoningRow, ...]
    published: tuple[PublishedRow, ...]


def rows_of(assessment: Assessment) -> Rows:
    """The rows of an assessment of this practice, as what they are."""
    return cast(Rows, assessment.rows)
