"""The overview at its edges: the day itself, four weeks to the day, one more than five."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from overview_records import GOAL, decision, written

from playbook_helpers.core.assessment import Assessment, Context, Finding, Measure
from playbook_helpers.core.partnership import Decision
from playbook_helpers.practices.goals import Measurement
from playbook_helpers.practices.kinds import practice_named, read_heads
from playbook_helpers.practices.overview.changes import PracticeSummary, _note, last_round, pick
from playbook_helpers.practices.overview.earlier import earlier, is_closed, written_on
from playbook_helpers.practices.overview.gaps import filled
from playbook_helpers.practices.overview.next_things import (
    Found,
    all_findings,
    next_things,
    open_decisions,
)

TODAY = date(2027, 3, 31)


def finding(code: str, severity: Any = "act", effort: Any = "meeting", step: str = "Do") -> Finding:
    return Finding(code, f"It is {code}.", severity, step and f"{step} {code}.", effort=effort)


def standing(stem: str, *findings: Finding, count: int = 1) -> PracticeSummary:
    assessment = Assessment(stem, "town", TODAY, findings=findings, counts={"goal": count})
    return PracticeSummary(practice_named(stem), assessment)


# The last round ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "counts"),
    [("2027-03-03", True), ("2027-03-04", False), ("2027-02", True), ("2027-03", False)],
)
def test_a_round_is_over_after_four_weeks_to_the_day(day: str, counts: bool) -> None:
    heads = read_heads([written(decision(date=day), "2027-03-31")])
    assert (last_round(heads, "goals", TODAY) is not None) == counts


def measure(name: str, value: float | None = 1.0, **more: Any) -> Measure:
    return Measure(name, name, value, "", **({"n": 3} | more))


def test_four_measures_are_picked_and_those_without_a_value_left_out() -> None:
    every = [measure(name) for name in "abcdef"]
    assert [m.name for m in pick((), every)] == list("abcd")
    assert [m.name for m in pick(("f", "x", "a"), every)] == ["f", "a"]
    none = [measure("a", None), measure("b", 0.0)]
    assert [m.name for m in pick((), none)] == ["b"]
    assert [m.name for m in pick((), none[:1])] == ["a"]


@pytest.mark.parametrize(
    ("now", "before", "overlap"),
    [
        ((1.0, 2.0), (2.0, 3.0), True),
        ((1.0, 2.0), (2.1, 3.0), False),
        ((3.0, 4.0), (2.0, 3.0), True),
        ((3.1, 4.0), (2.0, 3.0), False),
        ((None, None), (2.0, 3.0), False),
        ((1.0, 2.0), (None, None), False),
    ],
)
def test_ranges_that_touch_overlap(now: Any, before: Any, overlap: bool) -> None:
    def made(ends: Any, interval: str = "95 % confidence") -> Measure:
        return measure("a", low=ends[0], high=ends[1], interval=interval)

    assert _note(made(now), made(before)) == ("the two ranges overlap" if overlap else "")
    assert _note(made(now, "earliest and latest"), made(before)) == ""
    assert _note(made(now), made(before, "earliest and latest")) == ""


def test_what_a_measure_rests_on_is_told_where_it_differs() -> None:
    assert _note(measure("a", n=1000), measure("a", n=3)) == "rests on 1,000 now, on 3 then"
    assert _note(measure("a"), measure("a")) == ""


# What to do next --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "is_open"),
    [
        ({"date": "2027-03-31"}, True),
        ({"date": "2027-04-01"}, False),
        ({"date": "2027-03"}, True),
        ({"done": "2027-03-31"}, False),
        ({"done": "2027-04-01"}, True),
    ],
)
def test_a_decision_is_open_from_its_day_until_it_is_done(
    given: dict[str, str], is_open: bool
) -> None:
    heads = read_heads([written(decision(**given), "2027-03-31")])
    assert bool(open_decisions(heads, TODAY)) == is_open


@pytest.mark.parametrize(
    ("by", "late"), [("2027-03-31", False), ("2027-03-30", True), ("2027-03", False), (None, False)]
)
def test_a_decision_is_late_from_the_day_after(by: str | None, late: bool) -> None:
    heads = read_heads([written(decision(by=by), "2027-03-31")])
    (thing,) = next_things(heads, [], [], TODAY)
    assert (thing.late, thing.decided) == (late, True)
    assert thing.why == "Decided January 2027" + (", and the date has passed" if late else "")
    assert thing.records == (heads[0].record,)


def test_decisions_stand_by_when_they_are_due_then_by_their_day_then_by_their_words() -> None:
    given: list[dict[str, Any]] = [
        {"decided": "d", "date": "2027-02"}, {"decided": "c", "date": "2027-01"},
        {"decided": "b", "date": "2027-01"}, {"decided": "a", "date": "2027-02", "by": "2027-06"},
        {"decided": "e", "by": "2027-05"},
    ]  # fmt: skip
    heads = read_heads([written(decision(**one), "2027-03-01") for one in given])
    held = [d.decided for _, d in open_decisions(heads, TODAY)]
    assert held == ["e", "a", "b", "c", "d"]
    assert all(isinstance(d, Decision) for _, d in open_decisions(heads, TODAY))


@pytest.mark.parametrize(("most", "shown"), [(5, 5), (2, 2), (0, 0)])
def test_no_more_things_than_asked_for(most: int, shown: int) -> None:
    heads = read_heads(
        [written(decision(decided=f"{n}"), "2027-03-01", record_id=f"r{n}") for n in range(4)]
    )
    found = [Found("goals", finding(c)) for c in "abc"]
    things = next_things(heads, found, [standing("goals")], TODAY, most)
    assert len(things) == shown
    assert sum(t.decided for t in things) == min(4, shown)


def test_what_was_not_begun_takes_only_the_places_that_are_left() -> None:
    begun, empty = standing("goals"), standing("trust", finding("t"), count=0)
    found = [Found("goals", finding(c)) for c in "abcde"]
    four = next_things([], found[:4], [begun, empty], TODAY)
    assert [t.what for t in four] == ["Do a.", "Do b.", "Do c.", "Do d.", "Do t."]
    assert four[-1].why == "Nothing is written down here yet"
    assert [t.worksheet for t in next_things([], found, [begun, empty], TODAY)] == ["goals"] * 5
    assert [t.worksheet for t in next_things([], [], [empty], TODAY)] == ["trust"]
    # Where nothing has begun and something is decided, no first steps are pressed on anybody.
    heads = read_heads([written(decision(), "2027-03-01")])
    assert [t.decided for t in next_things(heads, [], [empty], TODAY)] == [True]
    bare = next_things([], [], [standing("trust", count=0)], TODAY)
    assert [t.what for t in bare] == ["Fill in this worksheet for the first time."]


def test_only_findings_to_act_on_or_look_into_with_a_step_become_things() -> None:
    found = [
        Found("goals", finding("a", "note")), Found("goals", finding("b", "good")),
        Found("goals", finding("c", "act", step="")), Found("goals", finding("d", "look")),
    ]  # fmt: skip
    assert [t.what for t in next_things([], found, [standing("goals")], TODAY)] == ["Do d."]


def test_findings_stand_serious_first_then_easy_and_none_of_an_empty_practice() -> None:
    goals = standing(
        "goals", finding("a", "look", "months"), finding("b", "look", "minutes"),
        finding("c", "act", "months"),
    )  # fmt: skip
    empty = standing("trust", finding("d"), count=0)
    assert [f.finding.code for f in all_findings([goals, empty])] == ["c", "b", "a"]


# How it stood before ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "basis"),
    [(date(2027, 1, 9), "unknown"), (date(2027, 1, 10), "history"), (date(2027, 1, 11), "history")],
)
def test_what_was_written_on_a_day_stood_at_its_end(day: date, basis: str) -> None:
    revisions = [written(GOAL, "2027-01-10")]
    past = earlier(practice_named("goals"), read_heads(revisions), revisions, day)
    assert past.basis == basis
    assert len(past.heads) == int(basis == "history")


@pytest.mark.parametrize(
    ("when", "counts"),
    [("2026-06-30", True), ("2026-07-01", False), ("2026-06", True), ("2026", True)],
)
def test_what_had_begun_by_a_day_counts_though_it_was_typed_in_later(
    when: str, counts: bool
) -> None:
    revisions = [
        written(GOAL, "2026-01-10"),
        written(Measurement(goal="Reading", date=when, value=50), "2027-01-10"),
    ]
    day = date(2026, 6, 30)
    past = earlier(practice_named("goals"), read_heads(revisions), revisions, day)
    assert (past.basis, len(past.heads)) == ("history", 1 + counts)
    assert ("1 typed in later" in past.why) == counts
    assert ("1 of today's records are newer" in past.why) != counts
    later = earlier(practice_named("goals"), read_heads(revisions), revisions[1:], day)
    assert (later.basis, len(later.heads)) == (("dates", 2) if counts else ("unknown", 0))


def test_the_day_of_writing_is_the_writers_else_the_stores() -> None:
    revision = written(GOAL, "2027-01-10")
    assert written_on(revision) == date(2027, 1, 10)
    stored = replace(revision, client_time="", stored_time="2027-01-12T08:00:00.000Z")
    assert written_on(stored) == date(2027, 1, 12)
    assert written_on(replace(revision, client_time="", stored_time="")) is None
    assert (is_closed("check_in"), is_closed("goal"), is_closed("no such")) == (True, False, False)


# What is not filled in --------------------------------------------------------------------------


def test_records_rivals_and_the_last_day_are_counted() -> None:
    first = written(GOAL, "2027-01-10")
    more = written(Measurement(goal="Reading", date="2026-06", value=50), "2027-01-12")
    held = filled(practice_named("goals"), read_heads([first, more]), [first, more])
    assert (held.records, held.touched) == (2, date(2027, 1, 12))
    assert (held.rivals, held.unread) == (0, 0)
    assert "Measurements" not in held.none
    nothing = filled(practice_named("goals"), [], [])
    assert (nothing.records, nothing.touched, nothing.fields) == (0, None, ())
    now = practice_named("goals").assess((), Context("our-town", TODAY))
    assert not any(now.counts.values())
