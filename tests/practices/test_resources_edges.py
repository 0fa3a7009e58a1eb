"""Resources: the edges of the rules, each with what lies just below, on and just above it."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest
from resource_records import AS_OF, codes, finding, heads, need, offer, the_need, worked_out

from playbook_helpers.core.assessment import Context, Measure
from playbook_helpers.core.partnership import Partner, Partnership
from playbook_helpers.core.records import Record
from playbook_helpers.core.text import listed
from playbook_helpers.practices.goals.records import Goal
from playbook_helpers.practices.resources import assess, partner_leaves, partners_with_offers
from playbook_helpers.practices.resources.amounts import (
    amount_words,
    from_base,
    number_words,
    to_base,
    unit_key,
)
from playbook_helpers.practices.resources.leaving import without_partner
from playbook_helpers.practices.resources.matching import supply
from playbook_helpers.practices.resources.what_if import leaving_sentence

# One offer ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "offered", "firm", "here"),
    [
        ({"status": "offered"}, 12, 0, 0),
        ({"status": "committed"}, 12, 12, 0),
        ({"status": "in_use"}, 12, 12, 12),
        ({"status": "in_use", "delivered": 3}, 12, 12, 3),
        ({"status": "offered", "delivered": 2}, 12, 2, 2),
        ({"status": "offered", "delivered": 0}, 12, 0, 0),
        # More may arrive than was said, once; a rate cannot exceed itself.
        ({"status": "committed", "delivered": 15}, 15, 15, 15),
        ({"status": "committed", "delivered": 15, "period": "week"}, 624, 624, 624),
        ({"status": "in_use", "period": "month"}, 144, 144, 144),
        # What is over counts as far as it arrived, where it was to come once.
        ({"status": "ended", "delivered": 5}, 5, 5, 5),
        ({"status": "ended"}, 0, 0, 0),
        ({"status": "ended", "delivered": 5, "period": "year"}, 0, 0, 0),
    ],
)
def test_an_offer_is_said_firm_and_here_by_its_status_and_what_arrived(
    said: dict[str, Any], offered: int, firm: int, here: int
) -> None:
    held = supply("o", offer("A", "Help", amount=12, unit="hours", **said), as_of=AS_OF)
    assert (held.offered, held.committed, held.delivered) == (offered, firm, here)
    assert held.firm is (firm > 0)


@pytest.mark.parametrize(
    ("ends", "over"),
    [("2026-06-29", True), ("2026-06-30", False), ("2026-06", False), ("2026-05", True)],
)
def test_an_offer_counts_on_its_last_day_and_not_on_the_next(ends: str, over: bool) -> None:
    held = supply("o", offer("A", "Help", amount=1, ends=ends, status="in_use"), as_of=AS_OF)
    assert held.over is over
    assert held.firm is not over


@pytest.mark.parametrize(
    ("left", "counts"), [("2026-06-30", 0), ("2026-07-01", 1), ("2026-06", 0), ("2026-07", 1)]
)
def test_what_a_partner_brings_counts_until_the_day_it_leaves(left: str, counts: int) -> None:
    context = Context(
        "x", AS_OF, partners=(Partner(name="A", sector="community", left=left),)
    )  # fmt: skip
    records = (need("Room", "space"), offer("A", "A room", "space", need="Room", status="in_use"))
    result = worked_out(*records, context=context)
    assert the_need(result, "Room")["coverage"] == counts
    assert ("partner_left" in codes(result)) is (counts == 0)


# One need -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("first", "second", "single", "share"), [(50, 50, False, 0.5), (51, 49, True, 0.51)]
)
def test_a_need_rests_on_one_partner_above_half_and_not_at_half(
    first: int, second: int, single: bool, share: float
) -> None:
    result = worked_out(
        need("Help", amount=200, unit="hours"),
        offer("A", "Days", amount=first, unit="hours", need="Help", status="committed"),
        offer("B", "Days", amount=second, unit="hours", need="Help", status="committed"),
    )
    row = the_need(result, "Help")
    assert (row["single_source"], row["top_share"]) == (single, share)
    assert (row["coverage"], row["gap"], row["top_provider"]) == (0.5, 100, "A")
    assert ("single_source" in codes(result)) is single


@pytest.mark.parametrize(
    ("first", "second", "said"),
    [(504, 496, "51%"), (748, 252, "75%"), (984, 16, "98%"), (997, 3, "99%")],
)
def test_a_part_is_never_said_as_half_or_as_all(first: int, second: int, said: str) -> None:
    result = worked_out(
        need("Help", amount=2000, unit="hours"),
        offer("A", "Days", amount=first, unit="hours", need="Help", status="committed"),
        offer("B", "Days", amount=second, unit="hours", need="Help", status="committed"),
    )
    assert finding(result, "single_source").sentence == f"“Help” rests on A for {said}."


@pytest.mark.parametrize(
    ("firm", "said"), [(3, "1%"), (10, "1%"), (16, "2%"), (984, "98%"), (997, "99%")]
)
def test_a_need_in_part_is_never_said_as_nothing_or_as_whole(firm: int, said: str) -> None:
    result = worked_out(
        need("Help", amount=1000, unit="hours"),
        offer("A", "Days", amount=firm, unit="hours", need="Help", status="committed"),
    )
    assert f"is covered to {said} by A; {1000 - firm} hours is still open" in (
        finding(result, "need_partly").sentence
    )


@pytest.mark.parametrize(
    ("ends", "more", "early"),
    [
        ("2027-12-30", {}, True),
        ("2027-12-31", {}, False),
        ("2027", {}, False),
        ("2027-11", {"delivered": 9}, True),
        ("2027-11", {"delivered": 10}, False),
        ("2027-11", {"delivered": 10, "period": "week"}, True),
    ],
)
def test_a_promise_ends_early_the_day_before_the_goals_date_unless_all_is_here(
    ends: str, more: dict[str, Any], early: bool
) -> None:
    period = {"period": more["period"]} if "period" in more else {}
    result = worked_out(
        Goal(name="Reading", sentence="x", level="outcome", target_date="2027"),
        need("Help", amount=10, unit="hours", goal="Reading", **period),
        offer(
            "A", "Days", amount=10, unit="hours", need="Help", status="committed", ends=ends, **more
        ),
    )
    assert ("ends_early" in codes(result)) is early
    assert result.measure("ends_early").value == float(early)


@pytest.mark.parametrize(
    ("starts", "late"), [("2026-06-29", True), ("2026-06-30", False), ("2026-06", False)]
)
def test_a_promise_is_late_the_day_after_it_was_to_begin(starts: str, late: bool) -> None:
    result = worked_out(
        need("Help", amount=10, unit="hours"),
        offer("A", "Days", amount=10, unit="hours", need="Help", status="committed", starts=starts),
    )
    assert ("committed_not_delivered" in codes(result)) is late


@pytest.mark.parametrize(("here", "missing"), [(9, True), (10, False)])
def test_a_promise_is_kept_when_all_of_it_is_here(here: int, missing: bool) -> None:
    result = worked_out(
        need("Help", amount=10, unit="hours"),
        offer(
            "A", "Days", amount=10, unit="hours", need="Help", status="committed", delivered=here
        ),
    )
    assert ("committed_not_delivered" in codes(result)) is missing
    assert ("all_here" in codes(result)) is not missing
    if missing:
        said = finding(result, "committed_not_delivered").sentence
        assert said.endswith("not here in full yet: 9 hours of 10 hours so far.")


@pytest.mark.parametrize(("on_offer", "beyond"), [(9, None), (10, None), (11, "1 hour more")])
def test_more_than_needed_begins_above_what_is_needed(on_offer: int, beyond: str | None) -> None:
    result = worked_out(
        need("Help", amount=10, unit="hours"),
        offer("A", "Days", amount=on_offer, unit="hours", need="Help"),
    )
    assert ("more_than_needed" in codes(result)) is (beyond is not None)
    assert [row["beyond"] for row in result.rows["overlaps"]] == ([1] if beyond else [])
    if beyond:
        assert beyond in finding(result, "more_than_needed").sentence


def test_two_who_could_meet_a_need_overlap_and_one_does_not() -> None:
    one = [need("Room", "space"), offer("A", "Hall", "space", need="Room")]
    assert worked_out(*one).rows["overlaps"] == ()
    both = worked_out(*one, offer("B", "Shed", "space", need="Room"))
    (row,) = both.rows["overlaps"]
    assert (row["partners"], row["names"], row["beyond"]) == (2, "A, B", None)


def test_an_open_offer_fills_the_must_have_first_and_the_rest_goes_on() -> None:
    result = worked_out(
        need("Later", amount=10, unit="hours"),
        need("First", amount=10, unit="hours", must_have=True),
        offer("A", "Days", amount=8, unit="hours", status="in_use"),
        offer("B", "Days", amount=6, unit="hours", status="committed"),
        offer("C", "Days", amount=4, unit="hours"),
    )
    first, later = the_need(result, "First"), the_need(result, "Later")
    assert [first[k] for k in ("offered", "committed", "delivered", "gap")] == [10, 10, 8, 0]
    assert [later[k] for k in ("offered", "committed", "delivered", "gap")] == [8, 4, 0, 6]
    links = {(k["partner"], k["need"]): (k["amount"], k["share"]) for k in result.rows["links"]}
    assert links == {
        ("A", "First"): (8, 0.8),
        ("B", "First"): (2, 0.2),
        ("B", "Later"): (4, 0.4),
        ("C", "Later"): (4, 0.4),
    }


def test_an_open_offer_makes_up_what_named_ones_leave() -> None:
    result = worked_out(
        need("Help", amount=10, unit="hours"),
        offer("A", "Days", amount=3, unit="hours", need="Help", status="committed"),
        offer("B", "Days", amount=2, unit="hours", need="Help"),
        offer("C", "Days", amount=20, unit="hours"),
    )
    row = the_need(result, "Help")
    assert (row["offered"], row["committed"], row["gap"]) == (10, 3, 7)
    assert {k["partner"]: k["amount"] for k in result.rows["links"]} == {"A": 3, "B": 2, "C": 5}


def test_without_amounts_one_open_offer_serves_one_need_the_firm_one_first() -> None:
    result = worked_out(
        need("Hall", "space", must_have=True),
        need("Shed", "space"),
        need("Yard", "space"),
        offer("A", "Loose", "space"),
        offer("B", "Firm", "space", status="committed"),
        offer("C", "Gone", "space", status="ended"),
    )
    assert [(k["partner"], k["need"]) for k in result.rows["links"]] == [
        ("B", "Hall"),
        ("A", "Shed"),
    ]
    assert [the_need(result, name)["coverage"] for name in ("Hall", "Shed", "Yard")] == [1, 0, 0]


# All of them together -------------------------------------------------------------------------


def of(measure: Measure) -> tuple[float | None, str, int, int, str]:
    return (measure.value, measure.unit, measure.n, measure.missing, measure.note)


def many() -> list[Record]:
    """Four needs and seven offers, of which one is over."""
    return [
        Goal(name="Reading", sentence="x", level="outcome", target_date="2028"),
        need("Room", "space", must_have=True, goal="Reading"),
        need("Help", amount=100, unit="hours", must_have=True),
        need("Van", "equipment", amount=1, unit="van"),
        need("Advice", "expertise"),
        offer("Library", "Hall", "space", need="Room", status="in_use", ends="2027"),
        offer("Council", "Days", amount=40, unit="hours", need="Help", status="committed"),
        offer("Bakery", "Bread", "goods"),
        offer("Depot", "Van share", "equipment", amount=3, unit="weeks", need="Van",
              status="committed"),
        offer("Council", "Grant", "money", amount=500, status="committed", delivered=200),
        offer("Rotary", "Gift", "money", amount=100),
        offer("Rotary", "Old gift", "money", amount=70, status="ended", delivered=70),
    ]  # fmt: skip


def test_every_measure_counts_what_it_says_and_says_what_it_rests_on() -> None:
    context = Context(
        "x",
        AS_OF,
        Partnership(name="Riverside", currency="GBP"),
        partners=(
            Partner(name="Library", sector="government"),
            Partner(name="School", sector="government"),
            Partner(name="Gone", sector="company", left="2020"),
        ),
    )
    result = worked_out(*many(), context=context)
    said = {m.name: of(m) for m in result.measures}
    # Of four needs the van's cannot be told: weeks are not vans.
    assert said["needs_covered"] == (pytest.approx(100 / 3), "%", 3, 1, "")
    assert said["must_haves_covered"] == (50, "%", 2, 0, "")
    assert said["needs_open"] == (1, "needs", 3, 1, "")
    assert said["single_source"][:4] == (3, "needs", 4, 0)
    assert said["most_relied_on"] == (1, "needs", 4, 0, "Council")
    assert said["ends_early"][:4] == (1, "needs", 1, 3)
    # Firm: hall, days, van share and grant, of six that are not over.
    assert said["firm_offers"][:4] == (4, "offers", 6, 1)
    assert said["unused_offers"][:4] == (3, "offers", 6, 0)
    assert said["partners_offering"][:4] == (5, "partners", 6, 0)
    assert said["in_kind_offers"][:4] == (4, "offers", 6, 0)
    assert said["cash_offered"] == (670, "GBP", 3, 0, "")
    assert said["cash_committed"] == (570, "GBP", 3, 0, "")
    assert said["cash_delivered"] == (270, "GBP", 3, 0, "")
    assert result.counts == {"offer": 7, "need": 4}


def test_the_matrix_counts_offers_and_those_that_are_firm() -> None:
    result = worked_out(
        offer("A", "One", status="committed"),
        offer("A", "Two"),
        offer("A", "Three", status="ended"),
        offer("B", "Four", "space", status="in_use"),
    )
    assert [tuple(row.values()) for row in result.rows["matrix"]] == [
        ("A", "staff_time", 2, 1),
        ("B", "space", 1, 1),
    ]


@pytest.mark.parametrize(
    ("offers", "value", "unit", "n", "missing", "note"),
    [
        ([], 0, "", 0, 0, ""),
        ([{}], None, "", 0, 1, "1 money offer gives no amount"),
        ([{}, {}], None, "", 0, 2, "2 money offers give no amount"),
        ([{"amount": 5}, {}], 5, "GBP", 1, 1, "1 more money offer gives no amount"),
        ([{"amount": 5, "period": "month"}], 60, "GBP a year", 1, 0, ""),
        (
            [{"amount": 5}, {"amount": 7, "unit": "EUR"}],
            None,
            "",
            2,
            0,
            "kept apart: EUR 7; GBP 5",
        ),
    ],
)
def test_money_is_one_total_only_where_all_of_it_can_be_added(
    offers: list[dict[str, Any]], value: float | None, unit: str, n: int, missing: int, note: str
) -> None:
    records = [offer(f"P{i}", "Gift", "money", **more) for i, more in enumerate(offers)]
    found = worked_out(*records).measure("cash_offered")
    assert (found.value, found.n, found.missing) == (value, n, missing)
    assert found.unit == unit
    assert found.note.replace(" once", "") == note


def test_no_share_is_given_of_no_needs() -> None:
    found = worked_out(offer("A", "Days")).measure("needs_covered")
    assert of(found) == (None, "%", 0, 0, "nothing to count yet")


@pytest.mark.parametrize(
    ("records", "words"),
    [
        ([offer("A", "x")], "beside it yet"),
        ([offer("A", "x"), offer("A", "y")], "beside them yet"),
        ([need("x")], "beside it yet"),
        ([need("x"), need("y")], "beside them yet"),
    ],
)
def test_one_is_it_and_two_are_them(records: list[Record], words: str) -> None:
    said = " ".join(f.sentence for f in worked_out(*records).findings)
    assert words in said


@pytest.mark.parametrize(
    ("names", "asked"),
    [(("A",), "A has no card"), (("A", "B"), "A and B have no card")],
)
def test_partners_without_a_card_are_named(names: tuple[str, ...], asked: str) -> None:
    partners = tuple(Partner(name=name, sector="community") for name in (*names, "Giver"))
    records = [need("Help"), offer("Giver", "Days")]
    result = worked_out(*records, context=Context("x", AS_OF, partners=partners))
    assert asked in finding(result, "partner_not_asked").sentence
    assert "giver_not_listed" not in codes(result)


@pytest.mark.parametrize(("left", "asked"), [("2026-06-30", False), ("2026-07-01", True)])
def test_who_has_left_is_not_asked_for_a_card(left: str, asked: bool) -> None:
    partners = (
        Partner(name="Giver", sector="community"),
        Partner(name="Quiet", sector="community", left=left),
    )
    result = worked_out(offer("Giver", "Days"), context=Context("x", AS_OF, partners=partners))
    assert ("partner_not_asked" in codes(result)) is asked


@pytest.mark.parametrize(
    ("cards", "words"),
    [
        (("A",), "A brings something and is not on the list"),
        (("A", "B"), "A and B bring something and are not on the list"),
    ],
)
def test_givers_who_are_no_partners_are_named(cards: tuple[str, ...], words: str) -> None:
    partners = (Partner(name="Listed", sector="community"),)
    records = [offer(name, "Days") for name in cards]
    result = worked_out(*records, context=Context("x", AS_OF, partners=partners))
    found = finding(result, "giver_not_listed")
    assert words in found.sentence
    assert len(found.records) == len(cards)


# If a partner leaves --------------------------------------------------------------------------


def test_who_leaves_takes_along_what_is_promised_and_leaves_what_is_here() -> None:
    records = heads(
        need("Help", amount=100, unit="hours"),
        need("Books", "goods", amount=10, unit="books", must_have=True),
        need("Room", "space"),
        offer("A", "Days", amount=40, unit="hours", need="Help", status="committed"),
        offer("B", "Days", amount=60, unit="hours", need="Help", status="committed"),
        offer("A", "Books", "goods", amount=10, unit="books", need="Books", status="committed",
              delivered=4),
        offer("A", "Hall", "space", need="Room", status="in_use"),
    )  # fmt: skip
    context = Context("x", AS_OF)
    rows = {row["name"]: row for row in partner_leaves(records, context, "A")}
    assert list(rows) == ["Room", "Books", "Help"]
    told = ("coverage_before", "coverage_after", "gap_before", "gap_after", "falls_open", "left")
    assert [rows["Help"][k] for k in told] == [1, 0.6, 0, 40, False, "B"]
    assert [rows["Books"][k] for k in told] == [1, 0.4, 0, 6, False, "A"]
    assert [rows["Room"][k] for k in told] == [1, 0, None, None, True, ""]
    assert partners_with_offers(records, context) == ("A", "B")
    after = without_partner(records, context, "A")
    assert the_need(after, "Help")["coverage"] == 0.6


@pytest.mark.parametrize(
    ("fallen", "thinner", "said"),
    [
        (1, 0, "If A left, 1 need would have nobody: F0."),
        (2, 0, "If A left, 2 needs would have nobody: F0, F1."),
        (0, 1, "If A left, 1 need would be covered less."),
        (0, 2, "If A left, 2 needs would be covered less."),
        (
            1, 2,
            "If A left, 1 need would have nobody: F0. 2 more needs would be covered less.",
        ),
    ],
)  # fmt: skip
def test_the_sentence_counts_what_falls_open_and_what_gets_less(
    fallen: int, thinner: int, said: str
) -> None:
    rows = tuple({"name": f"F{i}", "falls_open": True} for i in range(fallen)) + tuple(
        {"name": f"T{i}", "falls_open": False} for i in range(thinner)
    )
    assert leaving_sentence("A", rows) == said  # type: ignore[arg-type]


# Amounts and units ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (0, "0"),
        (0.0049, "0.0049"),
        (0.005, "0.01"),
        (0.04, "0.04"),
        (99.96, "99.96"),
        (100, "100"),
        (100.26, "100.3"),
        (999.94, "999.9"),
        (1000.4, "1,000"),
        (-1234.5, "-1,234"),
        (9.99e14, "999,000,000,000,000"),
        (1e15, "1e+15"),
        (300, "300"),
    ],
)
def test_a_number_has_no_more_decimals_than_help(value: float, said: str) -> None:
    assert number_words(value) == said


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("city", "cities", True),
        ("day", "days", True),
        ("box", "boxes", True),
        ("watch", "watches", True),
        ("pie", "pies", True),
        ("glass", "glas", False),
        ("bus", "buses", True),
        ("basis", "basi", False),
        ("GB", "GBs", True),
        ("ms", "m", False),
        ("y", "i", False),
        ("by", "bi", False),
        ("sky", "skies", True),
    ],
)
def test_units_are_one_where_only_the_number_differs(one: str, other: str, same: bool) -> None:
    assert (unit_key(one) == unit_key(other)) is same


@pytest.mark.parametrize(
    ("unit", "currency", "key"),
    [
        ("$", "USD", "usd"),
        ("dollars", "CAD", "cad"),
        ("$", "EUR", "$"),
        ("$", None, "$"),
        ("€", "USD", "eur"),
        (None, "EUR", ""),
    ],
)
def test_a_dollar_is_the_partnerships_own_where_that_is_a_dollar(
    unit: str | None, currency: str | None, key: str
) -> None:
    assert unit_key(unit, currency=currency) == key


def test_months_and_weeks_become_years_and_come_back() -> None:
    assert [to_base(2.5, p) for p in (None, "once", "week", "month", "year")] == [
        *([Fraction(5, 2)] * 2),
        130,
        30,
        Fraction(5, 2),
    ]
    assert [from_base(Fraction(26), p) for p in (None, "week")] == [26, 0.5]
    assert [from_base(Fraction(30), p) for p in (None, "month", "year")] == [
        30,
        2.5,
        30,
    ]


def test_names_are_listed_up_to_four_and_then_counted() -> None:
    names = ["A", "B", "C", "D", "E", "F"]
    assert [listed(names[:n]) for n in (1, 2, 4, 5, 6)] == [
        "A",
        "A and B",
        "A, B, C and D",
        "A, B, C, D and 1 more",
        "A, B, C, D and 2 more",
    ]
    assert listed(names[:3], 3) == "A, B and C"


@pytest.mark.parametrize(
    ("value", "unit", "period", "said"),
    [
        (1, "hours", None, "1 hour"),
        (2, "hours", "month", "2 hours a month"),
        (5, "GBP", "year", "GBP 5 a year"),
        (5, "Gbp", "once", "5 Gbp"),
        (5, None, "week", "5 a week"),
    ],
)
def test_an_amount_is_said_with_its_unit_and_how_often(
    value: float, unit: str | None, period: str | None, said: str
) -> None:
    assert amount_words(value, unit, period) == said


def test_the_same_offer_twice_counts_once_as_the_firmer_and_larger() -> None:
    result = worked_out(
        need("Help", amount=100, unit="hours"),
        offer("A", "Days", amount=30, unit="hours", need="Help"),
        offer("A", "days", amount=20, unit="hours", need="Help", status="committed"),
        offer("A", "Days", amount=10, unit="hours", need="Help", status="committed"),
    )
    row = the_need(result, "Help")
    assert (row["offered"], row["committed"]) == (20, 20)
    assert result.counts["offer"] == 3
    assert len([f for f in result.findings if f.code == "offer_twice"]) == 2


def test_dates_of_goals_order_who_gets_an_open_offer_first() -> None:
    result = worked_out(
        Goal(name="Soon", sentence="x", level="outcome", target_date="2027"),
        Goal(name="Late", sentence="x", level="outcome", target_date="2028"),
        need("A late one", amount=5, unit="hours", goal="Late"),
        need("Z soon one", amount=5, unit="hours", goal="Soon"),
        need("No goal", amount=5, unit="hours"),
        offer("A", "Days", amount=7, unit="hours"),
    )
    order = ("Z soon one", "A late one", "No goal")
    assert [the_need(result, name)["offered"] for name in order] == [5, 2, 0]


def test_a_card_in_two_versions_is_named_by_what_it_is() -> None:
    for record, name in ((offer("A", "Days"), "Days"), (need("Help"), "Help")):
        (card,) = (replace(each, rivals=("1", "2")) for each in heads(record))
        found = finding(assess([card], Context("x", AS_OF)), "two_versions")
        assert found.sentence.startswith(f"The card “{name}” was changed")
