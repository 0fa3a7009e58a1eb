"""What the community worksheet works out: who is missing, how much say, which loops are open."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from statistics import median

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
from playbook_helpers.practices.community.records import (
    LEVELS,
    Activity,
    CommunityGroup,
    GroupCount,
    Heard,
)
from playbook_helpers.practices.community.surveys import (
    SAMPLING,
    Representation,
    margin_of_error,
    representation,
)
from playbook_helpers.whens import last_day, spoken

FAIR = (0.8, 1.25)
"""Ratios that count as about right: a reading aid in common use, not a norm."""
STALE_DAYS = 60
"""Days after which something heard and not answered is called overdue: a reading aid."""


def assess(heads: Iterable[Head], context: Context) -> Assessment:
    """The assessment of one partnership's community engagement as of `context.as_of`."""
    now = current(heads)
    counts = Counter(head.kind for head in now if head.practice == "community")
    activities = [
        (head, a)
        for head, a in of_type(now, Activity)
        if a.date is None or last_day(a.date) <= context.as_of or _same_period(a, context)
    ]
    heard = of_type(now, Heard)
    compared = _compared(now)
    rows: dict[str, tuple[Row, ...]] = {
        "activities": tuple(_activity_row(head, a) for head, a in activities),
        "groups": tuple(row for name, rep in compared for row in _group_rows(name, rep)),
        "heard": tuple(_heard_row(head, h, context.as_of) for head, h in heard),
        "loop": _loop(heard),
    }
    findings = [
        *_start_findings(counts),
        *(f for head, a in activities for f in _activity_findings(head, a)),
        *(f for name, rep in compared for f in _group_findings(name, rep)),
        *_heard_findings(heard, context.as_of),
        *_say_findings(activities),
    ]
    return Assessment(
        practice="community",
        partnership=context.slug,
        as_of=context.as_of,
        measures=tuple(_measures(activities, compared, heard)),
        findings=sorted_findings(findings),
        rows=rows,
        counts=dict(counts),
    )


def _same_period(activity: Activity, context: Context) -> bool:
    """An activity dated only by the year that `as_of` lies in has begun, for all we know."""
    when = activity.date
    return when is not None and context.as_of.isoformat().startswith(when)


def _compared(now: Sequence[Head]) -> list[tuple[str, Representation]]:
    """Each trait with all activities' people of it against the community's make-up."""
    community: dict[str, dict[str, float]] = defaultdict(dict)
    for _, group in of_type(now, CommunityGroup):
        community[group.trait][group.group] = group.people
    folded = {trait.casefold(): trait for trait in community}
    sample: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    for _, count in of_type(now, GroupCount):
        trait = folded.get(count.trait.casefold())
        if trait is None:
            continue
        names = {group.casefold(): group for group in community[trait]}
        name = names.get(count.group.casefold())
        if name is not None:
            sample[trait][name] += count.people
    return [
        (trait, representation(dict(sample[trait]), groups))
        for trait, groups in community.items()
        if trait in sample and sum(groups.values()) > 0
    ]


# Rows ----------------------------------------------------------------------------------------


def _activity_row(head: Head, a: Activity) -> Row:
    margin = None
    if a.sampling == "random" and a.completed:
        population = a.population if a.population and a.population >= a.completed else None
        margin = 100 * margin_of_error(a.completed, population)
    return {
        "record": head.record,
        "name": a.name,
        "type": a.type,
        "date": a.date,
        "level": a.level,
        "level_words": LEVELS[a.level].split(":")[0] if a.level else None,
        "promise": a.promise,
        "invited": a.invited,
        "attended": a.attended,
        "completed": a.completed,
        "response": 100 * a.completed / a.invited
        if a.completed is not None and a.invited
        else None,
        "margin": margin,
        "paid": a.paid,
        "cost_each": a.cost / a.completed if a.cost is not None and a.completed else None,
    }


def _group_rows(trait: str, rep: Representation) -> list[Row]:
    return [
        {
            "trait": trait,
            "group": g.group,
            "n": g.n,
            "sample_share": None if g.sample_share is None else 100 * g.sample_share,
            "community_share": 100 * g.community_share,
            "ratio": g.ratio,
            "weight": g.weight,
            "capped": g.capped,
            "hidden": "fewer than 5 people, or next to such a group" if g.hidden else "",
        }
        for g in rep.groups
    ]


def _heard_row(head: Head, h: Heard, as_of: date) -> Row:
    started = last_day(h.heard_on) if h.heard_on else None
    told = last_day(h.told_on) if h.told_on else None
    return {
        "record": head.record,
        "what": h.what,
        "activity": h.activity,
        "heard_on": h.heard_on,
        "outcome": h.outcome,
        "decided_on": h.decided_on,
        "done_on": h.done_on,
        "told_on": h.told_on,
        "days_to_answer": (told - started).days if told and started else None,
        "days_open": max(0, (as_of - started).days) if started and not told else None,
    }


def _loop(heard: Sequence[tuple[Head, Heard]]) -> tuple[Row, ...]:
    """How many things got how far: heard, decided, done, told back."""
    records = [h for _, h in heard]
    return (
        {"step": "Heard", "count": len(records)},
        {"step": "Decided", "count": sum(h.outcome not in (None, "open") for h in records)},
        {"step": "Done", "count": sum(h.done_on is not None for h in records)},
        {"step": "Told back", "count": sum(h.told_on is not None for h in records)},
    )


# Measures ------------------------------------------------------------------------------------


def _measures(
    activities: Sequence[tuple[Head, Activity]],
    compared: Sequence[tuple[str, Representation]],
    heard: Sequence[tuple[Head, Heard]],
) -> Iterable[Measure]:
    people = [a.completed for _, a in activities if a.completed is not None]
    yield Measure(
        "people",
        "People who took part, counted at each activity",
        float(sum(people)) if people else None,
        "",
        len(people),
        len(activities) - len(people),
        note="one person at two activities counts twice" if people else "not counted yet",
    )
    for trait, rep in compared:
        yield Measure(
            f"likeness_{trait}",
            f"Likeness to the community by {trait.lower()} (1 is alike)",
            rep.index,
            "",
            rep.n,
            note=f"after weighting, worth {rep.effective_n:.0f} answers" if rep.effective_n else "",
        )
    told = [h for _, h in heard if h.told_on is not None]
    yield Measure(
        "told_back",
        "Things heard that people were told about",
        100 * len(told) / len(heard) if heard else None,
        "%",
        len(heard),
        note="" if heard else "nothing written down yet",
    )
    days = [
        (last_day(h.told_on) - last_day(h.heard_on)).days for h in told if h.told_on and h.heard_on
    ]
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
    elif not counts["community_group"]:
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
        )


def _activity_findings(head: Head, a: Activity) -> Iterable[Finding]:
    where = f"“{a.name}”"
    if a.level and a.level != "tell" and not a.promise:
        yield Finding(
            "no_promise",
            f"{where} asked people for something, and what they were promised is not written down.",
            "look",
            "Write the promise as one sentence that was, or could be, said to them.",
            "What could people rightly expect to come of it?",
            effort="minutes",
            records=(head.record,),
        )
    if a.sampling and a.sampling not in ("random", "everyone") and a.completed:
        how = SAMPLING[a.sampling].split(":")[0].lower()
        yield Finding(
            "no_margin",
            f"{where} has {a.completed} answers by way of: {how}. No margin of error can be given.",
            "note",
            "Report how many answered and who they were, and say “of those who answered”.",
            effort="minutes",
            records=(head.record,),
        )
    if a.paid is False and a.type in ("advisory_board", "co_design", "focus_group"):
        yield Finding(
            "unpaid",
            f"People gave their time to {where} unpaid.",
            "look",
            "Put pay, travel and child care into the next budget, before the date is set.",
            "Who could not afford to come?",
            records=(head.record,),
        )


def _group_findings(trait: str, rep: Representation) -> Iterable[Finding]:
    for group in rep.missing:
        yield Finding(
            "group_missing",
            f"Nobody from the group “{group}” ({trait.lower()}) has taken part so far.",
            "act",
            f"Ask someone the group trusts where and how “{group}” would like to be asked.",
            "What do we do now that keeps them away?",
        )
    for g in rep.groups:
        if g.ratio is not None and 0 < g.ratio < FAIR[0]:
            yield Finding(
                "group_few",
                f"“{g.group}” ({trait.lower()}) is {100 * (g.sample_share or 0):.0f} % of those who "
                f"took part and {100 * g.community_share:.0f} % of the community.",
                "look",
                "Go where they are next time, rather than asking them to come.",
                "What would make it worth their while?",
            )


def _heard_findings(heard: Sequence[tuple[Head, Heard]], as_of: date) -> Iterable[Finding]:
    for head, h in heard:
        if h.told_on is not None:
            continue
        days = (as_of - last_day(h.heard_on)).days if h.heard_on else None
        since = f", heard {spoken(h.heard_on)}" if h.heard_on else ""
        if h.outcome in (None, "open"):
            late = days is None or days > STALE_DAYS
            yield Finding(
                "unanswered",
                f"“{h.what}”{since}: no decision yet, and nobody has been told anything.",
                "act" if late else "note",
                "Decide, or say when you will. Either is an answer.",
                effort="minutes",
                records=(head.record,),
            )
        else:
            yield Finding(
                "not_told",
                f"“{h.what}”{since}: decided, but people have not been told.",
                "act",
                "Tell them the way you heard it, the reason with it.",
                effort="minutes",
                records=(head.record,),
            )
    closed = [head.record for head, h in heard if h.told_on is not None]
    if closed:
        yield Finding(
            "told_back",
            f"For {len(closed)} of {len(heard)} things heard, people know what came of it.",
            "good",
            records=tuple(closed),
        )


def _say_findings(activities: Sequence[tuple[Head, Activity]]) -> Iterable[Finding]:
    levels = [a.level for _, a in activities if a.level]
    if len(levels) >= 3 and set(levels) <= {"tell", "ask"}:
        yield Finding(
            "only_asked",
            "In all activities so far, people were told or asked. In none did they decide.",
            "look",
            "Pick one decision that touches people's days and hand it over, with money to it.",
            "Which decision are we keeping only out of habit?",
        )
