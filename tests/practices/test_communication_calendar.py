"""Communication: the calendar, read back by a reader of its own."""

from __future__ import annotations

import re
from base64 import b64decode
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from read_back import parsed
from told_records import AS_OF, HOSTILE, heads

from playbook_helpers.core.assessment import Context
from playbook_helpers.core.errors import InputError
from playbook_helpers.core.partnership import Partnership
from playbook_helpers.practices.communication import Event, Meeting, Message, calendar, rhythm
from playbook_helpers.practices.communication.pages import calendar_html


def test_a_calendar_read_back_holds_what_was_written_down() -> None:
    now = heads(
        Message(
            name="Note, to all; really",
            audience="Parents",
            says="One\\two",
            every_days=14,
            owner="Link worker",
            last_sent="2027-03-25",
        ),
        Meeting(name="Huddle", every_days=10, last_held="2027-01-01"),
        Meeting(name="Once", last_held="2027-01-01"),
        Partnership(name="Our Town", ends="2027-12"),
    )
    about = now[-1].value
    assert isinstance(about, Partnership)
    events = rhythm(now, Context("our-town", AS_OF, about))
    note, huddle = parsed(calendar("Our Town", events, AS_OF))
    assert note["SUMMARY"] == "Note, to all; really"
    assert note["DESCRIPTION"] == "One\\two\nTo: Parents.\nBy: Link worker."
    assert (note["DTSTART"], note["DTEND"]) == ("20270408", "20270409")  # 25 March + 14 days
    assert note["RRULE"] == "FREQ=WEEKLY;INTERVAL=2;UNTIL=20271231"
    assert huddle["DTSTART"] == "20270331"  # overdue: it stands on the day itself
    assert huddle["RRULE"] == "FREQ=DAILY;INTERVAL=10;UNTIL=20271231"
    assert note["UID"] != huddle["UID"]


def test_the_same_records_keep_their_ids_when_they_change() -> None:
    def ids(text: str) -> list[str]:
        return [e["UID"] for e in parsed(text)]

    one = calendar("A", [Event("record-1", "Old name", AS_OF, 7)], AS_OF)
    two = calendar("A", [Event("record-1", "New name", date(2027, 5, 1), 30)], date(2027, 4, 1))
    assert ids(one) == ids(two)


TEXT = st.text(max_size=200) | st.sampled_from(
    [
        HOSTILE,
        "x\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nSUMMARY:y",
        "a\x85END:VCALENDAR",
        "b\u2028ATTENDEE:mailto:x",
        "c\x0bURL:javascript:1",
        "\\nEND:VEVENT",
        "é" * 90,
        "😀" * 40,
        "tail\\",
    ]
)


@given(TEXT, TEXT)
def test_no_text_can_add_a_property_to_the_calendar(title: str, notes: str) -> None:
    (event,) = parsed(calendar(title, [Event("k", title, AS_OF, 7, notes)], AS_OF))
    allowed = {"UID", "DTSTAMP", "DTSTART", "DTEND", "RRULE", "SUMMARY", "DESCRIPTION", "TRANSP"}
    assert set(event) <= allowed
    if title.isprintable():
        assert event["SUMMARY"] == title


def test_an_empty_calendar_is_refused_with_what_to_do() -> None:
    with pytest.raises(InputError, match="nothing to put into a calendar"):
        calendar("Our Town", [], AS_OF)


def test_a_pages_calendar_holds_what_is_due_first_and_says_where_the_rest_is() -> None:
    many = [
        Message(name=f"M{n}", audience="A", every_days=200, last_sent=f"2027-01-{n % 28 + 1:02d}")
        for n in range(200)
    ]
    shown = calendar_html("our-town", "Our Town", heads(*many), Context("our-town", AS_OF)).html()
    assert "150 of 200 rhythms: those due first" in shown
    assert "playbook calendar our-town --to our-town.ics" in shown
    (data,) = re.findall(r'base64,([^"]*)"', shown)
    days = [event["DTSTART"] for event in parsed(b64decode(data).decode())]
    assert len(days) == 150
    # Four days have 8, the rest 7: the 150th is on the 21st. 200 days after that is 9 August.
    assert (min(days), max(days)) == ("20270720", "20270809")
    few = calendar_html("our-town", "Our Town", heads(*many[:3]), Context("our-town", AS_OF)).html()
    assert "(3 rhythms)" in few
    assert "playbook calendar" not in few
