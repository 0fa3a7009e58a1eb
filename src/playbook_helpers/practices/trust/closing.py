"""Closing a round of the check-in: when a save or an import closes it, and which rounds are closed.

A round is shown once it is closed, by a person or by the save that makes its answers as many as a
person counted. Nothing that only reads ever closes one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from playbook_helpers.core.assessment import Head, current
from playbook_helpers.core.partial_dates import last_day
from playbook_helpers.core.records import Record
from playbook_helpers.core.suppression import LEAST
from playbook_helpers.practices.trust.records import CheckIn, ClosedRound, Turnout


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


def completes(heads: Iterable[Head], record: str, value: Record) -> bool:
    """Whether the count `value`, saved as `record`, would make a round complete and so close it."""
    if not isinstance(value, Turnout):
        return False
    others = [head for head in heads if head.record != record]
    new = Head(record, "", value.practice, value.kind, value.payload(), value)
    return value.round in counted_rounds([*others, new])


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
        return "This round has no answers yet, so there is nothing to close."
    if not isinstance(record, CheckIn):
        return ""
    if when in closed_rounds(held):
        return (
            "This round is closed, so its picture can no longer change. Nothing was saved. Answer "
            "the next round: write its month."
        )
    if counted[when]:
        if answers[when] >= counted[when]:
            return (
                f"This round has {answers[when]} answers already, as many as were counted. Nothing "
                "was saved. Whoever leads can count again."
            )
    elif given:
        return (
            "This round has been answered on this form already, and one person answers once. "
            "Nothing was saved. On a device that goes from hand to hand, count hands first."
        )
    return ""


def closed_before(heads: Iterable[Head], today: date) -> Mapping[str, frozenset[str]]:
    """Round -> the records shown in it by the rule that held before rounds were closed.

    A round was shown when as many people were counted as answers came in, or, where nobody
    counted, when it was over. Answers that came in a later month were kept back (`_in_time`).
    """
    held = current(heads)
    (_, turnout), closed = numbers(held), closed_rounds(held)
    answers: dict[str, list[Head]] = {}
    for head in held:
        if isinstance(head.value, CheckIn):
            answers.setdefault(str(head.payload["round"]), []).append(head)
    found = {}
    for when, given in answers.items():
        timely = _in_time([head.stored for head in given], when, today)
        taken = frozenset(h.record for h, kept in zip(given, timely, strict=True) if kept)
        shown = (
            turnout[when] in (len(taken), len(given)) if when in turnout else last_day(when) < today
        )
        if shown and when not in closed:
            found[when] = taken
    return found


def _in_time(months: Sequence[str], when: str, as_of: date) -> list[bool]:
    """Which answers of a round may be in its figures, by the months in which they were stored.

    Whoever kept a page from before a late answer, and sees one from after it, could subtract. So
    answers stored in a later month than the round's (or than the first ones, where all came
    later) wait until five of them are there and that month is past. Within one month the store
    does not know which came first: there the turnout closes the round.

    >>> _in_time(["2026-03"] * 8 + ["2026-05"], "2026-03", date(2026, 7, 1))[-2:]
    [True, False]
    """
    held = Counter(months)
    first = max(last_day(when).isoformat()[:7], min(held, default=""))
    taken: Counter[str] = Counter()
    waiting: Counter[str] = Counter()
    for month in sorted(held):
        waiting[month] = held[month]
        # Before the first five nothing was shown, so there is nothing to subtract from.
        enough = waiting.total() >= LEAST or taken.total() < LEAST
        if month <= first or (enough and month < as_of.isoformat()[:7]):
            taken.update(waiting)
            waiting.clear()
    return [month in taken for month in months]
