"""The goals assessment: rows that charts draw, measures with what they rest on, in any order."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from goal_records import CONTEXT, codes, goal, head, row, the, values, worked_out
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from steps import grows_evenly

from playbook_helpers.core.assessment import Context, Head
from playbook_helpers.core.records import Record
from playbook_helpers.practices.goals import Goal, Measurement, assess


def test_progress_and_pace_stand_in_the_goals_row() -> None:
    now = row(worked_out(goal(), *values("poverty ", ("2018", 11.2), ("2023", 10.2))))
    assert now["latest_value"] == 10.2
    assert now["latest_date"] == "2023"
    assert now["percent"] == pytest.approx(100 * 4.3 / 7.25)
    assert now["direction"] == "down"
    assert now["status"] == "improving"
    assert now["achieved_per_year"] == pytest.approx(-4.3 / 8)
    assert now["needed_per_year"] == pytest.approx(-2.95 / 7)
    # 14.5 to 10.2 in eight years would do; 11.2 to 10.2 in the last five of them would not.
    assert now["pace"] == "behind"
    assert now["measurements"] == 2
    assert now["broken"] is False


def test_a_target_that_was_met_and_lost_again_is_shown_as_such() -> None:
    # Canada's official poverty rate: 6.4 in 2020, under the target of 7.25, then 10.2 in 2023.
    result = worked_out(goal(), *values("Poverty", ("2020", 6.4), ("2022", 9.9), ("2023", 10.2)))
    assert row(result)["status"] == "met_then_lost"
    assert row(result)["pace"] is None
    assert [point["met"] for point in result.rows["series"]] == [False, True, False, False]
    assert "2020 (6.4%)" in the(result, "met_then_lost").sentence
    assert "on_pace" not in codes(result)


def test_a_series_break_is_never_bridged() -> None:
    records = [
        goal("Early years", baseline_value=70, target_value=80, target_date="2028"),
        *values("Early years", ("2019", 72)),
        *values("Early years", ("2022", 81), series_break=True),
        *values("Early years", ("2024", 83)),
    ]
    result = worked_out(*records)
    now = row(result)
    assert now["status"] == "series_break"
    assert now["broken"] is True
    assert now["percent"] is None
    assert now["away_percent"] is None
    assert now["needed_per_year"] is None
    assert now["pace"] is None
    assert now["achieved_per_year"] == pytest.approx(1.0)  # 81 to 83 within the last stretch
    assert [point["segment"] for point in result.rows["series"]] == [0, 0, 1, 1]
    assert not any(point["met"] for point in result.rows["series"])
    assert "way of counting changed" in the(result, "series_break").sentence


def test_a_baseline_in_the_last_stretch_is_compared_within_it() -> None:
    records = [
        goal("Early years", baseline_value=65, baseline_date="2022", target_value=80),
        *values("Early years", ("2019", 72)),
        *values("Early years", ("2022", 65), series_break=True),
        *values("Early years", ("2024", 68)),
    ]
    result = worked_out(*records)
    now = row(result)
    assert now["status"] == "improving"
    assert now["percent"] == pytest.approx(20)
    assert now["broken"] is False
    series = result.rows["series"]
    assert [(p["date"], p["segment"], p["baseline"]) for p in series] == [
        ("2019", 0, False),
        ("2022", 1, True),
        ("2024", 1, False),
    ]


def test_a_goal_without_a_target_says_so_too_where_the_counting_changed() -> None:
    # StrivePartnership: 68% of measures improved in 2009, 80% by another list of them in 2016.
    result = worked_out(
        goal("Improve", baseline_value=68, baseline_date="2009", target_value=None,
             target_date=None),
        *values("Improve", ("2010", 74), ("2012", 85)),
        *values("Improve", ("2016", 80), series_break=True),
        context=Context("strive-partnership", date(2016, 12, 31)),
    )  # fmt: skip
    now = row(result)
    assert (now["status"], now["broken"]) == ("no_target", True)
    assert now["achieved_per_year"] is None
    finding = the(result, "series_break")
    assert "80% (2016) cannot be compared" in finding.sentence
    assert "target" not in finding.next_step


@pytest.mark.parametrize(
    ("status", "changed", "pairs"),
    [
        ("no_target", {"target_value": None}, [("2020", 12.0)]),
        ("no_baseline", {"baseline_value": None, "direction": "down"}, [("2020", 12.0)]),
        ("met", {"baseline_value": None, "direction": "down"}, [("2020", 7.0)]),
        ("no_measurement", {}, []),
        ("no_measurement", {}, [("2014", 15.0)]),
        ("met", {}, [("2020", 7.25)]),
        ("no_change", {}, [("2020", 14.5)]),
        ("getting_worse", {}, [("2020", 15.0)]),
        ("kept", {"target_value": 14.5}, [("2020", 14.5)]),
        ("not_kept", {"target_value": 14.5}, [("2020", 15.0)]),
    ],
)
def test_each_status(status: str, changed: dict[str, Any], pairs: list[tuple[str, float]]) -> None:
    assert row(worked_out(goal(**changed), *values("Poverty", *pairs)))["status"] == status


def test_the_baseline_written_down_twice_is_one_point() -> None:
    result = worked_out(goal(), *values("Poverty", ("2015", 14.5), ("2020", 10)))
    assert [point["value"] for point in result.rows["series"]] == [14.5, 10]
    assert result.rows["series"][0]["baseline"] is True


def test_what_lies_after_the_day_is_left_out_and_said() -> None:
    result = worked_out(goal(), *values("Poverty", ("2025", 12), ("2026-07", 9)))
    assert row(result)["latest_value"] == 12
    assert "is left out" in the(result, "later_measurements").sentence
    begun = worked_out(goal(), *values("Poverty", ("2026", 9)))
    assert row(begun)["latest_value"] == 9


def test_measures_say_what_they_rest_on() -> None:
    result = worked_out(
        goal(),
        goal("Bare", target_value=None, baseline_value=None, level="activity"),
        goal("Dream", level="vision", target_value=None, baseline_value=None),
        *values("Poverty", ("2025-12", 12)),
    )
    number = result.measure("with_number")
    assert (number.value, number.n, number.missing) == (1, 2, 1)
    lately = result.measure("measured_lately")
    assert (lately.value, lately.n, lately.missing) == (1, 2, 1)
    middle = result.measure("median_percent")
    assert middle.value == pytest.approx(100 * 2.5 / 7.25)
    assert (middle.n, middle.missing, middle.low) == (1, 1, None)


def test_checks_and_sentences_have_a_row_for_each_goal() -> None:
    result = worked_out(goal(sentence="The City will end poverty by 2030"))
    assert [(c["element"], c["in_sentence"], c["in_fields"]) for c in result.rows["checks"]] == [
        ("metric", "no", False),
        ("baseline", "no", True),
        ("target", "partial", True),
        ("deadline", "yes", True),
        ("owner", "yes", False),
    ]
    assert result.rows["sentences"][0]["owner"] == "yes"


PAIRS = st.lists(
    st.tuples(st.integers(2000, 2026), st.integers(-50, 50), st.booleans(), st.sampled_from("ABC")),
    max_size=12,
)
GOALS = st.lists(
    st.tuples(
        st.sampled_from(["A", "B", "a", "C"]),
        st.one_of(st.none(), st.integers(-50, 50)),
        st.one_of(st.none(), st.integers(-50, 50)),
        st.one_of(st.none(), st.integers(2000, 2035)),
    ),
    max_size=4,
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(GOALS, PAIRS, st.randoms(use_true_random=False))
def test_any_records_in_any_order_give_one_assessment_without_nan(
    goals: list[tuple[str, int | None, int | None, int | None]],
    measured: list[tuple[int, int, bool, str]],
    shuffle: Any,
) -> None:
    records: list[Record] = [
        Goal(
            name=name,
            sentence="Something",
            level="outcome",
            baseline_value=start,
            target_value=target,
            target_date=None if year is None else str(year),
        )
        for name, start, target, year in goals
    ]
    records += [
        Measurement(goal=name, date=str(year), value=value, series_break=broken)
        for year, value, broken, name in measured
    ]
    heads = [head(record, number) for number, record in enumerate(records)]
    first = assess(heads, CONTEXT).to_json()
    shuffle.shuffle(heads)
    assert assess(heads, CONTEXT).to_json() == first
    json.dumps(first, default=str, allow_nan=False)
    for each in first["rows"]["progress"]:
        assert each["percent"] is None or math.isfinite(each["percent"])
        assert not (each["broken"] and each["percent"] is not None)


def many_heads(number: int) -> list[Head]:
    records: list[Record] = [
        goal(f"Goal {n}", sentence=f"Cut poverty in ward {n} from 14.5% to 7% by 2030")
        for n in range(number)
    ]
    for n in range(number):
        records += values(f"goal {n}", *((str(2016 + k), 14 - k) for k in range(4)))
    return [head(record, place) for place, record in enumerate(records)]


def test_twice_the_records_take_twice_the_work() -> None:
    def assessing(number: int) -> Callable[[], object]:
        heads = many_heads(number)
        return lambda: assess(heads, CONTEXT)

    assert grows_evenly(assessing, 40)


def test_two_thousand_records_are_assessed() -> None:
    heads = many_heads(400)
    assert len(heads) == 2000
    assert len(assess(heads, CONTEXT).rows["progress"]) == 400
