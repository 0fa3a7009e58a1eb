"""When a pace is told, and when it is too soon, another season, or up and down."""

from __future__ import annotations

from datetime import date

import pytest

from playbook_helpers.core.assessment import Assessment, Context, Finding, Head
from playbook_helpers.core.records import Record
from playbook_helpers.practices.goals.assess import assess
from playbook_helpers.practices.goals.records import Goal, Measurement

AS_OF = date(2024, 6, 30)


def worked_out(goal: Goal, *told: tuple[str, float]) -> Assessment:
    records: list[Record] = [goal]
    records += [Measurement(goal=goal.name, date=when, value=value) for when, value in told]
    heads = [
        Head(f"{n:012d}", f"v{n}", "goals", record.kind, {}, record, client_time=f"2024-01-{n:02}")
        for n, record in enumerate(records, 1)
    ]
    return assess(heads, Context("town", AS_OF))


def goal(start: float, when: str, target: float = 100, due: str = "2028") -> Goal:
    return Goal(
        name="Places", sentence="More places.", level="outcome", baseline_value=start,
        baseline_date=when, target_value=target, target_date=due,
    )  # fmt: skip


def found(result: Assessment, code: str) -> Finding:
    return next(f for f in result.findings if f.code == code)


def codes(result: Assessment) -> set[str]:
    return {f.code for f in result.findings}


def test_two_days_after_the_start_no_pace_is_told() -> None:
    result = worked_out(goal(50, "2024-06-01", due="2026-06-01"), ("2024-06-03", 50.5))
    assert result.rows["progress"][0]["pace"] is None
    assert not codes(result) & {"on_pace", "behind"}
    assert "Too little of the time" in found(result, "too_soon").sentence


def test_a_fifth_of_the_time_is_enough() -> None:
    # Ten years from 2014 to 2024: two of them are a fifth.
    for when, told in (("2015", None), ("2016", "ahead")):
        result = worked_out(goal(50, "2014", due="2024"), (when, 75))
        assert result.rows["progress"][0]["pace"] == told


def test_a_count_in_another_season_tells_no_pace() -> None:
    # Two months apart in the year is the same time of it, three are not.
    for when, told in (
        ("2023-11", None),
        ("2023-10", None),
        ("2024-05", "ahead"),
        ("2023-09", "ahead"),
    ):
        result = worked_out(goal(40, "2022-07", target=100, due="2025-07"), (when, 90))
        assert result.rows["progress"][0]["pace"] == told, when
    season = worked_out(goal(40, "2022-07", due="2025-07"), ("2023-11", 90))
    assert "different times of the year" in found(season, "too_soon").sentence


def test_flat_years_are_not_on_pace() -> None:
    # 40 to 70 in 2019, and there ever since: 7.5 a year over all four, none in the last three.
    flat = [(str(year), 70.0) for year in range(2020, 2024)]
    result = worked_out(goal(40, "2019"), *flat)
    assert result.rows["progress"][0]["pace"] == "behind"
    said = found(result, "behind").sentence
    assert "since 2019 it rose by 7.5 a year, and since 2021 it stayed the same; to reach" in said


def test_what_rose_and_then_fell_is_told_so() -> None:
    result = worked_out(goal(50, "2019"), ("2021", 60), ("2022", 57), ("2023", 54))
    said = found(result, "behind").sentence
    assert "it rose to 60 (2021) and has fallen since, to 54" in said
    assert "so far it rose" not in said


@pytest.mark.parametrize(
    ("values", "severity"),
    [
        ([("2023", 49.9)], "note"),
        ([("2023", 30)], "look"),
        ([("2022", 35), ("2023", 30)], "act"),
        ([("2022", 55), ("2023", 30)], "look"),
    ],
)
def test_small_moves_are_nothing_to_act_on(values: list[tuple[str, float]], severity: str) -> None:
    result = worked_out(goal(50, "2019"), *values)
    assert found(result, "getting_worse").severity == severity


def test_keep_going_is_said_of_more_than_two_values() -> None:
    one = found(worked_out(goal(50, "2018"), ("2023", 80)), "on_pace")
    assert (one.severity, one.next_step) == (
        "note",
        "Measure once more before you call it a success.",
    )
    two = found(worked_out(goal(50, "2018"), ("2020", 62), ("2023", 80)), "on_pace")
    assert two.severity == "good"
    assert two.next_step.startswith("Keep going")


def test_values_that_go_up_and_down_tell_no_pace() -> None:
    # Ups and downs of 30, 30, 30 and 35 come to 5 in the end.
    result = worked_out(
        goal(50, "2018", target=60, due="2026"),
        ("2019", 80),
        ("2020", 50),
        ("2021", 80),
        ("2023", 55),
    )
    assert not codes(result) & {"on_pace"}
