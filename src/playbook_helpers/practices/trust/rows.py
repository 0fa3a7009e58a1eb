"""The rows of the trust assessment: what charts, tables and files read of it."""

from __future__ import annotations

from typing import NotRequired, TypedDict, cast

from playbook_helpers.core.assessment import Assessment


class ToldRow(TypedDict):
    """One figure as it may be told (`disclosure.Told`): its value, or the line it lies beyond.

    `band_low` and `band_high` are where the mean can lie by what is told; `low` and `high` a 95%
    range; `hidden` why nothing is told, empty where something is.
    """

    value: float | None
    bound: str | None
    band_low: float | None
    band_high: float | None
    low: float | None
    high: float | None
    n: int | None
    missing: int | None
    hidden: str
    differ: NotRequired[bool | None]
    """Whether people differ widely: told of single statements alone."""


class ScaleRow(ToldRow):
    """The general score, or one part of it, as far as it may be told."""

    scale: str
    label: str
    lower_than: NotRequired[str]
    """Labels of the parts that the same people put higher, by more than chance."""


class ItemRow(ToldRow):
    """One statement of the check-in, as far as it may be told."""

    item: str
    group: str
    words: str
    reverse: bool


class SectorRow(ToldRow):
    """The general score of one kind of organisation, as far as it may be told."""

    sector: str
    label: str


class RoundRow(ToldRow):
    """The general score of one round."""

    round: str
    day: str
    closed: bool
    answered: int


class CommentRow(TypedDict):
    """What one person wrote."""

    comment: str


class TurnoutRow(TypedDict):
    """How many answered from one organisation."""

    organisation: str
    answers: int


class AgreementRow(TypedDict):
    """One point of the agreement; without a record where nobody has looked at it."""

    record: str | None
    point: str
    words: str
    state: str | None
    state_words: str
    where: str | None


class WinRow(TypedDict):
    """One small win."""

    record: str
    action: str
    owner: str | None
    due: str | None
    done: str | None
    late: bool


class Rows(TypedDict, total=False):
    """All rows by their name; those that there are none of may be left out."""

    scales: tuple[ScaleRow, ...]
    items: tuple[ItemRow, ...]
    sectors: tuple[SectorRow, ...]
    rounds: tuple[RoundRow, ...]
    comments: tuple[CommentRow, ...]
    turnout: tuple[TurnoutRow, ...]
    agreement: tuple[AgreementRow, ...]
    wins: tuple[WinRow, ...]


def rows_of(assessment: Assessment) -> Rows:
    """The rows of an assessment of this practice, as what they are."""
    return cast(Rows, assessment.rows)
