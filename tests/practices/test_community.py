"""Community: who is missing, how much say people have, and whether they hear back."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from chart_results import CHARTS
from community_records import MAKE_UP, SURVEY, assessed, codes, counted
from hypothesis import given
from hypothesis import strategies as st
from steps import grows_evenly

from playbook_helpers.core.assessment import Assessment
from playbook_helpers.core.records import Record
from playbook_helpers.practices.community import Activity, CommunityGroup, GroupCount, Heard
from playbook_helpers.practices.community.feedback import days_between

NASTY = "<script>alert('x')</script> & $x^2$ =1+1"

# Who is missing --------------------------------------------------------------------------------


def test_who_is_missing_and_who_is_few_stand_there_by_name() -> None:
    held = assessed(*MAKE_UP, SURVEY, *counted(20, 75, 0))
    found = {f.code: f for f in held.findings}
    assert found["group_missing"].sentence == (
        "By age, nobody was counted so far of “60 and over” (about 19 to be expected) among 95 "
        "people. Chance alone does not explain that."
    )
    assert found["group_missing"].severity == "act"
    # Clopper and Pearson's interval of 20 of 95 is 13.4 to 30.6 %.
    assert found["group_few"].sentence == (
        "By age, fewer came so far than chance can explain: “Under 30”, 20 of 95, where about 38 "
        "were to be expected (13% to 31%, against 40% of the community)."
    )
    measure = held.measure("likeness_age")
    # |20/95 - .4| + |75/95 - .4| + .2 = .1895 + .3895 + .2 = .7789; 1 - .3895 = .6105
    assert measure.value == pytest.approx(0.6105, abs=1e-4)
    assert (measure.n, measure.missing) == (95, 5)
    # Of 95 drawn fairly, each share is off by about sqrt(2 p q / 95 pi): .0401, .0401, .0327.
    assert "a fair draw of as many people gives about 0.94" in measure.note
    [chart] = CHARTS["community"]["missing"](held)
    assert chart.title == "By age, nobody from “60 and over” has been counted"


def test_a_group_is_not_missed_where_chance_explains_it() -> None:
    # Of 10 people none over 60 where 2 were to be expected: 0.8 to the 10th is a chance of 11 %.
    few = assessed(*MAKE_UP, SURVEY, *counted(5, 5, 0))
    assert not {*codes(few)} & {"group_missing", "group_few"}
    [chart] = CHARTS["community"]["missing"](few)
    assert chart.title == "By age, no group is fewer than chance explains"
    # Of 20: 1.2 %; with three groups to look at, 3.5 %. Four are too few to be sure to act on.
    more = assessed(*MAKE_UP, SURVEY, *counted(10, 10, 0))
    [missing] = [f for f in more.findings if f.code == "group_missing"]
    assert missing.severity == "look"


def test_an_activity_for_some_is_not_compared_with_everybody() -> None:
    parents = SURVEY.model_copy(update={"meant_for": "Parents"})
    held = assessed(*MAKE_UP, parents, *counted(20, 75, 0))
    assert not {*codes(held)} & {"group_missing", "group_few"}
    [some] = [f for f in held.findings if f.code == "for_some"]
    assert some.sentence.endswith("compared with the whole community: “Survey” (Parents).")


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


def many_records(tenth: int) -> list[Record]:
    start = date(2020, 1, 1)
    return [
        *(Activity(name=f"A{i}", type="meeting", date=str(start + timedelta(i)), level="ask",
                   completed=20) for i in range(5 * tenth)),
        *(CommunityGroup(trait=f"T{i % 5}", group=f"G{i}", people=i + 1) for i in range(tenth)),
        *(GroupCount(activity=f"A{i}", trait=f"T{i % 5}", group=f"G{i % tenth}", people=i % 30)
          for i in range(5 * tenth)),
        *(Heard(what=f"H{i}", heard_on=str(start + timedelta(i))) for i in range(9 * tenth)),
    ]  # fmt: skip


def all_drawn(records: list[Record]) -> Assessment:
    held = assessed(*records)
    for draw in CHARTS["community"].values():
        for chart in draw(held):
            chart.svg()
    return held


def test_twice_the_records_take_twice_the_work() -> None:
    def drawing(tenth: int) -> Callable[[], object]:
        records = many_records(tenth)
        return lambda: all_drawn(records)

    assert grows_evenly(drawing, 10)


def test_two_thousand_records_are_assessed_and_drawn() -> None:
    held = all_drawn(many_records(100))
    assert codes(held).count("unanswered") == 12, "the rest are counted, not listed"
    assert "more_open" in codes(held)
