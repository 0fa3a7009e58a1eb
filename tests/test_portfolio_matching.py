"""What one partnership has over and another lacks: who is put beside whom, and who is not."""

from __future__ import annotations

import random
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from portfolio_records import DAY, digest, head, town

from playbook_helpers.core.assessment import Head
from playbook_helpers.publish.portfolio.matching import match
from playbook_helpers.publish.portfolio.portfolio import make_portfolio
from playbook_helpers.publish.portfolio.resources import Gap, Spare
from playbook_helpers.publish.portfolio.summary import figures, kinds_of_need


def gap(slug: str = "a", amount: float | None = 10, **more: Any) -> Gap:
    given: dict[str, Any] = {
        "slug": slug, "record": f"need-{slug}", "name": "Home visits", "type": "staff_time",
        "unit": "hours", "unit_key": "hour", "period": "week", "base": "week",
        "amount": None if amount is None else Fraction(amount), "whole": True,
        "must_have": False, "goal": "", "due": "", "place": "",
    }  # fmt: skip
    return Gap(**(given | more))


def spare(slug: str = "b", amount: float | None = 10, **more: Any) -> Spare:
    given: dict[str, Any] = {
        "slug": slug, "record": f"offer-{slug}", "partner": "Trust", "what": "Visitors",
        "type": "staff_time", "unit": "hours", "unit_key": "hour", "period": "week",
        "base": "week", "amount": None if amount is None else Fraction(amount), "unused": True,
        "firm": True, "starts": "", "ends": "", "strings": "", "place": "",
    }  # fmt: skip
    return Spare(**(given | more))


def brought(gaps: Sequence[Gap], spares: Sequence[Spare]) -> list[tuple[str, str, float | None]]:
    return [
        (m.gap.slug, m.spare.slug, None if m.amount is None else float(m.amount))
        for m in match(gaps, spares, DAY)
    ]


def test_a_surplus_fills_a_gap_of_the_same_kind_unit_and_rhythm() -> None:
    assert brought([gap()], [spare(amount=4)]) == [("a", "b", 4.0)]
    for other in ({"type": "volunteers"}, {"unit_key": "day"}, {"base": "year"}, {"amount": None}):
        assert brought([gap()], [spare(**other)]) == []


def test_nobody_gives_to_themselves() -> None:
    assert brought([gap("a")], [spare("a")]) == []


def test_dates_have_to_meet() -> None:
    assert brought([gap(due="2027-06")], [spare(starts="2027-07")]) == []
    assert brought([gap(due="2027-06")], [spare(starts="2027-06")]) == [("a", "b", 10.0)]
    assert brought([gap()], [spare(ends="2026-11-25")]) == []
    assert brought([gap()], [spare(ends="2026-11")]) == [("a", "b", 10.0)]


def test_what_comes_with_strings_is_put_to_nobody() -> None:
    assert brought([gap()], [spare(strings="For our own pupils only")]) == []


def test_must_haves_come_first_then_what_is_due_first_and_nothing_counts_twice() -> None:
    gaps = [gap("a", 6), gap("c", 6, due="2027"), gap("d", 6, must_have=True)]
    assert brought(gaps, [spare("b", 10)]) == [("d", "b", 6.0), ("c", "b", 4.0)]


def test_what_is_firm_goes_first_and_what_is_near_before_what_is_far() -> None:
    far, near = spare("b"), spare("c", place="Northfield")
    assert brought([gap(place="northfield")], [far, near]) == [("a", "c", 10.0)]
    assert brought([gap(place="northfield", amount=15)], [far, near]) == [
        ("a", "c", 10.0),
        ("a", "b", 5.0),
    ]
    assert brought([gap()], [spare("b", firm=False), spare("c")]) == [("a", "c", 10.0)]


def test_what_is_not_counted_goes_to_one_need_whole() -> None:
    bus = {"type": "equipment", "unit": "", "unit_key": "", "period": "once", "base": "once"}
    gaps = [gap("a", None, **bus), gap("c", None, **bus)]
    assert brought(gaps, [spare("b", None, **bus)]) == [("a", "b", None)]


SOME_GAPS = st.lists(
    st.builds(
        gap,
        st.sampled_from("abcdef"),
        st.integers(1, 9),
        must_have=st.booleans(),
        due=st.sampled_from(["", "2027", "2028-06"]),
        place=st.sampled_from(["", "Northfield", "Eastham"]),
        record=st.uuids().map(str),
    ),
    max_size=8,
)
SOME_SPARES = st.lists(
    st.builds(
        spare,
        st.sampled_from("abcdef"),
        st.integers(1, 9),
        firm=st.booleans(),
        starts=st.sampled_from(["", "2027-06"]),
        place=st.sampled_from(["", "Northfield", "Eastham"]),
        record=st.uuids().map(str),
    ),
    max_size=8,
)


@given(SOME_GAPS, SOME_SPARES, st.randoms(use_true_random=False))
def test_matching_gives_nothing_away_twice_and_does_not_depend_on_the_order(
    gaps: list[Gap], spares: list[Spare], chance: random.Random
) -> None:
    found = match(gaps, spares, DAY)
    for each in spares:
        given_away = sum((m.amount or 0 for m in found if m.spare is each), Fraction(0))
        assert given_away <= (each.amount or 0)
    for wanted in gaps:
        received = sum((m.amount or 0 for m in found if m.gap is wanted), Fraction(0))
        assert received <= (wanted.amount or 0)
    assert all(m.gap.slug != m.spare.slug and m.amount != 0 for m in found)
    shuffled_gaps, shuffled_spares = list(gaps), list(spares)
    chance.shuffle(shuffled_gaps)
    chance.shuffle(shuffled_spares)
    assert match(shuffled_gaps, shuffled_spares, DAY) == found


def offer(number: int, **more: Any) -> Head:
    given = {"partner": "Trust", "what": f"Offer {number}", "type": "space", "unit": "evenings"}
    return head("offer", number, **({**given, "period": "week", "status": "committed"} | more))


def need(number: int, **more: Any) -> Head:
    given = {"name": f"Need {number}", "type": "space", "unit": "evenings", "period": "week"}
    return head("need", number, **(given | more))


def test_a_partnership_uses_its_own_offers_before_others_see_them() -> None:
    found = digest(town(), offer(1, amount=5), need(1, amount=3))
    assert found.gaps == ()
    (left,) = found.spares
    assert (left.amount, left.unused) == (104, False), "two a week, kept by the year"
    found = digest(town(), offer(1, amount=2), need(1, amount=3))
    assert [float(g.amount or 0) for g in found.gaps] == [52.0]
    assert found.spares == ()


def test_only_partnerships_whose_records_speak_of_today_give_and_take() -> None:
    asks = [need(1, amount=3)]
    assert digest(town(), *asks).gaps
    assert digest(town(ends="2020"), *asks).gaps == ()
    assert digest(town(facts_until="2014"), *asks).gaps == ()
    assert digest(town(facts_until="2026-06"), *asks).gaps


def test_open_needs_are_counted_by_kind_with_those_that_others_could_help() -> None:
    asks = digest(town(), need(1, amount=3), need(2, amount=3), slug="a")
    gives = digest(town(), offer(1, amount=3), slug="b")
    found = make_portfolio([asks, gives], DAY)
    (kind,) = kinds_of_need(found)
    assert (kind.words, kind.open, kind.helped) == ("Space", 2, 1)
    assert [g.name for g in found.gaps] == ["Need 2"]
    assert found.spares == ()
    said = {f.label: (f.value, f.basis) for f in figures(found)}
    assert said["Needs nobody there meets"] == ("2", "of 2; others could help with 1")
