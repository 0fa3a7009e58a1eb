"""Resources: which offer counts for which need, and how much of it."""

from __future__ import annotations

import pytest
from resource_records import AS_OF, HOURS, codes, finding, need, offer, the_need, worked_out

from playbook_helpers.core.assessment import Context
from playbook_helpers.core.partnership import Partner
from playbook_helpers.practices.goals.records import Goal


def test_coverage_is_what_is_firm_over_what_is_needed() -> None:
    row = the_need(
        worked_out(
            need("Coordinator", **HOURS),
            offer("A", "One day", need="coordinator", amount=40, unit="Hour", status="committed"),
            offer("B", "Another", need="Coordinator", amount=30, unit="HOURS", status="in_use"),
            offer("C", "A third", need="Coordinator", amount=50, unit="hours"),
        ),
        "Coordinator",
    )
    assert row["offered"] == 120
    assert row["committed"] == 70
    assert row["delivered"] == 30
    assert row["coverage"] == pytest.approx(0.7)
    assert row["gap"] == 30
    assert row["providers"] == 2
    assert (row["top_provider"], row["top_share"]) == ("A", pytest.approx(4 / 7))
    assert row["single_source"] is True
    assert row["addable"] is True


def test_rows_have_the_fields_that_charts_and_tables_are_drawn_from() -> None:
    assessment = worked_out(
        need("Room", "space"), offer("Library", "Two rooms", "space", need="Room", status="in_use")
    )
    assert set(assessment.rows["needs"][0]) == {
        *("record", "name", "type", "goal", "must_have", "amount", "unit", "period", "offered"),
        *("committed", "delivered", "coverage", "gap", "providers", "top_provider", "top_share"),
        *("single_source", "ends_early", "addable"),
    }
    assert set(assessment.rows["offers"][0]) == {
        *("record", "partner", "what", "type", "amount", "unit", "period", "status", "delivered"),
        *("need", "starts", "ends", "cash"),
    }
    assert assessment.rows["matrix"] == (
        {"partner": "Library", "type": "space", "offers": 1, "firm": 1},
    )
    assert assessment.rows["links"] == (
        {
            "partner": "Library",
            "need": "Room",
            "amount": None,
            "unit": None,
            "share": None,
            "status": "in_use",
            "must_have": False,
        },
    )


def test_needs_and_offers_without_an_amount_are_matched_by_yes_or_no() -> None:
    assessment = worked_out(
        need("Room", "space"),
        need("Van", "equipment"),
        need("Advice", "expertise"),
        offer(
            "Library", "Two rooms", "space", amount=2, unit="rooms", need="Room", status="in_use"
        ),
        offer("Depot", "A van", "equipment", need="Van"),
    )
    assert the_need(assessment, "Room")["coverage"] == 1
    assert the_need(assessment, "Room")["gap"] is None
    assert the_need(assessment, "Van")["coverage"] == 0
    assert the_need(assessment, "Advice")["coverage"] == 0
    assert "offered_not_committed" in codes(assessment)


def test_units_and_periods_that_differ_are_not_added_and_a_finding_says_so() -> None:
    assessment = worked_out(
        need("Coordinator", amount=10, unit="hours", period="week"),
        offer("A", "Days", need="Coordinator", amount=3, unit="days", period="week"),
        offer("B", "Once", need="Coordinator", amount=50, unit="hours", status="committed"),
    )
    row = the_need(assessment, "Coordinator")
    assert (row["offered"], row["committed"], row["addable"]) == (0, 0, False)
    assert row["coverage"] is None, "something firm is there, and how much of it is not known"
    said = [f.sentence for f in assessment.findings if f.code == "units_differ"]
    assert len(said) == 2
    assert any("it is in days, the need in hours" in sentence for sentence in said)
    assert any("once, in all, the need each week" in sentence for sentence in said)


def test_a_year_has_twelve_months_and_counts_as_52_weeks() -> None:
    row = the_need(
        worked_out(
            need("Rent", "money", amount=12_000, unit="GBP", period="year"),
            offer(
                "A", "Grant", "money", amount=500, period="month", need="Rent", status="committed"
            ),
            offer("B", "Gift", "money", amount=100, unit="GBP", period="week", need="Rent"),
        ),
        "Rent",
    )
    assert row["committed"] == 6000, "500 a month, in the partnership's own currency"
    assert row["offered"] == 11_200, "and 52 times 100"
    assert row["coverage"] == 0.5


def test_hours_a_week_and_hours_a_month_are_added_whatever_they_are_called() -> None:
    row = the_need(
        worked_out(
            need("Cook", "staff_time", amount=100, unit="hours", period="month"),
            offer("A", "Cook", "staff_time", amount=10, unit="hrs", period="week", need="Cook",
                  status="committed"),
            offer("B", "Help", "staff_time", amount=40, unit="h", period="month", need="Cook",
                  status="committed"),
        ),
        "Cook",
    )  # fmt: skip
    # 520 a year are 43.33 a month; with 40 that is 83.33 of 100.
    assert row["committed"] == pytest.approx(83.333, abs=0.001)
    assert row["addable"] is True


def test_currencies_are_not_added() -> None:
    assessment = worked_out(
        need("Print", "money", amount=1000, unit="GBP"),
        offer("A", "Grant", "money", amount=500, unit="€", need="Print", status="committed"),
        offer("B", "Grant", "money", amount=400, unit="GBP", need="Print", status="committed"),
    )
    assert the_need(assessment, "Print")["committed"] == 400
    cash = assessment.measure("cash_committed")
    assert cash.value is None
    assert cash.note == "kept apart: 500 €; GBP 400"


def test_an_offer_that_names_a_need_counts_for_it_alone() -> None:
    assessment = worked_out(
        need("First", **HOURS),
        need("Second", **HOURS),
        offer("A", "Team", need="Second", amount=250, unit="hours", status="committed"),
    )
    assert the_need(assessment, "First")["coverage"] == 0
    assert the_need(assessment, "Second")["coverage"] == 1
    assert the_need(assessment, "Second")["offered"] == 250
    assert "150 hours more" in finding(assessment, "more_than_needed").sentence


def test_an_open_offer_is_shared_out_once_must_haves_first() -> None:
    assessment = worked_out(
        need("Apples", **HOURS),
        need("Zebra", **HOURS, must_have=True),
        offer("A", "Team", amount=130, unit="hours", status="committed"),
    )
    assert the_need(assessment, "Zebra")["committed"] == 100
    assert the_need(assessment, "Apples")["committed"] == 30


def test_among_equals_the_need_whose_goal_is_due_first_comes_first() -> None:
    def goal(name: str, by: str) -> Goal:
        return Goal(name=name, sentence=name, level="outcome", target_date=by)

    assessment = worked_out(
        goal("Late", "2030"),
        goal("Soon", "2027-03"),
        need("A need", **HOURS, goal="late"),
        need("B need", **HOURS, goal="Soon"),
        offer("A", "Team", amount=100, unit="hours", status="committed"),
    )
    assert the_need(assessment, "B need")["coverage"] == 1
    assert the_need(assessment, "A need")["coverage"] == 0


def test_firm_open_offers_go_before_those_only_offered() -> None:
    assessment = worked_out(
        need("Must", **HOURS, must_have=True),
        offer("A", "Maybe", amount=100, unit="hours"),
        offer("B", "Surely", amount=60, unit="hours", status="committed"),
    )
    row = the_need(assessment, "Must")
    assert (row["committed"], row["offered"]) == (60, 100)


def test_money_with_strings_is_counted_only_where_it_names_its_need() -> None:
    strings = {"amount": 1000, "unit": "GBP", "status": "committed", "restrictions": "Books only"}
    money = need("Books", "money", amount=1000, unit="GBP")
    loose = worked_out(money, offer("A", "Grant", "money", **strings))
    named = worked_out(money, offer("A", "Grant", "money", need="Books", **strings))
    free = worked_out(money, offer("A", "Grant", "money", **(strings | {"restrictions": "None."})))
    assert [the_need(a, "Books")["coverage"] for a in (loose, named, free)] == [0, 1, 1]
    assert "Books only." in finding(loose, "restricted_money").sentence
    assert "restricted_money" not in codes(free)


def test_what_has_arrived_is_firm_and_may_be_more_than_was_promised() -> None:
    row = the_need(
        worked_out(
            need("Books", "goods", amount=100, unit="books"),
            offer("A", "Boxes", "goods", amount=20, unit="book", delivered=35, need="Books"),
        ),
        "Books",
    )
    assert (row["offered"], row["committed"], row["delivered"]) == (35, 35, 35)


def test_what_is_over_counts_only_as_far_as_it_arrived() -> None:
    assessment = worked_out(
        need("Print", "money", amount=1000, unit="GBP"),
        need("Room", "space"),
        offer(
            "A",
            "Grant",
            "money",
            amount=900,
            unit="GBP",
            delivered=600,
            status="ended",
            need="Print",
        ),
        offer("B", "Hall", "space", status="in_use", ends="2026-05", need="Room"),
    )
    assert the_need(assessment, "Print")["committed"] == 600
    assert the_need(assessment, "Room")["coverage"] == 0
    assert "with May 2026" in finding(assessment, "end_passed").sentence


def test_a_partner_who_has_left_takes_its_offers_along() -> None:
    context = Context(
        "x", AS_OF, partners=(Partner(name="Mill", sector="company", left="2026-01"),)
    )
    assessment = worked_out(
        need("Room", "space"), offer("mill", "Hall", "space", status="in_use", need="Room"),
        context=context,
    )  # fmt: skip
    assert the_need(assessment, "Room")["coverage"] == 0
    assert finding(assessment, "partner_left").sentence.endswith("because Mill has left.")


def test_the_same_offer_written_down_twice_counts_once() -> None:
    twice = {"amount": 50, "unit": "hours", "need": "Team", "status": "committed"}
    assessment = worked_out(
        need("Team", **HOURS), offer("A", "Two people", **twice), offer("a", "two  people", **twice)
    )
    assert the_need(assessment, "Team")["committed"] == 50
    assert "offer_twice" in codes(assessment)
    assert assessment.counts == {"offer": 2, "need": 1}
