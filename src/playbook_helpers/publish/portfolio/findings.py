"""What is found again and again: findings counted over partnerships, by what they say in common.

A finding names one partnership's records, so its sentence cannot stand for many. Here each code
has a sentence of its own. The codes and the rules behind them are those of the worksheets; a test
holds both together. Findings that need the whole of a worksheet worked out (a sentence checked, a
runway) or that rest on check-in answers are left to the reports.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from playbook_helpers.core.assessment import Context, Head, Severity, of_type
from playbook_helpers.core.partial_dates import last_day
from playbook_helpers.practices.community.feedback import findings as feedback_findings
from playbook_helpers.practices.community.feedback import heard_by
from playbook_helpers.practices.learning import Milestone, Review
from playbook_helpers.practices.learning.assess import is_done, is_reached
from playbook_helpers.practices.resources.coverage import MatchedNeeds
from playbook_helpers.practices.resources.need_findings import about_need
from playbook_helpers.practices.sustainability.people import task_findings
from playbook_helpers.practices.sustainability.records import Capacity, Fund
from playbook_helpers.practices.trust.findings import agreement_findings, win_findings
from playbook_helpers.practices.trust.records import AgreementPoint, SmallWin
from playbook_helpers.publish.portfolio.goals import GoalLine


@dataclass(frozen=True, slots=True)
class Common:
    """A finding as it is said of many partnerships."""

    practice: str
    says: str
    severity: Severity


_SAID: tuple[tuple[str, str, Severity, str], ...] = (
    ("trust", "agreement_gap", "look", "A point of the agreement is not settled"),
    ("trust", "win_open", "look", "A small win has no owner or no date"),
    ("trust", "win_late", "look", "A small win is late"),
    ("goals", "start_here", "note", "No goal is written down yet"),
    ("goals", "no_outcome", "act", "None of the goals is a change for people or places"),
    ("goals", "getting_worse", "act", "A goal has moved away from its target"),
    ("goals", "met_then_lost", "act", "A target was met and lost again"),
    ("goals", "not_kept", "look", "What was to stay as it is has changed"),
    ("goals", "past_date", "act", "A goal's date has passed and it was not reached"),
    ("goals", "behind", "look", "A goal changes more slowly than its date asks for"),
    ("goals", "series_break", "look", "The way of counting changed after the baseline"),
    ("goals", "no_measurement", "look", "A goal has a target and was never measured since"),
    ("goals", "stale", "look", "A goal's latest value is more than a year old"),
    ("goals", "target_met", "good", "A target is met"),
    ("goals", "on_pace", "good", "A goal changes as fast as its date asks for"),
    ("resources", "must_have_uncovered", "act", "Nobody meets a must-have"),
    ("resources", "must_have_partly", "act", "A must-have is met in part"),
    ("resources", "need_open", "look", "Nobody meets a need"),
    ("resources", "need_partly", "look", "A need is met in part"),
    ("resources", "offered_not_committed", "look", "Help is offered and not promised yet"),
    ("resources", "single_source", "look", "A need rests on one partner"),
    ("resources", "ends_early", "look", "What a need rests on ends before the goal's date"),
    ("resources", "units_differ", "look", "An offer and its need count in different units"),
    ("community", "unanswered", "act", "People said something and have had no answer"),
    ("community", "not_told", "look", "A decision was taken and people were not told"),
    ("learning", "no_owner", "act", "A lesson has no owner"),
    ("learning", "lesson_late", "look", "A change that was agreed is late"),
    ("learning", "no_change", "look", "A review names nothing to change or keep"),
    ("learning", "milestone_late", "look", "A milestone is late"),
    ("learning", "not_thanked", "look", "A milestone was reached and nobody is thanked"),
    ("sustainability", "fund_no_amount", "look", "A source of money has no amount"),
    ("sustainability", "fund_undated", "look", "A source of money has no start or end"),
    ("sustainability", "fund_unweighed", "look", "Nobody says how likely unsigned money is"),
    ("sustainability", "nobody_able", "act", "A task is there that nobody can do today"),
    ("sustainability", "one_person", "look", "A task hangs on one person"),
    ("sustainability", "task_overdue", "look", "A step to make a task safer is late"),
)
COMMON: Mapping[str, Common] = {
    f"{practice}.{code}": Common(practice, says, severity)
    for practice, code, severity, says in _SAID
}
"""Practice and code -> how it is said of many."""


def found_in(
    by_kind: Mapping[str, Sequence[Head]],
    context: Context,
    goals: Sequence[GoalLine],
    seen: MatchedNeeds | None,
) -> dict[str, int]:
    """Key of COMMON -> how often it is found; `by_kind` holds a partnership's current heads."""
    found: Counter[str] = Counter(f"goals.{code}" for code in _goals(goals, context))
    if seen is not None:
        found.update(f"resources.{f.code}" for need in seen.needs for f in about_need(need))
    learned = [*by_kind.get("milestone", ()), *by_kind.get("review", ())]
    found.update(f"learning.{code}" for code in _learning(learned, context))
    funds = of_type(by_kind.get("fund", ()), Fund)
    found.update(f"sustainability.{code}" for code in _funds(funds, context))
    if tasks := of_type(by_kind.get("capacity", ()), Capacity):
        found.update(f"sustainability.{f.code}" for f in task_findings(tasks, context))
    if heard := by_kind.get("heard"):
        items = heard_by(heard, context.as_of)
        found.update(f"community.{f.code}" for f in feedback_findings(items, context.as_of))
    if points := of_type(by_kind.get("agreement_point", ()), AgreementPoint):
        found.update(f"trust.{f.code}" for f in agreement_findings(points))
    if wins := of_type(by_kind.get("small_win", ()), SmallWin):
        found.update(f"trust.{f.code}" for f in win_findings(wins, context))
    return {key: times for key, times in found.items() if key in COMMON}


_STATUS = {
    "met_then_lost": "met_then_lost",
    "getting_worse": "getting_worse",
    "not_kept": "not_kept",
    "no_measurement": "no_measurement",
    "met": "target_met",
}


def _goals(goals: Sequence[GoalLine], context: Context) -> Iterator[str]:
    if not goals:
        yield "start_here"
    elif not any(goal.level == "outcome" for goal in goals):
        yield "no_outcome"
    over = context.ended
    for goal in goals:
        past = goal.pace == "past_date" and not goal.broken and bool(goal.target_date)
        if goal.broken:
            yield "series_break"
        elif goal.status in _STATUS:
            yield _STATUS[goal.status]
        if past:
            yield "past_date"
        if goal.behind and not goal.broken:
            yield "behind"
        if goal.old and goal.status != "met" and not past:
            yield "stale"
        if goal.pace in ("ahead", "on_pace") and not (goal.broken or goal.old or over):
            yield "on_pace"


def _learning(now: Sequence[Head], context: Context) -> Iterator[str]:
    for _, m in of_type(now, Milestone):
        if is_reached(m, context.as_of):
            if not m.thanks:
                yield "not_thanked"
        elif m.planned is not None and last_day(m.planned) < context.as_of:
            yield "milestone_late"
    for _, r in of_type(now, Review):
        done = is_done(r, context.as_of)
        if not r.change:
            yield "no_change"
        elif not done and not r.owner:
            yield "no_owner"
        elif not done and r.due is not None and last_day(r.due) < context.as_of:
            yield "lesson_late"


def _funds(funds: Sequence[tuple[Head, Fund]], context: Context) -> Iterator[str]:
    for _, fund in funds:
        if fund.ends is not None and last_day(fund.ends) < context.as_of:
            continue
        if fund.amount is None:
            yield "fund_no_amount"
            continue
        if fund.amount <= 0:
            continue
        if fund.starts is None or fund.ends is None:
            yield "fund_undated"
        if not fund.signed and fund.likelihood is None:
            yield "fund_unweighed"


def counted(findings: Iterable[Mapping[str, int]]) -> dict[str, tuple[int, int]]:
    """Key -> (partnerships in which it is found, times in all), over many partnerships."""
    partnerships: Counter[str] = Counter()
    times: Counter[str] = Counter()
    for found in findings:
        partnerships.update(found.keys())
        times.update(found)
    return {key: (partnerships[key], times[key]) for key in partnerships}
