"""Communication at its edges: the day itself, the number from which something is said."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from told_records import heads

from playbook_helpers.core.assessment import Assessment, Context, Finding
from playbook_helpers.core.partnership import Partnership
from playbook_helpers.core.records import Record
from playbook_helpers.practices.communication import (
    Audience,
    Meeting,
    Message,
    ProgressReport,
    Story,
    assess,
    calendar,
    place_for,
    rhythm,
)
from playbook_helpers.practices.communication.calendar import Event
from playbook_helpers.practices.communication.calendar import folded as line_folded
from playbook_helpers.practices.communication.pieces import (
    Document,
    Entry,
    Link,
    Part,
    Source,
    number_words,
)
from playbook_helpers.practices.communication.rhythm import times_a_month
from playbook_helpers.practices.goals import Measurement

DAY = date(2027, 3, 31)


def worked_out(*records: Record, as_of: date = DAY) -> Assessment:
    return assess(heads(*records), Context("our-town", as_of))


def found(assessment: Assessment, code: str) -> list[Finding]:
    return [f for f in assessment.findings if f.code == code]


def note(last: str | None = "2027-03-01", every: int | None = 30, **more: Any) -> Message:
    return Message(name="Note", audience="Parents", every_days=every, last_sent=last, **more)


# When something is late -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("as_of", "severity", "over", "left"),
    [
        (date(2027, 3, 30), None, 0, 1),
        (date(2027, 3, 31), None, 0, 0),
        (date(2027, 4, 1), "look", 1, 0),
        (date(2027, 4, 30), "look", 30, 0),  # a whole rhythm late
        (date(2027, 5, 1), "act", 31, 0),
    ],
)
def test_a_message_is_late_from_the_day_after_and_urgent_after_a_whole_rhythm(
    as_of: date, severity: str | None, over: int, left: int
) -> None:
    held = worked_out(note(), as_of=as_of)
    assert [f.severity for f in found(held, "overdue")] == ([severity] if severity else [])
    (row,) = held.rows["messages"]
    assert (row["days_over"], row["days_left"]) == (over, left)
    assert bool(found(held, "all_on_time")) == (severity is None)
    assert held.measure("overdue").value == (100 if severity else 0)


def test_all_on_time_is_said_only_where_each_message_can_be_told() -> None:
    assert not found(worked_out(note(), note(None)), "all_on_time")
    assert not found(worked_out(note(), note("2027-02-01")), "all_on_time")
    assert not found(worked_out(), "all_on_time")
    assert [f.sentence for f in found(worked_out(note(), note("2027-03-09")), "all_on_time")] == [
        "No message is late (2 looked at)."
    ]


@pytest.mark.parametrize(
    ("last", "told"),
    [("2027-03-31", False), ("2027-04-01", True), ("2027-04", False), ("2028", False)],
)
def test_only_a_day_that_is_still_to_come_is_no_last_time(last: str, told: bool) -> None:
    assert bool(found(worked_out(note(last)), "not_yet")) == told
    meeting = Meeting(name="Team", last_held=last)
    assert bool(found(worked_out(meeting), "not_yet")) == told


@pytest.mark.parametrize(
    ("every", "last", "missing"),
    [
        (30, "2027-03", None),
        (None, "2027-03", "how often it goes out"),
        (30, None, "when it last went out"),
        (None, None, "how often it goes out"),
    ],
)
def test_what_a_rhythm_lacks_is_named(
    every: int | None, last: str | None, missing: str | None
) -> None:
    got = [f.sentence for f in found(worked_out(note(last, every)), "no_rhythm")]
    assert got == ([f"Nothing says {missing}: “Note”."] if missing else [])


def test_a_sender_is_asked_for_only_where_none_is_named() -> None:
    assert found(worked_out(note()), "no_owner")
    assert not found(worked_out(note(owner="Clerk")), "no_owner")


# Meetings ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("hours", "per_month", "told"),
    [(8, 1, False), (8.1, 1, True), (2, 4, False), (2, 4.1, True)],
)
def test_more_than_a_working_day_of_meetings_a_month_is_told(
    hours: float, per_month: float, told: bool
) -> None:
    meeting = Meeting(name="Team", hours=hours, per_month=per_month, people=3)
    held = worked_out(meeting)
    assert bool(found(held, "meeting_load")) == told
    (row,) = held.rows["meetings"]
    assert row["hours_each"] == pytest.approx(hours * per_month)
    assert row["hours_all"] == pytest.approx(3 * hours * per_month)


def test_a_meeting_of_unknown_length_or_rhythm_counts_as_missing() -> None:
    held = worked_out(
        Meeting(name="a", hours=2, per_month=2, people=5),
        Meeting(name="b", hours=2, per_month=1),
        Meeting(name="c", per_month=1, people=4),
        Meeting(name="d", hours=1, people=4),
    )
    each, together = held.measure("meeting_hours_each"), held.measure("meeting_hours")
    assert (each.value, each.n, each.missing) == (6, 2, 2)  # 2 x 2 + 2 x 1
    assert (together.value, together.n, together.missing) == (20, 1, 3)  # 2 x 2 x 5


def test_how_often_a_month_is_as_written_down_before_it_is_worked_out() -> None:
    assert times_a_month(Meeting(name="a", per_month=2, every_days=7)) == 2
    # 365.2425 / 12 = 30.436875 days a month
    assert times_a_month(Meeting(name="a", every_days=10)) == pytest.approx(3.0436875)
    assert times_a_month(Meeting(name="a")) is None


@pytest.mark.parametrize(("shared", "told"), [(None, False), (True, False), (False, True)])
def test_notes_that_are_kept_are_told_and_silence_on_them_is_not(
    shared: bool | None, told: bool
) -> None:
    held = worked_out(Meeting(name="Team", notes_shared=shared))
    assert bool(found(held, "notes_kept")) == told
    assert found(held, "no_purpose")
    assert not found(worked_out(Meeting(name="Team", purpose="Decide")), "no_purpose")


# Audiences --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("influence", "interest", "place"),
    [
        (4, 4, "work with them closely"),
        (4, 3, "keep them on your side"),
        (3, 4, "keep in touch and listen"),
        (3, 3, "let them find you"),
        (None, 4, "not placed yet"),
        (4, None, "not placed yet"),
    ],
)
def test_an_audience_is_placed_from_four_on(
    influence: int | None, interest: int | None, place: str
) -> None:
    audience = Audience(name="Council", influence=influence, interest=interest)
    assert place_for(audience) == place
    held = worked_out(audience)
    weighty = 4 in (influence, interest)
    assert [f.severity for f in found(held, "not_reached")] == ["look" if weighty else "note"]
    strong = held.measure("covered_strong")
    assert (strong.n, strong.missing) == (int(influence == 4), int(influence is None))
    assert strong.value == (0 if influence == 4 else None)


def test_who_is_reached_and_who_can_answer_is_told_by_the_messages() -> None:
    held = worked_out(
        Audience(name="Parents", community=True),
        Audience(name="Council"),
        Audience(name="Youth", community=True),
        note(),
        Message(name="Line", audience="youth", asks_back=True),
        Message(name="Sheet", audience="Press"),
    )
    assert [(r["messages"], r["reached"], r["can_answer"]) for r in held.rows["audiences"]] == [
        (1, True, False), (0, False, False), (1, True, True),
    ]  # fmt: skip
    assert [f.sentence[:9] for f in found(held, "only_told")] == ["“Parents”"]
    assert [f.severity for f in found(held, "not_reached")] == ["note"]
    assert [f.records for f in found(held, "unknown_audience")] == [(held_id(held, "Sheet"),)]
    assert held.measure("covered").value == pytest.approx(200 / 3)
    answers = held.measure("community_answers")
    assert (answers.value, answers.n) == (50, 2)
    assert not found(held, "no_community")


def held_id(assessment: Assessment, name: str) -> str:
    return next(str(r["record"]) for r in assessment.rows["messages"] if r["name"] == name)


# Stories ----------------------------------------------------------------------------------------


def story(expires: str | None, **more: Any) -> Story:
    agreed: dict[str, Any] = {"consent": True, "reviewed": True, "scope": "public"}
    return Story(name="Bus", text="I was", expires=expires, **(agreed | more))


@pytest.mark.parametrize(
    ("days", "code"),
    [(-1, "no_consent"), (0, "ends_soon"), (60, "ends_soon"), (61, None)],
)
def test_a_consent_is_asked_for_again_within_its_last_sixty_days(
    days: int, code: str | None
) -> None:
    held = worked_out(story((DAY + timedelta(days=days)).isoformat()))
    got = {f.code for f in held.findings} & {"no_consent", "ends_soon", "no_end"}
    assert got == ({code} if code else set())
    assert held.measure("stories").value == (0 if days < 0 else 1)
    assert found(worked_out(story(None)), "no_end")


@pytest.mark.parametrize(
    ("given", "severity"),
    [
        ({"consent": False}, "act"),  # its words are kept all the same
        ({"consent": False, "text": None}, "look"),
        ({"withdrawn": True, "text": None}, "act"),
    ],
)
def test_words_kept_without_consent_are_to_act_on(given: dict[str, Any], severity: str) -> None:
    held = worked_out(Story(**({"name": "Bus", "text": "I was"} | given)))
    assert [f.severity for f in found(held, "no_consent")] == [severity]


def test_a_story_and_a_number_are_each_missed_beside_the_other() -> None:
    number = Measurement(goal="Reading", date="2027-01", value=4)
    report = ProgressReport(period="Spring")
    yes = story(None)
    alone = [found(worked_out(*held), "story_alone") for held in ([yes], [yes, number], [number])]
    assert [bool(f) for f in alone] == [True, False, False]
    bare = [
        found(worked_out(*held), "numbers_alone")
        for held in ([number, report], [number], [report], [number, report, yes])
    ]
    assert [bool(f) for f in bare] == [True, False, False, False]


# The calendar -----------------------------------------------------------------------------------


def test_events_begin_today_where_they_are_late_and_end_with_the_partnership() -> None:
    held = heads(note("2027-01-01"), Meeting(name="Team", every_days=7, last_held="2027-03-30"))
    late, meeting = rhythm(held, Context("our-town", DAY))
    assert (late.day, late.every_days, late.notes) == (DAY, 30, "To: Parents.")
    assert meeting.day == date(2027, 4, 6)
    assert meeting.until == date(2029, 3, 31)  # 731 days on, with 29 February 2028 among them
    for ends, names in (
        ("2027-04-06", ["Note", "Team"]),
        ("2027-04-05", ["Note"]),
        ("2027-03-31", ["Note"]),
        ("2027-03-30", []),
    ):
        context = Context("our-town", DAY, Partnership(name="Our town", ends=ends))
        assert [event.title for event in rhythm(held, context)] == names


@pytest.mark.parametrize(
    ("every", "rule"),
    [
        (0, None),
        (6, "RRULE:FREQ=DAILY;INTERVAL=6"),
        (7, "RRULE:FREQ=WEEKLY;INTERVAL=1"),
        (14, "RRULE:FREQ=WEEKLY;INTERVAL=2"),
        (15, "RRULE:FREQ=DAILY;INTERVAL=15"),
    ],
)
def test_whole_weeks_come_again_in_weeks_and_others_in_days(every: int, rule: str | None) -> None:
    lines = calendar("A", [Event("k", "Note", DAY, every)], DAY).split("\r\n")
    assert [line for line in lines if line.startswith("RRULE")] == ([rule] if rule else [])
    assert "DTSTART;VALUE=DATE:20270331" in lines
    assert "DTEND;VALUE=DATE:20270401" in lines
    # 32 of the 64 signs of the key's SHA-256
    (uid,) = (line for line in lines if line.startswith("UID:"))
    assert len(uid) == len("UID:") + 32 + len("@partnership-playbook")


def test_a_rule_never_ends_before_its_first_day() -> None:
    for until, end in ((DAY - timedelta(days=1), "20270331"), (date(2027, 4, 2), "20270402")):
        text = calendar("A", [Event("k", "Note", DAY, 1, until=until)], DAY)
        assert f";UNTIL={end}\r\n" in text


@pytest.mark.parametrize(
    ("line", "sizes"),
    [
        ("a" * 75, [75]),
        ("a" * 76, [75, 2]),  # what goes on begins with a blank
        ("a" * (75 + 74), [75, 75]),
        ("a" * (75 + 75), [75, 75, 2]),
        ("a" * 74 + "é", [74, 3]),
    ],
)
def test_a_line_of_a_calendar_has_75_octets_at_most(line: str, sizes: list[int]) -> None:
    assert [len(part.encode()) for part in line_folded(line).split("\r\n")] == sizes


# The report's pieces ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (0.994, "0.99"), (0.999, "1"), (1.0, "1"), (1.04, "1"), (1.06, "1.1"), (-1.06, "-1.1"),
        (999.94, "999.9"), (1000.4, "1,000"), (1000.0, "1,000"), (0.004, "0"), (-0.004, "0"),
        (100.0, "100"),
    ],
)  # fmt: skip
def test_large_numbers_have_no_decimals_and_small_ones_two(value: float, words: str) -> None:
    assert number_words(value) == words


@pytest.mark.parametrize(
    ("count", "beyond"), [(30, ""), (31, "And 1 more records."), (1032, "And 1,002 more records.")]
)
def test_thirty_records_of_a_number_are_named_and_the_others_counted(
    count: int, beyond: str
) -> None:
    entry = Entry("a", tuple(Source(f"r{n}", "x", "x", "") for n in range(count)))
    assert (len(entry.shown), entry.beyond) == (30, beyond)


def test_items_stand_together_and_every_other_part_apart() -> None:
    parts = (
        Part("heading", "A"), Part("item", "b"), Part("item", Link("5", "r-1")),
        Part("item", Link("6", "r-1", "r-2")), Part("text", "c"), Part("item", "d"),
    )  # fmt: skip
    sources = {"r-1": Source("r-1", "Count", "five", "Sheet"), "r-2": Source("r-2", "Sum", "x", "")}
    assert Document("T", parts, sources).markdown() == (
        "# T\n\n## A\n\n- b\n- [5](#record-r-1)\n- [6](#records-2-r-1)\n\nc\n\n- d\n\n"
        "## Where the numbers come from\n\n"
        '1. <a id="record-r-1"></a>Count: five. Sheet Record r-1\n'
        '2. <a id="records-2-r-1"></a>Count: five. Sheet Record r-1; Sum: x. Record r-2\n'
    )
