"""Social value: the formula by hand, published figures, and what a range must keep to."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from steps import grows_evenly

from playbook_helpers.core.errors import InputError
from playbook_helpers.practices.sustainability import Outcome, Range, sroi, sure
from playbook_helpers.practices.sustainability.social_value import (
    ASSUMPTIONS,
    CONVENTIONS,
    SocialReturn,
    present_value,
)

WORK = Outcome(
    "Work",
    sure(10),
    sure(1000),
    deadweight=sure(0.2),
    attribution=sure(0.5),
    drop_off=sure(0.5),
    duration=sure(2),
    group="Young people",
    proxy_source="Wages",
)


def test_the_formula_by_hand() -> None:
    """10 x 1,000 x 0.8 x 0.5 = 4,000, then 2,000. At 10 %: 4,000/1.1 + 2,000/1.21 = 5,289.26."""
    assert present_value(WORK, 0.0) == pytest.approx(6000)
    assert present_value(WORK, 0.10) == pytest.approx(5289.256, abs=0.001)
    assert sroi([WORK], 5289.256198 / 2, 0.10).central == pytest.approx(2.0)


def test_displacement_and_attribution_multiply() -> None:
    """100 x (1 - 0.25) x (1 - 0.5) x (1 - 0.2) = 30."""
    outcome = Outcome("X", sure(1), sure(100), sure(0.25), sure(0.5), sure(0.2))
    assert present_value(outcome, 0.0) == pytest.approx(30)


def test_a_loss_is_taken_off() -> None:
    loss = Outcome("Hours lost", sure(10), sure(-100))
    result = sroi([WORK, loss], 2500, 0.0)
    assert result.central == pytest.approx((6000 - 1000) / 2500)
    assert result.net == pytest.approx(2500)
    assert not any("No loss" in words for words in result.warnings)


def test_the_range_by_hand() -> None:
    """Lowest: 8 x 1,000 x 0.5 = 4,000 over 4,000; highest: 12 x 1,000 x 0.9 = 10,800."""
    result = sroi([Outcome("W", Range(8, 10, 12), sure(1000), Range(0.1, 0.2, 0.5))], 4000, 0.0)
    assert (result.low, result.central, result.high) == (1.0, 2.0, pytest.approx(2.7))
    assert [s.assumption for s in result.tornado] == ["W: deadweight", "W: quantity"]
    assert result.tornado[0].at_low == pytest.approx(2.25)
    assert result.tornado[0].at_high == pytest.approx(1.25)
    assert result.break_even["W: deadweight"] == pytest.approx(0.6)
    assert result.break_even["W: quantity"] == pytest.approx(5)


def test_a_best_guess_of_all_deadweight_does_not_turn_the_range_round() -> None:
    """At the best guess all else is without effect; at the ends it is not."""
    outcome = Outcome(
        "W", sure(1), sure(100), Range(0.5, 1, 1), drop_off=Range(0.1, 0.5, 0.9), duration=sure(2)
    )
    result = sroi([outcome], 10, 0.0)
    assert result.central == 0
    assert result.high == pytest.approx(100 * 0.5 * (1 + 0.9) / 10)


def test_a_worth_on_both_sides_of_nothing() -> None:
    outcome = Outcome("W", Range(1, 2, 3), Range(-10, 5, 20))
    result = sroi([outcome], 10, 0.0)
    assert (result.low, result.central, result.high) == (-3, 1, 6)


def test_three_outcomes_over_years_against_arrays_of_numpy() -> None:
    """The whole sum again, year by year, by other means: two gains and one loss at 3.5 %."""
    years = np.arange(1, 6)
    discounted = 1.035 ** -years.astype(float)
    gain = 40 * 1500 * (1 - 0.25) * (1 - 0.10) * (1 - 0.30) * (1 - 0.2) ** (years - 1)
    short = np.where(years <= 2, 12 * 800 * (1 - 0.5) * np.ones(5), 0)
    loss = np.where(years <= 1, -200 * 15 * np.ones(5), 0)
    expected = ((gain + short + loss) * discounted).sum() / 50_000
    result = sroi(
        [
            Outcome("Work", 40, 1500, 0.25, 0.10, 0.30, 0.2, 5),
            Outcome("Rest", 12, 800, deadweight=0.5, duration=2),
            Outcome("Evenings lost", 200, -15),
        ],
        50_000,
    )
    assert result.central == result.low == result.high == pytest.approx(expected)
    assert result.net == pytest.approx(expected * 50_000 - 50_000)


def test_an_assumption_is_one_number_three_numbers_or_a_range() -> None:
    by_range = sroi([Outcome("W", Range(8, 10, 12), sure(1000), Range(0.1, 0.2, 0.5))], 4000, 0.0)
    assert sroi([Outcome("W", (8, 10, 12), 1000, [0.1, 0.2, 0.5])], 4000, 0) == by_range
    written = {"name": "W", "quantity": {"low": 8, "central": 10, "high": 12}, "worth": 1000}
    assert sroi([written | {"deadweight": (0.1, 0.2, 0.5)}], [2500, 1500], (0, 0, 0)) == by_range
    assert sroi(Outcome("W", (8, 10, 12), 1000, (0.1, 0.2, 0.5)), 4000, 0.0) == by_range
    for wrong in ("lots", (1, 2), {"low": 1}, None):
        with pytest.raises(InputError, match="no assumption"):
            Outcome("W", wrong, 1000)  # type: ignore[arg-type]
    with pytest.raises(InputError, match="no outcome"):
        sroi([{"name": "W", "price": 3}], 4000)


def test_a_sum_comes_as_the_rows_of_a_file() -> None:
    """10 people x 1,000 x (1 - 0.25) = 7,500 over 2,500 is 3 to 1."""
    rows = [{"name": "Work", "quantity": "10", "worth": "1000", "deadweight": "0.25"}]
    frame = pd.DataFrame([rows[0] | {"group": float("nan"), "proxy_source": None}])
    for outcomes in (rows, rows[0], frame):
        for inputs in (2_500, "2500", [2_000, "500"], {"Cash": 2_000, "Hours": 500}):
            assert sroi(outcomes, inputs, 0).central == pytest.approx(3)
    with pytest.raises(InputError, match="What went in is not a number"):
        sroi(rows, "a lot")  # type: ignore[arg-type]


def test_communities_that_care() -> None:
    """4,477 for 556 a youth: 8.05, net 3,921. The published 8.22 is not the ratio of the means.

    Still positive where effects are halved, as published.
    """
    youth = Outcome("Youth to grade 12", sure(1), sure(4477))
    result = sroi([youth], 556, 0.0)
    assert result.central == pytest.approx(8.05, abs=0.005)
    assert result.net == pytest.approx(3920, abs=1.01)
    assert sroi([replace(youth, quantity=sure(0.5))], 556, 0.0).net > 0


def test_shape_up_somerville() -> None:
    """1.51 for each 1 with 197,120 net means that about 386,510 went in (197,120 / 0.51)."""
    cost = 197_120 / 0.51
    assert round(cost, -1) == 386_510
    result = sroi([Outcome("Costs averted", sure(1), sure(1.51 * cost))], cost, 0.0)
    assert result.central == pytest.approx(1.51)
    assert result.net == pytest.approx(197_120)


def test_the_rate_at_which_it_breaks_even_is_the_rate_of_return() -> None:
    """110 in a year for 100 today is 10 %."""
    result = sroi([Outcome("W", sure(1), sure(110))], 100, 0.035)
    assert result.break_even["Discount rate"] == pytest.approx(0.10, abs=1e-6)


def test_each_break_even_value_gives_a_ratio_of_one() -> None:
    result = sroi([WORK, Outcome("Calm", sure(5), sure(200))], 4000, 0.035)
    names = {"attribution to others": "attribution"}
    for key, value in result.break_even.items():
        if key == "Discount rate":
            again = sroi([WORK, Outcome("Calm", sure(5), sure(200))], 4000, value)
        else:
            whose, what = key.split(": ")
            field = names.get(what, what)
            parts = [WORK, Outcome("Calm", sure(5), sure(200))]
            moved = [
                replace(p, **{field: sure(value)}) if p.name == whose else p  # type: ignore[arg-type]
                for p in parts
            ]
            again = sroi(moved, 4000, 0.035)
        assert again.central == pytest.approx(1.0, abs=1e-6), key


def test_the_conventions_are_printed() -> None:
    assert sroi([WORK], 1000).conventions == CONVENTIONS
    assert any("discounted by one year" in words for words in CONVENTIONS)


def test_warnings() -> None:
    twin = replace(WORK, name="Work again", change="work")
    other = replace(WORK, name="More pay")
    bare = Outcome("Bare", sure(1), sure(1))
    words = " ".join(sroi([WORK, twin, other, bare], 100).warnings)
    assert "“Work” and “Work again” tell of the same change" in words
    assert "3 gains are counted for the same people (Young people)" in words
    assert "No loss is listed" in words
    assert "Say where the worth of one comes from: “Bare”" in words
    assert "Nothing is taken off" in words


@pytest.mark.parametrize(
    ("call", "what"),
    [
        (lambda: sroi([], 1), "no outcome"),
        (lambda: sroi([WORK], 0), "inputs"),
        (lambda: sroi([WORK], 10, 3.5), "discount rate"),
        (lambda: sroi([replace(WORK, deadweight=sure(20))], 10), "deadweight"),
        (lambda: sroi([replace(WORK, duration=sure(1.5))], 10), "duration"),
        (lambda: Range(3, 2, 1), "out of order"),
    ],
)
def test_what_cannot_be_is_refused(call: Any, what: str) -> None:
    with pytest.raises(InputError, match=what):
        call()


def spread(low: float, high: float) -> st.SearchStrategy[Range]:
    values = st.lists(st.floats(low, high), min_size=3, max_size=3).map(sorted)
    return values.map(lambda three: Range(*three))


years = st.lists(st.integers(1, 8), min_size=3, max_size=3).map(lambda v: Range(*sorted(v)))
share = spread(0, 1)
outcomes = st.builds(
    Outcome, st.sampled_from("AB"), spread(0, 100), spread(-50, 500), share, share, share, share,
    years,
)  # fmt: skip


@settings(max_examples=80, deadline=None)
@given(st.lists(outcomes, min_size=1, max_size=3), st.data())
def test_any_choice_within_the_ranges_stays_within_the_range(
    held: list[Outcome], data: st.DataObject
) -> None:
    result = sroi(held, 100.0)
    assert result.low <= result.central <= result.high
    chosen = []
    for outcome in held:
        values = {}
        for name in ASSUMPTIONS:
            ends = getattr(outcome, name)
            values[name] = sure(data.draw(st.sampled_from([ends.low, ends.central, ends.high])))
        chosen.append(replace(outcome, **values))
    value = sroi(chosen, 100.0).central
    slack = 1e-9 * max(1.0, abs(value), abs(result.low), abs(result.high))
    assert result.low - slack <= value <= result.high + slack


@settings(max_examples=50, deadline=None)
@given(outcomes, st.floats(0, 1), st.floats(0, 1))
def test_more_that_would_have_happened_anyway_never_raises_a_gain(
    outcome: Outcome, one: float, other: float
) -> None:
    low, high = sorted((one, other))
    gain = replace(outcome, worth=sure(abs(outcome.worth.central)))
    for name in ("deadweight", "displacement", "attribution", "drop_off"):
        less, more = (replace(gain, **{name: sure(v)}) for v in (low, high))  # type: ignore[arg-type]
        assert present_value(more, 0.035) <= present_value(less, 0.035) + 1e-9
    assert present_value(gain, 0.05) <= present_value(gain, 0.01) + 1e-9


def many_outcomes(number: int) -> SocialReturn:
    wide = replace(WORK, quantity=Range(5, 10, 20), worth=Range(100, 1000, 2000))
    held = [replace(wide, name=f"Outcome {n}") for n in range(number)]
    return sroi(held, 1e6, Range(0.01, 0.035, 0.05))


def test_twice_the_outcomes_take_twice_the_work() -> None:
    assert grows_evenly(lambda number: lambda: many_outcomes(number), 50)


def test_two_thousand_outcomes_have_their_bars() -> None:
    assert len(many_outcomes(2000).tornado) == 4001
