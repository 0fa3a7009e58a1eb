"""The goals assessment: rows that charts draw, measures with what they rest on, findings."""

from __future__ import annotations

import json
import math
import time
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from playbook_helpers.assessment import Assessment, Context, Finding, Head
from playbook_helpers.partnership import Partnership
from playbook_helpers.practices.goals import Goal, IndicatorSheet, Measurement, assess
from playbook_helpers.records import Record

CONTEXT = Context("riverside-invented", date(2026, 6, 30))


def head(record: Record, number: int, **more: Any) -> Head:
    identity = f"{record.kind}-{number:05d}"
    return Head(
        identity,
        identity,
        record.practice,
        record.kind,
        record.payload(),
        record,
        client_time=f"2026-01-01T{number:06d}",
        **more,
    )


def worked_out(*records: Record, context: Context = CONTEXT) -> Assessment:
    return assess([head(record, number) for number, record in enumerate(records)], context)


def goal(name: str = "Poverty", **more: Any) -> Goal:
    facts: dict[str, Any] = {
        "sentence": "Fewer people in poverty",
        "level": "outcome",
        "unit": "percent",
        "baseline_value": 14.5,
        "baseline_date": "2015",
        "target_value": 7.25,
        "target_date": "2030",
    }
    return Goal(name=name, **{**facts, **more})


def values(name: str, *pairs: tuple[str, float], **more: Any) -> list[Measurement]:
    return [Measurement(goal=name, date=when, value=value, **more) for when, value in pairs]


def row(assessment: Assessment, place: int = 0) -> dict[str, Any]:
    return dict(assessment.rows["progress"][place])


def codes(assessment: Assessment) -> set[str]:
    return {finding.code for finding in assessment.findings}


def the(assessment: Assessment, code: str) -> Finding:
    return next(finding for finding in assessment.findings if finding.code == code)


def test_progress_and_pace_stand_in_the_goals_row() -> None:
    now = row(worked_out(goal(), *values("poverty ", ("2018", 11.2), ("2023", 10.2))))
    assert now["latest_value"] == 10.2
    assert now["latest_date"] == "2023"
    assert now["percent"] == pytest.approx(100 * 4.3 / 7.25)
    assert now["direction"] == "down"
    assert now["status"] == "improving"
    assert now["achieved_per_year"] == pytest.approx(-4.3 / 8)
    assert now["needed_per_year"] == pytest.approx(-2.95 / 7)
    assert now["pace"] == "ahead"
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


def test_a_measurement_that_names_no_goal_is_said_with_the_nearest_name() -> None:
    result = worked_out(goal(), *values("Povrety", ("2025", 12)))
    finding = the(result, "names_no_goal")
    assert "“Povrety”" in finding.sentence
    assert "Did you mean “Poverty”?" in finding.sentence
    assert finding.records == ("measurement-00001",)
    assert row(result)["status"] == "no_measurement"


def test_two_goals_of_one_name_are_told_apart() -> None:
    result = worked_out(goal(), goal("POVERTY "), *values("Poverty", ("2025", 12)))
    assert the(result, "same_name").records == ("goal-00000", "goal-00001")
    assert [r["measurements"] for r in result.rows["progress"]] == [1, 0]


def test_two_values_for_one_date_are_said() -> None:
    result = worked_out(goal(), *values("Poverty", ("2025", 12), ("2025", 13)))
    assert "12 and 13" in the(result, "measured_twice").sentence
    assert row(result)["latest_value"] == 13


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


def test_a_partnership_with_nothing_gets_kind_words() -> None:
    result = worked_out(context=Context("new", date(2026, 1, 1), Partnership(name="New")))
    assert codes(result) == {"start_here"}
    assert all(m.value is None and m.note for m in result.measures)
    assert all(rows == () for rows in result.rows.values())
    json.dumps(result.to_json(), allow_nan=False)


def test_orphans_alone_do_not_trip_it() -> None:
    sheet = IndicatorSheet(goal="Gone", name="Share")
    assert codes(worked_out(sheet, *values("Gone", ("2020", 1)))) == {"start_here", "names_no_goal"}


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


def test_cards_that_cannot_be_read_or_have_rivals_are_said() -> None:
    good = head(goal(), 0, rivals=("other",))
    bad = Head("r", "v", "goals", "goal", {"name": "Odd"}, None, problem="sentence is empty")
    result = assess([good, bad], CONTEXT)
    assert "sentence is empty" in the(result, "unreadable").sentence
    assert the(result, "two_versions").records == ("goal-00000",)


def test_a_date_that_passed_without_the_target_is_said_once() -> None:
    late = goal(sentence="Halve poverty by 2020", target_date="2020")
    result = worked_out(late, *values("Poverty", ("2020", 10)))
    assert "it was not reached" in the(result, "past_date").sentence
    assert "date_passed" not in codes(result)
    long_ago = worked_out(late, *values("Poverty", ("2017", 10)))
    assert "nobody has written down how it ended" in the(long_ago, "past_date").sentence


@pytest.mark.parametrize(
    ("changed", "pairs"),
    [({}, [("2019", 7)]), ({"target_value": 14.5}, [("2019", 14.5)]),
     ({"baseline_value": None, "direction": "down"}, [("2019", 7)])],
)  # fmt: skip
def test_a_date_that_passed_is_no_news_beside_a_target_that_was_met(
    changed: dict[str, Any], pairs: list[tuple[str, float]]
) -> None:
    for sentence in ("Halve poverty by 2020", "Less poverty"):
        facts = {"sentence": sentence, "target_date": "2020", **changed}
        result = worked_out(goal(**facts), *values("Poverty", *pairs))
        assert codes(result) & {"target_met", "kept"}
        assert not codes(result) & {"date_passed", "past_date"}
    never = worked_out(goal(target_date="2020"))
    assert "its date has passed" in the(never, "no_measurement").sentence
    assert "date_passed" not in codes(never)


def test_a_speed_of_long_ago_is_not_said_to_go_well() -> None:
    lately = worked_out(goal(), *values("Poverty", ("2025-09", 10)))
    assert "on_pace" in codes(lately)
    assert lately.measure("on_pace").value == 1
    # Newport, Kentucky: last measured in 2011, looked at in 2016.
    long_ago = worked_out(goal(), *values("Poverty", ("2021", 10)))
    assert row(long_ago)["pace"] == "ahead"
    assert "on_pace" not in codes(long_ago)
    assert "from 2021" in the(long_ago, "stale").sentence
    measure = long_ago.measure("on_pace")
    assert (measure.value, measure.n) == (None, 0)
    assert "more than a year old" in measure.note


def test_a_partnership_that_has_ended_is_asked_for_no_work() -> None:
    over = Partnership(name="100,000 Homes", starts="2010-07", ends="2014-07", facts_until="2014")
    cities = ("San Diego", "San Antonio", "Detroit", "Atlanta")
    records = [goal(city, target_value=None, target_date=None, baseline_date="2012-05",
                    baseline_value=20) for city in cities]  # fmt: skip
    measured = [m for city in cities for m in values(city, ("2012-08", 15))]
    result = worked_out(
        *records,
        *measured,
        goal(
            "Homes",
            baseline_date="2010",
            target_date="2013",
            owner_organisation="Community Solutions",
        ),
        *values("Homes", ("2014", 12)),
        context=Context("100000-homes", date(2014, 12, 31), over),
    )
    assert {f.severity for f in result.findings} == {"note"}
    stale = [f for f in result.findings if f.code == "stale"]
    assert len(stale) == 1
    assert stale[0].sentence == (
        "The latest values of “San Diego”, “San Antonio”, “Detroit” and “Atlanta” are from more "
        "than a year before the end."
    )
    assert len(stale[0].records) == 4
    incomplete = the(result, "incomplete")
    assert len(incomplete.records) == 4
    assert "looking back" in incomplete.sentence
    assert (incomplete.better, incomplete.question) == ("", "")
    assert not codes(result) & {"details_missing", "owner_role", "no_sheet"}
    assert "new date" not in the(result, "past_date").next_step
    # The same records, looked at while the work went on, do ask for it.
    before = worked_out(*records, *measured, context=Context("x", date(2014, 6, 30), over))
    assert {f.severity for f in before.findings if f.code == "stale"} == {"look"}
    assert sum(f.code == "incomplete" for f in before.findings) == 4


def test_what_is_alike_for_several_goals_is_said_once() -> None:
    dreams = [goal(n, level="vision", target_value=None, sentence="All thrive") for n in "AB"]
    aims = [goal(n, owner_role="Lead", indicator="Rate") for n in ("Reading", "Play")]
    result = worked_out(*dreams, *aims)
    assert the(result, "vision").sentence.startswith("“A” and “B” are visions. They need no")
    details = the(result, "details_missing")
    assert details.sentence.startswith("“Reading” and “Play”: not yet said: where the numbers")
    assert details.records == ("goal-00002", "goal-00003")
    bare = worked_out(goal())
    assert "incomplete" in codes(bare)
    assert "details_missing" not in codes(bare)


def test_a_value_is_said_with_what_it_counts() -> None:
    # A wait of 14 weeks, to come down to 6.
    facts = {"unit": "number", "unit_words": "weeks", "baseline_value": 14, "target_value": 6}
    result = worked_out(goal("Wait", **facts), *values("Wait", ("2025-06", 6), ("2026-06", 8)))
    assert the(result, "met_then_lost").sentence == (
        "Wait: the target of 6 weeks was met in June 2025 (6) and lost again: 8 in June 2026."
    )
    one = goal("Wait", **{**facts, "target_value": 1})
    assert (
        "target of 1 week is met"
        in the(worked_out(one, *values("Wait", ("2026-06", 1))), "target_met").sentence
    )


def test_every_finding_says_what_to_do_next_and_names_its_records() -> None:
    result = worked_out(
        goal(),
        goal("Output", level="output", sentence="Hold 3 events"),
        *values("Poverty", ("2020", 15), ("2030", 1)),
        *values("Nothing", ("2020", 1)),
        IndicatorSheet(goal="Poverty", name="Rate"),
    )
    for finding in result.findings:
        assert finding.next_step
        assert finding.records, finding.code


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


def test_two_thousand_records_take_well_under_a_second() -> None:
    records: list[Record] = [
        goal(f"Goal {n}", sentence=f"Cut poverty in ward {n} from 14.5% to 7% by 2030")
        for n in range(400)
    ]
    for n in range(400):
        records += values(f"goal {n}", *((str(2016 + k), 14 - k) for k in range(4)))
    heads = [head(record, number) for number, record in enumerate(records)]
    assert len(heads) == 2000
    start = time.process_time()
    assess(heads, CONTEXT)
    assert time.process_time() - start < 1
