"""Sustainability at its edges: the last month, the day itself, the sum that just comes out."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from sustainability_records import AS_OF, codes, fund, heads, outcome, worked_out

from playbook_helpers.core.assessment import Assessment, Context, Finding
from playbook_helpers.core.errors import InputError
from playbook_helpers.core.partnership import Partnership
from playbook_helpers.practices.sustainability.assumptions import Outcome, Range, range_of, sure
from playbook_helpers.practices.sustainability.charts.tornado import even_words, ratio
from playbook_helpers.practices.sustainability.finances import first_whole_month, money_of
from playbook_helpers.practices.sustainability.funding import Cost, Funding
from playbook_helpers.practices.sustainability.money import concentration, runway, to_come
from playbook_helpers.practices.sustainability.money_findings import until
from playbook_helpers.practices.sustainability.records import (
    Capacity,
    Continuing,
    CostLine,
    ExchangeRate,
    Reserve,
    SocialAccount,
    SocialInput,
    SocialOutcome,
)
from playbook_helpers.practices.sustainability.social_value import present_value, sroi
from playbook_helpers.practices.sustainability.value import disordered, outcome_of


def found(assessment: Assessment, code: str) -> list[Finding]:
    return [f for f in assessment.findings if f.code == code]


TEAM = CostLine(name="Team", monthly=100)
TODAY = Reserve(date="2026-10-31", amount=0)

# How long the money lasts -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("months", "severity"),
    [(0, "act"), (5, "act"), (6, "look"), (35, "look"), (36, None)],
)
def test_less_than_six_months_is_to_act_on(months: int, severity: str | None) -> None:
    held = worked_out(TEAM, Reserve(date="2026-10-31", amount=100 * months))
    assert [f.severity for f in found(held, "runs_out")] == ([severity] if severity else [])
    assert held.measure("expected").value == months
    assert bool(found(held, "covered")) == (months == 36)
    assert not found(held, "signed_runs_out")
    rows = [r for r in held.rows["runway"] if r["case"] == "expected"]
    assert (len(rows), sum(bool(r["out"]) for r in rows)) == (36, int(months < 36))
    assert rows[0]["month"] == "2026-11"
    if months < 36:
        assert rows[months]["out"]
        assert rows[months]["free"] == -100


@pytest.mark.parametrize(("months", "severity"), [(2, "act"), (3, "look")])
def test_signed_money_for_less_than_three_months_is_to_act_on(months: int, severity: str) -> None:
    held = worked_out(
        TEAM,
        Reserve(date="2026-10-31", amount=100 * months),
        fund("City", 1200, signed=False, likelihood=100),
    )
    assert [f.severity for f in found(held, "signed_runs_out")] == [severity]
    assert held.measure("signed_only").value == months
    assert held.measure("expected").value == 12 + months
    assert held.measure("largest_stops").value == months
    assert [f.sentence for f in found(held, "largest_stops")] == [
        f"If City stopped, the money would last until the end of "
        f"{'December 2026' if months == 2 else 'January 2027'}."
    ]


def test_a_path_in_words() -> None:
    paths = runway([], [Cost("Team", 100)], 100, date(2027, 1, 1), 2)
    assert until(paths.expected) == "until the end of January 2027"
    assert until(runway([], 100, 0, "2027-01", 2).expected) == "less than a month from now"
    assert until(runway([], 0, 0, "2027-01", 2).expected) == "for all 2 months that were looked at"


@pytest.mark.parametrize(
    ("reserves", "out"), [(300.0, None), (299.9, "2027-03"), (-1.0, "2027-01"), (299.9999, None)]
)
def test_a_month_fails_only_by_more_than_rounding(reserves: float, out: str | None) -> None:
    # A millionth of the reserve is forgiven: 0.0003 of 300.
    assert runway([], 100, reserves, "2027-01", 3).expected.runs_out == out


@pytest.mark.parametrize(("months", "fails"), [(0, True), (1, False), (600, False), (601, True)])
def test_up_to_fifty_years_can_be_looked_at(months: int, fails: bool) -> None:
    if fails:
        with pytest.raises(InputError):
            runway([], 0, 0, "2027-01", months)
    else:
        assert len(runway([], 0, 0, "2027-01", months).expected.months) == months


def test_a_source_parts_evenly_over_the_months_it_has() -> None:
    money = [Funding("City", 1200, date(2026, 12, 15), date(2027, 3, 1))]  # four months, 300 each
    path = runway(money, [Cost("Team", 10, date(2027, 2, 1), date(2027, 3, 1))], 0, "2027-01", 5)
    assert [m.month for m in path.expected.months] == [
        "2027-01", "2027-02", "2027-03", "2027-04", "2027-05",
    ]  # fmt: skip
    assert [m.income for m in path.expected.months] == [300, 300, 300, 0, 0]
    assert [m.cost for m in path.expected.months] == [0, 10, 10, 0, 0]
    assert [m.free for m in path.expected.months] == [300, 590, 880, 880, 880]
    start = date(2027, 1, 1)
    assert to_come(money, start) == {"City": 900}
    assert to_come(money, start, 2) == {"City": 600}
    assert to_come(money, start, 3) == {"City": 900}
    assert to_come(money, date(2027, 3, 1), 12) == {"City": 300}
    assert to_come(money, date(2027, 4, 1)) == {}
    assert to_come(money, date(2026, 1, 1), 11) == {}  # December is the twelfth
    assert to_come(money, date(2026, 1, 1), 12) == {"City": 300}


def test_sources_stand_by_what_they_bring_and_those_alike_by_name() -> None:
    day, end = date(2027, 1, 1), date(2027, 12, 31)
    money = [Funding(name, amount, day, end) for name, amount in (("b", 5), ("a", 5), ("c", 6))]
    money.append(Funding("A ", 2, day, end))
    assert to_come(money, day) == {"a": 7, "c": 6, "b": 5}
    assert list(to_come(money, day)) == ["a", "c", "b"]


def test_money_for_one_line_is_held_until_that_line_comes() -> None:
    money = [Funding("City", 100, date(2027, 1, 1), date(2027, 1, 31), restricted_to="van")]
    costs = [Cost("Van", 60, date(2027, 2, 1)), Cost("Team", 10)]
    months = runway(money, costs, 50, "2027-01", 3).expected.months
    assert [m.held for m in months] == [100, 40, 0]
    assert [m.free for m in months] == [40, 30, 0]  # in March 20 of the van are free money's


@pytest.mark.parametrize("likelihood", [0.0, 1.0])
def test_likelihood_runs_from_none_to_sure(likelihood: float) -> None:
    city = Funding("City", 120, date(2027, 1, 1), date(2027, 1, 31), likelihood)
    assert runway([city], 10, 0, "2027-01", 1).expected.months[0].income == 120 * likelihood
    for wrong in (-0.01, 1.01):
        with pytest.raises(InputError):
            runway([{"source": "x", "amount": 1, "starts": "2027", "ends": "2027",
                     "likelihood": wrong}], 10, 0, "2027-01", 1)  # fmt: skip


def test_concentration_of_two_and_of_one() -> None:
    two = concentration([30, 10, 0, -5])
    # .75 squared and .25 squared are .625; (.625 - .5) / .5 = .25
    assert (two.hhi, two.normalised, two.largest_share) == (0.625, 0.25, 0.75)
    assert (two.sources, two.left_out) == (2, 2)
    assert concentration([7]).normalised is None
    for nothing in ([], [0], [-1]):
        with pytest.raises(InputError):
            concentration(nothing)


@pytest.mark.parametrize(
    ("day", "first"),
    [
        (date(2026, 1, 1), date(2026, 1, 1)),
        (date(2026, 1, 2), date(2026, 2, 1)),
        (date(2026, 11, 30), date(2026, 12, 1)),
        (date(2026, 12, 1), date(2026, 12, 1)),
        (date(2026, 12, 2), date(2027, 1, 1)),
    ],
)
def test_the_months_ahead_begin_with_a_whole_one(day: date, first: date) -> None:
    assert first_whole_month(day) == first


# What the money's cards say ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({}, None),
        ({"amount": None}, "fund_no_amount"),
        ({"amount": 0}, "amount_not_above_zero"),
        ({"amount": -1}, "amount_not_above_zero"),
        ({"amount": 1}, None),
        ({"starts": None}, "fund_undated"),
        ({"ends": None}, "fund_undated"),
        ({"starts": "2026-11-02", "ends": "2026-11-01"}, "fund_dates"),
        ({"starts": "2026-11-01", "ends": "2026-11-01"}, None),
        ({"ends": "2026-10-31", "starts": "2026-01", "amount": None}, "fund_no_amount"),
        ({"ends": "2026-10-30", "starts": "2026-01", "amount": None}, None),  # it is over
        ({"signed": False}, "fund_unweighed"),
        ({"signed": False, "likelihood": 0}, None),
        ({"signed": True, "likelihood": None}, None),
        ({"restricted_to": "Van"}, "restricted_to_nothing"),
        ({"restricted_to": "TEAM "}, None),
    ],
)
def test_what_a_source_of_money_lacks_is_named(more: dict[str, Any], code: str | None) -> None:
    held = worked_out(TEAM, TODAY, fund("City", **({"amount": 1200} | more)))
    told = {
        "fund_no_amount", "amount_not_above_zero", "fund_undated", "fund_dates", "fund_unweighed",
        "restricted_to_nothing",
    }  # fmt: skip
    assert codes(held) & told == ({code} if code else set())


@pytest.mark.parametrize(
    ("day", "told"), [("2026-07-31", False), ("2026-07-30", True), ("2026-07", False)]
)
def test_a_reserve_is_old_after_92_days(day: str, told: bool) -> None:
    assert (AS_OF - date(2026, 7, 31)).days == 92
    assert bool(found(worked_out(TEAM, Reserve(date=day, amount=9)), "reserve_old")) == told


def test_the_latest_reserve_counts_and_one_of_tomorrow_does_not() -> None:
    held = worked_out(
        TEAM, Reserve(date="2026-10-31", amount=300), Reserve(date="2026-10", amount=0),
        Reserve(date="2026-10-30", amount=200), Reserve(date="2026-11-01", amount=900),
    )  # fmt: skip
    assert held.measure("expected").value == 3
    assert found(worked_out(TEAM), "no_reserve")
    assert not found(held, "no_reserve")


@pytest.mark.parametrize(("left", "told"), [(0.0, False), (50.0, True)])
def test_money_that_is_left_for_one_thing_is_told(left: float, told: bool) -> None:
    van = CostLine(name="Van", monthly=10, starts="2026-11", ends="2027-10")
    city = fund("City", 120 + left, restricted_to="Van")
    held = worked_out(TEAM, van, TODAY, city)
    assert [f.sentence[:6] for f in found(held, "held_back")] == (["50 GBP"] if told else [])
    enough = Reserve(date="2026-10-31", amount=3600)
    assert not found(worked_out(TEAM, van, enough, city), "held_back")  # nothing runs out


@pytest.mark.parametrize(
    ("ends", "told"), [("2027-10", True), ("2027-11", False), ("2026-12", True)]
)
def test_a_largest_source_that_ends_within_twelve_months_is_told(ends: str, told: bool) -> None:
    small = fund("Mill", 12, ends="2029-10")
    held = worked_out(TEAM, TODAY, fund("City", 12000, ends=ends), small)
    assert bool(found(held, "largest_ends")) == told
    assert not found(worked_out(TEAM, TODAY, fund("City", 12000, ends=ends)), "largest_ends")


def test_shares_of_the_next_twelve_months_by_hand() -> None:
    held = worked_out(
        TEAM, TODAY,
        fund("City", 2400, ends="2028-10"),  # 24 months, 1,200 of it within twelve
        fund("Mill", 400, signed=False, likelihood=50),  # 200
        fund("Bank", None), fund("Lotto", 100, starts=None),
    )  # fmt: skip
    assert [(r["source"], r["amount"], r["signed"]) for r in held.rows["sources"]] == [
        ("City", 1200, 1200), ("Mill", 200, 0),
    ]  # fmt: skip
    share = held.measure("largest_share")
    assert (share.value, share.n, share.missing) == (pytest.approx(100 * 6 / 7), 2, 2)
    # (36 + 1) / 49
    assert held.measure("hhi").value == pytest.approx(37 / 49)


def test_without_dates_the_shares_are_of_what_is_written_down() -> None:
    held = worked_out(
        TEAM, TODAY, fund("City", 300, starts=None, ends=None),
        fund("Mill", 200, starts=None, ends=None, signed=False, likelihood=50),
        fund("Old", 900, starts=None, ends="2026-10-30"),
        fund("New", 100, starts=None, ends="2026-10-31"),
    )  # fmt: skip
    assert [(r["source"], r["share"]) for r in held.rows["sources"]] == [
        ("City", 0.6), ("Mill", 0.2), ("New", 0.2),
    ]  # fmt: skip
    share = held.measure("largest_share")
    assert (share.n, share.missing, share.note) == (
        3, 0, "of what is written down, whatever its dates",
    )  # fmt: skip


def test_a_currency_is_the_only_one_there_is_where_nobody_says() -> None:
    plain = Context("town", AS_OF, Partnership(name="Town"))
    euros = Reserve(date="2026-10-31", amount=200, currency="EUR")
    one = worked_out(CostLine(name="Team", monthly=100, currency="eur"), euros, context=plain)
    assert one.measure("expected").value == 2
    assert {r["currency"] for r in one.rows["runway"]} == {"EUR"}
    rate = ExchangeRate(currency="USD", worth=0.5)
    other = worked_out(TEAM, Reserve(date="2026-10-31", amount=600, currency="usd"), rate)
    assert other.measure("expected").value == 3
    money = money_of(heads([TEAM, TODAY]), plain)
    assert (money.currency, money.free, money.why) == ("", 0, "")


# People and what goes on ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "code", "severity"),
    [
        ({"able": 0}, "nobody_able", "act"),
        ({"able": 1}, "one_person", "look"),
        ({"able": 1, "written": True}, "one_person", "look"),
        ({"able": 1, "written": False}, "one_person", "act"),
        ({"able": 2}, None, None),
        ({}, "task_unknown", "look"),
        ({"role": "Clerk"}, "one_person", "look"),
        ({"role": "Clerk", "deputy": "Chair"}, None, None),
        ({"able": 1, "deputy": "Chair"}, "one_person", "look"),
    ],
)
def test_what_hangs_on_how_many(
    given: dict[str, Any], code: str | None, severity: str | None
) -> None:
    held = worked_out(Capacity(task="Keys", **given))
    told = [f for f in held.findings if f.code in ("nobody_able", "one_person", "task_unknown")]
    assert [(f.code, f.severity) for f in told] == ([(code, severity)] if code else [])
    assert bool(found(held, "nobody_alone")) == (code is None)


@pytest.mark.parametrize(
    ("able", "due", "overdue"),
    [(1, "2026-10-31", False), (1, "2026-10-30", True), (1, "2026-10", False), (1, None, False)],
)
def test_a_step_is_overdue_from_the_day_after(able: int, due: str | None, overdue: bool) -> None:
    held = worked_out(Capacity(task="Keys", able=able, due=due))
    assert bool(found(held, "task_overdue")) == overdue
    assert held.rows["capacity"][0]["overdue"] == overdue
    assert not found(worked_out(Capacity(task="Keys", able=2, due=due)), "task_overdue")
    assert bool(found(worked_out(Capacity(task="Keys", due=due)), "task_overdue")) == overdue
    going = worked_out(Continuing(name="Board", type="engagement", next=due))
    assert bool(found(going, "going_overdue")) == overdue
    assert bool(found(going, "going_no_owner")) != overdue
    assert going.rows["continuing"][0]["overdue"] == overdue
    assert bool(found(going, "no_evaluation"))
    assert not found(going, "no_engagement")


def test_tasks_on_one_person_are_counted_of_those_known() -> None:
    held = worked_out(
        Capacity(task="a", able=1), Capacity(task="b", able=3), Capacity(task="c"),
        Capacity(task="d", able=0),
    )  # fmt: skip
    measure = held.measure("alone")
    assert (measure.value, measure.n, measure.missing) == (1, 3, 1)
    assert worked_out(Capacity(task="c")).measure("alone").note == (
        "nobody has said yet how many people can do them"
    )


# Social value -----------------------------------------------------------------------------------


def test_each_year_is_worth_less_by_the_rate_and_the_drop_off() -> None:
    gain = Outcome("Work", sure(10), sure(100), sure(0.2), sure(0.1), sure(0.5), sure(0.5), sure(3))
    # 1000 x .8 x .9 x .5 = 360; at 20 %: 360 / 1.2 + 180 / 1.44 + 90 / 1.728
    assert present_value(gain, 0.2) == pytest.approx(300 + 125 + 52.083333)
    assert present_value(gain, 0.0) == pytest.approx(630)


def test_ends_swings_and_the_point_of_even_by_hand() -> None:
    told = sroi([Outcome("Work", Range(1, 2, 4), sure(100), sure(0.5))], 50, 0.0)
    assert (told.low, told.central, told.high) == (1, 2, 4)
    assert (told.present_value, told.inputs, told.net) == (100, 50, 50)
    (swing,) = told.tornado
    assert (swing.assumption, swing.at_low, swing.at_high, swing.width) == (
        "Work: quantity", 1, 4, 3,
    )  # fmt: skip
    even = dict(told.break_even)
    # Half of 2 x 100 is twice what went in: 1, 50 each, or three quarters taken off.
    assert even["Work: quantity"] == pytest.approx(1)
    assert even["Work: worth"] == pytest.approx(50)
    assert even["Work: deadweight"] == pytest.approx(0.75)
    assert even["Work: displacement"] == pytest.approx(0.5)
    assert even["Discount rate"] == pytest.approx(1)  # 100 / (1 + 1) = 50


def test_a_loss_is_worst_where_there_is_most_of_it() -> None:
    gain = Outcome("Work", sure(1), sure(300))
    loss = Outcome("Rest", Range(1, 2, 3), Range(-20, -10, -5))
    told = sroi([gain, loss], 100, 0.0)
    assert (told.low, told.central, told.high) == (2.4, 2.8, 2.95)  # less 60, 20 and 5
    assert "Discount rate" not in told.break_even
    # 200 too much: the loss would have to be 100 each.
    assert told.break_even["Rest: worth"] == pytest.approx(-100)


@pytest.mark.parametrize(
    ("change", "fails"),
    [
        ({}, False),
        ({"deadweight": Range(0, 0.5, 1)}, False),
        ({"deadweight": Range(-0.01, 0, 1)}, True),
        ({"drop_off": Range(0, 0, 1.01)}, True),
        ({"duration": Range(1, 50, 100)}, False),
        ({"duration": Range(0, 1, 1)}, True),
        ({"duration": Range(1, 1, 101)}, True),
        ({"duration": Range(1, 1.5, 2)}, True),
        ({"quantity": Range(0, 1, 2)}, False),
        ({"quantity": Range(-1, 1, 2)}, True),
    ],
)
def test_assumptions_may_lie_on_their_bounds_and_not_beyond(
    change: dict[str, Range], fails: bool
) -> None:
    made = Outcome(**({"name": "Work", "quantity": sure(1), "worth": sure(100)} | change))
    if fails:
        with pytest.raises(InputError):
            sroi([made], 10)
    else:
        assert sroi([made], 10).central >= 0


@pytest.mark.parametrize(
    ("inputs", "rate", "fails"),
    [(0, 0.0, True), (0.1, 0.0, False), (1, -0.5, False), (1, -0.51, True), (1, 1.0, False),
     (1, 1.01, True)],
)  # fmt: skip
def test_what_went_in_is_above_zero_and_the_rate_within_reason(
    inputs: float, rate: float, fails: bool
) -> None:
    made = Outcome("Work", sure(1), sure(100))
    if fails:
        with pytest.raises(InputError):
            sroi([made], inputs, rate)
    else:
        # One year on: 100 / (1 + rate) / inputs
        assert sroi([made], inputs, rate).central == pytest.approx(100 / (1 + rate) / inputs)


def test_doubts_are_told_where_they_are_due() -> None:
    def warned(*made: Outcome) -> str:
        return " ".join(sroi(made, 10).warnings)

    def gain(name: str, **more: Any) -> Outcome:
        given = {"quantity": Range(1, 1, 2), "worth": sure(9), "proxy_source": "Census"} | more
        return Outcome(name, **given)

    assert warned(gain("a", deadweight=sure(0.1))).startswith("No loss is listed.")
    assert "Nothing is taken off" not in warned(gain("a", deadweight=sure(0.1)))
    assert "Nothing is taken off" not in warned(gain("a", attribution=sure(0.1)))
    assert "what others did: “a”. Is" in warned(gain("a"))
    assert "No loss is listed." not in warned(gain("a"), gain("b", worth=sure(-1)))
    assert "what others did: “a”. Is" in warned(gain("a"), gain("b", worth=sure(-1)))
    assert "same change" in warned(
        gain("a", group="x", change="c"), gain("b", group="X", change="C")
    )
    assert "2 gains are counted" in warned(gain("a", group="x"), gain("b", group="X"))
    assert "counted" not in warned(gain("a", group="x"), gain("b", group="y"))
    assert "counted" not in warned(gain("a"), gain("b"))
    assert "No assumption has" not in warned(gain("a"))
    assert "highest value: “a”. Are" in warned(gain("a", quantity=sure(1)))
    names = [gain(n, proxy_source=" ") for n in "abcd"]
    assert "comes from: “a”, “b”, “c”. " in warned(*names[:3]) + " "
    assert "comes from: “a”, “b”, “c” and 1 more." in warned(*names)


@pytest.mark.parametrize(
    ("given", "three"),
    [
        ({"quantity_low": 8, "quantity_high": 12}, (8, 10, 12)),
        ({"quantity_low": 12, "quantity_high": 8}, (8, 10, 12)),
        ({"quantity_high": 12}, (10, 10, 12)),
        ({"quantity_low": 11}, (10, 10, 11)),
        ({}, (10, 10, 10)),
    ],
)
def test_numbers_of_a_record_become_a_range(
    given: dict[str, float], three: tuple[float, float, float]
) -> None:
    record = outcome(**given)
    made = outcome_of(record).quantity
    assert (made.low, made.central, made.high) == three
    wrong = given in ({"quantity_low": 12, "quantity_high": 8}, {"quantity_low": 11})
    assert disordered(record) == (["quantity"] if wrong else [])


def test_a_guess_that_is_left_out_lies_between_its_ends() -> None:
    made = outcome_of(
        SocialOutcome(name="a", quantity=1, worth=2, worth_low=1, side="loss", years_low=1,
                      years_high=4, drop_off_low=10, drop_off_high=30, deadweight_high=40)
    )  # fmt: skip
    assert made.worth == Range(-2, -2, -1)
    assert made.duration == Range(1, 2, 4)  # 2.5 is rounded to the even year
    assert made.drop_off.central == pytest.approx(0.2)
    assert made.deadweight == sure(0.4)
    assert made.attribution == sure(0)


@pytest.mark.parametrize(
    ("inputs", "code"),
    [
        (900, None),
        (1000, "value_open"),
        (1999, "value_open"),
        (2000, "value_below"),
        (2001, "value_below"),
    ],
)
def test_what_the_range_can_say_about_one(inputs: float, code: str | None) -> None:
    # Without discount the worth is 900 to 2,000.
    record = SocialOutcome(name="a", quantity=10, worth=150, worth_low=90, worth_high=200)
    rules = SocialAccount(name="Rules", discount=0)
    held = worked_out(record, SocialInput(name="Time", value=inputs), rules)
    got = codes(held) & {"value_open", "value_below"}
    assert got == ({code} if code else set())
    measure = held.measure("sroi")
    assert (measure.low, measure.value, measure.high) == pytest.approx(
        (900 / inputs, 1500 / inputs, 2000 / inputs)
    )


def test_a_rate_that_nobody_gave_is_that_of_the_green_book() -> None:
    held = worked_out(outcome(), SocialInput(name="Time", value=1000))
    # 10 x 1,000 x .8 x .5 = 4,000, a year on
    assert held.measure("sroi").value == pytest.approx(4 / 1.035)
    given = SocialAccount(name="Rules", discount=10, discount_low=0)
    ten = worked_out(outcome(), SocialInput(name="Time", value=1000), given).measure("sroi")
    assert (ten.value, ten.high) == (pytest.approx(4 / 1.1), pytest.approx(4))


def test_a_range_of_three_or_of_one() -> None:
    assert range_of(2) == Range(2, 2, 2)
    assert range_of((1, 1, 2)) == Range(1, 1, 2)
    for wrong in ((1, 2), (2, 1, 3), (1, 3, 2), (1, 2, float("inf")), "many", None):
        with pytest.raises(InputError):
            range_of(wrong)


@pytest.mark.parametrize(
    ("name", "at", "words"),
    [
        ("Work: quantity", 0.0, "even at 0"),
        ("Work: worth", -2.0, "even at a loss of 2"),
        ("Work: drop-off", 0.5, "even at 50 %"),
        ("Work: worth", None, ""),
    ],
)
def test_where_a_sum_is_even_in_words(name: str, at: float | None, words: str) -> None:
    row: Any = {"assumption": name, "break_even": at}
    assert even_words(row) == words


@pytest.mark.parametrize(
    ("value", "words"), [(9.994, "9.99"), (10.04, "10"), (10.06, "10.1"), (-9.994, "-9.99")]
)
def test_a_ratio_below_ten_has_two_decimals(value: float, words: str) -> None:
    assert ratio(value).replace("−", "-") == words


@pytest.mark.parametrize(("worth", "even"), [(99, False), (100, True), (200, True), (201, False)])
def test_a_rate_that_makes_it_even_lies_between_nothing_and_all(worth: float, even: bool) -> None:
    told = sroi([Outcome("Work", sure(1), sure(worth))], 100, 0.0)
    assert ("Discount rate" in told.break_even) == even
    if even:  # worth / (1 + rate) = 100
        assert told.break_even["Discount rate"] == pytest.approx(worth / 100 - 1, abs=1e-9)
