"""Closing a round of the check-in: when a save or an import closes it, and which rounds are closed.

A round is shown once it is closed, by a person or by the save that makes its answers as many as a
person counted. Nothing that only reads ever closes one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date

from playbook_helpers.assessment import Head, current
from playbook_helpers.practices.trust.records import CheckIn, ClosedRound, Turnout
from playbook_helpers.practices.trust.rounds import in_time
from playbook_helpers.whens import last_day


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
    return sorted(
        when
        for when, number in _turnout(held).items()
        if number and number == answers[when] and when not in closed
    )


def closed_before(heads: Iterable[Head], today: date) -> Mapping[str, frozenset[str]]:
    """Round -> the records shown in it by the rule that held before rounds were closed.

    A round was shown when as many people were counted as answers came in, or, where nobody
    counted, when it was over. Answers that came in a later month were kept back (`in_time`).
    """
    held = current(heads)
    turnout, closed = _turnout(held), closed_rounds(held)
    answers: dict[str, list[Head]] = {}
    for head in held:
        if isinstance(head.value, CheckIn):
            answers.setdefault(str(head.payload["round"]), []).append(head)
    found = {}
    for when, given in answers.items():
        timely = in_time([head.stored for head in given], when, today)
        taken = frozenset(h.record for h, kept in zip(given, timely, strict=True) if kept)
        shown = (
            turnout[when] in (len(taken), len(given)) if when in turnout else last_day(when) < today
        )
        if shown and when not in closed:
            found[when] = taken
    return found


def _turnout(heads: Iterable[Head]) -> Counter[str]:
    counted: Counter[str] = Counter()
    for head in heads:
        if isinstance(head.value, Turnout):
            counted[head.value.round] += head.value.answers
    return counted
