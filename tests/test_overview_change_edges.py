"""What changed, at its edges: measures known on one side only, units, a year to the day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from overview_records import GOAL, written

from playbook_helpers.core.assessment import Assessment, Context, Measure
from playbook_helpers.core.records import fields_of
from playbook_helpers.practices.goals import Goal, Measurement
from playbook_helpers.practices.kinds import practice_named, read_heads
from playbook_helpers.practices.learning import Milestone
from playbook_helpers.practices.overview.changes import Moved, _moved, take_standing, year_before
from playbook_helpers.practices.overview.earlier import Earlier, earlier
from playbook_helpers.practices.overview.gaps import filled

GOALS = practice_named("goals")
DAY = date(2026, 3, 31)


def one(value: float | None, unit: str = "%", note: str = "") -> Measure:
    return Measure("median_percent", "Done", value, unit, 3, note=note)


def moved(now: Measure, before: Measure | None, basis: str = "history") -> Moved:
    past = Earlier(DAY, basis, "Why.")  # type: ignore[arg-type]
    then = Assessment("goals", "x", DAY, measures=(before,) if before else ())
    return _moved(GOALS, now, then, then, past)


@pytest.mark.parametrize(
    ("now", "before", "change", "why"),
    [
        (one(5.0), one(3.0), 2.0, "Why."),
        (one(5.0), one(0.0), 5.0, "Why."),
        (one(None), one(3.0), None, "Then and now cannot be compared."),
        (one(5.0), one(3.0, "days"), None, "Then and now cannot be compared."),
        (one(5.0), one(0.0, "days"), 5.0, "Why."),  # nothing is nothing in every unit
        (one(0.0), one(5.0, "days"), -5.0, "Why."),
        (one(5.0), one(None), None, "Not known for then."),
        (one(5.0), one(None, note="no goal yet"), None, "Not known for then: no goal yet."),
        (one(5.0), None, None, "Not known for then."),
    ],
)
def test_a_difference_is_told_where_both_are_known_in_one_unit(
    now: Measure, before: Measure | None, change: float | None, why: str
) -> None:
    told = moved(now, before)
    assert (told.change, told.why, told.since) == (change, why, DAY)


def test_without_a_past_nothing_is_compared() -> None:
    now = Assessment("goals", "x", DAY)
    told = _moved(GOALS, one(5.0), now, None, Earlier(DAY, "unknown", "No."))
    assert (told.change, told.why, told.before) == (None, "No.", None)


@pytest.mark.parametrize(
    ("day", "before"),
    [
        (date(2028, 2, 29), date(2027, 2, 28)),
        (date(2028, 3, 1), date(2027, 3, 1)),
        (date(2027, 2, 28), date(2026, 2, 28)),
    ],
)
def test_a_year_before(day: date, before: date) -> None:
    assert year_before(day) == before


def test_a_practice_without_a_round_is_compared_with_a_year_before() -> None:
    revisions = [
        written(GOAL, "2026-01-10"),
        written(Measurement(goal="Reading", date="2026-02", value=45), "2026-02-10"),
        written(Measurement(goal="Reading", date="2027-02", value=52), "2027-02-10"),
    ]
    context = Context("our-town", date(2027, 3, 31))
    told = take_standing(GOALS, read_heads(revisions), revisions, context)
    assert told.before is not None
    assert (told.before.day, told.before.basis) == (DAY, "history")
    assert not told.empty
    assert (len(told.measures), told.stem) == (4, "goals")
    # 45 of 40 to 60 is a quarter, 52 is 60 %.
    first = next(m for m in told.measures if m.now.name == "median_percent")
    assert first.change == pytest.approx(35)
    bare = take_standing(GOALS, [], [], context)
    assert bare.empty
    assert {m.change for m in bare.measures} == {None}


def test_questions_that_nobody_answered_are_named_without_those_that_may_stay_empty() -> None:
    goal = written(Goal(name="More", sentence="More books.", level="output"), "2027-01-10")
    told = filled(GOALS, read_heads([goal]), [goal])
    named = {field.split(": ", 1)[1] for field in told.fields}
    asked = {spec.entry.label: (spec.name, spec.required) for spec in fields_of(Goal)}
    assert named
    for label, (name, required) in asked.items():
        aside = name in ("note", "source", "invented", "ends", "left")
        assert (label in named) == (name not in goal.payload and not aside and not required)
    odd = replace(goal, payload={**goal.payload, "no such field": "Chair"})
    unread = filled(GOALS, read_heads([odd]), [odd])
    assert (unread.records, unread.unread, told.unread) == (0, 1, 0)


@pytest.mark.parametrize(("actual", "stays"), [("2026-03-31", True), ("2026-04-01", False)])
def test_what_came_to_a_record_later_is_taken_from_its_earlier_picture(
    actual: str, stays: bool
) -> None:
    steps = [
        Milestone(name="Opening", planned="2026-01", actual=actual),
        Milestone(name="First", planned="2026-01", actual="2026-01"),
    ]
    revisions = [written(step, "2027-03-01") for step in steps]
    past = earlier(practice_named("learning"), read_heads(revisions), revisions, DAY)
    held = {head.payload["name"]: "actual" in head.payload for head in past.heads}
    assert held == {"Opening": stays, "First": True}
