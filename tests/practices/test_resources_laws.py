"""Resources: what holds for any needs and offers, in any order, and for very many of them."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from resource_records import CONTEXT, heads, need, offer, the_need, worked_out
from steps import grows_evenly

from playbook_helpers.core.assessment import Head
from playbook_helpers.core.records import in_bounds
from playbook_helpers.practices.resources import Need, Offer, assess

names = st.sampled_from(["Alpha", "Beta", "Gamma", "alpha "])
units = st.sampled_from(["hours", "Hour", "days", None])
periods = st.sampled_from([None, "once", "week", "month", "year"])
kinds = st.sampled_from(["money", "staff_time", "space"])
amounts = st.one_of(st.none(), st.floats(0, 1e6).filter(in_bounds), st.integers(0, 50).map(float))


@st.composite
def offers(draw: st.DrawFn) -> list[Offer]:
    count = draw(st.integers(0, 7))
    return [
        offer(
            draw(names),
            f"Thing {draw(st.integers(0, 9))}",
            draw(kinds),
            amount=draw(amounts),
            unit=draw(units),
            period=draw(periods),
            delivered=draw(st.one_of(st.none(), st.integers(0, 60).map(float))),
            status=draw(st.sampled_from(["offered", "committed", "in_use", "ended"])),
            need=draw(st.sampled_from([None, "n0", "N1", "n2", "elsewhere"])),
            ends=draw(st.sampled_from([None, "2026-01", "2027"])),
        )
        for _ in range(count)
    ]


@st.composite
def needs(draw: st.DrawFn) -> list[Need]:
    return [
        need(
            f"n{number}",
            draw(kinds),
            amount=draw(st.one_of(st.none(), st.floats(0.1, 1e6), st.just(10.0))),
            unit=draw(units),
            period=draw(periods),
            must_have=draw(st.booleans()),
        )
        for number in range(draw(st.integers(0, 4)))
    ]


LAW = settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@LAW
@given(offers(), needs(), st.randoms(use_true_random=False))
def test_the_order_of_the_rows_does_not_matter(given_: Any, wanted: Any, random: Any) -> None:
    records = heads(*given_, *wanted)
    before = assess(records, CONTEXT)
    shuffled = list(records)
    random.shuffle(shuffled)
    assert assess(shuffled, CONTEXT) == before


@LAW
@given(offers(), needs(), st.data())
def test_removing_an_offer_never_raises_coverage_and_coverage_stays_within_bounds(
    given_: Any, wanted: Any, data: Any
) -> None:
    records = heads(*wanted, *given_)
    before = {r["name"]: r["coverage"] for r in assess(records, CONTEXT).rows["needs"]}
    assert all(c is None or 0 <= c <= 1 for c in before.values())
    if not given_:
        return
    gone = data.draw(st.integers(len(wanted), len(records) - 1))
    rest = records[:gone] + records[gone + 1 :]
    for row in assess(rest, CONTEXT).rows["needs"]:
        was = before[row["name"]]
        if was is not None and row["coverage"] is not None:
            assert row["coverage"] <= was


@LAW
@given(offers(), needs())
def test_no_amount_counts_twice_and_firmer_is_never_more(given_: Any, wanted: Any) -> None:
    assessment = worked_out(*given_, *wanted)
    for row in assessment.rows["needs"]:
        if row["amount"] is not None:
            assert 0 <= row["delivered"] <= row["committed"] <= row["offered"]
    yearly = {"month": 12, None: 1, "once": 1, "week": 52, "year": 1}
    period = {row["name"]: row["period"] for row in assessment.rows["needs"]}
    linked = sum((r["amount"] or 0) * yearly[period[r["need"]]] for r in assessment.rows["links"])
    there = sum(max(o.amount or 0, o.delivered or 0) * yearly[o.period] for o in given_)
    assert linked <= there * (1 + 1e-9)


@LAW
@given(offers(), needs(), st.data())
def test_a_firmer_promise_never_lowers_coverage(given_: Any, wanted: Any, data: Any) -> None:
    told = [o for o in given_ if o.status == "offered"]
    if not told:
        return
    before = {r["name"]: r["coverage"] for r in worked_out(*wanted, *given_).rows["needs"]}
    chosen = data.draw(st.sampled_from(told))
    firmer = [o.model_copy(update={"status": "committed"}) if o is chosen else o for o in given_]
    for row in worked_out(*wanted, *firmer).rows["needs"]:
        was = before[row["name"]]
        if was is not None and row["coverage"] is not None:
            assert row["coverage"] >= was


def many_heads(number: int) -> list[Head]:
    records = [
        need(f"need {i}", "staff_time", amount=10, unit="hours", must_have=i % 3 == 0)
        for i in range(number)
    ] + [
        offer(f"partner {i % 50}", f"offer {i}", "staff_time", amount=7, unit="hours",
              status="committed" if i % 2 else "offered", need=f"need {i}" if i % 4 else None)
        for i in range(number)
    ]  # fmt: skip
    return heads(*records)


def test_twice_the_records_take_twice_the_work() -> None:
    def assessing(number: int) -> Callable[[], object]:
        given_ = many_heads(number)
        return lambda: assess(given_, CONTEXT)

    assert grows_evenly(assessing, 150)


def test_two_thousand_records_are_assessed() -> None:
    assessment = assess(many_heads(1000), CONTEXT)
    assert assessment.counts == {"offer": 1000, "need": 1000}


def test_amounts_at_the_edge_of_what_a_number_can_hold_stay_finite() -> None:
    huge = {"amount": 1e15, "unit": "hours", "need": "Team", "status": "committed"}
    assessment = worked_out(
        need("Team", amount=1e-9, unit="hours"), offer("A", "x", **huge), offer("B", "y", **huge)
    )
    json.dumps(assessment.to_json(), allow_nan=False)
    assert the_need(assessment, "Team")["coverage"] == 1
