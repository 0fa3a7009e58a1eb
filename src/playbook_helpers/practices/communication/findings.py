"""What the communication records say: who hears nothing, what is late, which story must wait."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from playbook_helpers.core.assessment import Finding, Head
from playbook_helpers.core.partial_dates import last_day, spoken
from playbook_helpers.core.text import folded, listed
from playbook_helpers.practices.communication.consent import Gated
from playbook_helpers.practices.communication.records import Audience, Meeting, Message
from playbook_helpers.practices.communication.rhythm import next_due, times_a_month

HIGH = 4
"""Influence or interest from which an audience needs a message of its own: a reading aid."""
DAY = 8.0
"""Hours of meetings a month, a working day, above which they are looked at: a reading aid."""
SOON = 60
"""Days before the end of a consent at which to ask its teller again: a reading aid."""


def start_findings(counts: Mapping[str, int]) -> Iterable[Finding]:
    """What to write down first."""
    if not counts.get("audience"):
        yield Finding(
            "no_audiences",
            "No audience is written down yet.",
            "note",
            "Begin with the people it is all for, then those who could stop it.",
            "Who would be hurt if they heard of this last?",
            effort="minutes",
        )
    elif not counts.get("message"):
        yield Finding(
            "no_messages",
            "No message is written down yet.",
            "note",
            "Take the audience you owe most, and write what you tell or ask them, and how often.",
            effort="minutes",
        )


def audience_findings(
    audiences: Sequence[tuple[Head, Audience]], messages: Sequence[tuple[Head, Message]]
) -> Iterable[Finding]:
    """Who hears nothing, and who cannot answer."""
    reached = {folded(m.audience) for _, m in messages}
    answered = {folded(m.audience) for _, m in messages if m.asks_back}
    if audiences and not any(a.community for _, a in audiences):
        yield Finding(
            "no_community",
            "None of the audiences is the community itself.",
            "act",
            "Add the people it is all for, in their own words for themselves.",
            "Who speaks about them here, and who speaks with them?",
            effort="minutes",
        )
    for head, a in audiences:
        weighty = a.community or (a.influence or 0) >= HIGH or (a.interest or 0) >= HIGH
        if folded(a.name) not in reached:
            yield Finding(
                "not_reached",
                f"No message is meant for “{a.name}”.",
                "act" if a.community else "look" if weighty else "note",
                "Ask one of them how they would like to hear from you, and how often.",
                "What have they had to find out from others?" if weighty else "",
                records=(head.record,),
            )
        elif a.community and folded(a.name) not in answered:
            yield Finding(
                "only_told",
                f"“{a.name}” are told things, and no message lets them answer.",
                "act",
                "Give one message a way back, and somebody who reads what comes.",
                "What would they say to us if they could?",
                records=(head.record,),
            )
    names = {folded(a.name) for _, a in audiences}
    for head, m in messages:
        if folded(m.audience) not in names:
            yield Finding(
                "unknown_audience",
                f"“{m.name}” goes to “{m.audience}”, which is not among the audiences.",
                "note",
                "Add the audience, or write its name as it stands there.",
                effort="minutes",
                records=(head.record,),
            )


def message_findings(messages: Sequence[tuple[Head, Message]], as_of: date) -> Iterable[Finding]:
    """What is late, has no rhythm, or has nobody to send it."""
    for head, m in messages:
        yield from _lateness(head.record, m.name, f" to {m.audience}", m.last_sent, m, as_of)
        if m.every_days is None or m.last_sent is None:
            missing = "how often it goes out" if m.every_days is None else "when it last went out"
            yield Finding(
                "no_rhythm",
                f"Nothing says {missing}: “{m.name}”.",
                "note",
                "Write a number of days and the last date; then it can be put in the calendar.",
                effort="minutes",
                records=(head.record,),
            )
        if m.owner is None:
            yield Finding(
                "no_owner",
                f"Nobody is named to send “{m.name}”.",
                "look",
                "Name a role.",
                "Who would notice if it did not go out?",
                effort="minutes",
                records=(head.record,),
            )
    dues = [next_due(m.last_sent, m.every_days) for _, m in messages]
    known = [due for due in dues if due is not None]
    if known and min(known) >= as_of and len(known) == len(dues):
        yield Finding(
            "all_on_time",
            f"No message is late ({len(known)} looked at).",
            "good",
            records=tuple(head.record for head, _ in messages),
        )


def _lateness(
    record: str, name: str, to: str, last: str | None, what: Message | Meeting, as_of: date
) -> Iterable[Finding]:
    if last is not None and len(last) == 10 and last_day(last) > as_of:
        yield Finding(
            "not_yet",
            f"The last time of “{name}” is {spoken(last)}, which is still to come.",
            "note",
            "Put in when it really last happened.",
            effort="minutes",
            records=(record,),
        )
    due = next_due(last, what.every_days)
    if due is None or due >= as_of or what.every_days is None:
        return
    days = (as_of - due).days
    was = f"“{name}”{to} was due on {spoken(due.isoformat())}, {_days(days)} ago."
    if isinstance(what, Meeting):
        step = "Hold it, or choose a slower rhythm and say so."
    else:
        step = "Send three honest lines today, or choose a slower rhythm and say so."
    yield Finding(
        "overdue",
        was,
        "act" if days > what.every_days else "look",
        step,
        "What stopped us: time, or not knowing what to say?",
        effort="minutes",
        records=(record,),
    )


def _days(count: int) -> str:
    return "1 day" if count == 1 else f"{count:,} days"


def meeting_findings(meetings: Sequence[tuple[Head, Meeting]], as_of: date) -> Iterable[Finding]:
    """Meetings that take long, are late, have no purpose, or whose notes stay with a few."""
    hours = [m.hours * often for _, m in meetings if m.hours and (often := times_a_month(m))]
    if (load := sum(hours)) > DAY:
        yield Finding(
            "meeting_load",
            f"Somebody who goes to all {len(hours)} meetings sits in them for {load:,.0f} hours a "
            "month, more than a working day.",
            "look",
            "Take the longest, and try a month at half its length or half as often.",
            "Which of them would nobody miss?",
            records=tuple(head.record for head, _ in meetings),
        )
    for head, m in meetings:
        yield from _lateness(head.record, m.name, "", m.last_held, m, as_of)
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
        if m.notes_shared is False:
            yield Finding(
                "notes_kept",
                f"Not all who need the notes of “{m.name}” get them.",
                "look",
                "Send three lines the same day: decided, who, by when.",
                "Who hears what was decided only in the corridor?",
                effort="minutes",
                records=(head.record,),
            )


def story_findings(stories: Sequence[Gated], as_of: date) -> Iterable[Finding]:
    """Stories that may not be told, and consents that need a word with their tellers."""
    shut = sorted((told for told in stories if told.problem), key=lambda t: not t.story.withdrawn)
    if shut:
        back = [f"“{told.story.name}”" for told in shut if told.story.withdrawn]
        said = "; ".join(f"“{told.story.name}” ({told.problem})" for told in shut)
        yield Finding(
            "no_consent",
            f"{'One story' if len(shut) == 1 else f'{len(shut)} stories'} may not be told: {said}.",
            "act" if back or any(told.story.text for told in shut) else "look",
            f"Take {listed(back)} out of whatever it is in, and delete its words here."
            if back
            else "Keep them out of all you send; whoever knows the tellers speaks with them.",
            "What would the teller lose by saying no, and do they know that they would not?",
            records=tuple(told.head.record for told in shut),
        )
    for told in stories:
        name, record = told.story.name, (told.head.record,)
        if told.problem:
            continue
        if told.story.expires is None:
            yield Finding(
                "no_end",
                f"The consent for “{name}” has no end.",
                "look",
                "Agree a day with the teller, such as a year ahead, and ask again then.",
                effort="minutes",
                records=record,
            )
        elif (left := (last_day(told.story.expires) - as_of).days) <= SOON:
            yield Finding(
                "ends_soon",
                f"The consent for “{name}” ends in {_days(left)}.",
                "look",
                "Ask the teller again before then. A no is as welcome as a yes.",
                effort="minutes",
                records=record,
            )


def telling_findings(counts: Counter[str], told: int, measured: int) -> Iterable[Finding]:
    """Numbers without a story, and a story without numbers: each alone persuades badly."""
    if told and not measured:
        yield Finding(
            "story_alone",
            "There are stories to tell and no measurement to set beside them.",
            "look",
            "Add one number that shows how common what they tell of is.",
            "Whose story is not like this one?",
        )
    elif measured and counts["progress_report"] and not told:
        yield Finding(
            "numbers_alone",
            "The reports have numbers, and no story that may be told.",
            "note",
            "Ask one person whether they would like to say in their own words what changed.",
        )
