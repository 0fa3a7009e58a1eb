"""The next things to do: what was decided and is not done yet, then what the findings ask for."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from playbook_helpers.core.assessment import (
    EFFORTS,
    SEVERITIES,
    SEVERITY_WORDS,
    Finding,
    Head,
    current,
    of_type,
)
from playbook_helpers.core.conflicts import open_questions
from playbook_helpers.core.partial_dates import first_day, last_day, spoken
from playbook_helpers.core.partnership import OVERVIEW, Decision
from playbook_helpers.practices.overview.changes import PracticeSummary

NEXT = 5
"""So many things a group can keep in mind."""


@dataclass(frozen=True, slots=True)
class Found:
    """A finding and the stem of the practice it comes from."""

    practice: str
    finding: Finding


@dataclass(frozen=True, slots=True)
class Thing:
    """One thing to do. `who` and `by` are empty where nobody and no date is named yet.

    `why` says where it comes from. `records` are the ids of the records it speaks of.
    """

    what: str
    worksheet: str
    who: str = ""
    by: str = ""
    why: str = ""
    decided: bool = False
    late: bool = False
    records: tuple[str, ...] = ()


def all_findings(
    standings: Iterable[PracticeSummary], heads: Iterable[Head] = ()
) -> tuple[Found, ...]:
    """The findings of all practices: serious ones first, among those the easy ones, then by book.

    Of a practice for which nothing is written down there are none: it is named among what has
    not been filled in. What is to be settled about the partnership's own records among `heads`
    (two versions of a partner, of a decision) is told once, and by no practice.
    """
    shared = open_questions((h for h in heads if h.practice == "partnership"), "partnership")
    told = {(f.code, f.records) for f in shared}
    found = [Found(OVERVIEW, f) for f in shared] + [
        Found(s.stem, f)
        for s in standings
        if not s.empty
        for f in s.assessment.findings
        if (f.code, f.records) not in told
    ]
    return tuple(
        sorted(
            found,
            key=lambda f: (
                SEVERITIES.index(f.finding.severity),
                EFFORTS.index(f.finding.effort),
            ),
        )
    )


def open_decisions(heads: Iterable[Head], as_of: date) -> list[tuple[Head, Decision]]:
    """The decisions taken by `as_of` and not done by then: the first due first, undated last."""
    there = [
        (head, d)
        for head, d in of_type(current(heads), Decision)
        if first_day(d.date) <= as_of and (d.done is None or first_day(d.done) > as_of)
    ]
    return sorted(
        there,
        key=lambda pair: (
            last_day(pair[1].by) if pair[1].by else date.max,
            last_day(pair[1].date),
            pair[1].decided,
        ),
    )


def next_things(
    heads: Iterable[Head],
    found: Sequence[Found],
    standings: Sequence[PracticeSummary],
    as_of: date,
    most: int = NEXT,
) -> tuple[Thing, ...]:
    """Up to `most` things to do next.

    Decisions that are not done come first. Then findings to act on or to look into, each kind of
    finding once and no more than two of one practice while others have some. Last, where places
    are left, practices that nobody has begun.
    """
    things = [_decided(head, d, as_of) for head, d in open_decisions(heads, as_of)[:most]]
    asked = [f for f in found if f.finding.severity in ("act", "look") and f.finding.next_step]
    things += [_asked(f) for f in _spread(asked, most - len(things))]
    begun = [s for s in standings if not s.empty]
    for standing in standings if begun or not things else ():
        if len(things) < most and standing.empty:
            things.append(_begin(standing))
    return tuple(things)


def _spread(asked: Sequence[Found], places: int) -> list[Found]:
    """The first findings, one of a kind and two of a practice; then, if places are left, more."""
    once: dict[tuple[str, str], Found] = {}
    for each in asked:
        once.setdefault((each.practice, each.finding.code), each)
    taken: list[Found] = []
    for each in once.values():
        if sum(t.practice == each.practice for t in taken) < 2:
            taken.append(each)
    rest = [f for f in once.values() if f not in taken]
    return (taken + rest)[: max(places, 0)]


def _decided(head: Head, decision: Decision, as_of: date) -> Thing:
    late = decision.by is not None and last_day(decision.by) < as_of
    return Thing(
        what=decision.decided,
        worksheet=decision.worksheet,
        who=decision.who or "",
        by=decision.by or "",
        why=f"Decided {spoken(decision.date)}" + (", and the date has passed" if late else ""),
        decided=True,
        late=late,
        records=(head.record,),
    )


def _asked(found: Found) -> Thing:
    finding = found.finding
    return Thing(
        what=_with_subject(finding),
        worksheet=found.practice,
        why=f"{SEVERITY_WORDS[finding.severity]}: {finding.sentence}",
        records=finding.records,
    )


def _with_subject(finding: Finding) -> str:
    """The next step as it can be read out by itself: with the name of what it speaks of.

    >>> _with_subject(Finding("late", "“Walking bus” is over.", "look", "Write what you know."))
    '“Walking bus”: write what you know.'
    """
    step = finding.next_step
    quoted = re.search(r"“[^”]+”", finding.sentence)
    named = re.match(r"([A-Z][^:.]{2,80}): ", finding.sentence)
    subject = quoted.group() if quoted else named[1] if named else ""
    if not subject or subject in step or subject.strip("“”") in step:
        return step
    first = step.split(" ", 1)[0]
    return f"{subject}: {step if first.isupper() else step[0].lower() + step[1:]}"


def _begin(standing: PracticeSummary) -> Thing:
    first = next((f.next_step for f in standing.assessment.findings if f.next_step), "")
    return Thing(
        what=first or "Fill in this worksheet for the first time.",
        worksheet=standing.stem,
        why="Nothing is written down here yet",
    )
