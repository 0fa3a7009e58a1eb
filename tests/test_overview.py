"""The overview: few measures and what changed in them, five things to do, gaps; never a guess."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from overview_records import GOAL, check_ins, decision, written
from steps import grows_evenly

from playbook_helpers.core.assessment import SEVERITIES, Context, Finding
from playbook_helpers.core.partnership import WORKSHEETS, Partner, Partnership
from playbook_helpers.core.revisions import Revision, new_revision
from playbook_helpers.practices import PRACTICES
from playbook_helpers.practices.goals import Goal, Measurement
from playbook_helpers.practices.kinds import RECORD_TYPES, practice_named, read_heads
from playbook_helpers.practices.learning import Milestone
from playbook_helpers.practices.overview import take_overview
from playbook_helpers.practices.overview.changes import (
    PracticeSummary,
    last_round,
    year_before,
)
from playbook_helpers.practices.overview.earlier import (
    is_closed,
)
from playbook_helpers.practices.overview.next_things import NEXT, Found, next_things
from playbook_helpers.practices.resources import Need, Offer

TODAY = date(2027, 3, 31)


def overview(revisions: list[Revision], as_of: date = TODAY, **more: Any) -> Any:
    return take_overview(read_heads(revisions), revisions, Context("our-town", as_of), **more)


def moved(revisions: list[Revision], practice: str, name: str, **more: Any) -> Any:
    found = overview(revisions, **more).measures()
    return next(m for m in found if (m.practice, m.now.name) == (practice, name))


def counted(day: str, value: float) -> Measurement:
    return Measurement(goal="Reading", date=day, value=value)


# What changed --------------------------------------------------------------------------------


def test_progress_a_year_before_is_worked_out_from_dated_counts() -> None:
    # 45 of 40..60 is 25 %, 52 is 60 %: 35 points in the year. All typed in on one day.
    records = [GOAL, counted("2025-09", 45), counted("2026-09", 52)]
    found = moved([written(r, "2027-03-01") for r in records], "goals", "median_percent")
    assert (found.now.value, found.before.value, found.change) == pytest.approx((60, 25, 35))
    assert found.since == date(2026, 3, 31)
    assert "Nothing had been written down here by then" in found.why


def test_how_a_goal_was_worded_then_is_not_guessed_from_todays_words() -> None:
    records = [GOAL, counted("2025-09", 45), counted("2026-09", 52)]
    found = moved([written(r, "2027-03-01") for r in records], "goals", "complete")
    assert found.change is None
    assert "written down by 31 March 2026" in found.why


def test_offers_typed_in_later_have_no_past() -> None:
    need = Need(name="Rooms", type="space", amount=2, unit="rooms")
    offer = Offer(partner="Library", what="Rooms", type="space", status="committed", need="Rooms")
    found = moved([written(r, "2027-03-01") for r in (need, offer)], "resources", "needs_open")
    assert (found.before, found.change) == (None, None)
    assert "not known" in found.why


def test_what_had_been_written_down_by_then_is_the_past() -> None:
    need = Need(name="Rooms", type="space")
    offer = Offer(partner="Library", what="Rooms", type="space", status="offered", need="Rooms")
    first = written(offer, "2026-02-01")
    firm = written(
        offer.model_copy(update={"status": "committed"}),
        "2026-11-01",
        record_id=first.record,
        parents=[first.id],
    )
    found = moved([written(need, "2026-02-01"), first, firm], "resources", "needs_open")
    # Then one need had nothing firm; now it has.
    assert (found.now.value, found.before.value, found.change) == (0, 1, -1)
    assert found.why == "From what had been written down by 31 March 2026."


def test_catching_up_with_old_counts_is_no_change_but_newer_records_are_told() -> None:
    revisions = [
        written(GOAL, "2026-01-10"),
        written(counted("2025-09", 45), "2027-03-01"),  # old news, typed in late
        written(Goal(name="More", sentence="More books.", level="output"), "2027-03-01"),
    ]
    found = moved(revisions, "goals", "median_percent")
    assert (found.before.value, found.change) == (25, 0)
    assert "1 typed in later" in found.why
    assert "1 of today's records are newer" in found.why


def test_a_date_reached_later_is_taken_back_from_an_earlier_picture() -> None:
    steps = [
        Milestone(name="First", planned="2025-05", actual="2025-05-20"),
        Milestone(name="Second", planned="2026-01", actual="2026-12-01"),
    ]
    found = moved([written(s, "2027-03-01") for s in steps], "learning", "on_time")
    # Now one of two came in time. On 31 March 2026 the second was overdue: one of two as well.
    assert (found.now.value, found.before.value, found.change) == (50, 50, 0)


def test_the_last_round_is_the_last_decision_that_is_four_weeks_old() -> None:
    days = ("2026-05-12", "2026-11-04", "2027-03-20", "2027-06-01")
    heads = read_heads([written(decision(date=day), day) for day in days])
    assert last_round(heads, "goals", TODAY) == date(2026, 11, 4)
    assert last_round(heads, "trust", TODAY) is None
    assert last_round(heads, "goals", date(2026, 5, 30)) is None
    assert year_before(date(2028, 2, 29)) == date(2027, 2, 28)


def test_change_is_told_since_the_practices_own_last_round() -> None:
    revisions = [
        written(GOAL, "2026-01-10"),
        written(counted("2026-06", 50), "2026-07-01"),
        written(decision(date="2026-12-01"), "2026-12-01"),
        written(counted("2027-02", 52), "2027-03-01"),
    ]
    found = moved(revisions, "goals", "median_percent")
    assert (found.since, found.before.value, found.now.value) == (date(2026, 12, 1), 50, 60)
    named = moved(revisions, "goals", "median_percent", since=date(2026, 2, 1))
    assert named.before.value != 50


def test_trust_answers_are_never_set_back_to_an_earlier_day() -> None:
    answers = check_ins("2026-01", 3) + check_ins("2027-01", 4)
    revisions = [new_revision("our-town", answer) for answer in answers]
    view = overview(revisions)
    trust = next(s for s in view.standings if s.stem == "trust")
    assert trust.before is not None
    assert not any(is_closed(head.kind) for head in trust.before.heads)
    general = next(m for m in trust.measures if m.now.name == "general")
    assert general.before is None
    # The practice itself compares its rounds, and hides what it must.
    own = next((m.value for m in trust.assessment.measures if m.name == "change"), None)
    assert general.change == own


def test_closed_kinds_are_left_out_of_every_earlier_picture() -> None:
    closed = {kind for kind in RECORD_TYPES if is_closed(kind)}
    assert {"check_in", "group_count"} <= closed
    assert not any(RECORD_TYPES[kind].dated_by or RECORD_TYPES[kind].setting for kind in closed)


def test_every_kind_and_measure_that_the_overview_names_is_there() -> None:
    dated = {kind: type_.dated_by for kind, type_ in RECORD_TYPES.items() if type_.dated_by}
    assert (len(dated), dated["turnout"], dated["experiment"]) == (10, "round", "starts")
    for kind, name in dated.items():
        assert name in RECORD_TYPES[kind].model_fields
    assert {kind for kind, type_ in RECORD_TYPES.items() if type_.setting} == {
        *("goal", "indicator_sheet", "community_group", "milestone", "small_win"),
    }
    for type_ in RECORD_TYPES.values():
        for name, company in type_.later.items():
            assert {name, *company} <= set(type_.model_fields)
            assert not any(type_.model_fields[n].is_required() for n in company)
    assert {p.stem: p.title for p in PRACTICES}.items() <= WORKSHEETS.items()


# The next five things ------------------------------------------------------------------------


def finding(code: str, severity: str = "act", effort: str = "meeting") -> Finding:
    return Finding(code, f"It is {code}.", severity, f"Do {code}.", effort=effort)  # type: ignore[arg-type]


def standing(stem: str, *findings: Finding) -> PracticeSummary:
    practice = practice_named(stem)
    assessment = practice.assess((), Context("our-town", TODAY))
    return PracticeSummary(practice, replace(assessment, findings=findings, counts={"goal": 1}))


def test_decisions_come_first_by_their_date_and_those_without_one_last() -> None:
    heads = read_heads(
        [
            written(decision(decided="No date"), "2027-01-01"),
            written(decision(decided="Soon", by="2027-04", who="Chair"), "2027-01-01"),
            written(decision(decided="Late", by="2027-02-01"), "2027-01-01"),
            written(decision(decided="Done", done="2027-02-01"), "2027-01-01"),
            written(decision(decided="Later than today", date="2027-05"), "2027-01-01"),
        ]
    )
    goals = standing("goals", finding("a"))
    things = next_things(heads, [Found("goals", finding("a"))], [goals], TODAY)
    assert [t.what for t in things] == ["Late", "Soon", "No date", "Do a."]
    assert [t.late for t in things] == [True, False, False, False]
    assert (things[1].who, things[1].by) == ("Chair", "2027-04")


def test_a_decision_done_after_the_date_was_not_done_yet_then() -> None:
    heads = read_heads([written(decision(done="2027-05-01"), "2027-01-01")])
    assert [t.decided for t in next_things(heads, [], [], TODAY)] == [True]
    assert next_things(heads, [], [], date(2027, 6, 1)) == ()


def test_findings_of_one_kind_count_once_and_no_practice_takes_more_than_two() -> None:
    found = [
        *(Found("goals", finding(code)) for code in ("a", "a", "b", "c")),
        Found("trust", finding("d")),
        Found("trust", finding("e", "note")),
    ]
    things = next_things([], found, [standing("goals", finding("a"))], TODAY)
    assert [t.what for t in things] == ["Do a.", "Do b.", "Do d.", "Do c."]
    assert all(t.who == "" and t.by == "" for t in things)


findings = st.builds(
    finding,
    st.sampled_from("abcdefgh"),
    st.sampled_from(SEVERITIES),
    st.sampled_from(["minutes", "meeting", "months"]),
)


@given(st.lists(st.tuples(st.sampled_from(["goals", "trust", "learning"]), findings)))
def test_there_are_never_more_than_five_and_none_twice(pairs: list[tuple[str, Finding]]) -> None:
    things = next_things([], [Found(*pair) for pair in pairs], [], TODAY)
    assert len(things) <= NEXT
    assert len({(t.worksheet, t.what) for t in things}) == len(things)


# What is empty -------------------------------------------------------------------------------


def test_a_partnership_with_nothing_gets_a_first_step_for_five_practices() -> None:
    view = overview([written(Partnership(name="Our Town"), "2027-03-01")])
    assert view.measures() == ()
    assert view.findings == ()
    assert [t.worksheet for t in view.next] == [p.stem for p in PRACTICES][:NEXT]
    assert all(t.what for t in view.next)
    assert {f.touched for f in view.filled} == {None, date(2027, 3, 1)}


@pytest.mark.parametrize("count", [1, 2, 8])
def test_it_works_with_any_number_of_practices(count: int) -> None:
    revisions = [written(GOAL, "2027-03-01")]
    view = overview(revisions, practices=PRACTICES[:count])
    assert [s.stem for s in view.standings] == [p.stem for p in PRACTICES][:count]
    assert len(view.filled) == count + 1


def test_what_nobody_answered_is_named_and_what_someone_answered_is_not() -> None:
    more = Goal(name="More", sentence="More books.", level="output")
    filled = overview([written(more, "2027-02-10"), written(GOAL, "2027-03-01")]).filled
    goals = next(f for f in filled if f.practice == "goals")
    assert (goals.records, goals.touched) == (2, date(2027, 3, 1))
    assert goals.none == ("Indicator sheets", "Measurements", "Values for groups")
    assert any("confidence" in f or "sure" in f for f in goals.fields)
    assert not any("Where should it get to" in f for f in goals.fields)


def test_two_who_changed_one_thing_at_once_are_counted() -> None:
    first = written(GOAL, "2027-01-01")
    rivals = [
        written(
            GOAL.model_copy(update={"target_value": value}),
            "2027-02-01",
            record_id=first.record,
            parents=[first.id],
        )
        for value in (70, 80)
    ]
    goals = next(f for f in overview([first, *rivals]).filled if f.practice == "goals")
    assert goals.rivals == 1


# Large partnerships --------------------------------------------------------------------------


def many_revisions(number: int) -> list[Revision]:
    day = date(2024, 1, 1)
    revisions: list[Revision] = [written(Partner(name="Library", sector="other"), "2026-01-01")]
    for n in range(number):
        revisions.append(written(GOAL.model_copy(update={"name": f"G{n}"}), "2026-01-01"))
        revisions += [
            written(
                Measurement(goal=f"G{n}", date=str(day + timedelta(30 * k)), value=40 + k),
                "2026-01-01",
            )
            for k in range(9)
        ]
        revisions.append(written(Need(name=f"N{n}", type="space"), "2026-01-01"))
        revisions += [
            written(
                Offer(
                    partner="Library",
                    what=f"O{n}-{k}",
                    type="space",
                    status="committed",
                    need=f"N{n}",
                ),
                "2026-01-01",
            )
            for k in range(9)
        ]
    revisions += [
        written(Milestone(name=f"M{n}", planned="2026-05", actual="2026-06"), "2026-01-01")
        for n in range(10 * number)
    ]
    decided = [written(decision(decided=f"D{n}"), "2026-12-01") for n in range(10 * number)]
    return revisions + decided


def test_twice_the_records_take_twice_the_work() -> None:
    def taking(number: int) -> Callable[[], object]:
        revisions = many_revisions(number)
        heads = read_heads(revisions)
        return lambda: take_overview(heads, revisions, Context("our-town", TODAY))

    assert grows_evenly(taking, 10)


def test_two_thousand_records_a_practice_have_their_next_things() -> None:
    revisions = many_revisions(200)
    view = take_overview(read_heads(revisions), revisions, Context("our-town", TODAY))
    assert len(view.next) == NEXT
