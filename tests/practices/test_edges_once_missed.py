"""Edges that no test once noticed when they were moved by one: each at it, and just beyond."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from community_records import MAKE_UP, SURVEY, assessed, codes, counted
from goal_records import goal

from playbook_helpers.core.assessment import Context, Head
from playbook_helpers.core.records import Record
from playbook_helpers.drawing.surface import Surface, Words
from playbook_helpers.practices import communication, learning
from playbook_helpers.practices.communication import Story
from playbook_helpers.practices.goals import check_goal
from playbook_helpers.practices.learning import Milestone
from playbook_helpers.practices.sustainability.charts.tornado import _heads

DAY = date(2027, 3, 31)


def heads(*records: Record) -> list[Head]:
    return [
        Head(f"r{n}", f"v{n}", r.practice, r.kind, r.payload(), r) for n, r in enumerate(records)
    ]


@pytest.mark.parametrize(("beyond", "late"), [(-1, False), (0, False), (1, True)])
def test_a_milestone_is_late_from_the_day_after_its_day(beyond: int, late: bool) -> None:
    step = Milestone(name="Opening", planned=DAY.isoformat())
    context = Context("east", DAY + timedelta(days=beyond))
    (row,) = learning.assess(heads(step), context).rows["milestones"]
    assert row["late"] is late


@pytest.mark.parametrize(("left", "soon"), [(59, True), (60, True), (61, False)])
def test_a_consent_ends_soon_from_sixty_days_before_on(left: int, soon: bool) -> None:
    ends = (DAY + timedelta(days=left)).isoformat()
    told = Story(name="The geese", text="They came back.", consent=True, scope="public",
                 reviewed=True, expires=ends)  # fmt: skip
    found = communication.assess(heads(told), Context("east", DAY)).findings
    assert ("ends_soon" in {f.code for f in found}) is soon


@pytest.mark.parametrize(
    ("sample", "alike"),
    [
        ((50, 32, 18), True),  # of 40, 40 and 20 %: 1.25, 0.8 and 0.9
        ((51, 32, 17), False),  # 1.275 is more
        ((50, 31, 19), False),  # 0.775 is less
    ],
)
def test_a_group_is_like_the_community_between_four_fifths_and_five_quarters(
    sample: tuple[int, int, int], alike: bool
) -> None:
    found = codes(assessed(*MAKE_UP, SURVEY, *counted(*sample)))
    assert ("alike" in found) is alike
    assert "group_few" not in found, "of a hundred, chance alone does that"


@pytest.mark.parametrize(("confidence", "low"), [(1, True), (2, True), (3, False)])
def test_two_of_five_is_a_low_confidence_and_three_is_not(confidence: int, low: bool) -> None:
    checked = check_goal(goal(confidence=confidence), Context("east", DAY))
    assert ("low_confidence" in {f.code for f in checked.findings}) is low


@pytest.mark.parametrize(("apart", "beside"), [(2.2, True), (2.3, False), (2.4, False)])
def test_words_over_two_lines_stand_beside_them_where_both_would_not_fit(
    apart: float, beside: bool
) -> None:
    surface = Surface(1.0)
    _heads(surface, 2.0, 2.0 + apart, 3.4)
    sides = [mark.side for mark in surface.marks if isinstance(mark, Words)]
    assert len(sides) == 2
    assert ("center" not in sides) is beside
