"""Findings on goals put together: each thing said once, and many alike in one sentence.

A list of findings is read at a meeting. So of two findings on one goal that say nearly the same,
the fuller one stays; what is true of several goals is said once, with their names; and of a
partnership that has ended nobody is asked for work: what is left is worth a look back.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from playbook_helpers.core.assessment import Finding
from playbook_helpers.core.text import listed
from playbook_helpers.practices.goals.records import Goal

GIVES_WAY: dict[str, frozenset[str]] = {
    "date_passed": frozenset({"target_met", "kept", "past_date", "no_measurement"}),
    "stale": frozenset({"past_date"}),
    "too_soon": frozenset({"stale", "past_date", "date_passed"}),
    "details_missing": frozenset({"incomplete"}),
    "owner_role": frozenset({"owner_unknown", "owner_left"}),
}
"""Code -> the codes beside which it says nothing new about the same goal."""

LOOK_BACK: dict[str, str] = {
    "incomplete": "Nothing to mend now. Take it along: a goal that says all five things can be "
    "told as reached or not reached.",
    "stale": "Nothing to do now. Where somebody has a later value, it would round off the story.",
    "no_measurement": "Nothing to do now. Where somebody has a value, it would round off the "
    "story.",
    "date_passed": "Say how it ended and what you learned.",
    "past_date": "Say openly how it ended and what you learned.",
    "behind": "Say what you learned about how fast such a thing can change.",
}
"""Code -> what is worth doing about it after the partnership has ended."""
_THEN = (
    (": neither the sentence nor the fields say", ": looking back, neither the sentence nor "
     "the fields said"),
    ("where it stands now", "where it stood"),
    ("who answers for it", "who answered for it"),
)  # fmt: skip
_FORWARD = ("owner_role", "low_confidence", "details_missing", "on_pace", "too_soon")
"""Findings that speak only of what is still to come."""
_MERGED = ("stale", "incomplete", "details_missing", "vision")


def once(found: Iterable[Finding]) -> Iterator[Finding]:
    """The findings on one goal without those that say less than another one does."""
    every = list(found)
    codes = {finding.code for finding in every}
    for finding in every:
        if not GIVES_WAY.get(finding.code, frozenset()) & codes:
            yield finding


def looking_back(found: Iterable[Finding]) -> Iterator[Finding]:
    """The findings as they read after the end: nothing is left to act on."""
    for finding in found:
        if finding.code in _FORWARD:
            continue
        step = LOOK_BACK.get(finding.code)
        if step is None:
            yield replace(finding, severity="look") if finding.severity == "act" else finding
            continue
        sentence = finding.sentence
        if finding.code == "incomplete":
            for now, then in _THEN:
                sentence = sentence.replace(now, then)
        yield replace(
            finding, sentence=sentence, severity="note", next_step=step, question="", better=""
        )


def merged(found: Iterable[tuple[Goal, Finding]], *, back: bool) -> Iterator[Finding]:
    """The findings with those that are alike for several goals said once.

    Incomplete goals are merged only after the end (`back`): before it, each has a wording of its
    own to start from.
    """
    groups: dict[tuple[str, ...], list[tuple[Goal, Finding]]] = {}
    for place, (goal, finding) in enumerate(found):
        alike = finding.code in _MERGED and (back or finding.code != "incomplete")
        # What is stale differs in its date only.
        says = "" if finding.code == "stale" else _body(goal, finding)
        key = (finding.code, finding.severity, says) if alike else (str(place),)
        groups.setdefault(key, []).append((goal, finding))
    for group in groups.values():
        first = group[0][1]
        yield first if len(group) == 1 else _as_one(group, back)


def _as_one(group: list[tuple[Goal, Finding]], back: bool) -> Finding:
    goal, first = group[0]
    names = names_of(each for each, _ in group)
    sentence = {
        "stale": f"The latest values of {names} are from more than a year "
        f"{'before the end' if back else 'back'}.",
        "vision": f"{names} are visions. They need no numbers of their own, but something that "
        f"can be counted should lead towards them.",
    }.get(first.code, f"{names}: {_body(goal, first)}")
    records = tuple(record for _, finding in group for record in finding.records)
    step = first.next_step
    if first.code == "stale" and not back:
        step = "Find the newer values, or say why there are none."
    return replace(first, sentence=sentence, next_step=step, records=records)


def _body(goal: Goal, finding: Finding) -> str:
    return finding.sentence.removeprefix(f"{goal.name}: ")


def names_of(goals: Iterable[Goal], most: int = 6) -> str:
    """Goals by name in a sentence, the first few where there are many.

    >>> goals = [Goal(name=name, sentence=".", level="vision") for name in ("Reading", "Play")]
    >>> names_of(goals), names_of(goals, most=1)
    ('“Reading” and “Play”', '“Reading” and 1 more')
    """
    return listed([f"“{goal.name}”" for goal in goals], most)
