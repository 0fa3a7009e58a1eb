"""What the community worksheet works out: who is missing, how much say, which loops are open."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from playbook_helpers.core.assessment import (
    Assessment,
    Context,
    Finding,
    Head,
    Measure,
    current,
    of_type,
    sorted_findings,
)
from playbook_helpers.core.partial_dates import first_day, last_day
from playbook_helpers.core.text import folded, listed
from playbook_helpers.practices.community import feedback, make_up
from playbook_helpers.practices.community.records import KINDS, LEVELS, Activity, GroupCount
from playbook_helpers.practices.community.rows import ActivityRow, Rows
from playbook_helpers.practices.community.surveys import SAMPLING, margin_of_error

FEW_ANSWERED = 50.0
"""Percent of those drawn below which who did not answer matters more than chance: our reading."""
Held = tuple[Head, Activity]


def assess(heads: Iterable[Head], context: Context) -> Assessment:
    """The assessment of one partnership's community engagement as of `context.as_of`."""
    now = current(heads)
    counts = Counter(head.kind for head in now if head.practice == "community")
    activities = sorted(
        (
            (head, a)
            for head, a in of_type(now, Activity)
            if a.date is None or first_day(a.date) <= context.as_of
        ),
        key=lambda held: last_day(held[1].date or "0001"),
    )
    heard = feedback.heard_by(now, context.as_of)
    compared = make_up.compare(now, activities)
    rows: Rows = {
        "activities": tuple(_activity_row(head, a) for head, a in activities),
        "groups": make_up.rows(compared),
        "heard": feedback.rows(heard, context.as_of),
        "loop": feedback.loop(heard, context.as_of),
    }
    findings = [
        *_start_findings(counts),
        *(f for head, a in activities for f in _activity_findings(head, a)),
        *make_up.findings(compared),
        *make_up.too_many(now, activities),
        *feedback.findings(heard, context.as_of),
        *_say_findings(activities),
        *_for_some(now, activities),
    ]
    return Assessment(
        practice="community",
        partnership=context.slug,
        as_of=context.as_of,
        measures=(
            *_measures(activities),
            *make_up.measures(compared),
            *feedback.measures(heard, context.as_of),
        ),
        findings=sorted_findings(findings),
        rows=rows,
        counts=dict(counts),
    )


def _people(a: Activity) -> int | None:
    """How many people took part: those who finished, else those who came."""
    return a.completed if a.completed is not None else a.attended


def _margin(a: Activity) -> float | None:
    """The margin of a random sample's shares at worst, in percentage points."""
    if a.sampling != "random" or not a.completed:
        return None
    known = a.population is not None and a.population >= a.completed
    return 100 * margin_of_error(a.completed, a.population if known else None)


def _response(a: Activity) -> float | None:
    """Percent of those invited who finished; None where it is not known or cannot be."""
    if a.completed is None or not a.invited or a.completed > a.invited:
        return None
    return 100 * a.completed / a.invited


def _activity_row(head: Head, a: Activity) -> ActivityRow:
    people = _people(a)
    return {
        "record": head.record,
        "name": a.name,
        "type": KINDS[a.type],
        "date": a.date,
        "decision": a.decision,
        "level": a.level,
        "level_words": LEVELS[a.level].split(":")[0] if a.level else None,
        "promise": a.promise,
        "invited": a.invited,
        "attended": a.attended,
        "completed": a.completed,
        "response": _response(a),
        "margin": _margin(a),
        "sampling_words": SAMPLING[a.sampling].split(":")[0] if a.sampling else None,
        "paid": a.paid,
        "cost_each": a.cost / people if a.cost is not None and people else None,
        "source": a.source,
    }


# Measures ------------------------------------------------------------------------------------


def _measures(activities: Sequence[Held]) -> Iterable[Measure]:
    people = [n for _, a in activities if (n := _people(a)) is not None]
    yield Measure(
        "people",
        "People who took part, counted at each activity",
        float(sum(people)) if people else None,
        "",
        len(people),
        len(activities) - len(people),
        note="one person at two activities counts twice" if people else "not counted yet",
    )
    levels = [a.level for _, a in activities if a.level]
    shared = sum(level in ("decide_together", "community_decides") for level in levels)
    yield Measure(
        "shared_say",
        "Activities in which the community had a hand on the decision",
        100 * shared / len(levels) if levels else None,
        "%",
        len(levels),
        len(activities) - len(levels),
        note="" if levels else "the level of say is not written down yet",
    )
    paid = [a.paid for _, a in activities if a.paid is not None]
    yield Measure(
        "paid",
        "Activities in which people were paid for their time",
        100 * sum(paid) / len(paid) if paid else None,
        "%",
        len(paid),
        len(activities) - len(paid),
        note="" if paid else "not written down yet",
    )


# Findings ------------------------------------------------------------------------------------


def _start_findings(counts: Counter[str]) -> Iterable[Finding]:
    if not counts["activity"]:
        yield Finding(
            "no_activities",
            "No activity is written down yet.",
            "note",
            "Begin with the last time you asked people something, however small.",
            "Who in the community already comes to us, and who never does?",
            effort="minutes",
        )
        return
    if not counts["community_group"]:
        yield Finding(
            "no_make_up",
            "The make-up of the community is not written down, so nobody can tell who is missing.",
            "look",
            "Take three or four groups that matter here from a census, with the source.",
            effort="minutes",
        )
    elif not counts["group_count"]:
        yield Finding(
            "no_counts",
            "Who took part is not counted by group yet.",
            "look",
            "Ask for it on the sign-in sheet, say why, and leave 'rather not say' open.",
            "Whom do we see each time, and whom never?",
        )
    if not counts["heard"]:
        yield Finding(
            "nothing_heard",
            "Nothing that people said is written down yet.",
            "look",
            "Write down three things you heard, in their words, and what became of each.",
            "What did we hear that we would rather not have heard?",
            effort="minutes",
        )


def _activity_findings(head: Head, a: Activity) -> Iterable[Finding]:
    where = f"“{a.name}”"
    records = (head.record,)
    if a.level is None:
        yield Finding(
            "no_level",
            f"{where}: it is not written down how much say people had.",
            "look",
            "Ask two people who came. Their answer counts, not what was meant.",
            "Who decided in the end, and who was only asked?",
            effort="minutes",
            records=records,
        )
    elif a.level != "tell" and not a.promise:
        yield Finding(
            "no_promise",
            f"{where} asked people for something, and what they were promised is not written down.",
            "look",
            "Write the promise as one sentence that was, or could be, said to them.",
            "What could people rightly expect to come of it?",
            effort="minutes",
            records=records,
        )
    yield from _survey_findings(head, a)
    if a.paid is False and a.type in ("advisory_board", "co_design", "focus_group"):
        yield Finding(
            "unpaid",
            f"People gave their time to {where} unpaid.",
            "look",
            "Put pay, travel and child care into the next budget, before the date is set.",
            "Who could not afford to come?",
            records=records,
        )
    misfit = _misfit(a)
    if misfit:
        yield Finding(
            "numbers_misfit",
            f"{where}: {misfit}.",
            "look",
            "Check both numbers. If both are right, say in the note how that came about.",
            effort="minutes",
            records=records,
        )


def _survey_findings(head: Head, a: Activity) -> Iterable[Finding]:
    if a.type != "survey" or not a.completed:
        return
    where, records = f"“{a.name}”", (head.record,)
    if a.sampling == "random":
        margin, response = _margin(a), _response(a)
        yield Finding(
            "margin",
            f"{where}: {a.completed:,} answers of a random sample. A share of all of them is sure "
            f"to about {margin:.1f} percentage points either way, at worst.",
            "note",
            "Say so beside each share. For a part of the people the margin is wider.",
            effort="minutes",
            records=records,
        )
        if response is not None and response < FEW_ANSWERED:
            yield Finding(
                "few_answered",
                f"{where}: {response:.0f} % of those drawn answered. The margin knows only "
                "chance, not the people who did not answer.",
                "look",
                "Knock on twenty doors of those who did not, and see whether they differ.",
                "Who would not answer a letter from us?",
                records=records,
            )
    elif a.sampling is not None:
        how = SAMPLING[a.sampling].split(":")[0].lower()
        yield Finding(
            "no_margin",
            f"{where} has {a.completed:,} answers by way of: {how}. No margin of error can be "
            "given.",
            "note",
            "Report how many answered and who they were, and say “of those who answered”.",
            effort="minutes",
            records=records,
        )
    else:
        yield Finding(
            "no_sampling",
            f"{where}: it is not written down how people were found.",
            "look",
            "Write it down. It decides what the answers can stand for.",
            effort="minutes",
            records=records,
        )


def _misfit(a: Activity) -> str:
    """What does not fit together in the counts of an activity; empty if all does."""
    if a.completed is not None and a.attended is not None and a.completed > a.attended:
        return f"{a.completed:,} stayed or finished, but only {a.attended:,} came or began"
    drawn = a.sampling in ("random", "everyone", "by_invitation")
    people = _people(a)
    if drawn and people is not None and a.invited is not None and people > a.invited:
        return f"{people:,} took part, but only {a.invited:,} were invited"
    if people is not None and a.population is not None and people > a.population:
        return f"{people:,} took part, but it is about {a.population:,} people in all"
    return ""


def _say_findings(activities: Sequence[Held]) -> Iterable[Finding]:
    levels = [a.level for _, a in activities if a.level]
    if len(levels) >= 3 and set(levels) <= {"tell", "ask"}:
        yield Finding(
            "only_asked",
            "In all activities so far, people were told or asked. In none did they decide.",
            "look",
            "Pick one decision that touches people's days and hand it over, with money to it.",
            "Which decision are we keeping only out of habit?",
        )


def _for_some(now: Sequence[Head], activities: Sequence[Held]) -> Iterable[Finding]:
    """Activities for some people, whose make-up says nothing about who is missing elsewhere."""
    counted = {folded(count.activity) for _, count in of_type(now, GroupCount)}
    some = [(head, a) for head, a in activities if a.meant_for and folded(a.name) in counted]
    if some:
        told = listed([f"“{a.name}” ({a.meant_for})" for _, a in some])
        yield Finding(
            "for_some",
            f"Not for everybody, and so not compared with the whole community: {told}.",
            "note",
            "Nothing to do. Look at who comes to what is for everybody.",
            effort="minutes",
            records=tuple(head.record for head, _ in some),
        )
