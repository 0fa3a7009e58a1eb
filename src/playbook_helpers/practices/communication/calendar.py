"""The rhythm as a calendar file (.ics, RFC 5545) that calendar programs take in."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from playbook_helpers.core.errors import InputError

# All that some program or other takes for the end of a line, wherever it stands.
_BREAKS = re.compile("\r\n|[\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")


@dataclass(frozen=True, slots=True)
class Event:
    """An all-day event on `day` that comes again every `every_days` days (0: once).

    `until` is the last day on which it may come again; without one it goes on.
    """

    key: str
    title: str
    day: date
    every_days: int = 0
    notes: str = ""
    until: date | None = None


def calendar(name: str, events: Iterable[Event], stamp: date) -> str:
    """The calendar as text, lines ended by CR LF and folded at 75 octets.

    The same records give the same ids, so that taking it in again changes events instead of
    doubling them. All text is escaped: it cannot begin another property. `stamp` is the day it is
    made. Raises InputError without events: an empty calendar is none by the standard.
    """
    listed = list(events)
    if not listed:
        raise InputError(
            "There is nothing to put into a calendar yet",
            value=name,
            allowed="a message or meeting with a number of days after which it comes again",
        )
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Partnership Playbook//Communication//EN",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        f"X-WR-CALNAME:{escaped(name)}",
    ]
    for event in listed:
        digest = hashlib.sha256(event.key.encode()).hexdigest()[:32]
        lines += [
            "BEGIN:VEVENT",
            f"UID:{digest}@partnership-playbook",
            f"DTSTAMP:{stamp:%Y%m%d}T000000Z",
            f"DTSTART;VALUE=DATE:{event.day:%Y%m%d}",
            f"DTEND;VALUE=DATE:{event.day + timedelta(days=1):%Y%m%d}",
        ]
        if event.every_days:
            lines.append(_rule(event))
        lines.append(f"SUMMARY:{escaped(event.title)}")
        if event.notes:
            lines.append(f"DESCRIPTION:{escaped(event.notes)}")
        lines += ["TRANSP:TRANSPARENT", "END:VEVENT"]
    lines.append("END:VCALENDAR")
    return "".join(f"{folded(line)}\r\n" for line in lines)


def _rule(event: Event) -> str:
    """How it comes again: in weeks where it can, as people read their calendars."""
    weeks, rest = divmod(event.every_days, 7)
    rule = f"RRULE:FREQ=DAILY;INTERVAL={event.every_days}"
    if rest == 0:
        rule = f"RRULE:FREQ=WEEKLY;INTERVAL={weeks}"
    if event.until is not None:
        rule += f";UNTIL={max(event.until, event.day):%Y%m%d}"
    return rule


def escaped(text: str) -> str:
    r"""Text as a calendar value: on one line, and without characters that cannot be seen.

    >>> escaped("a, b; c\nEND:VEVENT")
    'a\\, b\\; c\\nEND:VEVENT'
    """
    plain = _BREAKS.sub("\n", text).replace("\t", " ")
    plain = "".join(c for c in plain if c == "\n" or unicodedata.category(c) not in ("Cc", "Cs"))
    for mark in ("\\", ",", ";"):
        plain = plain.replace(mark, f"\\{mark}")
    return plain.replace("\n", "\\n")


def folded(line: str) -> str:
    """A content line in pieces of at most 75 octets, never inside a character."""
    pieces: list[str] = []
    piece = ""
    for character in line:
        room = 75 if not pieces else 74
        if len((piece + character).encode()) > room:
            pieces.append(piece)
            piece = ""
        piece += character
    return "\r\n ".join([*pieces, piece])
