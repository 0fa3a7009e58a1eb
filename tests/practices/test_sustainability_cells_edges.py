"""Money as files hold it, at its edges: what is no number, no day, no yes and no currency."""

from __future__ import annotations

import math
from datetime import date, datetime
from typing import Any

import pytest

from playbook_helpers.core.errors import InputError
from playbook_helpers.practices.sustainability.assumptions import Outcome, Range, sure
from playbook_helpers.practices.sustainability.funding import Cost, Funding, each_of
from playbook_helpers.practices.sustainability.money import concentration, runway
from playbook_helpers.practices.sustainability.social_value import sroi

CITY = {"source": "City", "amount": 120, "starts": "2027-01", "ends": "2027-12"}


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ({"amount": math.inf}, "amount of 'City'"),
        ({"amount": math.nan}, "amount of 'City'"),
        ({"amount": -0.01}, "amount of 'City'"),
        ({"ends": "2026-12"}, "ends before it starts"),
        ({"likelihood": 1.001}, "likelihood of 'City'"),
        ({"signed": "perhaps"}, "signed"),
        ({"amount": True}, "not a number"),
    ],
)
def test_what_cannot_be_counted_is_refused_by_its_name(change: dict[str, Any], what: str) -> None:
    with pytest.raises(InputError, match=what):
        runway([CITY | change], 10, 0, "2027-01", 2)


@pytest.mark.parametrize(
    ("change", "income"),
    [
        ({}, 10),
        ({"amount": 0}, 0),
        ({"ends": "2027-01-01", "starts": "2027-01-01"}, 120),
        ({"likelihood": 0.5}, 5),
    ],
)
def test_the_least_that_can_be_counted_is(change: dict[str, Any], income: float) -> None:
    assert runway([CITY | change], 10, 0, "2027-01", 2).expected.months[0].income == income


@pytest.mark.parametrize(
    ("said", "signed"),
    [("Yes", True), (" y ", True), ("1.0", True), (1, True), ("no", False), ("", False),
     (0, False), ("0.0", False)],
)  # fmt: skip
def test_yes_and_no_as_people_and_programs_write_them(said: Any, signed: bool) -> None:
    [made] = each_of([CITY | {"signed": said}], Funding)
    assert made.signed is signed


@pytest.mark.parametrize("monthly", [-0.01, math.inf, math.nan])
def test_a_cost_is_a_sum_of_nothing_or_more(monthly: float) -> None:
    with pytest.raises(InputError, match="cost of 'Team'"):
        runway([], {"Team": monthly}, 0, "2027-01", 2)
    with pytest.raises(InputError, match="reserves"):
        runway([], 1, math.inf, "2027-01", 2)


def test_a_day_may_have_its_hour_and_an_empty_cell_is_no_day() -> None:
    made = Funding("City", 1, datetime(2027, 1, 5, 9), "2027-02")  # type: ignore[arg-type]
    assert (made.starts, made.ends) == (date(2027, 1, 5), date(2027, 2, 28))
    cost = Cost("Team", 1, math.nan, "")  # type: ignore[arg-type]
    assert (cost.starts, cost.ends, cost.currency) == (None, None, "")
    with pytest.raises(InputError, match="no date"):
        Funding("City", 1, "soon", "2027")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("rates", "income"), [({"EUR": 2.0}, 20), ({"eur": "0.5"}, 5), ({"EUR": 2.0, "GBP": 1.0}, 20)]
)
def test_money_of_another_currency_counts_at_its_rate(rates: Any, income: float) -> None:
    paths = runway([CITY | {"currency": "eur"}], 10, 0, "2027-01", 2, rates=rates, currency="GBP")
    assert paths.expected.months[0].income == income
    for wrong in (0.0, -1.0, math.inf):
        with pytest.raises(InputError, match="no rate from EUR to GBP"):
            runway([CITY | {"currency": "eur"}], 10, 0, "2027-01", 2,
                   rates={"EUR": wrong}, currency="GBP")  # fmt: skip


@pytest.mark.parametrize("amount", [math.nan, math.inf, 4.9e-320])
def test_what_is_no_amount_has_no_concentration(amount: float) -> None:
    with pytest.raises(InputError):
        concentration([1.0, amount])


def test_a_loss_may_be_nothing_at_the_point_of_even() -> None:
    # What is gained is what went in: it is even where the loss is worth nothing.
    told = sroi([Outcome("Work", sure(1), sure(100)), Outcome("Rest", sure(1), sure(-5))], 100, 0.0)
    assert told.break_even["Rest: worth"] == 0
    assert told.break_even["Work: worth"] == pytest.approx(105)
    zero = sroi([Outcome("Work", sure(1), sure(100)), Outcome("Rest", sure(1), sure(0))], 100, 0.0)
    assert zero.break_even["Rest: worth"] == 0
    assert Range(1, 1, 1) == sure(1)
