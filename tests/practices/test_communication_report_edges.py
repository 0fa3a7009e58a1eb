"""The drafted report at its edges: the first and last day of its time, one thing and several."""

from __future__ import annotations

from datetime import date

import pytest
from told_records import heads

from playbook_helpers.core.assessment import Context
from playbook_helpers.core.records import Record
from playbook_helpers.practices.communication import ProgressReport, draft
from playbook_helpers.practices.community import Activity, Heard
from playbook_helpers.practices.goals import Goal
from playbook_helpers.practices.learning import Milestone, Review

DAY = date(2027, 3, 31)
SPRING = ProgressReport(period="Spring", starts="2027-02-01", ends="2027-02-28", scope="public")


def text(*records: Record) -> str:
    return draft(heads(*records), Context("our-town", DAY)).markdown()


@pytest.mark.parametrize(
    ("when", "inside"),
    [
        ("2027-01-31", False),
        ("2027-02-01", True),
        ("2027-02-28", True),
        ("2027-03-01", False),
        ("2027-02", True),
        ("2027", True),
    ],
)
def test_the_first_and_the_last_day_belong_to_the_time_of_a_report(when: str, inside: bool) -> None:
    told = text(SPRING, Activity(name="Survey", type="survey", date=when, attended=7))
    assert ("Survey" in told) == inside
    assert ("[7](#record-record-1) took part" in told) == inside
    step = text(SPRING, Milestone(name="Opening", actual=when))
    assert ("0 of the steps written down were reached" in step) != inside
    assert ("of the steps written down was reached" in step) == inside
    lesson = text(SPRING, Review(name="The van", date=when, sharing="anyone"))
    assert ("What we learned" in lesson) == inside


def test_without_a_beginning_what_has_no_date_counts_too() -> None:
    undated = Activity(name="Survey", type="survey", completed=5, attended=7)
    assert "Survey" not in text(SPRING, undated)
    assert "[5](#record-record-0) took part" in text(undated)
    assert "Survey" in text(undated, ProgressReport(period="x", ends="2027-02"))


@pytest.mark.parametrize(
    ("told", "count", "words"), [("2027-03-31", 1, "thing was"), ("2027-04-01", 0, "thing was")]
)
def test_who_was_told_by_the_day_is_counted(told: str, count: int, words: str) -> None:
    one = text(Heard(what="Dark", heard_on="2027-03", told_on=told, outcome="open"))
    assert f"{words} heard. On " in one
    answered = "[1](#record-record-0)" if count else "0"
    assert f"On {answered} of them people have been told" in one
    two = text(Heard(what="Dark"), Heard(what="Late"))
    assert "things were heard. On 0 of them" in two


def test_nothing_of_a_kind_gives_no_heading_and_a_goal_is_asked_for() -> None:
    bare = text()
    for heading in ("Steps reached", "What we learned", "What the community said", "own words"):
        assert heading not in bare
    assert "No goal is written down yet." in bare
    vision = text(Goal(name="All", sentence="All well.", level="vision"))
    assert "No goal is written down yet." in vision


def test_a_goal_without_a_measurement_says_so_and_keeps_its_start_and_target() -> None:
    goal = Goal(name="Reading", sentence="More read.", level="outcome", unit="percent",
                baseline_value=40, baseline_date="2024-03", target_value=60,
                target_date="2028")  # fmt: skip
    told = text(goal)
    assert "[60%](#record-record-0) by 2028" in told
    assert "the start was [40%](#record-record-0) (March 2024)" in told
    assert "No goal is written down yet." not in told
