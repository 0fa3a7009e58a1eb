"""What the learning worksheet works out: slip, lessons nobody owns, and the balance of both."""

from __future__ import annotations

import re
from collections import Counter
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
from playbook_helpers.practices.learning.records import Milestone, Review
from playbook_helpers.whens import last_day, spoken

_TITLED = re.compile(
    r"\b(?:Mr|Mrs|Ms|Miss|Mx|Dr|Prof|Sir|Dame)\.?\s+[A-Z][\w'’-]+|"
    # Two capitalised words that are the subject of something done: "Jane Miller forgot".
    r"(?<![.!?]\s)(?<!^)\b[A-Z][a-z'’-]+\s[A-Z][a-z'’-]+(?=\s(?:who|was|did|had|has|forgot|failed|"
    r"refused|said|never|left|missed|told|made|is)\b)",
    re.MULTILINE,
)


def assess(heads: Iterable[Head], context: Context) -> Assessment:
    """The assessment of one partnership's celebrating and learning as of `context.as_of`."""
    now = current(heads)
    counts = Counter(head.kind for head in now if head.practice == "learning")
    milestones = of_type(now, Milestone)
    reviews = of_type(now, Review)
    rows: dict[str, tuple[Row, ...]] = {
        "milestones": tuple(_milestone_row(h, m, context.as_of) for h, m in milestones),
        "reviews": tuple(_review_row(h, r, context.as_of) for h, r in reviews),
    }
    organisations = {partner.name for partner in context.partners}
    findings = [
        *_start_findings(milestones, reviews),
        *(f for h, m in milestones for f in _milestone_findings(h, m, context.as_of)),
        *(f for h, r in reviews for f in _review_findings(h, r, context.as_of, organisations)),
        *_balance_findings(reviews),
    ]
    return Assessment(
        practice="learning",
        partnership=context.slug,
        as_of=context.as_of,
        measures=tuple(_measures(milestones, reviews)),
        findings=sorted_findings(findings),
        rows=rows,
        counts=dict(counts),
    )


def slip_days(milestone: Milestone) -> int | None:
    """Days from the planned to the actual date; below zero if early; None if either is missing.

    A date known to the year or month counts as its last day on both sides.

    >>> slip_days(Milestone(name="Opening", planned="2026-03-01", actual="2026-03-15"))
    14
    """
    if milestone.planned is None or milestone.actual is None:
        return None
    return (last_day(milestone.actual) - last_day(milestone.planned)).days


def names_in(text: str, organisations: Iterable[str] = ()) -> list[str]:
    """What looks like a person's name in a text; the names of organisations do not count.

    It finds titles with a name, and two capitalised words that did something. It misses many and
    is only a nudge to read again.

    >>> names_in("The van broke down because Dr. Patel and then Jane Miller forgot the service.")
    ['Dr. Patel', 'Jane Miller']
    """
    known = {name.casefold() for name in organisations}
    return [m.group() for m in _TITLED.finditer(text) if m.group().casefold() not in known]


def _milestone_row(head: Head, m: Milestone, as_of: date) -> Row:
    late = m.actual is None and m.planned is not None and last_day(m.planned) < as_of
    return {
        "record": head.record,
        "name": m.name,
        "goal": m.goal,
        "planned": m.planned,
        "actual": m.actual,
        "slip": slip_days(m),
        "late": late,
        "days_late": (as_of - last_day(m.planned)).days if late and m.planned else None,
        "thanks": m.thanks,
        "marked": m.marked,
        "evidence": m.evidence,
    }


def _review_row(head: Head, r: Review, as_of: date) -> Row:
    late = r.done is None and r.due is not None and last_day(r.due) < as_of
    state = "done" if r.done else "late" if late else "open" if r.owner else "no owner"
    return {
        "record": head.record,
        "name": r.name,
        "date": r.date,
        "side": r.side,
        "change": r.change,
        "owner": r.owner,
        "due": r.due,
        "done": r.done,
        "state": state if r.change else "no change named",
        "sharing": r.sharing,
    }


def _measures(
    milestones: Sequence[tuple[Head, Milestone]], reviews: Sequence[tuple[Head, Review]]
) -> Iterable[Measure]:
    slips = [s for _, m in milestones if (s := slip_days(m)) is not None]
    yield Measure(
        "slip",
        "Days from planned to reached (median)",
        float(median(slips)) if slips else None,
        "days",
        len(slips),
        len(milestones) - len(slips),
        low=float(min(slips)) if slips else None,
        high=float(max(slips)) if slips else None,
        interval="earliest and latest" if slips else "",
        note="" if slips else "no milestone has both dates yet",
    )
    lessons = [r for _, r in reviews if r.change]
    yield Measure(
        "closed",
        "Lessons that led to a change that is done",
        100 * sum(r.done is not None for r in lessons) / len(lessons) if lessons else None,
        "%",
        len(lessons),
        len(reviews) - len(lessons),
        note="" if lessons else "no review names a change yet",
    )
    sides = Counter(r.side for _, r in reviews)
    told = sides["success"] + sides["challenge"] + sides["both"]
    yield Measure(
        "challenges",
        "Reviews that look at a challenge, alone or with a success",
        100 * (sides["challenge"] + sides["both"]) / told if told else None,
        "%",
        told,
        len(reviews) - told,
        note="" if told else "no review says which yet",
    )


def _start_findings(
    milestones: Sequence[tuple[Head, Milestone]], reviews: Sequence[tuple[Head, Review]]
) -> Iterable[Finding]:
    if not milestones:
        yield Finding(
            "no_milestones",
            "No milestone is written down yet.",
            "note",
            "Name one that you have already reached, and say who made it happen.",
            "What did we do this year that we never stopped to notice?",
            effort="minutes",
        )
    if not reviews:
        yield Finding(
            "no_reviews",
            "No review is written down yet.",
            "note",
            "Take the last thing you finished, and give it four questions and forty minutes.",
        )


def _milestone_findings(head: Head, m: Milestone, as_of: date) -> Iterable[Finding]:
    if m.actual is None and m.planned is not None and last_day(m.planned) < as_of:
        yield Finding(
            "milestone_late",
            f"“{m.name}” was planned for {spoken(m.planned)} and has not been reached.",
            "look",
            "Set a new date aloud, or drop it and say why.",
            "What did we not know when we set the date?",
            records=(head.record,),
        )
    if m.actual is not None and not m.marked:
        yield Finding(
            "not_marked",
            f"“{m.name}” was reached in {spoken(m.actual)}, and nothing says how it was marked.",
            "look",
            "Thank the people who did it, where others can hear it.",
            effort="minutes",
            records=(head.record,),
        )
    if m.actual is not None and not m.evidence:
        yield Finding(
            "no_evidence",
            f"“{m.name}” counts as reached. Nothing says how we know.",
            "note",
            "Add a number, a document or a photograph people agreed to.",
            effort="minutes",
            records=(head.record,),
        )
    if m.actual is not None and m.marked:
        yield Finding("marked", f"“{m.name}”: reached, and marked.", "good", records=(head.record,))


def _review_findings(
    head: Head, r: Review, as_of: date, organisations: set[str]
) -> Iterable[Finding]:
    if r.change and not r.owner:
        yield Finding(
            "no_owner",
            f"The lesson from “{r.name}” has no owner: {r.change}",
            "act",
            "Ask who wants to see it through, and by when.",
            effort="minutes",
            records=(head.record,),
        )
    elif r.done is None and r.due is not None and last_day(r.due) < as_of:
        yield Finding(
            "lesson_late",
            f"The change from “{r.name}” was due {spoken(r.due)}.",
            "look",
            "Do it, make it smaller, or say openly that it will not happen.",
            records=(head.record,),
        )
    if not r.change:
        yield Finding(
            "no_change",
            f"“{r.name}” was looked back on, and nothing says what changes.",
            "look",
            "End with one thing to do differently, or to keep on purpose.",
            effort="minutes",
            records=(head.record,),
        )
    if r.side in ("challenge", "both"):
        text = "\n".join(t for t in (r.expected, r.happened, r.why, r.change) if t)
        found = names_in(text, organisations)
        if found:
            yield Finding(
                "names_person",
                f"“{r.name}” looks at something that went wrong, and seems to name a person.",
                "act",
                "Write what was done and how it was set up, not who did it.",
                "Would that person agree to how this is written?",
                effort="minutes",
                records=(head.record,),
            )


def _balance_findings(reviews: Sequence[tuple[Head, Review]]) -> Iterable[Finding]:
    sides = Counter(r.side for _, r in reviews)
    if len(reviews) >= 3 and not sides["challenge"] + sides["both"] and sides["success"]:
        yield Finding(
            "only_successes",
            f"All {sides['success']} reviews tell of successes.",
            "look",
            "Look back on one thing that did not work, with someone from outside asking.",
            "What do we not say to each other yet?",
        )
    if len(reviews) >= 3 and not sides["success"] + sides["both"] and sides["challenge"]:
        yield Finding(
            "only_challenges",
            f"All {sides['challenge']} reviews tell of challenges.",
            "look",
            "Look back on something that went well, with the same care.",
            "What do we do well without knowing why?",
        )
