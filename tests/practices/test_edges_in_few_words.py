"""Small rules at their edges: one at each, and just beyond it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import pairwise
from typing import Any

import pytest
from goal_records import goal as goal_record
from goal_records import worked_out as goals_worked_out
from resource_records import finding, need, offer, worked_out

from playbook_helpers.core.assessment import Context, Head, Measure
from playbook_helpers.core.errors import InputError
from playbook_helpers.core.revisions import new_revision
from playbook_helpers.practices.communication import Message
from playbook_helpers.practices.communication.findings import start_findings
from playbook_helpers.practices.communication.pages import calendar_html
from playbook_helpers.practices.communication.progress_report import _lower
from playbook_helpers.practices.community.surveys import representation
from playbook_helpers.practices.goals import Measurement, check_goal
from playbook_helpers.practices.goals.check import _short
from playbook_helpers.practices.goals.dates import find_dates
from playbook_helpers.practices.goals.quantities import find_quantities
from playbook_helpers.practices.innovation import Experiment, Result
from playbook_helpers.practices.innovation.trials import result_value
from playbook_helpers.practices.kinds import RECORD_TYPES, read_heads
from playbook_helpers.practices.learning import Milestone
from playbook_helpers.practices.sustainability.funding import each_of
from playbook_helpers.practices.sustainability.money import Cost
from playbook_helpers.practices.sustainability.reference import HHI_PERCENTILES, hhi_percentile
from playbook_helpers.practices.trust import CheckIn, ClosedRound, Turnout
from playbook_helpers.practices.trust import assess as assess_trust
from playbook_helpers.practices.trust.closing import refusal
from playbook_helpers.practices.trust.items import ITEMS
from playbook_helpers.practices.trust.scales import agreement

SETTINGS = {"community_group", "goal", "indicator_sheet", "milestone", "small_win"}
PSEUDONYMOUS = {"check_in", "first_round"}


def test_what_is_special_about_a_kind_of_record() -> None:
    kinds = RECORD_TYPES.items()
    assert {kind for kind, record in kinds if record.setting} == SETTINGS
    assert {kind for kind, record in kinds if record.pseudonymous} == PSEUDONYMOUS
    assert {kind: record.closes for kind, record in kinds if record.closes} == {
        "closed_round": "check_in",
        "closed_first_round": "first_round",
    }
    assert {kind: record.counts for kind, record in kinds if record.counts} == {
        "turnout": "check_in"
    }


@pytest.mark.parametrize(
    ("counts", "code"),
    [
        ({}, ["no_audiences"]),
        ({"message": 1}, ["no_audiences"]),
        ({"audience": 1}, ["no_messages"]),
        ({"audience": 1, "message": 1}, []),
    ],
)
def test_what_to_write_down_first(counts: dict[str, int], code: list[str]) -> None:
    assert [found.code for found in start_findings(counts)] == code


def test_the_first_letter_alone_is_made_small() -> None:
    assert _lower("ABC") == "aBC"
    assert _lower("") == ""


def test_a_form_takes_a_first_answer_without_a_count() -> None:
    answer = CheckIn(round="2026-03")
    assert refusal([], answer) == ""
    assert refusal([], answer, 1).startswith("This round has been answered on this form already")


@pytest.mark.parametrize(
    ("unit", "n", "successes", "value", "differs"),
    [
        # A percent beside its counts may be out by one point.
        ("percent", 100, 50, 51.0, ""),
        ("percent", 100, 50, 51.02, "differs"),
        ("percent", 100, 50, 48.98, "differs"),
        # A count may be out by one, and a large one by a hundredth.
        ("number", 300, 20, 21.0, ""),
        ("number", 300, 20, 21.02, "differs"),
        ("number", 300, 200, 202.0, ""),
        ("number", 300, 200, 202.05, "differs"),
    ],
)
def test_a_value_differs_from_its_counts_by_more_than_rounding(
    unit: str, n: int, successes: int, value: float, differs: str
) -> None:
    trial = Experiment(name="e", unit=unit, pass_line=1)
    given = Result(experiment="e", date="2026-03", value=value, out_of=n, successes=successes)
    assert result_value(trial, given).problem == differs


def test_a_weight_of_three_is_not_capped_and_a_larger_one_is() -> None:
    held = representation({"a": 10, "b": 30}, {"a": 75, "b": 25})
    (a, b) = held.groups
    assert (a.weight, a.capped, b.capped) == (3.0, False, False)
    beyond = representation({"a": 10, "b": 30}, {"a": 76, "b": 24}).groups[0]
    assert (beyond.weight, beyond.capped) == (3.0, True)


@pytest.mark.parametrize(
    ("text", "day"),
    [("by spring 2027", date(2027, 5, 31)), ("by easter 2027", date(2027, 4, 30)),
     ("by summer 2027", date(2027, 8, 31)), ("by fall 2027", date(2027, 11, 30)),
     ("by autumn 2027", date(2027, 11, 30)), ("by winter 2027", date(2027, 12, 31)),
     ("by christmas 2027", date(2027, 12, 31)), ("by sept 2027", date(2027, 9, 30))],
)  # fmt: skip
def test_a_season_ends_with_its_last_month(text: str, day: date) -> None:
    assert [found.day for found in find_dates(text, text)] == [day]


def test_a_share_in_words_has_three_decimals() -> None:
    assert [q.value for q in find_quantities("one in three, two in seven")] == [0.333, 0.286]


def test_sixty_letters_are_repeated_whole() -> None:
    assert _short("x" * 60) == "x" * 60
    assert _short("x" * 61) == "x" * 59 + "…"


@pytest.mark.parametrize(
    ("direction", "baseline", "target", "words"),
    [("up", 10, 5, "it should go up, says the field, but from 10 to 5 it would go down."),
     ("down", 5, 10, "it should go down, says the field, but from 5 to 10 it would go up."),
     ("up", 5, 5, "it should go up, says the field, but from 5 to 5 it would stay as it is.")],
)  # fmt: skip
def test_a_direction_that_the_numbers_contradict_is_named(
    direction: str, baseline: float, target: float, words: str
) -> None:
    said = goal_record(direction=direction, baseline_value=baseline, target_value=target)
    found = check_goal(said, Context("east", date(2026, 6, 30))).findings
    (one,) = [f for f in found if f.code == "direction_contradicts"]
    assert one.sentence.endswith(words)


@pytest.mark.parametrize(
    ("given", "wanted", "said"),
    [
        ({"amount": 5, "unit": "days"}, {"amount": 10, "unit": "hours"}, True),
        ({"amount": 5, "unit": "hours", "period": "month"}, {"amount": 10, "unit": "hours"}, True),
        ({}, {"amount": 10, "unit": "hours"}, False),
        ({"amount": 5, "unit": "hours"}, {}, False),
    ],
)
def test_one_unit_is_asked_for_where_both_count_and_in_different_ones(
    given: dict[str, Any], wanted: dict[str, Any], said: bool
) -> None:
    held = worked_out(need("Visits", **wanted), offer("Mill", "Clerk", **given))
    step = finding(held, "unused_strength").next_step
    assert ("in one unit and rhythm" in step) == said


def test_percentiles_of_concentration_rise_from_what_was_found_to_one() -> None:
    assert len(HHI_PERCENTILES) == 101
    assert list(HHI_PERCENTILES) == sorted(HHI_PERCENTILES)
    assert (HHI_PERCENTILES[0], HHI_PERCENTILES[50], HHI_PERCENTILES[-1]) == (0.301, 0.838, 1)
    # Nowhere do neighbours lie further apart than the lowest two.
    steps = [b - a for a, b in pairwise(HHI_PERCENTILES)]
    assert max(steps) == pytest.approx(steps[0]) == pytest.approx(0.036)
    assert hhi_percentile(1 + 1e-10) == 100


@pytest.mark.parametrize("given", ["Team", 5, None])
def test_what_is_no_list_of_costs_is_refused(given: Any) -> None:
    with pytest.raises(InputError, match="This is no cost"):
        each_of(given, Cost)


def test_two_answers_can_agree_and_one_cannot() -> None:
    assert agreement([4, 4]) == 1.0
    assert agreement([4]) is None
    assert agreement([1, 5]) == 0.0


def test_a_head_says_in_which_month_it_was_stored() -> None:
    revision = new_revision("east", Milestone(name="A"))
    kept = replace(revision, stored_time="2026-03-15T10:00:00Z")
    assert [head.stored for head in read_heads([kept])] == ["2026-03"]


def test_a_middle_of_one_goal_has_no_range_and_that_of_two_has() -> None:
    def middle(*latest: float) -> Measure:
        held = [
            record
            for n, value in enumerate(latest)
            for record in (
                goal_record(f"g{n}", baseline_value=0, target_value=10, direction="up"),
                Measurement(goal=f"g{n}", date="2025", value=value),
            )
        ]
        return goals_worked_out(*held).measure("median_percent")

    one, two = middle(5), middle(5, 7)
    assert (one.value, one.low, one.high, one.interval) == (50, None, None, "full count")
    assert (two.value, two.low, two.high) == (60, 50, 70)
    assert two.interval == "lowest and highest goal"


@pytest.mark.parametrize(("answers", "turnout", "found"), [
    (5, 0, True), (5, 5, False), (4, 0, False),
])  # fmt: skip
def test_who_answered_is_asked_for_where_scores_are_shown(
    answers: int, turnout: int, found: bool
) -> None:
    records: list[Any] = [
        CheckIn(round="2026-03", **dict.fromkeys((item.name for item in ITEMS), "3"))
        for _ in range(answers)
    ]
    records.append(ClosedRound(round="2026-03"))
    if turnout:
        records.append(Turnout(round="2026-03", organisation="City", answers=turnout))
    heads = [
        Head(f"r{n}", f"v{n}", r.practice, r.kind, r.payload(), r) for n, r in enumerate(records)
    ]
    codes = {each.code for each in assess_trust(heads, Context("east", date(2026, 6, 30))).findings}
    assert ("no_turnout" in codes) == found


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("in 2024 half of them could read, and by 2030 all can", ["start", "deadline"]),
        ("by 2030 all can (in 2024)", ["deadline", "start"]),
        ("in 2031 half, by 2030 all", ["deadline", "deadline"]),
        ("in 2030 half, by 2030 all", ["deadline", "deadline"]),
        ("from 2021 to 2025", ["name", "deadline"]),
        ("between 2021 and 2025", ["name", "deadline"]),
        ("from 2021 with 2025", ["deadline", "deadline"]),
    ],
)
def test_an_earlier_date_is_where_things_stood_and_a_span_ends_with_its_last(
    text: str, parts: list[str]
) -> None:
    assert [found.part for found in find_dates(text, text)] == parts


def test_a_group_that_nobody_came_from_counts_none() -> None:
    held = representation({"a": 10}, {"a": 50, "b": 50})
    assert [(each.group, each.n, each.hidden) for each in held.groups] == [
        ("a", 10, False), ("b", 0, False),
    ]  # fmt: skip


def test_three_needs_are_named_that_a_strength_could_serve() -> None:
    needs = [need(f"N{n}", amount=1, unit="hours") for n in range(5)]
    step = finding(worked_out(*needs, offer("Mill", "Clerk")), "unused_strength").next_step
    assert "“N0”, “N1”, “N2” and 2 more" in step


@pytest.mark.parametrize(("count", "words"), [
    (149, "149 rhythms"), (150, "150 rhythms"), (151, "150 of 151 rhythms: those due first"),
])  # fmt: skip
def test_a_calendar_to_take_along_holds_a_hundred_and_fifty_rhythms(count: int, words: str) -> None:
    messages = [
        Message(name=f"m{n}", audience="a", every_days=7, last_sent="2026-06-01")
        for n in range(count)
    ]
    heads = [
        Head(f"r{n}", f"v{n}", r.practice, r.kind, r.payload(), r) for n, r in enumerate(messages)
    ]
    context = Context("east", date(2026, 6, 30))
    assert calendar_html("east", "East", heads, context).text() == f"A calendar file with {words}."
