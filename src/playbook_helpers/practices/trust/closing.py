"""Closing a round of the check-in: when a save or an import closes it, and which rounds are closed.

A round is shown once it is closed, by a person or by the save that makes its answers as many as a
person counted. Nothing that only reads ever closes one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from playbook_helpers.assessment import Head, current
from playbook_helpers.practices.trust.records import CheckIn, ClosedRound, Turnout
from playbook_helpers.records import Record


def closed_rounds(heads: Iterable[Head]) -> frozenset[str]:
    """The rounds that are closed. No head of another wording opens one again."""
    return frozenset(head.value.round for head in heads if isinstance(head.value, ClosedRound))


def counted_rounds(heads: Iterable[Head]) -> list[str]:
    """The open rounds whose answers are just as many as the turnout that a person wrote down.

    Reads `check_in`, `turnout` and `closed_round`. These are the rounds to close now.
    """
    held = list(heads)
    closed = closed_rounds(held)
    answers, counted = numbers(held)
    return sorted(
        when
        for when, number in counted.items()
        if number and number == answers[when] and when not in closed
    )


def numbers(heads: Iterable[Head]) -> tuple[Counter[str], Counter[str]]:
    """Round -> how many answers there are, and how many people were counted."""
    answers, counted = Counter[str](), Counter[str]()
    for head in current(heads):
        if isinstance(head.value, CheckIn):
            answers[str(head.payload["round"])] += 1
        elif isinstance(head.value, Turnout):
            counted[head.value.round] += head.value.answers
    return answers, counted


def refusal(heads: Iterable[Head], record: Record, given: int = 0) -> str:
    """Why a form does not take this answer or this closing, in words; empty where it does.

    `given` answers to the same round came by the same form before. Files are never refused.
    """
    held = list(heads)
    answers, counted = numbers(held)
    when = str(getattr(record, "round", ""))
    if isinstance(record, ClosedRound) and not answers[when]:
        return "has no answers yet, so there is nothing to close"
    if not isinstance(record, CheckIn):
        return ""
    if when in closed_rounds(held):
        return (
            "is closed, so its picture can no longer change. Nothing was saved. Answer the next "
            "round: write its month"
        )
    if counted[when]:
        if answers[when] >= counted[when]:
            return (
                f"has {answers[when]} answers already, as many as were counted. Nothing was saved. "
                "Whoever leads can count again"
            )
    elif given:
        return (
            "has been answered on this form already, and one person answers once. Nothing was "
            "saved. On a device that goes from hand to hand, count hands first"
        )
    return ""
