"""Progress and pace: published values, hand-worked cases, and the laws they keep."""

from __future__ import annotations

import math
from datetime import date

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from playbook_helpers.core.errors import InputError
from playbook_helpers.practices.goals import (
    cohens_h,
    pace,
    progress,
    target_by_h,
    ten_percent_improvement,
)


def test_the_published_share_of_targeted_change() -> None:
    # Healthy People 2020, PA-2.4: 18.2 to 20.6 with a target of 20.1.
    now = progress(18.2, 20.6, 20.1)
    assert round(now.percent or 0, 1) == 126.3
    assert now.words == "met or exceeded"
    assert now.direction == "up"
    assert now.away_percent is None


@pytest.mark.parametrize(
    ("baseline", "latest", "target", "away"), [(33.9, 35.3, 30.5, 4.1), (16.1, 16.9, 14.5, 5.0)]
)
def test_the_published_movements_away(
    baseline: float, latest: float, target: float, away: float
) -> None:
    # Healthy People 2020, NWS-9 and NWS-10.4.
    now = progress(baseline, latest, target)
    assert now.status == "getting_worse"
    assert now.direction == "down"
    assert now.percent is None
    assert round(now.away_percent or 0, 1) == away


@pytest.mark.parametrize(
    ("baseline", "latest", "target", "percent", "status"),
    [
        (44, 57, 85, 1300 / 41, "improving"),
        (10, 6, 4, 200 / 3, "improving"),
        (10, 10, 4, 0, "no_change"),
        (0, 5, 20, 25, "improving"),
        (-10, -5, 0, 50, "improving"),
        (20, 20, 10, 0, "no_change"),
        (3, 1, 1, 100, "met"),
    ],
)
def test_hand_worked_progress(
    baseline: float, latest: float, target: float, percent: float, status: str
) -> None:
    now = progress(baseline, latest, target)
    assert now.percent == pytest.approx(percent)
    assert now.status == status


def test_a_target_equal_to_the_baseline_means_keep_it_there() -> None:
    assert progress(95, 95, 95).status == "kept"
    assert progress(95, 95, 95).percent is None
    lost = progress(95, 90, 95)
    assert (lost.status, lost.direction) == ("not_kept", "keep")
    assert lost.away_percent == pytest.approx(500 / 95)
    assert progress(95, 94.5, 95, tolerance=1).status == "kept"


def test_a_movement_away_from_nothing_has_no_percentage() -> None:
    now = progress(0, -3, 10)
    assert (now.status, now.percent, now.away_percent) == ("getting_worse", None, None)


@pytest.mark.parametrize("bad", [math.nan, math.inf, "52", None, True])
def test_what_is_no_number_is_refused(bad: object) -> None:
    with pytest.raises(InputError, match="number"):
        progress(1, bad, 2)  # type: ignore[arg-type]
    with pytest.raises(InputError):
        progress(bad, 1, 2)  # type: ignore[arg-type]


def test_numbers_too_large_to_compare_are_refused() -> None:
    with pytest.raises(InputError, match="too large"):
        progress(-1.7e308, 1.7e308, 1.7e308)


# Six decimals, as people write them: beside 1e-313 any change is too large to be compared.
NUMBERS = st.floats(-1e6, 1e6, allow_nan=False).map(lambda number: round(number, 6))


@given(NUMBERS, NUMBERS, NUMBERS)
def test_progress_is_whole(baseline: float, latest: float, target: float) -> None:
    now = progress(baseline, latest, target)
    assert (now.percent is None) == (now.status in ("getting_worse", "kept", "not_kept"))
    if now.percent is not None:
        assert (now.percent >= 100) == (now.status == "met")
        assert now.percent >= 0
    if now.away_percent is not None:
        assert now.status in ("getting_worse", "not_kept")


@given(NUMBERS, NUMBERS, NUMBERS)
def test_progress_is_the_same_seen_in_a_mirror(
    baseline: float, latest: float, target: float
) -> None:
    now, mirrored = progress(baseline, latest, target), progress(-baseline, -latest, -target)
    assert now.percent == mirrored.percent
    assert now.away_percent == mirrored.away_percent
    assert now.status == mirrored.status


@given(st.integers(-1000, 1000), st.integers(-1000, 1000), st.integers(1, 1000))
def test_nearer_to_the_target_is_never_less_progress(a: int, b: int, way: int) -> None:
    low, high = sorted((abs(a), abs(b)))
    first, second = progress(0, low, way), progress(0, high, way)
    assert (first.percent or 0) <= (second.percent or 0)


def test_pace_by_hand() -> None:
    # Kindergarten readiness in Cincinnati: 44 (2005), 57 (2014), 85 aimed at by 2020.
    p = pace(44, 57, 85, baseline_date="2005", latest_date="2014", target_date="2020")
    assert p.achieved_per_year == pytest.approx(13 / 9)
    assert p.needed_per_year == pytest.approx(28 / 6)
    assert p.projected == pytest.approx(57 + 6 * 13 / 9)
    assert p.status == "behind"


@pytest.mark.parametrize(
    ("latest", "status"), [(60, "ahead"), (50, "on_pace"), (49, "on_pace"), (40, "behind")]
)
def test_pace_against_a_straight_line(latest: float, status: str) -> None:
    p = pace(0, latest, 100, baseline_date="2020", latest_date="2025", target_date="2030")
    assert p.status == status


def test_pace_of_a_target_met_or_missed() -> None:
    dates = {"baseline_date": "2020", "latest_date": "2025"}
    assert pace(0, 100, 100, target_date="2030", **dates).status == "met"
    missed = pace(0, 50, 100, target_date="2025", **dates)
    assert (missed.status, missed.needed_per_year) == ("past_date", None)
    over = pace(0, 50, 100, target_date="2026", as_of=date(2027, 1, 1), **dates)
    assert over.status == "past_date"
    assert pace(0, 50, 100, **dates).status is None
    assert pace(0, 50, 100).achieved_per_year is None


def test_pace_refuses_what_is_no_date() -> None:
    with pytest.raises(InputError, match="target date"):
        pace(0, 1, 2, target_date="soon")


@pytest.mark.parametrize(
    ("baseline", "target"), [(68.7, 75.6), (82.4, 90.6), (75.6, 83.2), (49, 54)]
)
def test_ten_percent_improvement_as_published(baseline: float, target: float) -> None:
    # Healthy People rounds to the baseline's decimals: 49 -> 53.9 -> 54.
    decimals = 0 if baseline == 49 else 1
    assert round(ten_percent_improvement(baseline), decimals) == target


@pytest.mark.parametrize(("baseline", "target"), [(0.824, 0.86), (0.672, 0.718)])
def test_cohens_h_as_published(baseline: float, target: float) -> None:
    # Healthy People 2030, PHI-04 and PHI-05.
    assert cohens_h(baseline, target) == pytest.approx(0.10, abs=0.002)
    assert target_by_h(baseline) == pytest.approx(target, abs=0.0006)


@given(st.floats(0, 1), st.floats(-1, 1))
def test_h_and_its_target_undo_each_other(baseline: float, h: float) -> None:
    angle = 2 * math.asin(math.sqrt(baseline)) + h
    assume(0 <= angle <= math.pi)
    assert cohens_h(baseline, target_by_h(baseline, h)) == pytest.approx(h, abs=1e-6)


@pytest.mark.parametrize("bad", [-0.1, 1.1, 82.4, math.nan])
def test_a_proportion_lies_between_0_and_1(bad: float) -> None:
    with pytest.raises(InputError, match="proportion"):
        cohens_h(bad, 0.5)
    with pytest.raises(InputError):
        target_by_h(0.9, 3)
