"""Closing a round of the check-in: when a save or an import closes it, and which rounds are closed.

A round is shown once it is closed, by a person or by the save that makes its answers as many as a
person counted. Nothing that only reads ever closes one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from playbook_helpers.assessment import Head, current
from playbook_helpers.practices.trust.records import CheckIn, ClosedRound, Turnout


def closed_rounds(heads: Iterable[Head]) -> frozenset[str]:
    """The rounds that stand closed."""
    return frozenset(
        head.value.round for head in current(heads) if isinstance(head.value, ClosedRound)
    )


def counted_rounds(heads: Iterable[Head]) -> list[str]:
    """The open rounds whose answers are just as many as the turnout that a person wrote down.

    Reads `check_in`, `turnout` and `closed_round`. These are the rounds to close now.
    """
    held = current(heads)
    closed = closed_rounds(held)
    answers = Counter(str(h.payload["round"]) for h in held if isinstance(h.value, CheckIn))
    counted: Counter[str] = Counter()
    for head in held:
        if isinstance(head.value, Turnout):
            counted[head.value.round] += head.value.answers
    return sorted(
        when
        for when, number in counted.items()
        if number and number == answers[when] and when not in closed
    )
