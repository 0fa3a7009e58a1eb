"""A calendar and a page read back by readers of their own, for the tests of communication."""

from __future__ import annotations

import re
from html.parser import HTMLParser


def parsed(text: str) -> list[dict[str, str]]:
    """The events of a calendar, read by the rules of RFC 5545 alone (sections 3.1 and 3.3.11)."""
    assert text.endswith("\r\n")
    raw = text.split("\r\n")
    assert all(len(line.encode()) <= 75 for line in raw)
    # Readers that break lines at every separator Unicode knows must see the same lines.
    assert text.splitlines() == raw[:-1]
    lines: list[str] = []
    for line in raw[:-1]:
        if line.startswith(" "):
            lines[-1] += line[1:]
        else:
            lines.append(line)
    assert (lines[0], lines[-1]) == ("BEGIN:VCALENDAR", "END:VCALENDAR")
    # Section 3.6: both once, and no calendar without an event.
    assert lines.count("VERSION:2.0") == 1
    assert sum(line.startswith("PRODID:") for line in lines) == 1
    events: list[dict[str, str]] = []
    inside = False
    for line in lines[1:-1]:
        name, _, value = line.partition(":")
        name = name.split(";")[0]
        if line == "BEGIN:VEVENT":
            assert not inside
            inside = True
            events.append({})
        elif line == "END:VEVENT":
            assert inside
            inside = False
        elif inside:
            assert name not in events[-1]
            assert re.fullmatch(r"[A-Z-]+", name)
            events[-1][name] = unescaped(value)
    assert not inside
    assert events
    for event in events:  # section 3.6.1: what every event has to have
        assert event["UID"]
        assert re.fullmatch(r"\d{8}T\d{6}Z", event["DTSTAMP"])
        assert re.fullmatch(r"\d{8}", event["DTSTART"])
    assert len({event["UID"] for event in events}) == len(events)
    return events


def unescaped(value: str) -> str:
    return re.sub(r"\\(.)", lambda m: "\n" if m[1] in "nN" else m[1], value)


class Page(HTMLParser):
    """The ids and the links of a page, and every run of text that lies outside a link."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.links: list[tuple[str, str]] = []
        self.tags: set[str] = set()
        self._open = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        self.tags.add(tag)
        self.ids += [told["id"] or ""] if "id" in told else []
        if tag == "a":
            self._open = told.get("href") or ""

    def handle_endtag(self, tag: str) -> None:
        self._open = "" if tag == "a" else self._open

    def handle_data(self, data: str) -> None:
        if self._open:
            self.links.append((self._open, data))
