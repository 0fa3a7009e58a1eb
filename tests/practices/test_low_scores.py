"""No score is left to be read alone: whatever is low asks the group an open question."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from types import ModuleType

import pytest

from playbook_helpers.core.assessment import Assessment, Context, Head
from playbook_helpers.core.records import Record
from playbook_helpers.practices import PRACTICES
from playbook_helpers.practices.communication import Audience, Meeting, Message
from playbook_helpers.practices.communication.records import Story
from playbook_helpers.practices.community import Activity, CommunityGroup, GroupCount, Heard
from playbook_helpers.practices.innovation.records import Assumption, Decision, Experiment, Result
from playbook_helpers.practices.kinds import practice_named
from playbook_helpers.practices.learning.records import Milestone, Review
from playbook_helpers.practices.sustainability.records import (
    Capacity,
    CostLine,
    Fund,
    Reserve,
    SocialInput,
    SocialOutcome,
)
from playbook_helpers.practices.trust import AgreementPoint, CheckIn, ClosedRound, SmallWin
from playbook_helpers.practices.trust.items import ITEMS

TODAY = date(2027, 6, 30)
SIX = tuple(p for p in PRACTICES if p.stem not in ("goals", "resources"))


def assessed(stem: str, records: Sequence[Record]) -> Assessment:
    heads = [
        Head(f"{r.kind}-{i}", f"revision-{i}", r.practice, r.kind, r.payload(), r)
        for i, r in enumerate(records)
    ]
    assess = practice_named(stem).assess
    return assess(heads, Context("our-town", TODAY))


def answers(*values: int, when: str = "2027-03") -> list[Record]:
    """A closed round: for each value a person whose answers all have it once turned round."""
    given = [
        CheckIn(round=when, **{i.name: str(6 - v if i.reverse else v) for i in ITEMS})
        for v in values
    ]
    return [*given, ClosedRound(round=when)]


LOW: dict[str, tuple[str, list[Record], str]] = {
    "trust below the middle": ("trust", answers(2, 2, 2, 3, 2, 2), "low_item"),
    "trust in two camps": ("trust", answers(*(1, 5) * 10), "people_differ"),
    "trust that fell": (
        "trust",
        [*answers(*(4, 5, 4, 4, 4) * 2, when="2026-09"), *answers(*(2, 3) * 5)],
        "change",
    ),
    "nobody answered the check-in": ("trust", answers(3, 3), "too_few"),
    "an agreement with gaps": (
        "trust",
        [AgreementPoint(point="money", state="not_yet")],
        "agreement_gap",
    ),
    "no small win done": ("trust", [SmallWin(action="Swap desks")], "win_open"),
    "a small win that is late": (
        "trust",
        [SmallWin(action="Swap desks", owner="Warden", due="2026")],
        "win_late",
    ),
    "a group that is missing": (
        "community",
        [
            Activity(name="Survey", type="survey", completed=20),
            CommunityGroup(trait="Age", group="Young", people=50),
            CommunityGroup(trait="Age", group="Old", people=50),
            GroupCount(activity="Survey", trait="Age", group="Old", people=20),
        ],
        "group_missing",
    ),
    "people asked and never let decide": (
        "community",
        [Activity(name=f"Evening {i}", type="meeting", level="ask") for i in range(3)],
        "only_asked",
    ),
    "nobody told": ("community", [Heard(what="Later bus", outcome="not_taken_up")], "not_told"),
    "answers that took half a year": (
        "community",
        [
            Heard(
                what="Later bus",
                outcome="not_taken_up",
                heard_on="2026-10-01",
                told_on="2027-04-01",
            )
        ],
        "slow_answers",
    ),
    "people not paid": (
        "community",
        [Activity(name="Board", type="advisory_board", paid=False)],
        "unpaid",
    ),
    "a risk that nothing tests": (
        "innovation",
        [Assumption(name="People will come", importance=5, evidence=0)],
        "risky_untested",
    ),
    "a test without a pass line": (
        "innovation",
        [Experiment(name="Drop-in", starts="2027-06-01", ends="2027-09-01")],
        "no_pass_line",
    ),
    "a test without a stop rule": (
        "innovation",
        [Experiment(name="Drop-in", starts="2027-06-01", ends="2027-09-01")],
        "no_stop_rule",
    ),
    "a result that nobody decided on": (
        "innovation",
        [Experiment(name="Drop-in"), Result(experiment="Drop-in", date="2027-01")],
        "no_decision",
    ),
    "a decision that rests on nothing": (
        "innovation",
        [
            Experiment(name="Drop-in"),
            Decision(experiment="Drop-in", date="2027-01", decision="go_on"),
        ],
        "decided_blind",
    ),
    "a message that is late": (
        "communication",
        [Message(name="Note", audience="Parents", every_days=30, last_sent="2027-01-01")],
        "overdue",
    ),
    "a community that hears nothing": (
        "communication",
        [Audience(name="Parents", community=True)],
        "not_reached",
    ),
    "a community that cannot answer": (
        "communication",
        [Audience(name="Parents", community=True), Message(name="Note", audience="Parents")],
        "only_told",
    ),
    "two days of meetings a month": (
        "communication",
        [Meeting(name="Team", hours=2, every_days=7), Meeting(name="Board", hours=8, per_month=1)],
        "meeting_load",
    ),
    "a story that may not be told": (
        "communication",
        [Story(name="The geese", text="They came back")],
        "no_consent",
    ),
    "steps that come late": (
        "learning",
        [
            Milestone(name=f"Step {i}", planned="2027-01-01", actual=f"2027-0{i}-01")
            for i in (1, 3, 4)
        ],
        "mostly_late",
    ),
    "a step that is not reached": (
        "learning",
        [Milestone(name="Opening", planned="2027-01-01")],
        "milestone_late",
    ),
    "a lesson that nobody owns": (
        "learning",
        [Review(name="Summer", change="Ask first")],
        "no_owner",
    ),
    "a lesson that is late": (
        "learning",
        [Review(name="Summer", change="Ask first", owner="Warden", due="2027-01")],
        "lesson_late",
    ),
    "only successes": (
        "learning",
        [Review(name=f"Part {i}", side="success") for i in range(3)],
        "only_successes",
    ),
    "money for two months": (
        "sustainability",
        [
            CostLine(name="Team", monthly=1_000),
            Reserve(date="2027-06-30", amount=2_000),
            Fund(name="Grant", amount=1, starts="2027", ends="2027", signed=True),
        ],
        "runs_out",
    ),
    "a task that hangs on one": ("sustainability", [Capacity(task="Data", able=1)], "one_person"),
    "a ratio below one": (
        "sustainability",
        [
            SocialOutcome(name="Work", quantity=1, worth=10),
            SocialInput(name="Hours", value=1_000),
        ],
        "value_below",
    ),
}


@pytest.mark.parametrize("low", LOW)
def test_what_is_low_asks_an_open_question(low: str) -> None:
    stem, records, code = LOW[low]
    found = [f for f in assessed(stem, records).findings if f.code == code]
    assert found, "the low score is found"
    for finding in found:
        assert finding.question.endswith("?")
        assert finding.question.split()[0].lower() not in {"is", "are", "does", "has", "should"}


@pytest.mark.parametrize("practice", SIX, ids=lambda practice: practice.stem)
def test_whatever_is_to_be_acted_on_has_a_next_step_and_a_question(
    practice: object, made_up: ModuleType
) -> None:
    heads = made_up.heads(practice, 600)
    result = practice.assess(heads, Context("our-town", TODAY))  # type: ignore[attr-defined]
    urgent = [f for f in result.findings if f.severity == "act"]
    assert [f.code for f in urgent if not f.next_step or not f.question.endswith("?")] == []
