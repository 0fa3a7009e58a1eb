"""Community at its edges: the day itself, the number from which something is said."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from chart_results import CHARTS, drawn
from community_records import MAKE_UP, SURVEY, assessed, counted

from playbook_helpers.core.assessment import Assessment, Finding
from playbook_helpers.core.errors import InputError
from playbook_helpers.practices.community import Activity, CommunityGroup, GroupCount, Heard
from playbook_helpers.practices.community.charts.samples import sample_chart
from playbook_helpers.practices.community.counting import GroupRule, count_groups
from playbook_helpers.practices.community.feedback import days_between, out_of_order
from playbook_helpers.practices.community.make_up import in_order
from playbook_helpers.practices.community.surveys import (
    margin_of_error,
    representation,
    sample_size,
    small_cells,
)
from playbook_helpers.practices.community.waiting import settled
from playbook_helpers.practices.community.what_if import sample_sentence

DAY = date(2026, 10, 31)


def found(assessment: Assessment, code: str) -> list[Finding]:
    return [f for f in assessment.findings if f.code == code]


def activity(**more: Any) -> Activity:
    return Activity(**({"name": "Board", "type": "meeting"} | more))


# What was heard ---------------------------------------------------------------------------------


def heard(days: int, **more: Any) -> Heard:
    """Something heard so many days before the day of the assessment."""
    return Heard(what="Bus", heard_on=(DAY - timedelta(days=days)).isoformat(), **more)


@pytest.mark.parametrize(("days", "severity"), [(0, "note"), (60, "note"), (61, "act")])
def test_what_is_not_answered_after_sixty_days_is_to_act_on(days: int, severity: str) -> None:
    held = assessed(heard(days))
    assert [f.severity for f in found(held, "unanswered")] == [severity]
    (row,) = held.rows["heard"]
    assert (row["days_open"], row["days_to_answer"], row["told_on"]) == (days, None, None)
    assert [f.severity for f in found(assessed(Heard(what="Bus")), "unanswered")] == ["act"]


@pytest.mark.parametrize(("days", "told"), [(60, False), (61, True)])
def test_answers_that_took_more_than_sixty_days_at_the_median_are_slow(
    days: int, told: bool
) -> None:
    def answered(took: int) -> Heard:
        day = date(2026, 1, 1)
        return Heard(
            what="Bus", heard_on=day.isoformat(), told_on=(day + timedelta(took)).isoformat()
        )

    held = assessed(answered(1), answered(days), answered(300))
    slow = found(held, "slow_answers")
    assert [f.sentence for f in slow] == (
        [f"Half of the answers took {days} days or more to reach people (3 looked at)."]
        if told
        else []
    )
    measure = held.measure("days_to_answer")
    assert (measure.value, measure.low, measure.high, measure.missing) == (days, 1, 300, 0)


@pytest.mark.parametrize(
    ("days", "outcome", "done", "told"),
    [
        (60, "taken_up", None, False),
        (61, "taken_up", None, True),
        (61, "partly", None, True),
        (61, "not_taken_up", None, False),
        (61, "taken_up", "2026-10-31", False),
        (61, "taken_up", "2026-11-01", True),
    ],
)
def test_a_promise_not_kept_after_sixty_days_is_told(
    days: int, outcome: Any, done: str | None, told: bool
) -> None:
    day = (DAY - timedelta(days=days)).isoformat()
    held = assessed(Heard(what="Bus", outcome=outcome, told_on=day, done_on=done))
    assert bool(found(held, "not_done")) == told


@pytest.mark.parametrize(("count", "more"), [(12, ""), (13, "1 more"), (15, "3 more")])
def test_twelve_open_loops_are_named_and_the_others_counted(count: int, more: str) -> None:
    open_ = assessed(
        *(Heard(what=f"{n}", heard_on=f"2026-01-{n:02d}") for n in range(1, count + 1))
    )
    assert len(found(open_, "unanswered")) == 12
    assert [f.sentence[:6] for f in found(open_, "more_open")] == ([more] if more else [])
    assert sum(len(f.records) for f in found(open_, "more_open")) == count - 12
    promised = assessed(
        *(Heard(what=f"{n}", outcome="partly", told_on="2026-01-01") for n in range(count))
    )
    assert len(found(promised, "not_done")) == 12
    assert [f.sentence[:6] for f in found(promised, "more_not_done")] == ([more] if more else [])
    assert sum(len(f.records) for f in found(promised, "more_not_done")) == count - 12


@pytest.mark.parametrize(
    ("start", "end", "days", "odd"),
    [
        ("2026-03-01", "2026-03-01", 0, False),
        ("2026-03-02", "2026-03-01", None, True),
        ("2026-03", "2026-03-01", 0, False),
        ("2026-03-31", "2026-03", 0, False),
        ("2026-02", "2026-03", 31, False),
        ("2026", "2027", None, False),
        ("2026-03", "2027", None, False),
        (None, "2026-03", None, False),
        ("2026-03", None, None, False),
    ],
)
def test_days_between_two_dates_known_to_the_month(
    start: str | None, end: str | None, days: int | None, odd: bool
) -> None:
    assert days_between(start, end) == days
    assert out_of_order(start, end) == odd


@pytest.mark.parametrize(
    ("given", "steps", "code"),
    [
        ({}, [1, 0, 0, 0], "unanswered"),
        ({"outcome": "open"}, [1, 0, 0, 0], "unanswered"),
        ({"outcome": "partly"}, [1, 1, 0, 0], "not_told"),
        ({"outcome": "partly", "decided_on": "2026-10-31"}, [1, 1, 0, 0], "not_told"),
        ({"outcome": "partly", "decided_on": "2026-11-01"}, [1, 0, 0, 0], "unanswered"),
        ({"outcome": "taken_up", "done_on": "2026-10"}, [1, 1, 1, 0], "not_told"),
        ({"outcome": "not_taken_up", "done_on": "2026-10"}, [1, 1, 0, 0], "not_told"),
        ({"outcome": "partly", "told_on": "2026-10-31"}, [1, 1, 0, 1], "told_back"),
        ({"told_on": "2026-10-31"}, [1, 0, 0, 1], None),
    ],
)
def test_how_far_each_thing_heard_has_come(
    given: dict[str, Any], steps: list[int], code: str | None
) -> None:
    held = assessed(heard(9, **given))
    assert [r["count"] for r in held.rows["loop"]] == steps
    got = {f.code for f in held.findings} & {"unanswered", "not_told", "told_back"}
    assert got == ({code} if code else set())


# Activities -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "response", "few"),
    [
        ({"invited": 200, "completed": 100}, 50, False),
        ({"invited": 201, "completed": 100}, 100 * 100 / 201, True),
        ({"invited": 100, "completed": 100}, 100, False),
        ({"invited": 99, "completed": 100}, None, False),
        ({"invited": None, "completed": 100}, None, False),
    ],
)
def test_fewer_than_half_of_those_drawn_are_few(
    given: dict[str, Any], response: float | None, few: bool
) -> None:
    held = assessed(SURVEY.model_copy(update=given))
    assert held.rows["activities"][0]["response"] == (
        None if response is None else pytest.approx(response)
    )
    assert bool(found(held, "few_answered")) == few


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"completed": 9, "attended": 9}, ""),
        ({"completed": 9, "attended": 8}, "9 stayed or finished, but only 8 came or began"),
        ({"sampling": "everyone", "attended": 9, "invited": 9}, ""),
        (
            {"sampling": "everyone", "attended": 9, "invited": 8},
            "9 took part, but only 8 were invited",
        ),
        ({"sampling": "open_link", "attended": 9, "invited": 8}, ""),
        ({"attended": 9, "population": 9}, ""),
        ({"attended": 9, "population": 8}, "9 took part, but it is about 8 people in all"),
    ],
)
def test_counts_of_an_activity_fit_up_to_the_number_itself(
    given: dict[str, Any], told: str
) -> None:
    got = [f.sentence for f in found(assessed(activity(**given)), "numbers_misfit")]
    assert got == ([f"“Board”: {told}."] if told else [])


def test_what_each_person_cost_rests_on_those_who_finished_else_on_those_who_came() -> None:
    held = assessed(
        activity(name="a", cost=100, completed=4, attended=5),
        activity(name="b", cost=100, attended=5),
        activity(name="c", cost=100),
        activity(name="d", attended=5),
        activity(name="e", cost=0, attended=5),
    )
    costs = {str(r["name"]): r["cost_each"] for r in held.rows["activities"]}
    assert costs == {"a": 25, "b": 20, "c": None, "d": None, "e": 0}
    people = held.measure("people")
    assert (people.value, people.n, people.missing) == (19, 4, 1)


@pytest.mark.parametrize(
    ("levels", "told", "share"),
    [
        (("tell", "ask"), False, 0),
        (("tell", "ask", "ask"), True, 0),
        (("tell", "ask", "decide_together"), False, 100 / 3),
        (("community_decides", "decide_together", None), False, 100),
        ((None,), False, None),
    ],
)
def test_three_activities_without_a_hand_on_the_decision_are_asked_about(
    levels: tuple[Any, ...], told: bool, share: float | None
) -> None:
    held = assessed(*(activity(name=f"{n}", level=level) for n, level in enumerate(levels)))
    assert bool(found(held, "only_asked")) == told
    measure = held.measure("shared_say")
    assert measure.value == (None if share is None else pytest.approx(share))
    assert measure.missing == sum(level is None for level in levels)


@pytest.mark.parametrize(
    ("given", "codes"),
    [
        ({}, {"no_level"}),
        ({"level": "tell"}, set()),
        ({"level": "ask"}, {"no_promise"}),
        ({"level": "ask", "promise": "We answer."}, set()),
        ({"level": "tell", "paid": False}, set()),
        ({"level": "tell", "paid": False, "type": "advisory_board"}, {"unpaid"}),
        ({"level": "tell", "paid": None, "type": "advisory_board"}, set()),
        ({"level": "tell", "paid": True, "type": "advisory_board"}, set()),
    ],
)
def test_what_an_activity_is_asked_about(given: dict[str, Any], codes: set[str]) -> None:
    held = assessed(activity(**given))
    assert {f.code for f in held.findings if f.records} == codes


def test_an_activity_of_today_counts_and_one_of_tomorrow_does_not() -> None:
    held = assessed(
        activity(name="b", date="2026-10-31"),
        activity(name="c", date="2026-11-01"),
        activity(name="a"),
        activity(name="d", date="2026-02", paid=True),
        activity(name="e", date="2026-03", paid=False),
    )
    assert [r["name"] for r in held.rows["activities"]] == ["a", "d", "e", "b"]
    paid = held.measure("paid")
    assert (paid.value, paid.n, paid.missing) == (50, 2, 2)


# Who is missing ---------------------------------------------------------------------------------


def compared(people: tuple[int, int], community: tuple[float, float] = (50, 50)) -> Assessment:
    """Two groups of a trait, and those who came."""
    return assessed(
        *(CommunityGroup(trait="Tongue", group=g, people=p)
          for g, p in zip("AB", community, strict=True)),
        activity(date="2026-01", attended=sum(people), completed=sum(people)),
        *(GroupCount(activity="Board", trait="Tongue", group=g, people=p)
          for g, p in zip("AB", people, strict=True)),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("people", "few", "alike"),
    [
        ((40, 60), False, True),  # 0.8 and 1.2
        ((39, 61), True, False),  # 0.78
        ((50, 50), False, True),
    ],
)
def test_four_fifths_of_a_share_are_about_right(
    people: tuple[int, int], few: bool, alike: bool
) -> None:
    held = compared(people)
    assert bool(found(held, "group_few")) == few
    assert bool(found(held, "alike")) == alike


@pytest.mark.parametrize(("first", "alike"), [(25, True), (26, False)])
def test_five_quarters_of_a_share_are_about_right(first: int, alike: bool) -> None:
    # A is 20 % of the community and 25 % of a hundred who came: 1.25.
    assert bool(found(compared((first, 100 - first), (20, 80)), "alike")) == alike


@pytest.mark.parametrize(
    ("total", "told"), [(100, False), (100.5, False), (100.6, True), (110, True), (110.1, False)]
)
def test_shares_a_little_over_a_hundred_are_asked_about(total: float, told: bool) -> None:
    held = compared((50, 50), (50, round(total - 50, 1)))
    assert bool(found(held, "shares_over_100")) == told


@pytest.mark.parametrize(("completed", "told"), [(199, False), (200, False), (201, True)])
def test_more_who_did_not_say_than_who_did_are_told(completed: int, told: bool) -> None:
    survey = SURVEY.model_copy(update={"completed": completed})
    held = assessed(*MAKE_UP, survey, *counted(40, 40, 20))
    assert bool(found(held, "mostly_unsaid")) == told
    assert held.measure("likeness_age").missing == completed - 100


@pytest.mark.parametrize(("attended", "told"), [(101, False), (100, False), (99, True)])
def test_groups_that_add_up_to_more_than_took_part_are_told(attended: int, told: bool) -> None:
    meeting = activity(attended=attended, date="2026-01")
    held = assessed(*MAKE_UP, meeting, *counted(40, 40, 20, "Board"))
    assert bool(found(held, "groups_over_total")) == told


def test_groups_that_name_numbers_stand_in_their_order_and_others_the_largest_first() -> None:
    def named(**sizes: int) -> list[str]:
        groups = [CommunityGroup(trait="T", group=n, people=p) for n, p in sizes.items()]
        return [g.group for g in in_order(groups)]

    assert named(**{"100 and over": 9, "9 to 99": 1, "Under 9": 5}) == [
        "Under 9", "9 to 99", "100 and over",
    ]  # fmt: skip
    assert named(b=3, a=3, c=4, d1=1) == ["c", "a", "b", "d1"]


# Samples, hidden groups, weights ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("counts", "hidden"),
    [
        ({"a": 5, "b": 5, "c": 9}, set()),
        ({"a": 4, "b": 6, "c": 9}, {"a", "b"}),
        ({"a": 0, "b": 6, "c": 9}, set()),
        ({"a": 4, "b": 0, "c": 0}, {"a", "b", "c"}),
        ({"a": 1, "b": 2, "c": 9}, {"a", "b", "c"}),  # three in all: fewer than five
        ({"a": 2, "b": 3, "c": 9}, {"a", "b"}),  # five, and neither follows
        ({"a": 4, "b": 4, "c": 9}, {"a", "b", "c"}),  # eight can only be four and four
        ({"a": 3, "b": 4, "c": 9}, {"a", "b"}),
    ],
)
def test_small_groups_are_hidden_with_what_would_tell(
    counts: dict[str, float], hidden: set[str]
) -> None:
    assert small_cells(counts) == hidden


def test_a_weight_is_capped_at_three_and_says_so() -> None:
    shown = {}
    for n in (20, 19):  # 60 % of the community: 3 x 20 %, and a little more than 3 x 19 %
        first = representation({"a": n, "b": 100 - n}, {"a": 60, "b": 40}).groups[0]
        shown[n] = (first.weight, first.capped)
    assert shown == {20: (pytest.approx(3), False), 19: (3, True)}


def test_the_likeness_and_what_the_weights_leave_by_hand() -> None:
    told = representation({"a": 20, "b": 80}, {"a": 50, "b": 50})
    assert told.index == pytest.approx(0.7)  # 1 - (.3 + .3) / 2
    # Weights 2.5 and .625: the sum is 100; of squares 20 x 6.25 + 80 x .390625 = 156.25
    assert told.effective_n == pytest.approx(100**2 / 156.25)
    assert (told.n, told.missing, told.unsaid) == (100, (), 0)
    nobody = representation({"a": 0, "b": 80}, {"a": 50, "b": 50})
    assert nobody.missing == ("a",)
    assert representation({"a": 0, "b": 80}, {"a": 0, "b": 50}).missing == ()


def test_a_sample_and_its_margin_at_their_ends() -> None:
    # z = 1.959964: z^2 / 4 / .0025 = 384.1; of 10 people 10 x 384.1 / 393.1 = 9.77
    assert [sample_size(0.05, n) for n in (1, 10, None)] == [1, 10, 385]
    assert sample_size(0.99) == 1
    assert margin_of_error(1, 1) == 0
    assert margin_of_error(7, 7) == 0
    assert margin_of_error(1, 2) == pytest.approx(0.979982)  # 1.959964 x .5 x sqrt(1 / 1)
    with pytest.raises(InputError):
        margin_of_error(3, 2)
    for wrong in (0, 1, True):
        with pytest.raises(InputError):
            sample_size(wrong)


@pytest.mark.parametrize(
    ("population", "sentence"),
    [
        # 96.04 / (1 + 95.04 / N): of 96 people 48.3, so 49; of 100, 49.2, so 50; of 105, 50.4: 51.
        (96, "you need 49 answers. That is so many that you had better ask everyone."),
        (100, "you need 50 answers. That is so many that you had better ask everyone."),
        (105, "you need 51 answers. If half of those drawn answer, draw 102 people."),
    ],
)
def test_a_sample_of_half_of_all_or_more_is_everyone(population: int, sentence: str) -> None:
    assert sample_sentence(10, population).endswith(sentence)
    assert "10 percentage points" in sample_sentence(10, population)
    assert "1 percentage point " in sample_sentence(1, population)


def test_the_chart_of_samples_names_the_chosen_margin_and_half_of_it() -> None:
    chart = sample_chart(2, 1000, 0.95)
    # 2401 / (1 + 2400 / 1000) = 706.2; 9604 / (1 + 9603 / 1000) = 905.8
    assert chart.title == "A margin of 2 takes 707 answers; half that margin takes 906"
    assert chart.table.rows[0]["margin"] == 1
    assert [row["margin"] for row in chart.table.rows] == list(range(1, 16))
    for m in (1, 2, 3, 5, 10, 15):
        assert f" for {m} point{'s' * (m > 1)}" in chart.alt
    assert " for 4 points" not in chart.alt
    assert sample_chart(1, 1000, 0.95).title == "A margin of 1 takes 906 answers"
    assert "707 answers" in drawn(chart)


def test_counts_wait_until_five_more_have_come() -> None:
    community = {"a": 50.0, "b": 50.0}
    first = {"a": 40.0, "b": 40.0}
    assert settled([first, {"a": 5, "b": 0}], community) == 2
    assert settled([first, {"a": 4, "b": 5}], community) == 1
    assert settled([first, {"a": 5, "b": 5}], community) == 2
    assert settled([first, {"a": 4, "b": 5}, {"a": 1}], community) == 3
    assert settled([], community) == 0


# A file's answers -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rule", "takes", "leaves"),
    [
        ("Age: 16-29 = Young", ("16", "29", "16.0", "28,5"), ("15.9", "29.1", "x", "inf", "")),
        ("Age: 65.. = Old", ("65", "99"), ("64.9",)),
        ("Age: ..15 = Child", ("15", "-1"), ("15.1",)),
        ("Age: -1 = None given", ("-1",), ("0", "-2")),
        ("Age: 7-7 = Seven", ("7",), ("6", "8")),
        ("Sex: F = Women", ("f", " F "), ("female",)),
    ],
)
def test_both_ends_of_a_range_belong_to_it(
    rule: str, takes: tuple[str, ...], leaves: tuple[str, ...]
) -> None:
    read = GroupRule.read(rule)
    assert all(map(read.takes, takes))
    assert not any(map(read.takes, leaves))


@pytest.mark.parametrize(
    "text",
    ["16-29 = Young", "Age: = Young", "Age: 16-29", ": 1 = Young", "Age: 1 =", "Age: 30-29 = X"],
)
def test_what_is_no_rule_is_refused(text: str) -> None:
    with pytest.raises(InputError):
        GroupRule.read(text)


def test_thirty_different_answers_are_groups_and_one_more_is_text() -> None:
    [count] = count_groups([{"x": f"{n}"} for n in range(30)], {"x": "Ward"})
    assert list(count.people)[:3] == ["0", "1", "2"]  # as numbers, not as words: 10 comes later
    assert len(count.people) == 30
    with pytest.raises(InputError, match="31 different answers"):
        count_groups([{"x": f"{n}"} for n in range(31)], {"x": "Ward"})


@pytest.mark.parametrize(("lost", "more"), [(5, ""), (6, " and 1 more"), (8, " and 3 more")])
def test_five_answers_of_no_group_are_named_and_the_others_counted(lost: int, more: str) -> None:
    with pytest.raises(InputError) as refused:
        count_groups(
            [{"x": f"w{n}"} for n in range(lost)], {"x": "Ward"}, known={"ward": ["North"]}
        )
    assert f"'w4'{more}" in str(refused.value)
    assert "'w5'" not in str(refused.value)
    assert ("more" in str(refused.value).split("'w4'")[1][:11]) == bool(more)


def test_whole_numbers_that_came_as_fractions_are_whole_and_nan_is_unsaid() -> None:
    values = [3.0, "3", 2.5, float("nan"), None, "", 10, "b", "A"]
    [count] = count_groups([{"x": v} for v in values], {"X": "Ward"})
    assert count.people == {"2.5": 1, "3": 2, "10": 1, "A": 1, "b": 1}
    assert list(count.people) == ["2.5", "3", "10", "A", "b"]
    assert count.unsaid == 3


def test_the_charts_say_the_loop_and_who_is_missing_at_one_and_at_none() -> None:
    loop = CHARTS["community"]["loop"]
    [one] = loop(assessed(heard(9, outcome="taken_up", told_on="2026-10-30")))
    assert "1" in one.title
    assert [r["count"] for r in one.table.rows] == [1, 1, 0, 1]
