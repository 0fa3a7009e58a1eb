"""What the communication worksheet works out: what is overdue, who hears nothing, what it takes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date

from playbook_helpers.core.assessment import (
    Assessment,
    Context,
    Head,
    Measure,
    current,
    of_type,
    sorted_findings,
)
from playbook_helpers.core.text import folded
from playbook_helpers.practices.communication.consent import Gated, gated
from playbook_helpers.practices.communication.findings import (
    HIGH,
    audience_findings,
    meeting_findings,
    message_findings,
    start_findings,
    story_findings,
    telling_findings,
)
from playbook_helpers.practices.communication.records import (
    CHANNELS,
    SCOPES,
    Audience,
    Meeting,
    Message,
)
from playbook_helpers.practices.communication.rhythm import next_due, times_a_month
from playbook_helpers.practices.communication.rows import (
    AudienceRow,
    MeetingRow,
    MessageRow,
    Rows,
    StoryRow,
)


def assess(heads: Iterable[Head], context: Context) -> Assessment:
    """The assessment of one partnership's communication as of `context.as_of`."""
    every = list(heads)
    now = current(every)
    as_of = context.as_of
    counts = Counter(head.kind for head in now if head.practice == "communication")
    audiences = of_type(now, Audience)
    messages = of_type(now, Message)
    meetings = of_type(now, Meeting)
    stories = gated(every, None, as_of)
    sent = Counter(folded(m.audience) for _, m in messages)
    asked = {folded(m.audience) for _, m in messages if m.asks_back}
    rows: Rows = {
        "audiences": tuple(_audience_row(h, a, sent, asked) for h, a in audiences),
        "messages": tuple(_message_row(h, m, as_of) for h, m in messages),
        "meetings": tuple(_meeting_row(h, m, as_of) for h, m in meetings),
        "stories": tuple(_story_row(told) for told in stories),
    }
    measured = sum(head.kind == "measurement" for head in now)
    tellable = sum(not told.problem for told in stories)
    findings = [
        *start_findings(counts),
        *audience_findings(audiences, messages),
        *message_findings(messages, as_of),
        *meeting_findings(meetings, as_of),
        *story_findings(stories, as_of),
        *telling_findings(counts, tellable, measured),
    ]
    return Assessment(
        practice="communication",
        partnership=context.slug,
        as_of=as_of,
        measures=(
            *_message_measures(rows["messages"], rows["audiences"]),
            *_meeting_measures(rows["meetings"]),
            _story_measure(rows["stories"]),
        ),
        findings=sorted_findings(findings),
        rows=rows,
        counts=dict(counts),
    )


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


def _audience_row(head: Head, a: Audience, sent: Counter[str], asked: set[str]) -> AudienceRow:
    name = folded(a.name)
    return {
        "record": head.record,
        "name": a.name,
        "community": a.community,
        "influence": a.influence,
        "interest": a.interest,
        "place": place_for(a),
        "messages": sent[name],
        "reached": name in sent,
        "can_answer": name in asked,
    }


def _message_row(head: Head, m: Message, as_of: date) -> MessageRow:
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
        "days_over": None if due is None else max(0, (as_of - due).days),
        "days_left": None if due is None else max(0, (due - as_of).days),
        "asks_back": m.asks_back,
    }


def _meeting_row(head: Head, m: Meeting, as_of: date) -> MeetingRow:
    often = times_a_month(m)
    each = m.hours * often if m.hours is not None and often is not None else None
    due = next_due(m.last_held, m.every_days)
    return {
        "record": head.record,
        "name": m.name,
        "people": m.people,
        "hours": m.hours,
        "per_month": often,
        "hours_each": each,
        "hours_all": each * m.people if each is not None and m.people is not None else None,
        "next_due": due.isoformat() if due else None,
        "purpose": m.purpose,
    }


def _story_row(told: Gated) -> StoryRow:
    """What may be known of a story: its name and its consent, never its text."""
    return {
        "record": told.head.record,
        "name": told.story.name,
        "scope": SCOPES[told.story.scope] if told.story.scope else None,
        "expires": told.story.expires,
        "may_be_told": not told.problem,
        "problem": told.problem or None,
    }


def _message_measures(
    messages: Sequence[MessageRow], audiences: Sequence[AudienceRow]
) -> Iterable[Measure]:
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
    yield _share(
        "covered",
        "Audiences with a message of their own",
        [bool(row["reached"]) for row in audiences],
        "no audience is written down yet",
    )
    yield _share(
        "covered_strong",
        "Audiences of high influence with a message of their own",
        [
            bool(r["reached"])
            for r in audiences
            if isinstance(i := r["influence"], int) and i >= HIGH
        ],
        "no audience has an influence of 4 or 5 yet",
        missing=sum(row["influence"] is None for row in audiences),
    )
    yield _share(
        "community_answers",
        "Community audiences that can answer back",
        [bool(row["can_answer"]) for row in audiences if row["community"]],
        "no audience is marked as the community itself",
    )


def _share(name: str, label: str, held: Sequence[bool], empty: str, missing: int = 0) -> Measure:
    share = 100 * sum(held) / len(held) if held else None
    return Measure(name, label, share, "%", len(held), missing, note="" if held else empty)


def _meeting_measures(meetings: Sequence[MeetingRow]) -> Iterable[Measure]:
    for name, found, label, what in (
        (
            "meeting_hours",
            [row["hours_all"] for row in meetings],
            "Hours spent in meetings each month, all people together",
            "people, hours and how often",
        ),
        (
            "meeting_hours_each",
            [row["hours_each"] for row in meetings],
            "Hours a month for somebody who goes to all of them",
            "hours and how often",
        ),
    ):
        hours = [v for v in found if v is not None]
        yield Measure(
            name,
            label,
            sum(hours) if hours else None,
            "hours",
            len(hours),
            len(meetings) - len(hours),
            note="" if hours else f"no meeting has {what} yet",
        )


def _story_measure(stories: Sequence[StoryRow]) -> Measure:
    return Measure(
        "stories",
        "Stories that may be told",
        float(sum(bool(row["may_be_told"]) for row in stories)) if stories else None,
        "stories",
        len(stories),
        note="each in its own circle only" if stories else "no story is written down yet",
    )
