"""The feedback loop: what was heard, what was decided, what was done, and whether people know."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from statistics import median

from playbook_helpers.core.assessment import Finding, Head, Measure, of_type
from playbook_helpers.core.partial_dates import first_day, last_day, spoken
from playbook_helpers.practices.community.records import OUTCOMES, Heard
from playbook_helpers.practices.community.rows import HeardRow, LoopRow

STALE_DAYS = 60
"""Days after which something heard and not answered is called overdue: a reading aid."""
MOST_LISTED = 12
"""So many open loops are named one by one; the rest are counted."""
Item = tuple[Head, Heard]


def heard_by(now: Sequence[Head], as_of: date) -> list[Item]:
    """What had been heard by `as_of`, the oldest first; what has no date last."""
    begun = [(h, r) for h, r in of_type(now, Heard) if _by(r.heard_on, as_of) or not r.heard_on]
    return sorted(begun, key=lambda item: last_day(item[1].heard_on or "9999"))


def _by(when: str | None, as_of: date) -> bool:
    return when is not None and first_day(when) <= as_of


def is_decided(heard: Heard, as_of: date) -> bool:
    """Whether it was decided by then; a decision without a date counts as made."""
    decided = heard.outcome not in (None, "open")
    return decided and (heard.decided_on is None or _by(heard.decided_on, as_of))


def is_told(heard: Heard, as_of: date) -> bool:
    """Whether people had been told by then."""
    return _by(heard.told_on, as_of)


def is_done(heard: Heard, as_of: date) -> bool:
    """Whether what was decided had been done by then."""
    return _by(heard.done_on, as_of)


def days_between(start: str | None, end: str | None) -> int | None:
    """Days from one when to another; None unless both are known at least to the month.

    Within one month, or where only months are known, it never falls below 0.

    >>> days_between("2026-03-01", "2026-03-31"), days_between("2026-03", "2026-05")
    (30, 61)
    >>> days_between("2026", "2026-05-01") is None, days_between("2026-05", "2026-05-02")
    (True, 0)
    """
    if start is None or end is None or min(len(start), len(end)) < 7 or out_of_order(start, end):
        return None
    return max(0, (last_day(end) - last_day(start)).days)


def out_of_order(start: str | None, end: str | None) -> bool:
    """Whether `end` lies before `start` however either is read."""
    return start is not None and end is not None and last_day(end) < first_day(start)


def rows(items: Sequence[Item], as_of: date) -> tuple[HeardRow, ...]:
    """One row for each thing heard."""
    return tuple(_row(head, h, as_of) for head, h in items)


def _row(head: Head, h: Heard, as_of: date) -> HeardRow:
    told = is_told(h, as_of)
    return {
        "record": head.record,
        "what": h.what,
        "activity": h.activity,
        "heard_on": h.heard_on,
        "outcome": h.outcome,
        "outcome_words": OUTCOMES[h.outcome or "open"].split(":")[0].split(",")[0],
        "decided_on": h.decided_on,
        "done_on": h.done_on,
        "told_on": h.told_on if told else None,
        "days_to_answer": days_between(h.heard_on, h.told_on) if told else None,
        "days_open": _open_days(h, as_of) if not told else None,
        "owner": h.owner,
    }


def _open_days(h: Heard, as_of: date) -> int | None:
    return max(0, (as_of - last_day(h.heard_on)).days) if h.heard_on else None


def loop(items: Sequence[Item], as_of: date) -> tuple[LoopRow, ...]:
    """How many things got how far. `of` is how many could have: only what is taken up is done."""
    records = [h for _, h in items]
    decided = [h for h in records if is_decided(h, as_of)]
    to_do = [h for h in decided if h.outcome in ("taken_up", "partly")]
    return (
        {"step": "Heard", "count": len(records), "of": len(records)},
        {"step": "Decided", "count": len(decided), "of": len(records)},
        {"step": "Done", "count": sum(is_done(h, as_of) for h in to_do), "of": len(to_do)},
        {"step": "Told back", "count": sum(is_told(h, as_of) for h in records), "of": len(records)},
    )


def measures(items: Sequence[Item], as_of: date) -> Iterable[Measure]:
    """The share of things that people were told about, and the days until they were."""
    records = [h for _, h in items]
    told = [h for h in records if is_told(h, as_of)]
    yield Measure(
        "told_back",
        "Things heard that people were told about",
        100 * len(told) / len(records) if records else None,
        "%",
        len(records),
        note="" if records else "nothing written down yet",
    )
    days = [d for h in told if (d := days_between(h.heard_on, h.told_on)) is not None]
    yield Measure(
        "days_to_answer",
        "Days until people were told (median)",
        float(median(days)) if days else None,
        "days",
        len(days),
        len(told) - len(days),
        low=float(min(days)) if days else None,
        high=float(max(days)) if days else None,
        interval="shortest and longest" if days else "",
        note="" if days else "not known yet",
    )


def findings(items: Sequence[Item], as_of: date) -> Iterable[Finding]:
    """Open loops, the oldest first; promises not kept yet; dates that cannot be; closed loops."""
    still = [(head, h) for head, h in items if not is_told(h, as_of)]
    for head, h in still[:MOST_LISTED]:
        yield _open(head, h, as_of)
    if len(still) > MOST_LISTED:
        yield Finding(
            "more_open",
            f"{len(still) - MOST_LISTED} more things were heard, and people have not been told.",
            "act",
            "Answer several at once: one page, one column for what was said, one for what came.",
            "Who has waited longest, and what do they think by now?",
            records=tuple(head.record for head, _ in still[MOST_LISTED:]),
        )
    yield from _late_deeds(items, as_of)
    yield from _slow(items, as_of)
    for head, h in items:
        pairs = ((h.heard_on, h.decided_on), (h.heard_on, h.done_on), (h.heard_on, h.told_on))
        if any(out_of_order(start, end) for start, end in pairs):
            yield Finding(
                "dates_turned",
                f"“{h.what}” was answered before it was heard, by the dates given.",
                "look",
                "Put the dates right. Until then it does not count for the days to an answer.",
                effort="minutes",
                records=(head.record,),
            )
    closed = [head.record for head, h in items if is_told(h, as_of) and is_decided(h, as_of)]
    if closed:
        yield Finding(
            "told_back",
            f"For {len(closed)} of {len(items)} things heard, people know what came of it.",
            "good",
            records=tuple(closed),
        )


def _open(head: Head, h: Heard, as_of: date) -> Finding:
    since = f", heard {spoken(h.heard_on)}" if h.heard_on else ""
    if is_decided(h, as_of):
        return Finding(
            "not_told",
            f"“{h.what}”{since}: decided, but people have not been told.",
            "act",
            "Tell them the way you heard it, the reason with it.",
            "What would they say has come of it?",
            effort="minutes",
            records=(head.record,),
        )
    days = _open_days(h, as_of)
    return Finding(
        "unanswered",
        f"“{h.what}”{since}: no decision yet, and nobody has been told anything.",
        "act" if days is None or days > STALE_DAYS else "note",
        "Decide, or say when you will. Either is an answer.",
        "What keeps us from answering?",
        effort="minutes",
        records=(head.record,),
    )


def _slow(items: Sequence[Item], as_of: date) -> Iterable[Finding]:
    """Answers that came, and took long."""
    told = [(head, h) for head, h in items if is_told(h, as_of)]
    days = [d for _, h in told if (d := days_between(h.heard_on, h.told_on)) is not None]
    if days and median(days) > STALE_DAYS:
        yield Finding(
            "slow_answers",
            f"Half of the answers took {median(days):,.0f} days or more to reach people "
            f"({len(days)} looked at).",
            "look",
            "Tell people within a week that you heard it, and when they will hear more.",
            "What takes the time: finding out, deciding, or telling?",
            records=tuple(head.record for head, _ in told),
        )


def _late_deeds(items: Sequence[Item], as_of: date) -> Iterable[Finding]:
    """Told that it will be done, and after the reading aid's days not done."""
    late = [
        (head, h)
        for head, h in items
        if h.outcome in ("taken_up", "partly")
        and is_told(h, as_of)
        and not is_done(h, as_of)
        and (as_of - last_day(h.told_on or "9999")).days > STALE_DAYS
    ]
    for head, h in late[:MOST_LISTED]:
        owner = f" {h.owner} sees to it." if h.owner else " Nobody is named who sees to it."
        yield Finding(
            "not_done",
            f"“{h.what}”: people were told {spoken(h.told_on or '')} that it is taken up. "
            f"It is not marked as done.{owner}",
            "look",
            "Do the first step, or say plainly what holds it up.",
            "What has got in the way, and do they know?",
            records=(head.record,),
        )
    if len(late) > MOST_LISTED:
        yield Finding(
            "more_not_done",
            f"{len(late) - MOST_LISTED} more things that were taken up are not marked as done.",
            "look",
            "Pick the three that people ask about most.",
            "Which of them should we say plainly that we cannot do?",
            records=tuple(head.record for head, _ in late[MOST_LISTED:]),
        )
