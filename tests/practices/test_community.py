"""Community: who is missing, how sure a survey is, and whether people hear back."""

from __future__ import annotations

import json
import math
import time
from dataclasses import replace
from datetime import date, timedelta
from itertools import product

import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from playbook_helpers.assessment import Assessment, Context, Head
from playbook_helpers.charts import CHARTS
from playbook_helpers.errors import InputError
from playbook_helpers.partnership import Partnership
from playbook_helpers.practices.community import (
    Activity,
    CommunityGroup,
    GroupCount,
    Heard,
    assess,
    margin_of_error,
    representation,
    sample_size,
    small_cells,
)
from playbook_helpers.practices.community.feedback import days_between
from playbook_helpers.record_views import RecordList
from playbook_helpers.records import Record

NASTY = "<script>alert('x')</script> & $x^2$ =1+1"


def assessed(*records: Record, as_of: date = date(2026, 10, 31)) -> Assessment:
    heads = [
        Head(f"{r.kind}-{i}", f"revision-{i}", r.practice, r.kind, r.payload(), r)
        for i, r in enumerate(records)
    ]
    return assess(heads, Context("our-town", as_of, Partnership(name="Our town")))


def codes(assessment: Assessment) -> list[str]:
    return [finding.code for finding in assessment.findings]


# Surveys: published and hand-worked values -----------------------------------------------------


def test_sample_sizes_are_the_published_ones() -> None:
    """Cochran's tables: 385 for 5 points of a large population, 278 of 1,000, 80 of 100."""
    assert sample_size(0.05) == 385
    assert [sample_size(0.05, population=n) for n in (100, 500, 1000, 10_000)] == [
        80,
        218,
        278,
        370,
    ]
    assert sample_size(0.03) == 1068
    assert sample_size(0.05, confidence=0.99) == 664


def test_margins_are_the_published_ones_with_and_without_the_finite_correction() -> None:
    assert margin_of_error(72_000) == pytest.approx(0.0037, abs=5e-5)
    assert margin_of_error(72_000, population=300_000) == pytest.approx(0.0032, abs=5e-5)
    assert margin_of_error(385) == pytest.approx(0.049945, abs=1e-6)
    assert margin_of_error(50, population=50) == 0


@pytest.mark.parametrize("sampling", ["open_link", "convenience", "by_invitation", "everyone"])
def test_no_margin_is_given_where_people_were_not_drawn_at_random(sampling: str) -> None:
    with pytest.raises(InputError, match="random samples only"):
        margin_of_error(412, sampling=sampling)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "call",
    [
        lambda: sample_size(5),
        lambda: sample_size(0),
        lambda: sample_size(0.05, population=0),
        lambda: sample_size(0.05, confidence=1),
        lambda: sample_size(math.nan),
        lambda: margin_of_error(0),
        lambda: margin_of_error(20, population=10),
        lambda: margin_of_error(20, p=1.5),
        lambda: representation({"a": -1}, {"a": 1}),
        lambda: representation({"a": 1}, {"a": 0}),
        lambda: representation({"b": 1}, {"a": 1}),
    ],
)
def test_values_out_of_range_are_refused_with_the_reason(call) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(InputError):
        call()


@given(st.floats(0.005, 0.3), st.integers(2, 10**7))
def test_a_sample_of_the_needed_size_has_at_most_the_margin_asked_for(
    margin: float, population: int
) -> None:
    n = sample_size(margin, population)
    assert 1 <= n <= population
    # n0 / (1 + (n0 - 1) / N) is the exact solution of the corrected margin.
    assert margin_of_error(n, population) <= margin * (1 + 1e-9)
    assert n <= sample_size(margin)


def test_shares_ratios_weights_and_index_worked_out_by_hand() -> None:
    """Sample 50/30/20 against 40/40/20: ratios 1.25, 0.75, 1; index 1 - (10 + 10 + 0) / 200."""
    result = representation({"a": 50, "b": 30, "c": 20}, {"a": 40, "b": 40, "c": 20})
    assert [g.ratio for g in result.groups] == pytest.approx([1.25, 0.75, 1.0])
    assert [g.weight for g in result.groups] == pytest.approx([0.8, 4 / 3, 1.0])
    assert result.index == pytest.approx(0.9)
    # (50 x 0.8 + 30 x 4/3 + 20)^2 / (50 x 0.64 + 30 x 16/9 + 20) = 100^2 / 105.33
    assert result.effective_n == pytest.approx(10_000 / (32 + 480 / 9 + 20))
    assert result.missing == ()


def test_counts_come_as_a_series_as_names_or_as_numpys_numbers() -> None:
    community = {"under 30": 50, "30 and over": 50}
    by_hand = representation({"under 30": 10, "30 and over": 40}, community)
    each = ["under 30"] * 10 + ["30 and over"] * 40
    for sample in (
        each,
        pd.Series(each),
        pd.Series(each, dtype="category"),
        pd.Series(each).value_counts(),
        {"under 30": "10", "30 and over": " 40 "},
        pd.Series({"under 30": 10.0, "30 and over": 40.0}),
        {"under 30": np.int64(10), "30 and over": np.int64(40)},
    ):
        assert representation(sample, pd.Series(community)) == by_hand  # type: ignore[arg-type]
    for left_out in (None, "", "NA", "Prefer not to say", float("nan"), pd.NA):
        for sample in ([*each, left_out], pd.Series([*each, left_out], dtype="object")):
            assert representation(sample, community) == replace(by_hand, unsaid=1)
    for wrong in ({"under 30": "ten"}, {"under 30": float("nan")}, {"under 30": True}):
        with pytest.raises(InputError, match="count of 'under 30' is wrong"):
            representation(wrong, community)  # type: ignore[arg-type]
    with pytest.raises(InputError, match="no whole number"):
        representation({"under 30": 0.2, "30 and over": 0.8}, community)
    assert sample_size(0.05, population=np.int64(1000)) == sample_size(0.05, 1000.0) == 278  # type: ignore[arg-type]
    assert margin_of_error(np.int64(100)) == margin_of_error(100.0) == margin_of_error(100)  # type: ignore[arg-type]
    with pytest.raises(InputError):
        margin_of_error(99.5)  # type: ignore[arg-type]


def test_a_group_called_none_is_a_group_where_the_community_has_one() -> None:
    each = ["None"] * 6 + ["Muslim"] * 6 + [""]
    result = representation(each, {"None": 50, "Muslim": 50})
    assert ([g.n for g in result.groups], result.unsaid) == ([6, 6], 1)


def test_weights_are_capped_at_three_and_a_missing_group_gets_none() -> None:
    result = representation({"a": 95, "b": 5, "c": 0}, {"a": 50, "b": 40, "c": 10})
    assert [(g.weight, g.capped) for g in result.groups][1] == (3.0, True)
    assert result.groups[2].weight is None
    assert result.missing == ("c",)


# Small groups stay hidden ----------------------------------------------------------------------


def test_one_small_group_takes_the_smallest_of_the_community_with_it() -> None:
    community = {"a": 10, "b": 40, "c": 30, "d": 20}
    assert small_cells({"a": 3, "b": 7, "c": 9, "d": 0}, community=community) == {"a", "c"}
    assert small_cells({"a": 3, "b": 9, "c": 7, "d": 0}) == {"a", "b"}, "else in their order"
    assert small_cells({"a": 1, "b": 1, "c": 7}) == {"a", "b", "c"}
    assert small_cells({"a": 5, "b": 0}) == set()
    assert small_cells({"a": 3, "b": 0}) == {"a", "b"}, "else the total would tell"


@settings(max_examples=60, deadline=None)
@example([5, 5, 3])  # were the smallest to go with the 3, a 5 still shown would give 5 and 3 away
@given(st.lists(st.integers(0, 9), min_size=2, max_size=4))
def test_no_hidden_count_follows_from_everything_that_is_shown(counts: list[int]) -> None:
    """Try every sample with the same total: one that shows the same must differ in each
    hidden group, whatever the index and the effective n let a reader work out."""
    names = [f"g{i}" for i in range(len(counts))]
    community = {name: 10.0 + 7 * i for i, name in enumerate(names)}

    def shown(sample: tuple[int, ...]) -> str:
        return repr(representation(dict(zip(names, sample, strict=True)), community))

    mine = shown(tuple(counts))
    total = sum(counts)
    alike = (
        [
            other
            for other in product(range(total + 1), repeat=len(counts))
            if sum(other) == total and shown(other) == mine
        ]
        if total <= 14
        else []
    )
    hidden = small_cells(dict(zip(names, counts, strict=True)), community=community)
    for place, name in enumerate(names):
        if alike and name in hidden:
            assert len({other[place] for other in alike}) > 1, (counts, name)


@given(
    st.dictionaries(st.sampled_from("abcdef"), st.integers(0, 400), min_size=1),
    st.dictionaries(st.sampled_from("abcdef"), st.floats(1, 1e6), min_size=6, max_size=6),
    st.randoms(),
)
def test_order_does_not_matter_and_the_index_stays_within_bounds(sample, community, rng) -> None:  # type: ignore[no-untyped-def]
    result = representation(sample, community)
    items = list(sample.items())
    rng.shuffle(items)
    again = representation(dict(items), community)
    assert result == again
    if result.index is not None:
        assert -1e-9 <= result.index <= 1 + 1e-9
    if result.effective_n is not None:
        assert 0 < result.effective_n <= result.n * (1 + 1e-9)


MAKE_UP = (
    CommunityGroup(trait="Age", group="Under 30", people=40, source="Census"),
    CommunityGroup(trait="Age", group="30 to 59", people=40),
    CommunityGroup(trait="Age", group="60 and over", people=20),
)
SURVEY = Activity(
    name="Survey", type="survey", date="2026-04", level="ask", promise="We answer.",
    sampling="random", population=1000, invited=200, completed=100,
)  # fmt: skip


def counted(under: int, middle: int, over: int, activity: str = "Survey") -> list[GroupCount]:
    groups = {"Under 30": under, "30 to 59": middle, "60 and over": over}
    return [
        GroupCount(activity=activity, trait="age", group=name.upper(), people=n)
        for name, n in groups.items()
    ]


def test_small_groups_are_in_no_row_no_finding_no_chart_and_no_table() -> None:
    held = assessed(*MAKE_UP, SURVEY, *counted(3, 80, 17))
    rows = {row["group"]: row for row in held.rows["groups"]}
    assert [rows[g]["n"] for g in ("Under 30", "30 to 59", "60 and over")] == [None, 80, None]
    assert "small_groups" in codes(held)
    [chart] = CHARTS["community"]["missing"](held)
    assert "Under 30: hidden, few people; 40 % of the community." in chart.alt
    assert "17" not in chart.table.text()
    listed = RecordList(GroupCount, list(counted(3, 80, 17))).text()
    assert "80" not in listed, "single counts are not in documents"
    assert "3" in listed, "only how many lines there are"


FOCUS = Activity(name="Focus group", type="focus_group", date="2026-09", completed=8)
EVENING = Activity(name="Evening", type="meeting", date="2026-10-05", completed=12)


def shown(held: Assessment) -> dict[str, object]:
    return {str(row["group"]): row["n"] for row in held.rows["groups"]}


def test_two_reports_do_not_tell_who_came_in_between() -> None:
    """40 under 30 in August and 41 in October would be one, at a group of eight people."""
    first = [*MAKE_UP, SURVEY, *counted(40, 40, 20)]
    both = [*first, FOCUS, *counted(1, 7, 0, "Focus group")]
    august, october = assessed(*first, as_of=date(2026, 8, 31)), assessed(*both)
    assert shown(october) == shown(august) == {"Under 30": 40, "30 to 59": 40, "60 and over": 20}
    assert codes(october).count("counts_wait") == 1
    assert "1 activity not counted yet" in october.measure("likeness_age").note
    assert october.measure("people").value == 108, "that eight people came is no secret"
    more = assessed(*both, EVENING, *counted(4, 8, 0, "Evening"))
    assert shown(more) == {"Under 30": 45, "30 to 59": 55, "60 and over": 20}, "five came: 1 and 4"
    assert "counts_wait" not in codes(more)


def test_who_is_missing_is_said_of_the_activities_that_are_compared() -> None:
    """One person over 60 came to the group of eight, and that may not be told either."""
    records = [*MAKE_UP, SURVEY, *counted(50, 50, 0), FOCUS, *counted(0, 7, 1, "Focus group")]
    held = assessed(*records)
    [chart] = CHARTS["community"]["missing"](held)
    assert chart.title == "By age, nobody from “60 and over” is in the comparison"
    [missing] = [f for f in held.findings if f.code == "group_missing"]
    assert missing.sentence == (
        "Nobody from the group “60 and over” (age) has been counted so far, of the activities that "
        "are compared."
    )


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(*[st.integers(0, 12)] * 3).filter(lambda groups: sum(groups) > 0),
        min_size=2, max_size=6,
    )
)  # fmt: skip
def test_no_two_reports_differ_by_a_few_people_of_one_group(evenings) -> None:  # type: ignore[no-untyped-def]
    """Every two of the reports, one after each activity, for every group both show and the rest."""
    records: list[Record] = [*MAKE_UP]
    reports = []
    for number, groups in enumerate(evenings):
        name, day = f"Evening {number}", f"2026-0{number + 1}-01"
        records += [
            Activity(name=name, type="meeting", date=day, completed=sum(groups)),
            *counted(*groups, name),
        ]
    for number in range(len(evenings)):
        rows = assessed(*records, as_of=date(2026, number + 1, 15)).rows["groups"]
        reports.append(({str(row["group"]): row["n"] for row in rows}, rows[0]["total"]))
    for place, (old, was) in enumerate(reports):
        for new, total in reports[place + 1 :]:
            both = [group for group in old if old[group] is not None and new[group] is not None]
            steps = [new[group] - old[group] for group in both]
            rest = total - was - sum(steps)
            assert all(step == 0 or step >= 5 for step in (*steps, rest)), (old, new)


def test_who_is_missing_and_who_is_few_stand_there_by_name() -> None:
    held = assessed(*MAKE_UP, SURVEY, *counted(20, 75, 0))
    sentences = {f.code: f.sentence for f in held.findings}
    assert sentences["group_missing"] == (
        "Nobody from the group “60 and over” (age) has been counted so far."
    )
    assert sentences["group_few"] == (
        "“Under 30” (age) is 21 % of those who took part and 40 % of the community."
    )
    measure = held.measure("likeness_age")
    # |20/95 - .4| + |75/95 - .4| + .2 = .1895 + .3895 + .2 = .7789; 1 - .3895 = .6105
    assert measure.value == pytest.approx(0.6105, abs=1e-4)
    assert (measure.n, measure.missing) == (95, 5)
    [chart] = CHARTS["community"]["missing"](held)
    assert chart.title == "By age, nobody from “60 and over” has been counted"


def test_counts_that_do_not_fit_together_are_said() -> None:
    odd = SURVEY.model_copy(update={"completed": 60, "attended": 50, "sampling": "open_link"})
    held = assessed(
        *MAKE_UP,
        CommunityGroup(trait="Age", group="Not known", people=5),
        odd,
        *counted(30, 30, 30),
        GroupCount(activity="Survey", trait="Age", group="Teenagers", people=2),
    )
    found = codes(held)
    for code in ("numbers_misfit", "groups_over_total", "group_unknown", "shares_over_100"):
        assert code in found


# Surveys among the activities ------------------------------------------------------------------


def test_a_random_sample_gets_a_margin_and_a_word_on_those_who_did_not_answer() -> None:
    """1.96 sqrt(.25 / 100) sqrt(900 / 999) = 9.30 points."""
    held = assessed(SURVEY.model_copy(update={"invited": 400}))
    (row,) = held.rows["activities"]
    assert row["margin"] == pytest.approx(9.302, abs=0.001)
    assert row["response"] == 25
    assert {"margin", "few_answered"} <= set(codes(held))


def test_an_open_link_gets_no_margin_anywhere() -> None:
    held = assessed(SURVEY.model_copy(update={"sampling": "open_link"}))
    assert held.rows["activities"][0]["margin"] is None
    assert "no_margin" in codes(held)
    assert "margin" not in codes(held)


# The loop --------------------------------------------------------------------------------------


def test_the_loop_counts_what_was_heard_decided_done_and_told() -> None:
    held = assessed(
        SURVEY,
        Heard(what="a", heard_on="2026-01-10", outcome="taken_up", done_on="2026-02-01",
              told_on="2026-01-30"),
        Heard(what="b", heard_on="2026-01-10", outcome="not_taken_up", told_on="2026-03-11"),
        Heard(what="c", heard_on="2026-01-10", outcome="partly"),
        Heard(what="d", heard_on="2026-01-10"),
        Heard(what="e", heard_on="2026-10-20", outcome="open"),
    )  # fmt: skip
    assert [(r["step"], r["count"], r["of"]) for r in held.rows["loop"]] == [
        ("Heard", 5, 5), ("Decided", 3, 5), ("Done", 1, 2), ("Told back", 2, 5),
    ]  # fmt: skip
    assert held.measure("told_back").value == 40
    days = held.measure("days_to_answer")
    assert (days.value, days.low, days.high, days.n) == (40, 20, 60, 2)
    severe = {f.sentence[1]: (f.code, f.severity) for f in held.findings if f.sentence[0] == "“"}
    assert severe["c"] == ("not_told", "act")
    assert severe["d"] == ("unanswered", "act")
    assert severe["e"] == ("unanswered", "note")
    [chart] = CHARTS["community"]["loop"](held)
    assert chart.title == "Of 5 things heard, people know what became of 2"
    assert "Done: 1 of 2 taken up." in chart.alt


def test_what_lies_after_the_date_of_the_assessment_has_not_happened_yet() -> None:
    told = Heard(what="a", heard_on="2026-01", outcome="taken_up", decided_on="2026-05",
                 done_on="2026-06", told_on="2026-05-20")  # fmt: skip
    later = Activity(name="Later", type="meeting", date="2026-09")
    held = assessed(
        told, Heard(what="b", heard_on="2026-08"), SURVEY, later, *MAKE_UP,
        *counted(40, 40, 20), *counted(0, 900, 0, "Later"), as_of=date(2026, 4, 30),
    )  # fmt: skip
    assert [r["count"] for r in held.rows["loop"]] == [1, 0, 0, 0]
    assert [r["name"] for r in held.rows["activities"]] == ["Survey"]
    assert held.measure("likeness_age").value == 1


def test_dates_known_only_to_the_year_and_answers_before_the_question_count_for_no_days() -> None:
    assert days_between("2026", "2026-03") is None
    assert days_between("2026-03-10", "2026-03-01") is None
    assert days_between("2026-03", "2026-03-01") == 0
    held = assessed(Heard(what="a", heard_on="2026-03", outcome="partly", told_on="2026-01"))
    assert "dates_turned" in codes(held)
    assert held.measure("days_to_answer").value is None
    assert held.measure("days_to_answer").missing == 1


def test_a_promise_told_and_not_done_comes_up_after_two_months() -> None:
    told = Heard(what="a", heard_on="2026-01", outcome="taken_up", told_on="2026-02-01")
    assert "not_done" in codes(assessed(told))
    assert "not_done" not in codes(assessed(told, as_of=date(2026, 3, 1)))


@given(st.integers(0, 20), st.integers(0, 20))
def test_telling_one_more_never_lowers_the_share_told(told: int, silent: int) -> None:
    def share(t: int, s: int) -> float:
        items = [
            Heard(what=f"{i}", heard_on="2026-01", outcome="partly",
                  told_on="2026-02" if i < t else None)
            for i in range(t + s)
        ]  # fmt: skip
        return assessed(*items).measure("told_back").value or 0.0

    assert share(told + 1, silent) >= share(told, silent + 1)


# How much say ----------------------------------------------------------------------------------


def test_levels_promises_and_pay_are_asked_for() -> None:
    held = assessed(
        Activity(name="Evening", type="meeting", level="tell"),
        Activity(name="Board", type="advisory_board", level="ask", paid=False),
        Activity(name="Link", type="survey", completed=10),
        Activity(name="Talks", type="interviews", level="ask", promise="You hear from us."),
    )
    assert {"no_promise", "unpaid", "no_level", "no_sampling", "only_asked"} <= set(codes(held))
    assert held.measure("shared_say").value == 0
    assert (held.measure("paid").n, held.measure("paid").missing) == (1, 3)
    [chart] = CHARTS["community"]["say"](held)
    assert chart.title == "In none of 3 activities did people decide; the most was: ask"
    assert "Not drawn, because the level is not known: 1." in chart.source
    assert "Board: ask." in chart.alt


# Empty, nasty, many ----------------------------------------------------------------------------


def test_an_empty_partnership_is_met_kindly() -> None:
    held = assessed()
    assert codes(held) == ["no_activities"]
    assert held.findings[0].severity == "note"
    assert all(m.value is None and m.note for m in held.measures)
    assert [draw(held) for draw in CHARTS["community"].values()] == [[], [], []]
    assert "NaN" not in json.dumps(held.to_json())


def test_what_people_typed_is_shown_as_text() -> None:
    held = assessed(
        Activity(name=NASTY, type="survey", level="ask", decision=NASTY, completed=30),
        CommunityGroup(trait=NASTY, group=NASTY, people=10, source=NASTY),
        CommunityGroup(trait=NASTY, group="b", people=10),
        GroupCount(activity=NASTY, trait=NASTY, group=NASTY, people=30),
        Heard(what=NASTY, activity=NASTY),
    )
    for draw in CHARTS["community"].values():
        for chart in draw(held):
            assert "<script" not in chart.html()
            assert "<script" not in chart.svg()


def test_two_thousand_records_take_less_than_five_seconds() -> None:
    start = date(2020, 1, 1)
    records: list[Record] = [
        *(Activity(name=f"A{i}", type="meeting", date=str(start + timedelta(i)), level="ask",
                   completed=20) for i in range(500)),
        *(CommunityGroup(trait=f"T{i % 5}", group=f"G{i}", people=i + 1) for i in range(100)),
        *(GroupCount(activity=f"A{i}", trait=f"T{i % 5}", group=f"G{i % 100}", people=i % 30)
          for i in range(500)),
        *(Heard(what=f"H{i}", heard_on=str(start + timedelta(i))) for i in range(900)),
    ]  # fmt: skip
    began = time.process_time()
    held = assessed(*records)
    for draw in CHARTS["community"].values():
        for chart in draw(held):
            chart.svg()
    assert time.process_time() - began < 5
    assert codes(held).count("unanswered") == 12, "the rest are counted, not listed"
    assert "more_open" in codes(held)
