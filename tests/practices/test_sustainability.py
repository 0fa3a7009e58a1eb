"""The sustainability worksheet: what it makes of records, and what it never does."""

from __future__ import annotations

import json
import math
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from chart_results import CHARTS
from sustainability_records import AS_OF, codes, every_chart, fund, heads, outcome, worked_out

from playbook_helpers.core.assessment import Assessment, Context
from playbook_helpers.core.partnership import Partnership
from playbook_helpers.practices.sustainability import assess
from playbook_helpers.practices.sustainability.people import hangs_on_one
from playbook_helpers.practices.sustainability.records import (
    Capacity,
    CostLine,
    ExchangeRate,
    Reserve,
    SocialAccount,
    SocialInput,
)
from playbook_helpers.practices.sustainability.value import disordered, outcome_of
from playbook_helpers.storage.files import read_path

DATA = Path(__file__).parents[2] / "data"

# Empty -----------------------------------------------------------------------------------------


def test_an_empty_partnership_is_told_where_to_begin() -> None:
    empty = worked_out()
    assert {"no_money", "no_task", "no_engagement", "no_evaluation"} == codes(empty)
    assert all(m.value is None and m.note for m in empty.measures)
    assert all(f.next_step and f.question for f in empty.findings)
    assert every_chart(empty) == ""
    assert "NaN" not in json.dumps(empty.to_json())


# Money -----------------------------------------------------------------------------------------


def test_the_months_ahead_begin_after_the_date_with_the_latest_reserve() -> None:
    """250 in the bank on the last of October, 100 a month: November and December are paid."""
    found = worked_out(
        Reserve(date="2026-10-31", amount=250),
        Reserve(date="2026-04", amount=9000),
        Reserve(date="2026-12", amount=9999),
        CostLine(name="Team", monthly=100),
    )
    assert found.measure("expected").value == 2
    assert found.rows["runway"][0]["month"] == "2026-11"
    (said,) = [f for f in found.findings if f.code == "runs_out"]
    assert said.sentence == (
        "With what is expected, the money lasts until the end of December 2026."
    )
    assert said.severity == "act"


def test_likelihood_weighs_and_signed_counts_alone() -> None:
    """1,200 signed and 1,200 at 50 %; 150 a month goes out, of which 100 are signed.

    Either the bid comes, and 200 a month pay for the year and 600 left over for four months more,
    or it does not, and not one month is paid.
    """
    found = worked_out(
        fund("City"),
        fund("Bank", signed=False, likelihood=50),
        CostLine(name="Team", monthly=150),
        Reserve(date="2026-10", amount=0),
    )
    measure = found.measure("expected")
    assert (measure.low, measure.value, measure.high) == (0, 0, 16)
    assert measure.note == "about one chance in two that it does not come"
    assert found.measure("signed_only").value == 0
    (said,) = [f for f in found.findings if f.code == "signed_runs_out"]
    assert said.sentence == (
        "Signed money lasts less than a month from now. One bid is not signed: there is about one "
        "chance in two that it does not come, and in half of the ways it can go it lasts no longer."
    )
    shares = {row["source"]: row["share"] for row in found.rows["sources"]}
    assert shares == {"City": pytest.approx(2 / 3), "Bank": pytest.approx(1 / 3)}
    assert found.measure("hhi").value == pytest.approx(5 / 9)
    assert found.measure("largest_share").value == pytest.approx(200 / 3)


def test_bids_are_a_spread_and_never_come_in_part() -> None:
    """Five bids of 1,200 at 20 % each, 100 a month to pay: 0.8 to the fifth is 33 %."""
    bids = [fund(f"Bid {n}", signed=False, likelihood=20) for n in range(5)]
    found = worked_out(*bids, CostLine(name="Team", monthly=100), Reserve(date="2026-10", amount=0))
    measure = found.measure("expected")
    # None comes in 33 %, one in 41 % (12 months), two in 20 % (24), three or more in 6 %.
    assert (measure.low, measure.value, measure.high) == (0, 12, 24)
    assert measure.note == "about one chance in three that none of the 5 comes"
    (said,) = [f for f in found.findings if f.code == "signed_runs_out"]
    assert "in half of the ways they can go it lasts until the end of October 2027 or longer" in (
        said.sentence
    )
    assert "runs_out" not in [f.code for f in found.findings], "no date rests on hope"


def test_a_grant_is_not_asked_but_whoever_pays_it() -> None:
    named = worked_out(
        fund("Start-up grant"), fund("Tin", amount=12), CostLine(name="T", monthly=90)
    )
    (said,) = [f for f in named.findings if f.code == "largest_stops"]
    assert "asks whoever pays “Start-up grant” now" in said.next_step


def test_what_cannot_be_counted_is_left_out_and_named() -> None:
    found = worked_out(
        fund("Back", -500),
        fund("Nothing", 0),
        fund("Unknown", None),
        fund("Undated", ends=None),
        fund("Backwards", starts="2028", ends="2027"),
        fund("Maybe", signed=False),
        fund("Tied", restricted_to="Rockets"),
        CostLine(name="Team", monthly=1),
    )
    assert {
        "amount_not_above_zero",
        "fund_no_amount",
        "fund_undated",
        "fund_dates",
        "fund_unweighed",
        "restricted_to_nothing",
        "no_reserve",
    } <= codes(found)
    assert len([f for f in found.findings if f.code == "amount_not_above_zero"]) == 2
    assert [row["source"] for row in found.rows["sources"]] == ["Tied"]
    assert found.measure("expected").missing == 2


def test_several_currencies_need_a_rate() -> None:
    funds = (fund("City", currency="GBP"), fund("Twin town", currency="eur"))
    cost = CostLine(name="Team", monthly=185)
    without = worked_out(*funds, cost)
    assert without.measure("expected").value is None
    assert without.measure("hhi").value is None
    (said,) = [f for f in without.findings if f.code == "no_runway"]
    assert "EUR" in said.sentence
    assert "exchange rate" in said.next_step
    with_rate = worked_out(*funds, cost, ExchangeRate(currency="EUR", worth=0.85))
    assert with_rate.measure("expected").value == 12
    assert with_rate.rows["sources"][0]["amount"] == pytest.approx(1200)
    assert with_rate.rows["sources"][1]["amount"] == pytest.approx(1020)


def test_a_reserve_in_another_currency_is_not_added_as_it_is() -> None:
    records = (CostLine(name="Team", monthly=10, currency="GBP"),)
    reserve = Reserve(date="2026-10", amount=100, currency="USD")
    assert worked_out(*records, reserve).measure("expected").value is None
    rate = ExchangeRate(currency="USD", worth=0.5)
    assert worked_out(*records, reserve, rate).measure("expected").value == 5


def test_an_old_reserve_is_to_be_counted_again() -> None:
    cost = CostLine(name="Team", monthly=10)
    assert "reserve_old" in codes(worked_out(cost, Reserve(date="2026-06", amount=1)))
    assert "reserve_old" not in codes(worked_out(cost, Reserve(date="2026-09", amount=1)))


def test_concentration_alone_is_never_a_finding() -> None:
    found = worked_out(
        fund("Only", 12_000, ends="2030-10"),
        CostLine(name="Team", monthly=100),
        Reserve(date="2026-10", amount=90_000),
    )
    assert found.measure("hhi").value == 1
    assert {f.code for f in found.findings if f.severity in ("act", "look")} == {
        "no_engagement",
        "no_evaluation",
    }
    assert "no right value" in found.measure("hhi").note
    (chart,) = CHARTS["sustainability"]["sources"](found)
    assert "D55E00" not in chart.svg().upper()


# People ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "alone"),
    [
        ({"able": 1, "deputy": "Chair"}, True),
        ({"able": 2}, False),
        ({"able": 0}, False),
        ({"role": "Chair"}, True),
        ({"role": "Chair", "deputy": "Vice"}, False),
        ({}, None),
    ],
)
def test_when_a_task_hangs_on_one_person(given: dict[str, Any], alone: bool | None) -> None:
    assert hangs_on_one(Capacity(task="Data", **given)) is alone


def test_what_is_not_known_of_a_task_is_missing_and_not_alone() -> None:
    found = worked_out(Capacity(task="A"), Capacity(task="B", able=1), Capacity(task="C", able=3))
    alone = found.measure("alone")
    assert (alone.value, alone.n, alone.missing) == (1, 2, 1)
    assert {"task_unknown", "one_person"} <= codes(found)


# Social value ----------------------------------------------------------------------------------


def test_percent_become_shares_and_a_loss_goes_below_zero() -> None:
    worked = outcome_of(outcome(drop_off=50, years=2, years_high=3, deadweight_high=40))
    assert (worked.deadweight.low, worked.deadweight.high) == (0.2, 0.4)
    assert (worked.duration.low, worked.duration.high) == (2, 3)
    loss = outcome_of(outcome(side="loss", worth_low=500))
    assert (loss.worth.low, loss.worth.central, loss.worth.high) == (-1000, -1000, -500)


def test_the_ratio_of_records_by_hand() -> None:
    """10 x 1,000 x 0.8 x 0.5 = 4,000 in a year, at 10 %: 3,636.36; over 2,000: 1.818."""
    found = worked_out(
        outcome(),
        SocialInput(name="Grant", value=2000, currency="GBP"),
        SocialAccount(name="Us", discount=10),
    )
    measure = found.measure("sroi")
    assert measure.value == pytest.approx(4000 / 1.1 / 2000)
    assert "never to be compared" in measure.note
    assert "discounted by one year" in str(found.rows["social_value"][0]["conventions"])
    usual = worked_out(outcome(), SocialInput(name="Grant", value=2000))
    assert usual.measure("sroi").value == pytest.approx(4000 / 1.035 / 2000)


def test_numbers_out_of_order_are_sorted_and_said() -> None:
    wrong = outcome(deadweight_low=60, deadweight_high=10)
    assert disordered(wrong) == ["deadweight"]
    found = worked_out(wrong, SocialInput(name="Grant", value=2000))
    assert "range_order" in codes(found)
    assert outcome_of(wrong).deadweight.high == 0.6


def test_formula_conventions_and_what_was_used_are_printed_beside_the_ratio() -> None:
    """On the worksheet too: the result held them, and no page showed them."""
    found = worked_out(outcome(), SocialInput(name="Grant", value=2000, currency="GBP"))
    rows = found.rows["reckoning"]
    assert [row["part"] for row in rows] == ["Formula"] * 4 + ["Convention"] * 5 + ["Used here"]
    words = " ".join(str(row["words"]) for row in rows)
    for term in ("deadweight", "displacement", "attribution", "drop-off", "duration", "÷"):
        assert term in words
    assert "Discount rate: 3.5 %. What went in: 2,000 GBP." in words
    assert worked_out().rows["reckoning"] == ()
    worksheet = (DATA.parent / "worksheets" / "sustainability.ipynb").read_text("utf-8")
    assert 'ws.rows(\\"reckoning\\"' in worksheet


def test_inputs_in_several_currencies_give_no_ratio_and_the_reason() -> None:
    found = worked_out(
        outcome(),
        SocialInput(name="A", value=1, currency="GBP"),
        SocialInput(name="B", value=1, currency="USD"),
    )
    assert found.measure("sroi").value is None
    assert "several currencies (GBP, USD)" in found.measure("sroi").note


def test_a_published_ratio_is_shown_and_never_the_measure() -> None:
    found = worked_out(SocialAccount(name="Study", published_ratio=1.51))
    assert found.measure("sroi").value is None
    assert found.rows["published"][0]["ratio"] == 1.51


def test_no_finding_sets_the_ratio_beside_anothers() -> None:
    found = worked_out(outcome(), SocialInput(name="Grant", value=2000))
    assert not any("other partnerships" in f.sentence for f in found.findings)


# Examples --------------------------------------------------------------------------------------


def example(slug: str) -> Assessment:
    records = [row.value for row in read_path(DATA / slug).rows]
    about = next(r for r in records if isinstance(r, Partnership))
    as_of = {"riverside-invented": AS_OF}.get(slug, date(2016, 12, 31))
    return assess(heads(records), Context(slug, as_of, about))


def test_riverside_shows_each_thing_the_worksheet_can_say() -> None:
    found = example("riverside-invented")
    months = [found.measure(n).value for n in ("expected", "signed_only", "largest_stops")]
    assert months == [18, 14, 6]
    assert {
        *("signed_runs_out", "largest_stops", "largest_ends", "nobody_able"),
        *("amount_not_above_zero", "fund_undated", "fund_unweighed", "one_person"),
        *("task_unknown", "task_overdue", "going_overdue", "going_no_owner", "without_price"),
        *("value_warning", "value_open"),
    } <= codes(found)
    ratio = found.measure("sroi")
    assert ratio.low is not None
    assert ratio.high is not None
    assert ratio.low < 0 < 1 < (ratio.value or 0) < ratio.high


def test_the_grants_and_the_published_ratio_of_shape_up() -> None:
    found = example("shape-up-somerville")
    amounts = {row["name"]: row["amount"] for row in found.rows["funds"]}
    assert set(amounts.values()) == {1_500_000}
    assert found.rows["published"][0]["ratio"] == 1.51
    assert found.rows["published"][0]["net"] == 197_120
    assert found.measure("expected").value is None


def test_strive_has_no_amounts_and_none_is_made_up() -> None:
    found = example("strive-partnership")
    assert {row["amount"] for row in found.rows["funds"]} == {None}
    assert "fund_no_amount" in codes(found)


def test_order_does_not_count() -> None:
    records = [row.value for row in read_path(DATA / "riverside-invented").rows]
    made = heads(records)
    about = next(r for r in records if isinstance(r, Partnership))
    context = Context("r", AS_OF, about)
    one, other = assess(made, context), assess(made[::-1], context)
    for a, b in zip(one.measures, other.measures, strict=True):
        assert (a.name, a.n) == (b.name, b.n)
        assert a.value == b.value or math.isclose(a.value or 0, b.value or 0, rel_tol=1e-9)
