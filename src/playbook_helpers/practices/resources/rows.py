"""The rows of the resources assessment: what charts, tables and files read of it."""

from __future__ import annotations

from typing import TypedDict, cast

from playbook_helpers.core.assessment import Assessment


class NeedRow(TypedDict):
    """One need, and how far it is met."""

    record: str
    name: str
    type: str
    goal: str | None
    must_have: bool
    amount: float | None
    unit: str | None
    period: str | None
    offered: float | None
    committed: float | None
    delivered: float | None
    coverage: float | None
    gap: float | None
    providers: int
    top_provider: str | None
    top_share: float | None
    single_source: bool
    ends_early: str | None
    addable: bool


class OfferRow(TypedDict):
    """One offer."""

    record: str
    partner: str
    what: str
    type: str
    amount: float | None
    unit: str | None
    period: str | None
    status: str
    delivered: float | None
    need: str | None
    starts: str | None
    ends: str | None
    cash: bool


class MatrixRow(TypedDict):
    """How many offers of one kind come from one partner."""

    partner: str
    type: str
    offers: int
    firm: int


class LinkRow(TypedDict):
    """What one partner brings to one need."""

    partner: str
    need: str
    amount: float | None
    unit: str | None
    share: float | None
    status: str
    must_have: bool


class OverlapRow(TypedDict):
    """A need to which several partners bring more than it takes."""

    record: str
    need: str
    partners: int
    names: str
    beyond: float | None
    unit: str | None
    period: str | None


class Rows(TypedDict, total=False):
    """All rows by their name; those that there are none of may be left out."""

    needs: tuple[NeedRow, ...]
    offers: tuple[OfferRow, ...]
    matrix: tuple[MatrixRow, ...]
    links: tuple[LinkRow, ...]
    overlaps: tuple[OverlapRow, ...]


def rows_of(assessment: Assessment) -> Rows:
    """The rows of an assessment of this practice, as what they are."""
    return cast(Rows, assessment.rows)
