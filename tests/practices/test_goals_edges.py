"""Goals: the edges of what is worked out, each with what lies just below, on and just above it."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from goal_records import CONTEXT, codes, goal, row, the, values, worked_out

from playbook_helpers.core.assessment import Context
from playbook_helpers.core.errors import InputError
from playbook_helpers.core.partnership import Partner, Partnership
from playbook_helpers.practices.goals import Goal, IndicatorSheet, check_goal
from playbook_helpers.practices.goals.dates import find_dates
from playbook_helpers.practices.goals.pace import pace
from playbook_helpers.practices.goals.progress import progress, reaches
from playbook_helpers.practices.goals.quantities import find_quantities, number_in
from playbook_helpers.practices.goals.targets import cohens_h, target_by_h, ten_percent_improvement
from playbook_helpers.practices.goals.what_if import _span, pace_sentence

# Progress and pace ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("latest", "status", "percent", "away"),
    [
        (9, "getting_worse", None, 10),
        (10, "no_change", 0, None),
        (11, "improving", 10, None),
        (19.9, "improving", 99, None),
        (20, "met", 100, None),
        (21, "met", 110, None),
    ],
)
def test_progress_upwards(latest: float, status: str, percent: float, away: float) -> None:
    now = progress(10, latest, 20)
    assert (now.status, now.direction) == (status, "up")
    assert now.percent == (None if percent is None else pytest.approx(percent))
    assert now.away_percent == away


@pytest.mark.parametrize(
    ("latest", "status", "percent", "away"),
    [
        (22, "getting_worse", None, 10),
        (20, "no_change", 0, None),
        (19, "improving", 10, None),
        (10, "met", 100, None),
        (8, "met", 120, None),
    ],
)
def test_progress_downwards(latest: float, status: str, percent: float, away: float) -> None:
    now = progress(20, latest, 10)
    assert (now.status, now.direction) == (status, "down")
    assert now.percent == (None if percent is None else pytest.approx(percent))
    assert now.away_percent == away


@pytest.mark.parametrize(
    ("latest", "slack", "status", "away"),
    [
        (50, 0, "kept", None),
        (51, 0, "not_kept", 2),
        (51, 1, "kept", None),
        (49, 1, "kept", None),
        (52, 1, "not_kept", 4),
    ],
)
def test_what_is_to_stay_may_move_as_far_as_is_allowed(
    latest: float, slack: float, status: str, away: float | None
) -> None:
    now = progress(50, latest, 50, tolerance=slack)
    assert (now.status, now.direction, now.percent, now.away_percent) == (
        status,
        "keep",
        None,
        away,
    )
    assert reaches(latest, 50, "keep", tolerance=slack) is (status == "kept")


def test_away_from_a_baseline_of_nothing_has_no_percentage() -> None:
    assert progress(0, -1, 5).away_percent is None
    with pytest.raises(InputError, match="tolerance is negative"):
        progress(1, 1, 1, tolerance=-0.1)


@pytest.mark.parametrize(
    ("value", "way", "there"),
    [(9, "up", False), (10, "up", True), (10, "down", True), (11, "down", False)],
)
def test_a_target_is_reached_at_its_number(value: float, way: Any, there: bool) -> None:
    assert reaches(value, 10, way) is there


@pytest.mark.parametrize(
    ("latest", "status", "projected"),
    # Two of four years are over, so a line lands at twice the change: of 100 aimed at.
    [(47, "behind", 94), (47.5, "on_pace", 95), (52.5, "on_pace", 105), (53, "ahead", 106)],
)
def test_within_a_twentieth_of_the_change_is_on_pace(
    latest: float, status: str, projected: float
) -> None:
    found = pace(
        0, latest, 100, baseline_date="2020", latest_date="2022", target_date="2024"
    )  # fmt: skip
    assert (found.status, found.projected) == (status, projected)
    assert found.achieved_per_year == latest / 2
    assert found.needed_per_year == (100 - latest) / 2


@pytest.mark.parametrize(
    ("as_of", "status"),
    [(date(2024, 12, 31), "behind"), (date(2025, 1, 1), "past_date"), (None, "behind")],
)
def test_a_date_has_passed_the_day_after_it(as_of: date | None, status: str) -> None:
    found = pace(
        0, 10, 100, baseline_date="2020", latest_date="2022", target_date="2024", as_of=as_of
    )
    assert found.status == status


@pytest.mark.parametrize(
    ("dates", "status", "achieved", "needed"),
    [
        (("2020", "2022", None), None, 5, None),
        (("2020", None, "2024"), None, None, None),
        ((None, "2022", "2024"), None, None, 45),
        (("2022", "2022", "2024"), None, None, 45),
        (("2020", "2024", "2024"), "past_date", 2.5, None),
        ((None, None, None), None, None, None),
    ],
)
def test_without_a_date_less_is_said(
    dates: tuple[str | None, ...], status: str | None, achieved: float | None, needed: float | None
) -> None:
    names = ("baseline_date", "latest_date", "target_date")
    found = pace(0, 10, 100, **dict(zip(names, dates, strict=True)))  # type: ignore[arg-type]
    assert (found.status, found.achieved_per_year, found.needed_per_year) == (
        status,
        achieved,
        needed,
    )


def test_a_goal_that_is_met_needs_nothing_more_and_one_to_keep_that_moved_is_behind() -> None:
    dates = {"baseline_date": "2020", "latest_date": "2022", "target_date": "2024"}
    met = pace(0, 100, 100, **dates)  # type: ignore[arg-type]
    assert (met.status, met.needed_per_year, met.achieved_per_year) == ("met", 0, 50)
    kept = pace(50, 52, 50, **dates)  # type: ignore[arg-type]
    assert (kept.status, kept.needed_per_year, kept.projected) == ("behind", -1, 54)


# Targets --------------------------------------------------------------------------------------


def test_a_target_is_a_tenth_better_or_as_far_as_is_asked() -> None:
    assert ten_percent_improvement(50) == 55
    assert ten_percent_improvement(50, direction="down") == 45
    assert ten_percent_improvement(-50) == -45
    assert ten_percent_improvement(50, percent=20) == 60


def test_a_change_of_h_goes_from_nothing_to_all_and_no_further() -> None:
    # 2 asin(sqrt(1/2)) is a quarter turn, 2 asin(1) half a turn.
    assert cohens_h(0, 1) == pytest.approx(3.14159265)
    assert cohens_h(1, 0.5) == pytest.approx(-1.57079633)
    assert target_by_h(0.5, 1.5707963) == pytest.approx(1)
    assert target_by_h(0.5, -1.5707963) == pytest.approx(0, abs=1e-6)
    assert target_by_h(0.5, 0.5235987755982988) == pytest.approx(0.75)
    assert target_by_h(0, 0) == 0
    assert target_by_h(0.5) == pytest.approx(0.549917, abs=1e-6)
    for h in (-1.571, 1.571):
        with pytest.raises(InputError, match="that far") as refused:
            target_by_h(0.5, h)
        assert "h from -1.571 to 1.571 for a baseline of 0.5" in str(refused.value)
    for wrong in (-0.001, 1.001):
        with pytest.raises(InputError, match="not a proportion"):
            cohens_h(wrong, 0.5)


# What the values of a goal say ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("numbers", "status", "met", "percent"),
    [
        ([("2020", 14.5)], "no_change", [False, False], 0),
        ([("2020", 7.25)], "met", [False, True], 100),
        ([("2020", 7.26)], "improving", [False, False], 100 * 7.24 / 7.25),
        ([("2020", 7), ("2022", 8)], "met_then_lost", [False, True, False], 100 * 6.5 / 7.25),
        ([("2020", 15)], "getting_worse", [False, False], None),
    ],
)
def test_a_goal_stands_where_its_latest_value_does(
    numbers: list[tuple[str, float]], status: str, met: list[bool], percent: float | None
) -> None:
    result = worked_out(goal(), *values("Poverty", *numbers))
    now = row(result)
    assert (now["status"], now["measurements"]) == (status, len(numbers))
    assert [point["met"] for point in result.rows["series"]] == met
    assert now["percent"] == (None if percent is None else pytest.approx(percent))


@pytest.mark.parametrize(
    ("day", "counted"), [("2026-06-30", 1), ("2026-07-01", 0), ("2026-06", 1), ("2026", 1)]
)
def test_a_value_counts_from_the_first_day_of_its_time(day: str, counted: int) -> None:
    result = worked_out(goal(), *values("Poverty", (day, 12)))
    assert row(result)["measurements"] == counted
    assert ("later_measurements" in codes(result)) is (counted == 0)


def test_a_value_of_the_baselines_own_day_is_no_later_one() -> None:
    result = worked_out(goal(), *values("Poverty", ("2015", 14.5)))
    assert row(result)["status"] == "no_measurement"
    assert len(result.rows["series"]) == 1
    other = worked_out(goal(), *values("Poverty", ("2015-12-31", 14)))
    assert [(p["value"], p["baseline"]) for p in other.rows["series"]] == [
        (14.5, True),
        (14, False),
    ]


def test_a_break_starts_a_stretch_in_which_speed_is_told_alone() -> None:
    first = values("Poverty", ("2017", 13))
    after = values("Poverty", ("2019", 20), series_break=True)
    last = values("Poverty", ("2023", 12))
    result = worked_out(goal(), *first, *after, *last)
    assert [p["segment"] for p in result.rows["series"]] == [0, 0, 1, 1]
    now = row(result)
    assert (now["status"], now["broken"], now["achieved_per_year"]) == ("series_break", True, -2)
    assert (now["percent"], now["pace"]) == (None, None)
    assert not any(p["met"] for p in result.rows["series"])


def test_a_break_on_the_baselines_day_counts_in_the_new_way_where_it_has_its_value() -> None:
    old = values("Poverty", ("2013", 30))
    same = values("Poverty", ("2015", 14.5), series_break=True)
    later = values("Poverty", ("2020", 10))
    result = worked_out(goal(), *old, *same, *later)
    told = [(p["value"], p["segment"], p["baseline"]) for p in result.rows["series"]]
    assert told == [(30, 0, False), (14.5, 1, True), (10, 1, False)]
    assert row(result)["status"] == "improving"
    assert row(result)["achieved_per_year"] == pytest.approx(-0.9)


def test_without_a_baseline_a_goal_can_be_met_and_lost_and_no_more() -> None:
    bare = {"baseline_value": None, "baseline_date": None, "direction": "down"}
    for numbers, status, pacing in (
        ([("2020", 9)], "no_baseline", None),
        ([("2020", 7)], "met", "met"),
        ([("2020", 7), ("2021", 9)], "met_then_lost", None),
    ):
        now = row(worked_out(goal(**bare), *values("Poverty", *numbers)))
        assert (now["status"], now["pace"]) == (status, pacing)


@pytest.mark.parametrize(
    ("latest", "stale"),
    [("2025-06-29", True), ("2025-06-30", False), ("2025-07", False), ("2025-05", True)],
)
def test_a_value_is_old_when_it_is_over_a_year_back(latest: str, stale: bool) -> None:
    result = worked_out(goal(), *values("Poverty", (latest, 12)))
    assert ("stale" in codes(result)) is stale
    lately = result.measure("measured_lately")
    assert (lately.value, lately.n, lately.missing) == ((0, 1, 1) if stale else (1, 1, 0))
    # Of an old value no pace is told.
    assert result.measure("on_pace").n == (0 if stale else 1)


@pytest.mark.parametrize(
    ("target", "past"), [("2026-06-29", True), ("2026-06-30", False), ("2026-06", False)]
)
def test_a_goals_date_is_over_the_day_after(target: str, past: bool) -> None:
    unmeasured = worked_out(goal(target_date=target))
    said = the(unmeasured, "no_measurement").sentence
    assert said.startswith("Poverty: its date has passed, and it has not") is past
    measured = worked_out(goal(target_date=target), *values("Poverty", ("2026-03", 12)))
    assert ("past_date" in codes(measured)) is past


def test_a_goal_is_not_reached_only_where_a_value_was_taken_at_its_date_or_later() -> None:
    for latest, words, severity in (
        ("2023-06", "it was not reached", "act"),
        ("2023", "it was not reached", "act"),
        ("2023-05", "nobody has written down how it ended", "look"),
        ("2022", "nobody has written down how it ended", "look"),
    ):
        result = worked_out(goal(target_date="2023-06"), *values("Poverty", (latest, 10.875)))
        said = the(result, "past_date")
        assert words in said.sentence
        assert said.sentence.endswith(", 50% of the way.")
        assert said.severity == severity


def test_how_much_faster_it_would_have_to_go() -> None:
    # Ten years from 14.5 to 13.5: 0.1 a year. 6.25 more in five years: 1.25, 12.5 times that.
    result = worked_out(goal(), *values("Poverty", ("2025", 13.5)))
    said = the(result, "behind").sentence
    assert "12.5 times as fast as so far" in said
    # 7.1 in five years after 0.15 in ten: 94.7 times. 7.1085 after 0.1415: 100.5 times.
    for value, told in ((14.35, True), (14.3585, False), (14.5, False)):
        slow = the(worked_out(goal(), *values("Poverty", ("2025", value))), "behind").sentence
        assert ("times as fast" in slow) is told


def test_the_measures_count_goals_and_leave_visions_out() -> None:
    result = worked_out(
        goal("Met"),
        goal("Half", target_date="2035"),
        goal("Worse"),
        goal("Bare", baseline_value=None, baseline_date=None, target_value=None,
             target_date=None, level="activity"),
        goal("Dream", level="vision"),
        *values("Met", ("2026-01", 7)),
        *values("Half", ("2025-12", 10.875)),
        *values("Worse", ("2024", 16)),
    )  # fmt: skip
    told = {m.name: (m.value, m.n, m.missing) for m in result.measures}
    assert told["with_number"] == (3, 4, 1)
    assert told["measured_lately"] == (2, 4, 2)
    assert told["outcomes"] == (3, 4, 1)
    assert told["met"] == (1, 3, 1)
    assert told["complete"] == (0, 4, 4)
    # 7.5 of 7.25 and half of it.
    assert told["median_percent"][0] == pytest.approx((100 * 7.5 / 7.25 + 50) / 2)
    assert told["median_percent"][1:] == (2, 2)
    middle = result.measure("median_percent")
    assert (middle.low, middle.high) == (50, pytest.approx(100 * 7.5 / 7.25))
    assert middle.note == "goals that moved away from their target are not in it"
    # What moved away was measured long ago, so it is in no pace.
    assert told["on_pace"] == (2, 2, 2)


def test_of_one_goal_there_is_a_middle_and_no_range() -> None:
    one = worked_out(goal(), *values("Poverty", ("2026-01", 10.875))).measure("median_percent")
    assert (one.value, one.n, one.low, one.high, one.interval, one.note) == (
        *(50, 1, None, None, "full count"),
        "",
    )
    none = worked_out().measure("met")
    assert (none.value, none.n, none.note) == (None, 0, "no goal is written down yet")


@pytest.mark.parametrize(
    ("ends", "back"), [("2026-06-29", True), ("2026-06-30", True), ("2026-07-01", False)]
)
def test_a_partnership_has_ended_on_its_last_day(ends: str, back: bool) -> None:
    context = Context("x", CONTEXT.as_of, Partnership(name="R", ends=ends))
    result = worked_out(goal(), *values("Poverty", ("2024", 13)), context=context)
    assert ("before the end" in the(result, "stale").sentence) is back
    assert ("no_sheet" in codes(result)) is not back


# Records that need a hand ---------------------------------------------------------------------


def test_a_sheet_is_thin_from_three_empty_parts_on() -> None:
    full = dict.fromkeys(("definition", "formula", "method", "responsible", "limits"), "x")
    for lacking, thin in ((1, False), (2, False), (3, True)):
        kept = dict(list(full.items())[lacking - 1 :])
        sheet = IndicatorSheet(goal="Poverty", name="Rate", **kept)
        assert ("thin_sheet" in codes(worked_out(goal(), sheet))) is thin


@pytest.mark.parametrize(
    ("count", "words"),
    [(1, "1 measurement names a goal “Povertyy”"), (2, "2 measurements name a goal “Povertyy”")],
)
def test_values_that_name_no_goal_are_counted(count: int, words: str) -> None:
    strays = values("Povertyy", *[(str(2020 + i), 1) for i in range(count)])
    found = the(worked_out(goal(), *strays), "names_no_goal")
    assert words in found.sentence
    assert f"{'is' if count == 1 else 'are'} left out. Did you mean “Poverty”?" in found.sentence


@pytest.mark.parametrize(
    ("count", "words"),
    [(1, "1 measurement dated 2027 lies after"), (2, "2 measurements dated 2027 or later lie")],
)
def test_values_of_later_years_are_counted(count: int, words: str) -> None:
    ahead = values("Poverty", *[(str(2027 + i), 1) for i in range(count)])
    assert words in the(worked_out(goal(), *ahead), "later_measurements").sentence


def test_two_values_of_a_day_are_told_and_the_same_one_twice_is_not() -> None:
    twice = worked_out(goal(), *values("Poverty", ("2020", 12), ("2020", 11)))
    assert "12 and 11" in the(twice, "measured_twice").sentence
    assert row(twice)["latest_value"] == 11
    assert "measured_twice" not in codes(
        worked_out(goal(), *values("Poverty", ("2020", 12), ("2020", 12)))
    )


def test_goals_of_one_name_are_counted_and_the_oldest_has_the_values() -> None:
    result = worked_out(goal(), goal(), goal(), *values("Poverty", ("2025", 12)))
    assert the(result, "same_name").sentence.startswith("3 goals are called “Poverty”")
    assert [row(result, i)["measurements"] for i in range(3)] == [1, 0, 0]


# Fields and sentence --------------------------------------------------------------------------


def check(context: Context = CONTEXT, **changed: Any) -> set[str]:
    facts: dict[str, Any] = {
        "name": "Readiness",
        "sentence": "By June 2028, the council will raise the share of children ready for school "
        "from 52% (2025) to 65%.",
        "level": "outcome",
        "unit": "percent",
        "baseline_value": 52,
        "baseline_date": "2025",
        "target_value": 65,
        "target_date": "2028-06",
    }
    return {f.code for f in check_goal(Goal(**{**facts, **changed}), context)}


@pytest.mark.parametrize(
    ("changed", "code", "said"),
    [
        ({"target_value": 66}, "target_differs", True),
        ({"target_value": 65}, "target_differs", False),
        ({"baseline_value": 53}, "baseline_differs", True),
        ({"baseline_value": 52}, "baseline_differs", False),
        ({"target_date": "2028-06-15"}, "date_differs", False),
        ({"target_date": "2028-07"}, "date_differs", True),
        ({"target_date": "2028"}, "date_differs", False),
        ({"target_date": "2029"}, "date_differs", True),
        ({"target_value": 100}, "percent_out_of_range", False),
        ({"target_value": 100.5}, "percent_out_of_range", True),
        ({"baseline_value": 0}, "percent_out_of_range", False),
        ({"baseline_value": -1}, "percent_out_of_range", True),
        ({"unit": None}, "no_unit", True),
        ({"unit": None, "target_value": None}, "no_unit", False),
        ({"unit": "number"}, "no_unit", False),
        ({"direction": "up"}, "direction_contradicts", False),
        ({"direction": "down"}, "direction_contradicts", True),
        ({"direction": "down", "target_value": None}, "direction_contradicts", False),
        ({"baseline_date": "2028-06"}, "dates_reversed", False),
        ({"baseline_date": "2028"}, "dates_reversed", True),
        ({"baseline_date": "2028-05"}, "dates_reversed", False),
        ({"baseline_date": "2028-06-01"}, "dates_reversed", True),
        ({"confidence": 2}, "low_confidence", True),
        ({"confidence": 3}, "low_confidence", False),
        ({"target_value": None}, "fields_empty", True),
        ({"baseline_value": None}, "fields_empty", True),
        ({}, "fields_empty", False),
        ({"level": "vision", "target_value": None}, "fields_empty", False),
        ({"level": "vision"}, "details_missing", False),
        ({}, "details_missing", True),
        ({"owner_organisation": "School"}, "owner_role", True),
        ({"owner_organisation": "School", "owner_role": "Head"}, "owner_role", False),
    ],
)
def test_what_fields_and_sentence_say_together(
    changed: dict[str, Any], code: str, said: bool
) -> None:
    assert (code in check(**changed)) is said


@pytest.mark.parametrize(
    ("starts", "ends", "outside"),
    [
        ("2020", "2028-06-29", False),
        ("2020", "2028-06-01", False),
        ("2020", "2028-05-31", True),
        ("2028-06-30", "2030", False),
        ("2028-07-01", "2030", True),
        (None, None, False),
    ],
)
def test_a_date_lies_within_the_partnerships_life_from_its_first_day_to_its_last(
    starts: str | None, ends: str | None, outside: bool
) -> None:
    about = Partnership(name="R", starts=starts, ends=ends)
    context = Context("x", CONTEXT.as_of, about)
    found = check(context, sentence="More children are ready for school.")
    assert ("date_outside" in found) is outside


@pytest.mark.parametrize(
    ("left", "said"), [("2026-06-29", True), ("2026-06-30", False), ("2026-06", False)]
)
def test_who_answers_for_a_goal_has_left_the_day_after(left: str, said: bool) -> None:
    partners = (Partner(name="School", sector="government", left=left),)
    found = check(Context("x", CONTEXT.as_of, partners=partners), owner_organisation=" school ")
    assert ("owner_left" in found) is said
    assert "owner_unknown" not in found
    assert "owner_unknown" in check(
        Context("x", CONTEXT.as_of, partners=partners), owner_organisation="Library"
    )


@pytest.mark.parametrize(
    ("sentence", "field", "differs"),
    [
        ("from 0.52 to 0.65", 65, False),
        ("from 0.52 to 0.65", 65.4, False),
        ("from 0.52 to 0.65", 65.6, True),
        ("from 0.52 to 0.65", 64.6, False),
    ],
)
def test_a_share_and_its_percent_are_one_number(sentence: str, field: float, differs: bool) -> None:
    said = f"By June 2028, the council will raise the share of children ready {sentence}."
    assert ("target_differs" in check(sentence=said, target_value=field)) is differs


# What if --------------------------------------------------------------------------------------


def of(latest: float, baseline: float = 40.0, **more: Any) -> dict[str, Any]:
    return {
        "name": "Readiness",
        "latest_value": latest,
        "latest_date": "2020",
        "baseline_value": baseline,
        "baseline_date": "2010",
        "target_value": 80.0,
        "unit": "percent",
        **more,
    }


@pytest.mark.parametrize(
    ("row_", "said"),
    [
        (of(50.0), "go up by 3 points a year. Since 2010 it went up by 1 points a year. That is "
         "3.0 times as fast as so far."),
        (of(80.0), "it would have to stay where it is."),
        (of(40.0), "go up by 4 points a year. Since 2010 it did not move."),
        (of(30.0), "go up by 5 points a year. Since 2010 it went down by 1 points a year. It "
         "would have to turn round."),
        (of(90.0, unit="count"), "go down by 1 a year. Since 2010 it went up by 5 a year. It would "
         "have to turn round."),
        (of(50.0, baseline_date=None), "go up by 3 points a year."),
        (of(50.0, baseline_date="2020"), "go up by 3 points a year."),
    ],
)  # fmt: skip
def test_how_fast_it_would_have_to_go(row_: dict[str, Any], said: str) -> None:
    assert pace_sentence(row_, 80.0, "2030").endswith(said)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("numbers", "unit", "span"),
    [
        # Room of 40 is halved on both sides; 20 to 100 in steps of one (two digits).
        ((50.0, 40.0, 80.0), "count", (20, 100, 1)),
        ((50.0, 10.0, 90.0), "percent", (0, 100, 10)),
        # Never below nothing where nothing is.
        ((1.0, 0.0, 10.0), "count", (0, 15, 1)),
        ((-10.0, 0.0, 10.0), "count", (-20, 20, 1)),
        # A tenth of the target, where all values are near.
        ((100.0, 100.0, 100.0), "count", (95, 105, 1)),
        # At least one.
        ((2.0, 2.0, 2.0), "count", (1.5, 2.5, 0.1)),
        ((500.0, 0.0, 1000.0), "count", (0, 1500, 100)),
    ],
)
def test_a_slider_leaves_room_on_both_sides(
    numbers: tuple[float, ...], unit: str, span: tuple[float, ...]
) -> None:
    latest, baseline, target = numbers
    row_ = of(latest, baseline, target_value=target, unit=unit)
    assert _span(row_) == pytest.approx(span)  # type: ignore[arg-type]


# Numbers in words -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "value"),
    [
        ("one", 1),
        ("nineteen", 19),
        ("twenty", 20),
        ("ninety-nine", 99),
        ("three hundred", 300),
        ("hundred", 100),
        ("two dozen", 24),
        ("dozens", 12),
        ("3 thousand", 3000),
        ("4k", 4000),
        ("2 million", 2e6),
        ("2m", 2e6),
        ("2mn", 2e6),
        ("3 billion", 3e9),
        ("3bn", 3e9),
        ("3b", 3e9),
        ("1 trillion", 1e12),
        ("1,250.5", 1250.5),
    ],
)
def test_numbers_in_words(words: str, value: float) -> None:
    assert number_in(words) == value


@pytest.mark.parametrize(
    ("words", "kind", "value"),
    [
        ("half", "share", 0.5),
        ("a third", "share", 0.333),
        ("two-thirds", "share", 0.667),
        ("three quarters", "share", 0.75),
        ("two fifths", "share", 0.4),
        ("five sixths", "share", 0.833),
        ("three tenths", "share", 0.3),
        ("one in eight", "share", 0.125),
        ("3 out of 4", "share", 0.75),
        ("double", "multiple", 2),
        ("twice", "multiple", 2),
        ("triple", "multiple", 3),
        ("quadruple", "multiple", 4),
        ("halve", "multiple", 0.5),
        ("fivefold", "multiple", 5),
        ("zero", "zero", 0),
        ("12%", "percent", 12),
        ("12 points", "points", 12),
    ],
)
def test_parts_and_multiples_in_words(words: str, kind: str, value: float) -> None:
    (found,) = find_quantities(words)
    assert (found.kind, found.value, found.start, found.end) == (kind, value, 0, len(words))


# Dates in words -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "first", "last"),
    [
        ("by 2030", date(2030, 1, 1), date(2030, 12, 31)),
        ("by mid-2030", date(2030, 1, 1), date(2030, 12, 31)),
        ("by 2027-03-31", date(2027, 3, 31), date(2027, 3, 31)),
        # Day first or month first: the later one; only one of them is in the calendar.
        ("by 03/04/2027", date(2027, 4, 3), date(2027, 4, 3)),
        ("by 31/12/2027", date(2027, 12, 31), date(2027, 12, 31)),
        ("by 12/31/2027", date(2027, 12, 31), date(2027, 12, 31)),
        ("by june 30, 2027", date(2027, 6, 30), date(2027, 6, 30)),
        ("by 1st of september 2027", date(2027, 9, 1), date(2027, 9, 1)),
        ("by sept 2027", date(2027, 9, 1), date(2027, 9, 30)),
        ("by february 2028", date(2028, 2, 1), date(2028, 2, 29)),
        # A season is its last three months.
        ("by spring 2027", date(2027, 3, 1), date(2027, 5, 31)),
        ("by easter 2027", date(2027, 2, 1), date(2027, 4, 30)),
        ("by summer 2027", date(2027, 6, 1), date(2027, 8, 31)),
        ("by autumn 2027", date(2027, 9, 1), date(2027, 11, 30)),
        ("by fall 2027", date(2027, 9, 1), date(2027, 11, 30)),
        ("by winter 2027", date(2027, 10, 1), date(2027, 12, 31)),
        ("by christmas 2027", date(2027, 10, 1), date(2027, 12, 31)),
        ("by q1 2027", date(2027, 1, 1), date(2027, 3, 31)),
        ("by q4 2027", date(2027, 10, 1), date(2027, 12, 31)),
        ("by the second quarter of 2027", date(2027, 4, 1), date(2027, 6, 30)),
        ("by the third quarter of 2027", date(2027, 7, 1), date(2027, 9, 30)),
        ("by the first half of 2027", date(2027, 1, 1), date(2027, 6, 30)),
        ("by the second half of 2027", date(2027, 7, 1), date(2027, 12, 31)),
        # A budget year may begin in the year before.
        ("by fy2027", date(2026, 1, 1), date(2027, 12, 31)),
        ("by fy 27", date(2026, 1, 1), date(2027, 12, 31)),
        ("by fiscal year 2027-28", date(2026, 1, 1), date(2028, 12, 31)),
        ("by 2026-2030", date(2026, 1, 1), date(2030, 12, 31)),
        ("by 2027/28", date(2027, 1, 1), date(2028, 12, 31)),
        # A month, unless the two are years running.
        ("by 2027-03", date(2027, 3, 1), date(2027, 3, 31)),
        ("by 2027-12", date(2027, 1, 1), date(2027, 12, 31)),
        ("by 2010-11", date(2010, 1, 1), date(2011, 12, 31)),
        ("by 2010-12", date(2010, 1, 1), date(2010, 12, 31)),
        ("by 2010-13", date(2010, 1, 1), date(2013, 12, 31)),
    ],
)
def test_dates_in_words_have_a_first_and_a_last_day(words: str, first: date, last: date) -> None:
    (found,) = find_dates(words, words)
    assert (found.kind, found.part, found.first, found.day) == ("date", "deadline", first, last)
    assert found.end == len(words)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("by february 30, 2027", [("date", "deadline", None)]),
        ("within three years", [("relative", "deadline", None)]),
        ("each year", [("rhythm", "deadline", None)]),
        ("two days a week", []),
        ("build 2000 homes", []),
        ("in 2000 and later", [("date", "deadline", date(2000, 12, 31))]),
        ("40% below 2005 levels", [("date", "start", date(2005, 12, 31))]),
        ("since 2005", [("date", "start", date(2005, 12, 31))]),
        ("52% (2025)", [("date", "start", date(2025, 12, 31))]),
        ("baseline: 52% in 2025", [("date", "start", date(2025, 12, 31))]),
        ("in 2024 it was low, by 2030 high", [("date", "start", date(2024, 12, 31)),
                                              ("date", "deadline", date(2030, 12, 31))]),
        ("from 2021 to 2025", [("date", "name", date(2021, 12, 31)),
                               ("date", "deadline", date(2025, 12, 31))]),
    ],
)  # fmt: skip
def test_dates_are_told_apart_by_what_stands_beside_them(words: str, told: list[Any]) -> None:
    assert [(f.kind, f.part, f.day) for f in find_dates(words, words)] == told
