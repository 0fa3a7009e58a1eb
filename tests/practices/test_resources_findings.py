"""Resources: what is said about needs and offers, and what falls open if a partner leaves."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from resource_records import (
    AS_OF,
    CONTEXT,
    HOURS,
    codes,
    finding,
    heads,
    need,
    offer,
    the_need,
    worked_out,
)

from playbook_helpers.core.assessment import Context, Head
from playbook_helpers.core.errors import NotFound
from playbook_helpers.core.partnership import Partner
from playbook_helpers.core.records import Record
from playbook_helpers.practices.goals.records import Goal
from playbook_helpers.practices.resources import (
    assess,
    partner_leaves,
    partners_with_offers,
    without_partner,
)

# What the findings say -------------------------------------------------------------------------


def test_findings_name_the_need_the_partner_and_the_next_step() -> None:
    assessment = worked_out(
        Goal(name="Readiness", sentence="x", level="outcome", target_date="2028"),
        need("Evening room", "space", must_have=True, goal="Readiness"),
        need("Data clerk", "data", must_have=True),
        need("Tutors", "volunteers", amount=20, unit="people", goal="Readiness"),
        offer("City Library", "Two rooms", "space", need="Evening room", status="committed",
              starts="2026-01", ends="2027-03"),
        offer("Rotary", "Reading tutors", "volunteers", amount=12, unit="people", need="Tutors"),
        offer("Bakery", "Bread", "goods"),
        context=Context("x", AS_OF, partners=(
            Partner(name="City Library", sector="government"),
            Partner(name="Parents' Council", sector="community"),
        )),
    )  # fmt: skip
    expected = {
        "must_have_uncovered": ("act", "Data clerk"),
        "single_source": ("look", "City Library"),
        "ends_early": ("look", "before the goal's date (2028)"),
        "committed_not_delivered": ("look", "City Library"),
        "offered_not_committed": ("look", "Rotary offers “Reading tutors” (12 people)"),
        "unused_strength": ("note", "Bakery brings “Bread” (goods in kind)"),
        "partner_not_asked": ("note", "Parents' Council"),
        "giver_not_listed": ("note", "Bakery and Rotary"),
        "need_without_goal": ("note", "Data clerk"),
    }
    for code, (severity, words) in expected.items():
        found = finding(assessment, code)
        assert (found.severity, words in found.sentence) == (severity, True), found
        assert found.next_step.endswith(".")
    assert the_need(assessment, "Evening room")["ends_early"] == "City Library (March 2027)"


def test_what_goes_well_is_said() -> None:
    assessment = worked_out(
        need("Tutors", "volunteers", amount=20, unit="people", must_have=True),
        offer("A", "Ten", "volunteers", amount=10, unit="people", need="Tutors", delivered=10),
        offer("B", "Ten", "volunteers", amount=10, unit="person", need="Tutors", delivered=10),
    )
    assert {"must_haves_covered", "shared_shoulders", "all_here"} <= codes(assessment)
    assert the_need(assessment, "Tutors")["single_source"] is False


@pytest.mark.parametrize(
    ("records", "code"),
    [
        ((), "nothing_yet"),
        ((offer("A", "Room", "space"),), "no_needs_yet"),
        ((need("Room", "space"),), "no_offers_yet"),
    ],
)
def test_a_beginning_is_met_with_kind_words_and_no_nan(
    records: tuple[Record, ...], code: str
) -> None:
    assessment = worked_out(*records)
    assert finding(assessment, code).next_step
    json.dumps(assessment.to_json(), allow_nan=False)
    assert all(measure.n >= 0 for measure in assessment.measures)


def test_cards_that_cannot_be_read_or_exist_twice_are_pointed_out() -> None:
    broken = Head("r1", "v1", "resources", "offer", {"what": "Van"}, None, problem="type is empty")
    good = offer("A", "Hall", "space")
    rival = Head("r2", "v2", "resources", "offer", good.payload(), good, rivals=("v3",))
    other = Head("r2", "v3", "resources", "offer", good.payload(), good, rivals=("v2",))
    assessment = assess([broken, rival, other], CONTEXT)
    assert "“Van”" in finding(assessment, "unreadable").sentence
    assert [f.code for f in assessment.findings].count("two_versions") == 1


def test_measures_keep_cash_and_kind_apart() -> None:
    assessment = worked_out(
        need("Print", "money", amount=1000, unit="GBP", must_have=True),
        need("Hall", "space"),
        offer("A", "Grant", "money", amount=600, unit="GBP", status="committed", delivered=100),
        offer("B", "Gift", "money", amount=300, unit="gbp"),
        offer("C", "Hall", "space", need="Hall", status="in_use"),
    )
    values = {m.name: m.value for m in assessment.measures}
    assert values["needs_covered"] == 50
    assert values["must_haves_covered"] == 0
    assert values["cash_offered"] == 900
    assert values["cash_committed"] == 600
    assert values["cash_delivered"] == 100
    assert assessment.measure("cash_offered").unit == "GBP"
    assert values["in_kind_offers"] == 1
    assert values["single_source"] == 2


def test_money_of_unknown_amount_is_not_said_to_be_nothing() -> None:
    money = {"status": "committed", "kind": "money"}
    unknown = worked_out(offer("Fund", "A grant", **money), offer("Bank", "Another", **money))
    for name in ("cash_offered", "cash_committed", "cash_delivered"):
        measure = unknown.measure(name)
        assert (measure.value, measure.n, measure.missing) == (None, 0, 2)
        assert measure.note == "2 money offers give no amount"
    part = worked_out(
        offer("Fund", "A grant", amount=500, unit="USD", **money), offer("Bank", "More", **money)
    ).measure("cash_offered")
    assert (part.value, part.unit, part.note) == (500, "USD", "1 more money offer gives no amount")
    assert worked_out(offer("Library", "A room", "space")).measure("cash_offered").value == 0


def test_one_of_a_unit_is_said_in_the_singular() -> None:
    result = worked_out(
        need("Room", "space", amount=1, unit="evenings", period="week"),
        offer("College", "Hall", "space", need="Room", amount=2, unit="evenings", period="week"),
    )
    assert "has 1 evening a week more on offer" in finding(result, "more_than_needed").sentence


def test_a_need_does_not_rest_on_what_could_not_be_added_to_it() -> None:
    # A van in hours for a need in days, and a minibus whose owners have left.
    van = offer("Bakery", "Van", "equipment", need="Vehicle", amount=40, unit="hours",
                status="committed")  # fmt: skip
    bus = offer("Rowers", "Minibus", "equipment", need="Vehicle", amount=12, unit="days",
                period="year", status="in_use")  # fmt: skip
    wanted = need("Vehicle", "equipment", amount=12, unit="days", period="year")
    gone = Partner(name="Rowers", sector="community", left="2025")
    partners = (gone, Partner(name="Bakery", sector="company"))
    result = worked_out(wanted, van, bus, context=replace(CONTEXT, partners=partners))
    assert finding(result, "single_source").sentence == (
        "“Vehicle” has Bakery alone to count on, and what it brings could not be added yet."
    )
    assert [row["partner"] for row in result.rows["links"]] == ["Bakery"]
    days = offer("College", "Car", "equipment", need="Vehicle", amount=6, unit="days",
                 period="year", status="in_use")  # fmt: skip
    both = worked_out(wanted, van, days)
    assert finding(both, "single_source").sentence.endswith(
        "rests on College for all that can be added up."
    )


# What if a partner leaves ----------------------------------------------------------------------


def test_when_a_partner_leaves_the_needs_that_fall_open_come_first() -> None:
    records = heads(
        need("Coordinator", **HOURS),
        need("Hall", "space", must_have=True),
        need("Van", "equipment"),
        offer("A", "Half", need="Coordinator", amount=50, unit="hours", status="committed"),
        offer("B", "Half", need="Coordinator", amount=50, unit="hours", status="committed"),
        offer("A", "Hall", "space", need="Hall", status="in_use"),
        offer("C", "Van", "equipment", need="Van", status="in_use"),
    )
    rows = partner_leaves(records, CONTEXT, "a")
    assert [(r["name"], r["falls_open"]) for r in rows] == [("Hall", True), ("Coordinator", False)]
    assert [(r["coverage_before"], r["coverage_after"]) for r in rows] == [(1, 0), (1, 0.5)]
    assert rows[1]["left"] == "B"
    assert partners_with_offers(records, CONTEXT) == ("A", "B", "C")
    assert the_need(without_partner(records, CONTEXT, "A"), "Hall")["coverage"] == 0
    with pytest.raises(NotFound, match="A, B, C"):
        partner_leaves(records, CONTEXT, "Nobody")
