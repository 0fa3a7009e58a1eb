"""Learning at its edges: the day itself, the day after, one more and one fewer."""

from __future__ import annotations

from datetime import date

import pytest

from playbook_helpers.core.assessment import Assessment, Context, Finding, Head
from playbook_helpers.core.records import Record
from playbook_helpers.practices.learning import Milestone, Review, assess

DAY = date(2026, 10, 31)


def worked_out(*records: Record, as_of: date = DAY) -> Assessment:
    heads = [
        Head(f"r{n:05d}", f"v{n:05d}", r.practice, r.kind, r.payload(), r)
        for n, r in enumerate(records)
    ]
    return assess(heads, Context("east", as_of))


def found(assessment: Assessment, code: str) -> list[Finding]:
    return [f for f in assessment.findings if f.code == code]


@pytest.mark.parametrize(
    ("planned", "actual", "state", "days_late"),
    [
        ("2026-10-31", None, "ahead", None),  # still time until the evening
        ("2026-10-30", None, "late", 1),
        ("2026-10", None, "ahead", None),  # the month ends today
        ("2026-09", None, "late", 31),
        (None, None, "no date", None),
        ("2026-10-31", "2026-10-31", "reached on time", None),
        ("2026-10-30", "2026-10-31", "reached late", None),
        (None, "2026-10-31", "reached", None),
        ("2026-11-05", "2026-11-01", "ahead", None),  # the date it was reached is still to come
        ("2026-10-01", "2026-11-01", "late", 30),
    ],
)
def test_a_milestone_is_late_from_the_day_after_its_plan(
    planned: str | None, actual: str | None, state: str, days_late: int | None
) -> None:
    held = worked_out(Milestone(name="Opening", planned=planned, actual=actual))
    (row,) = held.rows["milestones"]
    assert (row["state"], row["days_late"], row["late"]) == (state, days_late, state == "late")
    assert bool(found(held, "milestone_late")) == (state == "late")
    reached = state.startswith("reached")
    assert (row["actual"] is not None) == reached
    for code in ("not_thanked", "no_evidence"):
        assert bool(found(held, code)) == reached


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({}, {"not_thanked", "no_evidence"}),
        ({"marked": "Tea"}, {"not_thanked", "no_evidence"}),
        ({"thanks": "The drivers"}, {"not_marked", "no_evidence"}),
        ({"marked": "Tea", "thanks": "The drivers"}, {"marked", "no_evidence"}),
        ({"evidence": "A photograph"}, {"not_thanked"}),
    ],
)
def test_each_thing_that_a_reached_milestone_lacks_is_asked_for(
    given: dict[str, str], told: set[str]
) -> None:
    held = worked_out(Milestone(name="Opening", actual="2026-05-01", **given), Review(name="A"))
    assert {f.code for f in held.findings if "r00000" in f.records} == told


@pytest.mark.parametrize(
    ("due", "done", "state", "code"),
    [
        ("2026-10-31", None, "open", None),
        ("2026-10-30", None, "late", "lesson_late"),
        ("2026-10-30", "2026-10-31", "done", None),
        ("2026-10-30", "2026-11-01", "late", "lesson_late"),
        (None, None, "open", None),
    ],
)
def test_a_lesson_is_late_from_the_day_after_it_was_due(
    due: str | None, done: str | None, state: str, code: str | None
) -> None:
    held = worked_out(Review(name="Bus", change="Ask first", owner="Chair", due=due, done=done))
    (row,) = held.rows["reviews"]
    assert row["state"] == state
    assert (row["done"] is not None) == (state == "done")
    assert bool(found(held, "lesson_late")) == bool(code)
    assert not found(held, "no_owner")


def test_a_lesson_done_by_nobody_in_particular_is_done_all_the_same() -> None:
    held = worked_out(Review(name="Bus", change="Ask first", done="2026-10-31"))
    assert held.rows["reviews"][0]["state"] == "done"
    assert not found(held, "no_owner")
    late = worked_out(Review(name="Bus", change="Ask first", due="2026-01", done="2026-11-01"))
    assert late.rows["reviews"][0]["state"] == "no owner"  # said before that it is late
    assert found(late, "no_owner")
    assert not found(late, "lesson_late")


@pytest.mark.parametrize(
    ("slips", "told"),
    [
        ((9, 9), False),  # two steps are no pattern
        ((9, 5, -3), True),  # 2 of 3, half of them by 5 days or more
        ((9, 5, 0, 0), False),  # just half
        ((9, 1, 0), True),  # a single day counts
        ((9, 0, 0), False),  # on the day is not late
    ],
)
def test_more_than_half_of_at_least_three_steps_late_is_told(
    slips: tuple[int, ...], told: bool
) -> None:
    held = worked_out(
        *(
            Milestone(name=f"{n}", planned="2026-05-10", actual=f"2026-05-{10 + days:02d}")
            for n, days in enumerate(slips)
        )
    )
    got = found(held, "mostly_late")
    assert bool(got) == told
    late = {f"r{n:05d}" for n, days in enumerate(slips) if days > 0}
    assert all(set(f.records) == late for f in got)
    if slips == (9, 5, -3):
        assert got[0].sentence == (
            "2 of 3 steps came later than planned, half of all by 5 days or more."
        )


def test_slip_and_the_share_on_time_count_what_they_can_and_say_what_is_missing() -> None:
    held = worked_out(
        Milestone(name="early", planned="2026-05-10", actual="2026-05-08"),
        Milestone(name="on the day", planned="2026-05-10", actual="2026-05-10"),
        Milestone(name="late by a day", planned="2026-05-10", actual="2026-05-11"),
        Milestone(name="not planned", actual="2026-05-11"),
        Milestone(name="overdue", planned="2026-06"),
        Milestone(name="ahead", planned="2026-12"),
    )
    slip = held.measure("slip")
    assert (slip.value, slip.low, slip.high, slip.n, slip.missing) == (0, -2, 1, 3, 1)
    assert slip.note == "below zero is early"
    # 2 of 3 with both dates, and one overdue: 2 of 4. Two of six are not due or had no plan.
    on_time = held.measure("on_time")
    assert (on_time.value, on_time.n, on_time.missing) == (50, 4, 2)


def test_measures_of_reviews_count_what_they_can_and_say_what_is_missing() -> None:
    held = worked_out(
        Review(name="a", change="x", side="challenge"),
        Review(name="b", change="x", owner="Chair", side="both"),
        Review(name="c", change="x", owner="Chair", done="2026-05", side="success"),
        Review(name="d", side="success"),
        Review(name="e"),
    )

    def told(name: str) -> tuple[float | None, int, int]:
        measure = held.measure(name)
        return (measure.value, measure.n, measure.missing)

    closed = told("closed")
    assert closed == (pytest.approx(100 / 3), 3, 2)
    assert told("no_owner") == (1, 3, 2)
    assert told("challenges") == (50, 4, 1)


def test_without_records_every_measure_says_why_it_has_no_value() -> None:
    held = worked_out()
    assert {m.name: (m.value, m.n, m.missing, m.note) for m in held.measures} == {
        "slip": (None, 0, 0, "nothing reached has both dates yet"),
        "on_time": (None, 0, 0, "nothing with a date is due yet"),
        "closed": (None, 0, 0, "no review names a change yet"),
        "no_owner": (None, 0, 0, "no review names a change yet"),
        "challenges": (None, 0, 0, "no review says which yet"),
    }


@pytest.mark.parametrize(
    ("sides", "code"),
    [
        (("success",) * 2, None),
        (("success",) * 3, "only_successes"),
        (("challenge",) * 2, None),
        (("challenge",) * 3, "only_challenges"),
        (("success", "success", "both"), None),
        (("success", "success", "challenge"), None),
        (("challenge", "challenge", "both"), None),
        ((None, None, None), None),
        ((None, None, "success"), "only_successes"),
    ],
)
def test_three_reviews_of_one_side_are_asked_about(
    sides: tuple[str | None, ...], code: str | None
) -> None:
    held = worked_out(*(Review(name=f"{n}", side=side) for n, side in enumerate(sides)))
    got = {f.code for f in held.findings} & {"only_successes", "only_challenges"}
    assert got == ({code} if code else set())


def test_rows_stand_by_their_date_and_those_without_one_last() -> None:
    held = worked_out(
        Milestone(name="b"),
        Milestone(name="a"),
        Milestone(name="reached", actual="2026-02"),
        Milestone(name="planned", planned="2026-03", actual="2026-01"),
    )
    assert [r["name"] for r in held.rows["milestones"]] == ["reached", "planned", "a", "b"]
