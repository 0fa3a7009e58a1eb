"""Whose a goal is: written down by the partnership, or put to it by somebody who read figures in.

Some goals were never written by those they speak of: a reader put a partnership's figures into
the form of a goal, or an analyst set one rule for many areas to practise with. Such a sentence
begins by saying so. Nobody can be asked to mend it or to answer for it, so what is found about it
asks for no work and reproaches nobody.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from playbook_helpers.core.assessment import Finding, Severity
from playbook_helpers.practices.goals.records import Goal

READING = "Our reading, not a goal that anybody wrote down: "
"""How the sentence of a goal begins that a reader made from figures. It has no target."""
EXERCISE = "An exercise, not a goal that anybody wrote down: "
"""How the sentence of a goal begins whose target a rule set, for practice."""

_NOT_ASKED = frozenset(
    (
        *("details_missing", "owner_role", "owner_unknown", "owner_left", "low_confidence"),
        "date_passed",
    )
)
"""What is asked only of those whose goal it is."""
_STEPS: dict[str, str] = {
    "incomplete": "Nothing to mend: nobody wrote this goal down. To make it your own, agree on "
    "the number, the date and who answers for it.",
    "past_date": "Nobody set this target, so nobody has to answer for it. Ask what lies behind "
    "the figures.",
    "met_then_lost": "Nobody set this target. Ask what lies behind the figures.",
    "target_met": "Tell it as a change in the figures. Nobody had set this target.",
    "behind": "Nobody set this target. Ask what lies behind the figures.",
    "on_pace": "Nobody set this target. Ask what lies behind the figures.",
}
"""Code -> what is worth doing where nobody set the goal."""


def is_theirs(goal: Goal) -> bool:
    """Whether those it speaks of wrote the goal down.

    >>> is_theirs(Goal(name="Ready", sentence=EXERCISE + "halve it by 2030.", level="outcome"))
    False
    """
    return not goal.sentence.startswith((READING, EXERCISE))


def nobodys(goal: Goal, found: Iterable[Finding]) -> Iterator[Finding]:
    """The findings on a goal that nobody wrote down, without what only its owners can be asked.

    An exercise has no owner, and when its date is over it is over: those are no findings about it.
    """
    every = list(found)
    left_out = set(_NOT_ASKED)
    if goal.sentence.startswith(EXERCISE):
        over = any(finding.code == "date_passed" for finding in every)
        left_out |= {"incomplete"} | ({"stale"} if over else set())
    for finding in every:
        code = finding.code
        if code in left_out:
            continue
        if code in _STEPS:
            severity: Severity = "good" if finding.severity == "good" else "note"
            yield replace(
                finding, severity=severity, next_step=_STEPS[code], question="", better=""
            )
        else:
            yield replace(finding, severity="look") if finding.severity == "act" else finding
