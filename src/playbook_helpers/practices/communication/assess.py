"""What the communication worksheet works out: what is overdue, who hears nothing, what it takes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from playbook_helpers.assessment import (
    Assessment,
    Context,
    Finding,
    Head,
    Measure,
    Row,
    current,
    of_type,
    sorted_findings,
)
from playbook_helpers.practices.communication.calendar import Event
from playbook_helpers.practices.communication.consent import consent_problem
from playbook_helpers.practices.communication.records import (
    CHANNELS,
    Audience,
    Meeting,
    Message,
    Story,
)
from playbook_helpers.whens import last_day, spoken

HIGH = 4
"""Influence or interest from which an audience needs a message of its own: a reading aid."""


def assess(heads: Iterable[Head], context: Context) -> Assessment:
    """The assessment of one partnership's communication as of `context.as_of`."""
    now = current(heads)
    counts = Counter(head.kind for head in now if head.practice == "communication")
    audiences = of_type(now, Audience)
    messages = of_type(now, Message)
    meetings = of_type(now, Meeting)
    stories = of_type(now, Story)
    reached = {_fold(m.audience) for _, m in messages}
    rows: dict[str, tuple[Row, ...]] = {
        "audiences": tuple(_audience_row(h, a, _fold(a.name) in reached) for h, a in audiences),
        "messages": tuple(_message_row(h, m, context.as_of) for h, m in messages),
        "meetings": tuple(_meeting_row(h, m) for h, m in meetings),
        "stories": tuple(_story_row(h, s, context.as_of) for h, s in stories),
    }
    findings = [
        *_start_findings(counts),
        *_audience_findings(audiences, messages, reached),
        *(f for h, m in messages for f in _message_findings(h, m, context.as_of)),
        *_meeting_findings(meetings),
        *(f for h, s in stories for f in _story_findings(h, s, context.as_of)),
    ]
    return Assessment(
        practice="communication",
        partnership=context.slug,
        as_of=context.as_of,
        measures=tuple(_measures(rows, meetings)),
        findings=sorted_findings(findings),
        rows=rows,
        counts=dict(counts),
    )


def next_due(last: str | None, every_days: int | None) -> date | None:
    """When something is due again; None where its rhythm or its last time is not known.

    >>> next_due("2027-03-01", 30)
    datetime.date(2027, 3, 31)
    """
    if last is None or every_days is None:
        return None
    return last_day(last) + timedelta(days=every_days)


def place_for(audience: Audience) -> str:
    """How to keep an audience in mind; the community itself is never only told.

    >>> place_for(Audience(name="Parents", community=True, influence=1, interest=5))
    'decide with them'
    """
    influence, interest = audience.influence, audience.interest
    if audience.community:
        return "decide with them"
    if influence is None or interest is None:
        return "not placed yet"
    if influence >= HIGH:
        return "work with them closely" if interest >= HIGH else "keep them on your side"
    return "keep in touch and listen" if interest >= HIGH else "let them find you"


def rhythm(heads: Iterable[Head], context: Context) -> tuple[Event, ...]:
    """The events of the calendar: each message and meeting that has a rhythm, from its next time."""
    now = current(heads)
    events = []
    for head, message in of_type(now, Message):
        due = next_due(message.last_sent, message.every_days)
        if message.every_days:
            day = max(due or context.as_of, context.as_of)
            notes = " ".join(t for t in (message.says, _by(message.owner)) if t)
            events.append(Event(head.record, message.name, day, message.every_days, notes))
    for head, meeting in of_type(now, Meeting):
        due = next_due(meeting.last_held, meeting.every_days)
        if meeting.every_days:
            day = max(due or context.as_of, context.as_of)
            notes = " ".join(t for t in (meeting.purpose, _by(meeting.owner)) if t)
            events.append(Event(head.record, meeting.name, day, meeting.every_days, notes))
    return tuple(events)


def _by(owner: str | None) -> str:
    return f"By: {owner}." if owner else ""


def _fold(name: str) -> str:
    return " ".join(name.split()).casefold()


def _audience_row(head: Head, a: Audience, reached: bool) -> Row:
    return {
        "record": head.record,
        "name": a.name,
        "community": a.community,
        "influence": a.influence,
        "interest": a.interest,
        "place": place_for(a),
        "reached": reached,
    }


def _message_row(head: Head, m: Message, as_of: date) -> Row:
    due = next_due(m.last_sent, m.every_days)
    return {
        "record": head.record,
        "name": m.name,
        "audience": m.audience,
        "channel": CHANNELS[m.channel] if m.channel else None,
        "every_days": m.every_days,
        "owner": m.owner,
        "last_sent": m.last_sent,
        "next_due": due.isoformat() if due else None,
        "days_over": (as_of - due).days if due and due < as_of else 0,
        "asks_back": m.asks_back,
    }


def _meeting_row(head: Head, m: Meeting) -> Row:
    each = m.hours * m.per_month if m.hours is not None and m.per_month is not None else None
    return {
        "record": head.record,
        "name": m.name,
        "people": m.people,
        "hours": m.hours,
        "per_month": m.per_month,
        "hours_each": each,
        "hours_all": each * m.people if each is not None and m.people is not None else None,
    }


def _story_row(head: Head, s: Story, as_of: date) -> Row:
    """What may be known of a story: its name and its consent, never its text."""
    return {
        "record": head.record,
        "name": s.name,
        "scope": s.scope,
        "expires": s.expires,
        "problem": consent_problem(s, s.scope or "inside", as_of),
    }


def _measures(
    rows: dict[str, tuple[Row, ...]], meetings: Sequence[tuple[Head, Meeting]]
) -> Iterable[Measure]:
    messages = rows["messages"]
    known = [row for row in messages if row["next_due"] is not None]
    over = sum(bool(row["days_over"]) for row in known)
    yield Measure(
        "overdue",
        "Messages that are overdue",
        100 * over / len(known) if known else None,
        "%",
        len(known),
        len(messages) - len(known),
        note="" if known else "no message has both a rhythm and a last time yet",
    )
    audiences = rows["audiences"]
    yield Measure(
        "covered",
        "Audiences with a message of their own",
        100 * sum(bool(r["reached"]) for r in audiences) / len(audiences) if audiences else None,
        "%",
        len(audiences),
        note="" if audiences else "no audience is written down yet",
    )
    counted = [row for row in rows["meetings"] if isinstance(row["hours_all"], float | int)]
    total = sum(float(row["hours_all"] or 0) for row in counted)
    yield Measure(
        "meeting_hours",
        "Hours spent in meetings each month, all people together",
        total if counted else None,
        "hours",
        len(counted),
        len(meetings) - len(counted),
        note="" if counted else "no meeting has people, hours and rhythm yet",
    )
    each = sum(float(row["hours_each"] or 0) for row in counted)
    yield Measure(
        "meeting_hours_each",
        "Hours a month for somebody who goes to all of them",
        each if counted else None,
        "hours",
        len(counted),
        len(meetings) - len(counted),
    )


def _start_findings(counts: Counter[str]) -> Iterable[Finding]:
    if not counts["audience"]:
        yield Finding(
            "no_audiences",
            "No audience is written down yet.",
            "note",
            "Begin with the people it is all for, then those who could stop it.",
            effort="minutes",
        )


def _audience_findings(
    audiences: Sequence[tuple[Head, Audience]],
    messages: Sequence[tuple[Head, Message]],
    reached: set[str],
) -> Iterable[Finding]:
    answered = {_fold(m.audience) for _, m in messages if m.asks_back}
    for head, a in audiences:
        weighty = a.community or (a.influence or 0) >= HIGH or (a.interest or 0) >= HIGH
        if _fold(a.name) not in reached:
            yield Finding(
                "not_reached",
                f"Nothing is said to {a.name} in any rhythm.",
                "act" if a.community else "look" if weighty else "note",
                "Ask one of them how they would like to hear from you, and how often.",
                records=(head.record,),
            )
        elif a.community and _fold(a.name) not in answered:
            yield Finding(
                "only_told",
                f"{a.name} are told things, and no message lets them answer.",
                "act",
                "Give one message a way back, and somebody who reads what comes.",
                "What would they say to us if they could?",
                records=(head.record,),
            )
    names = {_fold(a.name) for _, a in audiences}
    for head, m in messages:
        if _fold(m.audience) not in names:
            yield Finding(
                "unknown_audience",
                f"“{m.name}” goes to “{m.audience}”, which is not among the audiences.",
                "note",
                "Add the audience, or write its name as it stands there.",
                effort="minutes",
                records=(head.record,),
            )


def _message_findings(head: Head, m: Message, as_of: date) -> Iterable[Finding]:
    due = next_due(m.last_sent, m.every_days)
    if due is not None and due < as_of:
        days = (as_of - due).days
        yield Finding(
            "overdue",
            f"“{m.name}” to {m.audience} was due on {spoken(due.isoformat())}, {days} days ago.",
            "act" if m.every_days and days > m.every_days else "look",
            "Send three honest lines today, or choose a slower rhythm and say so.",
            effort="minutes",
            records=(head.record,),
        )
    if m.owner is None:
        yield Finding(
            "no_owner",
            f"Nobody is named to send “{m.name}”.",
            "look",
            "Name a role.",
            effort="minutes",
            records=(head.record,),
        )


def _meeting_findings(meetings: Sequence[tuple[Head, Meeting]]) -> Iterable[Finding]:
    for head, m in meetings:
        if m.purpose is None:
            yield Finding(
                "no_purpose",
                f"Nothing says what is decided or made at “{m.name}”.",
                "look",
                "Write it in one line, or try a month without it.",
                "Who would miss it?",
                effort="minutes",
                records=(head.record,),
            )


def _story_findings(head: Head, s: Story, as_of: date) -> Iterable[Finding]:
    problem = consent_problem(s, s.scope or "inside", as_of)
    if problem:
        yield Finding(
            "no_consent",
            f"The story “{s.name}” may not be told: {problem}.",
            "act",
            "Take it out of whatever it is in, and speak with its teller.",
            records=(head.record,),
        )
