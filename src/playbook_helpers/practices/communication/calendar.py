"""The rhythm as a calendar file (.ics, RFC 5545) that calendar programs take in."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True, slots=True)
class Event:
    """An all-day event on `day` that comes again every `every_days` days (0: once)."""

    key: str
    title: str
    day: date
    every_days: int = 0
    notes: str = ""


def calendar(name: str, events: Iterable[Event], stamp: date) -> str:
    """The calendar as text, lines ended by CR LF and folded at 75 octets.

    The same records give the same ids, so that taking it in again changes events instead of
    doubling them. All text is escaped: it cannot begin another property.
    """
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Partnership Playbook//Communication//EN",
        "CALSCALE:GREGORIAN",
        f"X-WR-CALNAME:{escaped(name)}",
    ]
    for event in events:
        digest = hashlib.sha256(event.key.encode()).hexdigest()[:32]
        lines += [
            "BEGIN:VEVENT",
            f"UID:{digest}@partnership-playbook",
            f"DTSTAMP:{stamp:%Y%m%d}T000000Z",
            f"DTSTART;VALUE=DATE:{event.day:%Y%m%d}",
            f"DTEND;VALUE=DATE:{event.day + timedelta(days=1):%Y%m%d}",
        ]
        if event.every_days:
            lines.append(f"RRULE:FREQ=DAILY;INTERVAL={event.every_days};COUNT=24")
        lines.append(f"SUMMARY:{escaped(event.title)}")
        if event.notes:
            lines.append(f"DESCRIPTION:{escaped(event.notes)}")
        lines += ["TRANSP:TRANSPARENT", "END:VEVENT"]
    lines.append("END:VCALENDAR")
    return "".join(f"{folded(line)}\r\n" for line in lines)


def escaped(text: str) -> str:
    r"""Text as a calendar value.

    >>> escaped("a, b; c\nEND:VEVENT")
    'a\\, b\\; c\\nEND:VEVENT'
    """
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
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
